use super::*;
use crate::book::Book;
use crate::calendar::Calendars;
use crate::cancel::CancelDetail;
use crate::contract::Contract;
use crate::fee::{Fee, VatPayer};
use crate::money::{Amount, Currency};
use crate::order::{ManualEntry, Order, OrderDetail};
use crate::partner::{Partner, PartnerKind};
use crate::schedule::Cycle;
use alloc::format;
use alloc::string::ToString;

fn id(text: &str) -> EventId {
    text.parse().unwrap()
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().checked_add_days(Days::new(number)).unwrap()
}

fn engine() -> Engine {
    let contract =
        Contract::new(Fee::of_rate("10%".parse().unwrap()), VatPayer::Partner, Cycle::after_days(2));
    let book = Book::builder(Currency::KRW)
        .contract("standard".parse().unwrap(), None, contract)
        .partner(
            "seller-1".parse().unwrap(),
            Partner::new(PartnerKind::Business, Some("standard".parse().unwrap())),
        )
        .build()
        .unwrap();
    Engine::resolve(&book, &Calendars::new()).unwrap()
}

fn order(name: &str, date: NaiveDate) -> Event {
    let detail = OrderDetail::Amount(Amount::new(10_000));
    Event::Order(Order::new(id(name), "seller-1".parse().unwrap(), date, detail))
}

fn cancel(name: &str, order: &str, date: NaiveDate) -> Event {
    Event::Cancel(Cancellation::new(id(name), id(order), date, CancelDetail::All))
}

fn manual(name: &str, date: NaiveDate) -> Event {
    Event::Manual(ManualEntry {
        id: id(name),
        partner: "seller-1".parse().unwrap(),
        amount: Amount::new(1),
        tax_free: Amount::ZERO,
        settlement_date: date,
        memo: String::new(),
    })
}

/// The code of each event's refusal, empty for one that settles.
fn codes(history: &mut History, events: impl IntoIterator<Item = Event>) -> Vec<&'static str> {
    let engine = engine();
    let code = |event| history.settle(&engine, event).err().map_or("", |error| error.code());
    events.into_iter().map(code).collect()
}

#[test]
fn an_id_costs_its_bytes_and_a_few() {
    let mut history = History::new();
    for number in 0..1_000_000 {
        history.use_up(&id(&format!("o-{number:010}"))).unwrap();
    }
    let bytes = history.bytes() / history.len();
    // 12 bytes of text, 8 of its end, 8.4 of slots, 8 of its place, and what the buffers have in reserve.
    assert!((36..=50).contains(&bytes), "{bytes} bytes an id");
}

#[test]
fn a_window_forgets_what_lies_two_windows_back_and_nothing_within_one() {
    let (mut history, engine) = (History::within_days(10), engine());
    for number in 0..1_000 {
        history.settle(&engine, order(&format!("o-{number}"), day(number))).unwrap();
        let within = number.saturating_sub(10);
        assert!(history.clone().use_up(&id(&format!("o-{within}"))).is_err(), "kept for a window");
        assert!(history.len() <= 23, "{} ids are kept", history.len());
    }
}

#[test]
fn a_window_turns_the_day_behind_its_last() {
    let mut history = History::within_days(5);
    let (mut kept, engine) = (Vec::new(), engine());
    for number in [0, 5, 6, 11, 12, 17, 18] {
        history.settle(&engine, order(&format!("o-{number}"), day(number))).unwrap();
        kept.push(history.len());
    }
    // Begun on day 0 it turns on 6, on 12 and on 18; each turn drops what lay behind the one before.
    assert_eq!(kept, [1, 2, 3, 4, 2, 3, 2]);
}

#[test]
fn the_first_day_of_the_window_is_within_it() {
    let mut history = History::within_days(5);
    let events = [
        order("a", day(4)),
        order("b", day(5)),
        order("c", day(10)),
        order("d", day(5)),
        order("e", day(4)),
        cancel("x", "b", day(10)),
        cancel("y", "a", day(10)),
        cancel("z", "d", day(11)),
    ];
    assert_eq!(
        codes(&mut history, events),
        ["", "", "", "", "outside-window", "", "outside-window", "outside-window"]
    );
}

#[test]
fn an_order_is_unknown_until_something_was_forgotten() {
    let mut history = History::within_days(5);
    let unknown = |name: &str, date| cancel(name, "nowhere", day(date));
    let events = [
        order("a", day(0)),
        unknown("x", 0),
        order("b", day(6)),
        unknown("y", 6),
        order("c", day(12)),
        unknown("z", 12),
    ];
    assert_eq!(codes(&mut history, events), ["", "unknown-order", "", "unknown-order", "", "outside-window"]);
}

#[test]
fn only_what_settles_moves_the_window() {
    let mut history = History::within_days(5);
    let Event::Order(mut stranger) = order("far", day(9_000)) else { return };
    stranger.partner = "nobody".parse().unwrap();
    let events = [
        order("a", day(10)),
        Event::Order(stranger),
        cancel("far-cancel", "nowhere", day(9_000)),
        manual("far-manual", day(9_000)),
        manual("old-manual", day(0)),
        order("b", day(8)),
        order("old", day(4)),
        order("a", day(10)),
    ];
    assert_eq!(
        codes(&mut history, events),
        ["", "unknown-partner", "unknown-order", "", "", "", "outside-window", "duplicate-event"]
    );
}

#[test]
fn attributes_that_nothing_selects_by_are_not_kept() {
    let bytes = |attribute: &str| {
        let mut history = History::new();
        for number in 0..100 {
            let Event::Order(mut order) = order(&format!("o-{number}"), day(0)) else { return 0 };
            order.attributes.insert("note".into(), format!("{attribute}{number}"));
            history.settle(&engine(), Event::Order(order)).unwrap();
        }
        history.bytes()
    };
    assert_eq!(bytes(""), bytes("a text of some length that only this order has"));
}

#[test]
fn a_cancellation_of_very_many_lines_takes_no_time_to_refuse() {
    let line = |number: usize| crate::cancel::CancelledLine {
        product: format!("product-{number}").parse().unwrap(),
        quantity: 1,
        discounts: Vec::new(),
    };
    let mut lines: Vec<_> = (0..100_000).map(line).collect();
    lines.push(line(99_999));
    let detail = OrderDetail::Lines(alloc::vec![crate::order::Line::new(
        "product-0".parse().unwrap(),
        Amount::new(1),
        1
    )]);
    let ordered = Event::Order(Order::new(id("o"), "seller-1".parse().unwrap(), day(0), detail));
    let cancelled = Cancellation::new(id("c"), id("o"), day(1), CancelDetail::Lines(lines));
    // Comparing each line with each would take minutes.
    assert_eq!(codes(&mut History::new(), [ordered, Event::Cancel(cancelled)]), ["", "duplicate-product"]);
}

#[test]
fn refusals_say_why() {
    let (mut history, engine) = (History::within_days(5), engine());
    history.settle(&engine, order("a", day(10))).unwrap();
    let mut said = |event| history.settle(&engine, event).unwrap_err().to_string();
    assert_eq!(said(order("a", day(10))), "an event with the id `a` came before");
    assert_eq!(said(order("b", day(4))), "2026-01-05 is more than 5 days before 2026-01-11, the newest date");
    assert_eq!(history.use_up(&id("b")).unwrap_err().code(), "duplicate-event", "a refused id is used up");
}
