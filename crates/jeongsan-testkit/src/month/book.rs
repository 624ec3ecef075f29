//! The month's policy book, written as a person would.

use super::{MonthCycles, MonthFees, MonthFormulas, MonthOptions};
use crate::random::Random;

/// What orders need to know of a partner.
#[derive(Clone, Debug)]
pub(super) struct Partner {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) trade: &'static str,
    pub(super) contract: &'static str,
    joined_on: String,
    region: &'static str,
    grade: &'static str,
    bank: &'static str,
    number: u64,
    holder: String,
}

/// The contracts, by how many partners have them.
pub(super) const CONTRACTS: [(u64, &str); 5] =
    [(8, "standard"), (4, "fresh"), (3, "open-market"), (3, "brand"), (2, "live")];

pub(super) const TRADES: [(u64, &str); 6] =
    [(4, "패션"), (4, "식품"), (3, "농산물"), (3, "리빙"), (2, "뷰티"), (2, "도서")];

const REGIONS: [&str; 8] = ["서울", "경기", "부산", "대구", "광주", "대전", "강원", "제주"];
const SURNAMES: [&str; 8] = ["김", "이", "박", "최", "정", "강", "조", "윤"];
const GIVEN_NAMES: [&str; 8] = ["서준", "하윤", "도윤", "서연", "지호", "지우", "민준", "수아"];
const BANKS: [&str; 6] = ["088", "004", "020", "081", "090", "011"];

pub(super) fn partners(random: &mut Random) -> Vec<Partner> {
    (1..=40).map(|number| partner(number, random)).collect()
}

fn partner(number: usize, random: &mut Random) -> Partner {
    let trade = random.weighted(&TRADES);
    let contract =
        if trade == "농산물" || trade == "식품" { "fresh" } else { random.weighted(&CONTRACTS) };
    let kind = random.weighted(&[(15, "business"), (4, "withholding"), (1, "non-withholding")]);
    let (year, month, day) = (random.between(2023, 2025), random.between(1, 12), random.between(1, 28));
    let holder = format!("{}{}", random.one_of(&SURNAMES), random.one_of(&GIVEN_NAMES));
    Partner {
        id: format!("p-{number:03}"),
        kind,
        trade,
        contract,
        joined_on: format!("{year}-{month:02}-{day:02}"),
        region: random.one_of(&REGIONS),
        grade: random.weighted(&[(6, "새싹"), (3, "파워"), (1, "프리미엄")]),
        bank: random.one_of(&BANKS),
        number: 100_000_000_000 + random.below(900_000_000_000),
        holder: if kind == "business" { format!("{holder}상점") } else { holder },
    }
}

pub(super) fn text(options: &MonthOptions, partners: &[Partner]) -> String {
    let mut text = String::from(
        "version  = 1\ncurrency = \"KRW\"\ncalendar = \"KR-BANK\"\n\n\
         [rounding]\nvat   = \"half-up\"\nscope = \"per-line\"\n\n\
         [options]\ncancel = \"cumulative\"\n\n\
         [payout]\nminimum = 10000\nfee     = { amount = 300, borne_by = \"partner\" }\n\
         reserve = [{ share = \"3%\", days = 30 }]\n\n",
    );
    if options.formulas == MonthFormulas::User {
        text.push_str(FORMULAS);
    }
    for contract in contracts(options) {
        text.push_str(&contract);
    }
    text.push_str(POLICIES);
    for partner in partners {
        text.push_str(&partner_text(partner));
    }
    text
}

const FORMULAS: &str = r#"[formulas]
settlement = "ORDER_AMOUNT - PAYMENT_VAT_BURDEN_AMOUNT - PLATFORM_FEE - PLATFORM_FEE_VAT - ADDITIONAL_FEE - ADDITIONAL_FEE_VAT - DISCOUNT_SHARE - logistics_levy"

[[formulas.user]]
key      = "logistics_levy"
name     = "물류 분담금"
formula  = "PAYMENT_AMOUNT * 0.001 * season_factor"
rounding = "half-up"

[parameters]
season_factor = "1.05"

"#;

const POLICIES: &str = r#"[[discount_share_policies]]
id = "coupon-platform"
partner_share = "0%"
memo = "플랫폼 부담 쿠폰"

[[discount_share_policies]]
id = "coupon-seller"
partner_share = "100%"
memo = "판매자 부담 쿠폰"

[[discount_share_policies]]
id = "coupon-shared"
partner_share = "50%"
memo = "반반 부담 쿠폰"

[[additional_fee_policies]]
id = "fulfilment"
fee = { rate = "5%" }
vat_payer = "partner"
base = "order"
memo = "풀필먼트 수수료"

[[additional_fee_policies]]
id = "payment-fee"
fee = { rate = "2.9%" }
vat_payer = "partner"
base = "payment"
memo = "결제 수수료"

[[additional_fee_policies]]
id = "shipping-fee"
fee = { rate = "3.3%" }
vat_payer = "merchant"
base = "shipping"
memo = "배송비 수수료, 부가세 포함"

"#;

fn contracts(options: &MonthOptions) -> Vec<String> {
    let is_rich = options.fees == MonthFees::SelectAndTiers;
    let tiers = r#"{ tiers = [{ from = 0, rate = "15%" }, { from = 50000000, rate = "12%" }], mode = "whole", measure = "given" }"#;
    let select = r#"{ select = [{ when = { payment_method = "virtual-account" }, rate = "1%", max = 275 }, { when = { payment_method = "card", region = "서울" }, rate = "3.5%" }, { rate = "3.74%" }] }"#;
    let brand = if is_rich { tiers } else { r#"{ rate = "12%", min = 300 }"# };
    let live = if is_rich { select } else { r#"{ rate = "3%", fixed = 100, max = 20000 }"# };
    let open_market = r#"{ rate = "3.63%", vat_inclusive = true }"#;
    let version = |id: &str, from: &str, fee: &str, vat_payer: &str, further: &str| {
        format!(
            "[[contracts]]\nid = \"{id}\"\napplies_from = \"{from}\"\nplatform_fee = {fee}\n\
             platform_fee_vat_payer = \"{vat_payer}\"\n{further}{}\n",
            cycle(options.cycles, id)
        )
    };
    let lowered = "memo = \"3월 16일 인하\"\n";
    vec![
        version("standard", "2026-01-01", r#"{ rate = "10%" }"#, "partner", ""),
        version("standard", "2026-03-16", r#"{ rate = "9.5%" }"#, "partner", lowered),
        version("fresh", "2026-01-01", r#"{ rate = "6.6%" }"#, "merchant", ""),
        version("open-market", "2026-01-01", open_market, "partner", ""),
        version("brand", "2026-01-01", brand, "partner", "subtract_payment_vat = true\n"),
        version("live", "2026-01-01", live, "partner", ""),
    ]
}

fn cycle(cycles: MonthCycles, contract: &str) -> String {
    let (days, method, policy) = match (cycles, contract) {
        (MonthCycles::Daily, _) => (2, "\"daily\"", "calendar-day"),
        (MonthCycles::Monthly, "standard") => (2, "{ monthly = [15, 31] }", "holiday-before"),
        (MonthCycles::Monthly, "fresh") => (3, "{ monthly = [1, 11, 21] }", "holiday-after"),
        (MonthCycles::Monthly, "brand") => (10, "{ monthly = [10] }", "holiday-after"),
        (MonthCycles::Monthly, _) => (2, "{ monthly = [31] }", "holiday-before"),
    };
    format!("cycle = {{ lag = {{ days = {days} }}, method = {method}, date_policy = \"{policy}\" }}\n")
}

fn partner_text(partner: &Partner) -> String {
    let Partner { id, kind, trade, contract, joined_on, region, grade, bank, number, holder } = partner;
    let terms = if *grade == "프리미엄" { "payout = { reserve = [] }\n" } else { "" };
    format!(
        "[[partners]]\nid = \"{id}\"\nkind = \"{kind}\"\ndefault_contract = \"{contract}\"\n\
         joined_on = \"{joined_on}\"\ntags = [\"{trade}\"]\n\
         properties = {{ region = \"{region}\", grade = \"{grade}\" }}\n\
         account = {{ bank = \"{bank}\", number = \"{number}\", holder = \"{holder}\", currency = \"KRW\" }}\n{terms}\n"
    )
}
