//! The settlement engine that Rust services link: orders, contracts and policies in; what every partner of a marketplace is
//! owed, on which day, and why, out.
//!
//! The crate does no I/O, reads no clock and holds no float. A [`Book`](book::Book) gathers contracts, policies and partners;
//! [`Engine::resolve`](settle::Engine::resolve) makes it ready; [`Engine::settle`](settle::Engine::settle) is a pure function of
//! book and order. Same input, same bytes.
//!
//! | room | what it holds |
//! | --- | --- |
//! | [`id`], [`money`], [`rate`] | ids, amounts, currencies, rounding, allocation, VAT split, rates |
//! | [`figures`], [`trace`], [`journal`] | what a settlement counts, why, and its double entry |
//! | [`calendar`] | business days, as known on a day |
//! | [`schedule`] | when it falls due |
//! | [`fee`], [`funding`], [`policy`], [`contract`], [`partner`] → [`book`] | the terms, effective-dated, validated as a whole |
//! | [`formula`] | the formula language |
//! | [`order`], [`cancel`], [`sales`], [`true_up`] → [`event`] | the facts, which know nothing of contracts |
//! | [`settle`] | the engine |
//! | [`due`], [`hold`], [`payable`] → [`ledger`] | what falls due, what is kept back, what is paid of it; the fold over all facts |
//! | [`tax`] | what a payout is taxed: VAT, withholding, tax invoices and their amendments |
//! | [`payout`] | the states of payouts and bulk payouts, each transfer made once |
//! | [`document`] | the data formats, version 1 |

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

pub mod book;
pub mod calendar;
pub mod cancel;
pub mod contract;
pub mod document;
pub mod due;
pub mod event;
pub mod fee;
pub mod figures;
pub mod formula;
pub mod funding;
pub mod hold;
pub mod id;
pub mod journal;
pub mod ledger;
pub mod money;
pub mod order;
pub mod partner;
pub mod payable;
pub mod payout;
pub mod policy;
pub mod rate;
pub mod sales;
pub mod schedule;
pub mod settle;
pub mod tax;
pub mod trace;
pub mod true_up;

/// The README's example runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
