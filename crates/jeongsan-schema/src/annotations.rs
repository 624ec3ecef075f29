//! What the documents' types read as plain text or number and judge later: which texts there are, by structure and field.

use jeongsan::book::{CancelMode, RoundingScope};
use jeongsan::calendar::StartRule;
use jeongsan::document::FactDocument;
use jeongsan::fee::{FeeBase, TenureCounting, TierMeasure, TierMode, VatPayer};
use jeongsan::funding::Overflow;
use jeongsan::id::ID_CHARS_MAX;
use jeongsan::money::{Currency, Rounding};
use jeongsan::partner::{Bearer, OffsetOrder, PartnerKind, Taxation, VerificationState};
use jeongsan::payout::{PayoutMethod, Verdict};
use jeongsan::schedule::DatePolicy;
use jeongsan::tax::{AmendmentReason, Basis, IncomeKind, InvoiceKind, Purpose};
use serde_json::{Value, json};

/// What a field says beyond its shape.
pub(crate) struct Annotation {
    pub(crate) structure: &'static str,
    pub(crate) field: &'static str,
    pub(crate) says: Value,
}

/// Every annotation; one of a field that no type has is an error.
pub(crate) fn all() -> Vec<Annotation> {
    let mut all = Vec::new();
    let mut say = |structure: &'static str, fields: &[&'static str], says: Value| {
        all.extend(fields.iter().map(|&field| Annotation { structure, field, says: says.clone() }));
    };
    let version = json!({ "const": 1 });
    say("BookDocument", &["version"], version.clone());
    say("PartnersDocument", &["version"], version);
    let currency = json!({ "pattern": "^[A-Z]{3}$", "examples": [Currency::KRW.code()] });
    say("BookDocument", &["currency"], currency.clone());
    say("AccountDocument", &["currency"], currency);
    for structure in
        ["ContractDocument", "DiscountSharePolicyDocument", "AdditionalFeePolicyDocument", "PartnerDocument"]
    {
        say(structure, &["id"], id());
    }
    say("BookDocument", &["calendar"], id());
    say("PartnerDocument", &["default_contract"], id());
    say("LagDocument", &["calendar"], id());
    say("FeeDocument", &["rate"], rate());
    say("BracketDocument", &["rate"], rate());
    say("OptionsDocument", &["vat_rate"], rate());
    say("DiscountSharePolicyDocument", &["partner_share"], rate());
    say("FunderDocument", &["share"], rate());
    say("FunderDocument", &["party"], id());
    say("FunderDocument", &["cap"], json!({ "minimum": 0 }));
    let overflow = texts(Overflow::ALL.iter().map(|value| value.as_str()));
    say("DiscountSharePolicyDocument", &["overflow"], overflow);
    let rounding = texts(Rounding::ALL.iter().map(|value| value.as_str()));
    let rounded = ["platform_fee", "additional_fee", "discount_share", "vat", "settlement"];
    say("RoundingDocument", &rounded, rounding.clone());
    say("UserFormulaDocument", &["rounding"], rounding.clone());
    say("AdditionalFeePolicyDocument", &["rounding"], rounding);
    say("RoundingDocument", &["scope"], texts(RoundingScope::ALL.iter().map(|value| value.as_str())));
    say("OptionsDocument", &["cancel"], texts(CancelMode::ALL.iter().map(|value| value.as_str())));
    let counting = texts(TenureCounting::ALL.iter().map(|value| value.as_str()));
    say("OptionsDocument", &["tenure_counting"], counting);
    let payer = texts(VatPayer::ALL.iter().map(|value| value.as_str()));
    say("ContractDocument", &["platform_fee_vat_payer"], payer.clone());
    say("AdditionalFeePolicyDocument", &["vat_payer"], payer);
    say("AdditionalFeePolicyDocument", &["base"], texts(FeeBase::ALL.iter().map(|value| value.as_str())));
    let of_contracts = FeeBase::ALL.iter().filter(|base| **base != FeeBase::Shipping);
    say("ContractDocument", &["platform_fee_base"], texts(of_contracts.map(|value| value.as_str())));
    say(
        "OptionsDocument",
        &["time_zone"],
        json!({ "pattern": "^[+-][0-9]{2}:[0-5][0-9]$", "examples": ["+09:00"] }),
    );
    say("FeeDocument", &["mode"], texts(TierMode::ALL.iter().map(|value| value.as_str())));
    say("FeeDocument", &["measure"], texts(TierMeasure::ALL.iter().map(|value| value.as_str())));
    say("LagDocument", &["start"], texts(StartRule::ALL.iter().map(|value| value.as_str())));
    say("CycleDocument", &["date_policy"], texts(DatePolicy::ALL.iter().map(|value| value.as_str())));
    say("PartnerDocument", &["kind"], texts(PartnerKind::ALL.iter().map(|value| value.as_str())));
    let taxation = texts(Taxation::ALL.iter().map(|value| value.as_str()));
    say("PartnerDocument", &["taxation"], taxation.clone());
    let number = json!({ "pattern": "^([0-9]{10}|[0-9]{3}-[0-9]{2}-[0-9]{5})$" });
    say("PartnerDocument", &["business_number"], number.clone());
    say("PartyDocument", &["business_number"], number);
    say("PartyDocument", &["branch"], json!({ "pattern": "^[0-9]{4}$" }));
    say("InvoiceDocument", &["issuance"], json!({ "const": "reverse" }));
    say("InvoiceDocument", &["kind"], texts(InvoiceKind::ALL.iter().map(|value| value.as_str())));
    say("InvoiceDocument", &["purpose"], texts(Purpose::ALL.iter().map(|value| value.as_str())));
    say("InvoiceDocument", &["supplier_taxation"], taxation);
    let reasons = texts(AmendmentReason::ALL.iter().map(|value| value.as_str()));
    say("ModificationDocument", &["reason"], reasons);
    let states = texts(VerificationState::ALL.iter().map(|value| value.as_str()));
    say("VerificationDocument", &["state"], states);
    say("TrancheDocument", &["share"], rate());
    say("SplitPartDocument", &["share"], rate());
    let bearer = texts(Bearer::ALL.iter().map(|value| value.as_str()));
    say("PayoutFeeDocument", &["borne_by"], bearer.clone());
    say("FactDocument", &["excess_borne_by"], bearer);
    say("FactDocument", &["type"], texts(FactDocument::types()));
    say("FactDocument", &["method"], texts(PayoutMethod::ALL.iter().map(|value| value.as_str())));
    say("FactDocument", &["result"], texts(FactDocument::RESULTS));
    say("FactDocument", &["verdict"], texts(Verdict::ALL.iter().map(|value| value.as_str())));
    let order = texts(OffsetOrder::ALL.iter().map(|value| value.as_str()));
    say("PayableTermsDocument", &["offset_order"], order);
    let basis = texts(Basis::ALL.iter().map(|value| value.as_str()));
    say("PayableTermsDocument", &["basis"], basis);
    let income = texts(IncomeKind::ALL.iter().map(|value| value.as_str()));
    say("PayableTermsDocument", &["withholding"], income);
    all
}

/// What a form that is read from anything may be, by what its type says it expects, where trying can't tell.
pub(crate) fn forms() -> [(&'static str, Value); 2] {
    let method = json!({ "anyOf": [{ "const": "daily" }, { "$ref": "#/$defs/DatedMethod" }] });
    let time =
        json!({ "type": "string", "pattern": "^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$", "examples": ["22:00"] });
    let window = json!({
        "type": "object",
        "properties": { "from": time, "before": time },
        "required": ["from", "before"],
        "additionalProperties": false,
    });
    let weekdays = json!({ "type": "array", "items": { "type": "string" } });
    let condition = json!({ "anyOf": [{ "type": ["boolean", "integer", "string"] }, weekdays, window] });
    let of_condition =
        "a text, a whole number or a truth value, a list of weekdays or a window with `from` and `before`";
    [("`daily` or a table such as { monthly = [31] }", method), (of_condition, condition)]
}

/// One of these texts.
pub(crate) fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Value {
    json!({ "enum": texts.into_iter().collect::<Vec<_>>() })
}

/// The text of an id.
pub(crate) fn id() -> Value {
    json!({ "minLength": 1, "maxLength": ID_CHARS_MAX })
}

/// The text of a rate or share.
fn rate() -> Value {
    json!({ "pattern": "^[0-9]+(\\.[0-9]+)?%?$", "examples": ["3.74%", "0.0374"] })
}
