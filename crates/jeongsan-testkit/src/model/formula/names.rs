//! Which variables a context knows, and the functions.

/// What a formula computes, which decides the variables it may use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Context {
    /// The platform's fee.
    PlatformFee,
    /// The partner's share of a discount.
    DiscountShare,
    /// An additional fee.
    AdditionalFee,
    /// The settlement amount.
    Settlement,
    /// A formula of the user's.
    User,
    /// The tax-free part of the settlement.
    SettlementTaxFree,
}

impl Context {
    /// The context of this name in the golden cases.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "platform-fee" => Some(Self::PlatformFee),
            "discount-share" => Some(Self::DiscountShare),
            "additional-fee" => Some(Self::AdditionalFee),
            "settlement" => Some(Self::Settlement),
            "user" => Some(Self::User),
            "settlement-tax-free" => Some(Self::SettlementTaxFree),
            _ => None,
        }
    }

    const fn letter(self) -> char {
        match self {
            Self::PlatformFee => 'p',
            Self::DiscountShare => 'd',
            Self::AdditionalFee => 'a',
            Self::Settlement | Self::User => 's',
            Self::SettlementTaxFree => 't',
        }
    }
}

/// The variables: main name, further names, and the letters of the contexts that know it.
const VARIABLES: [(&str, &[&str], &str); 15] = [
    ("ORDER_AMOUNT", &["주문금액"], "past"),
    ("PAYMENT_AMOUNT", &["결제금액"], "pas"),
    ("PAYMENT_VAT_AMOUNT", &["결제금액부가세"], "pas"),
    ("PAYMENT_VAT_BURDEN_AMOUNT", &["결제금액부가세부담금"], "pas"),
    ("DISCOUNT_AMOUNT", &["할인금액"], "pdas"),
    ("DISCOUNT_SHARE", &["DISCOUNT_SHARE_AMOUNT", "PLATFORM_DISCOUNT_SHARE", "할인분담금"], "past"),
    ("FIXED_RATE", &["정률"], "pda"),
    ("FIXED_AMOUNT", &["정액"], "pa"),
    ("PLATFORM_FEE", &["PLATFORM_FEE_AMOUNT", "플랫폼중개수수료"], "as"),
    ("PLATFORM_FEE_VAT", &["중개수수료부가세"], "as"),
    ("ADDITIONAL_FEE", &["PLATFORM_ADDITIONAL_FEE", "추가수수료"], "s"),
    ("ADDITIONAL_FEE_VAT", &["추가수수료부가세"], "s"),
    ("SETTLEMENT_AMOUNT", &["정산금액"], "t"),
    ("DISCOUNT_SHARE_TAX_FREE", &["할인분담면세"], "t"),
    ("ORDER_TAX_FREE_RATIO", &["주문면세비율"], "t"),
];

fn main_name(name: &str) -> Option<(&'static str, &'static str)> {
    let row = VARIABLES.iter().find(|(main, aliases, _)| *main == name || aliases.contains(&name))?;
    Some((row.0, row.2))
}

/// The name under which a context looks a variable up; `extra` are parameters and user keys.
pub(super) fn variable(name: &str, context: Context, extra: &[String]) -> Option<String> {
    match main_name(name) {
        Some((main, contexts)) if contexts.contains(context.letter()) => Some(main.to_owned()),
        Some(_) => None,
        None => extra.iter().find(|known| *known == name).cloned(),
    }
}

/// A function of formulas.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Function {
    Round,
    RoundUp,
    RoundDown,
    Min,
    Max,
    If,
}

impl Function {
    /// Latin letters in any case, Hangul as it is.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "ROUND" | "반올림" => Some(Self::Round),
            "ROUND_UP" | "올림" => Some(Self::RoundUp),
            "ROUND_DOWN" | "내림" => Some(Self::RoundDown),
            "MIN" => Some(Self::Min),
            "MAX" => Some(Self::Max),
            "IF" => Some(Self::If),
            _ => None,
        }
    }

    pub(super) const fn takes(self, count: usize) -> bool {
        match self {
            Self::Round | Self::RoundUp | Self::RoundDown => count == 1,
            Self::Min | Self::Max => count >= 2,
            Self::If => count == 3,
        }
    }
}
