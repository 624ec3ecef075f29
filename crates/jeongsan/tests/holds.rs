//! Holds beside caps, other holds, late facts and payables that come back.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use chrono::NaiveDate;
use jeongsan::due::{Incoming, PayableNumber, RowNumber};
use jeongsan::figures::Figures;
use jeongsan::funding::FunderParts;
use jeongsan::hold::{Hold, HoldTarget, Release};
use jeongsan::id::{EventId, PartnerId};
use jeongsan::ledger::{Adjustment, AdjustmentState, Decision, Dispute, Ledger, Place};
use jeongsan::money::{Amount, Currency};
use jeongsan::partner::{Account, Bearer, PayableTerms};
use jeongsan::settle::SettlementKind;

const KRW: Currency = Currency::KRW;
/// How many holds a test of their speed takes.
const HOLDS: usize = 1_000;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

fn id(text: &str) -> EventId {
    text.parse().unwrap()
}

fn order(text: &str) -> HoldTarget {
    HoldTarget::Order(id(text))
}

fn row(number: u64) -> HoldTarget {
    HoldTarget::Row(RowNumber::new(number))
}

fn sell(ledger: &mut Ledger, order: &str, amount: i64) {
    put(ledger, (order, SettlementKind::Order), None, None, amount);
}

fn put(
    ledger: &mut Ledger,
    (event, kind): (&str, SettlementKind),
    cause: Option<&str>,
    order: Option<&str>,
    amount: i64,
) {
    let amount = Amount::new(amount);
    let figures = Figures { order: amount, payment: amount, settlement: amount, ..Figures::ZERO };
    let partner: PartnerId = "seller-1".parse().unwrap();
    let (cause, order) = (cause.map(id), order.map(id));
    let incoming = Incoming {
        id: &id(event),
        kind,
        cause: cause.as_ref(),
        order: order.as_ref(),
        partner: &partner,
        contract: None,
        settlement_date: day(1),
        currency: KRW,
        figures: &figures,
        funders: &FunderParts::new(),
        parts: &[],
    };
    ledger.settle(incoming).unwrap();
}

fn hold(ledger: &mut Ledger, fact: &str, on: HoldTarget, date: u32) {
    ledger.hold(Hold::new(id(fact), on, "claim", "risk", day(date))).unwrap();
    check(ledger);
}

fn release(ledger: &mut Ledger, fact: &str, hold: &str, date: u32) {
    let release = Release { id: id(fact), hold: id(hold), by: "risk".into(), date: day(date) };
    ledger.release(&release).unwrap();
    check(ledger);
}

/// Closes a day; tells what is paid.
fn close(ledger: &mut Ledger, date: u32) -> i64 {
    let closing = ledger.close(day(date)).unwrap();
    check(ledger);
    closing.payables.iter().map(|&number| ledger.payable(number).unwrap().amount.minor()).sum()
}

fn check(ledger: &Ledger) {
    let certificate = ledger.certificate(KRW, day(28));
    assert!(certificate.is_balanced(), "{certificate:#?}");
}

fn held(ledger: &Ledger, date: u32) -> i128 {
    ledger.places(KRW, day(date)).get(&Place::Held).copied().unwrap_or(0)
}

fn cap(ledger: &mut Ledger, cap: Option<i64>) {
    ledger.agree(None, KRW, PayableTerms { cap: cap.map(Amount::new), ..PayableTerms::default() }).unwrap();
}

#[test]
fn a_row_whose_rest_came_back_into_it_is_held_once() {
    let mut ledger = Ledger::new();
    cap(&mut ledger, Some(7_000));
    sell(&mut ledger, "o-1", 10_000);
    assert_eq!((close(&mut ledger, 1), close(&mut ledger, 2)), (7_000, 3_000));
    for payable in [1, 2] {
        ledger.give_back(PayableNumber::new(payable), day(3)).unwrap();
    }
    let mut unpaid = ledger.clone();
    hold(&mut unpaid, "h-1", order("o-1"), 3);
    assert_eq!((held(&unpaid, 3), close(&mut unpaid, 4)), (10_000, 0));
    cap(&mut ledger, None);
    assert_eq!(close(&mut ledger, 4), 10_000);
    hold(&mut ledger, "h-1", order("o-1"), 5);
    assert_eq!(held(&ledger, 5), 0, "it is paid whole");
}

#[test]
fn an_orders_hold_takes_no_more_than_was_left_of_it() {
    let mut ledger = Ledger::new();
    cap(&mut ledger, Some(7_000));
    sell(&mut ledger, "o-1", 6_000);
    sell(&mut ledger, "o-2", 4_000);
    assert_eq!(close(&mut ledger, 1), 7_000);
    cap(&mut ledger, None);
    hold(&mut ledger, "h-1", row(2), 2);
    sell(&mut ledger, "o-3", 5_000);
    release(&mut ledger, "r-1", "h-1", 2);
    assert_eq!(held(&ledger, 2), 0);
    hold(&mut ledger, "h-2", order("o-1"), 3);
    hold(&mut ledger, "h-3", order("o-2"), 3);
    assert_eq!(held(&ledger, 3), 3_000);
    assert!(ledger.rows().all(|row| !row.amount.is_negative()));
    assert_eq!(close(&mut ledger, 3), 5_000);
    hold(&mut ledger, "h-4", order("o-3"), 4);
    assert_eq!(held(&ledger, 4), 3_000);
}

#[test]
fn what_comes_after_a_cut_row_came_back_is_held_whole() {
    let mut ledger = Ledger::new();
    cap(&mut ledger, Some(7_000));
    sell(&mut ledger, "o-1", 10_000);
    assert_eq!(close(&mut ledger, 1), 7_000);
    ledger.exclude(&id("x-1"), RowNumber::new(2), day(1)).unwrap();
    ledger.give_back(PayableNumber::new(1), day(2)).unwrap();
    sell(&mut ledger, "o-2", 500);
    hold(&mut ledger, "h-1", order("o-1"), 2);
    assert_eq!(held(&ledger, 2), 10_000, "what is excluded and what is open");
    hold(&mut ledger, "h-2", order("o-2"), 2);
    assert_eq!(held(&ledger, 2), 10_500);
}

#[test]
fn an_orders_hold_and_release_leave_a_row_as_it_was_kept() {
    let mut ledger = Ledger::new();
    sell(&mut ledger, "o-1", 6_000);
    sell(&mut ledger, "o-2", 4_000);
    let mut excluded = ledger.clone();
    hold(&mut ledger, "h-1", row(1), 1);
    hold(&mut ledger, "h-2", order("o-2"), 1);
    let mut row_first = ledger.clone();
    release(&mut ledger, "r-2", "h-2", 2);
    assert_eq!((held(&ledger, 2), close(&mut ledger, 2)), (10_000, 0));
    release(&mut ledger, "r-1", "h-1", 3);
    assert_eq!(close(&mut ledger, 3), 10_000);
    release(&mut row_first, "r-1", "h-1", 2);
    assert_eq!(close(&mut row_first, 2), 6_000);
    release(&mut row_first, "r-2", "h-2", 3);
    assert_eq!(close(&mut row_first, 3), 4_000);

    excluded.exclude(&id("x-1"), RowNumber::new(1), day(1)).unwrap();
    hold(&mut excluded, "h-2", order("o-2"), 1);
    let mut restored = excluded.clone();
    release(&mut excluded, "r-2", "h-2", 2);
    assert_eq!((held(&excluded, 2), close(&mut excluded, 2)), (10_000, 0));
    excluded.restore(&id("x-2"), RowNumber::new(1), day(3)).unwrap();
    assert_eq!(close(&mut excluded, 3), 10_000);
    restored.restore(&id("x-2"), RowNumber::new(1), day(2)).unwrap();
    assert_eq!((held(&restored, 2), close(&mut restored, 2)), (4_000, 6_000));
    release(&mut restored, "r-2", "h-2", 3);
    assert_eq!(close(&mut restored, 3), 4_000);
}

#[test]
fn a_rows_hold_keeps_what_a_cap_leaves_of_it() {
    let mut ledger = Ledger::new();
    cap(&mut ledger, Some(7_000));
    sell(&mut ledger, "o-1", 10_000);
    hold(&mut ledger, "h-1", row(1), 2);
    assert_eq!((close(&mut ledger, 1), close(&mut ledger, 2)), (7_000, 0));
    assert_eq!(held(&ledger, 2), 3_000);
    release(&mut ledger, "r-1", "h-1", 3);
    assert_eq!(close(&mut ledger, 3), 3_000);
}

#[test]
fn a_hold_holds_until_the_day_of_its_release() {
    let targets = [HoldTarget::Partner("seller-1".parse().unwrap()), row(1), order("o-1")];
    for on in targets {
        let mut ledger = Ledger::new();
        sell(&mut ledger, "o-1", 10_000);
        hold(&mut ledger, "h-1", on, 1);
        release(&mut ledger, "r-1", "h-1", 9);
        sell(&mut ledger, "o-2", 0);
        assert_eq!((held(&ledger, 2), held(&ledger, 8), held(&ledger, 9)), (10_000, 10_000, 0));
        assert_eq!((close(&mut ledger, 2), close(&mut ledger, 8)), (0, 0));
        assert_eq!(close(&mut ledger, 9), 10_000);
    }
}

#[test]
fn what_comes_for_a_held_order_is_set_apart_whatever_day_other_facts_told() {
    for is_told in [false, true] {
        let mut ledger = Ledger::new();
        ledger.hold(Hold::new(id("h-1"), order("o-1"), "claim", "risk", day(1)).until(day(20))).unwrap();
        if is_told {
            hold(&mut ledger, "h-2", HoldTarget::Partner("seller-2".parse().unwrap()), 25);
        }
        sell(&mut ledger, "o-1", 10_000);
        assert_eq!((close(&mut ledger, 2), held(&ledger, 19)), (0, 10_000));
        assert_eq!(close(&mut ledger, 20), 10_000, "it ends by itself");
    }
}

fn dispute(id: &str) -> Dispute {
    Dispute {
        id: id.parse().unwrap(),
        order: "o-1".parse().unwrap(),
        partner: "seller-1".parse().unwrap(),
        currency: KRW,
        amount: Amount::new(10_000),
        excess_borne_by: Bearer::Merchant,
        reason: "fraud".into(),
        date: day(3),
    }
}

#[test]
fn an_event_that_came_as_a_cause_first_belongs_to_its_order() {
    let settled = |is_cause_first: bool| {
        let mut ledger = Ledger::new();
        sell(&mut ledger, "o-1", 10_000);
        sell(&mut ledger, "o-9", 50_000);
        let facts: [(_, _, _, i64); 2] = [
            (("o-9", SettlementKind::Retier), Some("c-1"), None, 10),
            (("c-1", SettlementKind::Cancel), None, Some("o-1"), -8_000),
        ];
        let places = if is_cause_first { [0, 1] } else { [1, 0] };
        for (event, cause, order, amount) in places.map(|place| facts[place]) {
            put(&mut ledger, event, cause, order, amount);
        }
        ledger
    };
    for is_cause_first in [false, true] {
        let mut ledger = settled(is_cause_first);
        ledger.dispute(&dispute("d-1")).unwrap();
        assert_eq!(close(&mut ledger, 3), 50_010, "what is left of the sale is taken back");
        let mut ledger = settled(is_cause_first);
        hold(&mut ledger, "h-1", order("o-1"), 3);
        assert_eq!((held(&ledger, 3), close(&mut ledger, 3)), (2_000, 50_010));
    }
}

#[test]
fn a_dispute_is_no_event_that_came_before() {
    let mut ledger = Ledger::new();
    sell(&mut ledger, "o-1", 10_000);
    sell(&mut ledger, "o-2", 50_000);
    assert_eq!(ledger.dispute(&dispute("o-2")).unwrap_err().to_string(), "fact `o-2` came before");
    ledger.dispute(&dispute("d-1")).unwrap();
    assert_eq!(close(&mut ledger, 3), 50_000);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the time it takes is what is tested")]
fn holding_a_partner_or_an_account_doesnt_look_at_the_others() {
    let many = 4_000;
    let mut ledger = Ledger::new();
    let amount = Amount::new(1_000);
    let figures = Figures { settlement: amount, ..Figures::ZERO };
    let account = |number: usize| Account::new("088".into(), number.to_string(), "h".into(), KRW);
    for number in 0..many {
        let partner: PartnerId = format!("seller-{number}").parse().unwrap();
        let incoming = Incoming {
            id: &id(&format!("m-{number}")),
            kind: SettlementKind::Manual,
            cause: None,
            order: None,
            partner: &partner,
            contract: None,
            settlement_date: day(1),
            currency: KRW,
            figures: &figures,
            funders: &FunderParts::new(),
            parts: &[],
        };
        ledger.settle(incoming).unwrap();
        ledger.pay_to(partner, account(number));
    }
    let timed = |ledger: &mut Ledger, numbers: core::ops::Range<usize>| {
        let start = std::time::Instant::now();
        for number in numbers {
            let (fact, other) = (format!("p-{number}"), format!("a-{number}"));
            let partner = HoldTarget::Partner(format!("seller-{number}").parse().unwrap());
            ledger.hold(Hold::new(id(&fact), partner, "claim", "risk", day(1))).unwrap();
            let account = HoldTarget::Account(account(number + 2_000).key());
            ledger.hold(Hold::new(id(&other), account, "claim", "risk", day(1))).unwrap();
        }
        start.elapsed()
    };
    let taken = timed(&mut ledger, 0..HOLDS);
    println!("{HOLDS} holds of partners and of accounts among {many}: {taken:?}");
    let certificate = ledger.certificate(KRW, day(1));
    assert!(certificate.is_balanced());
    assert_eq!(held(&ledger, 1), 2 * 1_000 * i128::try_from(HOLDS).unwrap());
    // A look at all partners a hold takes some hundred times as long.
    assert!(taken < std::time::Duration::from_secs(1), "{taken:?}");
}

#[test]
fn a_limit_on_an_account_counts_for_each_partner_paid_there() {
    let mut ledger = Ledger::new();
    let account = Account::new("088".into(), "1".into(), "h".into(), KRW);
    sell(&mut ledger, "o-1", 10_000);
    ledger.pay_to("seller-1".parse().unwrap(), account.clone());
    ledger.pay_to("seller-2".parse().unwrap(), account.clone());
    let adjustment = Adjustment {
        id: id("a-1"),
        partner: "seller-2".parse().unwrap(),
        currency: KRW,
        amount: Amount::new(10_000),
        tax_free: Amount::ZERO,
        settlement_date: day(1),
        reason: "r".into(),
        requested_by: "kim".into(),
        date: day(1),
        state: AdjustmentState::Requested,
    };
    ledger.adjust(adjustment).unwrap();
    ledger
        .approve(&Decision { id: id("d-1"), adjustment: id("a-1"), by: "lee".into(), date: day(1) })
        .unwrap();
    let limit = Hold::new(id("h-1"), HoldTarget::Account(account.key()), "limit", "risk", day(1));
    ledger.hold(limit.up_to(Amount::new(1_000))).unwrap();
    assert_eq!((close(&mut ledger, 1), held(&ledger, 1)), (18_000, 2_000));
}
