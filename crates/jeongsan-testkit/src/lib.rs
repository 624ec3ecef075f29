//! What the engine is checked against, and what it is checked with.
//!
//! - [`model`]: a naive reference model of settling, and naive functions for every flat rule. It depends on nothing of
//!   the engine.

pub mod model;
