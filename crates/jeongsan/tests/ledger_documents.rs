//! From a book and events as documents to payables and a certificate as documents.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use chrono::NaiveDate;
use jeongsan::calendar::Calendars;
use jeongsan::document::{
    BookDocument, CertificateDocument, EntryDocument, EventDocument, FactDocument, HoldDocument,
    OutcomeDocument, PartnerSettlementDocument, PayableDocument,
};
use jeongsan::due::Incoming;
use jeongsan::ledger::{Applied, Ledger};
use jeongsan::money::Currency;
use jeongsan::settle::{Engine, History};

const BOOK: &str = r#"{"version": 1, "currency": "KRW", "options": {"adjust_after_holiday_if_earlier": false},
    "payout": {"minimum": 1000, "reserve": [{"share": "10%", "days": 30}]},
    "contracts": [
        {"id": "standard", "platform_fee": {"rate": "10%"}, "platform_fee_vat_payer": "partner"},
        {"id": "in-parts", "platform_fee": {"rate": "10%"}, "platform_fee_vat_payer": "partner",
         "split": [{"share": "70%", "cycle": {"lag": {"days": 3}, "method": "daily", "date_policy": "calendar-day"}},
                   {"share": "30%", "close": {"monthly": [31]},
                    "cycle": {"lag": {"days": 2}, "method": "daily", "date_policy": "calendar-day"}}]}],
    "partners": [
        {"id": "seller-1", "kind": "business", "default_contract": "standard"},
        {"id": "seller-2", "kind": "business", "default_contract": "in-parts",
         "payout": {"fee": {"amount": 30, "borne_by": "merchant"}, "reserve": []}}]}"#;

const EVENTS: &str = r#"{"type":"order","id":"o-1","partner":"seller-1","start_date":"2026-03-02","order_amount":10000}
{"type":"order","id":"o-2","partner":"seller-1","start_date":"2026-03-02","order_amount":20000}
{"type":"order","id":"o-3","partner":"seller-2","start_date":"2026-03-02","order_amount":10001,"tax_free_amount":1001}
{"type":"hold","id":"h-1","date":"2026-03-02","order":"o-1","reason":"return under way","released_by":"claims"}
{"type":"order","id":"o-4","partner":"seller-2","start_date":"2026-03-02","order_amount":500,"settlement_date":"2026-03-05"}
{"type":"close","id":"n-1","date":"2026-03-05"}
{"type":"release","id":"r-1","date":"2026-03-06","hold":"h-1","by":"sales"}"#;

/// What the command does, in short: events to settlements to the ledger, facts to the ledger.
fn run() -> (Ledger, Vec<String>) {
    let document: BookDocument = serde_json::from_str(BOOK).unwrap();
    let book = document.to_book().unwrap();
    let engine = Engine::resolve(&book, &Calendars::new()).unwrap();
    let mut ledger = Ledger::of_book(&book, NaiveDate::from_ymd_opt(2026, 3, 20).unwrap()).unwrap();
    let mut history = History::new();
    let mut shown = Vec::new();
    for line in EVENTS.lines() {
        let Ok(event) = serde_json::from_str::<EventDocument>(line) else {
            let fact: FactDocument = serde_json::from_str(line).unwrap();
            match ledger.apply(fact.to_fact(book.currency()).unwrap()) {
                Ok(Applied::Step(step)) => {
                    shown.extend(step.entries.iter().map(|entry| json(&EntryDocument(entry))))
                }
                Ok(Applied::Closing(_)) => {}
                Err(error) => shown.push(format!("{}: {error}", error.code())),
            }
            continue;
        };
        if event.kind.as_deref().is_some_and(FactDocument::is_fact) {
            let refusal = event.settle(&engine, &mut history).unwrap_err();
            shown.push(format!("{}: {refusal}", refusal.code()));
            let fact: FactDocument = serde_json::from_str(line).unwrap();
            let Applied::Closing(closing) = ledger.apply(fact.to_fact(book.currency()).unwrap()).unwrap()
            else {
                continue;
            };
            shown.extend(closing.outcomes.iter().map(|outcome| json(&OutcomeDocument(outcome))));
            continue;
        }
        let settled = event.settle(&engine, &mut history).unwrap();
        for settlement in settled.rows() {
            let parts = engine.due_parts(settlement).unwrap();
            ledger.settle(Incoming { parts: &parts, ..settlement.into() }).unwrap();
        }
    }
    (ledger, shown)
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

#[test]
fn events_and_facts_come_to_a_day() {
    let (_, shown) = run();
    assert_eq!(
        shown,
        [
            r#"{"partner":"seller-1","cause":"h-1","currency":"KRW","postings":{"partner-payable":8900,"held":-8900}}"#,
            "not-settled: an event of type `close` settles nothing; `jeongsan run` takes it",
            r#"{"partner":"seller-1","currency":"KRW","due":17800,"payable":1,"carried":0,"held":8900,"reserve":1780,"not_due":0}"#,
            r#"{"partner":"seller-2","currency":"KRW","due":6675,"payable":2,"carried":0,"held":0,"reserve":0,"not_due":2671}"#,
            "may-not-release: hold `h-1` is released by `claims`, not by `sales`",
        ]
    );
}

#[test]
fn everything_prints() {
    let (ledger, _) = run();
    let rows: Vec<_> = ledger
        .rows()
        .map(|row| json(&PartnerSettlementDocument { row, ledger: &ledger, as_of: day(5) }))
        .map(|text| text.split(r#","order":"#).next().unwrap().to_owned())
        .collect();
    assert_eq!(
        rows,
        [
            r#"{"row":1,"partner":"seller-1","contract":"standard","type":"order","settlement_date":"2026-03-02","currency":"KRW","place":"payable","payable":1,"settlements":2,"amount":17800,"tax_free_amount":0"#,
            r#"{"row":2,"partner":"seller-2","contract":"in-parts","type":"order","settlement_date":"2026-03-05","currency":"KRW","place":"payable","payable":2,"settlements":2,"amount":6675,"tax_free_amount":623"#,
            r#"{"row":3,"partner":"seller-2","contract":"in-parts","type":"order","settlement_date":"2026-04-02","currency":"KRW","place":"not-due","settlements":1,"amount":2671,"tax_free_amount":267"#,
            r#"{"row":4,"partner":"seller-1","contract":"standard","type":"order","settlement_date":"2026-03-02","currency":"KRW","place":"held","hold":"h-1","order_set_apart":"o-1","settlements":0,"amount":8900,"tax_free_amount":0"#,
            r#"{"row":5,"partner":"seller-1","contract":null,"type":"reserve-kept","settlement_date":"2026-03-05","currency":"KRW","place":"payable","payable":1,"settlements":1,"amount":-1780,"tax_free_amount":0"#,
            r#"{"row":6,"partner":"seller-1","contract":null,"type":"reserve","settlement_date":"2026-04-04","currency":"KRW","place":"reserve","settlements":1,"amount":1780,"tax_free_amount":0"#,
        ]
    );
    let holds: Vec<_> = ledger.holds().map(|hold| json(&HoldDocument(hold))).collect();
    assert_eq!(
        holds,
        [
            r#"{"id":"h-1","order":"o-1","limit":null,"reason":"return under way","released_by":"claims","date":"2026-03-02","until":null,"released_on":null}"#
        ]
    );
    let payables: Vec<_> = ledger.payables().map(|payable| json(&PayableDocument(payable))).collect();
    assert_eq!(
        payables,
        [
            r#"{"payable":1,"partner":"seller-1","currency":"KRW","date":"2026-03-05","state":"confirmed","settled":17800,"reserve":1780,"fee":0,"fee_borne_by":null,"amount":16020,"tax_free_amount":0,"tax":{"settlement":16020,"settlement_tax_free":0,"supply":14564,"vat":1456,"tax_free":0,"expected":16020,"income_tax":0,"local_income_tax":0,"amount":16020},"paid":16020,"rows":[1,5]}"#,
            r#"{"payable":2,"partner":"seller-2","currency":"KRW","date":"2026-03-05","state":"confirmed","settled":6675,"reserve":0,"fee":30,"fee_borne_by":"merchant","amount":6675,"tax_free_amount":623,"tax":{"settlement":6675,"settlement_tax_free":623,"supply":5502,"vat":550,"tax_free":623,"expected":6675,"income_tax":0,"local_income_tax":0,"amount":6675},"paid":6675,"rows":[2]}"#,
        ]
    );
    // The digest is pinned: it must be the same on every machine.
    assert_eq!(
        json(&CertificateDocument(&ledger.certificate(Currency::KRW, day(5)))),
        r#"{"currency":"KRW","as_of":"2026-03-05","paid_in":{"customer-payment":40501,"payout-fee-cost":30},"others":{"platform-fee-revenue":4050,"fee-vat":405,"payout-fee":30},"partners":{"not-due":2671,"held":8900,"reserve":1780,"payable":22695},"difference":0,"unexplained":0,"digest":"9b6998cd1dc7f0fdc379ed740ff28066"}"#
    );
}

#[test]
fn vat_is_added_for_businesses_alone() {
    let book = r#"{"version": 1, "currency": "KRW", "payout": {"basis": "net", "withholding": "other-income"}, "partners": [
        {"id": "seller-1", "kind": "business", "payout": {"deduct_withholding": false}},
        {"id": "seller-2", "kind": "withholding", "payout": {"basis": "gross"}},
        {"id": "seller-3", "kind": "non-withholding"}]}"#;
    let book: BookDocument = serde_json::from_str(book).unwrap();
    let error = book.to_book().unwrap_err();
    let [problem] = error.problems() else { panic!("{error}") };
    assert_eq!(problem.code(), "net-basis-needs-business");
    assert_eq!(
        problem.to_string(),
        "partners[2].payout.basis: tax basis `net` needs a partner of kind `business`, not `non-withholding`"
    );
}
