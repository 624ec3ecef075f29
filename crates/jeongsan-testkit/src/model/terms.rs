//! The terms under which one order settles, and the single fees under them.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, FixedOffset, Months, NaiveDate};
use num_traits::{Signed, Zero};
use serde_json::{Map, Value};

use super::book::{
    AdditionalFee, Base, Book, Bounds, Contract, FeeTerms, Formulas, Funder, Measure, Partner, Share,
    in_force,
};
use super::code::Code;
use super::event::OrderEvent;
use super::fee::{TierMode, bounded, bracket_rate, marginal};
use super::figures::{Amounts, Field};
use super::formula::{Diagnosis, Formula, Variables};
use super::number::{Exact, Rounding, Whole};

/// What an order's start date picked from the book, and what the order says about itself.
#[derive(Clone, Debug)]
pub(super) struct Terms<'a> {
    pub(super) book: &'a Book,
    pub(super) partner_id: String,
    pub(super) partner: &'a Partner,
    pub(super) contract_id: String,
    pub(super) contract_version: Option<NaiveDate>,
    pub(super) contract: &'a Contract,
    pub(super) start: NaiveDate,
    paid_at: Option<DateTime<FixedOffset>>,
    pub(super) formulas: &'a Formulas,
    parameters: BTreeMap<String, Exact>,
    shares: BTreeMap<String, &'a Share>,
    additional: BTreeMap<String, &'a AdditionalFee>,
    pub(super) additional_fees: Vec<String>,
    attributes: Map<String, Value>,
    volume: Option<Whole>,
    /// The partner's sales of the month before, and of the month so far; none where they are not known.
    pub(super) sales: [Option<Whole>; 2],
}

/// A fee and its VAT.
pub(super) type Charged = (Whole, Whole);

impl<'a> Terms<'a> {
    /// Partner, contract and policies, in this order.
    pub(super) fn of(book: &'a Book, event: &OrderEvent) -> Result<Self, Code> {
        let partner = book.partners.get(&event.partner).ok_or(Code::UnknownPartner)?;
        let contract_id = event.contract.clone().or_else(|| partner.default_contract.clone());
        let contract_id = contract_id.ok_or(Code::UnknownContract)?;
        let versions = book.contracts.get(&contract_id).ok_or(Code::UnknownContract)?;
        let start = event.start_date;
        let (contract_version, contract) = in_force(versions, start).ok_or(Code::UnknownContract)?;
        let lines = event.lines.as_deref().unwrap_or_default();
        let mut shares = BTreeMap::new();
        for discount in lines.iter().flat_map(|line| &line.discounts).chain(&event.discounts) {
            let versions = book.shares.get(&discount.policy).ok_or(Code::UnknownPolicy)?;
            let (_, share) = in_force(versions, start).ok_or(Code::UnknownPolicy)?;
            shares.insert(discount.policy.clone(), share);
        }
        let mut additional = BTreeMap::new();
        for policy in lines.iter().flat_map(|line| &line.additional_fees).chain(&event.additional_fees) {
            let versions = book.additional.get(policy).ok_or(Code::UnknownPolicy)?;
            let (_, fee) = in_force(versions, start).ok_or(Code::UnknownPolicy)?;
            additional.insert(policy.clone(), fee);
        }
        let (_, formulas) = in_force(&book.formulas, start).ok_or(Code::InvalidEvent)?;
        let (_, defaults) = in_force(&book.parameters, start).ok_or(Code::InvalidEvent)?;
        let mut parameters = defaults.clone();
        for (key, value) in &event.parameters {
            let default = parameters.get_mut(key).ok_or(Code::InvalidEvent)?;
            *default = value.clone();
        }
        Ok(Self {
            book,
            partner_id: event.partner.clone(),
            partner,
            contract_id,
            contract_version,
            contract,
            start,
            paid_at: event.paid_at.map(|paid_at| paid_at.with_timezone(&book.time_zone)),
            formulas,
            parameters,
            shares,
            additional,
            additional_fees: event.additional_fees.clone(),
            attributes: event.attributes.clone(),
            volume: event.volume.clone(),
            sales: [None, None],
        })
    }

    /// Whether a coupon asks for more than this.
    pub(super) fn is_below_minimum(&self, policy: &str, order: &Whole) -> bool {
        let minimum = self.book.minimums.get(policy).and_then(|versions| in_force(versions, self.start));
        minimum.is_some_and(|(_, minimum)| order < minimum)
    }

    /// A formula's integer for a block of figures.
    pub(super) fn amount(
        &self,
        formula: &Formula,
        block: &Amounts,
        further: Vec<(&str, Exact)>,
        rounding: Rounding,
    ) -> Result<Whole, Code> {
        let mut variables: Variables = self.parameters.clone();
        for (name, field) in [
            ("ORDER_AMOUNT", Field::Order),
            ("PAYMENT_AMOUNT", Field::Payment),
            ("PAYMENT_VAT_AMOUNT", Field::PaymentVat),
            ("PAYMENT_VAT_BURDEN_AMOUNT", Field::PaymentVatBurden),
            ("DISCOUNT_AMOUNT", Field::Discount),
            ("DISCOUNT_SHARE", Field::DiscountShare),
            ("PLATFORM_FEE", Field::PlatformFee),
            ("PLATFORM_FEE_VAT", Field::PlatformFeeVat),
            ("ADDITIONAL_FEE", Field::AdditionalFee),
            ("ADDITIONAL_FEE_VAT", Field::AdditionalFeeVat),
            ("SETTLEMENT_AMOUNT", Field::Settlement),
            ("DISCOUNT_SHARE_TAX_FREE", Field::DiscountShareTaxFree),
        ] {
            variables.insert(name.to_owned(), Exact::from(block.get(field)));
        }
        variables.extend(block.user.iter().map(|(key, value)| (key.clone(), Exact::from(value.clone()))));
        variables.extend(further.into_iter().map(|(name, value)| (name.to_owned(), value)));
        formula.amount(&variables, rounding).map_err(|fault: Diagnosis| match fault.kind {
            "division-by-zero" => Code::DivisionByZero,
            _ => Code::OutOfRange,
        })
    }

    /// The partner's share of one discount amount, and those of other funders.
    pub(super) fn discount_share(
        &self,
        policy: &str,
        discount: &Whole,
    ) -> Result<(Whole, BTreeMap<String, Whole>), Code> {
        let share = match self.shares.get(policy).copied().ok_or(Code::UnknownPolicy)? {
            Share::Partner(share) => share,
            Share::Funders { funders, passes_on } => {
                let mut parts = self.parts(discount, funders, (discount, &Whole::zero()), *passes_on);
                return Ok((parts.remove("partner").unwrap_or_default(), parts));
            }
        };
        let further = vec![("DISCOUNT_AMOUNT", Exact::from(discount.clone())), ("FIXED_RATE", share.clone())];
        let formula = &self.formulas.discount_share;
        let share = self.amount(formula, &Amounts::default(), further, self.book.rounding.discount_share)?;
        Ok((share, BTreeMap::new()))
    }

    /// What each funder takes of what the ones before it have left; what is above its cap may pass on to the next.
    fn parts(
        &self,
        discount: &Whole,
        funders: &[Funder],
        (left, passed_on): (&Whole, &Whole),
        passes_on: bool,
    ) -> BTreeMap<String, Whole> {
        let Some((funder, others)) = funders.split_first() else { return BTreeMap::new() };
        let share = &Exact::from(discount.clone()) * &funder.share;
        let wanted = self.book.rounding.discount_share.round(&share) + passed_on;
        let limits = funder.cap.iter().chain([left]).cloned();
        let part = limits.fold(wanted.clone(), Whole::min);
        let above = if passes_on { wanted - &part } else { Whole::zero() };
        let mut parts = self.parts(discount, others, (&(left - &part), &above), passes_on);
        parts.insert(funder.party.clone(), part);
        parts
    }

    /// What the platform fee of a block is a rate of.
    pub(super) fn platform_base(&self, block: &Amounts) -> Whole {
        base(self.contract.base, block, &Whole::zero())
    }

    /// The platform fee of a block on a base, and its VAT.
    pub(super) fn platform_fee(
        &self,
        block: &Amounts,
        base: &Whole,
        attributes: &Map<String, Value>,
    ) -> Result<Charged, Code> {
        let terms = self.choose(&self.contract.platform_fee, attributes)?;
        let rounding = self.book.rounding.platform_fee;
        let fee = self.fee(terms, &self.formulas.platform_fee, block, base, rounding)?;
        Ok(self.with_vat(fee, terms, self.contract.partner_bears_vat))
    }

    /// An additional fee of a block, and its VAT; `shipping` is 0 for a line.
    pub(super) fn additional_fee(
        &self,
        policy: &str,
        block: &Amounts,
        attributes: &Map<String, Value>,
        shipping: &Whole,
    ) -> Result<Charged, Code> {
        let policy = self.additional.get(policy).copied().ok_or(Code::UnknownPolicy)?;
        let terms = self.choose(&policy.fee, attributes)?;
        let base = base(policy.base, block, shipping);
        let rounding = self.book.rounding.additional_fee;
        let fee = self.fee(terms, &self.formulas.additional_fee, block, &base, rounding)?;
        Ok(self.with_vat(fee, terms, policy.partner_bears_vat))
    }

    fn fee(
        &self,
        terms: &FeeTerms,
        formula: &Formula,
        block: &Amounts,
        base: &Whole,
        rounding: Rounding,
    ) -> Result<Whole, Code> {
        if base.is_negative() {
            // Only the payment of a cancelled part can be negative. A fee is odd in its amount.
            return Ok(-self.fee(terms, formula, block, &-base, rounding)?);
        }
        let by_formula = |rate: &Exact, fixed: &Whole| {
            let further = vec![
                ("ORDER_AMOUNT", Exact::from(base.clone())),
                ("FIXED_RATE", rate.clone()),
                ("FIXED_AMOUNT", Exact::from(fixed.clone())),
            ];
            self.amount(formula, block, further, rounding)
        };
        let fee = match terms {
            FeeTerms::Flat { rate, fixed, .. } => by_formula(rate, fixed)?,
            FeeTerms::Tiers { brackets, mode, measure, .. } => {
                let [previous, to_date] = &self.sales;
                let volume = match measure {
                    Measure::Given => self.volume.as_ref().ok_or(Code::InvalidEvent)?,
                    Measure::PreviousMonth => previous.as_ref().ok_or(Code::MissingSales)?,
                    Measure::MonthToDate => to_date.as_ref().ok_or(Code::MissingSales)?,
                };
                match mode {
                    TierMode::Whole => by_formula(&bracket_rate(brackets, volume), &Whole::zero())?,
                    TierMode::Marginal => {
                        let on_top = marginal(brackets, &(volume + base)) - marginal(brackets, volume);
                        rounding.round(&on_top)
                    }
                }
            }
            FeeTerms::Select(_) => return Err(Code::InvalidEvent),
        };
        let Bounds { min, max, .. } = bounds(terms)?;
        Ok(bounded(fee, min.as_ref(), max.as_ref()))
    }

    fn with_vat(&self, fee: Whole, terms: &FeeTerms, partner_bears_vat: bool) -> Charged {
        let is_inclusive = bounds(terms).is_ok_and(|bounds| bounds.is_vat_inclusive);
        let vat = if partner_bears_vat && !is_inclusive {
            self.book.rounding.vat.round(&(Exact::from(fee.clone()) * &self.book.vat_rate))
        } else {
            Whole::zero()
        };
        (fee, vat)
    }

    /// The entry of a `select` whose conditions all hold, the first of them.
    fn choose(&self, terms: &'a FeeTerms, attributes: &Map<String, Value>) -> Result<&'a FeeTerms, Code> {
        let FeeTerms::Select(entries) = terms else { return Ok(terms) };
        let holds = |(name, wanted): &(String, Value)| self.holds(name, wanted, attributes);
        let found = entries.iter().find(|(conditions, _)| conditions.iter().all(holds));
        let (_, terms) = found.ok_or(Code::InvalidEvent)?;
        self.choose(terms, attributes)
    }

    fn holds(&self, name: &str, wanted: &Value, attributes: &Map<String, Value>) -> bool {
        if name == "months_since_joining_below" {
            let months = self.partner.joined_on.and_then(|joined| self.months_since(joined));
            return months.is_some_and(|months| wanted.as_i64().is_some_and(|limit| months < limit));
        }
        if name.starts_with("paid_") {
            return self.paid_at.is_some_and(|paid_at| paid_when(paid_at, name, wanted));
        }
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if name == "seller_grade" && !self.partner.grades.is_empty() {
            return self.grade().is_some_and(|grade| grade == text(wanted));
        }
        let sources = [attributes, &self.attributes, &self.partner.properties];
        let found = sources.into_iter().find_map(|source| source.get(name));
        found.is_some_and(|found| text(found) == text(wanted))
    }

    /// The grade in force when the order was paid, else at the first second of its start date.
    fn grade(&self) -> Option<&str> {
        let zone = self.book.time_zone;
        let midnight = || DateTime::parse_from_rfc3339(&format!("{}T00:00:00{zone}", self.start)).ok();
        let instant = self.paid_at.or_else(midnight)?;
        let begun = self.partner.grades.iter().filter(|(from, _)| from.is_none_or(|from| from <= instant));
        begun.max_by_key(|(from, _)| *from).map(|(_, grade)| grade.as_str())
    }

    /// Whole months from a day to the order's start; none before it.
    fn months_since(&self, joined: NaiveDate) -> Option<i64> {
        let days = self.start.signed_duration_since(joined).num_days();
        if days < 0 {
            return None;
        }
        match self.book.tenure_counting.as_str() {
            "calendar-months" => {
                let month_number = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month());
                Some(month_number(self.start) - month_number(joined))
            }
            "days" => Some(days / 30),
            // The anniversary of a 31st in a shorter month is its last day.
            _ => (1..)
                .position(|month| {
                    joined.checked_add_months(Months::new(month)).is_none_or(|day| day > self.start)
                })
                .and_then(|months| i64::try_from(months).ok()),
        }
    }
}

/// What a fee on a block is a rate of.
fn base(base: Base, block: &Amounts, shipping: &Whole) -> Whole {
    match base {
        Base::Order => block.get(Field::Order),
        Base::Payment => block.get(Field::Order) - block.get(Field::Discount),
        Base::AfterDiscount => block.get(Field::Order) - block.get(Field::DiscountShare),
        Base::Shipping => shipping.clone(),
    }
}

/// Whether a payment at a local instant meets a condition. Times of day are compared as they are written.
fn paid_when(paid_at: DateTime<FixedOffset>, name: &str, wanted: &Value) -> bool {
    let instant = || wanted.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    let second = |name: &str| match wanted[name].as_str().unwrap_or_default() {
        text if text.len() == 5 => format!("{text}:00"),
        text => text.to_owned(),
    };
    match name {
        "paid_from" => instant().is_some_and(|from| from <= paid_at),
        "paid_before" => instant().is_some_and(|before| paid_at < before),
        "paid_weekdays" => {
            let day = paid_at.format("%a").to_string().to_uppercase();
            wanted.as_array().is_some_and(|days| days.iter().any(|wanted| *wanted == *day))
        }
        "paid_time" => {
            let (from, before) = (second("from"), second("before"));
            let time = paid_at.format("%H:%M:%S%.f").to_string();
            if from <= before { from <= time && time < before } else { from <= time || time < before }
        }
        _ => false,
    }
}

fn bounds(terms: &FeeTerms) -> Result<&Bounds, Code> {
    match terms {
        FeeTerms::Flat { bounds, .. } | FeeTerms::Tiers { bounds, .. } => Ok(bounds),
        FeeTerms::Select(_) => Err(Code::InvalidEvent),
    }
}
