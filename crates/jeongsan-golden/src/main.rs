//! `jeongsan-golden [--skip FEATURE]… PATH…`: runs every golden case under the paths.

use std::path::PathBuf;
use std::process::ExitCode;

use jeongsan_golden::{Selection, Verdict, run};

fn main() -> ExitCode {
    let mut selection = Selection::default();
    let mut paths = Vec::new();
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--skip" {
            selection
                .skipped_features
                .extend(arguments.next().map(|feature| feature.to_string_lossy().into_owned()));
        } else {
            paths.push(PathBuf::from(argument));
        }
    }
    if paths.is_empty() {
        eprintln!("usage: jeongsan-golden [--skip FEATURE]… PATH…");
        return ExitCode::FAILURE;
    }
    let report = match run(&paths, &selection) {
        Ok(report) => report,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    for (file, case) in report.skipped.iter().chain(&report.failed) {
        let place = format!("{} {}", file.display(), case.id);
        match &case.verdict {
            Verdict::Passed => {}
            Verdict::Failed { expected, got } => println!("{place}\n  expected {expected}\n  got      {got}"),
            Verdict::Skipped { feature } => println!("{place} skipped: needs {feature}"),
        }
    }
    let skipped = match report.skipped.len() {
        0 => String::new(),
        count => format!(", {count} skipped"),
    };
    println!("{} passed, {} failed{skipped}", report.passed, report.failed.len());
    if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
