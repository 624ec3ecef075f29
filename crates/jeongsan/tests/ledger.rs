//! The ledger by example: what becomes of rows, and what is refused in which words.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use chrono::NaiveDate;
use jeongsan::due::{Arrival, Incoming, PartnerSettlement, PayableNumber, RowNumber, RowState};
use jeongsan::figures::Figures;
use jeongsan::funding::FunderParts;
use jeongsan::hold::{Hold, HoldTarget, Release};
use jeongsan::id::{ContractId, EventId, PartnerId};
use jeongsan::journal::Account as Ledgered;
use jeongsan::ledger::{Adjustment, AdjustmentState, Decision, Dispute, Ledger, Place, WriteOff};
use jeongsan::money::{Amount, Currency};
use jeongsan::partner::{
    Account, AccountKey, Bearer, OffsetOrder, PartnerKind, PayableTerms, PayoutFee, Tranche, Verification,
    VerificationState,
};
use jeongsan::payable::{AgeBucket, PayableState, Waiting};
use jeongsan::settle::{Settlement, SettlementKind, SettlementPart as Part};
use jeongsan::tax::{Basis, IncomeKind, WithholdingTreatment};

const KRW: Currency = Currency::KRW;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

fn id(text: &str) -> EventId {
    text.parse().unwrap()
}

fn seller() -> PartnerId {
    "seller-1".parse().unwrap()
}

fn row(number: u64) -> RowNumber {
    RowNumber::new(number)
}

fn payable(number: u64) -> PayableNumber {
    PayableNumber::new(number)
}

fn figures(amount: i64, tax_free: i64) -> Figures {
    Figures {
        order: Amount::new(amount),
        payment: Amount::new(amount),
        settlement: Amount::new(amount),
        settlement_tax_free: Amount::new(tax_free),
        ..Figures::ZERO
    }
}

/// A settlement under test.
struct Sale<'s> {
    id: &'s str,
    order: Option<&'s str>,
    contract: &'s str,
    partner: &'s str,
    amount: i64,
    tax_free: i64,
    day: u32,
    parts: &'s [Part],
}

const SALE: Sale<'_> = Sale {
    id: "o-1",
    order: None,
    contract: "standard",
    partner: "seller-1",
    amount: 0,
    tax_free: 0,
    day: 1,
    parts: &[],
};

fn try_settle(ledger: &mut Ledger, sale: &Sale<'_>) -> Result<(u64, Arrival), String> {
    let figures = figures(sale.amount, sale.tax_free);
    let contract: ContractId = sale.contract.parse().unwrap();
    let order = sale.order.map(id);
    let incoming = Incoming {
        id: &id(sale.id),
        kind: if sale.order.is_some() { SettlementKind::Cancel } else { SettlementKind::Order },
        cause: None,
        order: order.as_ref(),
        partner: &sale.partner.parse().unwrap(),
        contract: Some(&contract),
        settlement_date: day(sale.day),
        currency: KRW,
        figures: &figures,
        funders: &FunderParts::new(),
        parts: sale.parts,
    };
    let recorded = ledger.settle(incoming).map_err(|error| error.to_string())?;
    Ok((recorded.row.number(), recorded.arrival))
}

fn settle(ledger: &mut Ledger, sale: &Sale<'_>) -> (u64, Arrival) {
    try_settle(ledger, sale).unwrap()
}

fn sell(ledger: &mut Ledger, id: &str, amount: i64, day: u32) -> (u64, Arrival) {
    settle(ledger, &Sale { id, amount, day, ..SALE })
}

fn with_terms(terms: PayableTerms) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.agree(None, KRW, terms).unwrap();
    ledger
}

fn hold(ledger: &mut Ledger, fact: &str, on: HoldTarget, date: u32) {
    ledger.hold(Hold::new(id(fact), on, "claim", "risk", day(date))).unwrap();
    check(ledger);
}

fn release(ledger: &mut Ledger, fact: &str, hold: &str, date: u32) -> Vec<u64> {
    let release = Release { id: id(fact), hold: id(hold), by: "risk".into(), date: day(date) };
    let step = ledger.release(&release).unwrap();
    check(ledger);
    step.rows.iter().map(|row| row.number()).collect()
}

/// Closes a day; tells what is paid to the first partner, or why not.
fn close(ledger: &mut Ledger, date: u32) -> Result<i64, Waiting> {
    let closing = ledger.close(day(date)).unwrap();
    check(ledger);
    let outcome = closing.outcomes.into_iter().find(|outcome| outcome.partner == seller()).unwrap();
    outcome.payable.map(|number| ledger.payable(number).unwrap().amount.minor())
}

fn check(ledger: &Ledger) {
    let certificate = ledger.certificate(KRW, day(28));
    assert!(certificate.is_balanced(), "{certificate:#?}");
}

fn at(ledger: &Ledger, place: Place, date: u32) -> i128 {
    ledger.places(KRW, day(date)).get(&place).copied().unwrap_or(0)
}

fn state(ledger: &Ledger, number: u64) -> RowState {
    ledger.row(row(number)).unwrap().state
}

fn amounts(ledger: &Ledger) -> Vec<(u64, i64, i64)> {
    let shown = |row: &PartnerSettlement| (row.number.number(), row.amount.minor(), row.tax_free.minor());
    ledger.rows().map(shown).collect()
}

#[test]
fn settlements_of_one_key_are_one_row_and_count_once() {
    let mut ledger = Ledger::new();
    assert_eq!(sell(&mut ledger, "o-1", 100, 5), (1, Arrival::Opened));
    assert_eq!(sell(&mut ledger, "o-2", 50, 5), (1, Arrival::Joined));
    assert_eq!(sell(&mut ledger, "o-2", 50, 5), (1, Arrival::Repeated));
    assert_eq!(sell(&mut ledger, "o-3", 7, 6), (2, Arrival::Opened));
    let other = Sale { id: "o-4", contract: "gold", amount: 7, day: 5, ..SALE };
    assert_eq!(settle(&mut ledger, &other), (3, Arrival::Opened));
    let first = ledger.row(row(1)).unwrap();
    assert_eq!((first.settlements, first.figures.order), (2, Amount::new(150)));
    for sale in [
        Sale { id: "o-2", amount: 51, day: 5, ..SALE },
        Sale { id: "o-2", amount: 50, day: 6, ..SALE },
        Sale { id: "o-2", amount: 50, tax_free: 1, day: 5, ..SALE },
        Sale { id: "o-2", amount: 50, contract: "gold", day: 5, ..SALE },
    ] {
        assert_eq!(
            try_settle(&mut ledger, &sale).unwrap_err(),
            "settlement `o-2` of partner `seller-1` came before with other figures or dates"
        );
    }
    // The same event settles another partner too, an agency for instance.
    assert_eq!(
        settle(&mut ledger, &Sale { id: "o-2", partner: "agency", amount: 9, day: 5, ..SALE }).1,
        Arrival::Opened
    );
    let huge = Sale { id: "o-5", amount: i64::MAX, day: 5, ..SALE };
    assert_eq!(try_settle(&mut ledger, &huge).unwrap_err(), "settlement `o-5` takes its row out of range");
    assert_eq!(amounts(&ledger)[..3], [(1, 150, 0), (2, 7, 0), (3, 7, 0)]);
}

#[test]
fn a_late_settlement_joins_its_row_while_that_is_open() {
    let mut ledger = Ledger::new();
    sell(&mut ledger, "o-1", 100, 5);
    assert_eq!(close(&mut ledger, 5), Ok(100));
    assert_eq!(sell(&mut ledger, "o-2", -30, 5), (2, Arrival::Opened), "the row is in a payable");
    assert_eq!(close(&mut ledger, 6), Err(Waiting::Negative { due: -30 }));
    assert_eq!(sell(&mut ledger, "o-3", 20, 5), (2, Arrival::Joined), "a carried row is open");
    hold(&mut ledger, "h-1", HoldTarget::Row(row(2)), 6);
    assert_eq!(sell(&mut ledger, "o-4", 25, 5), (3, Arrival::Opened), "the row is held");
    assert_eq!(close(&mut ledger, 7), Ok(25));
    assert_eq!(at(&ledger, Place::Held, 7), -10);
}

#[test]
fn a_settlement_can_fall_due_in_parts() {
    let mut ledger = Ledger::new();
    let part = |date, amount, tax_free| Part {
        date: day(date),
        amount: Amount::new(amount),
        tax_free: Amount::new(tax_free),
    };
    let parts = [part(10, 7_000, 70), part(20, 3_001, 31)];
    let sale = Sale { amount: 10_001, tax_free: 101, parts: &parts, ..SALE };
    assert_eq!(settle(&mut ledger, &sale), (1, Arrival::Opened));
    assert_eq!(settle(&mut ledger, &sale), (1, Arrival::Repeated));
    assert_eq!(amounts(&ledger), [(1, 7_000, 70), (2, 3_001, 31)]);
    assert_eq!(close(&mut ledger, 10), Ok(7_000));
    assert_eq!(at(&ledger, Place::NotDue, 10), 3_001);
    assert_eq!(close(&mut ledger, 20), Ok(3_001));
    let wrong = Sale { id: "o-2", amount: 10_002, tax_free: 101, parts: &parts, ..SALE };
    assert_eq!(
        try_settle(&mut ledger, &wrong).unwrap_err(),
        "the parts of settlement `o-2` come to `10001`, not `10002`"
    );
}

#[test]
fn what_funders_bear_is_posted_to_them_wherever_the_row_goes() {
    let mut ledger = Ledger::new();
    let settle = |ledger: &mut Ledger, number: &str, part: i64, parts: &[Part]| {
        let figures =
            Figures { discount: Amount::new(6_000), payment: Amount::new(94_000), ..figures(100_000, 0) };
        let order = SettlementKind::Order;
        let mut settlement = Settlement::new(id(number), order, seller(), day(5), KRW, figures);
        settlement.funders = FunderParts::of([("brand".parse().unwrap(), Amount::new(part))]).unwrap();
        ledger.settle(Incoming { parts, ..(&settlement).into() }).map_err(|error| error.to_string())
    };
    let posted = |ledger: &Ledger| {
        let balances = ledger.balances(KRW);
        [balances[&Ledgered::FunderDiscount], balances[&Ledgered::MerchantDiscount]]
    };
    let part = |date, amount| Part { date: day(date), amount: Amount::new(amount), tax_free: Amount::ZERO };
    settle(&mut ledger, "o-1", 2_000, &[]).unwrap();
    ledger.exclude(&id("x-1"), row(1), day(5)).unwrap();
    settle(&mut ledger, "o-2", 500, &[]).unwrap();
    settle(&mut ledger, "o-3", 30, &[part(5, 70_000), part(9, 30_000)]).unwrap();
    assert_eq!(
        settle(&mut ledger, "o-2", 501, &[]).unwrap_err(),
        "settlement `o-2` of partner `seller-1` came before with other figures or dates"
    );
    assert_eq!(posted(&ledger), [2_530, 15_470]);
    ledger.restore(&id("x-2"), row(1), day(5)).unwrap();
    assert_eq!(posted(&ledger), [2_530, 15_470]);
    let certificate = ledger.certificate(KRW, day(5));
    assert!(certificate.is_balanced() && certificate.paid_in.contains(&(Ledgered::FunderDiscount, 2_530)));
}

#[test]
fn a_debt_is_carried_and_stops_nobody_else() {
    let mut ledger = Ledger::new();
    sell(&mut ledger, "o-1", -500, 5);
    settle(&mut ledger, &Sale { id: "o-2", partner: "seller-2", amount: 70, day: 5, ..SALE });
    let closing = ledger.close(day(5)).unwrap();
    assert_eq!(closing.payables.len(), 1);
    assert_eq!(closing.fell_due, [row(1), row(2)]);
    assert_eq!(closing.outcomes[0].payable, Err(Waiting::Negative { due: -500 }));
    assert_eq!(closing.outcomes[0].standing.carried, -500);
    sell(&mut ledger, "o-3", 300, 6);
    sell(&mut ledger, "o-4", 400, 7);
    assert_eq!(close(&mut ledger, 6), Err(Waiting::Negative { due: -200 }));
    let met: Vec<_> = ledger
        .offsets(&seller(), KRW, day(7))
        .into_iter()
        .map(|met| (met.debt.number(), met.credit.number(), met.amount.minor()))
        .collect();
    assert_eq!(met, [(1, 3, 300), (1, 4, 200)]);
    assert_eq!(close(&mut ledger, 7), Ok(200));
    assert_eq!(
        ledger.close(day(6)).unwrap_err().to_string(),
        "2026-03-06 can't be closed: 2026-03-07 was closed before"
    );
}

#[test]
fn debts_meet_credits_of_their_own_contract_first_where_terms_say_so() {
    let mut ledger =
        with_terms(PayableTerms { offset_order: OffsetOrder::SameContractFirst, ..PayableTerms::default() });
    settle(&mut ledger, &Sale { id: "o-1", contract: "gold", amount: 300, day: 3, ..SALE });
    sell(&mut ledger, "o-2", 200, 4);
    sell(&mut ledger, "o-3", -400, 5);
    let met: Vec<_> = ledger
        .offsets(&seller(), KRW, day(5))
        .into_iter()
        .map(|met| (met.credit.number(), met.amount.minor()))
        .collect();
    assert_eq!(met, [(2, 200), (1, 200)]);
    let ages = ledger.ageing(&seller(), KRW, day(20), &[10, 16]);
    // FIFO over all rows: the debt of the 5th leaves 100 of the row of the 4th.
    assert_eq!(ages[1], AgeBucket { from_days: 11, to_days: Some(16), amount: 100 });
}

#[test]
fn a_minimum_and_a_cap_are_met_to_the_unit() {
    let mut ledger = with_terms(PayableTerms {
        minimum: Amount::new(1_000),
        cap: Some(Amount::new(2_500)),
        ..PayableTerms::default()
    });
    sell(&mut ledger, "o-1", 999, 5);
    assert_eq!(close(&mut ledger, 5), Err(Waiting::BelowMinimum { due: 999, minimum: Amount::new(1_000) }));
    settle(&mut ledger, &Sale { id: "o-2", amount: 2_000, tax_free: 100, day: 6, ..SALE });
    sell(&mut ledger, "o-3", 400, 7);
    sell(&mut ledger, "o-4", -200, 8);
    assert_eq!(close(&mut ledger, 8), Ok(2_500));
    // 999 − 200 and 1,701 of the 2,000; what is left of those comes with its tax-free part.
    assert_eq!(amounts(&ledger), [(1, 999, 0), (2, 1_701, 86), (3, 400, 0), (4, -200, 0), (5, 299, 14)]);
    assert_eq!(ledger.row(row(5)).unwrap().rest_of, Some(row(2)));
    assert_eq!(sell(&mut ledger, "o-5", 301, 6), (5, Arrival::Joined));
    assert_eq!(close(&mut ledger, 9), Ok(1_000));
}

#[test]
fn a_reserve_is_released_in_tranches_and_kept_once() {
    let share = |text: &str, days| Tranche { share: text.parse().unwrap(), days };
    let mut ledger = with_terms(PayableTerms {
        reserve: vec![share("10%", 3), share("5%", 10)],
        ..PayableTerms::default()
    });
    settle(&mut ledger, &Sale { amount: 1_009, tax_free: 500, day: 5, ..SALE });
    assert_eq!(close(&mut ledger, 5), Ok(1_009 - 100 - 50));
    assert_eq!(at(&ledger, Place::Reserve, 5), 150);
    assert_eq!(ledger.balances(KRW)[&Ledgered::Reserve], -150);
    let made = ledger.payable(payable(1)).unwrap();
    assert_eq!(
        (made.settled.minor(), made.reserve.minor(), made.tax_free.minor()),
        (1_009, 150, 500 - 49 - 24)
    );
    assert_eq!(close(&mut ledger, 8), Ok(100), "nothing is kept of what was kept");
    assert_eq!(close(&mut ledger, 15), Ok(50));
    assert_eq!(at(&ledger, Place::Payable, 15), 1_009);
}

#[test]
fn a_payout_fee_is_taken_off_or_is_the_merchants_cost() {
    let fee = |borne_by| PayableTerms {
        fee: Some(PayoutFee { amount: Amount::new(300), borne_by }),
        ..PayableTerms::default()
    };
    let mut ledger = with_terms(fee(Bearer::Partner));
    sell(&mut ledger, "o-1", 300, 5);
    assert_eq!(close(&mut ledger, 5), Err(Waiting::NothingLeft { due: Amount::new(300) }));
    sell(&mut ledger, "o-2", 1, 6);
    assert_eq!(close(&mut ledger, 6), Ok(1));
    ledger.agree(Some(seller()), KRW, fee(Bearer::Merchant)).unwrap();
    sell(&mut ledger, "o-3", 5, 7);
    assert_eq!(close(&mut ledger, 7), Ok(5));
    let balances = ledger.balances(KRW);
    assert_eq!((balances[&Ledgered::PayoutFee], balances[&Ledgered::PayoutFeeCost]), (-600, 300));
}

#[test]
fn a_hold_ends_by_itself_or_by_whom_it_may() {
    let mut ledger = Ledger::new();
    sell(&mut ledger, "o-1", 100, 5);
    let on = HoldTarget::Partner(seller());
    ledger.hold(Hold::new(id("h-1"), on.clone(), "penalty", "risk", day(5)).until(day(7))).unwrap();
    assert_eq!(close(&mut ledger, 6), Err(Waiting::NothingDue));
    assert_eq!(at(&ledger, Place::Held, 6), 100);
    assert_eq!(ledger.balances(KRW)[&Ledgered::Held], -100);
    assert_eq!(at(&ledger, Place::Carried, 7), 100, "it ended");
    assert_eq!(close(&mut ledger, 7), Ok(100));
    let release = |fact: &str, hold: &str, by: &str| Release {
        id: id(fact),
        hold: id(hold),
        by: by.into(),
        date: day(7),
    };
    let error = |ledger: &mut Ledger, release: &Release| ledger.release(release).unwrap_err().to_string();
    assert_eq!(
        error(&mut ledger, &release("r-1", "h-1", "risk")),
        "hold `h-1` ended by itself on 2026-03-07"
    );
    assert_eq!(error(&mut ledger, &release("r-1", "h-9", "risk")), "unknown hold `h-9`");
    hold(&mut ledger, "h-2", on.clone(), 7);
    assert_eq!(
        error(&mut ledger, &release("r-1", "h-2", "sales")),
        "hold `h-2` is released by `risk`, not by `sales`"
    );
    ledger.release(&release("r-1", "h-2", "risk")).unwrap();
    assert_eq!(error(&mut ledger, &release("r-2", "h-2", "risk")), "hold `h-2` was released on 2026-03-07");
    assert_eq!(error(&mut ledger, &release("r-1", "h-2", "risk")), "fact `r-1` came before");
    let refused = |ledger: &mut Ledger, hold: Hold| ledger.hold(hold).unwrap_err().to_string();
    let new = |on: HoldTarget| Hold::new(id("h-3"), on, "claim", "risk", day(7));
    assert_eq!(
        refused(&mut ledger, new(on.clone()).until(day(7))),
        "a hold from 2026-03-07 until 2026-03-07 never holds"
    );
    assert_eq!(refused(&mut ledger, new(on).up_to(Amount::new(-1))), "the limit `-1` is negative");
    assert_eq!(
        refused(&mut ledger, new(HoldTarget::Order(id("o-1"))).up_to(Amount::new(1))),
        "a limit holds a partner or an account, not a row or an order"
    );
    assert_eq!(refused(&mut ledger, new(HoldTarget::Row(row(9)))), "unknown row `9`");
    assert_eq!(
        refused(&mut ledger, new(HoldTarget::Row(row(1)))),
        "row `1` can't be held: it is in payable `1`"
    );
}

#[test]
fn a_limit_keeps_so_much_of_what_is_due() {
    let mut ledger = Ledger::new();
    sell(&mut ledger, "o-1", 1_000, 5);
    let limit =
        Hold::new(id("h-1"), HoldTarget::Partner(seller()), "limit", "risk", day(1)).up_to(Amount::new(400));
    ledger.hold(limit).unwrap();
    assert_eq!(close(&mut ledger, 5), Ok(600));
    assert_eq!((at(&ledger, Place::Held, 5), at(&ledger, Place::Carried, 5)), (400, 0));
    assert_eq!(close(&mut ledger, 6), Err(Waiting::Limited { due: 400, limit: 400 }));
    sell(&mut ledger, "o-2", -150, 7);
    assert_eq!(close(&mut ledger, 7), Err(Waiting::Limited { due: 250, limit: 400 }));
    assert_eq!(at(&ledger, Place::Held, 7), 250);
    release(&mut ledger, "r-1", "h-1", 8);
    assert_eq!(close(&mut ledger, 8), Ok(250));
}

#[test]
fn what_is_excluded_or_held_comes_back_into_the_newer_row() {
    let mut ledger = Ledger::new();
    sell(&mut ledger, "o-1", 100, 5);
    ledger.exclude(&id("x-1"), row(1), day(5)).unwrap();
    assert_eq!(close(&mut ledger, 5), Err(Waiting::NothingDue));
    assert_eq!(sell(&mut ledger, "o-2", 20, 5), (2, Arrival::Opened));
    let step = ledger.restore(&id("x-2"), row(1), day(6)).unwrap();
    assert_eq!((step.rows, state(&ledger, 1)), (vec![row(2)], RowState::Merged(row(2))));
    assert_eq!(ledger.row(row(2)).unwrap().settlements, 2);
    hold(&mut ledger, "h-1", HoldTarget::Row(row(2)), 6);
    assert_eq!(sell(&mut ledger, "o-3", 3, 5), (3, Arrival::Opened));
    assert_eq!(release(&mut ledger, "r-1", "h-1", 6), [2], "until the day is closed");
    assert_eq!(close(&mut ledger, 6), Ok(123));
    assert_eq!(state(&ledger, 2), RowState::Merged(row(3)));

    let refused = |error: jeongsan::hold::HoldError| error.to_string();
    let restore =
        |ledger: &mut Ledger, number| refused(ledger.restore(&id("x-9"), row(number), day(6)).unwrap_err());
    assert_eq!(restore(&mut ledger, 3), "row `3` can't be restored: it is in payable `1`");
    assert_eq!(restore(&mut ledger, 1), "row `1` can't be restored: it is merged into row `2`");
    assert_eq!(restore(&mut ledger, 8), "unknown row `8`");
    sell(&mut ledger, "o-4", 3, 9);
    assert_eq!(restore(&mut ledger, 4), "row `4` can't be restored: it is open");
    ledger.exclude(&id("x-3"), row(4), day(6)).unwrap();
    assert_eq!(
        refused(ledger.exclude(&id("x-4"), row(4), day(6)).unwrap_err()),
        "row `4` can't be excluded: it is excluded"
    );
    assert_eq!(refused(ledger.exclude(&id("x-3"), row(4), day(6)).unwrap_err()), "fact `x-3` came before");
}

#[test]
fn rows_whose_sum_is_no_amount_stay_two() {
    let mut ledger = Ledger::new();
    sell(&mut ledger, "o-1", i64::MAX, 5);
    ledger.exclude(&id("x-1"), row(1), day(5)).unwrap();
    sell(&mut ledger, "o-2", 1, 5);
    let step = ledger.restore(&id("x-2"), row(1), day(6)).unwrap();
    assert_eq!((step.rows, state(&ledger, 1)), (vec![row(1)], RowState::Open));
    assert_eq!(close(&mut ledger, 6), Err(Waiting::OutOfRange));
    assert_eq!(at(&ledger, Place::Carried, 6), i128::from(i64::MAX) + 1);
}

#[test]
fn an_orders_hold_takes_its_settlements_out_those_to_come_too() {
    let mut ledger = Ledger::new();
    sell(&mut ledger, "o-1", 100, 5);
    sell(&mut ledger, "o-2", 70, 5);
    hold(&mut ledger, "h-1", HoldTarget::Order(id("o-1")), 4);
    settle(&mut ledger, &Sale { id: "c-1", order: Some("o-1"), amount: -40, day: 6, ..SALE });
    hold(&mut ledger, "h-2", HoldTarget::Order(id("o-9")), 4);
    sell(&mut ledger, "o-9", 5, 6);
    assert_eq!(close(&mut ledger, 6), Ok(70));
    assert_eq!(at(&ledger, Place::Held, 6), 65);
    release(&mut ledger, "r-1", "h-1", 7);
    assert_eq!(close(&mut ledger, 7), Ok(60));
    assert_eq!(at(&ledger, Place::Held, 7), 5);
}

#[test]
fn of_a_row_that_was_cut_the_held_order_is_what_was_left_over() {
    let mut ledger = with_terms(PayableTerms { cap: Some(Amount::new(150)), ..PayableTerms::default() });
    sell(&mut ledger, "o-1", 100, 5);
    sell(&mut ledger, "o-2", 90, 5);
    assert_eq!(close(&mut ledger, 5), Ok(150));
    hold(&mut ledger, "h-1", HoldTarget::Order(id("o-1")), 5);
    assert_eq!(at(&ledger, Place::Held, 5), 40);
    assert_eq!(close(&mut ledger, 6), Err(Waiting::NothingDue));
    hold(&mut ledger, "h-2", HoldTarget::Order(id("o-2")), 6);
    assert_eq!(at(&ledger, Place::Held, 6), 40, "nothing is left of it");
    release(&mut ledger, "r-1", "h-1", 7);
    hold(&mut ledger, "h-3", HoldTarget::Order(id("o-1")), 7);
    assert_eq!(at(&ledger, Place::Held, 7), 40, "it is found again");
    release(&mut ledger, "r-3", "h-3", 7);
    assert_eq!(close(&mut ledger, 7), Ok(40));
}

#[test]
fn an_accounts_hold_takes_everyone_paid_there_and_nobody_else() {
    let mut ledger = Ledger::new();
    let account = |number: &str, currency| Account::new("088".into(), number.into(), "h".into(), currency);
    sell(&mut ledger, "o-1", 100, 5);
    settle(&mut ledger, &Sale { id: "o-2", partner: "seller-2", amount: 70, day: 5, ..SALE });
    ledger.pay_to(seller(), account("1", KRW));
    ledger.pay_to("seller-2".parse().unwrap(), account("1", KRW));
    let key = AccountKey { bank: "088".into(), number: "1".into() };
    hold(&mut ledger, "h-1", HoldTarget::Account(key), 5);
    ledger.pay_to("seller-2".parse().unwrap(), account("2", KRW));
    let closing = ledger.close(day(5)).unwrap();
    assert_eq!(closing.payables.len(), 1);
    assert_eq!(ledger.payable(payable(1)).unwrap().account, Some(account("2", KRW)));
    assert_eq!(at(&ledger, Place::Held, 5), 100);
    // An account in another currency stops its partner alone.
    let usd = Currency::new("USD").unwrap();
    ledger.pay_to(seller(), account("3", usd));
    assert_eq!(close(&mut ledger, 6), Err(Waiting::AccountCurrency { account: usd, currency: KRW }));
    assert_eq!(
        ledger.pay(&[row(1)], day(6)).unwrap_err().to_string(),
        "nothing can be paid: the account holds `USD`, not `KRW`"
    );
}

#[test]
fn chosen_rows_are_paid_only_when_they_can_be() {
    let mut ledger = Ledger::new();
    sell(&mut ledger, "o-1", 100, 5);
    sell(&mut ledger, "o-2", -30, 6);
    sell(&mut ledger, "o-3", 9, 20);
    settle(&mut ledger, &Sale { id: "o-4", partner: "seller-2", amount: 70, day: 5, ..SALE });
    hold(&mut ledger, "h-1", HoldTarget::Row(row(1)), 5);
    let error = |ledger: &mut Ledger, rows: &[u64]| {
        let rows: Vec<_> = rows.iter().copied().map(row).collect();
        ledger.pay(&rows, day(6)).unwrap_err().to_string()
    };
    assert_eq!(error(&mut ledger, &[1]), "row `1` can't be paid: hold `h-1` keeps it back");
    release(&mut ledger, "r-1", "h-1", 6);
    assert_eq!(error(&mut ledger, &[]), "nothing can be paid: nothing is due");
    assert_eq!(error(&mut ledger, &[2]), "nothing can be paid: `-30` is due");
    assert_eq!(error(&mut ledger, &[1, 3]), "row `3` falls due on 2026-03-20, not on 2026-03-06");
    assert_eq!(error(&mut ledger, &[1, 4]), "row `4` is named twice or of another partner or currency");
    assert_eq!(error(&mut ledger, &[1, 1]), "row `1` is named twice or of another partner or currency");
    assert_eq!(error(&mut ledger, &[9]), "unknown row `9`");
    let closing = ledger.pay(&[row(1)], day(6)).unwrap();
    assert_eq!(ledger.payable(closing.payables[0]).unwrap().amount, Amount::new(100));
    assert_eq!(error(&mut ledger, &[1]), "row `1` can't be paid: it is in payable `1`");
    assert_eq!(close(&mut ledger, 6), Err(Waiting::Negative { due: -30 }));
}

#[test]
fn terms_that_cannot_be_meant_are_refused() {
    let error = |terms: PayableTerms| Ledger::new().agree(None, KRW, terms).unwrap_err().to_string();
    let terms = PayableTerms::default;
    assert_eq!(error(PayableTerms { minimum: Amount::new(-1), ..terms() }), "the minimum `-1` is negative");
    let cap = |cap| Some(Amount::new(cap));
    assert_eq!(
        error(PayableTerms { cap: cap(9), minimum: Amount::new(10), ..terms() }),
        "the cap `9` is not above zero, or below the minimum `10`"
    );
    assert_eq!(
        error(PayableTerms { cap: cap(0), ..terms() }),
        "the cap `0` is not above zero, or below the minimum `0`"
    );
    let fee = PayoutFee { amount: Amount::new(-5), borne_by: Bearer::Partner };
    assert_eq!(error(PayableTerms { fee: Some(fee), ..terms() }), "the payout fee `-5` is negative");
    let half = Tranche { share: "50%".parse().unwrap(), days: 1 };
    assert_eq!(
        error(PayableTerms { reserve: vec![half, half], ..terms() }),
        "the shares of the reserve leave nothing to be paid"
    );
}

#[test]
fn a_payable_that_comes_back_is_due_again_for_what_it_came_to() {
    let mut ledger = with_terms(PayableTerms {
        fee: Some(PayoutFee { amount: Amount::new(10), borne_by: Bearer::Partner }),
        reserve: vec![Tranche { share: "10%".parse().unwrap(), days: 20 }],
        ..PayableTerms::default()
    });
    sell(&mut ledger, "o-1", 1_000, 5);
    assert_eq!(close(&mut ledger, 5), Ok(890));
    let error = |error: jeongsan::payable::PayableError| error.to_string();
    assert_eq!(
        error(ledger.arrive(payable(1), day(5)).unwrap_err()),
        "payable `1` is `confirmed`, it can't be paid"
    );
    ledger.send(payable(1), day(5)).unwrap();
    assert_eq!(at(&ledger, Place::InTransit, 5), 890);
    ledger.arrive(payable(1), day(6)).unwrap();
    assert_eq!(at(&ledger, Place::Paid, 6), 890);
    // The bank returns it; in the meantime more came under the same key.
    sell(&mut ledger, "o-2", 50, 5);
    let step = ledger.give_back(payable(1), day(7)).unwrap();
    check(&ledger);
    assert_eq!(step.rows[0], row(1), "a reserve was kept of the one and not of the other, so they stay two");
    assert_eq!(ledger.payable(payable(1)).unwrap().state, PayableState::GivenBack);
    assert_eq!(at(&ledger, Place::Carried, 7), 890 + 50);
    assert_eq!(
        error(ledger.send(payable(1), day(7)).unwrap_err()),
        "payable `1` is `given-back`, it can't be sent"
    );
    assert_eq!(error(ledger.give_back(payable(7), day(7)).unwrap_err()), "unknown payable `7`");
    // The reserve is kept once, of the new sale alone; a second payout costs a second fee.
    assert_eq!(close(&mut ledger, 7), Ok(890 + 50 - 5 - 10));
    assert_eq!(at(&ledger, Place::Reserve, 7), 105);
}

#[test]
fn rows_of_a_payable_that_comes_back_merge_into_newer_ones() {
    let mut ledger = Ledger::new();
    sell(&mut ledger, "o-1", 1_000, 5);
    close(&mut ledger, 5).unwrap();
    sell(&mut ledger, "o-2", 50, 5);
    let step = ledger.give_back(payable(1), day(7)).unwrap();
    assert_eq!((step.rows, state(&ledger, 1)), (vec![row(2)], RowState::Merged(row(2))));
    assert_eq!(close(&mut ledger, 7), Ok(1_050));
}

#[test]
fn a_reserve_is_kept_of_what_comes_behind_a_give_back() {
    for is_order_held in [false, true] {
        let mut ledger = with_terms(PayableTerms {
            reserve: vec![Tranche { share: "10%".parse().unwrap(), days: 20 }],
            ..PayableTerms::default()
        });
        let early = Sale { id: "o-1", order: Some("o-0"), amount: 10_000, day: 5, ..SALE };
        settle(&mut ledger, &early);
        assert_eq!(close(&mut ledger, 5), Ok(9_000));
        ledger.give_back(payable(1), day(6)).unwrap();
        if is_order_held {
            hold(&mut ledger, "h-1", HoldTarget::Order(id("o-0")), 6);
        }
        let late = Sale { id: "o-2", amount: 100_000, ..early };
        assert_eq!(settle(&mut ledger, &late).1, Arrival::Opened);
        if is_order_held {
            release(&mut ledger, "r-1", "h-1", 6);
        }
        assert_eq!(close(&mut ledger, 6), Ok(99_000));
        assert_eq!(at(&ledger, Place::Reserve, 6), 11_000);
    }
}

fn dispute(amount: i64, excess_borne_by: Bearer) -> Dispute {
    Dispute {
        id: id(&format!("d-{amount}")),
        order: id("o-1"),
        partner: seller(),
        currency: KRW,
        amount: Amount::new(amount),
        excess_borne_by,
        reason: "fraud".into(),
        date: day(9),
    }
}

#[test]
fn what_a_dispute_takes_beyond_the_sale_is_borne_as_it_says() {
    let mut ledger = Ledger::new();
    settle(&mut ledger, &Sale { amount: 890, tax_free: 445, day: 5, ..SALE });
    settle(&mut ledger, &Sale { id: "c-1", order: Some("o-1"), amount: -90, day: 6, ..SALE });
    assert_eq!(close(&mut ledger, 6), Ok(800));
    let step = ledger.dispute(&dispute(300, Bearer::Merchant)).unwrap();
    let taken = ledger.row(step.rows[0]).unwrap();
    assert_eq!((taken.amount.minor(), taken.tax_free.minor()), (-300, -166));
    ledger.dispute(&dispute(1_000, Bearer::Merchant)).unwrap();
    assert_eq!(at(&ledger, Place::Due, 9), -800, "500 were left of the sale");
    assert_eq!(ledger.balances(KRW)[&Ledgered::DisputeLoss], 500);
    ledger.dispute(&dispute(7, Bearer::Partner)).unwrap();
    check(&ledger);
    assert_eq!(at(&ledger, Place::Due, 9), -807);
    let error = |ledger: &mut Ledger, dispute: &Dispute| ledger.dispute(dispute).unwrap_err().to_string();
    assert_eq!(error(&mut ledger, &dispute(7, Bearer::Partner)), "fact `d-7` came before");
    assert_eq!(error(&mut ledger, &dispute(0, Bearer::Partner)), "`0` is no amount for a dispute");
    let unknown = Dispute { order: id("o-7"), ..dispute(8, Bearer::Partner) };
    assert_eq!(error(&mut ledger, &unknown), "order `o-7` never settled for partner `seller-1`");
}

#[test]
fn at_most_the_debt_is_written_off() {
    let mut ledger = Ledger::new();
    sell(&mut ledger, "o-1", -100, 5);
    let write_off = |fact: &str, amount| WriteOff {
        id: id(fact),
        partner: seller(),
        currency: KRW,
        amount: Amount::new(amount),
        reason: "left".into(),
        date: day(5),
    };
    let error =
        |ledger: &mut Ledger, write_off: &WriteOff| ledger.write_off(write_off).unwrap_err().to_string();
    assert_eq!(
        error(&mut ledger, &write_off("w-1", 101)),
        "partner `seller-1` owes `100`, `101` can't be written off"
    );
    assert_eq!(error(&mut ledger, &write_off("w-1", 0)), "`0` is no amount for a write-off");
    ledger.write_off(&write_off("w-1", 60)).unwrap();
    assert_eq!(error(&mut ledger, &write_off("w-1", 40)), "fact `w-1` came before");
    assert_eq!(close(&mut ledger, 5), Err(Waiting::Negative { due: -40 }));
    assert_eq!(ledger.balances(KRW)[&Ledgered::WriteOff], 60);
}

#[test]
fn a_backdated_write_off_forgives_no_debt_that_was_met_since() {
    let mut ledger = with_terms(PayableTerms { minimum: Amount::new(10_000), ..PayableTerms::default() });
    sell(&mut ledger, "o-1", -1_000, 1);
    sell(&mut ledger, "o-2", 1_500, 10);
    assert!(close(&mut ledger, 10).is_err());
    let write_off = WriteOff {
        id: id("w-1"),
        partner: seller(),
        currency: KRW,
        amount: Amount::new(1_000),
        reason: "left".into(),
        date: day(5),
    };
    assert_eq!(
        ledger.write_off(&write_off).unwrap_err().to_string(),
        "partner `seller-1` owes `0`, `1000` can't be written off"
    );
}

#[test]
fn an_adjustment_counts_once_somebody_else_approves_it() {
    let mut ledger = Ledger::new();
    let adjustment = |fact: &str, amount, tax_free| Adjustment {
        id: id(fact),
        partner: seller(),
        currency: KRW,
        amount: Amount::new(amount),
        tax_free: Amount::new(tax_free),
        settlement_date: day(5),
        reason: "goodwill".into(),
        requested_by: "kim".into(),
        date: day(5),
        state: AdjustmentState::Requested,
    };
    let decision = |fact: &str, adjustment: &str, by: &str| Decision {
        id: id(fact),
        adjustment: id(adjustment),
        by: by.into(),
        date: day(5),
    };
    ledger.adjust(adjustment("a-1", 500, 100)).unwrap();
    assert_eq!(ledger.rows().count(), 0);
    let error = |error: jeongsan::ledger::CorrectionError| error.to_string();
    assert_eq!(
        error(ledger.approve(&decision("y-1", "a-1", "kim")).unwrap_err()),
        "adjustment `a-1` was requested by `kim`, who can't approve it"
    );
    ledger.approve(&decision("y-1", "a-1", "lee")).unwrap();
    assert_eq!(close(&mut ledger, 5), Ok(500));
    assert_eq!(
        error(ledger.reject(&decision("y-2", "a-1", "lee")).unwrap_err()),
        "adjustment `a-1` is approved by `lee`"
    );
    ledger.adjust(adjustment("a-2", -70, 0)).unwrap();
    ledger.reject(&decision("y-2", "a-2", "kim")).unwrap();
    assert_eq!(
        error(ledger.approve(&decision("y-3", "a-2", "lee")).unwrap_err()),
        "adjustment `a-2` is rejected by `kim`"
    );
    assert_eq!(
        error(ledger.approve(&decision("y-3", "a-9", "lee")).unwrap_err()),
        "unknown adjustment `a-9`"
    );
    assert_eq!(error(ledger.adjust(adjustment("a-1", 1, 0)).unwrap_err()), "fact `a-1` came before");
    assert_eq!(
        error(ledger.adjust(adjustment("a-3", 0, 0)).unwrap_err()),
        "`0` is no amount for an adjustment"
    );
    assert_eq!(
        error(ledger.adjust(adjustment("a-3", -70, 1)).unwrap_err()),
        "the tax-free part `1` isn't within `-70`"
    );
    check(&ledger);
}

fn taxed(kind: PartnerKind, terms: PayableTerms) -> Ledger {
    let mut ledger = with_terms(terms);
    ledger.tax_as(seller(), kind);
    settle(&mut ledger, &Sale { amount: 100_000, tax_free: 40_000, ..SALE });
    ledger
}

/// What is paid of 100,000 with a tax-free part of 40,000, and what stands on the accounts of taxes.
fn paid(mut ledger: Ledger) -> (i64, [i128; 2]) {
    close(&mut ledger, 5).unwrap();
    let paid = ledger.payable(payable(1)).unwrap().paid().minor();
    assert_eq!(at(&ledger, Place::Payable, 5), i128::from(paid));
    let of = |ledger: &Ledger, account| ledger.balances(KRW).get(&account).copied().unwrap_or(0);
    let taxes = [of(&ledger, Ledgered::VatAdded), of(&ledger, Ledgered::Withholding)];
    ledger.send(payable(1), day(5)).unwrap();
    check(&ledger);
    ledger.give_back(payable(1), day(6)).unwrap();
    check(&ledger);
    assert_eq!([of(&ledger, Ledgered::VatAdded), of(&ledger, Ledgered::Withholding)], [0, 0]);
    assert_eq!(close(&mut ledger, 6), Ok(100_000));
    (paid, taxes)
}

#[test]
fn taxes_are_told_when_a_payable_is_made() {
    let of = PayableTerms::default;
    assert_eq!(paid(taxed(PartnerKind::Business, of())), (100_000, [0, 0]));
    assert_eq!(paid(taxed(PartnerKind::NonWithholding, of())), (100_000, [0, 0]));
    assert_eq!(paid(taxed(PartnerKind::Withholding, of())), (96_700, [0, -3_300]));
    let net = PayableTerms { basis: Basis::Net, ..of() };
    assert_eq!(paid(taxed(PartnerKind::Business, net.clone())), (106_000, [6_000, 0]));
    let reported = PayableTerms { withholding: WithholdingTreatment::Reported, ..of() };
    assert_eq!(paid(taxed(PartnerKind::Withholding, reported)), (100_000, [0, 0]));
    let other = PayableTerms { income: IncomeKind::OtherIncome, ..of() };
    // Its income, less 60 % expenses, is under what other income is taxed from.
    assert_eq!(paid(taxed(PartnerKind::Withholding, other)), (100_000, [0, 0]));
    let why = close(&mut taxed(PartnerKind::Withholding, net), 5).unwrap_err();
    assert_eq!(why.to_string(), "tax basis `net` needs a partner of kind `business`, not `withholding`");
}

#[test]
fn tax_is_withheld_in_won_alone() {
    let usd = Currency::new("USD").unwrap();
    let mut ledger = Ledger::new();
    ledger.tax_as(seller(), PartnerKind::Withholding);
    let figures = figures(100, 0);
    ledger
        .settle(Incoming {
            id: &id("o-1"),
            kind: SettlementKind::Order,
            cause: None,
            order: None,
            partner: &seller(),
            contract: None,
            settlement_date: day(1),
            currency: usd,
            figures: &figures,
            funders: &FunderParts::new(),
            parts: &[],
        })
        .unwrap();
    let why = close(&mut ledger, 5).unwrap_err();
    assert_eq!(why.code(), "withholding-needs-won");
    assert_eq!(why.to_string(), "tax can be withheld in `KRW` only, not in `USD`");
    assert_eq!(ledger.places(usd, day(5))[&Place::Carried], 100);
}

#[test]
fn nothing_is_payable_to_an_account_that_is_somebody_elses() {
    let mut ledger = taxed(PartnerKind::Business, PayableTerms::default());
    let mut account = Account::new("088".into(), "1".into(), "h".into(), KRW);
    account.verification = Verification::new(VerificationState::Mismatch, Some(day(1)), None).unwrap();
    ledger.pay_to(seller(), account);
    let why = close(&mut ledger, 5).unwrap_err();
    assert_eq!((why, why.code()), (Waiting::AccountMismatch, "account-mismatch"));
    assert_eq!(why.to_string(), "the account isn't the partner's: its verification says `mismatch`");
}
