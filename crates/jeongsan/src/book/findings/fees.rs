//! What is odd about the numbers of one fee.

use alloc::format;

use crate::fee::{Fee, TierMeasure, TierMode, TieredFee, Tiers};
use crate::money::{Amount, Rounding};
use crate::rate::Rate;

use super::Finder;

/// One minor unit.
const UNIT: Amount = Amount::new(1);

impl Finder<'_> {
    pub(super) fn terms(&mut self, path: &str, fee: &TieredFee) {
        match fee {
            TieredFee::Flat(fee) => {
                if fee.rate() > Rate::ONE {
                    self.rate_above_whole(&format!("{path}.rate"), fee.rate());
                }
                self.bounds(path, fee);
            }
            TieredFee::Tiered { tiers, bounds } => {
                self.bounds(path, bounds);
                self.tiers(&format!("{path}.tiers"), tiers);
            }
        }
    }

    pub(super) fn rate_above_whole(&mut self, path: &str, rate: Rate) {
        self.note(path, "rate-above-whole", format!("the rate `{rate}` is above 100%"));
    }

    fn bounds(&mut self, path: &str, fee: &Fee) {
        let Some(max) = fee.max() else { return };
        if fee.fixed() > max {
            let message = format!("the fixed part `{}` is above the maximum `{max}`", fee.fixed());
            self.note(format!("{path}.fixed"), "fixed-above-maximum", message);
        }
        if let Some(min) = fee.min().filter(|min| *min > max) {
            let message = format!("the minimum `{min}` is above the maximum `{max}`, which wins");
            self.note(format!("{path}.min"), "minimum-above-maximum", message);
        }
    }

    /// Every bracket can be reached, since those that can't are no tiers to begin with.
    fn tiers(&mut self, path: &str, tiers: &Tiers) {
        let mut before: Option<Rate> = None;
        for (place, bracket) in tiers.brackets().iter().enumerate() {
            let path = format!("{path}[{place}]");
            if bracket.rate > Rate::ONE {
                self.rate_above_whole(&format!("{path}.rate"), bracket.rate);
            }
            if before == Some(bracket.rate) {
                let (from, rate) = (bracket.from, bracket.rate);
                let message =
                    format!("the bracket from `{from}` has the rate of the one before it, `{rate}`");
                self.note(path.as_str(), "redundant-tier", message);
            }
            if let Some((below, more, less)) = cliff(tiers, bracket.from) {
                let from = bracket.from;
                let message = format!("a volume of `{below}` pays `{more}`, one of `{from}` pays `{less}`");
                self.note(path, "tier-cliff", message);
            }
            before = Some(bracket.rate);
        }
    }
}

/// The volume just below a bracket, if all of it at its rate pays more than the bracket's lowest volume does at its own.
///
/// Where the month to date is measured, what was charged before stays, so a larger volume never pays less.
fn cliff(tiers: &Tiers, from: Amount) -> Option<(Amount, Amount, Amount)> {
    if tiers.mode() != TierMode::Whole || tiers.measure() == TierMeasure::MonthToDateSales {
        return None;
    }
    let below = from.checked_sub(UNIT).filter(|below| !below.is_negative())?;
    let pays = |volume| tiers.charge(volume, volume, Rounding::Down);
    let (more, less) = (pays(below)?, pays(from)?);
    (less < more).then_some((below, more, less))
}
