//! The families, one file each.

mod adjust;
mod allocate;
mod calendars;
mod carry;
mod cycle;
mod fee;
mod formula;
mod holiday;
mod settle;
mod tier;
mod vat_split;
mod withholding;

use std::path::Path;

pub use settle::settle_documents;

use crate::case::{Case, Verdict};
use crate::{Selection, table};

/// Runs the cases of a file by its family.
pub(crate) fn run(path: &Path, text: &str, selection: &Selection) -> Vec<Case> {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let family = name.split('.').next().unwrap_or_default();
    if selection.skipped_features.contains(family) {
        return vec![Case { id: "*".into(), verdict: Verdict::Skipped { feature: family.into() } }];
    }
    match family {
        "adjust" => table::run(text, adjust::check),
        "allocate" => table::run(text, allocate::check),
        "carry" => carry::run(text),
        "cycle" => table::run(text, cycle::check),
        "fee" => table::run(text, fee::check),
        "formula" => table::run(text, formula::check),
        "holiday" => table::run(text, holiday::check),
        "settle" => settle::run(text, selection),
        "tier" => table::run(text, tier::check),
        "vat_split" => table::run(text, vat_split::check),
        "withholding" => table::run(text, withholding::check),
        _ => vec![Case::broken("?", format!("unknown family `{family}`"))],
    }
}
