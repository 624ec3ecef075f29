//! Who pays for a discount, as it is written.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::funding::{Funder, Funding, FundingError, Overflow, Party};
use crate::rate::Share;

use super::book::Reader;
use super::map::map_document;
use super::{DiscountSharePolicyDocument, MinorUnits};

/// One who bears a part of a discount, as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct FunderDocument {
    /// `partner`, or a name of the book's own.
    pub party: String,
    /// Its part, at most 100 % with those of the others.
    pub share: String,
    /// The most it bears of one discount of an order, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<MinorUnits>,
}

map_document! {
    FunderDocument => "the fields of a funder",
}

impl Reader {
    pub(super) fn funding(&mut self, path: &str, document: &DiscountSharePolicyDocument) -> Funding {
        let stand_in = || Funding::of_partner(Share::default());
        let Some(funders) = &document.funders else {
            if document.overflow.is_some() {
                self.note(
                    &format!("{path}.overflow"),
                    "misplaced-field",
                    "`overflow` stands beside `funders` alone",
                );
            }
            let Some(share) = &document.partner_share else {
                let message = "a discount-share policy needs `partner_share` or `funders`";
                self.note(&format!("{path}.partner_share"), "missing-field", message);
                return stand_in();
            };
            return Funding::of_partner(self.rate(&format!("{path}.partner_share"), share));
        };
        if document.partner_share.is_some() {
            let message = "beside `funders` stands no `partner_share`: list the partner among them";
            self.note(&format!("{path}.partner_share"), "misplaced-field", message);
        }
        let path = format!("{path}.funders");
        let mut read = Vec::with_capacity(funders.len());
        for (place, document) in funders.iter().enumerate() {
            let at = |field: &str| format!("{path}[{place}].{field}");
            let party = document.party.parse::<Party>();
            let party = party.map_err(|error| self.note(&at("party"), "invalid-id", error)).ok();
            let share = self.rate(&at("share"), &document.share);
            let mut funder = party.map(|party| Funder::new(party, share));
            if let Some(cap) = document.cap {
                let cap = self.amount(&at("cap"), cap);
                funder = funder.map(|funder| funder.at_most(cap)).and_then(|funder| {
                    funder.map_err(|error| self.note(&at("cap"), "negative-amount", error)).ok()
                });
            }
            read.extend(funder);
        }
        let overflow = self.value_or(
            &path.replace("funders", "overflow"),
            document.overflow.as_deref(),
            Overflow::Merchant,
        );
        if read.len() < funders.len() {
            return stand_in();
        }
        Funding::new(read, overflow).unwrap_or_else(|error| {
            let path = match &error {
                FundingError::Duplicate { place, .. } => format!("{path}[{place}].party"),
                FundingError::AboveWhole { place, .. } => format!("{path}[{place}].share"),
                _ => path,
            };
            self.note(&path, "invalid-funders", error);
            stand_in()
        })
    }
}
