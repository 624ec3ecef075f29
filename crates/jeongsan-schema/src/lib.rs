//! JSON Schemas of the documents, generated from the types that read them.
//!
//! The types derive nothing for it: `probe` hands each type's own `Deserialize` made-up values and notes what it asks for, which
//! fields it can't do without and what it refuses. What a type reads as text and judges later, such as a rounding or a
//! rate, is written beside it in `annotations`. `outputs` has what is only ever written. [`all`] is the list; the binary
//! writes it to `docs/schema`.

mod annotations;
mod outputs;
mod probe;
mod schema;

use jeongsan::document::{
    BookDocument, BulkPayoutDocument, DatedMethodDocument, EventDocument, FactDocument, InvoiceDocument,
    PartnersDocument, PayoutDocument, PayoutTaxDocument,
};
use serde::Deserialize;
use serde_json::Value;

pub use probe::ProbeError;
pub use schema::SchemaError;

/// A schema and the name of its file without ending.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedSchema {
    /// The document's name, in kebab case.
    pub name: &'static str,
    /// The schema, of draft 2020-12.
    pub schema: Value,
}

impl NamedSchema {
    /// The schema as it stands in its file.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:#}\n", self.schema)
    }
}

/// The schema of every document.
///
/// # Errors
/// When a type asks for a form of value that no sample is known of, or an annotation belongs to no field.
pub fn all() -> Result<Vec<NamedSchema>, SchemaError> {
    let method = [probe::trace::<DatedMethodDocument>()?];
    let mut all = vec![
        NamedSchema {
            name: "book",
            schema: schema::of("A policy book.", probe::trace::<BookDocument>()?, &method)?,
        },
        read::<PartnersDocument>("partners", "Partners in a file of their own.")?,
        read::<EventDocument>("event", "An event that settles, one a line.")?,
        read::<FactDocument>("fact", "A fact that the ledger takes in, one a line.")?,
        read::<PayoutTaxDocument>("payout-tax", "The taxes of a payout.")?,
        read::<PayoutDocument>("payout", "A payout to one partner.")?,
        read::<BulkPayoutDocument>("bulk-payout", "A run of payouts.")?,
        read::<InvoiceDocument>("invoice", "A reverse-issued tax invoice, or an amendment of one.")?,
    ];
    schema::check_annotations(&all)?;
    all.extend(outputs::all());
    Ok(all)
}

/// The schema of a document that is read.
fn read<T: for<'de> Deserialize<'de>>(
    name: &'static str,
    description: &str,
) -> Result<NamedSchema, SchemaError> {
    Ok(NamedSchema { name, schema: schema::of(description, probe::trace::<T>()?, &[])? })
}
