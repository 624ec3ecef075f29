//! The settlement engine that Rust services link.
#![no_std]
#![deny(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_in_result
)]
#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "a test may panic")
)]

extern crate alloc;

pub mod id;
pub mod money;
pub mod rate;
