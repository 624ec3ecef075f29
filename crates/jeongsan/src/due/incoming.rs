//! What is taken in, and what became of it.

use chrono::NaiveDate;

use crate::figures::Figures;
use crate::funding::FunderParts;
use crate::id::{ContractId, EventId, PartnerId};
use crate::money::Currency;
use crate::settle::{Settlement, SettlementKind, SettlementPart};

use super::RowNumber;

/// A settlement as the ledger takes it in. Its identity is event, kind, cause and partner: the same one counts once.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'s> {
    /// The event that is settled.
    pub id: &'s EventId,
    /// What is settled.
    pub kind: SettlementKind,
    /// The event that brought it about, where it is another.
    pub cause: Option<&'s EventId>,
    /// The order it belongs to, where it isn't the event itself; holds of an order find it by that.
    pub order: Option<&'s EventId>,
    /// Who is settled.
    pub partner: &'s PartnerId,
    /// The contract.
    pub contract: Option<&'s ContractId>,
    /// The day it falls due.
    pub settlement_date: NaiveDate,
    /// The currency of every figure.
    pub currency: Currency,
    /// The money.
    pub figures: &'s Figures,
    /// What others than partner and merchant bear of the discounts.
    pub funders: &'s FunderParts,
    /// The parts in which it falls due; whole on its settlement date where there are none.
    pub parts: &'s [SettlementPart],
}

impl<'s> From<&'s Settlement> for Incoming<'s> {
    fn from(settlement: &'s Settlement) -> Self {
        Self {
            id: &settlement.id,
            kind: settlement.kind,
            cause: settlement.cause.as_ref(),
            order: settlement.of_order.as_ref(),
            partner: &settlement.partner,
            contract: settlement.contract.as_ref(),
            settlement_date: settlement.settlement_date,
            currency: settlement.currency,
            figures: &settlement.figures,
            funders: &settlement.funders,
            parts: &[],
        }
    }
}

/// What became of a settlement that was taken in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Recorded {
    /// The row it is in; of one that falls due in parts, the row of its first.
    pub row: RowNumber,
    /// How it came there.
    pub arrival: Arrival,
}

/// How a settlement came into its row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Arrival {
    /// The row was opened for it.
    Opened,
    /// It joined a row that was open.
    Joined,
    /// It had come before; nothing changed.
    Repeated,
}
