//! What a partner is paid of what is due to it.
//!
//! [`carry`] is the rule in one line: a balance is paid whole when it is above zero and not below the minimum, else carried.

mod carry;
mod error;

pub use carry::{Carried, carry};
pub use error::PayableError;
