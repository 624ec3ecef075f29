//! The book: every contract, policy and partner that settlements are computed under, validated as a whole.
//!
//! A [`Book`] is built in code by its [`BookBuilder`] or from a document. Building finds all problems at once, each with
//! its path; a book that exists is sound.

mod findings;
mod formulas;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use chrono::{FixedOffset, NaiveDate, Offset, Utc};

use crate::contract::Contract;
use crate::fee::{Condition, FeeBase, FeeRule, LateChange, TenureCounting};
use crate::formula::{Formula, USER_FORMULAS_MAX, Value};
use crate::id::{AdditionalFeePolicyId, CalendarId, ContractId, DiscountSharePolicyId, PartnerId};
use crate::money::{Amount, Currency, Rounding, text_enum};
use crate::partner::{Partner, PayableTerms};
use crate::policy::{AdditionalFeePolicy, DiscountSharePolicy, Version, Versions};
use crate::rate::Rate;
use crate::sales::SalesMonth;

pub use formulas::{FormulaSet, FormulaTexts, UserFormulaText};

use findings::Listing;
use formulas::FormulaVersions;

text_enum! {
    /// Whether a line-form order's fee is computed line by line or once.
    pub enum RoundingScope ("rounding scope") or UnknownRoundingScope {
        /// Every line is rounded by itself; the order's figures are the sums.
        PerLine = "per-line",
        /// The order is rounded once; the lines' parts follow by largest remainder.
        PerOrder = "per-order",
    }
}

/// How each figure becomes whole. The default cuts everything, line by line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RoundingRules {
    /// The platform fee.
    pub platform_fee: Rounding,
    /// Additional fees.
    pub additional_fee: Rounding,
    /// The partner's share of a discount.
    pub discount_share: Rounding,
    /// VAT on fees, and the VAT inside a payment.
    pub vat: Rounding,
    /// The settlement and its tax-free part.
    pub settlement: Rounding,
    /// Line by line, or once per order.
    pub scope: RoundingScope,
}

impl Default for RoundingRules {
    fn default() -> Self {
        Self {
            platform_fee: Rounding::Down,
            additional_fee: Rounding::Down,
            discount_share: Rounding::Down,
            vat: Rounding::Down,
            settlement: Rounding::Down,
            scope: RoundingScope::PerLine,
        }
    }
}

text_enum! {
    /// How the figures of a cancellation follow from those of its order.
    pub enum CancelMode ("cancel mode") or UnknownCancelMode {
        /// The figures of what remained before, less those of what remains after: an order's cancels add up to the order.
        Cumulative = "cumulative",
        /// The formulas applied to the cancelled part by itself, never giving back more than was charged.
        Independent = "independent",
    }
}

/// What holds for the whole book.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// How cancellations are computed.
    pub cancel: CancelMode,
    /// Whether a settlement date that the date policy moved to or before the start is put on the following business day instead.
    pub adjusts_after_holiday_if_earlier: bool,
    /// How the months since a partner joined are counted.
    pub tenure_counting: TenureCounting,
    /// The time zone of weekdays, times of day and the beginning of a date: an offset of +09:00 by default, since Korea has no
    /// summer time.
    pub time_zone: FixedOffset,
    /// The first month whose sales the events of a run hold whole, for fees that go by them and partners without a stated opening.
    pub sales_known_from: Option<SalesMonth>,
    /// How many user formulas the book may have.
    pub user_formulas_max: usize,
    /// The VAT rate, for VAT on fees and VAT inside payments.
    pub vat_rate: Rate,
    /// The smallest order amount to be expected, 500 minor units by default. No figure depends on it: a contract under which
    /// only smaller orders settle negative is no finding.
    pub smallest_order_amount: Amount,
}

/// Korea's time is nine hours ahead of UTC, all year round.
const KOREA_OFFSET_SECONDS: i32 = 9 * 60 * 60;

impl Default for Options {
    fn default() -> Self {
        Self {
            cancel: CancelMode::Cumulative,
            adjusts_after_holiday_if_earlier: true,
            tenure_counting: TenureCounting::Anniversary,
            time_zone: FixedOffset::east_opt(KOREA_OFFSET_SECONDS).unwrap_or_else(|| Utc.fix()),
            sales_known_from: None,
            user_formulas_max: USER_FORMULAS_MAX,
            vat_rate: Rate::KOREAN_VAT,
            smallest_order_amount: Amount::new(500),
        }
    }
}

/// Contracts, policies and partners of one merchant and currency.
///
/// ```
/// use jeongsan::book::Book;
/// use jeongsan::contract::Contract;
/// use jeongsan::fee::{Fee, VatPayer};
/// use jeongsan::money::Currency;
/// use jeongsan::partner::{Partner, PartnerKind};
/// use jeongsan::schedule::Cycle;
///
/// let contract = Contract::new(Fee::of_rate("10%".parse()?), VatPayer::Partner, Cycle::default());
/// let book = Book::builder(Currency::KRW)
///     .contract("standard".parse()?, None, contract)
///     .partner("seller-1".parse()?, Partner::new(PartnerKind::Business, Some("standard".parse()?)))
///     .partner("seller-2".parse()?, Partner::new(PartnerKind::Business, Some("gold".parse()?)))
///     .build();
/// assert_eq!(book.unwrap_err().to_string(), "partners[1].default_contract: unknown contract `gold`");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Book {
    currency: Currency,
    calendar: Option<CalendarId>,
    rounding: RoundingRules,
    options: Options,
    payout: PayableTerms,
    formulas: Versions<FormulaSet>,
    contracts: BTreeMap<ContractId, Versions<Contract>>,
    discount_share_policies: BTreeMap<DiscountSharePolicyId, Versions<DiscountSharePolicy>>,
    additional_fee_policies: BTreeMap<AdditionalFeePolicyId, Versions<AdditionalFeePolicy>>,
    partners: BTreeMap<PartnerId, Versions<Partner>>,
    listing: Listing,
}

impl Book {
    /// An empty book of a currency, to be filled.
    #[must_use]
    pub fn builder(currency: Currency) -> BookBuilder {
        BookBuilder::new(currency)
    }

    /// The currency of every amount.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The calendar that settlement dates go by.
    #[must_use]
    pub const fn calendar(&self) -> Option<&CalendarId> {
        self.calendar.as_ref()
    }

    /// How figures become whole.
    #[must_use]
    pub const fn rounding(&self) -> &RoundingRules {
        &self.rounding
    }

    /// What holds for the whole book.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// When and how partners are paid that have no terms of their own.
    #[must_use]
    pub const fn payout(&self) -> &PayableTerms {
        &self.payout
    }

    /// The formulas and parameters with their versions; the first is always in force.
    #[must_use]
    pub const fn formulas(&self) -> &Versions<FormulaSet> {
        &self.formulas
    }

    /// The fees of every contract and additional-fee policy, in all versions.
    pub fn fee_rules(&self) -> impl Iterator<Item = &FeeRule> {
        let contracts = self.contracts.values().flat_map(Versions::iter);
        let policies = self.additional_fee_policies.values().flat_map(Versions::iter);
        let fees = contracts.map(|version| &version.terms.platform_fee);
        fees.chain(policies.map(|version| &version.terms.fee))
    }

    /// Whether some contract, in any version, has agencies.
    #[must_use]
    pub fn has_agencies(&self) -> bool {
        self.contracts.values().flat_map(Versions::iter).any(|version| !version.terms.agencies.is_empty())
    }

    /// The attributes that the conditions of its fees ask for.
    #[must_use]
    pub fn selecting_attributes(&self) -> BTreeSet<&str> {
        let conditions = self.fee_rules().flat_map(FeeRule::entries).flat_map(|entry| &entry.when);
        let names = conditions.filter_map(|condition| match condition {
            Condition::Attribute { name, .. } => Some(name.as_str()),
            Condition::MonthsSinceJoiningBelow(_) | Condition::Paid(_) => None,
        });
        names.collect()
    }

    /// What is worth a look and no error, in the order of the book: terms that can't be meant, each found from the book alone.
    ///
    /// | code | what is found |
    /// | --- | --- |
    /// | `suspicious-units` | a formula adds or compares an amount and a rate |
    /// | `unused-parameter` | no formula, in any version, uses the parameter |
    /// | `redundant-version` | a version says in all what the one before it says |
    /// | `rate-above-whole` | a rate is above 100 % |
    /// | `minimum-above-maximum`, `fixed-above-maximum` | another part of a fee is above its maximum |
    /// | `redundant-tier` | a bracket has the rate of the one before it |
    /// | `tier-cliff` | under whole tiers a larger volume pays less in all |
    /// | `impossible-select` | an entry's conditions can't hold together |
    /// | `shadowed-select` | whatever meets an entry meets an earlier one first |
    /// | `redundant-select` | without the entry the same fee applies |
    /// | `negative-settlement` | a contract's fee is more than the order, from [`Options::smallest_order_amount`] up |
    /// | `version-gap` | a partner can have orders before its default contract begins |
    ///
    /// Orders name contracts, policies and attributes of their own, so none of these is found: a contract that is nobody's
    /// default, a policy that begins after the contracts, an attribute that no partner has, additional fees that together
    /// with a contract's take more than an order. Only partners that say when they joined have gaps, and none before the first
    /// contract of the book. Two versions from one day, and tiers that can't be reached, are errors.
    ///
    /// ```
    /// use jeongsan::book::Book;
    /// use jeongsan::contract::Contract;
    /// use jeongsan::fee::{Fee, VatPayer};
    /// use jeongsan::money::{Amount, Currency};
    /// use jeongsan::schedule::Cycle;
    ///
    /// let contract = Contract::new(Fee::of_fixed(Amount::new(1_000))?, VatPayer::Partner, Cycle::default());
    /// let book = Book::builder(Currency::KRW).contract("standard".parse()?, None, contract).build()?;
    /// let [finding] = &book.warnings()[..] else { panic!() };
    /// assert_eq!(finding.code(), "negative-settlement");
    /// assert_eq!(finding.to_string(), "contracts[0].platform_fee: an order of `500` settles at `-600`");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn warnings(&self) -> Vec<BookProblem> {
        findings::of(self)
    }

    /// The contracts with their versions, by id.
    pub fn contracts(&self) -> impl Iterator<Item = (&ContractId, &Versions<Contract>)> {
        self.contracts.iter()
    }

    /// A contract's versions.
    #[must_use]
    pub fn contract(&self, id: &ContractId) -> Option<&Versions<Contract>> {
        self.contracts.get(id)
    }

    /// The discount-share policies with their versions, by id.
    pub fn discount_share_policies(
        &self,
    ) -> impl Iterator<Item = (&DiscountSharePolicyId, &Versions<DiscountSharePolicy>)> {
        self.discount_share_policies.iter()
    }

    /// The additional-fee policies with their versions, by id.
    pub fn additional_fee_policies(
        &self,
    ) -> impl Iterator<Item = (&AdditionalFeePolicyId, &Versions<AdditionalFeePolicy>)> {
        self.additional_fee_policies.iter()
    }

    /// The partners with their versions, by id.
    pub fn partners(&self) -> impl Iterator<Item = (&PartnerId, &Versions<Partner>)> {
        self.partners.iter()
    }
}

/// A problem of a book: where it is and what is wrong there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BookProblem {
    path: String,
    code: &'static str,
    message: String,
    formula: Option<FormulaExcerpt>,
}

/// Where in a formula a problem is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FormulaExcerpt {
    /// The formula.
    pub text: String,
    /// The place in it, in Unicode scalar values from 0, half-open.
    pub span: Range<usize>,
    /// What was probably meant.
    pub help: Option<String>,
}

impl BookProblem {
    pub(crate) const fn new(path: String, code: &'static str, message: String) -> Self {
        Self { path, code, message, formula: None }
    }

    /// The formula at fault and where in it, if it is one.
    #[must_use]
    pub const fn formula(&self) -> Option<&FormulaExcerpt> {
        self.formula.as_ref()
    }

    /// The place, as in `contracts[2].platform_fee.rate`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The kind of problem, in kebab case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// What is wrong, in a sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for BookProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// Every problem of a book; at least one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BookError {
    problems: Vec<BookProblem>,
}

impl BookError {
    pub(crate) const fn new(problems: Vec<BookProblem>) -> Self {
        Self { problems }
    }

    /// The problems, in the order of the book.
    #[must_use]
    pub fn problems(&self) -> &[BookProblem] {
        &self.problems
    }
}

impl fmt::Display for BookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            write!(f, "{}{problem}", if i == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl core::error::Error for BookError {}

/// A versioned entry together with its place in the list it came from.
#[derive(Clone, Debug)]
struct Placed<I, T> {
    place: usize,
    id: I,
    applies_from: Option<NaiveDate>,
    terms: T,
    archived: bool,
}

impl<I, T> Placed<I, T> {
    fn new(place: usize, id: I, version: Version<T>) -> Self {
        let Version { applies_from, terms, archived } = version;
        Self { place, id, applies_from, terms, archived }
    }
}

/// Gathers a book's parts; [`BookBuilder::build`] judges them together.
#[derive(Clone, Debug)]
pub struct BookBuilder {
    currency: Currency,
    calendar: Option<CalendarId>,
    rounding: RoundingRules,
    options: Options,
    payout: PayableTerms,
    formulas: FormulaVersions,
    contracts: Vec<Placed<ContractId, Contract>>,
    discount_share_policies: Vec<Placed<DiscountSharePolicyId, DiscountSharePolicy>>,
    additional_fee_policies: Vec<Placed<AdditionalFeePolicyId, AdditionalFeePolicy>>,
    partners: Vec<Placed<PartnerId, Partner>>,
    problems: Vec<BookProblem>,
}

impl BookBuilder {
    fn new(currency: Currency) -> Self {
        Self {
            currency,
            calendar: None,
            rounding: RoundingRules::default(),
            options: Options::default(),
            payout: PayableTerms::default(),
            formulas: FormulaVersions::default(),
            contracts: Vec::new(),
            discount_share_policies: Vec::new(),
            additional_fee_policies: Vec::new(),
            partners: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Sets the calendar that settlement dates go by.
    #[must_use]
    pub fn calendar(self, calendar: CalendarId) -> Self {
        Self { calendar: Some(calendar), ..self }
    }

    /// Sets how figures become whole.
    #[must_use]
    pub fn rounding(self, rounding: RoundingRules) -> Self {
        Self { rounding, ..self }
    }

    /// Sets what holds for the whole book.
    #[must_use]
    pub fn options(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// Sets when and how partners are paid that have no terms of their own.
    #[must_use]
    pub fn payout(self, payout: PayableTerms) -> Self {
        Self { payout, ..self }
    }

    /// States formulas, from a day on or always; a later version changes what it names.
    #[must_use]
    pub fn formulas(mut self, applies_from: Option<NaiveDate>, texts: FormulaTexts) -> Self {
        self.put_formulas(applies_from, "formulas".into(), texts);
        self
    }

    /// States parameters with their defaults, from a day on or always; a later version changes what it names.
    #[must_use]
    pub fn parameters(mut self, applies_from: Option<NaiveDate>, values: BTreeMap<String, Value>) -> Self {
        self.put_parameters(applies_from, "parameters".into(), values);
        self
    }

    /// Adds a contract, or a version of one; the earliest may leave its date out.
    #[must_use]
    pub fn contract(self, id: ContractId, applies_from: Option<NaiveDate>, terms: Contract) -> Self {
        self.contract_version(id, Version { applies_from, terms, archived: false })
    }

    /// Adds a version of a contract, archived or not.
    #[must_use]
    pub fn contract_version(mut self, id: ContractId, version: Version<Contract>) -> Self {
        self.put_contract(self.contracts.len(), id, version);
        self
    }

    /// Adds a discount-share policy, or a version of one.
    #[must_use]
    pub fn discount_share_policy(
        self,
        id: DiscountSharePolicyId,
        applies_from: Option<NaiveDate>,
        terms: DiscountSharePolicy,
    ) -> Self {
        self.discount_share_policy_version(id, Version { applies_from, terms, archived: false })
    }

    /// Adds a version of a discount-share policy, archived or not.
    #[must_use]
    pub fn discount_share_policy_version(
        mut self,
        id: DiscountSharePolicyId,
        version: Version<DiscountSharePolicy>,
    ) -> Self {
        self.put_discount_share_policy(self.discount_share_policies.len(), id, version);
        self
    }

    /// Adds an additional-fee policy, or a version of one.
    #[must_use]
    pub fn additional_fee_policy(
        self,
        id: AdditionalFeePolicyId,
        applies_from: Option<NaiveDate>,
        terms: AdditionalFeePolicy,
    ) -> Self {
        self.additional_fee_policy_version(id, Version { applies_from, terms, archived: false })
    }

    /// Adds a version of an additional-fee policy, archived or not.
    #[must_use]
    pub fn additional_fee_policy_version(
        mut self,
        id: AdditionalFeePolicyId,
        version: Version<AdditionalFeePolicy>,
    ) -> Self {
        self.put_additional_fee_policy(self.additional_fee_policies.len(), id, version);
        self
    }

    /// Adds a partner.
    #[must_use]
    pub fn partner(self, id: PartnerId, partner: Partner) -> Self {
        self.partner_version(id, Version { applies_from: None, terms: partner, archived: false })
    }

    /// Adds a version of a partner, archived or not.
    #[must_use]
    pub fn partner_version(mut self, id: PartnerId, version: Version<Partner>) -> Self {
        self.put_partner(self.partners.len(), id, version);
        self
    }

    pub(crate) fn put_formulas(
        &mut self,
        applies_from: Option<NaiveDate>,
        path: String,
        texts: FormulaTexts,
    ) {
        self.formulas.formulas.push((applies_from, path, texts));
    }

    pub(crate) fn put_parameters(
        &mut self,
        applies_from: Option<NaiveDate>,
        path: String,
        values: BTreeMap<String, Value>,
    ) {
        self.formulas.parameters.push((applies_from, path, values));
    }

    pub(crate) fn put_contract(&mut self, place: usize, id: ContractId, version: Version<Contract>) {
        self.contracts.push(Placed::new(place, id, version));
    }

    pub(crate) fn put_discount_share_policy(
        &mut self,
        place: usize,
        id: DiscountSharePolicyId,
        version: Version<DiscountSharePolicy>,
    ) {
        self.discount_share_policies.push(Placed::new(place, id, version));
    }

    pub(crate) fn put_additional_fee_policy(
        &mut self,
        place: usize,
        id: AdditionalFeePolicyId,
        version: Version<AdditionalFeePolicy>,
    ) {
        self.additional_fee_policies.push(Placed::new(place, id, version));
    }

    pub(crate) fn put_partner(&mut self, place: usize, id: PartnerId, version: Version<Partner>) {
        self.partners.push(Placed::new(place, id, version));
    }

    /// Notes problems that reading a document found, to be reported with the others.
    pub(crate) fn note_all(&mut self, problems: Vec<BookProblem>) {
        self.problems.extend(problems);
    }

    /// The book, when its parts are sound together.
    ///
    /// # Errors
    /// Every problem there is: two versions of one id from the same day, a partner listed twice, a default contract that
    /// doesn't exist.
    pub fn build(self) -> Result<Book, BookError> {
        let listing = Listing::of(&self);
        let mut problems = self.problems;
        let formulas = self.formulas.compile(self.options.user_formulas_max, &mut problems);
        check_bases(&self.contracts, &mut problems);
        check_fees_against_formulas(&formulas, &self.contracts, &self.additional_fee_policies, &mut problems);
        check_funders_against_formulas(&formulas, &self.discount_share_policies, &mut problems);
        check_corrections(self.options.cancel, &self.contracts, &self.additional_fee_policies, &mut problems);
        let contracts = group("contracts", "contract", self.contracts, &mut problems);
        let discount_share_policies = group(
            "discount_share_policies",
            "discount-share policy",
            self.discount_share_policies,
            &mut problems,
        );
        let additional_fee_policies = group(
            "additional_fee_policies",
            "additional-fee policy",
            self.additional_fee_policies,
            &mut problems,
        );
        let partners = group_partners(self.partners, &contracts, &mut problems);
        check_agencies(&listing, &contracts, &partners, &mut problems);
        if !problems.is_empty() {
            return Err(BookError { problems });
        }
        Ok(Book {
            currency: self.currency,
            calendar: self.calendar,
            rounding: self.rounding,
            options: self.options,
            payout: self.payout,
            formulas,
            contracts,
            discount_share_policies,
            additional_fee_policies,
            partners,
            listing,
        })
    }
}

/// A contract's fee is charged on lines too, and no line has a part of the shipping amount.
fn check_bases(contracts: &[Placed<ContractId, Contract>], problems: &mut Vec<BookProblem>) {
    for contract in contracts.iter().filter(|contract| contract.terms.platform_fee_base == FeeBase::Shipping)
    {
        let path = format!("contracts[{}].platform_fee_base", contract.place);
        let message = "a fee on shipping, which belongs to no line, is an additional fee";
        problems.push(BookProblem::new(path, "invalid-base", message.into()));
    }
}

/// Fees that are corrected later: all that go by sales are corrected alike, for a cancellation counts in one month, and what a correction
/// starts from is what is left of an order, which under `independent` says nothing of what came back.
fn check_corrections(
    cancel: CancelMode,
    contracts: &[Placed<ContractId, Contract>],
    policies: &[Placed<AdditionalFeePolicyId, AdditionalFeePolicy>],
    problems: &mut Vec<BookProblem>,
) {
    let contract_fees = contracts.iter().map(|contract| {
        (format!("contracts[{}].platform_fee", contract.place), &contract.terms.platform_fee)
    });
    let policy_fees = policies
        .iter()
        .map(|policy| (format!("additional_fee_policies[{}].fee", policy.place), &policy.terms.fee));
    let mut first = None;
    let needs_cumulative = |path: String, what: &str| {
        let message = format!("{what} needs cancellations to be `cumulative`");
        BookProblem::new(path, "cancel-mode-conflict", message)
    };
    for (path, rule) in contract_fees.chain(policy_fees) {
        for tiers in rule.sales_tiers() {
            let late = tiers.late();
            if *first.get_or_insert(late) != late {
                let message = "all tiers that go by sales have one way with late changes";
                problems.push(BookProblem::new(path.clone(), "mixed-late", message.into()));
            }
            if late == LateChange::Retier && cancel == CancelMode::Independent {
                problems.push(needs_cumulative(path.clone(), "`retier`"));
            }
        }
    }
    for contract in contracts.iter().filter(|contract| contract.terms.is_provisional) {
        if cancel == CancelMode::Independent {
            let path = format!("contracts[{}].provisional", contract.place);
            problems.push(needs_cumulative(path, "a provisional fee"));
        }
    }
}

/// Agencies are partners, and none of them settles under its own contract by default.
fn check_agencies(
    listing: &Listing,
    contracts: &BTreeMap<ContractId, Versions<Contract>>,
    partners: &BTreeMap<PartnerId, Versions<Partner>>,
    problems: &mut Vec<BookProblem>,
) {
    for (path, contract, agency) in listing.agencies(contracts) {
        let agency = &agency.partner;
        let (code, message) = match partners.get(agency) {
            None => ("unknown-partner", format!("unknown partner `{agency}`")),
            Some(versions)
                if versions
                    .iter()
                    .any(|version| version.terms.default_contract.as_ref() == Some(contract)) =>
            {
                ("agency-is-seller", format!("partner `{agency}` settles under the contract by default"))
            }
            Some(_) => continue,
        };
        problems.push(BookProblem::new(format!("{path}.partner"), code, message));
    }
}

/// Fees that only the default formulas can compute: a marginal tier, and a fee on another base than the order.
fn check_fees_against_formulas(
    formulas: &Versions<FormulaSet>,
    contracts: &[Placed<ContractId, Contract>],
    policies: &[Placed<AdditionalFeePolicyId, AdditionalFeePolicy>],
    problems: &mut Vec<BookProblem>,
) {
    let is_custom = |formula: fn(&FormulaSet) -> &Formula| {
        formulas.iter().any(|version| !formula(&version.terms).is_default())
    };
    let (custom_platform, custom_additional) =
        (is_custom(|set| &set.platform_fee), is_custom(|set| &set.additional_fee));
    let mut report = |path: String, message: &str| {
        problems.push(BookProblem::new(path, "formula-conflict", message.into()));
    };
    for contract in contracts.iter().filter(|_| custom_platform) {
        if contract.terms.platform_fee.is_marginal() {
            let path = format!("contracts[{}].platform_fee", contract.place);
            report(path, "a marginal tier needs the default platform-fee formula");
        }
        if contract.terms.platform_fee_base != FeeBase::Order {
            let path = format!("contracts[{}].platform_fee_base", contract.place);
            report(path, "a base other than the order needs the default platform-fee formula");
        }
    }
    for policy in policies.iter().filter(|_| custom_additional) {
        if policy.terms.fee.is_marginal() {
            let path = format!("additional_fee_policies[{}].fee", policy.place);
            report(path, "a marginal tier needs the default additional-fee formula");
        }
        if policy.terms.base != FeeBase::Order {
            let path = format!("additional_fee_policies[{}].base", policy.place);
            report(path, "a base other than the order needs the default additional-fee formula");
        }
    }
}

/// Lists of funders that a formula of the book's own would pass over.
fn check_funders_against_formulas(
    formulas: &Versions<FormulaSet>,
    policies: &[Placed<DiscountSharePolicyId, DiscountSharePolicy>],
    problems: &mut Vec<BookProblem>,
) {
    if formulas.iter().all(|version| version.terms.discount_share.is_default()) {
        return;
    }
    for policy in policies.iter().filter(|policy| policy.terms.funding.partner_alone().is_none()) {
        let path = format!("discount_share_policies[{}].funders", policy.place);
        let message = "a list of funders needs the default discount-share formula";
        problems.push(BookProblem::new(path, "formula-conflict", message.into()));
    }
}

/// Brings the versions of each partner together, all of them under contracts that exist.
fn group_partners(
    entries: Vec<Placed<PartnerId, Partner>>,
    contracts: &BTreeMap<ContractId, Versions<Contract>>,
    problems: &mut Vec<BookProblem>,
) -> BTreeMap<PartnerId, Versions<Partner>> {
    let mut partners: BTreeMap<PartnerId, Versions<Partner>> = BTreeMap::new();
    for Placed { place, id, applies_from, terms, archived } in entries {
        if let Some(contract) = &terms.default_contract
            && !contracts.contains_key(contract)
        {
            problems.push(BookProblem::new(
                format!("partners[{place}].default_contract"),
                "unknown-contract",
                format!("unknown contract `{contract}`"),
            ));
        }
        let versions = partners.entry(id.clone()).or_default();
        if versions.insert_version(Version { applies_from, terms, archived }).is_err() {
            let (field, code, message) = match applies_from {
                None => ("id", "duplicate-partner", format!("partner `{id}` is listed twice")),
                Some(date) => (
                    "applies_from",
                    "duplicate-version",
                    format!("partner `{id}` has two versions from {date}"),
                ),
            };
            problems.push(BookProblem::new(format!("partners[{place}].{field}"), code, message));
        }
    }
    partners
}

/// Brings the versions of each id together.
fn group<I: Clone + fmt::Display + Ord, T>(
    list: &str,
    what: &str,
    entries: Vec<Placed<I, T>>,
    problems: &mut Vec<BookProblem>,
) -> BTreeMap<I, Versions<T>> {
    let mut groups: BTreeMap<I, Versions<T>> = BTreeMap::new();
    for Placed { place, id, applies_from, terms, archived } in entries {
        let versions = groups.entry(id.clone()).or_default();
        if versions.insert_version(Version { applies_from, terms, archived }).is_err() {
            let day = applies_from.map_or_else(|| "without a date".into(), |date| format!("from {date}"));
            let message = format!("{what} `{id}` has two versions {day}");
            problems.push(BookProblem::new(
                format!("{list}[{place}].applies_from"),
                "duplicate-version",
                message,
            ));
        }
    }
    groups
}
