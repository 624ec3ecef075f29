//! A day is closed: what is due and can be paid becomes payables, the rest is carried.

use alloc::format;
use alloc::vec::Vec;

use chrono::{Days, NaiveDate};

use crate::due::{Opening, PayableNumber, RowKind, RowNumber, RowState};
use crate::figures::Figures;
use crate::funding::FunderParts;
use crate::id::PartnerId;
use crate::journal::{Account, Entry};
use crate::money::{Amount, Currency, Money, Rounding};
use crate::partner::{Bearer, PayableTerms, PayoutFee};
use crate::payable::{Payable, PayableError, PayableState, Waiting, carry, choose};
use crate::rate::Ratio;
use crate::tax::{PayoutTax, PayoutTerms, VatTerms};

use super::holding::place_text;
use super::recording::Intake;
use super::{Ledger, PositionPlace, Standing};

/// What the closing of a day came to, partners by id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Closing {
    /// The day.
    pub date: NaiveDate,
    /// The rows that fell due since the closing before, by partner and day.
    pub fell_due: Vec<RowNumber>,
    /// The payables that were made.
    pub payables: Vec<PayableNumber>,
    /// What became of each partner that has anything open, or was paid.
    pub outcomes: Vec<Outcome>,
    /// What was posted.
    pub entries: Vec<Entry>,
}

/// What became of a partner at a closing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// The partner.
    pub partner: PartnerId,
    /// The currency of every amount.
    pub currency: Currency,
    /// What was due and not held, in minor units.
    pub due: i128,
    /// The payable, or why there is none.
    pub payable: Result<PayableNumber, Waiting>,
    /// Where what isn't payable is.
    pub standing: Standing,
}

/// What a payable takes of its rows, what it keeps of that, and what is left to be paid.
struct Plan {
    /// The rows, and how much of each is taken.
    takes: Vec<(RowNumber, Amount)>,
    settled: Amount,
    /// What is kept, with its tax-free part, until when.
    reserves: Vec<(NaiveDate, Amount, Amount)>,
    kept: (Amount, Amount),
    fee: Option<PayoutFee>,
    amount: Amount,
    tax_free: Amount,
    tax: Option<PayoutTax>,
}

impl Ledger {
    /// Closes a day. Per partner and currency the open rows that are due and not held are netted: above zero and not below the minimum
    /// they become a payable, up to the cap; otherwise they stay and are carried. A negative net is never paid and stops nobody else.
    ///
    /// # Errors
    /// A day before the one closed last. What stops one partner is told in its [`Outcome`].
    pub fn close(&mut self, date: NaiveDate) -> Result<Closing, PayableError> {
        let before = self.closed_on;
        if let Some(last) = before.filter(|&last| date < last) {
            return Err(PayableError::BeforeLastClosing { date, last });
        }
        self.closed_on = Some(date);
        self.see(date);
        self.bring_all_back(date);
        let mut closing = Closing {
            date,
            fell_due: Vec::new(),
            payables: Vec::new(),
            outcomes: Vec::new(),
            entries: Vec::new(),
        };
        for number in self.partners.by_id() {
            let count = self.partners.get(number).map_or(0, |entry| entry.1.len());
            for place in 0..count {
                self.fall_due((number, place), before, &mut closing);
                self.close_position((number, place), &mut closing);
            }
        }
        Ok(closing)
    }

    /// Tells the rows whose day came since the closing before.
    fn fall_due(&self, place: PositionPlace, before: Option<NaiveDate>, closing: &mut Closing) {
        let Some((_, position)) = self.position_at(place) else { return };
        let rows = position.open.iter().filter_map(|&number| self.rows.get(number));
        let is_new = |date: NaiveDate| date <= closing.date && before.is_none_or(|before| date > before);
        let mut rows: Vec<_> = rows.filter(|row| is_new(row.settlement_date)).collect();
        rows.sort_unstable_by_key(|row| (row.settlement_date, row.number));
        closing.fell_due.extend(rows.into_iter().map(|row| row.number));
    }

    fn close_position(&mut self, place: PositionPlace, closing: &mut Closing) {
        let date = closing.date;
        let Some((partner, position)) = self.position_at(place) else { return };
        let (partner, currency, is_idle) = (partner.clone(), position.currency, position.open.is_empty());
        if is_idle {
            return;
        }
        let rows = self.due_rows_of(place, date);
        let due = super::sum(rows.iter().map(|row| row.amount));
        let rows: Vec<_> = rows.iter().map(|row| (row.number, row.amount)).collect();
        let payable = self.target(&partner, currency, due, date).and_then(|target| {
            let plan = self.plan(&rows, target, (&partner, currency), date)?;
            self.make_payable(place, plan, date, closing).ok_or(Waiting::OutOfRange)
        });
        closing.payables.extend(payable);
        closing.entries.extend(self.repost(place, date, &cause_of(date)));
        let standing = self.standing_of(place, date);
        closing.outcomes.push(Outcome { partner, currency, due, payable, standing });
    }

    /// How much of what is due to a partner is taken.
    fn target(
        &self,
        partner: &PartnerId,
        currency: Currency,
        due: i128,
        date: NaiveDate,
    ) -> Result<Amount, Waiting> {
        let terms = self.terms(partner, currency);
        let minimum = terms.map_or(Amount::ZERO, |terms| terms.minimum);
        let limit = self.limit_on(partner, date);
        let left = due.saturating_sub(limit);
        let net = Amount::new(
            i64::try_from(if due > 0 { left.max(0) } else { due }).map_err(|_| Waiting::OutOfRange)?,
        );
        let paid = carry(Amount::ZERO, net, minimum).map_err(|_| Waiting::OutOfRange)?.paid;
        if paid.is_zero() {
            return Err(match due {
                0 => Waiting::NothingDue,
                due if due < 0 => Waiting::Negative { due },
                due if left <= 0 => Waiting::Limited { due, limit },
                _ => Waiting::BelowMinimum { due: left, minimum },
            });
        }
        self.check_account(partner, currency)?;
        Ok(terms.and_then(|terms| terms.cap).map_or(paid, |cap| paid.min(cap)))
    }

    fn check_account(&self, partner: &PartnerId, currency: Currency) -> Result<(), Waiting> {
        match self.accounts.get(partner) {
            Some(account) if account.currency != currency => {
                Err(Waiting::AccountCurrency { account: account.currency, currency })
            }
            Some(account) if account.verification.state().is_reason_to_hold() => {
                Err(Waiting::AccountMismatch)
            }
            _ => Ok(()),
        }
    }

    /// What a payable of rows comes to.
    fn plan(
        &self,
        rows: &[(RowNumber, Amount)],
        target: Amount,
        (partner, currency): (&PartnerId, Currency),
        date: NaiveDate,
    ) -> Result<Plan, Waiting> {
        let terms = self.terms(partner, currency);
        let amounts: Vec<_> = rows.iter().map(|&(_, amount)| amount).collect();
        let taken = choose(&amounts, target).ok_or(Waiting::OutOfRange)?;
        let takes = rows.iter().zip(taken).filter(|((_, whole), taken)| whole.is_zero() || !taken.is_zero());
        let takes: Vec<_> = takes.map(|(&(row, _), taken)| (row, taken)).collect();
        let reserves = match terms {
            Some(terms) if !terms.reserve.is_empty() => {
                self.reserves(&takes, target, terms, date).ok_or(Waiting::OutOfRange)?
            }
            _ => Vec::new(),
        };
        let total = |pick: fn(&(NaiveDate, Amount, Amount)) -> Amount| {
            i64::try_from(super::sum(reserves.iter().map(pick))).map(Amount::new)
        };
        let (Ok(kept), Ok(kept_tax_free)) = (total(|reserve| reserve.1), total(|reserve| reserve.2)) else {
            return Err(Waiting::OutOfRange);
        };
        let fee = terms.and_then(|terms| terms.fee).filter(|fee| !fee.amount.is_zero());
        let partners_fee =
            fee.filter(|fee| fee.borne_by == Bearer::Partner).map_or(Amount::ZERO, |fee| fee.amount);
        let amount = target.checked_sub(kept).and_then(|left| left.checked_sub(partners_fee));
        let amount = amount.filter(|&amount| amount > Amount::ZERO);
        let amount = amount.ok_or(Waiting::NothingLeft { due: target })?;
        let tax_free = self.tax_free_of(&takes).and_then(|taken| taken.checked_sub(kept_tax_free));
        let tax_free = tax_free.ok_or(Waiting::OutOfRange)?;
        let tax = self.tax(partner, Money::new(amount, currency), tax_free, date)?;
        let kept = (kept, kept_tax_free);
        Ok(Plan { takes, settled: target, reserves, kept, fee, amount, tax_free, tax })
    }

    /// The tax-free part of what is taken of rows.
    fn tax_free_of(&self, takes: &[(RowNumber, Amount)]) -> Option<Amount> {
        let mut sum = Amount::ZERO;
        for &(number, take) in takes {
            let row = self.rows.get(number)?;
            // As the row is cut: what is left over is rounded, what is taken has the rest.
            let rest = row.amount.checked_sub(take)?;
            let rest_tax_free =
                if rest.is_zero() { Amount::ZERO } else { tax_free_part(row.tax_free, row.amount, rest) };
            sum = sum.checked_add(row.tax_free.checked_sub(rest_tax_free)?)?;
        }
        Some(sum)
    }

    /// The taxes of what a partner is paid, by its terms and the law of the day.
    fn tax(
        &self,
        partner: &PartnerId,
        settled: Money,
        tax_free: Amount,
        date: NaiveDate,
    ) -> Result<Option<PayoutTax>, Waiting> {
        let Some(&kind) = self.kinds.get(partner) else { return Ok(None) };
        let mut terms = PayoutTerms { vat: self.vat.unwrap_or(VatTerms::KOREAN), ..PayoutTerms::new(kind) };
        if let Some(agreed) = self.terms(partner, settled.currency()) {
            terms.vat.basis = agreed.basis;
            (terms.income, terms.withholding) = (agreed.income, agreed.withholding);
        }
        Ok(Some(terms.tax(settled, tax_free, date)?))
    }

    /// The tranches that are kept of rows of which none was kept yet.
    fn reserves(
        &self,
        takes: &[(RowNumber, Amount)],
        target: Amount,
        terms: &PayableTerms,
        date: NaiveDate,
    ) -> Option<Vec<(NaiveDate, Amount, Amount)>> {
        let fresh = || {
            let rows = takes.iter().filter_map(|&(number, take)| Some((self.rows.get(number)?, take)));
            rows.filter(|(row, _)| !row.is_reserved)
        };
        let base = super::sum(fresh().map(|(_, take)| take)).clamp(0, i128::from(target.minor()));
        let tax_free = super::sum(fresh().map(|(row, take)| tax_free_part(row.tax_free, row.amount, take)));
        let base = Amount::new(i64::try_from(base).ok()?);
        let mut reserves = Vec::new();
        for tranche in &terms.reserve {
            let kept = Ratio::new(tranche.share.rate()).of(base, Rounding::Down)?;
            let free = Amount::new(i64::try_from(tax_free).ok()?);
            if !kept.is_zero() {
                let until = date.checked_add_days(Days::new(u64::from(tranche.days)))?;
                reserves.push((until, kept, tax_free_part(free, base, kept)));
            }
        }
        Some(reserves)
    }

    /// Makes a payable by plan. `None`, with nothing changed, when there are four billion rows.
    fn make_payable(
        &mut self,
        place: PositionPlace,
        plan: Plan,
        date: NaiveDate,
        closing: &mut Closing,
    ) -> Option<PayableNumber> {
        let number = PayableNumber::of_place(self.payables.len())?;
        let (partner, position) = self.position_at(place)?;
        let (partner, currency) = (partner.clone(), position.currency);
        let mut rows = Vec::with_capacity(plan.takes.len());
        for (row, take) in &plan.takes {
            self.cut(*row, *take)?;
            self.put_into(*row, number);
            if let Some(row) = self.rows.get_mut(*row) {
                row.is_reserved |= !plan.reserves.is_empty();
            }
            rows.push(*row);
        }
        let minus = |amount: Amount| amount.checked_neg().unwrap_or_default();
        let own = |kind, date, amount, tax_free| (kind, date, amount, tax_free);
        let (kept, kept_tax_free) = plan.kept;
        let partners_fee = plan.settled.checked_sub(kept)?.checked_sub(plan.amount)?;
        for (kind, date, amount, tax_free) in [
            own(RowKind::ReserveKept, date, minus(kept), minus(kept_tax_free)),
            own(RowKind::PayoutFee, date, minus(partners_fee), Amount::ZERO),
        ] {
            if !amount.is_zero() {
                let row = self.open_own(place, kind, date, (amount, tax_free))?;
                self.put_into(row, number);
                rows.push(row);
            }
        }
        for &(until, amount, tax_free) in &plan.reserves {
            let row = self.open_own(place, RowKind::Reserve, until, (amount, tax_free))?;
            self.rejoin(row);
        }
        let account = self.accounts.get(&partner).cloned();
        closing.entries.push(self.post_payable(&partner, currency, date, &plan));
        let (settled, reserve, fee, amount) = (plan.settled, kept, plan.fee, plan.amount);
        let kind = self.kinds.get(&partner).copied();
        let state = PayableState::Confirmed;
        self.payables.push(Payable {
            number,
            partner,
            currency,
            date,
            rows,
            settled,
            reserve,
            fee,
            amount,
            tax_free: plan.tax_free,
            kind,
            tax: plan.tax,
            account,
            state,
        });
        Some(number)
    }

    fn post_payable(
        &mut self,
        partner: &PartnerId,
        currency: Currency,
        date: NaiveDate,
        plan: &Plan,
    ) -> Entry {
        let wide = |amount: Amount| i128::from(amount.minor());
        let (amount, fee) = (wide(plan.amount), plan.fee.map_or(0, |fee| wide(fee.amount)));
        let (by_partner, by_merchant) = match plan.fee.map(|fee| fee.borne_by) {
            Some(Bearer::Partner) => (fee, 0),
            _ => (0, fee),
        };
        // What is kept in reserve stays owed; the reposting behind moves it to its account.
        let postings = [
            (Account::PartnerPayable, amount.saturating_add(by_partner)),
            (Account::PayoutFeeCost, by_merchant),
            (Account::VatAdded, plan.tax.map_or(0, |tax| wide(tax.vat_added()))),
            (Account::Payable, wide(plan.tax.map_or(plan.amount, |tax| tax.amount)).saturating_neg()),
            (Account::Withholding, plan.tax.map_or(0, |tax| wide(tax.withheld())).saturating_neg()),
            (Account::PayoutFee, fee.saturating_neg()),
        ];
        self.post(partner, &cause_of(date), currency, &postings)
    }

    /// Opens a row of the ledger's own.
    fn open_own(
        &mut self,
        place: PositionPlace,
        kind: RowKind,
        date: NaiveDate,
        (amount, tax_free): (Amount, Amount),
    ) -> Option<RowNumber> {
        let (partner, position) = self.position_at(place)?;
        let (partner, currency) = (partner.clone(), position.currency);
        let figures = Figures { settlement: amount, settlement_tax_free: tax_free, ..Figures::ZERO };
        let opening = Opening::own((place.0, &partner), kind, date, currency);
        self.open_row(&opening, Intake { figures: &figures, funders: FunderParts::NONE, amount, tax_free })
    }

    /// Cuts a row down to what is taken of it; what is left is a new row of the same key, open in its stead.
    fn cut(&mut self, number: RowNumber, take: Amount) -> Option<()> {
        let row = self.rows.get(number)?;
        if row.amount == take {
            return Some(());
        }
        let (partner, contract, order) = (row.partner.clone(), row.contract.clone(), row.order.clone());
        let opening = Opening {
            key: row.key,
            partner: &partner,
            contract: contract.as_ref(),
            kind: row.kind,
            date: row.settlement_date,
            currency: row.currency,
        };
        let rest = row.amount.checked_sub(take)?;
        let rest_tax_free = tax_free_part(row.tax_free, row.amount, rest);
        let tax_free = row.tax_free.checked_sub(rest_tax_free)?;
        let (is_reserved, older) = (row.is_reserved, row.rest);
        let origin = if row.holds > 0 { Some(number) } else { row.origin };
        let was_current = self.rows.current(row.key) == Some(number);
        let intake = Intake {
            figures: &Figures::ZERO,
            funders: FunderParts::NONE,
            amount: rest,
            tax_free: rest_tax_free,
        };
        let new = self.open_row(&opening, intake)?;
        let made = self.rows.get_mut(new)?;
        (made.rest_of, made.order, made.settlements, made.is_reserved) =
            (Some(number), order, 0, is_reserved);
        (made.rest, made.left_over, made.origin) = (older, (rest, rest_tax_free), origin);
        let row = self.rows.get_mut(number)?;
        (row.amount, row.tax_free, row.rest) = (take, tax_free, Some(new));
        (row.is_cut, row.left_over) = (true, (take, tax_free));
        if was_current {
            self.rows.make_current(new);
        }
        Some(())
    }

    fn put_into(&mut self, number: RowNumber, payable: PayableNumber) {
        self.rows.close(number);
        let Some(row) = self.rows.get_mut(number) else { return };
        row.state = RowState::InPayable(payable);
        let (partner, currency) = (row.key.partner(), row.currency);
        if let Some(position) = self.partners.position(partner, currency) {
            position.open.retain(|&open| open != number);
        }
    }

    /// Makes a payable of chosen rows of one partner and currency, whole: neither minimum, cap nor limits apply, reserve and fee do.
    /// It is no [`Fact`](super::Fact): a ledger that is to be rebuilt from its facts is paid by closings.
    ///
    /// # Errors
    /// A row that isn't open, isn't due or is held; rows that come to nothing; an account in another currency.
    pub fn pay(&mut self, rows: &[RowNumber], date: NaiveDate) -> Result<Closing, PayableError> {
        let first = rows.first().ok_or(PayableError::NotPaid(Waiting::NothingDue))?;
        let first = self.rows.get(*first).ok_or(PayableError::UnknownRow { row: *first })?;
        let (partner, currency) = (first.partner.clone(), first.currency);
        let mut chosen = Vec::with_capacity(rows.len());
        for (place, &number) in rows.iter().enumerate() {
            let row = self.rows.get(number).ok_or(PayableError::UnknownRow { row: number })?;
            let is_repeated = rows.iter().take(place).any(|&earlier| earlier == number);
            if is_repeated || row.partner != partner || row.currency != currency {
                return Err(PayableError::MixedRows { row: number });
            }
            if row.state != RowState::Open {
                return Err(PayableError::RowNotOpen { row: number, place: place_text(row) });
            }
            if let Some(hold) = self.hold_on(row, date) {
                return Err(PayableError::RowHeld { row: number, hold: hold.id.clone() });
            }
            if row.settlement_date > date {
                return Err(PayableError::RowNotDue { row: number, due: row.settlement_date, date });
            }
            chosen.push((number, row.amount));
        }
        let due = super::sum(chosen.iter().map(|&(_, amount)| amount));
        let target = match due {
            0 => Err(Waiting::NothingDue),
            due if due < 0 => Err(Waiting::Negative { due }),
            due => i64::try_from(due).map(Amount::new).map_err(|_| Waiting::OutOfRange),
        };
        let plan = target.and_then(|target| {
            self.check_account(&partner, currency)?;
            self.plan(&chosen, target, (&partner, currency), date)
        });
        let plan = plan.map_err(PayableError::NotPaid)?;
        let place =
            self.position(&partner, currency).map(|(place, _)| place).ok_or(PayableError::OutOfRange)?;
        self.see(date);
        let mut closing = Closing {
            date,
            fell_due: Vec::new(),
            payables: Vec::new(),
            outcomes: Vec::new(),
            entries: Vec::new(),
        };
        let number = self.make_payable(place, plan, date, &mut closing).ok_or(PayableError::OutOfRange)?;
        closing.payables.push(number);
        closing.entries.extend(self.repost(place, self.day.unwrap_or(date), &cause_of(date)));
        let standing = self.standing_of(place, date);
        closing.outcomes.push(Outcome { partner, currency, due, payable: Ok(number), standing });
        Ok(closing)
    }
}

/// The cause of what a closing posts.
fn cause_of(date: NaiveDate) -> alloc::string::String {
    format!("close {date}")
}

/// The tax-free part of a part of an amount, cut towards zero.
fn tax_free_part(tax_free: Amount, whole: Amount, part: Amount) -> Amount {
    if part == whole {
        return tax_free;
    }
    // Both factors have 64 bits, and a part is no larger than its whole.
    let product = i128::from(tax_free.minor()).checked_mul(i128::from(part.minor()));
    let minor = product.and_then(|product| Rounding::Down.divide(product, i128::from(whole.minor())));
    minor.and_then(|minor| i64::try_from(minor).ok()).map_or(Amount::ZERO, Amount::new)
}
