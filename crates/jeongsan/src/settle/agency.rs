//! What agencies take of a settlement.
//!
//! An agency's part of an order is its share of the figures that the order stands at. Whatever changes them (the order itself, a
//! cancellation, a correction) brings the change of each share with it, so that the shares of an order always add up to those of
//! what is left of it, and to nothing once nothing is.

use alloc::vec::Vec;

use crate::contract::{Agency, AgencyBase};
use crate::figures::{Figure, Figures};
use crate::funding::FunderParts;
use crate::id::PartnerId;
use crate::money::Amount;
use crate::policy::Version;

use super::engine::Terms;
use super::{Engine, SettleError, Settled, Settlement, SettlementKind};

impl Engine {
    /// Puts the shares of the contract's agencies beside a settlement: what the settled order's figures were before it, and what they
    /// are with it, [`Figures::ZERO`] where there is no order or nothing left of it.
    ///
    /// A share of the platform fee is borne by the merchant: one row. A share of the settlement is taken off the partner: a row for each
    /// side. All shares of one base are of the whole base; together they never take more than it, those behind getting what is left.
    ///
    /// # Errors
    /// When the settled partner is itself the agency, a share is out of range, or the agency's own cycle has no date.
    pub fn share_with_agencies(
        &self,
        settlement: Settlement,
        before: &Figures,
        after: &Figures,
    ) -> Result<Settled, SettleError> {
        let mut side_effects = Vec::new();
        if let Some(terms) = self.terms_of(&settlement).filter(|terms| !terms.agencies.is_empty()) {
            if terms.agencies.iter().any(|agency| agency.partner == settlement.partner) {
                return Err(SettleError::AgencyIsSeller { partner: settlement.partner });
            }
            let before = self.shares(&terms.agencies, before)?;
            let after = self.shares(&terms.agencies, after)?;
            for ((agency, before), after) in terms.agencies.iter().zip(before).zip(after) {
                let out_of_range = SettleError::OutOfRange { figure: Figure::Settlement };
                let share = after.checked_sub(before).ok_or(out_of_range.clone())?;
                if share.is_zero() {
                    continue;
                }
                side_effects.push(self.agency_row(&settlement, agency, share)?);
                if agency.of == AgencyBase::Settlement {
                    let taken = share.checked_neg().ok_or(out_of_range)?;
                    side_effects.push(row(&settlement, &settlement.partner, taken));
                }
            }
        }
        Ok(Settled { settlement: Some(settlement), side_effects })
    }

    /// Whether some contract has agencies.
    #[must_use]
    pub const fn has_agencies(&self) -> bool {
        self.has_agencies
    }

    /// The terms that a row was settled under.
    fn terms_of(&self, settlement: &Settlement) -> Option<&Terms> {
        let (_, versions) = self.contracts.find(settlement.contract.as_ref()?.as_str())?;
        let is_its = |version: &&Version<Terms>| version.applies_from == settlement.contract_version;
        versions.iter().find(is_its).map(|version| &version.terms)
    }

    /// Each agency's share of an order's figures.
    fn shares(&self, agencies: &[Agency], figures: &Figures) -> Result<Vec<Amount>, SettleError> {
        let mut left = (figures.platform_fee.max(Amount::ZERO), figures.settlement.max(Amount::ZERO));
        let (fee, settlement) = left;
        let share = |agency: &Agency| {
            let (base, left, rounding, figure) = match agency.of {
                AgencyBase::PlatformFee => {
                    (fee, &mut left.0, self.rounding.platform_fee, Figure::PlatformFee)
                }
                AgencyBase::Settlement => {
                    (settlement, &mut left.1, self.rounding.settlement, Figure::Settlement)
                }
            };
            let share = agency.share.charge(base, rounding).ok_or(SettleError::OutOfRange { figure })?;
            let share = share.min(*left);
            *left = left.checked_sub(share).ok_or(SettleError::OutOfRange { figure })?;
            Ok(share)
        };
        agencies.iter().map(share).collect()
    }

    /// The row of what an agency is owed, on the day of its own default contract's cycle if it has one.
    fn agency_row(
        &self,
        settlement: &Settlement,
        agency: &Agency,
        share: Amount,
    ) -> Result<Settlement, SettleError> {
        let mut row = row(settlement, &agency.partner, share);
        let start = settlement.start_date.unwrap_or(settlement.settlement_date);
        match self.governing(&agency.partner, None, start) {
            Ok(governing) => row.settlement_date = self.settlement_date(&governing, (start, None))?,
            Err(SettleError::NoContract { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(row)
    }
}

/// A row beside a settlement that moves one amount.
fn row(settlement: &Settlement, partner: &PartnerId, amount: Amount) -> Settlement {
    Settlement {
        kind: SettlementKind::AgencyShare,
        partner: partner.clone(),
        figures: Figures { settlement: amount, ..Figures::ZERO },
        funders: FunderParts::default(),
        user_formulas: Vec::new(),
        lines: Vec::new(),
        ..settlement.clone()
    }
}
