//! What the engine is checked against, and what it is checked with.
//!
//! - [`model`]: a naive reference model of settling, and naive functions for every flat rule. It depends on nothing of
//!   the engine.
//! - [`strategies`]: proptest strategies of whole cases, a book and its events.
//! - [`month`]: a generated month of a marketplace, the same bytes for the same seed.
//! - [`bulk`]: plain orders by the million.

pub mod bulk;
pub mod model;
pub mod month;
mod random;
pub mod strategies;
