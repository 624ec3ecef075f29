//! What is paid and withheld: the published tables, the laws, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use chrono::NaiveDate;
use jeongsan::document::PayoutTaxDocument;
use jeongsan::money::{Amount, Currency, Money, Rounding, VatSplitMethod};
use jeongsan::partner::PartnerKind;
use jeongsan::rate::Rate;
use jeongsan::tax::{
    Basis, IncomeKind, PayoutTax, PayoutTaxError, PayoutTerms, VatTerms, WithholdingTreatment,
};
use proptest::prelude::*;
use proptest::sample::select;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn won(minor: i64) -> Money {
    Money::new(Amount::new(minor), Currency::KRW)
}

fn terms(partner: PartnerKind, basis: Basis) -> PayoutTerms {
    PayoutTerms { vat: VatTerms { basis, ..VatTerms::KOREAN }, ..PayoutTerms::new(partner) }
}

#[track_caller]
fn tax(terms: PayoutTerms, settlement: i64, tax_free: i64) -> PayoutTax {
    terms.tax(won(settlement), Amount::new(tax_free), day(2024, 7, 11)).unwrap()
}

/// The tables that the hosted service publishes, P1 to P8. P3 stands wrong in its source, which gives 967,000 for a payout from which
/// nothing is withheld; P2 can't occur there either.
#[test]
fn the_published_payouts_come_out() {
    let withholding = terms(PartnerKind::Withholding, Basis::Gross);
    let taxes = |tax: PayoutTax| [tax.income_tax, tax.local_income_tax, tax.amount].map(Amount::minor);
    assert_eq!(taxes(tax(withholding, 1_000_000, 0)), [30_000, 3_000, 967_000], "P1");
    assert_eq!(
        terms(PartnerKind::Withholding, Basis::Net).tax(won(1_000_000), Amount::ZERO, day(2024, 7, 11)),
        Err(PayoutTaxError::NetBasisNeedsBusiness { partner: PartnerKind::Withholding }),
        "P2"
    );
    for partner in [PartnerKind::Business, PartnerKind::NonWithholding] {
        assert_eq!(taxes(tax(terms(partner, Basis::Gross), 1_000_000, 0)), [0, 0, 1_000_000], "P3");
    }
    assert_eq!(taxes(tax(terms(PartnerKind::Business, Basis::Net), 1_000_000, 0)), [0, 0, 1_100_000], "P4");
    assert_eq!(taxes(tax(withholding, 14_669, 0)), [440, 40, 14_189], "P5");
    assert_eq!(taxes(tax(withholding, 6_889, 0)), [200, 20, 6_669], "P6");
    assert_eq!(taxes(tax(withholding, 3_440, 0)), [100, 10, 3_330], "P7");
    let netted = -50_000 - 10_000 - 1_234 - 28_766;
    assert_eq!(
        withholding.tax(won(netted), Amount::ZERO, day(2024, 12, 10)),
        Err(PayoutTaxError::NothingSettled { settlement: Amount::new(-90_000) }),
        "P8"
    );
    let invoiced = tax(terms(PartnerKind::Business, Basis::Net), 100_000, 0);
    assert_eq!(
        [invoiced.supply, invoiced.vat, invoiced.expected].map(Amount::minor),
        [100_000, 10_000, 110_000],
        "P9"
    );
}

/// X4 and X5: a settlement of 100,000 of which 40,000 are tax-free.
#[test]
fn the_tax_free_part_carries_no_vat() {
    let parts = |tax: PayoutTax| [tax.supply, tax.vat, tax.tax_free, tax.amount].map(Amount::minor);
    assert_eq!(
        parts(tax(terms(PartnerKind::Business, Basis::Net), 100_000, 40_000)),
        [60_000, 6_000, 40_000, 106_000]
    );
    let gross = terms(PartnerKind::Business, Basis::Gross);
    assert_eq!(parts(tax(gross, 100_000, 40_000)), [54_546, 5_454, 40_000, 100_000]);
    let half_up = PayoutTerms { vat: VatTerms { method: VatSplitMethod::HalfUp, ..gross.vat }, ..gross };
    assert_eq!(parts(tax(half_up, 100_000, 40_000)), [54_545, 5_455, 40_000, 100_000]);
}

#[test]
fn the_law_of_the_day_of_payment_applies() {
    let terms = PayoutTerms::new(PartnerKind::Withholding);
    let amount = |paid_on| terms.tax(won(33_300), Amount::ZERO, paid_on).unwrap().amount.minor();
    assert_eq!(amount(day(2024, 6, 30)), 33_300);
    assert_eq!(amount(day(2024, 7, 1)), 32_220);
    let other = PayoutTerms { income: IncomeKind::OtherIncome, ..terms };
    let tax = other.tax(won(126_000), Amount::ZERO, day(2025, 1, 10)).unwrap();
    assert_eq!(
        [tax.income_tax, tax.local_income_tax, tax.amount].map(Amount::minor),
        [10_080, 1_000, 114_920]
    );
}

#[test]
fn a_reported_tax_is_not_taken_off() {
    let terms = PayoutTerms {
        withholding: WithholdingTreatment::Reported,
        ..PayoutTerms::new(PartnerKind::Withholding)
    };
    let tax = tax(terms, 1_000_000, 0);
    assert_eq!(
        [tax.income_tax, tax.local_income_tax, tax.amount].map(Amount::minor),
        [30_000, 3_000, 1_000_000]
    );
    assert_eq!(tax.withheld(), Amount::ZERO);
}

/// A month in which more tax-free goods came back than were sold still pays out, and its parts still add up.
#[test]
fn parts_of_either_sign_are_taxed_alike() {
    let parts = |tax: PayoutTax| [tax.supply, tax.vat, tax.tax_free, tax.amount].map(Amount::minor);
    let gross = terms(PartnerKind::Business, Basis::Gross);
    assert_eq!(parts(tax(gross, 71_000, -39_000)), [100_000, 10_000, -39_000, 71_000]);
    assert_eq!(parts(tax(gross, 10_000, 21_000)), [-10_000, -1_000, 21_000, 10_000]);
    let net = terms(PartnerKind::Business, Basis::Net);
    assert_eq!(parts(tax(net, 10_000, 20_000)), [-10_000, -1_000, 20_000, 9_000]);
}

#[test]
fn refusals_say_why() {
    let error = |terms: PayoutTerms, settled, tax_free| {
        let error = terms.tax(settled, Amount::new(tax_free), day(2026, 3, 13)).unwrap_err();
        format!("{}: {error}", error.code())
    };
    let business = terms(PartnerKind::Business, Basis::Gross);
    let net = terms(PartnerKind::Business, Basis::Net);
    assert_eq!(error(business, won(0), 0), "nothing-to-pay: the settlement of `0` is not above zero");
    assert_eq!(error(business, won(-1), 0), "nothing-to-pay: the settlement of `-1` is not above zero");
    assert_eq!(
        error(net, won(1_000), 100_000),
        "nothing-to-pay: the settlement of `1000` and its VAT of `-9900` leave nothing to pay"
    );
    assert_eq!(
        error(terms(PartnerKind::NonWithholding, Basis::Net), won(1_000), 0),
        "net-basis-needs-business: tax basis `net` needs a partner of kind `business`, not `non-withholding`"
    );
    let dollars = Money::new(Amount::new(1_000), Currency::new("USD").unwrap());
    assert_eq!(
        error(PayoutTerms::new(PartnerKind::Withholding), dollars, 0),
        "withholding-needs-won: tax can be withheld in `KRW` only, not in `USD`"
    );
    assert!(business.tax(dollars, Amount::ZERO, day(2026, 3, 13)).is_ok());
    let most = format!("out-of-range: the taxes of the settlement of `{}` are out of range", i64::MAX);
    assert_eq!(error(business, won(i64::MAX), -1), most);
    assert_eq!(error(net, won(i64::MAX), 0), most);
}

#[test]
fn a_document_that_contradicts_itself_is_refused() {
    let text = serde_json::to_string(&PayoutTaxDocument::from(&tax(
        PayoutTerms::new(PartnerKind::Withholding),
        1_000_000,
        0,
    )))
    .unwrap();
    assert_eq!(
        text,
        r#"{"settlement":1000000,"settlement_tax_free":0,"supply":909091,"vat":90909,"tax_free":0,"expected":1000000,"income_tax":30000,"local_income_tax":3000,"amount":967000}"#
    );
    let error = |from: &str, to: &str| {
        let document: PayoutTaxDocument = serde_json::from_str(&text.replace(from, to)).unwrap();
        document.to_payout_tax().unwrap_err().to_string()
    };
    assert_eq!(error("967000", "966999"), "the amounts of the payout of `966999` don't add up");
    assert_eq!(error("90909,", "90910,"), "the amounts of the payout of `967000` don't add up");
    assert_eq!(error("967000", "9223372036854775808"), "the number of `amount` is out of range");
    let unknown = serde_json::from_str::<PayoutTaxDocument>(&text.replace("\"vat\"", "\"tax\"")).unwrap_err();
    assert!(unknown.to_string().starts_with("unknown field `tax`"), "{unknown}");
}

prop_compose! {
    fn arb_vat()(basis in select(Basis::ALL), method in select(VatSplitMethod::ALL), rate in select(&["0%", "5%", "7.7%", "10%", "25%"])) -> VatTerms {
        VatTerms { basis, method, rate: rate.parse().unwrap() }
    }
}

proptest! {
    #[test]
    fn a_payouts_amounts_add_up(
        vat in arb_vat(),
        partner in select(PartnerKind::ALL),
        income in select(IncomeKind::ALL),
        withholding in select(WithholdingTreatment::ALL),
        settlement in prop_oneof![-10_i64..10, 0..10_000_000_i64, 0..=i64::MAX],
        tax_free in prop_oneof![Just(0_i64), -1_000_000..1_000_000_i64, any::<i64>()],
        days in 0..4_000_u64,
    ) {
        let terms = PayoutTerms { partner, vat, income, withholding };
        let paid_on = day(2017, 1, 1) + chrono::Days::new(days);
        let Ok(tax) = terms.tax(won(settlement), Amount::new(tax_free), paid_on) else { return Ok(()) };
        let wide = |amount: Amount| i128::from(amount.minor());
        prop_assert_eq!(wide(tax.supply) + wide(tax.vat) + wide(tax.tax_free), wide(tax.expected));
        prop_assert_eq!(wide(tax.amount) + wide(tax.withheld()), wide(tax.expected));
        prop_assert_eq!(wide(tax.settlement) + wide(tax.vat_added()), wide(tax.expected));
        let taxes = wide(tax.income_tax) + wide(tax.local_income_tax);
        let deducted = withholding == WithholdingTreatment::Deducted;
        prop_assert_eq!(wide(tax.withheld()), if deducted { taxes } else { 0 });
        prop_assert!(taxes == 0 || partner == PartnerKind::Withholding);
        prop_assert!(tax.amount > Amount::ZERO);
        prop_assert!(tax.adds_up());
        let read = PayoutTaxDocument::from(&tax).to_payout_tax();
        prop_assert_eq!(read, Ok(tax));
    }

    /// On both bases the VAT is the definition's fraction, rounded once.
    #[test]
    fn the_vat_is_one_fraction_rounded_once(terms in arb_vat(), taxable in -10_000_000_000_i64..10_000_000_000) {
        let split = terms.split(Amount::new(taxable)).unwrap();
        let parts = i128::from(terms.rate.parts());
        let one = i128::from(Rate::ONE.parts());
        let (part, whole) = match terms.basis {
            Basis::Gross => (parts, one + parts),
            Basis::Net => (parts, one),
        };
        let rounding = match (terms.method, terms.basis) {
            (VatSplitMethod::SupplyDown, Basis::Gross) | (VatSplitMethod::Up, _) => Rounding::Up,
            (VatSplitMethod::SupplyDown | VatSplitMethod::Down, _) => Rounding::Down,
            (VatSplitMethod::HalfUp, _) => Rounding::HalfUp,
            (VatSplitMethod::HalfEven, _) => Rounding::HalfEven,
        };
        let vat = rounding.divide(i128::from(taxable) * part, whole).unwrap();
        prop_assert_eq!(i128::from(split.vat.minor()), vat);
        let supply = if terms.basis == Basis::Gross { i128::from(taxable) - vat } else { i128::from(taxable) };
        prop_assert_eq!(i128::from(split.supply.minor()), supply);
    }
}
