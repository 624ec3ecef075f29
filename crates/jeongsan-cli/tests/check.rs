//! What `jeongsan check` finds in sound books: each planted fault, each with its place and text, and nothing in the sound ones.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use jeongsan::document::BookDocument;

fn folder(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The planted books by name.
fn faulty() -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder("tests/faulty")).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    entries.map(|path| (name(&path), std::fs::read_to_string(&path).unwrap())).collect()
}

fn check(book: &Path) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jeongsan"));
    let output = command.current_dir(folder("tests/faulty")).arg("check").arg(book).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// The codes of [`jeongsan::book::Book::warnings`].
const CODES: [&str; 13] = [
    "fixed-above-maximum",
    "impossible-select",
    "minimum-above-maximum",
    "negative-settlement",
    "rate-above-whole",
    "redundant-select",
    "redundant-tier",
    "redundant-version",
    "shadowed-select",
    "suspicious-units",
    "tier-cliff",
    "unused-parameter",
    "version-gap",
];

#[test]
fn every_planted_fault_is_found_and_nothing_else() {
    let mut codes = BTreeSet::new();
    for (name, text) in faulty() {
        let planted: Vec<&str> = text.lines().next().unwrap().trim_start_matches("# ").split("; ").collect();
        let document: BookDocument = toml::from_str(&text).unwrap();
        let findings = document.to_book().unwrap().warnings();
        let found: Vec<String> =
            findings.iter().map(|finding| format!("{} at {}", finding.code(), finding.path())).collect();
        assert_eq!(found, planted, "{name}");
        codes.extend(findings.iter().map(|finding| finding.code()));
    }
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), CODES);
}

#[test]
fn sound_books_raise_nothing() {
    let (status, out) = check(&folder("../../examples/month/book.toml"));
    assert_eq!(status, 0);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.contains(": sound; KRW: 5 contracts in 6 versions"), "{out}");
}

#[test]
fn findings_leave_a_book_sound_and_have_line_and_column() {
    let (status, out) = check(Path::new("bounds.toml"));
    assert_eq!(status, 0);
    let expected = "\
bounds.toml:7:38: contracts[0].platform_fee.min: the minimum `300` is above the maximum `275`, which wins (minimum-above-maximum)
bounds.toml:12:39: contracts[1].platform_fee.fixed: the fixed part `290` is above the maximum `275` (fixed-above-maximum)
bounds.toml:12:50: contracts[1].platform_fee.min: the minimum `280` is above the maximum `275`, which wins (minimum-above-maximum)
bounds.toml:22:28: additional_fee_policies[0].fee.min: the minimum `3000` is above the maximum `2000`, which wins (minimum-above-maximum)
bounds.toml: sound, 4 findings; KRW: 3 contracts in 3 versions, 0 discount-share and 1 additional-fee policies, 1 partners
";
    assert_eq!(out, expected);
}

#[test]
fn findings_say_what_is_wrong_and_prove_it() {
    let cases: [(&str, &[&str]); 9] = [
        (
            "impossible.toml",
            &[
                "impossible.toml:7:68: contracts[0].platform_fee.select[0].when.months_since_joining_below: no partner joined less than `0` months ago (impossible-select)",
                "impossible.toml:7:186: contracts[0].platform_fee.select[2].when.months_since_joining_below: no partner says when it joined (impossible-select)",
            ],
        ),
        (
            "negative.toml",
            &[
                "negative.toml:8:16: contracts[0].platform_fee: an order of `500` settles at `-500` (negative-settlement)",
                "negative.toml:14:16: contracts[1].platform_fee: an order of `500` settles at `-50` (negative-settlement)",
                "negative.toml:20:72: contracts[2].platform_fee.select[1]: an order of `1000` settles at `-1` (negative-settlement)",
                "negative.toml:26:27: contracts[3].platform_fee.tiers[0]: an order of `500` at a volume of `0` settles at `-22` (negative-settlement)",
                "negative.toml:38:16: contracts[5].platform_fee: an order of `1100` settles at `-1` (negative-settlement)",
            ],
        ),
        (
            "payment.toml",
            &[
                "payment.toml:10:71: contracts[0].platform_fee.select[0].when.paid_before: nothing is paid from `2026-04-01T00:00:00+09:00` and before `2026-03-31T15:00:00+00:00` (impossible-select)",
                "payment.toml:11:28: contracts[0].platform_fee.select[1].when.paid_time: nothing is paid from `22:00` and before `22:00` of a day (impossible-select)",
                "payment.toml:12:32: contracts[0].platform_fee.select[2].when.paid_weekdays: no instant from `2026-03-02T00:00:00+09:00` and before `2026-03-07T00:00:00+09:00` has such a weekday and time of day (impossible-select)",
                "payment.toml:13:28: contracts[0].platform_fee.select[3].when.paid_time: no instant from `2026-03-02T18:00:00+09:00` and before `2026-03-03T09:00:00+09:00` has such a weekday and time of day (impossible-select)",
                "payment.toml:25:5: contracts[1].platform_fee.select[2]: never applies: an order with `payment_method = card`, `paid_at = 2026-03-01T00:00:00+09:00` meets `select[0]` first, others `select[1]` (shadowed-select)",
                "payment.toml:28:5: contracts[1].platform_fee.select[5]: never applies: an order with `paid_at = 2026-02-22T00:00:00+09:00` meets `select[4]` first, others `select[0]`, `select[1]` (shadowed-select)",
                "payment.toml:29:5: contracts[1].platform_fee.select[6]: never applies: an order with `category = food`, `paid_at = 2026-02-21T00:00:00+09:00` meets `select[4]` first, others `select[3]`, `select[0]`, `select[1]` (shadowed-select)",
                "payment.toml:41:31: contracts[2].platform_fee.select[1].when.seller_grade: no partner ever has the grade `small-3` (impossible-select)",
                "payment.toml:42:5: contracts[2].platform_fee.select[2]: the fee is the same without this entry (redundant-select)",
                "payment.toml:44:5: contracts[2].platform_fee.select[4]: never applies: an order with `seller_grade = small-1`, `paid_at = 2026-03-01T00:00:00+09:00` meets `select[0]` first (shadowed-select)",
            ],
        ),
        (
            "rates.toml",
            &[
                "rates.toml:6:12: options.vat_rate: the rate `1000%` is above 100% (rate-above-whole)",
                "rates.toml:10:25: contracts[0].platform_fee.rate: the rate `374%` is above 100% (rate-above-whole)",
                "rates.toml:10:16: contracts[0].platform_fee: an order of `500` settles at `-1370` (negative-settlement)",
                "rates.toml:15:78: contracts[1].platform_fee.tiers[1].rate: the rate `100.1%` is above 100% (rate-above-whole)",
                "rates.toml:15:56: contracts[1].platform_fee.tiers[1]: an order of `1000` at a volume of `1000` settles at `-1` (negative-settlement)",
                "rates.toml:20:64: additional_fee_policies[0].fee.select[0].rate: the rate `350%` is above 100% (rate-above-whole)",
            ],
        ),
        (
            "redundant-entries.toml",
            &[
                "redundant-entries.toml:13:5: contracts[0].platform_fee.select[1]: the fee is the same without this entry (redundant-select)",
                "redundant-entries.toml:15:5: contracts[0].platform_fee.select[3]: the fee is the same without this entry (redundant-select)",
            ],
        ),
        (
            "shadowed.toml",
            &[
                "shadowed.toml:13:5: contracts[0].platform_fee.select[2]: never applies: an order with `category = food`, `payment_method = card` meets `select[0]` first (shadowed-select)",
                "shadowed.toml:15:5: contracts[0].platform_fee.select[4]: never applies: an order with `category = books`, `months_since_joining = 1` meets `select[1]` first (shadowed-select)",
                "shadowed.toml:16:5: contracts[0].platform_fee.select[5]: never applies: an order with `category = food`, `months_since_joining = 8` meets `select[0]` first (shadowed-select)",
                "shadowed.toml:23:72: additional_fee_policies[0].fee.select[1]: never applies: an order with `payment_method = card` meets `select[0]` first (shadowed-select)",
            ],
        ),
        (
            "tiers.toml",
            &[
                "tiers.toml:7:89: contracts[0].platform_fee.tiers[2]: the bracket from `2000000` has the rate of the one before it, `12%` (redundant-tier)",
                "tiers.toml:12:55: contracts[1].platform_fee.tiers[1]: a volume of `99999999` pays `14999999`, one of `100000000` pays `12000000` (tier-cliff)",
                "tiers.toml:12:127: contracts[1].platform_fee.tiers[3]: a volume of `299999999` pays `38999999`, one of `300000000` pays `37500000` (tier-cliff)",
                "tiers.toml:22:100: additional_fee_policies[0].fee.select[1].tiers[1]: the bracket from `10` has the rate of the one before it, `5%` (redundant-tier)",
            ],
        ),
        (
            "unused-parameters.toml",
            &[
                "unused-parameters.toml:17:9: parameters.ghost: no formula uses the parameter `ghost` (unused-parameter)",
                "unused-parameters.toml:23:14: parameters_from[0].late_ghost: no formula uses the parameter `late_ghost` (unused-parameter)",
            ],
        ),
        (
            "versions.toml",
            &[
                "versions.toml:17:1: contracts[2]: the version from `2026-10-01` says what the one before it says (redundant-version)",
                "versions.toml:30:1: discount_share_policies[0]: the version from `2026-04-01` says what the one before it says (redundant-version)",
                "versions.toml:44:1: additional_fee_policies[1]: the version from `2026-04-01` says what the one before it says (redundant-version)",
                "versions.toml:53:20: partners[0].default_contract: `gold` begins on `2026-07-01`; orders of `seller-1` from `2026-03-15` until then have no contract (version-gap)",
                "versions.toml:59:20: partners[1].default_contract: `gold` begins on `2026-07-01`; orders of `seller-2` from `2026-01-01` until then have no contract (version-gap)",
            ],
        ),
    ];
    for (name, expected) in cases {
        let (_, out) = check(Path::new(name));
        let told: Vec<&str> = out.lines().filter(|line| line.ends_with(')')).collect();
        assert_eq!(told, expected, "{name}");
    }
}

/// The golden books are sound, but for fees that take more than an order of 500 and for the falling rates of whole tiers.
#[test]
fn golden_books_raise_what_is_in_them_and_no_more() {
    let mut raised = Vec::new();
    for file in [
        "settle.published.jsonl",
        "settle.rules.jsonl",
        "settle.payment.jsonl",
        "settle.bases.jsonl",
        "settle.funders.jsonl",
        "settle.cancel-options.jsonl",
    ] {
        let text = std::fs::read_to_string(folder("../../testdata/golden").join(file)).unwrap();
        for line in text.lines() {
            let mut case: serde_json::Value = serde_json::from_str(line).unwrap();
            let document: BookDocument = serde_json::from_value(case["book"].take()).unwrap();
            let findings = document.to_book().unwrap().warnings();
            let id = case["id"].as_str().unwrap();
            raised.extend(findings.iter().map(|finding| format!("{id}: {finding} ({})", finding.code())));
        }
    }
    let fee = |id: &str, settlement: i64| {
        format!(
            "{id}: contracts[0].platform_fee: an order of `500` settles at `{settlement}` (negative-settlement)"
        )
    };
    let cliff = |id: &str| {
        let text = "a volume of `99999999` pays `14999999`, one of `100000000` pays `12000000` (tier-cliff)";
        format!("{id}: contracts[0].platform_fee.tiers[1]: {text}")
    };
    let expected = [
        fee("a18-fixed-fee", -500),
        fee("x9-fixed-fee-comes-back-last", -600),
        fee("minimum-fee", -50),
        fee("cancel-independent-fixed-fee-only-once", -600),
        fee("cancel-minimum-fee-stays-until-the-end", -50),
        cliff("tier-whole-at-the-edge"),
        cliff("tier-cancel-keeps-the-volume"),
    ];
    assert_eq!(raised, expected);
}
