//! Works out the table of Korea's lunar holidays with `icu_calendar`, and says where the one in the crate differs.
//!
//! `lunar-table FILE` compares and ends with status 1 on a difference; `lunar-table --write FILE` writes the file anew.

use std::fmt::Write as _;
use std::process::ExitCode;

use icu_calendar::types::Month;
use icu_calendar::{Date, Gregorian};

const FIRST_YEAR: i32 = 2000;
const LAST_YEAR: i32 = 2100;
const YEARS_A_LINE: usize = 10;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let writes = arguments.first().is_some_and(|argument| argument == "--write");
    if writes {
        arguments.remove(0);
    }
    let [file] = arguments.as_slice() else {
        eprintln!("usage: lunar-table [--write] FILE");
        return ExitCode::FAILURE;
    };
    let text = table();
    if writes {
        return match std::fs::write(file, &text) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{file}: {error}");
                ExitCode::FAILURE
            }
        };
    }
    let found = match std::fs::read_to_string(file) {
        Ok(found) => found,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    };
    if found == text {
        println!("{file} is as worked out for {FIRST_YEAR} to {LAST_YEAR}");
        return ExitCode::SUCCESS;
    }
    for (i, (found, expected)) in found.lines().zip(text.lines()).enumerate() {
        if found != expected {
            println!("{file}:{}\n  found    {found}\n  expected {expected}", i + 1);
        }
    }
    println!("{file} differs");
    ExitCode::FAILURE
}

/// The source file of the table.
fn table() -> String {
    let mut text = String::from(HEAD);
    let years: Vec<i32> = (FIRST_YEAR..=LAST_YEAR).collect();
    let _ = writeln!(text, "pub(super) const LUNAR_DAYS: [u16; {}] = [", years.len());
    for years in years.chunks(YEARS_A_LINE) {
        let row: Vec<String> = years.iter().map(|&year| format!("0x{:04x},", packed(year))).collect();
        let _ = writeln!(text, "    {}", row.join(" "));
    }
    text.push_str("];\n");
    text
}

const HEAD: &str = "\
//! Written by `scripts/lunar`, which works it out again and says where it differs.

/// From 2000 on, a number for each year: in bits 0 to 4 the days from 20 January to Seollal, in bits 5 to 10 those from 27 April to
/// Buddha's Birthday, in bits 11 to 15 those from 7 September to Chuseok.
#[rustfmt::skip]
";

/// The three holidays of a year, as days after a fixed one.
fn packed(year: i32) -> u16 {
    let seollal = days_after(year, (1, 20), lunar(year, 1, 1), 5);
    let buddha = days_after(year, (4, 27), lunar(year, 4, 8), 6);
    let chuseok = days_after(year, (9, 7), lunar(year, 8, 15), 5);
    seollal | buddha << 5 | chuseok << 11
}

fn lunar(year: i32, month: u8, day: u8) -> Date<Gregorian> {
    let date = Date::try_new_korean_traditional(year, Month::new(month), day);
    date.expect("the day is there in every lunar year").to_calendar(Gregorian)
}

/// The days from a solar date of the year to another, which must fit so many bits.
fn days_after(year: i32, (month, day): (u8, u8), date: Date<Gregorian>, bits: u32) -> u16 {
    let from = Date::try_new_gregorian(year, month, day).expect("a date of the calendar");
    let days = date.to_rata_die() - from.to_rata_die();
    let days = u16::try_from(days).expect("the holiday lies behind the fixed day");
    assert!(days < 1 << bits, "{year}: {days} days don't fit {bits} bits");
    days
}
