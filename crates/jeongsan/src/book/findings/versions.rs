//! What is odd about when terms apply.
//!
//! Two versions from one day are errors already, and any other version applies on its first day at least. A gap shows where the
//! book says both from when a partner can have orders and from when its default contract governs them.

use alloc::format;

use chrono::NaiveDate;

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
            before = Some(&version.terms);
        }
        let own = versions.iter().find(|version| version.applies_from == applies_from);
        if let (Some(before), Some(own), Some(date)) = (before, own, applies_from)
            && own.terms == *before
        {
            let message = format!("the version from `{date}` says what the one before it says");
            self.note(path, "redundant-version", message);
        }
    }

    /// Partners that can have orders before their default contract begins: from the day they joined, but not before the first
    /// contract of the book does, since no order of an earlier day settles under this book.
    pub(super) fn gaps(&mut self) {
        let book = self.book;
        let begins = |versions: &Versions<_>| versions.iter().next().and_then(|first| first.applies_from);
        // `None`, always, comes before every day.
        let book_begins = book.contracts.values().map(begins).min().flatten();
        for (place, id) in book.listing.partners.iter().enumerate() {
            let Some(partner) = book.partners.get(id) else { continue };
            let Some(contract) = &partner.default_contract else { continue };
            let governs_from = book.contracts.get(contract).and_then(begins);
            let (Some(joined), Some(governs_from)) = (partner.joined_on, governs_from) else { continue };
            let orders_from = book_begins.map_or(joined, |begins| joined.max(begins));
            if orders_from < governs_from {
                let message = format!(
                    "`{contract}` begins on `{governs_from}`; orders of `{id}` from `{orders_from}` until then have no contract"
                );
                self.note(format!("partners[{place}].default_contract"), "version-gap", message);
            }
        }
    }
}
