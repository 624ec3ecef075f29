//! The project's own corpus passes, and the runner notices what doesn't.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;

use jeongsan_golden::{Report, Selection, run};

fn run_on(relative: &str, selection: &Selection) -> Report {
    run(&[PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(relative)], selection).unwrap()
}

#[test]
fn the_corpus_passes() {
    let report = run_on("../../testdata", &Selection::default());
    assert!(report.failed.is_empty(), "{:#?}", report.failed);
    assert!(report.passed >= 400, "only {} cases ran", report.passed);
}

#[test]
fn wrong_cases_and_unknown_families_fail() {
    let report = run_on("tests/wrong", &Selection::default());
    let ids: Vec<&str> = report.failed.iter().map(|(_, case)| case.id.as_str()).collect();
    assert_eq!(
        ids,
        ["chain 1", "wrong-vat", "unreadable", "?", "wrong-figure", "missing-event", "wrong-code"]
    );
    assert_eq!(report.passed, 2);
}
