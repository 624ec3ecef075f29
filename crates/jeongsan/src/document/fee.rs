//! Fees as documents.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::book::BookProblem;
use crate::fee::{
    Bracket, Fee, FeeEntry, FeeError, FeeRule, LateChange, TierMeasure, TierMode, TieredFee, Tiers,
};
use crate::money::Amount;
use crate::rate::Rate;

use super::book::Reader;
use super::map::{map_document, optional_distinct};
use super::{ConditionDocument, MinorUnits};

/// A fee as it is written.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct FeeDocument {
    /// The rate, as in `"10%"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<String>,
    /// The fixed part, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed: Option<MinorUnits>,
    /// The minimum, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<MinorUnits>,
    /// The maximum, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<MinorUnits>,
    /// Whether the rate contains the VAT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vat_inclusive: Option<bool>,
    /// Rates by volume, instead of `rate` and `fixed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tiers: Option<Vec<BracketDocument>>,
    /// With `tiers`: `whole` or `marginal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// With `tiers`: where the volume comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// With `tiers` by sales: `frozen` or `retier`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<String>,
    /// Fees of which the first that matches applies, instead of all else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub select: Option<Vec<FeeDocument>>,
    /// Within `select`: what must hold, all of it. The last entry has none. A field is an attribute, or one of
    /// `months_since_joining_below`, `paid_from`, `paid_before`, `paid_weekdays`, `paid_time`.
    #[serde(deserialize_with = "optional_distinct", skip_serializing_if = "Option::is_none")]
    pub when: Option<BTreeMap<String, ConditionDocument>>,
}

/// A bracket of volume as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct BracketDocument {
    /// The lowest volume that lies in it, in minor units.
    pub from: MinorUnits,
    /// Its rate.
    pub rate: String,
}

map_document! {
    FeeDocument => "the parts of a fee",
    BracketDocument => "the fields of a tier",
}

impl FeeDocument {
    /// The fee, if the document describes a sound one.
    ///
    /// # Errors
    /// The first problem, with its path behind the given one.
    pub(super) fn to_fee_rule(&self, path: &str) -> Result<FeeRule, Box<BookProblem>> {
        let mut reader = Reader::default();
        let rule = reader.fee_rule(path, self);
        reader.first_problem().map_or(Ok(rule), |problem| Err(Box::new(problem)))
    }
}

impl Reader {
    pub(super) fn fee_rule(&mut self, path: &str, document: &FeeDocument) -> FeeRule {
        if document.when.is_some() {
            self.note(
                &format!("{path}.when"),
                "misplaced-field",
                "`when` stands in the entries of `select` alone",
            );
        }
        let Some(select) = &document.select else {
            return self.tiered_fee(path, document).into();
        };
        if *document != (FeeDocument { select: document.select.clone(), ..FeeDocument::default() }) {
            self.note(path, "misplaced-field", "beside `select` stands no other part of a fee");
        }
        let mut entries = Vec::with_capacity(select.len());
        for (place, entry) in select.iter().enumerate() {
            let path = format!("{path}.select[{place}]");
            if entry.select.is_some() {
                self.note(&format!("{path}.select"), "misplaced-field", "a `select` stands in no other");
            }
            let when = self.conditions(&format!("{path}.when"), entry.when.as_ref());
            entries.push(FeeEntry { when, fee: self.tiered_fee(&path, entry) });
        }
        let path = format!("{path}.select");
        match entries.pop() {
            Some(last) if last.when.is_empty() => {
                FeeRule::select(entries, last.fee).unwrap_or_else(|error| {
                    self.note(&path, "invalid-select", error);
                    Fee::of_rate(Rate::ZERO).into()
                })
            }
            last => {
                let message = if last.is_some() {
                    "the last entry has no `when`"
                } else {
                    "a selection needs an entry"
                };
                self.note(&path, "invalid-select", message);
                Fee::of_rate(Rate::ZERO).into()
            }
        }
    }

    fn tiered_fee(&mut self, path: &str, document: &FeeDocument) -> TieredFee {
        let Some(brackets) = &document.tiers else {
            if document.rate.is_none() && document.fixed.is_none() && document.select.is_none() {
                self.note(path, "empty-fee", "a fee needs `rate` or `fixed`, `tiers` or `select`");
            }
            if document.mode.is_some() || document.measure.is_some() || document.late.is_some() {
                self.note(path, "misplaced-field", "`mode`, `measure` and `late` stand beside `tiers` alone");
            }
            return TieredFee::Flat(self.fee(path, document));
        };
        if document.rate.is_some() || document.fixed.is_some() {
            self.note(path, "misplaced-field", "beside `tiers` stands no `rate` and no `fixed`");
        }
        let bounds = self.fee(path, document);
        let mut read = Vec::with_capacity(brackets.len());
        for (place, bracket) in brackets.iter().enumerate() {
            let path = format!("{path}.tiers[{place}]");
            let from = self.amount(&format!("{path}.from"), bracket.from);
            read.push(Bracket { from, rate: self.rate(&format!("{path}.rate"), &bracket.rate) });
        }
        let mode = self.required_value(&format!("{path}.mode"), document.mode.as_deref(), TierMode::Whole);
        let measure =
            self.required_value(&format!("{path}.measure"), document.measure.as_deref(), TierMeasure::Given);
        let late_path = format!("{path}.late");
        let late = self.value_or(&late_path, document.late.as_deref(), LateChange::Frozen);
        if document.late.is_some() && measure == TierMeasure::Given {
            self.note(&late_path, "misplaced-field", "`late` stands beside a measure of sales alone");
        }
        match Tiers::new(read, mode, measure) {
            Ok(tiers) => TieredFee::Tiered { tiers: tiers.on_late_change(late), bounds },
            Err(error) => {
                self.note(&format!("{path}.tiers"), "invalid-tiers", error);
                TieredFee::Flat(bounds)
            }
        }
    }

    /// A fee of a rate, a fixed part and bounds, and nothing else.
    pub(super) fn flat_fee(&mut self, path: &str, document: &FeeDocument) -> Fee {
        let FeeDocument { rate, fixed, min, max, .. } = document.clone();
        if *document != (FeeDocument { rate, fixed, min, max, ..FeeDocument::default() }) {
            self.note(path, "misplaced-field", "a share has `rate`, `fixed`, `min` and `max` alone");
        }
        if document.rate.is_none() && document.fixed.is_none() {
            self.note(path, "empty-fee", "a share needs `rate` or `fixed`");
        }
        self.fee(path, document)
    }

    /// The rate, fixed part and bounds of a fee.
    fn fee(&mut self, path: &str, document: &FeeDocument) -> Fee {
        let rate: Rate =
            document.rate.as_ref().map_or(Rate::ZERO, |text| self.rate(&format!("{path}.rate"), text));
        let mut fee = Fee::of_rate(rate);
        let with_fixed: fn(Fee, Amount) -> Result<Fee, FeeError> = Fee::plus_fixed;
        let parts = [
            ("fixed", document.fixed, with_fixed),
            ("min", document.min, Fee::at_least),
            ("max", document.max, Fee::at_most),
        ];
        for (name, number, with) in parts {
            let Some(number) = number else { continue };
            let path = format!("{path}.{name}");
            match with(fee, self.amount(&path, number)) {
                Ok(changed) => fee = changed,
                Err(error) => self.note(&path, "negative-amount", error),
            }
        }
        if document.vat_inclusive == Some(true) { fee.with_vat_included() } else { fee }
    }
}
