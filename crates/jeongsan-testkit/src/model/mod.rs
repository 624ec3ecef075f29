//! The naive reference model: settlement documents from a book and events, as plainly as the rules are written.
//!
//! Every number is a fraction of two integers of any size, every date is found by walking from day to day, a cancel
//! computes the whole order twice. It is slow on purpose and shares no line with the engine it checks. It takes books
//! for valid.
//!
//! Start with [`Model`]. The flat rules stand alone: [`allocate`], [`vat_split`], [`fee`], [`tier`], [`withholding`],
//! [`carry`], [`settlement_date`], [`Formula`].

mod allocation;
mod book;
mod cancel;
mod charge;
mod code;
mod cycle;
mod dates;
mod document;
mod event;
mod fee;
mod figures;
mod formula;
mod holidays;
mod number;
mod order;
mod payout;
mod settle;
mod terms;
mod vat_split;

pub use allocation::{AllocationFault, AllocationMethod, allocate};
pub use book::BookError;
pub(crate) use cancel::after_cancel;
pub use code::Code;
pub use cycle::{date_policy, lag_start, method_of};
pub use dates::{Cycle, DatePolicy, Lag, LagStart, Method, date, settlement_date};
pub(crate) use event::Discount;
pub use fee::{Bracket, FeeVat, FlatFee, TierMode, bounded, bracket_rate, fee, marginal, tier};
pub use formula::{Context, Diagnosis, Formula, Variables};
pub use holidays::{Holidays, KR_HOLIDAYS, Scope};
pub use number::{Exact, RateFault, Rounding, Whole, decimal, fits, rate};
pub(crate) use order::{Body, Content, Line, content_of};
pub use payout::{Income, Withheld, carry, withholding};
pub use settle::Model;
pub use vat_split::{SplitMethod, vat_split};
