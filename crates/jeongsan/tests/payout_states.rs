//! Every state of a payout and of a bulk payout against every event: a hand-written table, and the page that is printed from the
//! code. `UPDATE=1 cargo test -p jeongsan --test payout_states` writes the page anew.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fmt::{Display, Write};

use jeongsan::payout::{
    BulkPayoutEvent, BulkPayoutState, PayoutEffect, PayoutEvent, PayoutState, Place, RowStatus,
    SettlementDays, SettlementStatus,
};

/// A cell is the new state, with `+` before each effect, or `!` and the refusal's code; `same` is a duplicate.
const PAYOUT: &str = "
               | confirmed          | scheduled          | prepared                | processing        | unknown            | succeeded      | failed             | stopped            | returned           | cancelled  | retried
schedule       | scheduled          | !already-scheduled | !started                | !under-way        | !under-way         | !paid          | !ended             | !ended             | !ended             | !cancelled | !retried
prepare        | prepared           | prepared           | !started                | !under-way        | !under-way         | !paid          | !ended             | !ended             | !ended             | !cancelled | !retried
submit         | !not-prepared      | !not-prepared      | processing +post +submit | !under-way       | !under-way         | !paid          | !ended             | !ended             | !ended             | !cancelled | !retried
resend         | !not-sent          | !not-sent          | !not-sent               | processing +submit | processing +submit | !paid         | !ended             | !not-sent          | !ended             | !cancelled | !retried
stop           | !not-prepared      | !not-prepared      | stopped                 | !under-way        | !under-way         | !paid          | !ended             | !ended             | !ended             | !cancelled | !retried
cancel         | cancelled +release | cancelled +release | !started                | !under-way        | !under-way         | !paid          | cancelled +release | cancelled +release | cancelled +release | !cancelled | !retried
retry          | !still-to-send     | !still-to-send     | !still-to-send          | !under-way        | !under-way         | !paid          | retried +hand-on   | retried +hand-on   | retried +hand-on   | !cancelled | !retried
rule-paid      | succeeded +post    | succeeded +post    | succeeded +post         | !under-way        | succeeded +post    | same           | succeeded +post    | succeeded +post    | succeeded +post    | succeeded +reclaim +post | succeeded +reclaim +post
rule-unpaid    | same               | same               | same                    | !under-way        | failed +post       | returned +post | same               | same               | same               | same       | same
supersede      | cancelled +release | cancelled +release | cancelled +release      | !under-way        | !under-way         | !paid          | cancelled +release | cancelled +release | cancelled +release | !cancelled | !retried
no-answer      | !not-sent          | !not-sent          | !not-sent               | unknown           | same               | same           | same               | !not-sent          | same               | same       | same
bank-accepted  | alarm              | alarm              | alarm                   | same              | processing         | same           | same               | alarm              | same               | alarm      | alarm
bank-paid      | alarm              | alarm              | alarm                   | succeeded +post   | succeeded +post    | same           | alarm              | alarm              | same               | alarm      | alarm
bank-failed    | alarm              | alarm              | alarm                   | failed +post      | failed +post       | alarm          | same               | alarm              | alarm              | same       | same
bank-returned  | alarm              | alarm              | alarm                   | returned +post    | returned +post     | returned +post | alarm              | alarm              | same               | same       | same
";

const BULK_PAYOUT: &str = "
           | preparing                 | prepared                   | scheduled                  | ongoing                | stopping   | completed  | cancelled
add        | preparing                 | !already-prepared          | !already-prepared          | !already-started       | !stopping  | !completed | !cancelled
confirm    | prepared                  | !already-prepared          | !already-prepared          | !already-started       | !stopping  | !completed | !cancelled
schedule   | !not-prepared             | scheduled +schedule-payouts | !already-scheduled        | !already-started       | !stopping  | !completed | !cancelled
reschedule | !not-scheduled            | !not-scheduled             | scheduled                  | !already-started       | !stopping  | !completed | !cancelled
start      | !not-prepared             | ongoing +prepare-payouts   | ongoing +prepare-payouts   | !already-started       | !stopping  | !completed | !cancelled
stop       | !not-started              | !not-started               | !not-started               | stopping +stop-payouts | !stopping  | !completed | !cancelled
cancel     | cancelled +cancel-payouts | cancelled +cancel-payouts  | cancelled +cancel-payouts  | !already-started       | !stopping  | !completed | !cancelled
finish     | !not-started              | !not-started               | !not-started               | completed              | completed  | !completed | !cancelled
";

/// The columns' states, and each row's event with its cells.
fn read(table: &'static str) -> (Vec<&'static str>, Vec<(&'static str, Vec<&'static str>)>) {
    let mut lines = table.trim_matches('\n').lines().map(|line| line.split('|').map(str::trim));
    let states = lines.next().unwrap().skip(1).collect();
    let rows = lines.map(|mut cells| (cells.next().unwrap(), cells.collect()));
    (states, rows.collect())
}

fn written<S: Copy + Display + PartialEq>(from: S, to: S, effects: &[impl Display]) -> String {
    let effects: Vec<String> = effects.iter().map(ToString::to_string).collect();
    match effects.join(" +").as_str() {
        "" => to.to_string(),
        "duplicate" if from == to => "same".into(),
        "alarm" if from == to => "alarm".into(),
        effects => format!("{to} +{effects}"),
    }
}

#[test]
fn every_event_in_every_state_of_a_payout_is_answered_as_written() {
    let (states, rows) = read(PAYOUT);
    assert_eq!(states, PayoutState::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>());
    assert_eq!(rows.len(), PayoutEvent::ALL.len());
    for (place, (event, cells)) in rows.into_iter().enumerate() {
        assert_eq!(event, PayoutEvent::ALL[place].as_str());
        assert_eq!(cells.len(), states.len());
        for (cell, &state) in cells.iter().zip(PayoutState::ALL) {
            let found = match state.on(event.parse().unwrap()) {
                Ok((to, effects)) => written(state, to, effects),
                Err(refusal) => format!("!{}", refusal.code()),
            };
            assert_eq!(found, *cell, "{event} in {state}");
        }
    }
}

#[test]
fn every_event_in_every_state_of_a_bulk_payout_is_answered_as_written() {
    let (states, rows) = read(BULK_PAYOUT);
    assert_eq!(states, BulkPayoutState::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>());
    assert_eq!(rows.len(), BulkPayoutEvent::ALL.len());
    for (place, (event, cells)) in rows.into_iter().enumerate() {
        assert_eq!(event, BulkPayoutEvent::ALL[place].as_str());
        assert_eq!(cells.len(), states.len());
        for (cell, &state) in cells.iter().zip(BulkPayoutState::ALL) {
            let found = match state.on(event.parse().unwrap()) {
                Ok((to, effects)) => written(state, to, effects),
                Err(refusal) => format!("!{}", refusal.code()),
            };
            assert_eq!(found, *cell, "{event} in {state}");
        }
    }
}

#[test]
fn money_moves_exactly_where_it_is_posted() {
    for &state in PayoutState::ALL {
        for &event in PayoutEvent::ALL {
            let Ok((to, effects)) = state.on(event) else { continue };
            assert_eq!(
                effects.contains(&PayoutEffect::Post),
                state.place() != to.place(),
                "{event} in {state}"
            );
            let leaves = effects.contains(&PayoutEffect::Release) || effects.contains(&PayoutEffect::HandOn);
            assert_eq!(leaves, state.holds_rows() && !to.holds_rows(), "{event} in {state}");
            let comes = effects.contains(&PayoutEffect::Reclaim);
            assert_eq!(comes, !state.holds_rows() && to.holds_rows(), "{event} in {state}");
        }
    }
}

#[test]
fn what_may_be_paid_never_gives_its_rows_away() {
    for &state in PayoutState::ALL {
        for event in [
            PayoutEvent::Cancel,
            PayoutEvent::Retry,
            PayoutEvent::Stop,
            PayoutEvent::Submit,
            PayoutEvent::Supersede,
        ] {
            assert!(state.place() == Place::Payable || state.on(event).is_err(), "{event} in {state}");
        }
    }
}

#[test]
fn each_payout_state_shows_in_row_and_settlement() {
    let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
    let days = SettlementDays { start: Some(day(2)), due: day(13) };
    let shown = [
        (PayoutState::Confirmed, "confirmed", "payout-confirmed"),
        (PayoutState::Scheduled, "payout-scheduled", "in-payout"),
        (PayoutState::Prepared, "in-payout", "in-payout"),
        (PayoutState::Processing, "in-payout", "in-payout"),
        (PayoutState::Unknown, "in-payout", "in-payout"),
        (PayoutState::Succeeded, "paid-out", "paid-out"),
        (PayoutState::Failed, "payout-failed", "settled"),
        (PayoutState::Stopped, "payout-failed", "settled"),
        (PayoutState::Returned, "payout-failed", "settled"),
        (PayoutState::Cancelled, "cancelled", "settled"),
        (PayoutState::Retried, "payout-failed", "settled"),
    ];
    assert_eq!(shown.map(|row| row.0), PayoutState::ALL);
    for (state, row, settlement) in shown {
        assert_eq!(RowStatus::of(state).as_str(), row);
        assert_eq!(SettlementStatus::of(days, day(13), Some(RowStatus::of(state))).as_str(), settlement);
    }
    for (as_of, start, settlement) in [
        (1, Some(2), "scheduled"),
        (2, Some(2), "in-process"),
        (12, Some(2), "in-process"),
        (1, None, "in-process"),
    ] {
        let days = SettlementDays { start: start.map(day), ..days };
        for row in [None, Some(RowStatus::PayoutPrepared), Some(RowStatus::PayoutWithheld)] {
            assert_eq!(SettlementStatus::of(days, day(as_of), row).as_str(), settlement);
        }
    }
}

#[test]
fn the_page_of_the_states_is_printed_from_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/payout-states.md");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == page,
        "docs/payout-states.md is stale: UPDATE=1 cargo test -p jeongsan --test payout_states"
    );
}

fn page() -> String {
    let mut page = String::from(
        "# States of payouts\n\nPrinted from the code by `UPDATE=1 cargo test -p jeongsan --test payout_states`; a test fails when \
         it is stale.\nA cell has the new state and the effects in their order, or the code of the refusal in italics. *same* changes \
         nothing: a duplicate.\n*alarm* changes nothing either: a person has to look, and until then neither it nor a later payout of its \
         rows is sent, retried or cancelled.\n\n## Payout\n\n",
    );
    let mut refusals = BTreeSet::new();
    let states = PayoutState::ALL;
    head(&mut page, states);
    for &event in PayoutEvent::ALL {
        write!(page, "| `{event}` |").unwrap();
        for &state in states {
            let cell = match state.on(event) {
                Ok((to, effects)) => {
                    let post = format!("post {} → {}", state.place(), to.place());
                    let effects: Vec<String> = effects.iter().map(ToString::to_string).collect();
                    cell(state, to, &effects).replace("post", &post)
                }
                Err(refusal) => {
                    refusals.insert((refusal.code(), refusal.to_string()));
                    format!("*{}*", refusal.code())
                }
            };
            write!(page, " {cell} |").unwrap();
        }
        page.push('\n');
    }
    legend(&mut page, &refusals);
    page.push_str("\n| payout | money | row | settlement |\n| --- | --- | --- | --- |\n");
    let due = chrono::NaiveDate::from_ymd_opt(2026, 3, 13).unwrap();
    for &state in states {
        let row = RowStatus::of(state);
        let settlement = SettlementStatus::of(SettlementDays { start: None, due }, due, Some(row));
        writeln!(page, "| `{state}` | {} | {row} | {settlement} |", state.place()).unwrap();
    }
    page.push_str("\n## Bulk payout\n\n");
    let mut refusals = BTreeSet::new();
    let states = BulkPayoutState::ALL;
    head(&mut page, states);
    for &event in BulkPayoutEvent::ALL {
        write!(page, "| `{event}` |").unwrap();
        for &state in states {
            let cell = match state.on(event) {
                Ok((to, effects)) => {
                    let effects: Vec<String> = effects.iter().map(ToString::to_string).collect();
                    cell(state, to, &effects)
                }
                Err(refusal) => {
                    refusals.insert((refusal.code(), refusal.to_string()));
                    format!("*{}*", refusal.code())
                }
            };
            write!(page, " {cell} |").unwrap();
        }
        page.push('\n');
    }
    legend(&mut page, &refusals);
    page
}

fn head(page: &mut String, states: &[impl Display]) {
    page.push_str("| |");
    for state in states {
        write!(page, " `{state}` |").unwrap();
    }
    page.push_str("\n|");
    page.push_str(&" --- |".repeat(states.len() + 1));
    page.push('\n');
}

fn cell<S: Copy + Display + PartialEq>(from: S, to: S, effects: &[String]) -> String {
    match effects.join(", ").as_str() {
        "" => format!("`{to}`"),
        "duplicate" if from == to => "*same*".into(),
        "alarm" if from == to => "*alarm*".into(),
        effects => format!("`{to}`: {effects}"),
    }
}

fn legend(page: &mut String, refusals: &BTreeSet<(&str, String)>) {
    page.push_str("\n| refusal | says |\n| --- | --- |\n");
    for (code, says) in refusals {
        writeln!(page, "| *{code}* | {says} |").unwrap();
    }
}
