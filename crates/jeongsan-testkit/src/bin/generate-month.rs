//! Writes a generated month to a folder: `book.toml`, `events.jsonl` and `facts.jsonl`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use jeongsan_testkit::month::{Month, MonthCycles, MonthFees, MonthFormulas, MonthOptions};

const USAGE: &str = "\
generate-month --out DIR [--seed N] [--orders N] [--cancels N] [--daily] [--select-and-tiers] [--user-formulas]

Writes book.toml, events.jsonl and facts.jsonl into DIR. Without options: what examples/month holds.";

fn main() -> Result<(), Box<dyn Error>> {
    let mut options = MonthOptions::default();
    let mut out: Option<PathBuf> = None;
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("`{argument}` needs a value"));
        match argument.as_str() {
            "--out" => out = Some(value()?.into()),
            "--seed" => options.seed = value()?.parse()?,
            "--orders" => options.orders = value()?.parse()?,
            "--cancels" => options.cancels = value()?.parse()?,
            "--daily" => options.cycles = MonthCycles::Daily,
            "--select-and-tiers" => options.fees = MonthFees::SelectAndTiers,
            "--user-formulas" => options.formulas = MonthFormulas::User,
            "--help" => {
                println!("{USAGE}");
                return Ok(());
            }
            _ => return Err(format!("unknown argument `{argument}`\n\n{USAGE}").into()),
        }
    }
    let out = out.ok_or(USAGE)?;
    let month = Month::generate(&options);
    fs::create_dir_all(&out)?;
    write(&out, "book.toml", &month.book)?;
    write(&out, "events.jsonl", &month.events)?;
    write(&out, "facts.jsonl", &month.facts)
}

fn write(out: &Path, name: &str, text: &str) -> Result<(), Box<dyn Error>> {
    fs::write(out.join(name), text)?;
    println!("{}", out.join(name).display());
    Ok(())
}
