//! Fees that stay with the merchant whatever is cancelled.

use alloc::vec::Vec;

use crate::contract::{FeeOnCancel, OnCancel};
use crate::figures::{Figure, Figures};
use crate::money::Amount;

use super::reckoner::Reckoned;

/// The fees that a contract may keep: its own and its VAT, additional ones and theirs.
const FEES: [Figure; 4] =
    [Figure::PlatformFee, Figure::PlatformFeeVat, Figure::AdditionalFee, Figure::AdditionalFeeVat];

/// The fees that were charged on an order, by [`FEES`]: its own first, then those of each of its lines. They are remembered from its
/// first cancellation on, where its contract keeps some.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct KeptFees(pub(super) Vec<[Amount; 4]>);

/// The figures of the fees that stay under a contract.
pub(super) fn kept(on_cancel: OnCancel) -> impl Iterator<Item = Figure> {
    let ways =
        [on_cancel.platform_fee, on_cancel.platform_fee, on_cancel.additional_fee, on_cancel.additional_fee];
    FEES.into_iter().zip(ways).filter(|(_, way)| *way == FeeOnCancel::Keep).map(|(fee, _)| fee)
}

impl KeptFees {
    /// What was charged, if the contract keeps any of it.
    pub(super) fn of(charged: &Reckoned, on_cancel: OnCancel) -> Option<Self> {
        kept(on_cancel).next()?;
        let lines = charged.lines.iter().map(|line| &line.figures);
        let blocks = core::iter::once(&charged.figures).chain(lines);
        Some(Self(blocks.map(|figures| FEES.map(|fee| figures.get(fee))).collect()))
    }

    /// Puts the fees that stay to what was charged, of the order and of every line, be there units left of it or not.
    pub(super) fn put(&self, reckoned: &mut Reckoned, on_cancel: OnCancel) {
        for (figures, charged) in blocks(reckoned).zip(&self.0) {
            for stays in kept(on_cancel) {
                let fee = FEES.iter().zip(charged).find(|(fee, _)| **fee == stays);
                *figures.get_mut(stays) = fee.map_or(Amount::ZERO, |(_, amount)| *amount);
            }
        }
    }
}

/// Takes the fees that stay out of what a cancelled part would bring back.
pub(super) fn leave_out(reckoned: &mut Reckoned, on_cancel: OnCancel) {
    for figures in blocks(reckoned) {
        kept(on_cancel).for_each(|fee| *figures.get_mut(fee) = Amount::ZERO);
    }
}

fn blocks(reckoned: &mut Reckoned) -> impl Iterator<Item = &mut Figures> {
    let lines = reckoned.lines.iter_mut().map(|line| &mut line.figures);
    core::iter::once(&mut reckoned.figures).chain(lines)
}
