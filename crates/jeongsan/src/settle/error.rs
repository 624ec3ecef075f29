//! Why an event can't be settled.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use crate::cancel::{CancelError, within_line};
use crate::fee::TierMeasure;
use crate::figures::Figure;
use crate::formula::{Context, EvaluationError};
use crate::id::{AdditionalFeePolicyId, ContractId, DiscountSharePolicyId, PartnerId, ProductId};
use crate::money::Amount;
use crate::sales::SalesMonth;
use crate::schedule::ScheduleError;

/// Why a book can't be made ready: the cycles that can't be resolved, at least one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ResolveError {
    pub(super) problems: Vec<CycleProblem>,
}

/// A contract's version whose cycle can't be resolved.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CycleProblem {
    /// The contract.
    pub contract: ContractId,
    /// The day from which the version applies.
    pub applies_from: Option<NaiveDate>,
    /// Why not.
    pub error: ScheduleError,
}

impl ResolveError {
    /// The cycles that can't be resolved.
    #[must_use]
    pub fn problems(&self) -> &[CycleProblem] {
        &self.problems
    }
}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, problem) in self.problems.iter().enumerate() {
            write!(f, "{}contract `{}`", if place == 0 { "" } else { "; " }, problem.contract)?;
            if let Some(date) = problem.applies_from {
                write!(f, " of {date}")?;
            }
            write!(f, ": {}", problem.error)?;
        }
        Ok(())
    }
}

impl core::error::Error for ResolveError {}

/// Why an event can't be settled. Of several faults the first is reported, in this order: partner, contract, policies, form of
/// the detail, amounts, dates.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SettleError {
    /// The book has no such partner.
    #[error("unknown partner `{partner}`")]
    UnknownPartner {
        /// The partner named.
        partner: PartnerId,
    },
    /// No version of the partner is in force yet.
    #[error("no version of partner `{partner}` is in force on {date}")]
    PartnerNotInForce {
        /// The partner.
        partner: PartnerId,
        /// The settlement start date, or the date of a manual entry.
        date: NaiveDate,
    },
    /// The partner is archived on the settlement start date, or the date of a manual entry.
    #[error("partner `{partner}` is archived{}", since(*from))]
    PartnerArchived {
        /// The partner.
        partner: PartnerId,
        /// Since when, if not always.
        from: Option<NaiveDate>,
    },
    /// The book has no such contract.
    #[error("unknown contract `{contract}`")]
    UnknownContract {
        /// The contract named.
        contract: ContractId,
    },
    /// The order names no contract and its partner has no default.
    #[error("no contract is named and partner `{partner}` has no default")]
    NoContract {
        /// The partner.
        partner: PartnerId,
    },
    /// No version of the contract is in force yet.
    #[error("no version of contract `{contract}` is in force on {date}")]
    ContractNotInForce {
        /// The contract.
        contract: ContractId,
        /// The settlement start date.
        date: NaiveDate,
    },
    /// The contract is archived on the order's start date.
    #[error("contract `{contract}` is archived{}", since(*from))]
    ContractArchived {
        /// The contract.
        contract: ContractId,
        /// Since when, if not always.
        from: Option<NaiveDate>,
    },
    /// The book has no such discount-share policy.
    #[error("unknown discount-share policy `{policy}`")]
    UnknownDiscountSharePolicy {
        /// The policy named.
        policy: DiscountSharePolicyId,
    },
    /// No version of the discount-share policy is in force yet.
    #[error("no version of discount-share policy `{policy}` is in force on {date}")]
    DiscountSharePolicyNotInForce {
        /// The policy.
        policy: DiscountSharePolicyId,
        /// The settlement start date.
        date: NaiveDate,
    },
    /// The discount-share policy is archived on the order's start date.
    #[error("discount-share policy `{policy}` is archived{}", since(*from))]
    DiscountSharePolicyArchived {
        /// The policy.
        policy: DiscountSharePolicyId,
        /// Since when, if not always.
        from: Option<NaiveDate>,
    },
    /// The book has no such additional-fee policy.
    #[error("unknown additional-fee policy `{policy}`")]
    UnknownAdditionalFeePolicy {
        /// The policy named.
        policy: AdditionalFeePolicyId,
    },
    /// No version of the additional-fee policy is in force yet.
    #[error("no version of additional-fee policy `{policy}` is in force on {date}")]
    AdditionalFeePolicyNotInForce {
        /// The policy.
        policy: AdditionalFeePolicyId,
        /// The settlement start date.
        date: NaiveDate,
    },
    /// The additional-fee policy is archived on the order's start date.
    #[error("additional-fee policy `{policy}` is archived{}", since(*from))]
    AdditionalFeePolicyArchived {
        /// The policy.
        policy: AdditionalFeePolicyId,
        /// Since when, if not always.
        from: Option<NaiveDate>,
    },
    /// An order in line form has no lines.
    #[error("the order has neither an amount nor lines")]
    NoLines,
    /// An order has more lines than [`ORDER_LINES_MAX`](crate::order::ORDER_LINES_MAX).
    #[error("the order has {lines} lines, {max} are the most", max = crate::order::ORDER_LINES_MAX)]
    TooManyLines {
        /// How many it has.
        lines: usize,
    },
    /// A fee goes by a volume that the order doesn't have.
    #[error("the fee goes by the measure `{measure}`, which the order doesn't have")]
    MissingVolume {
        /// The measure.
        measure: TierMeasure,
    },
    /// The partner of an order is an agency of its contract.
    #[error("partner `{partner}` is itself an agency of its contract")]
    AgencyIsSeller {
        /// The partner.
        partner: PartnerId,
    },
    /// A true-up is for a contract whose fee is final.
    #[error("contract `{contract}` has no provisional fee from {from} to {to}")]
    NotProvisional {
        /// The contract.
        contract: ContractId,
        /// The first day of the span.
        from: NaiveDate,
        /// Its last.
        to: NaiveDate,
    },
    /// A true-up's span ends before it begins.
    #[error("the span from {from} to {to} has no days")]
    EmptySpan {
        /// Its first day.
        from: NaiveDate,
        /// Its last.
        to: NaiveDate,
    },
    /// A true-up's fee can't settle the orders it is for.
    #[error("{reason}")]
    UnfitFinalFee {
        /// Why not.
        reason: &'static str,
    },
    /// A fee goes by a partner's sales of a month that are not known.
    #[error("the sales of partner `{partner}` in {month} are not known")]
    MissingSales {
        /// The partner.
        partner: PartnerId,
        /// The month.
        month: SalesMonth,
    },
    /// A cancellation can't take what it says.
    #[error(transparent)]
    Cancel(#[from] CancelError),
    /// The order gives a value for a parameter that the book doesn't have.
    #[error("unknown parameter `{key}`")]
    UnknownParameter {
        /// The parameter's key.
        key: String,
    },
    /// A formula has no value on the order's figures.
    #[error("the formula of the {}: {error}", match key { Some(key) => key.as_str(), None => context.as_str() })]
    Formula {
        /// What the formula computes.
        context: Context,
        /// The key of a user formula.
        key: Option<String>,
        /// Why it has none.
        error: EvaluationError,
    },
    /// The default formulas didn't balance; never seen, and checked at every settlement.
    #[error("the settlement is {difference} off what its parts leave")]
    IdentityBroken {
        /// By how much.
        difference: i128,
    },
    /// A product has two lines.
    #[error("product `{product}` has two lines")]
    DuplicateProduct {
        /// The product.
        product: ProductId,
        /// The place of the second line, from 0.
        line: usize,
    },
    /// A line has no units.
    #[error("the quantity of product `{product}` is zero")]
    ZeroQuantity {
        /// The product.
        product: ProductId,
        /// The line's place, from 0.
        line: usize,
    },
    /// An amount that can't be negative is.
    #[error("`{amount}` is negative")]
    NegativeAmount {
        /// The amount.
        amount: Amount,
        /// The field it stands in.
        field: &'static str,
        /// The line's place, from 0, if it stands in one.
        line: Option<usize>,
        /// The discount's place, from 0, if it stands in one.
        discount: Option<usize>,
    },
    /// Discounts are more than what they are taken off.
    #[error("discounts of {discount} exceed the {order} they are taken off")]
    DiscountExceedsOrder {
        /// The discounts.
        discount: Amount,
        /// The order or line.
        order: Amount,
        /// The line's place, from 0; `None` for the order.
        line: Option<usize>,
    },
    /// The tax-free part of a discount is more than the discount.
    #[error("the tax-free part {tax_free} exceeds the discount of {discount}")]
    TaxFreeExceedsDiscount {
        /// The tax-free part.
        tax_free: Amount,
        /// The discount.
        discount: Amount,
        /// The line's place, from 0; `None` for a discount on the order.
        line: Option<usize>,
        /// The discount's place, from 0.
        place: usize,
    },
    /// A tax-free part is more than its whole.
    #[error("the tax-free part {tax_free} of the {part} exceeds {whole}")]
    TaxFreeExceedsOrder {
        /// Which figure's tax-free part.
        part: Figure,
        /// The tax-free part.
        tax_free: Amount,
        /// What it may be at the most.
        whole: Amount,
        /// The line's place, from 0; `None` for the order.
        line: Option<usize>,
    },
    /// A figure has more minor units than an `i64` holds.
    #[error("the figure `{figure}` is out of range")]
    OutOfRange {
        /// The figure.
        figure: Figure,
    },
    /// A given settlement date lies before the start date.
    #[error("the settlement date {settlement_date} is before the start date {start_date}")]
    SettlementDateBeforeStart {
        /// The date given.
        settlement_date: NaiveDate,
        /// The start date.
        start_date: NaiveDate,
    },
    /// The start date has no settlement date.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// The date of a cancellation has no settlement date.
    #[error("{0}")]
    CancelSchedule(ScheduleError),
}

/// The end of a sentence about what is archived.
fn since(from: Option<NaiveDate>) -> String {
    from.map_or_else(String::new, |date| format!(" since {date}"))
}

impl SettleError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownPartner { .. } | Self::PartnerNotInForce { .. } => "unknown-partner",
            Self::PartnerArchived { .. } => "partner-archived",
            Self::ContractArchived { .. } => "contract-archived",
            Self::DiscountSharePolicyArchived { .. } | Self::AdditionalFeePolicyArchived { .. } => {
                "policy-archived"
            }
            Self::UnknownContract { .. } | Self::NoContract { .. } | Self::ContractNotInForce { .. } => {
                "unknown-contract"
            }
            Self::UnknownDiscountSharePolicy { .. }
            | Self::DiscountSharePolicyNotInForce { .. }
            | Self::UnknownAdditionalFeePolicy { .. }
            | Self::AdditionalFeePolicyNotInForce { .. } => "unknown-policy",
            Self::NoLines
            | Self::ZeroQuantity { .. }
            | Self::NegativeAmount { .. }
            | Self::MissingVolume { .. } => "invalid-event",
            Self::MissingSales { .. } => "missing-sales",
            Self::AgencyIsSeller { .. } => "agency-is-seller",
            Self::NotProvisional { .. } => "not-provisional",
            Self::EmptySpan { .. } | Self::UnfitFinalFee { .. } => "invalid-event",
            Self::UnknownParameter { .. } => "invalid-event",
            Self::Formula { error: EvaluationError::DivisionByZero { .. }, .. } => "division-by-zero",
            Self::Formula { .. } => "out-of-range",
            Self::IdentityBroken { .. } => "identity-broken",
            Self::Cancel(error) => error.code(),
            Self::DuplicateProduct { .. } => "duplicate-product",
            Self::DiscountExceedsOrder { .. } => "discount-exceeds-order",
            Self::TaxFreeExceedsDiscount { .. } => "tax-free-exceeds-discount",
            Self::TaxFreeExceedsOrder { .. } => "tax-free-exceeds-order",
            Self::TooManyLines { .. } | Self::OutOfRange { .. } => "out-of-range",
            Self::Schedule(error) | Self::CancelSchedule(error) => error.code(),
            Self::SettlementDateBeforeStart { .. } => "settlement-date-before-start",
        }
    }

    /// The path to the field that is at fault, where one is.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        Some(match self {
            Self::UnknownPartner { .. }
            | Self::PartnerNotInForce { .. }
            | Self::PartnerArchived { .. }
            | Self::MissingSales { .. }
            | Self::AgencyIsSeller { .. } => "partner".into(),
            Self::UnknownContract { .. }
            | Self::NoContract { .. }
            | Self::ContractArchived { .. }
            | Self::NotProvisional { .. } => "contract".into(),
            Self::EmptySpan { .. } => "to".into(),
            Self::UnfitFinalFee { .. } => "platform_fee".into(),
            Self::CancelSchedule(_) => "date".into(),
            Self::ContractNotInForce { .. } | Self::Schedule(_) => "start_date".into(),
            Self::UnknownDiscountSharePolicy { .. }
            | Self::DiscountSharePolicyNotInForce { .. }
            | Self::DiscountSharePolicyArchived { .. } => "discounts".into(),
            Self::UnknownAdditionalFeePolicy { .. }
            | Self::AdditionalFeePolicyNotInForce { .. }
            | Self::AdditionalFeePolicyArchived { .. } => "additional_fees".into(),
            Self::NoLines | Self::TooManyLines { .. } => "lines".into(),
            Self::DuplicateProduct { line, .. } => within_line(Some(*line), "product"),
            Self::ZeroQuantity { line, .. } => within_line(Some(*line), "quantity"),
            Self::NegativeAmount { field, line, discount: Some(place), .. } => {
                within_line(*line, &format!("discounts[{place}].{field}"))
            }
            Self::NegativeAmount { field, line, discount: None, .. } => within_line(*line, field),
            Self::DiscountExceedsOrder { line, .. } => within_line(*line, "discounts"),
            Self::TaxFreeExceedsDiscount { line, place, .. } => {
                within_line(*line, &format!("discounts[{place}].tax_free_amount"))
            }
            Self::TaxFreeExceedsOrder { line, .. } => within_line(*line, "tax_free_amount"),
            Self::SettlementDateBeforeStart { .. } => "settlement_date".into(),
            Self::MissingVolume { .. } => "volume".into(),
            Self::Cancel(error) => return error.path(),
            Self::UnknownParameter { key } => format!("parameters.{key}"),
            Self::OutOfRange { .. } | Self::Formula { .. } | Self::IdentityBroken { .. } => return None,
        })
    }
}
