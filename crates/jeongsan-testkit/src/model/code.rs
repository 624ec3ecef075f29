//! Why an event is refused.

/// The codes of refusals, in the order of the rules that name them.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[expect(missing_docs, reason = "each is its text in documents, which describe it")]
pub enum Code {
    InvalidEvent,
    OutOfRange,
    DuplicateEvent,
    UnknownPartner,
    UnknownOrder,
    UnknownContract,
    UnknownPolicy,
    OrderDetailAmbiguous,
    OrderDetailMismatch,
    DuplicateProduct,
    UnknownProduct,
    DiscountExceedsOrder,
    TaxFreeExceedsDiscount,
    TaxFreeExceedsOrder,
    DivisionByZero,
    SettlementDateBeforeStart,
    CancelExceedsRemaining,
    AgencyIsSeller,
    MissingSales,
    DuplicateSales,
    LateSales,
}

impl Code {
    /// The code's text in documents.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::InvalidEvent => "invalid-event",
            Self::OutOfRange => "out-of-range",
            Self::DuplicateEvent => "duplicate-event",
            Self::UnknownPartner => "unknown-partner",
            Self::UnknownOrder => "unknown-order",
            Self::UnknownContract => "unknown-contract",
            Self::UnknownPolicy => "unknown-policy",
            Self::OrderDetailAmbiguous => "order-detail-ambiguous",
            Self::OrderDetailMismatch => "order-detail-mismatch",
            Self::DuplicateProduct => "duplicate-product",
            Self::UnknownProduct => "unknown-product",
            Self::DiscountExceedsOrder => "discount-exceeds-order",
            Self::TaxFreeExceedsDiscount => "tax-free-exceeds-discount",
            Self::TaxFreeExceedsOrder => "tax-free-exceeds-order",
            Self::DivisionByZero => "division-by-zero",
            Self::SettlementDateBeforeStart => "settlement-date-before-start",
            Self::CancelExceedsRemaining => "cancel-exceeds-remaining",
            Self::AgencyIsSeller => "agency-is-seller",
            Self::MissingSales => "missing-sales",
            Self::DuplicateSales => "duplicate-sales",
            Self::LateSales => "late-sales",
        }
    }
}
