//! The engine: a resolved book that turns events into settlements.
//!
//! [`Engine::resolve`] makes a book ready once: ids become small numbers, rates reduced fractions. [`Engine::settle`] is then a pure
//! function of book and order; [`Engine::settle_traced`] tells its steps too. [`History`] remembers which ids came before, so
//! that no event settles twice.
//!
//! Start with [`Engine`], [`Settlement`], [`SettleError`].

mod agency;
mod cancel_figures;
mod correction;
mod engine;
mod error;
mod explanation;
mod generation;
mod history;
mod kept_fees;
mod packed;
mod reckoner;
mod sales;
mod settlement;
mod side_effects;
mod totals;

pub use cancel_figures::Remaining;
pub use engine::Engine;
pub use error::{CycleProblem, ResolveError, SettleError};
pub use explanation::{CancelExplanation, Explanation};
pub use history::{History, HistoryError};
pub use settlement::{LineSettlement, Settled, Settlement, SettlementKind, SettlementPart};
pub use totals::{Due, Totals};
