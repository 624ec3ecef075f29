//! VAT rounded in the lines or on the document: both totals, and who takes the difference.

use jeongsan::money::{Amount, VatSplit, VatSplitMethod};
use jeongsan::tax::{Basis, LineTerms, ResidueRule, VatLines, VatLinesError, VatScope, VatTerms};
use proptest::prelude::*;
use proptest::sample::select;

const fn terms(basis: Basis, method: VatSplitMethod, residue: ResidueRule) -> LineTerms {
    LineTerms { vat: VatTerms { basis, method, ..VatTerms::KOREAN }, scope: VatScope::PerDocument, residue }
}

fn amounts(minor: &[i64]) -> Vec<Amount> {
    minor.iter().copied().map(Amount::new).collect()
}

fn pairs(told: &VatLines) -> Vec<(i64, i64)> {
    told.lines.iter().map(|line| (line.supply.minor(), line.vat.minor())).collect()
}

/// Three lines of 333, 333 and 334 at 10 %, cut: 99 by line, 100 by document (X7).
#[test]
fn the_rules_put_the_difference_where_they_say() {
    use ResidueRule::{LargestLine, LastLine, RoundingLine};
    let lines = amounts(&[334, 333, 333]);
    let told = |residue| terms(Basis::Net, VatSplitMethod::Down, residue).reconcile(&lines).unwrap();
    assert_eq!(pairs(&told(LargestLine)), [(334, 34), (333, 33), (333, 33)]);
    assert_eq!(pairs(&told(LastLine)), [(334, 33), (333, 33), (333, 34)]);
    assert_eq!(pairs(&told(RoundingLine)), [(334, 33), (333, 33), (333, 33), (0, 1)]);
    assert_eq!(
        [told(LargestLine).adjusted, told(LastLine).adjusted, told(RoundingLine).adjusted],
        [Some(0), Some(2), Some(3)]
    );
    let per_line =
        LineTerms { scope: VatScope::PerLine, ..terms(Basis::Net, VatSplitMethod::Down, LastLine) };
    let told = per_line.reconcile(&lines).unwrap();
    assert_eq!(pairs(&told), [(334, 33), (333, 33), (333, 33)]);
    assert_eq!([told.total.vat, told.of_document.vat, told.difference()].map(Amount::minor), [99, 100, 1]);
}

/// 12,345 + 12,345 + 5 with VAT in it, by the conventions V1 to V3 of Korean invoicing.
#[test]
fn a_line_that_contains_its_vat_keeps_its_amount() {
    let lines = amounts(&[12_345, 12_345, 5]);
    let told = |method| terms(Basis::Gross, method, ResidueRule::LargestLine).reconcile(&lines).unwrap();
    // 24,695 / 11 = 2,245; by line 1,122.27 twice and 0.45.
    assert_eq!(pairs(&told(VatSplitMethod::HalfUp)), [(11_222, 1_123), (11_223, 1_122), (5, 0)]);
    assert_eq!(pairs(&told(VatSplitMethod::Down)), [(11_222, 1_123), (11_223, 1_122), (5, 0)]);
    assert_eq!(pairs(&told(VatSplitMethod::SupplyDown)), [(11_224, 1_121), (11_222, 1_123), (4, 1)]);
}

#[test]
fn among_equals_the_earlier_line_is_the_largest_and_the_last_is_not_empty() {
    let lines = amounts(&[0, 15, 15, 0]);
    let told = |residue| terms(Basis::Net, VatSplitMethod::Down, residue).reconcile(&lines).unwrap();
    assert_eq!(told(ResidueRule::LargestLine).adjusted, Some(1));
    assert_eq!(told(ResidueRule::LastLine).adjusted, Some(2));
}

#[test]
fn a_difference_too_large_for_its_line_is_refused() {
    // Each line of 6 holds 1 of VAT by half-up, the document of 594 only 54.
    let lines = amounts(&[6; 99]);
    let error =
        terms(Basis::Gross, VatSplitMethod::HalfUp, ResidueRule::LastLine).reconcile(&lines).unwrap_err();
    assert_eq!(
        format!("{}: {error}", error.code()),
        "residue-exceeds-line: the difference of `-45` between document and lines is more than line 98 can take; use `rounding-line`"
    );
    let told =
        terms(Basis::Gross, VatSplitMethod::HalfUp, ResidueRule::RoundingLine).reconcile(&lines).unwrap();
    assert_eq!(pairs(&told).last(), Some(&(45, -45)));
    let error = terms(Basis::Net, VatSplitMethod::Down, ResidueRule::LastLine)
        .reconcile(&amounts(&[1, i64::MAX]))
        .unwrap_err();
    assert_eq!(
        format!("{}: {error}", error.code()),
        "out-of-range: the VAT of line 1 or the total up to it is out of range"
    );
}

#[test]
fn no_lines_make_an_empty_document() {
    let told = terms(Basis::Net, VatSplitMethod::Up, ResidueRule::LastLine).reconcile(&[]).unwrap();
    assert_eq!((told.lines.len(), told.total), (0, VatSplit { supply: Amount::ZERO, vat: Amount::ZERO }));
}

proptest! {
    #[test]
    fn lines_add_up_to_the_document(
        lines in prop::collection::vec(prop_oneof![-20_i64..20, -10_000_000_i64..10_000_000], 0..30),
        basis in select(Basis::ALL),
        method in select(VatSplitMethod::ALL),
        residue in select(ResidueRule::ALL),
        scope in select(VatScope::ALL),
    ) {
        let terms = LineTerms { scope, ..terms(basis, method, residue) };
        let amounts = amounts(&lines);
        let told = match terms.reconcile(&amounts) {
            Ok(told) => told,
            Err(error) => {
                prop_assert!(matches!(error, VatLinesError::ResidueExceedsLine { .. }), "{error}");
                prop_assert!(residue != ResidueRule::RoundingLine && scope == VatScope::PerDocument);
                return Ok(());
            }
        };
        let sum = |part: fn(&VatSplit) -> Amount| told.lines.iter().map(|line| part(line).minor()).sum::<i64>();
        prop_assert_eq!(sum(|line| line.supply), told.total.supply.minor());
        prop_assert_eq!(sum(|line| line.vat), told.total.vat.minor());
        let whole = terms.vat.split(Amount::new(lines.iter().sum())).unwrap();
        prop_assert_eq!(told.of_document, whole);
        prop_assert_eq!(told.total, if scope == VatScope::PerDocument { whole } else { told.of_lines });
        // All lines but the adjusted one are as rounded by themselves, and no line's given amount changes.
        for (place, line) in told.lines.iter().enumerate().take(lines.len()) {
            let alone = terms.vat.split(amounts[place]).unwrap();
            prop_assert!(*line == alone || told.adjusted == Some(place));
            match basis {
                Basis::Gross => prop_assert_eq!(line.supply.minor() + line.vat.minor(), lines[place]),
                Basis::Net => prop_assert_eq!(line.supply.minor(), lines[place]),
            }
        }
    }
}
