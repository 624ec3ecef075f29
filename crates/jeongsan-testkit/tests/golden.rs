//! The model runs every golden case of the families it covers.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use jeongsan_testkit::model::{
    AllocationFault, AllocationMethod, Bracket, Context, Cycle, FeeVat, FlatFee, Formula, HolidayScope,
    Holidays, Income, KR_HOLIDAYS, Lag, Model, Rounding, SplitMethod, TierMode, Variables, Whole, allocate,
    carry, date, date_policy, decimal, fee, lag_start, method_of, rate, settlement_date, tier, vat_split,
    withholding,
};
use serde_json::Value;

fn text_of(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../testdata/golden", name].iter().collect();
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

type Row = BTreeMap<String, String>;

fn rows(name: &str) -> Vec<Row> {
    let text = text_of(name);
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

/// Compares what a case gives with what it expects; all failing cases are told at once.
#[track_caller]
fn check(name: &str, cases: impl IntoIterator<Item = (String, String, String)>) {
    let cases: Vec<_> = cases.into_iter().collect();
    assert!(cases.len() > 10, "{name} has cases");
    let failed: Vec<String> = cases
        .iter()
        .filter(|(_, expected, found)| expected != found)
        .map(|(id, expected, found)| format!("{name} {id}: expected {expected}, got {found}"))
        .collect();
    assert!(failed.is_empty(), "{} of {} failed\n{}", failed.len(), cases.len(), failed.join("\n"));
}

fn whole(text: &str) -> Whole {
    text.parse().unwrap()
}

fn optional(text: &str) -> Option<Whole> {
    (!text.is_empty()).then(|| whole(text))
}

fn list(amounts: &[Whole]) -> String {
    amounts.iter().map(Whole::to_string).collect::<Vec<_>>().join(";")
}

#[test]
fn allocate_cases() {
    check(
        "allocate",
        rows("allocate.csv").into_iter().map(|row| {
            let weights: Vec<Whole> = row["weights"].split(';').map(whole).collect();
            let method = AllocationMethod::from_text(&row["method"]).unwrap();
            let found = match allocate(&whole(&row["amount"]), &weights, method) {
                Ok(parts) => list(&parts),
                Err(AllocationFault::NothingToAllocate) => "error:nothing-to-allocate".to_owned(),
                Err(AllocationFault::NegativeWeight) => "error:negative-weight".to_owned(),
            };
            (row["id"].clone(), row["expected"].clone(), found)
        }),
    );
}

#[test]
fn vat_split_cases() {
    check(
        "vat_split",
        rows("vat_split.csv").into_iter().map(|row| {
            let method = SplitMethod::from_text(&row["method"]).unwrap();
            let (supply, vat) = vat_split(&whole(&row["gross"]), &rate(&row["rate"]).unwrap(), method);
            (row["id"].clone(), format!("{};{}", row["supply"], row["vat"]), format!("{supply};{vat}"))
        }),
    );
}

#[test]
fn fee_cases() {
    check(
        "fee",
        rows("fee.csv").into_iter().map(|row| {
            let terms = FlatFee {
                rate: if row["rate"].is_empty() {
                    decimal("0").unwrap()
                } else {
                    rate(&row["rate"]).unwrap()
                },
                fixed: optional(&row["fixed"]).unwrap_or_default(),
                min: optional(&row["min"]),
                max: optional(&row["max"]),
                rounding: Rounding::from_text(&row["rounding"]).unwrap(),
                vat_rounding: Rounding::from_text(&row["vat_rounding"]).unwrap(),
                vat: match row["vat"].as_str() {
                    "partner" => FeeVat::Partner,
                    "merchant" => FeeVat::Merchant,
                    _ => FeeVat::Inclusive,
                },
            };
            let (fee, vat) = fee(&whole(&row["amount"]), &terms);
            (row["id"].clone(), format!("{};{}", row["fee"], row["fee_vat"]), format!("{fee};{vat}"))
        }),
    );
}

#[test]
fn tier_cases() {
    check(
        "tier",
        rows("tier.csv").into_iter().map(|row| {
            let bracket = |text: &str| -> Bracket {
                let (from, percent) = text.split_once(':').unwrap();
                (whole(from), rate(percent).unwrap())
            };
            let brackets: Vec<Bracket> = row["brackets"].split(';').map(bracket).collect();
            let mode = TierMode::from_text(&row["mode"]).unwrap();
            let rounding = Rounding::from_text(&row["rounding"]).unwrap();
            let found = tier(&brackets, mode, rounding, &whole(&row["volume"]));
            (row["id"].clone(), row["fee"].clone(), found.to_string())
        }),
    );
}

#[test]
fn withholding_cases() {
    check(
        "withholding",
        rows("withholding.csv").into_iter().map(|row| {
            let kind = Income::from_text(&row["kind"]).unwrap();
            let found = withholding(kind, &whole(&row["gross"]), date(&row["paid_on"]).unwrap());
            let expected = format!("{};{};{}", row["income_tax"], row["local_tax"], row["net"]);
            (row["id"].clone(), expected, list(&[found.income_tax, found.local_tax, found.net]))
        }),
    );
}

#[test]
fn carry_cases() {
    let mut balances: BTreeMap<String, Whole> = BTreeMap::new();
    let mut rows = rows("carry.csv");
    rows.sort_by_key(|row| (row["id"].clone(), row["step"].parse::<u32>().unwrap()));
    check(
        "carry",
        rows.into_iter().map(|row| {
            let balance = balances.entry(row["id"].clone()).or_default();
            let minimum = optional(&row["minimum"]).unwrap_or_default();
            let (paid, left) = carry(balance, &whole(&row["amount"]), &minimum);
            balance.clone_from(&left);
            let id = format!("{} step {}", row["id"], row["step"]);
            (id, format!("{};{}", row["paid"], row["balance"]), list(&[paid, left]))
        }),
    );
}

#[test]
fn formula_cases() {
    check(
        "formula",
        rows("formula.csv").into_iter().map(|row| {
            let variables: Variables = row["vars"]
                .split(';')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (name.to_owned(), decimal(value).unwrap()))
                .collect();
            // A reserved name stays reserved among the parameters.
            let names: Vec<String> = variables.keys().cloned().collect();
            let rounding = Rounding::from_text(&row["rounding"]).unwrap_or(Rounding::Down);
            let context = Context::from_text(&row["context"]).unwrap();
            let found = Formula::parse(&row["formula"], context, &names)
                .and_then(|formula| formula.amount(&variables, rounding));
            let expected = row["expected"].clone();
            let found = match found {
                Ok(amount) => amount.to_string(),
                Err(fault) if expected.ends_with("@*") => format!("error:{}@*", fault.kind),
                Err(fault) => format!("error:{}@{}-{}", fault.kind, fault.start, fault.end),
            };
            (row["id"].clone(), expected, found)
        }),
    );
}

#[test]
fn a_long_flat_chain_is_not_deep() {
    let text = vec!["1"; 10_000].join(" + ");
    let formula = Formula::parse(&text, Context::User, &[]).unwrap();
    assert_eq!(formula.amount(&Variables::new(), Rounding::Down), Ok(Whole::from(10_000)));
}

/// All settlement dates but those of calendars that project beyond the table of holidays.
#[test]
fn cycle_cases() {
    for name in ["cycle.csv", "cycle.markets.csv", "cycle.ksnet.csv", "cycle.methods.csv"] {
        let is_in_table = |row: &Row| row["start"].as_str() < "2030-06-01" || row["calendar"] == "WEEKENDS";
        check(name, rows(name).into_iter().filter(is_in_table).map(cycle_case));
    }
}

fn cycle_case(row: Row) -> (String, String, String) {
    let scope = HolidayScope::of_calendar(&row["calendar"]).unwrap();
    let holidays = Holidays::from_csv(KR_HOLIDAYS, scope, date(&row["as_of"])).unwrap();
    let lag = match row["lag"].split_once("bd-") {
        Some((days, start)) => Lag::BusinessDays(days.parse().unwrap(), lag_start(start).unwrap()),
        None => Lag::Days(row["lag"].strip_suffix('d').unwrap().parse().unwrap()),
    };
    let (method, items) = row["method"].split_once(':').unwrap_or((&row["method"], ""));
    let items: Vec<String> = items.split(';').map(str::to_owned).collect();
    let cycle = Cycle {
        lag,
        method: method_of(method, &items).unwrap(),
        policy: date_policy(&row["policy"]).unwrap(),
    };
    let adjusts = row["adjust_if_earlier"] == "true";
    let start = date(&row["start"]).unwrap();
    let found = settlement_date(start, &cycle, adjusts, &|day| holidays.is_business_day(day));
    let found = found.map_or_else(|_| "error".to_owned(), |day| day.to_string());
    (row["id"].clone(), row["expected"].clone(), found)
}

#[test]
fn settle_cases() {
    for name in [
        "settle.published.jsonl",
        "settle.rules.jsonl",
        "settle.edges.jsonl",
        "settle.payment.jsonl",
        "settle.bases.jsonl",
        "settle.funders.jsonl",
    ] {
        let cases: Vec<Value> =
            text_of(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        check(name, cases.iter().flat_map(settle_case));
    }
}

/// A comparison for each field that a case names.
fn settle_case(case: &Value) -> Vec<(String, String, String)> {
    let holidays = Holidays::kr_bank();
    let model = Model::new(&case["book"], move |date| holidays.is_business_day(date)).unwrap();
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    for outcome in model.settle(case["events"].as_array().unwrap()) {
        let id = outcome["id"].as_str().unwrap().to_owned();
        let key = if found.contains_key(&id) { format!("{id}#2") } else { id };
        found.insert(key, outcome);
    }
    let mut compared = Vec::new();
    for (event, expected) in case["expect"].as_object().unwrap() {
        let path = format!("{} {event}", case["id"].as_str().unwrap());
        let outcome = found.get(event).unwrap_or(&Value::Null);
        for (field, expected) in expected.as_object().unwrap() {
            compare(&format!("{path} {field}"), expected, &outcome[field], &mut compared);
        }
    }
    compared
}

fn compare(path: &str, expected: &Value, found: &Value, compared: &mut Vec<(String, String, String)>) {
    if path.ends_with(" error") {
        compared.push((path.to_owned(), expected.to_string(), found["code"].to_string()));
    } else if let Some(items) = expected.as_array() {
        compared.push((
            path.to_owned(),
            items.len().to_string(),
            found.as_array().unwrap().len().to_string(),
        ));
        for (place, item) in items.iter().enumerate() {
            for (field, expected) in item.as_object().unwrap() {
                compare(&format!("{path} {place} {field}"), expected, &found[place][field], compared);
            }
        }
    } else {
        compared.push((path.to_owned(), expected.to_string(), found.to_string()));
    }
}
