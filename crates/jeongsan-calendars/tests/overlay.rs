//! Overlays: what they change and say, and where a malformed one is wrong.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use chrono::NaiveDate;
use jeongsan::calendar::Effect;
use jeongsan_calendars::{Overlaid, Overlay, OverlayEffect, calendars};

const HEADER: &str = "date,name_ko,name_en,kind,substitute_for,scope,known_on,status\n";

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[track_caller]
fn lay(rows: &str, as_of: Option<NaiveDate>) -> Overlaid {
    Overlay::parse(&format!("{HEADER}{rows}")).unwrap().lay_over(&calendars(as_of)).unwrap()
}

#[track_caller]
fn notes(rows: &str) -> Vec<String> {
    lay(rows, None).notes.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn error(text: &str) -> String {
    Overlay::parse(text)
        .and_then(|overlay| overlay.lay_over(&calendars(None)))
        .map(|overlaid| overlaid.notes)
        .unwrap_err()
        .to_string()
}

#[test]
fn an_added_day_closes_the_calendars_of_its_scope() {
    let public = notes("2026-08-14,임시공휴일,,temporary,,public,2026-07-21,official\n");
    assert_eq!(
        public,
        [
            "line 2: KR-BANK 2026-08-14 임시공휴일 closes an open day",
            "line 2: KR-PUBLIC 2026-08-14 임시공휴일 closes an open day",
            "line 2: KRX 2026-08-14 임시공휴일 closes an open day",
        ]
    );
    assert_eq!(
        notes("2026-08-14,창립기념일,,bank,,bank,,\n2026-08-13,휴장,,exchange,,exchange,,\n").len(),
        3,
        "a bank day on two calendars, an exchange day on one"
    );
    assert_eq!(
        notes("2026-08-14,Day of Mourning,,temporary,,US-FED,,\n"),
        ["line 2: US-FED 2026-08-14 Day of Mourning closes an open day"]
    );
}

#[test]
fn the_calendars_know_what_was_laid_over_them() {
    let before = calendars(None);
    let overlaid = lay("2026-08-14,임시공휴일,Temporary holiday,temporary,,public,2026-07-21,\n", None);
    for id in ["KR-BANK", "KR-PUBLIC", "KRX", "KR-BANK+US-FED"] {
        let id = id.parse().unwrap();
        let (before, after) = (before.get(&id).unwrap(), overlaid.calendars.get(&id).unwrap());
        assert_ne!(before.version(), after.version());
        let changes = before.changes(&after);
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].date, changes[0].effect), (day(2026, 8, 14), Effect::Closes));
    }
    let weekends = "WEEKENDS".parse().unwrap();
    assert_eq!(before.get(&weekends).unwrap(), overlaid.calendars.get(&weekends).unwrap());
}

#[test]
fn a_working_day_opens_its_day() {
    assert_eq!(
        notes("2026-10-05,대체공휴일 취소,,working-day,,public,,\n")[0],
        "line 2: KR-BANK 2026-10-05 대체공휴일 취소 opens a closed day"
    );
    assert_eq!(
        notes("2026-10-06,근무,,working-day,,KRX,,\n"),
        ["line 2: KRX 2026-10-06 근무 adds a reason to a day that stays as it was"]
    );
    // The worked day wins over a holiday laid over it.
    let twice = lay("2026-10-10,근무,,working-day,,KRX,,\n2026-10-10,휴일,,temporary,,KRX,,\n", None);
    assert_eq!(twice.notes[0].effect, OverlayEffect::Opens);
    assert_eq!(twice.notes[1].effect, OverlayEffect::Joins);
    let exchange = twice.calendars.get(&"KRX".parse().unwrap()).unwrap();
    assert!(exchange.is_business_day(day(2026, 10, 10)).unwrap());
}

#[test]
fn a_contradiction_says_what_stood_there() {
    assert_eq!(
        notes("2025-01-27,설 연휴 전 임시공휴일,Bridge day before Seollal,temporary,,public,2025-01-08,\n")
            [0],
        "line 2: KR-BANK 2025-01-27 설 연휴 전 임시공휴일 contradicts the calendar, which had it as official temporary, \
         known on 2025-01-14; it is official temporary, known on 2025-01-08 now"
    );
    assert_eq!(
        notes("2026-05-05,임시공휴일,,temporary,,KR-BANK,,\n"),
        ["line 2: KR-BANK 2026-05-05 임시공휴일 adds a reason to a day that stays as it was"]
    );
    let same = jeongsan_calendars::korea::holidays()
        .into_iter()
        .find(|(_, holiday)| holiday.date == day(2024, 10, 1))
        .map(|(_, holiday)| {
            format!(
                "{},{},{},temporary,,KRX,2024-09-03,official,{}\n",
                holiday.date, holiday.name, holiday.english, holiday.source
            )
        });
    let text = format!("{},source\n{}", HEADER.trim_end(), same.unwrap());
    let repeated = Overlay::parse(&text).unwrap().lay_over(&calendars(None)).unwrap();
    assert_eq!(
        repeated.notes[0].to_string(),
        "line 2: KRX 2024-10-01 국군의 날 임시공휴일 says what the calendar says already"
    );
}

#[test]
fn what_was_not_yet_known_is_left_out_of_an_older_calendar() {
    let row = "2026-08-14,임시공휴일,,temporary,,KRX,2026-07-21,\n";
    let before = lay(row, Some(day(2026, 7, 20)));
    assert_eq!(
        before.notes[0].to_string(),
        "line 2: KRX 2026-08-14 임시공휴일 was not known yet and is left out"
    );
    let exchange = |overlaid: &Overlaid| overlaid.calendars.get(&"KRX".parse().unwrap()).unwrap();
    assert!(exchange(&before).is_business_day(day(2026, 8, 14)).unwrap());
    assert!(!exchange(&lay(row, Some(day(2026, 7, 21)))).is_business_day(day(2026, 8, 14)).unwrap());
}

#[test]
fn comments_quotes_and_line_ends_are_understood() {
    let text = "\u{feff}# 임시공휴일\r\n\r\nscope,kind,name_ko,date\r\npublic,temporary,\"설, \"\"추석\"\"\",2026-08-14\r\n";
    let overlay = Overlay::parse(text).unwrap();
    let holiday = overlay.holidays().next().unwrap();
    assert_eq!((holiday.date, &*holiday.name), (day(2026, 8, 14), "설, \"추석\""));
    assert!(Overlay::parse(HEADER).unwrap().holidays().next().is_none());
}

#[test]
fn a_fault_has_its_line_and_column() {
    let row = |row: &str| error(&format!("{HEADER}{row}\n"));
    assert_eq!(error(""), "line 1, column 1: there is no header");
    assert_eq!(error("date,name_ko,kind\n"), "line 1, column 1: column `scope` is missing");
    assert_eq!(
        error("date,name_ko,kind,scope,note\n"),
        "line 1, column 25: column `note` is not one of an overlay"
    );
    assert_eq!(error("date,name_ko,date,kind,scope\n"), "line 1, column 14: column `date` is there twice");
    assert_eq!(
        row("2026-08-14,휴일,,temporary,,public,"),
        "line 2, column 34: the line has 7 cells, its header 8"
    );
    assert_eq!(
        row("2026-08-32,휴일,,temporary,,public,,"),
        "line 2, column 1: date `2026-08-32` is no date such as `2026-05-01`"
    );
    assert_eq!(
        row("2026-08-14,휴일,,tempory,,public,,"),
        "line 2, column 16: holiday kind `tempory` is none of `statutory`, `lunar`, `substitute`, `temporary`, \
         `election`, `bank`, `exchange`, `working-day`"
    );
    assert_eq!(
        row("2026-08-14,휴일,,temporary,,public,,sure"),
        "line 2, column 35: status `sure` is none of `official`, `projected`"
    );
    assert_eq!(
        row("2026-08-14,휴일,,temporary,,public,2026-7-1,"),
        "line 2, column 34: known_on `2026-7-1` is no date such as `2026-05-01`"
    );
    assert_eq!(row("2026-08-14,,,temporary,,public,,"), "line 2, column 12: `name_ko` is empty");
    assert_eq!(row("2026-08-14,휴일,,temporary,,all,,"), "line 2, column 27: scope `all` names no calendar");
    assert_eq!(
        row("2026-08-14,\"휴일,,temporary,,public,,"),
        "line 2, column 12: the quoted cell doesn't end"
    );
    assert_eq!(
        row("2026-08-14,\"휴\"일,,temporary,,public,,"),
        "line 2, column 15: a comma must follow the quoted cell"
    );
    assert_eq!(
        row("2101-08-14,휴일,,temporary,,KRX,,"),
        "line 2, column 1: `2101-08-14` lies outside of calendar `KRX`, which covers 2000-01-01 to 2100-12-31"
    );
    assert_eq!(
        row("2026-08-14,휴일,,temporary,,KRX,,\n2026-08-14,휴일,,election,,KRX,,"),
        "line 3, column 1: `휴일` is given twice for 2026-08-14"
    );
}
