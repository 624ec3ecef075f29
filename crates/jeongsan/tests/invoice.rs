//! Invoices of payouts, their dates, and their amendments.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use chrono::{Datelike, Days, NaiveDate, Weekday, WeekdaySet};
use jeongsan::calendar::{Calendar, DateRange, Holiday, HolidayKind};
use jeongsan::document::InvoiceDocument;
use jeongsan::id::InvoiceId;
use jeongsan::money::{Amount, Currency, Money, VatSplit};
use jeongsan::partner::PartnerKind;
use jeongsan::tax::{
    Amendment, AmendmentReason, Change, Invoice, InvoiceChain, InvoiceDraft, InvoiceError, InvoiceKind,
    InvoiceLine, Lateness, LineTerms, Party, PayoutTax, PayoutTerms, PenaltyRates, Purpose, ResidueRule,
    Taxation, VatScope, VatTerms, due_date, return_date, transmission_date,
};
use proptest::prelude::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Weekends and a few of the Korean holidays of 2025 and 2026.
fn calendar() -> Calendar {
    let range = DateRange::new(day(2024, 1, 1), day(2028, 12, 31)).unwrap();
    Calendar::builder("TEST".parse().unwrap(), range)
        .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]))
        .holiday(Holiday::new(day(2025, 10, 10), HolidayKind::Statutory, "made up"))
        .build()
        .unwrap()
}

fn id(text: &str) -> InvoiceId {
    text.parse().unwrap()
}

fn amounts(supply: i64, vat: i64) -> VatSplit {
    VatSplit { supply: Amount::new(supply), vat: Amount::new(vat) }
}

fn pair(split: VatSplit) -> (i64, i64) {
    (split.supply.minor(), split.vat.minor())
}

fn draft(name: &str, write_date: NaiveDate, parts: &[VatSplit]) -> InvoiceDraft {
    InvoiceDraft {
        id: id(name),
        kind: InvoiceKind::Taxable,
        purpose: Purpose::Receipt,
        write_date,
        supplier: Party::new("124-81-00998".parse().unwrap(), "판매상점", "김판매"),
        supplier_taxation: Taxation::General,
        recipient: Party::new("220-81-62517".parse().unwrap(), "장터", "이장터"),
        lines: parts.iter().map(|part| InvoiceLine::new(write_date, "판매대금", *part)).collect(),
        remarks: vec![],
    }
}

fn chain() -> InvoiceChain {
    let lines = [amounts(60_000, 6_000), amounts(40_000, 4_000)];
    InvoiceChain::new(Invoice::new(draft("t-1", day(2026, 3, 31), &lines), &calendar()).unwrap()).unwrap()
}

fn amendment(name: &str, of: &str, change: Change) -> Amendment {
    Amendment { id: id(name), of: id(of), change }
}

fn came_back(on: NaiveDate, part: VatSplit) -> Change {
    Change::Return { on, lines: vec![InvoiceLine::new(on, "반품", part)] }
}

fn changed(on: NaiveDate, part: VatSplit) -> Change {
    Change::ValueChange { on, lines: vec![InvoiceLine::new(on, "단가 조정", part)] }
}

/// What an invoice says: id, amounts, write date, due date.
fn told(invoice: &Invoice) -> (String, (i64, i64), NaiveDate, Option<NaiveDate>) {
    (invoice.id().to_string(), pair(invoice.amounts()), invoice.write_date(), invoice.due_date())
}

fn payout(settlement: i64, tax_free: i64) -> PayoutTax {
    let settled = Money::new(Amount::new(settlement), Currency::KRW);
    PayoutTerms::new(PartnerKind::Business).tax(settled, Amount::new(tax_free), day(2026, 4, 15)).unwrap()
}

#[test]
fn a_payout_with_a_tax_free_part_takes_two_documents() {
    let tax = payout(100_000, 40_000);
    let issued: Vec<_> = tax
        .invoices(InvoiceKind::Taxable)
        .map(|(kind, part)| {
            let draft = InvoiceDraft { kind, ..draft(kind.as_str(), day(2026, 3, 31), &[part]) };
            Invoice::of_payout(draft, &tax, &calendar()).unwrap()
        })
        .collect();
    let told: Vec<_> = issued.iter().map(|invoice| (invoice.kind(), pair(invoice.amounts()))).collect();
    assert_eq!(told, [(InvoiceKind::Taxable, (54_546, 5_454)), (InvoiceKind::TaxFree, (40_000, 0))]);
    let total: i64 = issued.iter().map(|invoice| invoice.total().minor()).sum();
    assert_eq!(total, tax.expected.minor());
    assert_eq!(payout(100_000, 0).invoices(InvoiceKind::Taxable).count(), 1);
    assert_eq!(payout(100_000, 100_000).invoices(InvoiceKind::Taxable).count(), 1);
    // More tax-free goods came back than were sold: that part amends an invoice of the past.
    let kinds: Vec<_> =
        payout(71_000, -39_000).invoices(InvoiceKind::Taxable).map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [InvoiceKind::Taxable]);
}

/// The taxable 110,010 of a payout in three lines: rounded on the document they are the payout's, rounded each they aren't.
#[test]
fn reconciled_lines_make_the_payouts_invoice() {
    let tax = payout(110_010, 0);
    let parts = [36_668, 36_671, 36_671].map(Amount::new);
    let invoice = |scope| {
        let terms = LineTerms { vat: VatTerms::KOREAN, scope, residue: ResidueRule::LastLine };
        let lines = terms.reconcile(&parts).unwrap().lines;
        Invoice::of_payout(draft("t-1", day(2026, 3, 31), &lines), &tax, &calendar())
    };
    assert_eq!(pair(invoice(VatScope::PerDocument).unwrap().amounts()), (100_010, 10_000));
    assert_eq!(
        invoice(VatScope::PerLine).unwrap_err().to_string(),
        "the lines of invoice `t-1` come to supply value `100011` and VAT `9999`, the payout's `taxable` part to `100010` and `10000`"
    );
}

#[test]
fn an_invoice_is_due_on_the_tenth_or_the_next_business_day() {
    let due = |written| due_date(written, &calendar()).unwrap();
    assert_eq!(due(day(2026, 3, 1)), day(2026, 4, 10));
    assert_eq!(due(day(2026, 3, 31)), day(2026, 4, 10));
    assert_eq!(due(day(2026, 4, 30)), day(2026, 5, 11), "the 10th is a Sunday");
    assert_eq!(due(day(2025, 12, 31)), day(2026, 1, 12), "the 10th is a Saturday");
    assert_eq!(due(day(2025, 9, 30)), day(2025, 10, 13), "a holiday before a weekend");
    assert_eq!(due(day(2026, 1, 31)), day(2026, 2, 10));
    assert!(due_date(day(2028, 12, 1), &calendar()).is_err());
    assert_eq!(transmission_date(day(2026, 4, 10)), Some(day(2026, 4, 11)), "also a Saturday");
    assert_eq!(transmission_date(NaiveDate::MAX), None);
}

/// A supply of May: by 10 June in time, by 25 July late, then as if there were none.
#[test]
fn lateness_has_the_laws_names_and_rates() {
    let lateness = |written, issued| Lateness::of(written, issued, &calendar()).unwrap();
    let may = day(2025, 5, 31);
    assert_eq!(lateness(may, may), Lateness::InTime);
    assert_eq!(lateness(may, day(2025, 6, 10)), Lateness::InTime);
    assert_eq!(lateness(may, day(2025, 6, 11)), Lateness::Late);
    assert_eq!(lateness(may, day(2025, 7, 25)), Lateness::Late);
    assert_eq!(lateness(may, day(2025, 7, 26)), Lateness::NotIssued);
    // 25 July 2026 is a Saturday, so the return is due on the 27th, and 25 January 2026 a Sunday.
    assert_eq!(return_date(day(2026, 6, 30), &calendar()).unwrap(), day(2026, 7, 27));
    assert_eq!(return_date(day(2025, 7, 1), &calendar()).unwrap(), day(2026, 1, 26));
    assert_eq!(return_date(day(2026, 12, 31), &calendar()).unwrap(), day(2027, 1, 25));
    let error = Lateness::of(may, day(2025, 5, 30), &calendar()).unwrap_err();
    assert_eq!(
        format!("{}: {error}", error.code()),
        "invalid-invoice: an invoice written on `2025-05-31` can't be issued on `2025-05-30`"
    );

    let rates = PenaltyRates::in_force(PenaltyRates::KOREAN, may).unwrap();
    let rates = |lateness| {
        let penalty = rates.penalty(lateness);
        (penalty.supplier.to_string(), penalty.recipient.to_string())
    };
    assert_eq!(rates(Lateness::InTime), ("0%".into(), "0%".into()));
    assert_eq!(rates(Lateness::Late), ("1%".into(), "0.5%".into()));
    assert_eq!(rates(Lateness::NotIssued), ("2%".into(), "0%".into()));
    assert_eq!(PenaltyRates::in_force(PenaltyRates::KOREAN, day(2016, 12, 31)), None);
}

#[test]
fn what_is_no_invoice_is_refused() {
    let written = day(2026, 3, 31);
    let good = || draft("t-1", written, &[amounts(100, 10)]);
    let error = |change: &dyn Fn(&mut InvoiceDraft)| {
        let mut draft = good();
        change(&mut draft);
        let error = Invoice::new(draft, &calendar()).unwrap_err();
        format!("{}: {error}", error.code())
    };
    assert_eq!(
        error(&|draft| draft.supplier.name.clear()),
        "invalid-invoice: the supplier's name of invoice `t-1` is empty"
    );
    assert_eq!(
        error(&|draft| draft.lines[0].name.clear()),
        "invalid-invoice: the name of a line of invoice `t-1` is empty"
    );
    assert_eq!(
        error(&|draft| draft.recipient = draft.supplier.clone()),
        "invalid-invoice: invoice `t-1` has `1248100998` as supplier and as recipient"
    );
    assert_eq!(
        error(&|draft| draft.supplier_taxation = Taxation::Simplified),
        "supplier-cant-issue: a supplier of taxation `simplified` can't issue invoice `t-1` of kind `taxable`"
    );
    assert_eq!(
        error(&|draft| draft.lines.clear()),
        "invalid-invoice: invoice `t-1` has 0 lines, not 1 to 99"
    );
    assert_eq!(
        error(&|draft| draft.lines = vec![draft.lines[0].clone(); 100]),
        "invalid-invoice: invoice `t-1` has 100 lines, not 1 to 99"
    );
    assert_eq!(
        error(&|draft| draft.remarks = vec![String::new(); 4]),
        "invalid-invoice: invoice `t-1` has 4 remarks, not up to 3"
    );
    assert_eq!(
        error(&|draft| draft.lines[0].date = day(2026, 2, 28)),
        "invalid-invoice: line 0 of invoice `t-1` is dated `2026-02-28`, not in the month up to the write date `2026-03-31`"
    );
    assert!(
        error(&|draft| draft.write_date = day(2026, 3, 30)).contains("not in the month up to the write date")
    );
    assert!(error(&|draft| draft.lines[0].date = day(2026, 4, 1)).contains("`2026-04-01`, not in the month"));
    assert!(
        error(&|draft| draft.lines[0].date = day(2025, 3, 31)).contains("`2025-03-31`, not in the month")
    );
    assert_eq!(
        error(&|draft| draft.kind = InvoiceKind::TaxFree),
        "invalid-invoice: line 0 of invoice `t-1` of kind `tax-free` has VAT of `10`"
    );
    assert!(
        error(&|draft| draft.kind = InvoiceKind::ZeroRated).contains("of kind `zero-rated` has VAT of `10`")
    );
    assert_eq!(
        error(&|draft| draft.lines.push(InvoiceLine::new(written, "차감", amounts(-101, -10)))),
        "nothing-to-invoice: invoice `t-1` of supply value `-1` and VAT `0` is not above zero; only an amendment can be below"
    );
    assert_eq!(
        error(&|draft| draft.lines[0].amounts = amounts(i64::MAX, 1)),
        "out-of-range: the amounts of invoice `t-1` are out of range"
    );
    assert!(
        error(&|draft| draft.write_date = day(2029, 1, 1))
            .starts_with("out-of-range: `2029-02-10` lies outside")
    );
    // What is possible: a discount in a line, a supplier of tax-free goods, two branches of one business.
    let mut possible = good();
    possible.lines.push(InvoiceLine::new(day(2026, 3, 2), "차감", amounts(-50, -5)));
    possible.recipient.number = possible.supplier.number;
    possible.recipient.branch = Some("0001".parse().unwrap());
    assert_eq!(Invoice::new(possible, &calendar()).unwrap().total(), Amount::new(55));
    let mut possible = draft("t-1", written, &[amounts(100, 0)]);
    (possible.kind, possible.supplier_taxation) = (InvoiceKind::TaxFree, Taxation::TaxFree);
    assert!(Invoice::new(possible, &calendar()).is_ok());

    let error = Invoice::of_payout(good(), &payout(110, 1), &calendar()).unwrap_err();
    assert_eq!(
        format!("{}: {error}", error.code()),
        "not-the-payout: the lines of invoice `t-1` come to supply value `100` and VAT `10`, the payout's `taxable` part to `100` and `9`"
    );
}

#[test]
fn an_entry_error_takes_the_invoice_back_under_its_date_and_issues_it_again() {
    let mut chain = chain();
    let corrected = draft("t-1b", day(2026, 3, 31), &[amounts(90_000, 9_000)]);
    let issued =
        chain.amend(amendment("t-1a", "t-1", Change::EntryError(Box::new(corrected))), &calendar()).unwrap();
    let written = day(2026, 3, 31);
    assert_eq!(
        issued.iter().map(told).collect::<Vec<_>>(),
        [
            ("t-1a".into(), (-100_000, -10_000), written, None),
            ("t-1b".into(), (90_000, 9_000), written, None)
        ]
    );
    assert_eq!(issued[0].draft().lines.len(), 2, "line by line");
    for invoice in issued {
        let modification = invoice.modification().unwrap();
        assert_eq!(modification.reason, AmendmentReason::EntryError);
        assert_eq!((&modification.original, &modification.root), (&id("t-1"), &id("t-1")));
    }
    assert_eq!(pair(chain.standing()), (90_000, 9_000));
    assert_eq!(["t-1", "t-1a", "t-1b"].map(|name| chain.counts(&id(name))), [false, false, true]);
}

#[test]
fn later_changes_bear_their_own_dates_and_are_due_as_any_invoice() {
    let mut chain = chain();
    let mut amend = |name, change| {
        let issued = chain.amend(amendment(name, "t-1", change), &calendar()).unwrap();
        assert_eq!(issued.len(), 1);
        (told(&issued[0]), issued[0].draft().remarks.clone())
    };
    let first_date = vec![String::from("당초 작성일 2026-03-31")];
    let (on, due) = (day(2026, 4, 20), Some(day(2026, 5, 11)));
    assert_eq!(amend("up", changed(on, amounts(5_000, 500))), (("up".into(), (5_000, 500), on, due), vec![]));
    assert_eq!(
        amend("down", changed(on, amounts(-1_000, -100))),
        (("down".into(), (-1_000, -100), on, due), vec![])
    );
    let on = day(2026, 5, 6);
    assert_eq!(
        amend("back", came_back(on, amounts(30_000, 3_000))),
        (("back".into(), (-30_000, -3_000), on, Some(day(2026, 6, 10))), first_date.clone())
    );
    // The contract falls: what still stands goes, not what once stood.
    let on = day(2026, 6, 30);
    assert_eq!(
        amend("off", Change::Cancellation { on }),
        (("off".into(), (-74_000, -7_400), on, Some(day(2026, 7, 10))), first_date)
    );
    assert_eq!(pair(chain.standing()), (0, 0));
    assert_eq!(
        AmendmentReason::ALL.iter().map(|reason| reason.tax_office_code()).collect::<Vec<_>>(),
        [1, 2, 3, 4, 6]
    );
}

#[test]
fn an_invoice_issued_twice_is_taken_back_under_its_date() {
    let mut chain = chain();
    let issued = chain.amend(amendment("t-1a", "t-1", Change::Duplicate), &calendar()).unwrap();
    assert_eq!(told(&issued[0]), ("t-1a".into(), (-100_000, -10_000), day(2026, 3, 31), None));
    assert_eq!(pair(chain.standing()), (0, 0));
}

/// A return that was entered wrongly is amended like any invoice; the chain goes on from what replaced it.
#[test]
fn an_amendment_is_amended_by_its_name() {
    let mut chain = chain();
    let on = day(2026, 5, 6);
    chain.amend(amendment("back", "t-1", came_back(on, amounts(30_000, 3_000))), &calendar()).unwrap();
    let corrected = draft("back-right", on, &[amounts(-20_000, -2_000)]);
    let issued = chain
        .amend(amendment("back-wrong", "back", Change::EntryError(Box::new(corrected))), &calendar())
        .unwrap();
    assert_eq!(told(&issued[0]), ("back-wrong".into(), (30_000, 3_000), on, None));
    let modification = issued[1].modification().unwrap();
    assert_eq!((&modification.original, &modification.root), (&id("back"), &id("t-1")));
    assert_eq!(pair(chain.standing()), (80_000, 8_000));
    let on = day(2026, 5, 7);
    chain.amend(amendment("again", "back-right", Change::Duplicate), &calendar()).unwrap();
    assert_eq!(pair(chain.standing()), (100_000, 10_000));
    chain.amend(amendment("off", "t-1", Change::Cancellation { on }), &calendar()).unwrap();
    assert_eq!(pair(chain.standing()), (0, 0));
}

#[test]
fn a_refused_amendment_changes_nothing_and_says_why() {
    let mut chain = chain();
    let on = day(2026, 5, 6);
    chain.amend(amendment("back", "t-1", came_back(on, amounts(30_000, 3_000))), &calendar()).unwrap();
    chain.amend(amendment("gone", "back", Change::Duplicate), &calendar()).unwrap();
    let before = chain.clone();
    let mut error = |name, of, change| {
        let error = chain.amend(amendment(name, of, change), &calendar()).unwrap_err();
        assert_eq!(chain, before);
        format!("{}: {error}", error.code())
    };
    assert_eq!(
        error("x", "t-1", came_back(on, amounts(100_001, 10_000))),
        "amendment-exceeds-invoiced: the amendment `x` leaves supply value `-1` and VAT `0` of invoice `t-1`: more is taken back than was invoiced"
    );
    assert!(
        error("x", "t-1", came_back(on, amounts(100_000, 10_001))).contains("supply value `0` and VAT `-1`")
    );
    assert!(error("x", "t-1", changed(on, amounts(-100_001, 0))).contains("more is taken back"));
    assert_eq!(
        error("x", "t-2", Change::Duplicate),
        "unknown-invoice: invoice `t-2` is neither `t-1` nor one of its amendments"
    );
    assert_eq!(
        error("x", "back", Change::Duplicate),
        "invoice-withdrawn: invoice `back` no longer counts: an amendment for `duplicate` took it back or is it"
    );
    assert!(error("x", "gone", Change::Duplicate).contains("`gone` no longer counts"));
    assert_eq!(error("back", "t-1", Change::Duplicate), "duplicate-invoice: invoice id `back` is taken");
    assert_eq!(
        error("x", "t-1", came_back(day(2026, 3, 30), amounts(1, 0))),
        "invalid-amendment: the amendment `x` of `2026-03-30` lies before the write date `2026-03-31` of invoice `t-1`"
    );
    assert_eq!(
        error("x", "t-1", changed(on, amounts(0, 0))),
        "invalid-amendment: the amendment `x` for `value-change` comes to supply value `0` and VAT `0`"
    );
    assert!(
        error("x", "t-1", came_back(on, amounts(-1, 0))).contains("for `return` comes to supply value `1`")
    );
    let twin = draft("x", day(2026, 3, 31), &[amounts(1, 0)]);
    assert!(error("x", "t-1", Change::EntryError(Box::new(twin))).contains("`x` is taken"));
    let nothing = draft("y", day(2026, 3, 31), &[amounts(0, 0)]);
    assert!(
        error("x", "t-1", Change::EntryError(Box::new(nothing))).contains("`y` for `entry-error` comes to")
    );
    let mut tax_free = draft("y", day(2026, 3, 31), &[amounts(1, 0)]);
    tax_free.kind = InvoiceKind::TaxFree;
    assert_eq!(
        error("x", "t-1", Change::EntryError(Box::new(tax_free))),
        "invalid-amendment: the amendment `x` can't turn kind `taxable` into `tax-free`: take `t-1` back and issue another"
    );
    let mut zero_rated = draft("y", day(2026, 3, 31), &[amounts(1, 0)]);
    zero_rated.kind = InvoiceKind::ZeroRated;
    assert!(
        chain.amend(amendment("x", "t-1", Change::EntryError(Box::new(zero_rated))), &calendar()).is_ok()
    );

    let mut empty = self::chain();
    empty.amend(amendment("off", "t-1", Change::Cancellation { on }), &calendar()).unwrap();
    let error = empty.amend(amendment("off-2", "t-1", Change::Cancellation { on }), &calendar()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the amendment `off-2` for `cancellation` comes to supply value `0` and VAT `0`"
    );
}

#[test]
fn a_chain_is_read_back_from_what_was_issued() {
    let mut chain = chain();
    let on = day(2026, 5, 6);
    let corrected = draft("t-1b", day(2026, 3, 31), &[amounts(90_000, 9_000)]);
    chain.amend(amendment("t-1a", "t-1", Change::EntryError(Box::new(corrected))), &calendar()).unwrap();
    chain.amend(amendment("back", "t-1b", came_back(on, amounts(30_000, 3_000))), &calendar()).unwrap();
    let amendments = chain.amendments().to_vec();
    let read =
        |amendments: &[Invoice]| InvoiceChain::of_issued(chain.original().clone(), amendments.to_vec());
    assert_eq!(read(&amendments).unwrap(), chain);
    let error = |amendments: &[Invoice]| read(amendments).unwrap_err().to_string();
    assert_eq!(error(&amendments[..1]), "invoice `t-1a` takes back what nothing replaces");
    assert_eq!(error(&amendments[1..]), "invoice `t-1b` doesn't take back what it amends");
    assert_eq!(error(&amendments[2..]), "invoice `t-1b` is neither `t-1` nor one of its amendments");
    assert_eq!(error(&[chain.original().clone()]), "invoice `t-1` amends nothing and stands behind another");
    assert_eq!(
        InvoiceChain::new(amendments[0].clone()).unwrap_err().to_string(),
        "invoice `t-1a` is an amendment and begins no chain"
    );
    let other = Invoice::new(draft("t-2", day(2026, 3, 31), &[amounts(1, 0)]), &calendar()).unwrap();
    assert_eq!(
        InvoiceChain::of_issued(other, amendments).unwrap_err().to_string(),
        "invoice `t-1a` amends an invoice of another chain"
    );
}

/// The whole of a document, so that no field is lost or renamed unseen.
#[test]
fn an_invoice_is_a_document() {
    let mut chain = chain();
    let on = day(2026, 5, 6);
    let mut line = InvoiceLine::new(on, "반품", amounts(30_000, 3_000));
    (line.spec, line.quantity) = (Some("500g".into()), Some("1.5".parse().unwrap()));
    (line.unit_cost, line.remark) = (Some(Amount::new(20_000)), Some("파손".into()));
    chain.amend(amendment("back", "t-1", Change::Return { on, lines: vec![line] }), &calendar()).unwrap();
    let mut document = InvoiceDocument::from(&chain.amendments()[0]);
    document.supplier.branch = Some("0001".into());
    document.supplier.address = Some("서울".into());
    document.supplier.business_type = Some("소매".into());
    document.supplier.business_class = Some("식품".into());
    document.supplier.email = Some("tax@seller.example".into());
    let text = serde_json::to_string(&document).unwrap();
    assert_eq!(
        text,
        concat!(
            r#"{"id":"back","kind":"taxable","issuance":"reverse","purpose":"receipt","write_date":"2026-05-06","due_date":"2026-06-10","#,
            r#""supplier":{"business_number":"1248100998","branch":"0001","name":"판매상점","representative":"김판매","address":"서울","business_type":"소매","business_class":"식품","email":"tax@seller.example"},"#,
            r#""supplier_taxation":"general","recipient":{"business_number":"2208162517","name":"장터","representative":"이장터"},"#,
            r#""supply":-30000,"vat":-3000,"total":-33000,"#,
            r#""lines":[{"date":"2026-05-06","name":"반품","spec":"500g","quantity":"-1.5","unit_cost":20000,"supply":-30000,"vat":-3000,"remark":"파손"}],"#,
            r#""remarks":["당초 작성일 2026-03-31"],"modification":{"reason":"return","original":"t-1","root":"t-1"}}"#
        )
    );
    let read: InvoiceDocument = serde_json::from_str(&text).unwrap();
    assert_eq!(InvoiceDocument::from(&read.to_invoice().unwrap()), document);

    let error = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let document: InvoiceDocument = serde_json::from_str(&text.replacen(from, to, 1)).unwrap();
        document.to_invoice().unwrap_err().to_string()
    };
    assert_eq!(
        error("1248100998", "1248100999"),
        "`supplier.business_number`: business number `1248100999` ends in a wrong check digit; the others give `8`"
    );
    assert_eq!(error("0001", "1"), "`supplier.branch`: branch number `1` is not four digits");
    assert_eq!(
        error("-1.5", "1.555"),
        "`lines[0].quantity`: quantity `1.555` is no number with at most two decimals"
    );
    assert_eq!(
        error("\"taxable\"", "\"taxed\""),
        "`kind`: invoice kind `taxed` is none of `taxable`, `zero-rated`, `tax-free`"
    );
    assert_eq!(error("\"reverse\"", "\"regular\""), "`issuance`: issuance `regular` is not `reverse`");
    assert_eq!(error("-33000", "-33001"), "`total` is `-33001`, and the lines come to `-33000`");
    assert_eq!(error("-33000", "9223372036854775808"), "`total`: the number is out of range");
    assert_eq!(error("20000", "9223372036854775808"), "`lines[0].unit_cost`: the number is out of range");
    assert_eq!(error("판매상점", ""), "the supplier's name of invoice `back` is empty");
    let text = serde_json::to_string(&InvoiceDocument::from(chain.original())).unwrap();
    let text = text.replace("\"2026-04-10\"", "null");
    let document: InvoiceDocument = serde_json::from_str(&text).unwrap();
    assert_eq!(
        document.to_invoice().unwrap_err().to_string(),
        "invoice `t-1` amends nothing and has no `due_date`"
    );
}

/// A change to try: which invoice (by place), what, how much, how many days later.
fn arb_step() -> impl Strategy<Value = (usize, u8, VatSplit, u64)> {
    let part = (-60_000_i64..60_000, -6_000_i64..6_000).prop_map(|(supply, vat)| amounts(supply, vat));
    (0..12_usize, 0..5_u8, part, 0..200_u64)
}

proptest! {
    /// Whatever is amended in whatever order: the chain is the sum of its invoices, which is what a plain account of the changes
    /// says; never below zero; and it reads back.
    #[test]
    fn what_was_issued_adds_up_to_what_is_true(steps in prop::collection::vec(arb_step(), 0..12)) {
        let calendar = calendar();
        let mut chain = chain();
        let mut truth = (100_000_i64, 10_000_i64);
        for (number, (place, kind, part, days)) in steps.into_iter().enumerate() {
            let target = chain.invoices().nth(place % chain.invoices().count()).unwrap().clone();
            let on = target.write_date() + Days::new(days);
            let (was, given) = (pair(target.amounts()), pair(part));
            let corrected = draft(&format!("c{number}"), target.write_date(), &[part]);
            let (change, after) = match kind {
                0 => (Change::EntryError(Box::new(corrected)), (truth.0 - was.0 + given.0, truth.1 - was.1 + given.1)),
                1 => (changed(on, part), (truth.0 + given.0, truth.1 + given.1)),
                2 => (came_back(on, part), (truth.0 - given.0, truth.1 - given.1)),
                3 => (Change::Cancellation { on }, (0, 0)),
                _ => (Change::Duplicate, (truth.0 - was.0, truth.1 - was.1)),
            };
            let counts = chain.counts(target.id());
            match chain.amend(amendment(&format!("a{number}"), target.id().as_str(), change), &calendar) {
                Ok(issued) => {
                    prop_assert!(counts);
                    prop_assert_eq!(issued.len(), if kind == 0 { 2 } else { 1 });
                    let later = matches!(kind, 1..=3);
                    for invoice in issued {
                        prop_assert_eq!(invoice.due_date().is_some(), later);
                        prop_assert_eq!(invoice.write_date(), if later { on } else { target.write_date() });
                        prop_assert_eq!(&invoice.modification().unwrap().original, target.id());
                        if let Some(due) = invoice.due_date() {
                            prop_assert!(due.day() >= 10 && due > on);
                        }
                    }
                    truth = after;
                }
                Err(InvoiceError::ExceedsInvoiced { supply, vat, .. }) => {
                    prop_assert_eq!((supply.minor(), vat.minor()), after);
                    prop_assert!(after.0 < 0 || after.1 < 0);
                }
                Err(InvoiceError::Withdrawn { .. }) => prop_assert!(!counts),
                Err(InvoiceError::NothingToAmend { .. }) => {}
                Err(error) => prop_assert!(false, "{error}"),
            }
            prop_assert_eq!(pair(chain.standing()), truth);
        }
        let sum = |part: fn(&Invoice) -> Amount| chain.invoices().map(|invoice| part(invoice).minor()).sum::<i64>();
        prop_assert_eq!((sum(Invoice::supply), sum(Invoice::vat)), truth);
        let counted = chain.invoices().filter(|invoice| chain.counts(invoice.id()));
        prop_assert_eq!(counted.map(|invoice| invoice.total().minor()).sum::<i64>(), truth.0 + truth.1);
        let issued = chain.amendments().iter().map(|invoice| InvoiceDocument::from(invoice).to_invoice().unwrap());
        let read = InvoiceChain::of_issued(chain.original().clone(), issued.collect());
        prop_assert_eq!(read, Ok(chain));
    }
}
