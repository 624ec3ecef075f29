//! What is archived takes nothing new, and what began before goes its way; partners change by versions as contracts do.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use chrono::{Days, NaiveDate};
use jeongsan::calendar::Calendars;
use jeongsan::document::{BookDocument, EventDocument, PartnerDocument};
use jeongsan::policy::Versions;
use jeongsan::settle::{Engine, History};
use proptest::prelude::*;

const BOOK: &str = r#"{"version": 1, "currency": "KRW", "options": {"adjust_after_holiday_if_earlier": false},
    "contracts": [
        {"id": "standard", "platform_fee": {"rate": "10%"}, "platform_fee_vat_payer": "merchant"},
        {"id": "low", "platform_fee": {"rate": "5%"}, "platform_fee_vat_payer": "merchant"},
        {"id": "old", "platform_fee": {"rate": "1%"}, "platform_fee_vat_payer": "merchant"},
        {"id": "old", "platform_fee": {"rate": "1%"}, "platform_fee_vat_payer": "merchant", "applies_from": "2026-06-01", "archived": true}],
    "discount_share_policies": [{"id": "coupon", "partner_share": "50%", "archived": true}],
    "additional_fee_policies": [{"id": "packing", "fee": {"fixed": 100}, "vat_payer": "merchant"},
        {"id": "packing", "fee": {"fixed": 100}, "vat_payer": "merchant", "applies_from": "2026-06-01", "archived": true}],
    "partners": [
        {"id": "p", "kind": "business", "default_contract": "standard"},
        {"id": "p", "kind": "business", "default_contract": "low", "applies_from": "2026-04-01"},
        {"id": "p", "kind": "business", "default_contract": "low", "applies_from": "2026-06-01", "archived": true},
        {"id": "p", "kind": "business", "default_contract": "low", "applies_from": "2026-07-01"},
        {"id": "late", "kind": "business", "default_contract": "low", "applies_from": "2026-03-10"}]}"#;

/// The settlement of each event, or the code, path and text of its refusal.
fn settle(events: &[&str]) -> Vec<String> {
    let document: BookDocument = serde_json::from_str(BOOK).unwrap();
    let engine = Engine::resolve(&document.to_book().unwrap(), &Calendars::default()).unwrap();
    let mut history = History::new();
    let mut told = Vec::new();
    for event in events {
        let event: EventDocument = serde_json::from_str(event).unwrap();
        told.push(match event.settle(&engine, &mut history) {
            Ok(settled) => {
                settled.rows().map(|row| row.figures.settlement.to_string()).collect::<Vec<_>>().join(", ")
            }
            Err(refusal) => {
                format!("{} at {}: {refusal}", refusal.code(), refusal.path().unwrap_or_default())
            }
        });
    }
    told
}

fn order(id: &str, partner: &str, start: &str, rest: &str) -> String {
    format!(
        r#"{{"type":"order","id":"{id}","partner":"{partner}","start_date":"{start}","order_amount":1000{rest}}}"#
    )
}

#[test]
fn a_partner_is_settled_by_its_version_of_the_start_date() {
    let days = ["2026-03-31", "2026-04-01", "2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01"];
    let events: Vec<String> = days.iter().map(|day| order(day, "p", day, "")).collect();
    let archived = "partner-archived at partner: partner `p` is archived since 2026-06-01";
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    assert_eq!(settle(&events), ["900", "950", "950", archived, archived, "950"]);
    assert_eq!(
        settle(&[&order("o", "late", "2026-03-09", "")]),
        ["unknown-partner at partner: no version of partner `late` is in force on 2026-03-09"]
    );
}

#[test]
fn a_cancellation_goes_by_the_day_of_its_order() {
    let order = order("o", "p", "2026-05-31", r#","contract":"old","additional_fees":["packing"]"#);
    let cancel = r#"{"type":"cancel","id":"c","order":"o","date":"2026-06-10","all":true}"#;
    assert_eq!(settle(&[&order, cancel]), ["890", "-890"]);
}

#[test]
fn a_manual_entry_goes_by_its_date() {
    let manual = |id: &str, day: &str| {
        format!(r#"{{"type":"manual","id":"{id}","partner":"p","amount":-5,"settlement_date":"2026-{day}"}}"#)
    };
    let archived = "partner-archived at partner: partner `p` is archived since 2026-06-01";
    assert_eq!(settle(&[&manual("m-1", "05-31"), &manual("m-2", "06-01")]), ["-5", archived]);
}

#[test]
fn contracts_and_policies_that_are_archived_are_refused_by_name() {
    let told = settle(&[
        &order("1", "p", "2026-07-02", r#","contract":"old""#),
        &order("2", "p", "2026-07-02", r#","discounts":[{"policy":"coupon","amount":10}]"#),
        &order("3", "p", "2026-07-02", r#","additional_fees":["packing"]"#),
    ]);
    assert_eq!(
        told,
        [
            "contract-archived at contract: contract `old` is archived since 2026-06-01",
            "policy-archived at discounts: discount-share policy `coupon` is archived",
            "policy-archived at additional_fees: additional-fee policy `packing` is archived since 2026-06-01",
        ]
    );
}

#[test]
fn a_versionless_partner_stands_once_and_a_version_has_its_day() {
    let entry = |more: &str| format!(r#"{{"id":"p","kind":"business"{more}}}"#);
    let twice = [entry(""), entry(""), entry(r#","applies_from":"2026-03-01""#)].join(",");
    let again = entry(r#","applies_from":"2026-03-01","default_contract":"gold""#);
    let text = format!(r#"{{"version":1,"currency":"KRW","partners":[{twice},{again}]}}"#);
    let document: BookDocument = serde_json::from_str(&text).unwrap();
    assert_eq!(
        document.to_book().unwrap_err().to_string(),
        "partners[1].id: partner `p` is listed twice; partners[3].default_contract: unknown contract `gold`; \
         partners[3].applies_from: partner `p` has two versions from 2026-03-01"
    );
}

#[test]
fn nothing_of_a_partner_shows_in_an_error_or_in_debug() {
    let text = r#"{"id":"p","kind":"withholding","taxation":"general","name":"김정산","business_number":"1248100997",
        "account":{"bank":"088","number":"110123456789","holder":"박예금","currency":"WON",
                   "verification":{"state":"mismatch","holder_found":"이다른"}}}"#;
    let document: PartnerDocument = serde_json::from_str(text).unwrap();
    let book: BookDocument = serde_json::from_str(r#"{"version":1,"currency":"KRW"}"#).unwrap();
    let error = document.to_partner(&book.to_book().unwrap()).unwrap_err().to_string();
    assert_eq!(
        error,
        "taxation: only a business has a taxation; \
         business_number: business number `1248100997` ends in a wrong check digit; the others give `8`; \
         account.currency: `WON` is no ISO 4217 currency in use; \
         account.verification: an account that is `mismatch` says since when, in `on`"
    );
    let shown = format!("{document:?}{book:?}");
    assert!(["김정산", "110123456789", "박예금", "이다른"].iter().all(|secret| !shown.contains(secret)));
}

/// One thing that can be done to what has versions, on a day.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Update(u64),
    Archive(u64),
    Recover(u64),
}

proptest! {
    /// Whatever is done, in whatever order: what is in force before the day of a deed stays, a refused deed changes nothing, and an
    /// archived thing comes back as it was.
    #[test]
    fn a_version_changes_nothing_before_its_day(
        deeds in prop::collection::vec(
            (0_u64..30).prop_flat_map(|day| prop_oneof![
                Just(Deed::Update(day)),
                Just(Deed::Archive(day)),
                Just(Deed::Recover(day)),
            ]),
            1..12,
        ),
    ) {
        let day = |offset: u64| NaiveDate::from_ymd_opt(2026, 3, 1).unwrap().checked_add_days(Days::new(offset)).unwrap();
        let mut versions = Versions::default();
        versions.insert(None, 0).unwrap();
        for (terms, deed) in deeds.into_iter().enumerate() {
            let before = versions.clone();
            let (on, done) = match deed {
                Deed::Update(on) => (on, versions.update(day(on), terms + 1)),
                Deed::Archive(on) => (on, versions.archive(day(on))),
                Deed::Recover(on) => (on, versions.recover(day(on))),
            };
            match done {
                Err(_) => prop_assert_eq!(&versions, &before),
                Ok(()) => {
                    for earlier in 0..on {
                        prop_assert_eq!(versions.in_force_on(day(earlier)), before.in_force_on(day(earlier)));
                    }
                    let (now, then) = (versions.in_force_on(day(on)).unwrap(), before.in_force_on(day(on)).unwrap());
                    prop_assert_eq!(now.archived, matches!(deed, Deed::Archive(_)));
                    prop_assert_eq!(then.archived, matches!(deed, Deed::Recover(_)));
                    if !matches!(deed, Deed::Update(_)) {
                        prop_assert_eq!(now.terms, then.terms);
                    }
                }
            }
        }
    }
}
