//! Payouts through the public interface: the way of a run, and every wrong move with its exact text.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use chrono::{DateTime, FixedOffset, NaiveDate};
use jeongsan::document::{BulkPayoutDocument, Instant, PayoutDocument};
use jeongsan::id::{BulkPayoutId, PayoutId};
use jeongsan::money::{Amount, Currency, Money};
use jeongsan::partner::Account;
use jeongsan::payout::{
    AlarmReason, BankAnswer, BulkPayoutState, Coverage, Effect, Failure, Feedback, Grid, IdempotencyKey,
    NewBulkPayout, NewPayout, PayoutError, PayoutMethod, PayoutOptions, PayoutState, Payouts, Place, Retry,
    RowNumber, RowStatus, Step, Verdict,
};

fn won(minor: i64) -> Money {
    Money::new(Amount::new(minor), Currency::KRW)
}

fn payout_id(text: &str) -> PayoutId {
    text.parse().unwrap()
}

fn run_id(text: &str) -> BulkPayoutId {
    text.parse().unwrap()
}

/// An instant of 13 March 2026 in Korea.
fn at(time: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(&format!("2026-03-13T{time}+09:00")).unwrap()
}

fn dates(count: u32) -> Vec<NaiveDate> {
    (1..=count).map(|day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap()).collect()
}

fn account() -> Account {
    Account::new("088".into(), "110123456789".into(), "김정산".into(), Currency::KRW)
}

fn new_run(id: &str) -> NewBulkPayout {
    NewBulkPayout {
        id: run_id(id),
        method: PayoutMethod::Agency,
        currency: Currency::KRW,
        settlement_dates: dates(1),
    }
}

fn new_payout(id: &str, minor: i64, rows: &[u64]) -> NewPayout {
    NewPayout {
        id: payout_id(id),
        partner: "seller-1".parse().unwrap(),
        money: won(minor),
        account: account(),
        rows: rows.iter().copied().map(RowNumber::new).collect(),
    }
}

/// A funded merchant with a run of three payouts of 1,000 won each, `po-1` to `po-3`, being prepared.
fn preparing() -> Payouts {
    let mut payouts = Payouts::new(PayoutOptions::default());
    payouts.deposit(won(3_000)).unwrap();
    payouts.open(new_run("run-1")).unwrap();
    for number in 1..=3 {
        payouts.add(&run_id("run-1"), new_payout(&format!("po-{number}"), 1_000, &[number])).unwrap();
    }
    payouts
}

fn prepared() -> Payouts {
    let mut payouts = preparing();
    payouts.confirm(&run_id("run-1")).unwrap();
    payouts
}

fn ongoing() -> Payouts {
    let mut payouts = prepared();
    payouts.start(&run_id("run-1"), at("10:05:00")).unwrap();
    payouts
}

fn failure() -> Failure {
    Failure { code: "415".into(), text: "account closed".into() }
}

fn hear(payouts: &mut Payouts, id: &str, answer: BankAnswer) -> Step {
    let feedback = Feedback { key: payouts.payout(&payout_id(id)).unwrap().key(), money: None, answer };
    payouts.hear(&feedback).unwrap()
}

fn submit_all(payouts: &mut Payouts) {
    let prepared = payouts.payouts().filter(|payout| payout.state == PayoutState::Prepared);
    let prepared: Vec<PayoutId> = prepared.map(|payout| payout.id.clone()).collect();
    for id in prepared {
        payouts.submit(&id).unwrap();
    }
}

fn state(payouts: &Payouts, id: &str) -> PayoutState {
    payouts.payout(&payout_id(id)).unwrap().state
}

fn run_state(payouts: &Payouts, id: &str) -> (BulkPayoutState, Coverage) {
    let run = payouts.bulk_payout(&run_id(id)).unwrap();
    (run.state, run.coverage())
}

/// Asserts that a fact is refused with this code and text, and that it changes nothing.
#[track_caller]
fn refused<T: std::fmt::Debug>(
    payouts: &Payouts,
    code: &str,
    text: &str,
    fact: impl FnOnce(&mut Payouts) -> Result<T, PayoutError>,
) {
    let mut after = payouts.clone();
    let error = fact(&mut after).unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), (code, text));
    assert_eq!(format!("{after:?}"), format!("{payouts:?}"), "a refused fact changed something");
}

#[test]
fn a_run_of_which_one_payout_fails_is_partial_and_the_rest_is_retried_in_a_new_one() {
    let mut payouts = ongoing();
    submit_all(&mut payouts);
    hear(&mut payouts, "po-1", BankAnswer::Paid);
    hear(&mut payouts, "po-2", BankAnswer::Failed(failure()));
    assert_eq!(run_state(&payouts, "run-1"), (BulkPayoutState::Ongoing, Coverage::Partial));
    let step = hear(&mut payouts, "po-3", BankAnswer::Paid);
    let completed = (run_id("run-1"), BulkPayoutState::Ongoing, BulkPayoutState::Completed);
    assert_eq!(step.bulk_payout, Some(completed));
    assert_eq!(run_state(&payouts, "run-1"), (BulkPayoutState::Completed, Coverage::Partial));
    assert_eq!(payouts.payout(&payout_id("po-2")).unwrap().failure, Some(failure()));
    assert_eq!(payouts.available(Currency::KRW), 1_000);

    payouts.open(new_run("run-2")).unwrap();
    let old_key = payouts.payout(&payout_id("po-2")).unwrap().key();
    let corrected = Account { number: "110987654321".into(), ..account() };
    let retry = Retry { payout: payout_id("po-2"), id: payout_id("po-4"), account: Some(corrected.clone()) };
    let step = payouts.retry(&run_id("run-2"), retry).unwrap();
    let rows = vec![RowNumber::new(2)];
    assert_eq!(step.effects, [Effect::HandOn { payout: payout_id("po-2"), to: payout_id("po-4"), rows }]);
    assert_eq!(state(&payouts, "po-2"), PayoutState::Retried);
    let new = payouts.payout(&payout_id("po-4")).unwrap();
    assert_eq!((new.attempt, new.retry_of.as_ref()), (2, Some(&payout_id("po-2"))));
    assert_eq!((new.money, &new.account), (won(1_000), &corrected));
    assert_ne!(new.key(), old_key);
    assert_eq!(payouts.row_status(RowNumber::new(2)), Some(RowStatus::Confirmed));

    payouts.confirm(&run_id("run-2")).unwrap();
    payouts.start(&run_id("run-2"), at("10:30:00")).unwrap();
    submit_all(&mut payouts);
    hear(&mut payouts, "po-4", BankAnswer::Paid);
    assert_eq!(run_state(&payouts, "run-2"), (BulkPayoutState::Completed, Coverage::Full));
    assert_eq!(payouts.row_status(RowNumber::new(2)), Some(RowStatus::PaidOut));
    assert_eq!(payouts.available(Currency::KRW), 0);
}

#[test]
fn what_is_submitted_stands_in_the_outbox_under_one_key() {
    let mut payouts = ongoing();
    let id = payout_id("po-1");
    let key = IdempotencyKey::of(&run_id("run-1"), &id, 1);
    let step = payouts.submit(&id).unwrap();
    let [Effect::Post { from: Place::Payable, to: Place::InTransit, .. }, Effect::Submit(order)] =
        &step.effects[..]
    else {
        panic!("{step:?}")
    };
    assert_eq!((order.key, order.money, &order.account), (key, won(1_000), &account()));
    payouts.no_answer(&id).unwrap();
    assert_eq!(state(&payouts, "po-1"), PayoutState::Unknown);
    let again = payouts.resend(&id).unwrap();
    assert_eq!(again.effects, [Effect::Submit(order.clone())]);
    assert_eq!(state(&payouts, "po-1"), PayoutState::Processing);
    assert_eq!(key.to_string().parse(), Ok(key));
}

#[test]
fn a_stop_leaves_what_is_sent_and_ends_the_rest() {
    let mut payouts = ongoing();
    payouts.submit(&payout_id("po-1")).unwrap();
    let step = payouts.stop(&run_id("run-1")).unwrap();
    assert_eq!(step.moves.len(), 2);
    assert_eq!(run_state(&payouts, "run-1").0, BulkPayoutState::Stopping);
    assert_eq!(
        (state(&payouts, "po-1"), state(&payouts, "po-2")),
        (PayoutState::Processing, PayoutState::Stopped)
    );
    hear(&mut payouts, "po-1", BankAnswer::Paid);
    assert_eq!(run_state(&payouts, "run-1"), (BulkPayoutState::Completed, Coverage::Partial));

    // With nothing sent, the stop is the end.
    let mut payouts = ongoing();
    let step = payouts.stop(&run_id("run-1")).unwrap();
    let whole_way = (run_id("run-1"), BulkPayoutState::Ongoing, BulkPayoutState::Completed);
    assert_eq!(step.bulk_payout, Some(whole_way));
    assert_eq!(run_state(&payouts, "run-1"), (BulkPayoutState::Completed, Coverage::None));
}

#[test]
fn money_that_comes_back_lowers_a_completed_run() {
    let mut payouts = ongoing();
    submit_all(&mut payouts);
    for id in ["po-1", "po-2", "po-3"] {
        hear(&mut payouts, id, BankAnswer::Paid);
    }
    assert_eq!(run_state(&payouts, "run-1"), (BulkPayoutState::Completed, Coverage::Full));
    let step = hear(&mut payouts, "po-3", BankAnswer::Returned(failure()));
    let money = won(1_000);
    let back = Effect::Post { payout: payout_id("po-3"), from: Place::Paid, to: Place::Payable, money };
    assert_eq!(step.effects, [back]);
    assert_eq!(run_state(&payouts, "run-1"), (BulkPayoutState::Completed, Coverage::Partial));
    assert_eq!(payouts.row_status(RowNumber::new(3)), Some(RowStatus::PayoutFailed));
    assert_eq!(payouts.available(Currency::KRW), 1_000);
    // Paid and returned are one transfer's story, whichever is heard first.
    assert!(hear(&mut payouts, "po-3", BankAnswer::Paid).is_duplicate());
}

#[test]
fn feedback_heard_twice_changes_nothing() {
    let mut payouts = ongoing();
    submit_all(&mut payouts);
    assert!(!hear(&mut payouts, "po-1", BankAnswer::Paid).is_duplicate());
    let before = format!("{payouts:?}");
    let step = hear(&mut payouts, "po-1", BankAnswer::Paid);
    assert_eq!(step.effects, [Effect::Duplicate { payout: payout_id("po-1") }]);
    assert_eq!((step.moves, step.bulk_payout), (vec![], None));
    assert_eq!(format!("{payouts:?}"), before);
}

#[test]
fn feedback_against_what_is_known_is_an_alarm_and_blocks_a_second_payment() {
    let mut payouts = ongoing();
    submit_all(&mut payouts);
    hear(&mut payouts, "po-1", BankAnswer::Failed(failure()));
    let step = hear(&mut payouts, "po-1", BankAnswer::Paid);
    let [Effect::Alarm { alarm, .. }] = &step.effects[..] else { panic!("{step:?}") };
    assert_eq!((alarm.reason, step.moves.len()), (AlarmReason::Contradiction, 0));
    assert!(hear(&mut payouts, "po-1", BankAnswer::Paid).is_duplicate());
    refused(&payouts, "alarm-open", "payout `po-1` has an open alarm: contradiction", |payouts| {
        payouts.cancel(&payout_id("po-1"))
    });
    // A person finds that it was paid after all.
    let step = payouts.rule(&payout_id("po-1"), Verdict::Paid).unwrap();
    assert_eq!(step.effects.last(), Some(&Effect::AlarmsCleared { payout: payout_id("po-1") }));
    assert_eq!(state(&payouts, "po-1"), PayoutState::Succeeded);
    assert!(payouts.rule(&payout_id("po-1"), Verdict::Paid).unwrap().is_duplicate());
}

/// `po-1` failed and its row went on into `po-4`, by a retry or by a cancellation; the bank then says that `po-1` is paid.
fn paid_after_all(is_retry: bool) -> Payouts {
    let mut payouts = ongoing();
    submit_all(&mut payouts);
    hear(&mut payouts, "po-1", BankAnswer::Failed(failure()));
    hear(&mut payouts, "po-2", BankAnswer::Paid);
    hear(&mut payouts, "po-3", BankAnswer::Failed(failure()));
    payouts.open(new_run("run-2")).unwrap();
    if is_retry {
        let retry = Retry { payout: payout_id("po-1"), id: payout_id("po-4"), account: None };
        payouts.retry(&run_id("run-2"), retry).unwrap();
    } else {
        payouts.cancel(&payout_id("po-1")).unwrap();
        payouts.add(&run_id("run-2"), new_payout("po-4", 1_000, &[1])).unwrap();
    }
    let step = hear(&mut payouts, "po-1", BankAnswer::Paid);
    assert!(matches!(&step.effects[..], [Effect::Alarm { .. }]), "{step:?}");
    payouts
}

#[test]
fn an_alarm_blocks_the_later_payout_of_its_rows() {
    let text = "payout `po-1` has an open alarm: contradiction";
    for is_retry in [true, false] {
        let mut payouts = paid_after_all(is_retry);
        refused(&payouts, "alarm-open", text, |payouts| payouts.cancel(&payout_id("po-4")));
        payouts.confirm(&run_id("run-2")).unwrap();
        payouts.start(&run_id("run-2"), at("10:30:00")).unwrap();
        refused(&payouts, "alarm-open", text, |payouts| payouts.submit(&payout_id("po-4")));
        let mut stopped = payouts.clone();
        stopped.stop(&run_id("run-2")).unwrap();
        stopped.open(new_run("run-3")).unwrap();
        refused(&stopped, "alarm-open", text, |payouts| {
            let retry = Retry { payout: payout_id("po-4"), id: payout_id("po-5"), account: None };
            payouts.retry(&run_id("run-3"), retry)
        });

        // A person finds that the bank had lied the second time.
        let mut unpaid = payouts.clone();
        unpaid.rule(&payout_id("po-1"), Verdict::Unpaid).unwrap();
        unpaid.submit(&payout_id("po-4")).unwrap();
        let text = "payout `po-4`: the payout has been sent and may be paid; the bank's answer comes first";
        refused(&unpaid, "under-way", text, |payouts| payouts.rule(&payout_id("po-1"), Verdict::Paid));
        // What is under way isn't sent once more either while the bank speaks of the other.
        let mut silent = unpaid.clone();
        let key = silent.payout(&payout_id("po-1")).unwrap().key();
        silent.hear(&Feedback { key, money: Some(won(999)), answer: BankAnswer::Paid }).unwrap();
        silent.no_answer(&payout_id("po-4")).unwrap();
        let text = "payout `po-1` has an open alarm: amount-differs";
        refused(&silent, "alarm-open", text, |payouts| payouts.resend(&payout_id("po-4")));
        hear(&mut unpaid, "po-4", BankAnswer::Paid);
        let text = "payout `po-4`: the payout is paid";
        refused(&unpaid, "paid", text, |payouts| payouts.rule(&payout_id("po-1"), Verdict::Paid));
    }
}

#[test]
fn a_payout_that_is_paid_after_all_has_its_rows_again() {
    for is_retry in [true, false] {
        let mut payouts = paid_after_all(is_retry);
        payouts.confirm(&run_id("run-2")).unwrap();
        payouts.start(&run_id("run-2"), at("10:30:00")).unwrap();
        let step = payouts.rule(&payout_id("po-1"), Verdict::Paid).unwrap();
        let rows = vec![RowNumber::new(1)];
        let (from, to, money) = (Place::Payable, Place::Paid, won(1_000));
        assert_eq!(
            step.effects,
            [
                Effect::Release { payout: payout_id("po-4"), rows: rows.clone() },
                Effect::Reclaim { payout: payout_id("po-1"), rows },
                Effect::Post { payout: payout_id("po-1"), from, to, money },
                Effect::AlarmsCleared { payout: payout_id("po-1") },
            ]
        );
        let completed = (run_id("run-2"), BulkPayoutState::Ongoing, BulkPayoutState::Completed);
        assert_eq!(step.bulk_payout, Some(completed));
        assert_eq!(state(&payouts, "po-4"), PayoutState::Cancelled);
        assert_eq!(payouts.payout_of_row(RowNumber::new(1)).unwrap().id, payout_id("po-1"));
        assert_eq!(payouts.row_status(RowNumber::new(1)), Some(RowStatus::PaidOut));
        assert_eq!(payouts.available(Currency::KRW), 1_000);
        let text = "payout `po-4`: the payout is cancelled";
        refused(&payouts, "cancelled", text, |payouts| payouts.submit(&payout_id("po-4")));
        payouts.open(new_run("run-3")).unwrap();
        refused(&payouts, "row-taken", "row 1 is in payout `po-1` already", |payouts| {
            payouts.add(&run_id("run-3"), new_payout("po-6", 1_000, &[1]))
        });
    }
}

#[test]
fn feedback_on_what_was_never_sent_is_an_alarm() {
    let mut payouts = ongoing();
    let step = hear(&mut payouts, "po-1", BankAnswer::Paid);
    let [Effect::Alarm { alarm, .. }] = &step.effects[..] else { panic!("{step:?}") };
    assert_eq!(alarm.reason, AlarmReason::NeverSent);
    refused(&payouts, "alarm-open", "payout `po-1` has an open alarm: never-sent", |payouts| {
        payouts.submit(&payout_id("po-1"))
    });
    // After a restore the bank may know more than the books.
    let mut restored = payouts.clone();
    let step = restored.rule(&payout_id("po-1"), Verdict::Paid).unwrap();
    let [Effect::Post { from: Place::Payable, to: Place::Paid, .. }, Effect::AlarmsCleared { .. }] =
        &step.effects[..]
    else {
        panic!("{step:?}")
    };
    assert_eq!(state(&restored, "po-1"), PayoutState::Succeeded);
    assert!(restored.submit(&payout_id("po-1")).is_err());
    assert!(!payouts.rule(&payout_id("po-1"), Verdict::Unpaid).unwrap().is_duplicate());
    payouts.submit(&payout_id("po-1")).unwrap();
}

#[test]
fn feedback_of_another_amount_is_not_applied() {
    let mut payouts = ongoing();
    submit_all(&mut payouts);
    let key = payouts.payout(&payout_id("po-1")).unwrap().key();
    let dollars = Money::new(Amount::new(1_000), Currency::new("USD").unwrap());
    for money in [won(999), dollars] {
        let step = payouts.hear(&Feedback { key, money: Some(money), answer: BankAnswer::Paid }).unwrap();
        let [Effect::Alarm { alarm, .. }] = &step.effects[..] else { panic!("{step:?}") };
        assert_eq!((alarm.reason, alarm.money), (AlarmReason::AmountDiffers, Some(money)));
        assert_eq!(state(&payouts, "po-1"), PayoutState::Processing);
    }
    payouts.hear(&Feedback { key, money: Some(won(1_000)), answer: BankAnswer::Paid }).unwrap();
    assert_eq!(state(&payouts, "po-1"), PayoutState::Succeeded);
}

#[test]
fn a_cancelled_payout_gives_its_rows_back() {
    let mut payouts = preparing();
    let step = payouts.cancel(&payout_id("po-2")).unwrap();
    assert_eq!(step.effects, [Effect::Release { payout: payout_id("po-2"), rows: vec![RowNumber::new(2)] }]);
    assert_eq!(payouts.row_status(RowNumber::new(2)), Some(RowStatus::Cancelled));
    payouts.add(&run_id("run-1"), new_payout("po-2b", 900, &[2])).unwrap();
    let step = payouts.cancel_bulk_payout(&run_id("run-1")).unwrap();
    assert_eq!(step.moves.len(), 3);
    assert_eq!(run_state(&payouts, "run-1").0, BulkPayoutState::Cancelled);
}

#[test]
fn a_second_bulk_payout_waits_its_turn() {
    let text = "bulk payout `run-1` is ongoing; there is one at a time";
    let payouts = ongoing();
    refused(&payouts, "active-bulk-payout", text, |payouts| payouts.open(new_run("run-2")));
    refused(&payouts, "bulk-payout-exists", "bulk payout `run-1` exists already", |payouts| {
        payouts.open(new_run("run-1"))
    });
    let text = "bulk payout `run-1` is preparing; there is one at a time";
    refused(&preparing(), "active-bulk-payout", text, |payouts| payouts.open(new_run("run-2")));

    // A scheduled one is in nobody's way until its time comes.
    let mut payouts = prepared();
    payouts.schedule(&run_id("run-1"), at("10:30:00"), at("10:05:00")).unwrap();
    payouts.deposit(won(500)).unwrap();
    payouts.open(new_run("run-2")).unwrap();
    payouts.add(&run_id("run-2"), new_payout("po-9", 500, &[9])).unwrap();
    payouts.confirm(&run_id("run-2")).unwrap();
    payouts.start(&run_id("run-2"), at("10:29:00")).unwrap();
    let text = "bulk payout `run-2` is ongoing; there is one at a time";
    refused(&payouts, "active-bulk-payout", text, |payouts| payouts.start(&run_id("run-1"), at("10:30:00")));
    payouts.stop(&run_id("run-2")).unwrap();
    payouts.start(&run_id("run-1"), at("10:31:00")).unwrap();
}

#[test]
fn an_eleventh_settlement_date_is_refused() {
    let payouts = Payouts::new(PayoutOptions::default());
    let with = |count| NewBulkPayout { settlement_dates: dates(count), ..new_run("run-1") };
    let text = "11 settlement dates are more than the 10 that a bulk payout takes";
    refused(&payouts, "too-many-settlement-dates", text, |payouts| payouts.open(with(11)));
    let text = "a bulk payout takes at least one settlement date";
    refused(&payouts, "no-settlement-dates", text, |payouts| payouts.open(with(0)));
    // One named twice counts once.
    let twice = [dates(10), dates(10)].concat();
    payouts.clone().open(NewBulkPayout { settlement_dates: twice, ..new_run("run-1") }).unwrap();
    let mut options = PayoutOptions::default();
    options.settlement_dates_max = 11;
    Payouts::new(options).open(with(11)).unwrap();
}

#[test]
fn a_payout_that_cannot_be_paid_is_not_put_in() {
    let payouts = preparing();
    let add = |new: NewPayout| move |payouts: &mut Payouts| payouts.add(&run_id("run-1"), new);
    let usd = Currency::new("USD").unwrap();
    for (minor, text) in [
        (0, "payout `po-4` is of `KRW 0`; only what is above zero is paid"),
        (-1, "payout `po-4` is of `KRW -1`; only what is above zero is paid"),
    ] {
        refused(&payouts, "not-above-zero", text, add(new_payout("po-4", minor, &[4])));
    }
    let money = Money::new(Amount::new(100), usd);
    let text = "payout `po-4` is in `USD`, its bulk payout in `KRW`";
    refused(&payouts, "currency-mismatch", text, add(NewPayout { money, ..new_payout("po-4", 1, &[4]) }));
    let dollars = Account { currency: usd, ..account() };
    let text = "payout `po-4` is in `KRW`, its account holds `USD`";
    let new = NewPayout { account: dollars, ..new_payout("po-4", 1, &[4]) };
    refused(&payouts, "currency-mismatch", text, add(new));
    refused(&payouts, "no-rows", "payout `po-4` pays no row", add(new_payout("po-4", 1, &[])));
    refused(&payouts, "row-taken", "row 3 is in payout `po-3` already", add(new_payout("po-4", 1, &[4, 3])));
    refused(&payouts, "row-taken", "row 4 is in payout `po-4` already", add(new_payout("po-4", 1, &[4, 4])));
    refused(&payouts, "payout-exists", "payout `po-3` exists already", add(new_payout("po-3", 1, &[4])));
    let text = "bulk payout `run-1`: the bulk payout is prepared already: its payouts stand";
    refused(&prepared(), "already-prepared", text, add(new_payout("po-4", 1, &[4])));
    refused(&payouts, "unknown-bulk-payout", "unknown bulk payout `run-9`", |payouts| {
        payouts.add(&run_id("run-9"), new_payout("po-4", 1, &[4]))
    });
}

#[test]
fn a_time_is_in_the_future_on_the_grid_and_outside_of_bank_maintenance() {
    let payouts = prepared();
    let now = at("10:05:00");
    let schedule = |time: DateTime<FixedOffset>| {
        move |payouts: &mut Payouts| payouts.schedule(&run_id("run-1"), time, now)
    };
    for time in ["10:00:00", "10:05:00"] {
        let text = format!("`2026-03-13 {time} +09:00` is not in the future");
        refused(&payouts, "past-time", &text, schedule(at(time)));
    }
    for time in ["10:15:00", "10:10:01", "10:10:00.5"] {
        let text = format!("`{}` is not on a full 10 minutes", at(time));
        refused(&payouts, "off-grid", &text, schedule(at(time)));
    }
    for time in ["2026-03-13T22:50:00+09:00", "2026-03-14T00:00:00+09:00", "2026-03-14T00:50:00+09:00"] {
        let time = DateTime::parse_from_rfc3339(time).unwrap();
        let text = format!("`{time}` is in the bank maintenance of 22:50-01:00");
        refused(&payouts, "bank-maintenance", &text, schedule(time));
        // The same instant, told in another offset.
        refused(
            &payouts,
            "bank-maintenance",
            &text,
            schedule(time.with_timezone(&chrono::Utc).fixed_offset()),
        );
    }
    for time in ["2026-03-13T22:40:00+09:00", "2026-03-14T01:00:00+09:00"] {
        schedule(DateTime::parse_from_rfc3339(time).unwrap())(&mut payouts.clone()).unwrap();
    }
    let mut options = PayoutOptions::default();
    options.timetable.grid = Grid::ThirtyMinutes;
    assert!(options.timetable.check_schedule(at("10:30:00"), now).is_ok());
    let error = options.timetable.check_schedule(at("10:40:00"), now).unwrap_err();
    assert_eq!(error.to_string(), "`2026-03-13 10:40:00 +09:00` is not on a full 30 minutes");
    let text = "`2026-03-13 23:00:00 +09:00` is in the bank maintenance of 22:50-01:00";
    refused(&payouts, "bank-maintenance", text, |payouts| payouts.start(&run_id("run-1"), at("23:00:00")));
}

#[test]
fn a_maintenance_window_is_two_different_times() {
    for text in ["", "22:50", "22:50-22:50", "22:50-25:00", "2:50-01:00", "22:50-01:00-02:00"] {
        let error = text.parse::<jeongsan::payout::MaintenanceWindow>().unwrap_err().to_string();
        let expected =
            format!("maintenance window `{text}` is not of the form `22:50-01:00`, with two different times");
        assert_eq!(error, expected);
    }
    let error = "A".repeat(32).parse::<IdempotencyKey>().unwrap_err().to_string();
    assert_eq!(error, format!("`{}` is no idempotency key of 32 hexadecimal digits", "A".repeat(32)));
}

#[test]
fn a_scheduled_run_starts_at_its_time_and_can_be_moved() {
    let mut payouts = prepared();
    let run = run_id("run-1");
    payouts.schedule(&run, at("11:00:00"), at("10:05:00")).unwrap();
    assert_eq!(payouts.row_status(RowNumber::new(1)), Some(RowStatus::PayoutScheduled));
    let text = "bulk payout `run-1` is scheduled for `2026-03-13 11:00:00 +09:00`";
    refused(&payouts, "not-yet-due", text, |payouts| payouts.start(&run_id("run-1"), at("10:59:59")));
    let text = "bulk payout `run-1`: the bulk payout is scheduled already; it can be rescheduled";
    refused(&payouts, "already-scheduled", text, |payouts| {
        payouts.schedule(&run_id("run-1"), at("11:30:00"), at("10:05:00"))
    });
    let text = "`2026-03-13 10:00:00 +09:00` is not in the future";
    refused(&payouts, "past-time", text, |payouts| {
        payouts.reschedule(&run_id("run-1"), at("10:00:00"), at("10:05:00"))
    });
    payouts.reschedule(&run, at("10:30:00"), at("10:05:00")).unwrap();
    payouts.start(&run, at("10:30:00")).unwrap();
    assert_eq!(run_state(&payouts, "run-1").0, BulkPayoutState::Ongoing);

    let mut options = PayoutOptions::default();
    options.scheduled_max = 1;
    let mut payouts = Payouts::new(options);
    payouts.deposit(won(2)).unwrap();
    for id in ["run-1", "run-2"] {
        payouts.open(new_run(id)).unwrap();
        payouts.add(&run_id(id), new_payout(id, 1, &[if id == "run-1" { 1 } else { 2 }])).unwrap();
        payouts.confirm(&run_id(id)).unwrap();
        if id == "run-1" {
            payouts.schedule(&run, at("11:00:00"), at("10:05:00")).unwrap();
        }
    }
    let text = "1 bulk payouts are scheduled already, which is the most";
    refused(&payouts, "too-many-scheduled", text, |payouts| {
        payouts.schedule(&run_id("run-2"), at("11:00:00"), at("10:05:00"))
    });
}

#[test]
fn a_run_takes_no_more_than_the_funding_account_has_left() {
    let mut payouts = prepared();
    payouts.withdraw(won(1)).unwrap();
    let text = "3000 KRW are more than the 2999 KRW that the funding account has left";
    refused(&payouts, "insufficient-funds", text, |payouts| payouts.start(&run_id("run-1"), at("10:05:00")));
    refused(&payouts, "insufficient-funds", text, |payouts| {
        payouts.schedule(&run_id("run-1"), at("11:00:00"), at("10:05:00"))
    });
    payouts.deposit(won(501)).unwrap();
    payouts.schedule(&run_id("run-1"), at("11:00:00"), at("10:05:00")).unwrap();
    assert_eq!(payouts.available(Currency::KRW), 500);
    let text = "501 KRW are more than the 500 KRW that the funding account has left";
    refused(&payouts, "insufficient-funds", text, |payouts| payouts.withdraw(won(501)));
    refused(&payouts, "not-above-zero", "`KRW 0` is not above zero", |payouts| payouts.deposit(won(0)));
    refused(&payouts, "not-above-zero", "`KRW -1` is not above zero", |payouts| payouts.withdraw(won(-1)));

    // What waits for its time is not there for another run.
    payouts.open(new_run("run-2")).unwrap();
    payouts.add(&run_id("run-2"), new_payout("po-9", 501, &[9])).unwrap();
    payouts.confirm(&run_id("run-2")).unwrap();
    refused(&payouts, "insufficient-funds", text, |payouts| payouts.start(&run_id("run-2"), at("10:10:00")));

    // The merchant's own accounts are not known here.
    let mut payouts = Payouts::new(PayoutOptions::default());
    payouts.open(NewBulkPayout { method: PayoutMethod::Direct, ..new_run("run-1") }).unwrap();
    payouts.add(&run_id("run-1"), new_payout("po-1", 1_000, &[1])).unwrap();
    payouts.confirm(&run_id("run-1")).unwrap();
    payouts.start(&run_id("run-1"), at("10:05:00")).unwrap();
    assert_eq!(payouts.available(Currency::KRW), 0);
}

#[test]
fn a_run_without_a_payout_goes_nowhere() {
    let mut payouts = Payouts::new(PayoutOptions::default());
    payouts.open(new_run("run-1")).unwrap();
    let text = "bulk payout `run-1` has no payout to make";
    refused(&payouts, "no-payouts", text, |payouts| payouts.confirm(&run_id("run-1")));
    payouts.add(&run_id("run-1"), new_payout("po-1", 1_000, &[1])).unwrap();
    payouts.confirm(&run_id("run-1")).unwrap();
    payouts.cancel(&payout_id("po-1")).unwrap();
    refused(&payouts, "no-payouts", text, |payouts| payouts.start(&run_id("run-1"), at("10:05:00")));
}

#[test]
fn wrong_moves_are_told_by_name() {
    let mut completed = ongoing();
    completed.stop(&run_id("run-1")).unwrap();
    let stop = |payouts: &mut Payouts| payouts.stop(&run_id("run-1"));
    refused(&completed, "completed", "bulk payout `run-1`: the bulk payout is completed", stop);
    let text = "bulk payout `run-1`: the bulk payout hasn't started; it can be cancelled";
    refused(&prepared(), "not-started", text, stop);
    let mut stopping = ongoing();
    submit_all(&mut stopping);
    stopping.stop(&run_id("run-1")).unwrap();
    let text = "bulk payout `run-1`: the bulk payout is being stopped; the outstanding answers come first";
    refused(&stopping, "stopping", text, stop);
    let cancel = |payouts: &mut Payouts| payouts.cancel_bulk_payout(&run_id("run-1"));
    let text = "bulk payout `run-1`: the bulk payout has started; it can only be stopped";
    refused(&ongoing(), "already-started", text, cancel);

    let retry = |run: &'static str, id: &'static str| {
        move |payouts: &mut Payouts| {
            payouts.retry(&run_id(run), Retry { payout: payout_id("po-1"), id: payout_id(id), account: None })
        }
    };
    // Never in the old one, and not before it has ended.
    let text = "bulk payout `run-1`: the bulk payout is completed";
    refused(&completed, "completed", text, retry("run-1", "po-4"));
    completed.open(new_run("run-2")).unwrap();
    refused(&completed, "payout-exists", "payout `po-2` exists already", retry("run-2", "po-2"));
    retry("run-2", "po-4")(&mut completed).unwrap();
    let text = "payout `po-1`: the payout was retried; a later one has its rows";
    refused(&completed, "retried", text, retry("run-2", "po-5"));
    let text = "payout `po-1`: the payout is still to be sent";
    refused(&preparing(), "still-to-send", text, retry("run-1", "po-4"));

    let key = IdempotencyKey::of(&run_id("run-1"), &payout_id("po-1"), 9);
    let text = format!("no payout has the key `{key}`");
    refused(&ongoing(), "unknown-key", &text, |payouts| {
        payouts.hear(&Feedback { key, money: None, answer: BankAnswer::Paid })
    });
    refused(&ongoing(), "unknown-payout", "unknown payout `po-9`", |payouts| {
        payouts.submit(&payout_id("po-9"))
    });
    let mut sent = ongoing();
    sent.submit(&payout_id("po-1")).unwrap();
    let text = "payout `po-1`: the payout has been sent and may be paid; the bank's answer comes first";
    refused(&sent, "under-way", text, |payouts| payouts.submit(&payout_id("po-1")));
    refused(&sent, "under-way", text, |payouts| payouts.rule(&payout_id("po-1"), Verdict::Unpaid));
}

#[test]
fn number_and_holder_are_masked() {
    let payouts = ongoing();
    let shown = format!("{:?}", payouts.payout(&payout_id("po-1")).unwrap());
    assert!(shown.contains("088") && !shown.contains("110123456789") && !shown.contains("김정산"), "{shown}");
}

#[test]
fn documents_tell_what_is_known() {
    let mut payouts = prepared();
    payouts.cancel(&payout_id("po-3")).unwrap();
    payouts.schedule(&run_id("run-1"), at("10:30:00"), at("10:05:00")).unwrap();
    payouts.start(&run_id("run-1"), at("10:30:00")).unwrap();
    submit_all(&mut payouts);
    hear(&mut payouts, "po-1", BankAnswer::Paid);
    hear(&mut payouts, "po-2", BankAnswer::Failed(failure()));
    let key = payouts.payout(&payout_id("po-2")).unwrap().key();
    let feedback = Feedback { key, money: Some(won(1_000)), answer: BankAnswer::Paid };
    payouts.hear(&feedback).unwrap();

    let run = BulkPayoutDocument::from(payouts.bulk_payout(&run_id("run-1")).unwrap());
    let text = serde_json::to_string(&run).unwrap();
    assert_eq!(
        text,
        concat!(
            r#"{"id":"run-1","method":"agency","state":"completed","coverage":"partial","currency":"KRW","#,
            r#""settlement_dates":["2026-03-01"],"scheduled_at":"2026-03-13T10:30:00+09:00","#,
            r#""total":{"count":3,"amount":3000},"payouts":{"cancelled":{"count":1,"amount":1000},"#,
            r#""failed":{"count":1,"amount":1000},"succeeded":{"count":1,"amount":1000}}}"#
        )
    );
    assert_eq!(serde_json::from_str::<BulkPayoutDocument>(&text).unwrap(), run);

    let payout = PayoutDocument::from(payouts.payout(&payout_id("po-2")).unwrap());
    let text = serde_json::to_string(&payout).unwrap();
    assert_eq!(
        text,
        [
            r#"{"id":"po-2","bulk_payout":"run-1","state":"failed","row_status":"payout-failed","attempt":1,"#,
            r#""retry_of":null,"partner":"seller-1","currency":"KRW","amount":1000,"#,
            r#""account":{"bank":"088","number":"110123456789","holder":"김정산"},"rows":[2],"#,
            &format!(r#""key":"{key}","heard":["bank-failed"],"#),
            r#""failure":{"code":"415","text":"account closed"},"#,
            r#""alarms":[{"reason":"contradiction","event":"bank-paid","currency":"KRW","amount":1000}]}"#,
        ]
        .concat()
    );
    assert_eq!(serde_json::from_str::<PayoutDocument>(&text).unwrap(), payout);
    let shown = format!("{payout:?}");
    assert!(shown.contains("088") && !shown.contains("110123456789") && !shown.contains("김정산"), "{shown}");
    let error = serde_json::from_str::<PayoutDocument>(r#"{"paid":true}"#).unwrap_err().to_string();
    assert!(error.starts_with("unknown field `paid`"), "{error}");
    let error = serde_json::from_str::<Instant>(r#""2026-03-13""#).unwrap_err().to_string();
    assert!(error.contains("expected an instant as YYYY-MM-DDTHH:MM:SS+HH:MM"), "{error}");
}
