//! A book made ready for work.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{FixedOffset, NaiveDate};

use crate::book::{Book, CancelMode, FormulaSet, RoundingRules};
use crate::calendar::{CalendarVersion, Calendars};
use crate::contract::{Agency, OnCancel};
use crate::fee::{FeeBase, FeeRule, Grades, TenureCounting, VatPayer};
use crate::figures::Figures;
use crate::formula::{Formula, Names, UserFormulas, Value};
use crate::funding::{FunderParts, Funding};
use crate::id::{AdditionalFeePolicyId, ContractId, DiscountSharePolicyId, Interner, PartnerId};
use crate::money::{Amount, Currency, Rounding};
use crate::order::{ManualEntry, Order, OrderDetail};
use crate::policy::{Version, Versions};
use crate::rate::{Rate, Ratio, Share};
use crate::sales::SalesMonth;
use crate::schedule::{Schedule, ScheduleExplanation, ScheduleOptions, SplitSchedule};
use crate::trace::{Recorder, Trace};

use super::correction::RetierRule;
use super::error::CycleProblem;
use super::reckoner::{Reckoned, Reckoner, Standing, check_names};
use super::sales::SalesKnown;
use super::{ResolveError, SettleError, Settlement, SettlementKind, SettlementPart};

/// A book made ready for work: immutable, to be shared by as many threads as there are.
///
/// ```
/// use chrono::{FixedOffset, NaiveDate};
/// use jeongsan::book::Book;
/// use jeongsan::calendar::Calendars;
/// use jeongsan::contract::Contract;
/// use jeongsan::fee::{Fee, VatPayer};
/// use jeongsan::money::{Amount, Currency};
/// use jeongsan::order::{Order, OrderDetail};
/// use jeongsan::partner::{Partner, PartnerKind};
/// use jeongsan::schedule::Cycle;
/// use jeongsan::settle::Engine;
///
/// let contract = Contract::new(Fee::of_rate("10%".parse()?), VatPayer::Partner, Cycle::after_days(2));
/// let book = Book::builder(Currency::KRW)
///     .contract("standard".parse()?, None, contract)
///     .partner("seller-1".parse()?, Partner::new(PartnerKind::Business, Some("standard".parse()?)))
///     .build()?;
/// // No cycle of this book needs to know a business day.
/// let engine = Engine::resolve(&book, &Calendars::new())?;
///
/// let start = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
/// let order = Order::new("o-1".parse()?, "seller-1".parse()?, start, OrderDetail::Amount(Amount::new(10_000)));
/// let settlement = engine.settle(&order)?;
/// assert_eq!(settlement.figures.settlement, Amount::new(8_900));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Engine {
    pub(super) currency: Currency,
    pub(super) rounding: RoundingRules,
    pub(super) vat: VatRule,
    pub(super) tenure_counting: TenureCounting,
    pub(super) time_zone: FixedOffset,
    pub(super) cancel_mode: CancelMode,
    pub(super) has_agencies: bool,
    pub(super) retier: Option<RetierRule>,
    measures_sales: bool,
    sales_known_from: Option<SalesMonth>,
    /// The attributes that fees select by.
    selecting: BTreeSet<String>,
    calendar_version: Option<CalendarVersion>,
    partner_numbers: Interner,
    partners: Vec<Versions<PartnerEntry>>,
    pub(super) contracts: Register<ContractId, Terms>,
    pub(super) formulas: Versions<OwnFormulas>,
    discount_shares: Register<DiscountSharePolicyId, ShareTerms>,
    additional_fees: Register<AdditionalFeePolicyId, AdditionalFeeTerms>,
}

/// The formulas of the book's own; where there is none, the default is built in.
#[derive(Clone, Debug)]
pub(super) struct OwnFormulas {
    pub(super) platform_fee: Option<Formula>,
    pub(super) discount_share: Option<Formula>,
    pub(super) additional_fee: Option<Formula>,
    pub(super) settlement: Option<Formula>,
    pub(super) settlement_tax_free: Option<Formula>,
    pub(super) user: UserFormulas,
    pub(super) user_keys: Vec<Arc<str>>,
    /// Which user formulas the settlement of a line needs; the others are evaluated for the order alone.
    pub(super) user_of_lines: Vec<bool>,
    pub(super) names: Names,
    pub(super) parameters: Vec<Value>,
}

impl OwnFormulas {
    fn of(set: &FormulaSet) -> Self {
        let own = |formula: &Formula| (!formula.is_default()).then(|| formula.clone());
        Self {
            user_of_lines: set.user.needed_by(&set.settlement),
            platform_fee: own(&set.platform_fee),
            discount_share: own(&set.discount_share),
            additional_fee: own(&set.additional_fee),
            settlement: own(&set.settlement),
            settlement_tax_free: own(&set.settlement_tax_free),
            user: set.user.clone(),
            user_keys: set.user_keys.clone(),
            names: set.names.clone(),
            parameters: set.parameters.clone(),
        }
    }
}

/// The VAT rate in both its uses.
#[derive(Clone, Copy, Debug)]
pub(super) struct VatRule {
    pub(super) rate: Rate,
    /// Of a fee without VAT.
    pub(super) added: Ratio,
    /// Of a payment with VAT.
    pub(super) contained: Ratio,
}

#[derive(Clone, Debug)]
pub(super) struct PartnerEntry {
    pub(super) id: PartnerId,
    pub(super) properties: BTreeMap<String, String>,
    pub(super) joined_on: Option<NaiveDate>,
    pub(super) grades: Grades,
    /// The number of its default contract.
    default_contract: Option<u32>,
}

/// A contract's version made ready.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) platform_fee: FeeRule,
    pub(super) platform_fee_vat_payer: VatPayer,
    pub(super) platform_fee_base: FeeBase,
    pub(super) subtracts_payment_vat: bool,
    pub(super) on_cancel: OnCancel,
    pub(super) is_provisional: bool,
    pub(super) agencies: Vec<Agency>,
    schedule: Schedule,
    split: Option<SplitSchedule>,
}

impl Terms {
    /// Why something that starts on a day falls due when it does.
    pub(super) fn explain_date(&self, start: NaiveDate) -> Result<ScheduleExplanation<'_>, SettleError> {
        Ok(self.schedule.explain(start)?)
    }
}

#[derive(Clone, Debug)]
pub(super) struct ShareTerms {
    /// The partner's share, and the same made ready.
    pub(super) rate: Rate,
    pub(super) ratio: Ratio,
    /// Where others pay too, or caps limit what is paid.
    pub(super) funding: Option<Funding>,
    pub(super) minimum_order: Option<Amount>,
}

#[derive(Clone, Debug)]
pub(super) struct AdditionalFeeTerms {
    pub(super) fee: FeeRule,
    pub(super) base: FeeBase,
    pub(super) vat_payer: VatPayer,
    pub(super) rounding: Rounding,
}

/// Versioned terms by id, found by one look at a table.
#[derive(Clone, Debug)]
pub(super) struct Register<I, T> {
    numbers: Interner,
    entries: Vec<(I, Versions<T>)>,
}

impl<I, T> Register<I, T> {
    pub(super) fn find(&self, text: &str) -> Option<&(I, Versions<T>)> {
        self.get(self.numbers.find(text)?)
    }

    fn get(&self, number: u32) -> Option<&(I, Versions<T>)> {
        self.entries.get(usize::try_from(number).ok()?)
    }

    fn resolve<'b, U: 'b>(
        ids: impl Iterator<Item = (&'b I, &'b Versions<U>)>,
        mut make: impl FnMut(&U) -> Result<T, ResolveError>,
    ) -> Result<Self, ResolveError>
    where
        I: Clone + core::borrow::Borrow<str> + 'b,
    {
        let mut register = Self { numbers: Interner::new(), entries: Vec::new() };
        for (id, versions) in ids {
            // Ids of a map are distinct, and no book has four billion of them.
            register.numbers.intern(id.borrow());
            register.entries.push((id.clone(), versions.try_map(&mut make)?));
        }
        Ok(register)
    }
}

/// Every partner's versions by the partner's number, with their default contracts by number.
fn resolve_partners(book: &Book, contracts: &Interner) -> (Interner, Vec<Versions<PartnerEntry>>) {
    let mut partner_numbers = Interner::new();
    let mut partners = Vec::new();
    for (id, versions) in book.partners() {
        partner_numbers.intern(id.as_str());
        partners.push(versions.map(|partner| {
            let default = partner.default_contract.as_ref();
            PartnerEntry {
                id: id.clone(),
                properties: partner.labels.properties.clone(),
                joined_on: partner.joined_on,
                grades: partner.grades.clone(),
                default_contract: default.and_then(|contract| contracts.find(contract.as_str())),
            }
        }));
    }
    (partner_numbers, partners)
}

/// The contract that governs an order, found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Governing<'e> {
    pub(super) partner: &'e PartnerEntry,
    pub(super) contract: &'e ContractId,
    pub(super) version: &'e Version<Terms>,
    /// The version's, or the final one in place of a provisional one.
    pub(super) platform_fee: &'e FeeRule,
    pub(super) formulas: &'e OwnFormulas,
}

impl Engine {
    /// Makes a book ready, on the calendars as they are known: resolve anew when they change.
    ///
    /// # Errors
    /// Every contract version whose cycle can't be resolved: its calendar isn't among these, or it needs one and the book
    /// names none.
    pub fn resolve(book: &Book, calendars: &Calendars) -> Result<Self, ResolveError> {
        let options = ScheduleOptions {
            adjust_after_holiday_if_earlier: book.options().adjusts_after_holiday_if_earlier,
            ..ScheduleOptions::default()
        };
        let (schedules, problems) = schedules_of(book, calendars, options);
        if !problems.is_empty() {
            return Err(ResolveError { problems });
        }
        let mut schedules = schedules.into_iter();
        let contracts = Register::resolve(book.contracts(), |contract| {
            // One for each, in the same order.
            let (schedule, split) = schedules.next().ok_or(ResolveError { problems: Vec::new() })?;
            Ok(Terms {
                platform_fee: contract.platform_fee.clone(),
                platform_fee_vat_payer: contract.platform_fee_vat_payer,
                platform_fee_base: contract.platform_fee_base,
                subtracts_payment_vat: contract.subtracts_payment_vat,
                on_cancel: contract.on_cancel,
                is_provisional: contract.is_provisional,
                agencies: contract.agencies.clone(),
                schedule,
                split,
            })
        })?;
        let discount_shares = Register::resolve(book.discount_share_policies(), |policy| {
            let alone = policy.funding.partner_alone();
            let rate = alone.map_or(Rate::ZERO, Share::rate);
            let funding = alone.is_none().then(|| policy.funding.clone());
            Ok(ShareTerms { rate, ratio: Ratio::new(rate), funding, minimum_order: policy.minimum_order })
        })?;
        let additional_fees = Register::resolve(book.additional_fee_policies(), |policy| {
            Ok(AdditionalFeeTerms {
                fee: policy.fee.clone(),
                base: policy.base,
                vat_payer: policy.vat_payer,
                rounding: policy.rounding.unwrap_or(book.rounding().additional_fee),
            })
        })?;
        let (partner_numbers, partners) = resolve_partners(book, &contracts.numbers);
        let rate = book.options().vat_rate;
        Ok(Self {
            currency: book.currency(),
            rounding: *book.rounding(),
            vat: VatRule { rate, added: Ratio::new(rate), contained: Ratio::contained(rate) },
            tenure_counting: book.options().tenure_counting,
            time_zone: book.options().time_zone,
            cancel_mode: book.options().cancel,
            calendar_version: book
                .calendar()
                .and_then(|id| calendars.get(id).ok())
                .map(|calendar| calendar.version().clone()),
            has_agencies: book.has_agencies(),
            retier: RetierRule::of(book),
            sales_known_from: book.options().sales_known_from,
            selecting: book.selecting_attributes().into_iter().map(String::from).collect(),
            measures_sales: book.fee_rules().any(FeeRule::measures_sales),
            partner_numbers,
            partners,
            contracts,
            formulas: book.formulas().map(OwnFormulas::of),
            discount_shares,
            additional_fees,
        })
    }

    /// The stamp of the book's calendar as this engine knows it; none where the book names no calendar. Settlement dates that were
    /// computed under another stamp may differ.
    #[must_use]
    pub const fn calendar_version(&self) -> Option<&CalendarVersion> {
        self.calendar_version.as_ref()
    }

    /// How cancellations are computed.
    #[must_use]
    pub const fn cancel_mode(&self) -> CancelMode {
        self.cancel_mode
    }

    /// Whether some fee goes by the sales of a partner, so that orders need theirs.
    #[must_use]
    pub(crate) const fn measures_sales(&self) -> bool {
        self.measures_sales
    }

    /// Takes off an order the attributes that no fee selects by, so that a history need not keep them.
    pub(super) fn forget_unselected(&self, order: &mut Order) {
        let is_selecting = |name: &String| self.selecting.contains(name);
        order.attributes.retain(|name, _| is_selecting(name));
        if let OrderDetail::Lines(lines) = &mut order.detail {
            lines.iter_mut().for_each(|line| line.attributes.retain(|name, _| is_selecting(name)));
        }
    }

    /// Settles an order.
    ///
    /// # Errors
    /// The first fault of the order, see [`SettleError`].
    pub fn settle(&self, order: &Order) -> Result<Settlement, SettleError> {
        self.settle_into(order, None, Recorder::off())
    }

    /// Settles an order and tells every step.
    ///
    /// # Errors
    /// As [`Engine::settle`].
    pub fn settle_traced(&self, order: &Order) -> Result<(Settlement, Trace), SettleError> {
        self.settle_traced_at(order, None)
    }

    pub(super) fn settle_traced_at(
        &self,
        order: &Order,
        final_fee: Option<&FeeRule>,
    ) -> Result<(Settlement, Trace), SettleError> {
        let mut trace = Trace::default();
        let settlement = self.settle_into(order, final_fee, Recorder::into(&mut trace))?;
        if order.settlement_date.is_none() {
            trace.settlement_date = Some(self.explain_date(order)?.to_string());
        }
        Ok((settlement, trace))
    }

    /// The parts in which a settlement falls due, by its contract; none where it falls due whole: its contract has no split, or its
    /// settlement date was given.
    ///
    /// # Errors
    /// When a part has no date, or a figure can't be shared.
    pub fn due_parts(&self, settlement: &Settlement) -> Result<Vec<SettlementPart>, SettleError> {
        let (Some(contract), Some(start_date)) = (&settlement.contract, settlement.start_date) else {
            return Ok(Vec::new());
        };
        let versions = self.contracts.find(contract.as_str()).map(|(_, versions)| versions);
        let version = settlement.contract_version;
        let terms = versions.and_then(|versions| versions.iter().find(|held| held.applies_from == version));
        let Some(Version { terms: Terms { schedule, split: Some(split), .. }, .. }) = terms else {
            return Ok(Vec::new());
        };
        if schedule.settlement_date(start_date)? != settlement.settlement_date {
            return Ok(Vec::new());
        }
        let figures = &settlement.figures;
        let amounts = split.due(start_date, figures.settlement)?;
        Ok(SettlementPart::pair(&amounts, &split.due(start_date, figures.settlement_tax_free)?))
    }

    /// Settles an amount put down by hand: as stated, every other figure zero.
    ///
    /// # Errors
    /// When the partner is unknown, or archived on the settlement date.
    pub fn settle_manual(&self, entry: &ManualEntry) -> Result<Settlement, SettleError> {
        let partner = self.partner(&entry.partner, entry.settlement_date)?;
        Ok(Settlement {
            id: entry.id.clone(),
            kind: SettlementKind::Manual,
            cause: None,
            of_order: None,
            partner: partner.id.clone(),
            contract: None,
            contract_version: None,
            start_date: None,
            settlement_date: entry.settlement_date,
            currency: self.currency,
            figures: Figures {
                settlement: entry.amount,
                settlement_tax_free: entry.tax_free,
                ..Figures::ZERO
            },
            funders: FunderParts::default(),
            user_formulas: Vec::new(),
            lines: Vec::new(),
        })
    }

    /// Looks for an order's partner, contract and policies, and nothing else.
    ///
    /// # Errors
    /// The first of them that the book doesn't have, or not yet on the order's start date.
    pub(crate) fn check_names(&self, order: &Order) -> Result<(), SettleError> {
        self.governing(&order.partner, order.contract.as_ref(), order.start_date)?;
        check_names(self, order)
    }

    pub(super) fn settle_into(
        &self,
        order: &Order,
        final_fee: Option<&FeeRule>,
        recorder: Recorder<'_>,
    ) -> Result<Settlement, SettleError> {
        let mut governing = self.governing(&order.partner, order.contract.as_ref(), order.start_date)?;
        governing.platform_fee = final_fee.unwrap_or(governing.platform_fee);
        let reckoner = Reckoner::new(self, &governing, order, Standing::Whole, recorder);
        let Reckoned { figures, funders, user, lines } = reckoner.reckon()?;
        Ok(Settlement {
            id: order.id.clone(),
            kind: SettlementKind::Order,
            cause: None,
            of_order: None,
            partner: governing.partner.id.clone(),
            contract: Some(governing.contract.clone()),
            contract_version: governing.version.applies_from,
            start_date: Some(order.start_date),
            settlement_date: self.settlement_date(&governing, (order.start_date, order.settlement_date))?,
            currency: self.currency,
            figures,
            funders,
            user_formulas: named(governing.formulas, user),
            lines,
        })
    }

    /// Why an order falls due when it does by its contract's cycle: the lag, the cycle date, every day moved over, the calendar's version.
    ///
    /// # Errors
    /// When the order's partner or contract is unknown, or there is no date.
    pub fn explain_date(&self, order: &Order) -> Result<ScheduleExplanation<'_>, SettleError> {
        let governing = self.governing(&order.partner, order.contract.as_ref(), order.start_date)?;
        governing.version.terms.explain_date(order.start_date)
    }

    /// The date that the cycle of a settlement's contract, in the version it was settled under, gives for its start date; none where there is no cycle.
    /// A given settlement date differs from it, and so may the date of another set of calendars.
    #[must_use]
    pub fn cycle_date(&self, settlement: &Settlement) -> Option<NaiveDate> {
        let (_, versions) = self.contracts.find(settlement.contract.as_ref()?.as_str())?;
        let mut versions = versions.iter();
        let version = versions.find(|version| version.applies_from == settlement.contract_version)?;
        version.terms.schedule.settlement_date(settlement.start_date?).ok()
    }

    /// From when on a run's events are all of a partner's sales; when it joined is told by the last of its versions that says so.
    pub(super) fn sales_known(&self, id: &PartnerId) -> SalesKnown {
        let versions = self.versions_of(id).ok();
        let joined = versions.and_then(|versions| {
            let stated = versions.iter().filter_map(|version| version.terms.joined_on);
            stated.last().map(SalesMonth::of)
        });
        SalesKnown { joined, from: self.sales_known_from }
    }

    /// Looks whether the book has a partner.
    ///
    /// # Errors
    /// [`SettleError::UnknownPartner`].
    pub fn check_partner(&self, id: &PartnerId) -> Result<(), SettleError> {
        self.versions_of(id).map(|_| ())
    }

    fn versions_of(&self, id: &PartnerId) -> Result<&Versions<PartnerEntry>, SettleError> {
        let number = self.partner_numbers.find(id.as_str());
        let versions = number.and_then(|number| self.partners.get(usize::try_from(number).ok()?));
        versions.ok_or_else(|| SettleError::UnknownPartner { partner: id.clone() })
    }

    /// The partner as it is on a day.
    fn partner(&self, id: &PartnerId, date: NaiveDate) -> Result<&PartnerEntry, SettleError> {
        let version = self
            .versions_of(id)?
            .in_force_on(date)
            .ok_or_else(|| SettleError::PartnerNotInForce { partner: id.clone(), date })?;
        if version.archived {
            return Err(SettleError::PartnerArchived { partner: id.clone(), from: version.applies_from });
        }
        Ok(&version.terms)
    }

    pub(super) fn governing(
        &self,
        partner: &PartnerId,
        contract: Option<&ContractId>,
        start: NaiveDate,
    ) -> Result<Governing<'_>, SettleError> {
        let partner = self.partner(partner, start)?;
        let (contract, versions) = match (contract, partner.default_contract) {
            (Some(named), _) => self
                .contracts
                .find(named.as_str())
                .ok_or_else(|| SettleError::UnknownContract { contract: named.clone() })?,
            (None, Some(default)) => self
                .contracts
                .get(default)
                .ok_or_else(|| SettleError::NoContract { partner: partner.id.clone() })?,
            (None, None) => return Err(SettleError::NoContract { partner: partner.id.clone() }),
        };
        let version = versions
            .in_force_on(start)
            .ok_or_else(|| SettleError::ContractNotInForce { contract: contract.clone(), date: start })?;
        if version.archived {
            let from = version.applies_from;
            return Err(SettleError::ContractArchived { contract: contract.clone(), from });
        }
        // A book's first formulas are always in force.
        let formulas = self
            .formulas
            .in_force_on(start)
            .ok_or_else(|| SettleError::ContractNotInForce { contract: contract.clone(), date: start })?;
        let platform_fee = &version.terms.platform_fee;
        Ok(Governing { partner, contract, version, platform_fee, formulas: &formulas.terms })
    }

    pub(super) fn discount_share(
        &self,
        policy: &DiscountSharePolicyId,
        date: NaiveDate,
    ) -> Result<&Version<ShareTerms>, SettleError> {
        let (_, versions) = self
            .discount_shares
            .find(policy.as_str())
            .ok_or_else(|| SettleError::UnknownDiscountSharePolicy { policy: policy.clone() })?;
        let version = versions
            .in_force_on(date)
            .ok_or_else(|| SettleError::DiscountSharePolicyNotInForce { policy: policy.clone(), date })?;
        if version.archived {
            let from = version.applies_from;
            return Err(SettleError::DiscountSharePolicyArchived { policy: policy.clone(), from });
        }
        Ok(version)
    }

    pub(super) fn additional_fee(
        &self,
        policy: &AdditionalFeePolicyId,
        date: NaiveDate,
    ) -> Result<&Version<AdditionalFeeTerms>, SettleError> {
        let (_, versions) = self
            .additional_fees
            .find(policy.as_str())
            .ok_or_else(|| SettleError::UnknownAdditionalFeePolicy { policy: policy.clone() })?;
        let version = versions
            .in_force_on(date)
            .ok_or_else(|| SettleError::AdditionalFeePolicyNotInForce { policy: policy.clone(), date })?;
        if version.archived {
            let from = version.applies_from;
            return Err(SettleError::AdditionalFeePolicyArchived { policy: policy.clone(), from });
        }
        Ok(version)
    }

    /// The date given, else the cycle's.
    pub(super) fn settlement_date(
        &self,
        governing: &Governing<'_>,
        (start_date, given): (NaiveDate, Option<NaiveDate>),
    ) -> Result<NaiveDate, SettleError> {
        match given {
            Some(settlement_date) if settlement_date < start_date => {
                Err(SettleError::SettlementDateBeforeStart { settlement_date, start_date })
            }
            Some(settlement_date) => Ok(settlement_date),
            None => Ok(governing.version.terms.schedule.settlement_date(start_date)?),
        }
    }
}

/// The schedule of every contract version, and its split if it has one, in the order of the book, and those that can't be resolved.
fn schedules_of(
    book: &Book,
    calendars: &Calendars,
    options: ScheduleOptions,
) -> (Vec<(Schedule, Option<SplitSchedule>)>, Vec<CycleProblem>) {
    let (mut schedules, mut problems) = (Vec::new(), Vec::new());
    for (contract, versions) in book.contracts() {
        for version in versions.iter() {
            let schedule = version.terms.cycle.resolve_in(calendars, book.calendar(), options);
            let split = version.terms.split.as_ref();
            let split = split.map(|split| split.resolve_in(calendars, book.calendar(), options)).transpose();
            match schedule.and_then(|schedule| Ok((schedule, split?))) {
                Ok(resolved) => schedules.push(resolved),
                Err(error) => {
                    let (contract, applies_from) = (contract.clone(), version.applies_from);
                    problems.push(CycleProblem { contract, applies_from, error });
                }
            }
        }
    }
    (schedules, problems)
}

/// The merchant's own figures with their keys.
pub(super) fn named(formulas: &OwnFormulas, user: Vec<Amount>) -> Vec<(Arc<str>, Amount)> {
    formulas.user_keys.iter().map(Arc::clone).zip(user).collect()
}
