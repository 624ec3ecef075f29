//! What agencies take: of the order as it stands after an event, less what they took of it as it stood before.

use chrono::NaiveDate;
use num_traits::Zero;

use super::book::in_force;
use super::code::Code;
use super::dates::settlement_date;
use super::fee::bounded;
use super::figures::{Amounts, Field, Figures};
use super::number::{Exact, Whole};
use super::terms::Terms;

/// Who gets how much on which day: for each agency its own row, and the partner's where the partner pays.
pub(super) type Moved = Vec<(String, Whole, NaiveDate)>;

/// What an event moves between the parties, from what its order stood at before to what it stands at with it.
pub(super) fn moved(
    terms: &Terms,
    (before, after): (&Amounts, &Amounts),
    (start, due): (NaiveDate, NaiveDate),
    is_business_day: &dyn Fn(NaiveDate) -> bool,
) -> Result<Moved, Code> {
    let agencies = &terms.contract.agencies;
    if agencies.iter().any(|agency| agency.partner == terms.partner_id) {
        return Err(Code::AgencyIsSeller);
    }
    let mut moved = Vec::new();
    for (number, agency) in agencies.iter().enumerate() {
        let share = taken(terms, number, after) - taken(terms, number, before);
        if share.is_zero() {
            continue;
        }
        let partner = terms.book.partners.get(&agency.partner).ok_or(Code::UnknownPartner)?;
        let own = match &partner.default_contract {
            None => due,
            Some(contract) => {
                let versions = terms.book.contracts.get(contract).ok_or(Code::UnknownContract)?;
                let (_, contract) = in_force(versions, start).ok_or(Code::UnknownContract)?;
                settlement_date(start, &contract.cycle, terms.book.adjusts_if_earlier, is_business_day)?
            }
        };
        moved.push((agency.partner.clone(), share.clone(), own));
        if !agency.is_of_fee {
            moved.push((terms.partner_id.clone(), -share, due));
        }
    }
    Ok(moved)
}

/// What an agency takes of figures: no more than those before it on the same base leave.
fn taken(terms: &Terms, number: usize, figures: &Amounts) -> Whole {
    let agency = &terms.contract.agencies[number];
    let (field, rounding) = if agency.is_of_fee {
        (Field::PlatformFee, terms.book.rounding.platform_fee)
    } else {
        (Field::Settlement, terms.book.rounding.settlement)
    };
    let base = figures.get(field).max(Whole::zero());
    let exact = Exact::from(base.clone()) * &agency.rate + Exact::from(agency.fixed.clone());
    let wanted = bounded(rounding.round(&exact), agency.bounds.min.as_ref(), agency.bounds.max.as_ref());
    let earlier =
        (0..number).filter(|earlier| terms.contract.agencies[*earlier].is_of_fee == agency.is_of_fee);
    let gone: Whole = earlier.map(|earlier| taken(terms, earlier, figures)).sum();
    wanted.min(base - gone)
}

/// The figures of a row that moves one amount.
pub(super) fn row(amount: Whole) -> Figures {
    let mut figures = Figures::default();
    figures.total.set(Field::Settlement, amount);
    figures
}
