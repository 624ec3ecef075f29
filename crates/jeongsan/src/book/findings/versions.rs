//! What is odd about when terms apply.
//!
//! Two versions from one day are errors already, and any other version applies on its first day at least. A gap shows where the
//! book says both from when a partner can have orders and from when its default contract governs them.

use alloc::format;

use chrono::NaiveDate;

use crate::contract::Contract;
use crate::policy::Versions;

use super::Finder;

impl Finder<'_> {
    /// A version that repeats the one before it, labels and all.
    pub(super) fn redundant_version<T: PartialEq>(
        &mut self,
        path: &str,
        versions: &Versions<T>,
        applies_from: Option<NaiveDate>,
    ) {
        let mut before = None;
        for version in versions.iter().take_while(|version| version.applies_from < applies_from) {
            before = Some(version);
        }
        let own = versions.iter().find(|version| version.applies_from == applies_from);
        if let (Some(before), Some(own), Some(date)) = (before, own, applies_from)
            && (&own.terms, own.archived) == (&before.terms, before.archived)
        {
            let message = format!("the version from `{date}` says what the one before it says");
            self.note(path, "redundant-version", message);
        }
    }

    /// Versions of partners that change nothing, and partners that can have orders before their default contract begins: from the day
    /// they joined, but not before the first contract of the book does, since no order of an earlier day settles under this book.
    pub(super) fn partners(&mut self) {
        let book = self.book;
        // `None`, always, comes before every day.
        let book_begins = book.contracts.values().map(begins).min().flatten();
        for (place, (id, applies_from)) in book.listing.partners.iter().enumerate() {
            let Some(versions) = book.partners.get(id) else { continue };
            self.redundant_version(&format!("partners[{place}]"), versions, *applies_from);
            let mut from_here = versions.iter().skip_while(|version| version.applies_from != *applies_from);
            let Some(version) = from_here.next() else { continue };
            let ends_before = from_here.next().and_then(|next| next.applies_from);
            let partner = &version.terms;
            let Some(contract) = &partner.default_contract else { continue };
            let governs_from = book.contracts.get(contract).and_then(begins);
            let (Some(joined), Some(governs_from)) = (partner.joined_on, governs_from) else { continue };
            let orders_from = [book_begins, *applies_from].into_iter().flatten().fold(joined, NaiveDate::max);
            let until = ends_before.map_or(governs_from, |end| governs_from.min(end));
            if orders_from < until && !version.archived {
                let message = format!(
                    "`{contract}` begins on `{governs_from}`; orders of `{id}` from `{orders_from}` until then have no contract"
                );
                self.note(format!("partners[{place}].default_contract"), "version-gap", message);
            }
        }
    }
}

/// The first day of the first version, `None` for always.
fn begins(versions: &Versions<Contract>) -> Option<NaiveDate> {
    versions.iter().next().and_then(|first| first.applies_from)
}
