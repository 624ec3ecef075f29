//! Why nothing can be made payable.

use crate::money::Amount;

/// Why nothing can be made payable as asked.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PayableError {
    /// The least that is paid is below zero.
    #[error("the minimum `{minimum}` is negative")]
    NegativeMinimum {
        /// The minimum.
        minimum: Amount,
    },
    /// A sum leaves the range of an amount.
    #[error("the amount is out of range")]
    OutOfRange,
}
