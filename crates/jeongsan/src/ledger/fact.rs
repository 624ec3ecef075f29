//! Facts as values: whatever the ledger takes in beside settlements.

use chrono::NaiveDate;

use crate::due::RowNumber;
use crate::hold::{Hold, HoldError, Release};
use crate::id::EventId;
use crate::payable::PayableError;

use super::{Adjustment, Closing, CorrectionError, Decision, Dispute, Ledger, Step, WriteOff};

/// A fact beside the settlements.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fact {
    /// Something is held.
    Hold(Hold),
    /// A hold is released.
    Release(Release),
    /// A row is kept out.
    Exclude(RowFact),
    /// A row is restored.
    Restore(RowFact),
    /// An adjustment is asked for.
    Adjust(Adjustment),
    /// An adjustment is approved.
    Approve(Decision),
    /// An adjustment is rejected.
    Reject(Decision),
    /// A debt is given up.
    WriteOff(WriteOff),
    /// A dispute is lost.
    Dispute(Dispute),
    /// A day is closed.
    Close {
        /// The fact's id.
        id: EventId,
        /// The day.
        date: NaiveDate,
    },
}

/// A fact about a row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RowFact {
    /// The fact's id.
    pub id: EventId,
    /// The row.
    pub row: RowNumber,
    /// The day.
    pub date: NaiveDate,
}

/// What a fact did.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Applied {
    /// It did this.
    Step(Step),
    /// It closed a day.
    Closing(Closing),
}

/// Why a fact isn't taken in.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FactError {
    /// Something can't be held, released, excluded or restored.
    #[error(transparent)]
    Hold(#[from] HoldError),
    /// A correction can't be meant.
    #[error(transparent)]
    Correction(#[from] CorrectionError),
    /// A day can't be closed.
    #[error(transparent)]
    Payable(#[from] PayableError),
}

impl FactError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Hold(error) => error.code(),
            Self::Correction(error) => error.code(),
            Self::Payable(error) => error.code(),
        }
    }
}

impl Fact {
    /// The fact's id.
    #[must_use]
    pub const fn id(&self) -> &EventId {
        match self {
            Self::Hold(hold) => &hold.id,
            Self::Release(release) => &release.id,
            Self::Exclude(fact) | Self::Restore(fact) => &fact.id,
            Self::Adjust(adjustment) => &adjustment.id,
            Self::Approve(decision) | Self::Reject(decision) => &decision.id,
            Self::WriteOff(write_off) => &write_off.id,
            Self::Dispute(dispute) => &dispute.id,
            Self::Close { id, .. } => id,
        }
    }

    /// The day of the fact.
    #[must_use]
    pub const fn date(&self) -> NaiveDate {
        match self {
            Self::Hold(hold) => hold.date,
            Self::Release(release) => release.date,
            Self::Exclude(fact) | Self::Restore(fact) => fact.date,
            Self::Adjust(adjustment) => adjustment.date,
            Self::Approve(decision) | Self::Reject(decision) => decision.date,
            Self::WriteOff(write_off) => write_off.date,
            Self::Dispute(dispute) => dispute.date,
            Self::Close { date, .. } => *date,
        }
    }
}

impl Ledger {
    /// Takes a fact in, by the method that is its own.
    ///
    /// # Errors
    /// As that method; a refused fact changes nothing.
    pub fn apply(&mut self, fact: Fact) -> Result<Applied, FactError> {
        let step = match fact {
            Fact::Hold(hold) => self.hold(hold)?,
            Fact::Release(release) => self.release(&release)?,
            Fact::Exclude(RowFact { id, row, date }) => self.exclude(&id, row, date)?,
            Fact::Restore(RowFact { id, row, date }) => self.restore(&id, row, date)?,
            Fact::Adjust(adjustment) => self.adjust(adjustment)?,
            Fact::Approve(decision) => self.approve(&decision)?,
            Fact::Reject(decision) => self.reject(&decision)?,
            Fact::WriteOff(write_off) => self.write_off(&write_off)?,
            Fact::Dispute(dispute) => self.dispute(&dispute)?,
            Fact::Close { id, date } => {
                if self.facts.contains(&id) {
                    return Err(HoldError::DuplicateFact { id }.into());
                }
                let closing = self.close(date)?;
                self.facts.insert(id);
                return Ok(Applied::Closing(closing));
            }
        };
        Ok(Applied::Step(step))
    }
}
