//! The naive reference model: settlement documents from a book and events, as plainly as the rules are written.
//!
//! Every number is a fraction of two integers of any size, every date is found by walking from day to day, a cancel
//! computes the whole order twice. It is slow on purpose and shares no line with the engine it checks. It takes books
//! for valid.
//!
//! Where the documents are silent, it takes these decisions:
//!
//! - What an event lacks or mistypes is told before its id is looked at; an amount below zero, a quantity of 0 and a
//!   number beyond 64 bits are told with the amounts. An order without detail lacks a field, and so does a cancel.
//! - `null` is a field left out. A volume that a tier needs, or a parameter that the book lacks, is `invalid-event`; a formula
//!   that divides by zero is `division-by-zero`.
//! - Units of a line whose order states the tax-free amount take their part of the line's, cut.
//! - A discount that a cancel states comes off its entries as stated, amount and tax-free part apart; one whose policy
//!   the book lacks is not on the order (`cancel-exceeds-remaining`). A product named twice is `duplicate-product`.
//! - An independent cancel may return more discount than amount. The taxable part of order-level discounts is then shared
//!   over the lines with a taxable payment above zero, or split by itself where there is none. A limited figure is shared
//!   over the lines of the part where they have more of it than the order keeps.
//! - User formulas and a custom settlement run on the order's figures; for a line's settlement, on the line's.
//! - A funder of a discount takes no more than those before it left, whatever rounding makes of its share. The partner's part of the
//!   tax-free part of a discount follows from the same list.
//! - What a condition asks of the instant of payment no order meets that states none. A weekday is that of the instant, whatever window of
//!   the day stands beside it.
//! - A coupon is withdrawn whatever the order that it was given to had reached; what is left is judged without it. Shipping is charged
//!   when the order amount falls below the minimum, and stays charged. A fee that stays is taken off nothing by no formula.
//! - Entries of `formulas_from` and `parameters_from` change what they name and keep the rest. `every_days` begins on its
//!   `from`; a tenure counted in `days` has months of 30.
//!
//! Start with [`Model`]. The flat rules stand alone: [`allocate`], [`vat_split`], [`fee`], [`tier`], [`withholding`],
//! [`carry`], [`settlement_date`], [`Formula`].

mod agency;
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
mod sales;
mod settle;
mod spread;
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
pub use holidays::{HolidayScope, Holidays, KR_HOLIDAYS};
pub use number::{Exact, RateFault, Rounding, Whole, decimal, fits, rate};
pub(crate) use order::{Body, Content, Line, content_of};
pub use payout::{Income, Withheld, carry, withholding};
pub use settle::Model;
pub use vat_split::{SplitMethod, vat_split};
