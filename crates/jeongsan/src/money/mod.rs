//! Money: whole minor units, the currency they are of, and the only places where a fraction of one may vanish.
//!
//! An [`Amount`] is a count of minor units (won, cents) whose currency is known from its place, as all figures of one
//! settlement share the book's; [`Money`] carries its currency along. Nothing here rounds by itself: a fraction
//! becomes whole by a named [`Rounding`], one amount becomes several by a named [`AllocationMethod`] whose parts
//! add up, and an amount that contains its VAT is parted by a named [`VatSplitMethod`].
//!
//! Start with [`Amount`], [`Rounding`], [`allocate`].

mod allocation;
mod amount;
mod currency;
mod rounding;
mod vat_split;

pub use allocation::{AllocationError, AllocationMethod, allocate};
pub use amount::{Amount, Money, MoneyError};
pub use currency::{Currency, UnknownCurrency};
pub use rounding::{Rounding, UnknownRounding};
pub use vat_split::{VatSplit, VatSplitMethod, split_vat};

pub(crate) use rounding::text_enum;
