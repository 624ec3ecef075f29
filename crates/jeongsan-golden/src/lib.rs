//! The golden runner: the corpus of cases is the specification, and every case goes through the public API.
//!
//! A case file's family is its stem up to the first point, so `settle.rules.jsonl` belongs to `settle`. [`run`] walks paths and gives a
//! [`Report`]; a file of an unknown family counts as a failure. A case that needs a feature named in
//! [`Selection`] is skipped, and the report says so.

mod case;
mod families;
mod table;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

pub use case::{Case, Verdict};
pub use families::settle_documents;

/// Which cases run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Features whose cases are skipped, such as `cancel` or `tiers`.
    pub skipped_features: BTreeSet<String>,
}

/// What became of every case.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The cases that failed, with the file they stand in.
    pub failed: Vec<(PathBuf, Case)>,
    /// The cases that were skipped, with the file they stand in.
    pub skipped: Vec<(PathBuf, Case)>,
    /// How many passed.
    pub passed: usize,
}

/// Runs every case file under the paths: files ending in `.csv` or `.jsonl`.
///
/// # Errors
/// When a path can't be read.
pub fn run(paths: &[PathBuf], selection: &Selection) -> std::io::Result<Report> {
    let mut files = BTreeSet::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    let mut report = Report::default();
    for file in files {
        let text = fs::read_to_string(&file)?;
        for case in families::run(&file, &text, selection) {
            match case.verdict {
                Verdict::Passed => report.passed = report.passed.saturating_add(1),
                Verdict::Failed { .. } => report.failed.push((file.clone(), case)),
                Verdict::Skipped { .. } => report.skipped.push((file.clone(), case)),
            }
        }
    }
    Ok(report)
}

fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
        return Ok(());
    }
    let is_case_file = path.extension().is_some_and(|ending| ending == "csv" || ending == "jsonl");
    if is_case_file || !path.exists() {
        files.insert(path.into());
    }
    Ok(())
}
