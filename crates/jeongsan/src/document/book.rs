//! The policy book as a document.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::book::{
    Book, BookBuilder, BookError, BookProblem, FormulaTexts, Options, RoundingRules, UserFormulaText,
};
use crate::contract::{Agency, AgencyBase, Contract};
use crate::fee::{FeeBase, VatPayer};
use crate::formula::Value;
use crate::id::IdError;
use crate::money::{Amount, Currency, Rounding};
use crate::partner::PayableTerms;
use crate::policy::{AdditionalFeePolicy, DiscountSharePolicy, Labels, Version};
use crate::rate::RateError;
use crate::schedule::Cycle;

use super::map::{distinct, distinct_each, map_document};
use super::payable_terms::to_split;
use super::value::offset;
use super::{
    CycleDocument, Day, FeeDocument, FunderDocument, GradeDocument, MinorUnits, OnCancelDocument,
    PayableTermsDocument, SplitPartDocument, VerificationDocument,
};

/// The version of the book's format that this crate reads.
const BOOK_VERSION: u32 = 1;

/// The policy book as it is written.
///
/// ```
/// use jeongsan::document::BookDocument;
///
/// let text = r#"{"version": 1, "currency": "KRW",
///     "contracts": [{"id": "standard", "platform_fee": {"rate": "10 %"}, "platform_fee_vat_payer": "partner"}],
///     "partners": [{"id": "seller-1", "kind": "company", "default_contract": "gold"}]}"#;
/// let document: BookDocument = serde_json::from_str(text)?;
/// let error = document.to_book().unwrap_err();
/// let problems: Vec<String> = error.problems().iter().map(|problem| problem.to_string()).collect();
/// assert_eq!(problems, [
///     "contracts[0].platform_fee.rate: rate `10 %` is no number such as `3.74%` or `0.0374`",
///     "partners[0].kind: partner kind `company` is none of `business`, `withholding`, `non-withholding`",
///     "partners[0].default_contract: unknown contract `gold`",
/// ]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct BookDocument {
    /// The version of the format, 1.
    pub version: u32,
    /// The currency of every amount, by its code.
    pub currency: String,
    /// The calendar that settlement dates go by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// How figures become whole.
    #[serde(default)]
    pub rounding: RoundingDocument,
    /// What holds for the whole book.
    #[serde(default)]
    pub options: OptionsDocument,
    /// When and how partners are paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout: Option<PayableTermsDocument>,
    /// Formulas of the book's own, in force from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formulas: Option<FormulasDocument>,
    /// Later versions of formulas; each changes what it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formulas_from: Vec<FormulasDocument>,
    /// Settlement parameters with their defaults, as decimal texts.
    #[serde(default, deserialize_with = "distinct", skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// Later versions of parameters, each with its `applies_from`; each changes what it names.
    #[serde(default, deserialize_with = "distinct_each", skip_serializing_if = "Vec::is_empty")]
    pub parameters_from: Vec<BTreeMap<String, String>>,
    /// The contracts; several entries with one id are its versions.
    #[serde(default)]
    pub contracts: Vec<ContractDocument>,
    /// The discount-share policies and their versions.
    #[serde(default)]
    pub discount_share_policies: Vec<DiscountSharePolicyDocument>,
    /// The additional-fee policies and their versions.
    #[serde(default)]
    pub additional_fee_policies: Vec<AdditionalFeePolicyDocument>,
    /// The partners.
    #[serde(default)]
    pub partners: Vec<PartnerDocument>,
}

/// Roundings by figure, each left out for its default.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct RoundingDocument {
    /// Of the platform fee.
    pub platform_fee: Option<String>,
    /// Of additional fees.
    pub additional_fee: Option<String>,
    /// Of discount shares.
    pub discount_share: Option<String>,
    /// Of VAT.
    pub vat: Option<String>,
    /// Of the settlement.
    pub settlement: Option<String>,
    /// `per-line` or `per-order`.
    pub scope: Option<String>,
}

/// Options, each left out for its default.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct OptionsDocument {
    /// `cumulative` or `independent`.
    pub cancel: Option<String>,
    /// Whether a date moved to or before the start is put on the following business day instead.
    pub adjust_after_holiday_if_earlier: Option<bool>,
    /// How the months since a partner joined are counted.
    pub tenure_counting: Option<String>,
    /// The offset of the time zone of weekdays and times of day, `+09:00` where it is left out.
    pub time_zone: Option<String>,
    /// The first month, as `YYYY-MM`, whose sales the events of a run hold whole.
    pub sales_known_from: Option<String>,
    /// How many user formulas the book may have.
    pub user_formulas_max: Option<u16>,
    /// The VAT rate.
    pub vat_rate: Option<String>,
    /// The order amount below which a negative settlement is no finding, in minor units.
    pub smallest_order_amount: Option<MinorUnits>,
}

/// Formulas as they are written, each left out for the one in force before.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct FormulasDocument {
    /// In `formulas_from`: the first day of this version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies_from: Option<Day>,
    /// The platform fee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_fee: Option<String>,
    /// The partner's share of a discount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_share: Option<String>,
    /// An additional fee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_fee: Option<String>,
    /// The settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement: Option<String>,
    /// The tax-free part of the settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_tax_free: Option<String>,
    /// Figures of the merchant's own, in the order of their evaluation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Vec<UserFormulaDocument>>,
}

/// A figure of the merchant's own as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct UserFormulaDocument {
    /// The key by which later formulas use it.
    pub key: String,
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// The formula.
    pub formula: String,
    /// How its value becomes whole; `down` where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounding: Option<String>,
}

/// A version of a contract as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct ContractDocument {
    /// The contract's id.
    pub id: String,
    /// The first day of this version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies_from: Option<Day>,
    /// Whether this version takes it out of use.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub archived: bool,
    /// The fee.
    pub platform_fee: FeeDocument,
    /// `partner` or `merchant`.
    pub platform_fee_vat_payer: String,
    /// `order`, `payment` or `after-discount`; `order` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_fee_base: Option<String>,
    /// Whether the payment's VAT is taken off the settlement.
    #[serde(default)]
    pub subtract_payment_vat: bool,
    /// When settlements fall due. Where it is left out, on the business day after the start date, or with
    /// `adjust_after_holiday_if_earlier = false` on the start date itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle: Option<CycleDocument>,
    /// The parts in which settlements fall due, where they don't fall due whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub split: Vec<SplitPartDocument>,
    /// What a cancellation gives back and what it charges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_cancel: Option<OnCancelDocument>,
    /// Whether its fee stands until a true-up settles the final one.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub provisional: bool,
    /// Who takes a share of its settlements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<AgencyDocument>,
    /// Free text.
    #[serde(default)]
    pub memo: String,
    /// Tags to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Named values.
    #[serde(default, deserialize_with = "distinct")]
    pub properties: BTreeMap<String, String>,
}

/// An agency of a contract as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct AgencyDocument {
    /// The partner that it is.
    pub partner: String,
    /// What it takes: `rate` or `fixed` or both, with `min` and `max`.
    pub share: FeeDocument,
    /// `platform-fee` or `settlement`.
    pub of: String,
}

/// A version of a discount-share policy as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct DiscountSharePolicyDocument {
    /// The policy's id.
    pub id: String,
    /// The first day of this version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies_from: Option<Day>,
    /// Whether this version takes it out of use.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub archived: bool,
    /// The part that the partner bears, at most 100 %; the merchant bears the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_share: Option<String>,
    /// In its place: who bears the discount, in order. The merchant bears what no one takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funders: Option<Vec<FunderDocument>>,
    /// With `funders`: where goes what is above a cap, `merchant` or `next`; `merchant` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overflow: Option<String>,
    /// The order amount before discounts that the coupon asks for, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_order: Option<MinorUnits>,
    /// Free text.
    #[serde(default)]
    pub memo: String,
    /// Tags to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Named values.
    #[serde(default, deserialize_with = "distinct")]
    pub properties: BTreeMap<String, String>,
}

/// A version of an additional-fee policy as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct AdditionalFeePolicyDocument {
    /// The policy's id.
    pub id: String,
    /// The first day of this version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies_from: Option<Day>,
    /// Whether this version takes it out of use.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub archived: bool,
    /// The fee.
    pub fee: FeeDocument,
    /// `partner` or `merchant`.
    pub vat_payer: String,
    /// `order`, `payment`, `after-discount` or `shipping`; `order` where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// How the fee becomes whole, where it differs from the book's rounding of additional fees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<String>,
    /// Free text.
    #[serde(default)]
    pub memo: String,
    /// Tags to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Named values.
    #[serde(default, deserialize_with = "distinct")]
    pub properties: BTreeMap<String, String>,
}

/// A version of a partner as it is written. Its `Debug` form masks the name.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct PartnerDocument {
    /// The partner's id.
    pub id: String,
    /// The first day of this version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies_from: Option<Day>,
    /// Whether this version takes it out of use.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub archived: bool,
    /// What it is called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `business`, `withholding` or `non-withholding`.
    pub kind: String,
    /// Of a business: `general`, `simplified-issuing`, `simplified` or `tax-free`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxation: Option<String>,
    /// The business registration number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_number: Option<String>,
    /// The contract of orders that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_contract: Option<String>,
    /// The day it joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined_on: Option<Day>,
    /// Its grades by the instants at which they change, in ascending order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<GradeDocument>,
    /// Where it is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountDocument>,
    /// When and how it is paid, where that isn't as the book says for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout: Option<PayableTermsDocument>,
    /// Free text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub memo: String,
    /// Tags to find it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Named values.
    #[serde(default, deserialize_with = "distinct", skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, String>,
}

/// A bank account as it is written. Its `Debug` form masks number and holder.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct AccountDocument {
    /// The bank's code.
    pub bank: String,
    /// The account number.
    pub number: String,
    /// Whose it is.
    pub holder: String,
    /// The currency it holds, by its code.
    pub currency: String,
    /// How far it is verified; not at all where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<VerificationDocument>,
}

map_document! {
    BookDocument => "the fields of a book",
    RoundingDocument => "the roundings of a book",
    OptionsDocument => "the options of a book",
    FormulasDocument => "the formulas of a book",
    UserFormulaDocument => "the fields of a user formula",
    ContractDocument => "the fields of a contract",
    DiscountSharePolicyDocument => "the fields of a discount-share policy",
    AdditionalFeePolicyDocument => "the fields of an additional-fee policy",
    PartnerDocument => "the fields of a partner",
    AccountDocument => "the fields of an account",
    AgencyDocument => "the fields of an agency",
}

impl fmt::Debug for AccountDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountDocument").field("bank", &self.bank).finish_non_exhaustive()
    }
}

impl fmt::Debug for PartnerDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartnerDocument")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Finds problems while it reads, and goes on with a stand-in so that it finds all of them. The book is refused in the end.
#[derive(Default)]
pub(super) struct Reader {
    problems: Vec<BookProblem>,
}

impl Reader {
    pub(super) fn into_problems(self) -> Vec<BookProblem> {
        self.problems
    }

    pub(super) fn note(&mut self, path: &str, code: &'static str, message: impl ToString) {
        self.problems.push(BookProblem::new(path.into(), code, message.to_string()));
    }

    pub(super) fn first_problem(self) -> Option<BookProblem> {
        self.problems.into_iter().next()
    }

    pub(super) fn value<T: FromStr<Err: fmt::Display>>(&mut self, path: &str, text: &str) -> Option<T> {
        text.parse().map_err(|error| self.note(path, "unknown-value", error)).ok()
    }

    pub(super) fn value_or<T: FromStr<Err: fmt::Display>>(
        &mut self,
        path: &str,
        text: Option<&str>,
        default: T,
    ) -> T {
        text.and_then(|text| self.value(path, text)).unwrap_or(default)
    }

    pub(super) fn id<T: FromStr<Err = IdError>>(&mut self, path: &str, text: &str) -> Option<T> {
        text.parse().map_err(|error| self.note(path, "invalid-id", error)).ok()
    }

    pub(super) fn rate<T: Default + FromStr<Err = RateError>>(&mut self, path: &str, text: &str) -> T {
        text.parse().map_err(|error: RateError| self.note(path, error.code(), error)).unwrap_or_default()
    }

    pub(super) fn amount(&mut self, path: &str, number: MinorUnits) -> Amount {
        number.amount().unwrap_or_else(|| {
            self.note(path, "out-of-range", "the number is out of range");
            Amount::ZERO
        })
    }

    /// An amount that can't be negative.
    fn amount_from_zero(&mut self, path: &str, number: MinorUnits) -> Amount {
        let amount = self.amount(path, number);
        if amount.is_negative() {
            self.note(path, "negative-amount", format!("`{amount}` is negative"));
        }
        amount
    }

    /// A value that must be given.
    pub(super) fn required_value<T: FromStr<Err: fmt::Display>>(
        &mut self,
        path: &str,
        text: Option<&str>,
        stand_in: T,
    ) -> T {
        if text.is_none() {
            self.note(path, "missing-field", "the field is missing");
        }
        self.value_or(path, text, stand_in)
    }

    fn agencies(&mut self, path: &str, documents: &[AgencyDocument]) -> Vec<Agency> {
        let mut agencies = Vec::with_capacity(documents.len());
        for (place, document) in documents.iter().enumerate() {
            let at = |field: &str| format!("{path}[{place}].{field}");
            let partner = self.id(&at("partner"), &document.partner);
            let share = self.flat_fee(&at("share"), &document.share);
            let of = self.value_or(&at("of"), Some(&document.of), AgencyBase::PlatformFee);
            agencies.extend(partner.map(|partner| Agency { partner, share, of }));
        }
        agencies
    }

    pub(super) fn cycle(&mut self, path: &str, document: Option<&CycleDocument>) -> Cycle {
        let cycle = document.map_or_else(|| Ok(Cycle::default()), CycleDocument::to_cycle);
        cycle.unwrap_or_else(|problems| {
            for problem in problems {
                self.note(&format!("{path}.{}", problem.path()), problem.code(), &problem);
            }
            Cycle::default()
        })
    }
}

pub(super) fn labels(memo: &str, tags: &[String], properties: &BTreeMap<String, String>) -> Labels {
    Labels { memo: memo.into(), tags: tags.to_vec(), properties: properties.clone() }
}

pub(super) fn date(day: Option<Day>) -> Option<NaiveDate> {
    day.map(|Day(date)| date)
}

impl BookDocument {
    /// The book, if the document describes a sound one.
    ///
    /// # Errors
    /// Every problem there is, each with its path.
    pub fn to_book(&self) -> Result<Book, BookError> {
        let mut reader = Reader::default();
        if self.version != BOOK_VERSION {
            let message = format!(
                "version {} of the book format is unknown, this is version {BOOK_VERSION}",
                self.version
            );
            reader.note("version", "unknown-version", message);
        }
        let currency = reader.value_or("currency", Some(&self.currency), Currency::KRW);
        let mut builder = Book::builder(currency);
        if let Some(calendar) = self.calendar.as_ref().and_then(|text| reader.id("calendar", text)) {
            builder = builder.calendar(calendar);
        }
        builder = builder
            .rounding(self.rounding.to_rules(&mut reader))
            .options(self.options.to_options(&mut reader));
        self.read_formulas(&mut reader, &mut builder);
        self.read_parameters(&mut reader, &mut builder);
        self.read_contracts(&mut reader, &mut builder);
        self.read_policies(&mut reader, &mut builder);
        let payout = self.payout.as_ref().map(|payout| payout.to_terms(&mut reader, "payout"));
        let payout = payout.unwrap_or_default();
        self.read_partners(&mut reader, &mut builder, &payout);
        builder = builder.payout(payout);
        builder.note_all(reader.problems);
        builder.build()
    }

    fn read_formulas(&self, reader: &mut Reader, builder: &mut BookBuilder) {
        if let Some(document) = &self.formulas {
            if document.applies_from.is_some() {
                let message = "the first formulas are always in force; later ones stand in `formulas_from`";
                reader.note("formulas.applies_from", "misplaced-field", message);
            }
            builder.put_formulas(None, "formulas".into(), document.to_texts(reader, "formulas"));
        }
        for (place, document) in self.formulas_from.iter().enumerate() {
            let path = format!("formulas_from[{place}]");
            if document.applies_from.is_none() {
                reader.note(&format!("{path}.applies_from"), "missing-field", "the field is missing");
            }
            let texts = document.to_texts(reader, &path);
            builder.put_formulas(date(document.applies_from), path, texts);
        }
    }

    fn read_parameters(&self, reader: &mut Reader, builder: &mut BookBuilder) {
        let later = self.parameters_from.iter().enumerate();
        let later = later.map(|(place, values)| (format!("parameters_from[{place}]"), values));
        for (path, texts) in [("parameters".into(), &self.parameters)].into_iter().chain(later) {
            let is_first = path == "parameters";
            let mut applies_from = None;
            let mut values = BTreeMap::new();
            for (key, text) in texts {
                let at = format!("{path}.{key}");
                if key == "applies_from" && !is_first {
                    applies_from = Day::parse(text);
                    if applies_from.is_none() {
                        reader.note(&at, "unknown-value", format!("`{text}` is no date as YYYY-MM-DD"));
                    }
                } else if let Some(value) = reader.value::<Value>(&at, text) {
                    values.insert(key.clone(), value);
                }
            }
            if !is_first && !texts.contains_key("applies_from") {
                reader.note(&format!("{path}.applies_from"), "missing-field", "the field is missing");
            }
            if !texts.is_empty() {
                builder.put_parameters(date(applies_from), path, values);
            }
        }
    }

    fn read_contracts(&self, reader: &mut Reader, builder: &mut BookBuilder) {
        for (place, document) in self.contracts.iter().enumerate() {
            let at = |field: &str| format!("contracts[{place}].{field}");
            let id = reader.id(&at("id"), &document.id);
            let fee = reader.fee_rule(&at("platform_fee"), &document.platform_fee);
            let payer = Some(document.platform_fee_vat_payer.as_str());
            let payer = reader.value_or(&at("platform_fee_vat_payer"), payer, VatPayer::Partner);
            let mut contract = Contract::new(fee, payer, reader.cycle(&at("cycle"), document.cycle.as_ref()));
            contract.platform_fee_base = reader.value_or(
                &at("platform_fee_base"),
                document.platform_fee_base.as_deref(),
                FeeBase::Order,
            );
            contract.subtracts_payment_vat = document.subtract_payment_vat;
            contract.split = to_split(reader, &at("split"), &document.split);
            if let Some(on_cancel) = &document.on_cancel {
                contract.on_cancel = on_cancel.to_on_cancel(reader, &at("on_cancel"));
            }
            contract.is_provisional = document.provisional;
            contract.agencies = reader.agencies(&at("agencies"), &document.agencies);
            contract.labels = labels(&document.memo, &document.tags, &document.properties);
            if let Some(id) = id {
                let applies_from = date(document.applies_from);
                let version = Version { applies_from, terms: contract, archived: document.archived };
                builder.put_contract(place, id, version);
            }
        }
    }

    fn read_policies(&self, reader: &mut Reader, builder: &mut BookBuilder) {
        for (place, document) in self.discount_share_policies.iter().enumerate() {
            let at = |field: &str| format!("discount_share_policies[{place}].{field}");
            let id = reader.id(&at("id"), &document.id);
            let funding = reader.funding(&format!("discount_share_policies[{place}]"), document);
            let mut policy = DiscountSharePolicy::funded_by(funding);
            policy.minimum_order =
                document.minimum_order.map(|number| reader.amount_from_zero(&at("minimum_order"), number));
            policy.labels = labels(&document.memo, &document.tags, &document.properties);
            if let Some(id) = id {
                let applies_from = date(document.applies_from);
                let version = Version { applies_from, terms: policy, archived: document.archived };
                builder.put_discount_share_policy(place, id, version);
            }
        }
        for (place, document) in self.additional_fee_policies.iter().enumerate() {
            let at = |field: &str| format!("additional_fee_policies[{place}].{field}");
            let id = reader.id(&at("id"), &document.id);
            let fee = reader.fee_rule(&at("fee"), &document.fee);
            let payer = reader.value_or(&at("vat_payer"), Some(&document.vat_payer), VatPayer::Partner);
            let base = reader.value_or(&at("base"), document.base.as_deref(), FeeBase::Order);
            let mut policy = AdditionalFeePolicy::new(fee, payer).on(base);
            policy.rounding = document.rounding.as_ref().and_then(|text| reader.value(&at("rounding"), text));
            policy.labels = labels(&document.memo, &document.tags, &document.properties);
            if let Some(id) = id {
                let applies_from = date(document.applies_from);
                let version = Version { applies_from, terms: policy, archived: document.archived };
                builder.put_additional_fee_policy(place, id, version);
            }
        }
    }

    fn read_partners(&self, reader: &mut Reader, builder: &mut BookBuilder, payout: &PayableTerms) {
        for (place, document) in self.partners.iter().enumerate() {
            let path = format!("partners[{place}]");
            let id = reader.id(&format!("{path}.id"), &document.id);
            let version = document.to_version(reader, &path);
            if let Err(error) = version.terms.payout.applied_to(payout).check() {
                reader.note(&format!("{path}.payout"), "invalid-terms", error);
            }
            let basis = version.terms.payout.basis.unwrap_or(payout.basis);
            if let Err(error) = basis.check(version.terms.kind) {
                reader.note(&format!("{path}.payout.basis"), error.code(), error);
            }
            if let Some(id) = id {
                builder.put_partner(place, id, version);
            }
        }
    }
}

impl FormulasDocument {
    fn to_texts(&self, reader: &mut Reader, path: &str) -> FormulaTexts {
        let mut texts = FormulaTexts::default();
        texts.platform_fee.clone_from(&self.platform_fee);
        texts.discount_share.clone_from(&self.discount_share);
        texts.additional_fee.clone_from(&self.additional_fee);
        texts.settlement.clone_from(&self.settlement);
        texts.settlement_tax_free.clone_from(&self.settlement_tax_free);
        let user = self.user.as_ref().map(|user| {
            let made = user.iter().enumerate().map(|(place, user)| UserFormulaText {
                key: user.key.clone(),
                name: user.name.clone(),
                formula: user.formula.clone(),
                rounding: reader.value_or(
                    &format!("{path}.user[{place}].rounding"),
                    user.rounding.as_deref(),
                    Rounding::Down,
                ),
            });
            made.collect()
        });
        texts.user = user;
        texts
    }
}

impl RoundingDocument {
    fn to_rules(&self, reader: &mut Reader) -> RoundingRules {
        let default = RoundingRules::default();
        let mut rule = |field, text: &Option<String>, default| {
            reader.value_or(&format!("rounding.{field}"), text.as_deref(), default)
        };
        RoundingRules {
            platform_fee: rule("platform_fee", &self.platform_fee, default.platform_fee),
            additional_fee: rule("additional_fee", &self.additional_fee, default.additional_fee),
            discount_share: rule("discount_share", &self.discount_share, default.discount_share),
            vat: rule("vat", &self.vat, default.vat),
            settlement: rule("settlement", &self.settlement, default.settlement),
            scope: reader.value_or("rounding.scope", self.scope.as_deref(), default.scope),
        }
    }
}

impl OptionsDocument {
    fn to_options(&self, reader: &mut Reader) -> Options {
        let mut options = Options::default();
        options.cancel = reader.value_or("options.cancel", self.cancel.as_deref(), options.cancel);
        options.tenure_counting = reader.value_or(
            "options.tenure_counting",
            self.tenure_counting.as_deref(),
            options.tenure_counting,
        );
        if let Some(text) = &self.time_zone {
            match offset(text) {
                Some(time_zone) => options.time_zone = time_zone,
                None => {
                    let shown: String = text.chars().take(40).collect();
                    let message = format!("`{shown}` is no offset of a time zone as +09:00");
                    reader.note("options.time_zone", "unknown-value", message);
                }
            }
        }
        options.sales_known_from =
            self.sales_known_from.as_ref().and_then(|text| reader.value("options.sales_known_from", text));
        if let Some(most) = self.user_formulas_max {
            options.user_formulas_max = usize::from(most);
        }
        if let Some(adjusts) = self.adjust_after_holiday_if_earlier {
            options.adjusts_after_holiday_if_earlier = adjusts;
        }
        if let Some(text) = &self.vat_rate {
            options.vat_rate = reader.rate("options.vat_rate", text);
        }
        if let Some(number) = self.smallest_order_amount {
            options.smallest_order_amount = reader.amount("options.smallest_order_amount", number);
        }
        options
    }
}
