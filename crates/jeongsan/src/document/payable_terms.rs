//! Terms of payouts and parts to fall due in, as a book writes them.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::money::AllocationMethod;
use crate::partner::{Bearer, PayableTerms, PayableTermsChange, PayoutFee, Tranche};
use crate::schedule::{CycleMethod, Split, SplitPart};

use super::book::Reader;
use super::map::map_document;
use super::{CycleDocument, MethodDocument, MinorUnits};

/// Terms of payouts as they are written: for all partners under `[payout]`, or a partner's own, which change what they name.
///
/// ```
/// use jeongsan::document::BookDocument;
///
/// let text = r#"{"version": 1, "currency": "KRW", "payout": {"minimum": 50000, "fee": {"amount": 300, "borne_by": "partner"}},
///     "partners": [{"id": "seller-1", "kind": "business", "payout": {"minimum": 0}}]}"#;
/// let document: BookDocument = serde_json::from_str(text)?;
/// let book = document.to_book()?;
/// let (_, seller) = book.partners().next().unwrap();
/// let own = seller.latest().unwrap().terms.payout.applied_to(book.payout());
/// assert_eq!((book.payout().minimum.minor(), own.minimum.minor()), (50_000, 0));
/// assert_eq!(own.fee, book.payout().fee);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct PayableTermsDocument {
    /// The least that is paid, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<MinorUnits>,
    /// The most that is taken of what is due at once, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<MinorUnits>,
    /// What a payout costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee: Option<PayoutFeeDocument>,
    /// What is kept of each payable, and for how long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve: Option<Vec<TrancheDocument>>,
    /// `oldest-first` or `same-contract-first`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset_order: Option<String>,
}

/// A payout's fee as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct PayoutFeeDocument {
    /// The fee, in minor units.
    pub amount: MinorUnits,
    /// `partner` or `merchant`.
    pub borne_by: String,
}

/// A part that is kept, as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct TrancheDocument {
    /// What part.
    pub share: String,
    /// How many calendar days.
    pub days: u16,
}

/// A part of a settlement and when it falls due, as it is written. The last part takes what doesn't divide evenly.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct SplitPartDocument {
    /// What part; the parts of a contract add up to 100 %.
    pub share: String,
    /// The period that closes before the lag begins; each day by itself where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close: Option<MethodDocument>,
    /// The cycle, from the closing date on.
    pub cycle: CycleDocument,
}

map_document! {
    PayableTermsDocument => "the fields of terms of payouts",
    PayoutFeeDocument => "the fields of a payout's fee",
    TrancheDocument => "the fields of a tranche",
    SplitPartDocument => "the fields of a part",
}

impl PayableTermsDocument {
    /// What is said, as a change of terms.
    pub(super) fn to_change(&self, reader: &mut Reader, path: &str) -> PayableTermsChange {
        let mut amount = |field: &str, number: Option<MinorUnits>| {
            number.map(|number| reader.amount(&format!("{path}.{field}"), number))
        };
        let (minimum, cap) = (amount("minimum", self.minimum), amount("cap", self.cap));
        let fee = self.fee.as_ref().map(|fee| {
            let at = format!("{path}.fee.borne_by");
            PayoutFee {
                amount: reader.amount(&format!("{path}.fee.amount"), fee.amount),
                borne_by: reader.value_or(&at, Some(&fee.borne_by), Bearer::Partner),
            }
        });
        let reserve = self.reserve.as_ref().map(|reserve| {
            let tranches = reserve.iter().enumerate().map(|(place, tranche)| Tranche {
                share: reader.rate(&format!("{path}.reserve[{place}].share"), &tranche.share),
                days: tranche.days,
            });
            tranches.collect()
        });
        let at = format!("{path}.offset_order");
        let offset_order = self.offset_order.as_ref().and_then(|text| reader.value(&at, text));
        PayableTermsChange { minimum, cap, fee, reserve, offset_order }
    }

    /// The terms of the document alone.
    pub(super) fn to_terms(&self, reader: &mut Reader, path: &str) -> PayableTerms {
        let terms = self.to_change(reader, path).applied_to(&PayableTerms::default());
        if let Err(error) = terms.check() {
            reader.note(path, "invalid-terms", error);
        }
        terms
    }
}

/// The split of a contract, if it has one.
pub(super) fn to_split(reader: &mut Reader, path: &str, parts: &[SplitPartDocument]) -> Option<Split> {
    if parts.is_empty() {
        return None;
    }
    let mut made = Vec::with_capacity(parts.len());
    for (place, part) in parts.iter().enumerate() {
        let at = |field: &str| format!("{path}[{place}].{field}");
        let close = part.close.as_ref().map_or(Ok(CycleMethod::Daily), MethodDocument::to_method);
        let close = close.unwrap_or_else(|problem| {
            reader.note(&at("close"), problem.code(), &problem);
            CycleMethod::Daily
        });
        let share = reader.rate(&at("share"), &part.share);
        made.push(SplitPart { share, close, cycle: reader.cycle(&at("cycle"), Some(&part.cycle)) });
    }
    let split = Split::new(made, AllocationMethod::LastTakesRest);
    split.map_err(|error| reader.note(path, error.code(), &error)).ok()
}
