//! A marketplace pays 70 % three weeks of business days after each week and the rest two months later; then a holiday is announced.
//!
//! `cargo run -p jeongsan-examples --example dates`

use std::error::Error;

use chrono::NaiveDate;
use jeongsan::calendar::{Calendar, DateRange};
use jeongsan::money::{AllocationMethod, Amount};
use jeongsan::schedule::{Cycle, ScheduleOptions, Split, SplitPart};
use jeongsan_calendars::{Overlay, calendars, korea};

fn main() -> Result<(), Box<dyn Error>> {
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).ok_or("no such day");
    let known = calendars(None);
    let bank: Calendar = known.get(&"KR-BANK".parse()?)?;
    let options = ScheduleOptions::default();

    let part = |share: &str, close: &str, cycle: &str| -> Result<SplitPart, Box<dyn Error>> {
        Ok(SplitPart { share: share.parse()?, close: close.parse()?, cycle: cycle.parse()? })
    };
    let split = Split::new(
        [
            part("70%", "weekly:SUN", "15bd-strict daily holiday-after")?,
            part("30%", "monthly:31", "2d monthly:1 holiday-after")?,
        ],
        AllocationMethod::LastTakesRest,
    )?;
    let confirmed = day(9, 2)?;
    println!("confirmed on {confirmed}, 100,001 won fall due");
    for due in split.resolve(Some(&bank), options)?.due(confirmed, Amount::new(100_001))? {
        let check = korea::DEADLINES[0].check(confirmed, due.date)?.ok_or("not in force")?;
        let verdict = if check.is_breached() { "late" } else { "in time" };
        println!(
            "  {:>7} on {}, {verdict} for the {} days of {}",
            due.amount,
            due.date,
            korea::DEADLINES[0].days,
            korea::DEADLINES[0].law
        );
    }

    let cycle: Cycle = "5d weekly:THU holiday-before".parse()?;
    let schedule = cycle.resolve(Some(&bank), options)?;
    println!("\n{}", schedule.explain(day(9, 18)?)?);
    if let Some(starts) = schedule.start_dates(day(9, 23)?)? {
        println!("All starts paid on that day: {starts}");
    }

    // The government makes Wednesday the 23rd a holiday, too.
    let overlay = Overlay::parse(
        "date,name_ko,kind,scope,known_on\n2026-09-23,추석 연휴 전 임시공휴일,temporary,public,2026-09-01\n",
    )?;
    let overlaid = overlay.lay_over(&known)?;
    let newer = cycle.resolve(Some(&overlaid.calendars.get(bank.id())?), options)?;
    println!();
    for moved in schedule.moves(&newer, DateRange::new(day(9, 1)?, day(9, 30)?)?.iter()) {
        println!("started on {}: {} becomes {}", moved.start, moved.before?, moved.after?);
    }
    Ok(())
}
