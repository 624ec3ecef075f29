//! The policy book, read from its document. The book is taken to be valid: what the model needs is read, nothing else
//! is checked.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde_json::{Map, Value};

use super::dates::{Cycle, date};
use super::fee::{Bracket, TierMode};
use super::formula::{Context, Formula};
use super::number::{Exact, Rounding, Whole, decimal, rate};

/// Why a book can't be used by the model.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{path}` is {fault}")]
pub struct BookError {
    path: String,
    fault: String,
}

impl BookError {
    pub(super) fn new(path: &str, fault: &str) -> Self {
        Self { path: path.to_owned(), fault: fault.to_owned() }
    }
}

pub(super) type Read<T> = Result<T, BookError>;

/// Versions of one thing, each with the date from which it applies.
pub(super) type Versions<T> = Vec<(Option<NaiveDate>, T)>;

/// The version in force on a day: the latest that applies from that day or before.
pub(super) fn in_force<T>(versions: &Versions<T>, day: NaiveDate) -> Option<(Option<NaiveDate>, &T)> {
    let begun = versions.iter().filter(|(from, _)| from.is_none_or(|from| from <= day));
    begun.max_by_key(|(from, _)| *from).map(|(from, version)| (*from, version))
}

#[derive(Debug)]
pub(super) struct Book {
    pub(super) currency: String,
    pub(super) rounding: Roundings,
    pub(super) is_per_order: bool,
    pub(super) is_independent: bool,
    pub(super) adjusts_if_earlier: bool,
    pub(super) tenure_counting: String,
    pub(super) time_zone: FixedOffset,
    pub(super) sales_known_from: Option<String>,
    pub(super) vat_rate: Exact,
    pub(super) formulas: Versions<Formulas>,
    pub(super) parameters: Versions<BTreeMap<String, Exact>>,
    pub(super) contracts: BTreeMap<String, Versions<Contract>>,
    pub(super) shares: BTreeMap<String, Versions<Share>>,
    /// The order amounts that coupons ask for, 0 where they ask for none.
    pub(super) minimums: BTreeMap<String, Versions<Whole>>,
    pub(super) additional: BTreeMap<String, Versions<AdditionalFee>>,
    pub(super) partners: BTreeMap<String, Partner>,
}

#[derive(Debug)]
pub(super) struct Roundings {
    pub(super) platform_fee: Rounding,
    pub(super) additional_fee: Rounding,
    pub(super) discount_share: Rounding,
    pub(super) vat: Rounding,
    pub(super) settlement: Rounding,
}

#[derive(Clone, Debug)]
pub(super) struct Formulas {
    pub(super) platform_fee: Formula,
    pub(super) discount_share: Formula,
    pub(super) additional_fee: Formula,
    pub(super) settlement: Formula,
    pub(super) settlement_tax_free: Formula,
    pub(super) user: Vec<UserFormula>,
}

#[derive(Clone, Debug)]
pub(super) struct UserFormula {
    pub(super) key: String,
    pub(super) formula: Formula,
    pub(super) rounding: Rounding,
}

#[derive(Clone, Debug)]
pub(super) struct Contract {
    pub(super) platform_fee: FeeTerms,
    pub(super) base: Base,
    pub(super) partner_bears_vat: bool,
    pub(super) subtracts_payment_vat: bool,
    pub(super) cycle: Cycle,
    pub(super) agencies: Vec<Agency>,
    on_cancel: Value,
}

impl Contract {
    /// Whether the contract says this of a thing when an order is cancelled, other than by default.
    pub(super) fn on_cancel(&self, thing: &str, way: &str) -> bool {
        self.on_cancel[thing] == way
    }
}

/// Who takes a share of a contract's settlements, and of what.
#[derive(Clone, Debug)]
pub(super) struct Agency {
    pub(super) partner: String,
    pub(super) rate: Exact,
    pub(super) fixed: Whole,
    pub(super) bounds: Bounds,
    pub(super) is_of_fee: bool,
}

#[derive(Clone, Debug)]
pub(super) struct AdditionalFee {
    pub(super) fee: FeeTerms,
    pub(super) partner_bears_vat: bool,
    pub(super) base: Base,
}

/// Who bears a discount.
#[derive(Clone, Debug)]
pub(super) enum Share {
    Partner(Exact),
    Funders { funders: Vec<Funder>, passes_on: bool },
}

#[derive(Clone, Debug)]
pub(super) struct Funder {
    pub(super) party: String,
    pub(super) share: Exact,
    pub(super) cap: Option<Whole>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Base {
    Order,
    Payment,
    AfterDiscount,
    Shipping,
}

/// Where the volume of tiers comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Measure {
    Given,
    PreviousMonth,
    MonthToDate,
}

/// A fee of the book.
#[derive(Clone, Debug)]
pub(super) enum FeeTerms {
    Flat { rate: Exact, fixed: Whole, bounds: Bounds },
    Tiers { brackets: Vec<Bracket>, mode: TierMode, measure: Measure, bounds: Bounds },
    Select(Vec<(Vec<(String, Value)>, Self)>),
}

#[derive(Clone, Debug)]
pub(super) struct Bounds {
    pub(super) min: Option<Whole>,
    pub(super) max: Option<Whole>,
    pub(super) is_vat_inclusive: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Partner {
    pub(super) default_contract: Option<String>,
    pub(super) joined_on: Option<NaiveDate>,
    /// Grades with the instants from which they are in force.
    pub(super) grades: Vec<(Option<DateTime<FixedOffset>>, String)>,
    pub(super) properties: Map<String, Value>,
}

const DEFAULT_SETTLEMENT: &str = "ORDER_AMOUNT - PAYMENT_VAT_BURDEN_AMOUNT - PLATFORM_FEE - PLATFORM_FEE_VAT \
     - ADDITIONAL_FEE - ADDITIONAL_FEE_VAT - DISCOUNT_SHARE";
const DEFAULT_TAX_FREE: &str =
    "(SETTLEMENT_AMOUNT + DISCOUNT_SHARE) * ORDER_TAX_FREE_RATIO - DISCOUNT_SHARE_TAX_FREE";
const DEFAULT_FEE: &str = "(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT";

impl Book {
    pub(super) fn read(document: &Value) -> Read<Self> {
        let nothing = Value::Null;
        let part = |name: &str| document.get(name).unwrap_or(&nothing);
        let (rounding, options) = (part("rounding"), part("options"));
        let parameters = dated(document, "parameters", parameters_of)?;
        let mut names: Vec<String> = parameters.iter().flat_map(|(_, set)| set.keys().cloned()).collect();
        names.sort();
        names.dedup();
        Ok(Self {
            currency: text(document, "currency")?.to_owned(),
            rounding: Roundings {
                platform_fee: rounding_of(rounding, "platform_fee")?,
                additional_fee: rounding_of(rounding, "additional_fee")?,
                discount_share: rounding_of(rounding, "discount_share")?,
                vat: rounding_of(rounding, "vat")?,
                settlement: rounding_of(rounding, "settlement")?,
            },
            is_per_order: optional_text(rounding, "scope") == Some("per-order"),
            is_independent: optional_text(options, "cancel") == Some("independent"),
            adjusts_if_earlier: options["adjust_after_holiday_if_earlier"] != Value::Bool(false),
            tenure_counting: optional_text(options, "tenure_counting").unwrap_or("anniversary").to_owned(),
            time_zone: optional_text(options, "time_zone")
                .unwrap_or("+09:00")
                .parse()
                .map_err(|_| BookError::new("time_zone", "no offset"))?,
            sales_known_from: optional_text(options, "sales_known_from").map(str::to_owned),
            vat_rate: rate_of(options, "vat_rate")?.unwrap_or_else(|| Exact::new(1.into(), 10.into())),
            formulas: dated(document, "formulas", |document| formulas_of(document, &names))?,
            parameters,
            contracts: versioned(part("contracts"), contract)?,
            shares: versioned(part("discount_share_policies"), share)?,
            minimums: versioned(part("discount_share_policies"), |policy| {
                Ok(amount_of(policy, "minimum_order")?.unwrap_or_default())
            })?,
            additional: versioned(part("additional_fee_policies"), additional_fee)?,
            partners: rows(part("partners")).map(partner).collect::<Read<_>>()?,
        })
    }
}

impl Book {
    /// Whether some fee goes by sales.
    pub(super) fn measures_sales(&self) -> bool {
        let contracts = self.contracts.values().flatten().map(|(_, contract)| &contract.platform_fee);
        contracts.chain(self.additional.values().flatten().map(|(_, policy)| &policy.fee)).any(by_sales)
    }
}

fn by_sales(fee: &FeeTerms) -> bool {
    match fee {
        FeeTerms::Flat { .. } => false,
        FeeTerms::Tiers { measure, .. } => *measure != Measure::Given,
        FeeTerms::Select(entries) => entries.iter().any(|(_, fee)| by_sales(fee)),
    }
}

pub(super) fn rows(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn optional_text<'a>(document: &'a Value, name: &str) -> Option<&'a str> {
    document.get(name).and_then(Value::as_str)
}

pub(super) fn text<'a>(document: &'a Value, name: &str) -> Read<&'a str> {
    optional_text(document, name).ok_or_else(|| BookError::new(name, "no text"))
}

fn rounding_of(document: &Value, name: &str) -> Read<Rounding> {
    match optional_text(document, name) {
        None => Ok(Rounding::Down),
        Some(text) => Rounding::from_text(text).ok_or_else(|| BookError::new(name, "no rounding")),
    }
}

fn rate_of(document: &Value, name: &str) -> Read<Option<Exact>> {
    match optional_text(document, name) {
        None => Ok(None),
        Some(text) => rate(text).map(Some).map_err(|fault| BookError::new(name, &format!("{fault:?}"))),
    }
}

fn amount_of(document: &Value, name: &str) -> Read<Option<Whole>> {
    match document.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_i64()
            .map(|amount| Some(Whole::from(amount)))
            .ok_or_else(|| BookError::new(name, "no amount")),
    }
}

pub(super) fn date_of(document: &Value, name: &str) -> Read<Option<NaiveDate>> {
    match optional_text(document, name) {
        None => Ok(None),
        Some(text) => date(text).map(Some).ok_or_else(|| BookError::new(name, "no date")),
    }
}

/// The versions of what a book has once: the table without a date, then the entries of `…_from`, each of which
/// changes what it names.
fn dated<T>(
    document: &Value,
    name: &str,
    read: impl Fn(&Map<String, Value>) -> Read<T>,
) -> Read<Versions<T>> {
    let mut current = document.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
    let mut versions = vec![(None, read(&current)?)];
    let mut later: Vec<&Value> = rows(document.get(format!("{name}_from")).unwrap_or(&Value::Null)).collect();
    later.sort_by_key(|entry| optional_text(entry, "applies_from"));
    for entry in later {
        let applies_from = date_of(entry, "applies_from")?;
        current.extend(entry.as_object().cloned().unwrap_or_default());
        current.remove("applies_from");
        versions.push((applies_from, read(&current)?));
    }
    Ok(versions)
}

fn versioned<T>(list: &Value, read: impl Fn(&Value) -> Read<T>) -> Read<BTreeMap<String, Versions<T>>> {
    let mut map: BTreeMap<String, Versions<T>> = BTreeMap::new();
    for entry in rows(list) {
        let version = (date_of(entry, "applies_from")?, read(entry)?);
        map.entry(text(entry, "id")?.to_owned()).or_default().push(version);
    }
    Ok(map)
}

fn parameters_of(table: &Map<String, Value>) -> Read<BTreeMap<String, Exact>> {
    let value = |(key, value): (&String, &Value)| {
        let number = value.as_str().and_then(decimal).ok_or_else(|| BookError::new(key, "no decimal"))?;
        Ok((key.clone(), number))
    };
    table.iter().map(value).collect()
}

fn formulas_of(table: &Map<String, Value>, parameters: &[String]) -> Read<Formulas> {
    let parse = |text: &str, context, names: &[String]| {
        Formula::parse(text, context, names).map_err(|fault| BookError::new(text, fault.kind))
    };
    let formula = |name: &str, default: &str, context, names: &[String]| {
        parse(table.get(name).and_then(Value::as_str).unwrap_or(default), context, names)
    };
    let mut names = parameters.to_vec();
    let mut user = Vec::new();
    for entry in rows(table.get("user").unwrap_or(&Value::Null)) {
        let key = text(entry, "key")?.to_owned();
        let formula = parse(text(entry, "formula")?, Context::User, &names)?;
        user.push(UserFormula { key: key.clone(), formula, rounding: rounding_of(entry, "rounding")? });
        names.push(key);
    }
    Ok(Formulas {
        platform_fee: formula("platform_fee", DEFAULT_FEE, Context::PlatformFee, parameters)?,
        discount_share: formula(
            "discount_share",
            "DISCOUNT_AMOUNT * FIXED_RATE",
            Context::DiscountShare,
            parameters,
        )?,
        additional_fee: formula("additional_fee", DEFAULT_FEE, Context::AdditionalFee, parameters)?,
        settlement: formula("settlement", DEFAULT_SETTLEMENT, Context::Settlement, &names)?,
        settlement_tax_free: formula(
            "settlement_tax_free",
            DEFAULT_TAX_FREE,
            Context::SettlementTaxFree,
            &names,
        )?,
        user,
    })
}

fn share(document: &Value) -> Read<Share> {
    let Some(list) = document.get("funders") else {
        let share = rate_of(document, "partner_share")?;
        return share.map(Share::Partner).ok_or_else(|| BookError::new("partner_share", "missing"));
    };
    let funder = |document: &Value| {
        Ok(Funder {
            party: text(document, "party")?.to_owned(),
            share: rate_of(document, "share")?.unwrap_or_default(),
            cap: amount_of(document, "cap")?,
        })
    };
    let funders = rows(list).map(funder).collect::<Read<_>>()?;
    Ok(Share::Funders { funders, passes_on: optional_text(document, "overflow") == Some("next") })
}

fn base(document: &Value, name: &str) -> Base {
    match optional_text(document, name) {
        Some("payment") => Base::Payment,
        Some("after-discount") => Base::AfterDiscount,
        Some("shipping") => Base::Shipping,
        _ => Base::Order,
    }
}

fn contract(document: &Value) -> Read<Contract> {
    Ok(Contract {
        platform_fee: fee_terms(&document["platform_fee"])?,
        base: base(document, "platform_fee_base"),
        partner_bears_vat: optional_text(document, "platform_fee_vat_payer") != Some("merchant"),
        subtracts_payment_vat: document["subtract_payment_vat"] == Value::Bool(true),
        cycle: super::cycle::cycle(&document["cycle"])?,
        on_cancel: document["on_cancel"].clone(),
        agencies: rows(&document["agencies"]).map(agency).collect::<Read<_>>()?,
    })
}

fn agency(document: &Value) -> Read<Agency> {
    let share = &document["share"];
    Ok(Agency {
        partner: text(document, "partner")?.to_owned(),
        rate: rate_of(share, "rate")?.unwrap_or_default(),
        fixed: amount_of(share, "fixed")?.unwrap_or_default(),
        bounds: Bounds {
            min: amount_of(share, "min")?,
            max: amount_of(share, "max")?,
            is_vat_inclusive: false,
        },
        is_of_fee: text(document, "of")? == "platform-fee",
    })
}

fn additional_fee(document: &Value) -> Read<AdditionalFee> {
    Ok(AdditionalFee {
        fee: fee_terms(&document["fee"])?,
        partner_bears_vat: optional_text(document, "vat_payer") != Some("merchant"),
        base: base(document, "base"),
    })
}

fn fee_terms(document: &Value) -> Read<FeeTerms> {
    if let Some(entries) = document["select"].as_array() {
        let entry = |document: &Value| {
            let conditions = document.get("when").and_then(Value::as_object).cloned().unwrap_or_default();
            Ok((conditions.into_iter().collect(), fee_terms(document)?))
        };
        return Ok(FeeTerms::Select(entries.iter().map(entry).collect::<Read<_>>()?));
    }
    let bounds = Bounds {
        min: amount_of(document, "min")?,
        max: amount_of(document, "max")?,
        is_vat_inclusive: document["vat_inclusive"] == Value::Bool(true),
    };
    let rate = |document: &Value| Ok(rate_of(document, "rate")?.unwrap_or_default());
    if let Some(tiers) = document["tiers"].as_array() {
        if !matches!(optional_text(document, "late"), None | Some("frozen")) {
            return Err(BookError::new("late", "not `frozen`, the only one the model knows"));
        }
        let measure = match optional_text(document, "measure") {
            Some("given") => Measure::Given,
            Some("previous-month-sales") => Measure::PreviousMonth,
            Some("month-to-date-sales") => Measure::MonthToDate,
            _ => return Err(BookError::new("measure", "unknown")),
        };
        let bracket = |tier: &Value| Ok((amount_of(tier, "from")?.unwrap_or_default(), rate(tier)?));
        let brackets = tiers.iter().map(bracket).collect::<Read<_>>()?;
        let mode = TierMode::from_text(text(document, "mode")?);
        let mode = mode.ok_or_else(|| BookError::new("mode", "unknown"))?;
        return Ok(FeeTerms::Tiers { brackets, mode, measure, bounds });
    }
    let fixed = amount_of(document, "fixed")?.unwrap_or_default();
    Ok(FeeTerms::Flat { rate: rate(document)?, fixed, bounds })
}

fn grade(document: &Value) -> Read<(Option<DateTime<FixedOffset>>, String)> {
    let from = optional_text(document, "from").map(DateTime::parse_from_rfc3339);
    let from = from.transpose().map_err(|_| BookError::new("from", "no instant"))?;
    Ok((from, text(document, "grade")?.to_owned()))
}

fn partner(document: &Value) -> Read<(String, Partner)> {
    let properties = document.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let partner = Partner {
        default_contract: optional_text(document, "default_contract").map(str::to_owned),
        joined_on: date_of(document, "joined_on")?,
        grades: rows(&document["grades"]).map(grade).collect::<Read<_>>()?,
        properties,
    };
    Ok((text(document, "id")?.to_owned(), partner))
}
