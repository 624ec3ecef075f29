//! The rules, by theme.

pub(super) mod commit;
pub(super) mod concurrent;
pub(super) mod durable;
pub(super) mod lease;
pub(super) mod outbox;
pub(super) mod read;
pub(super) mod value;
