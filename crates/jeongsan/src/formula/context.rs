//! The words of the language: contexts, variables, functions and operators.

use crate::money::text_enum;

text_enum! {
    /// What a formula computes, which decides the variables it may use.
    pub enum Context ("formula context") or UnknownContext {
        /// The platform fee (플랫폼 중개 수수료).
        PlatformFee = "platform-fee",
        /// The part of a discount that the partner bears (할인 분담금).
        DiscountShare = "discount-share",
        /// An additional fee (추가 수수료).
        AdditionalFee = "additional-fee",
        /// The settlement amount (정산금액).
        Settlement = "settlement",
        /// The tax-free part of the settlement amount.
        SettlementTaxFree = "settlement-tax-free",
        /// A figure of the merchant's own (사용자 정의 수식).
        User = "user",
    }
}

impl Context {
    /// The formula a book has here unless it states another; `None` for user formulas.
    ///
    /// ```
    /// use jeongsan::formula::Context;
    ///
    /// assert_eq!(Context::DiscountShare.default_formula(), Some("DISCOUNT_AMOUNT * FIXED_RATE"));
    /// ```
    #[must_use]
    pub const fn default_formula(self) -> Option<&'static str> {
        match self {
            Self::PlatformFee | Self::AdditionalFee => Some("(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT"),
            Self::DiscountShare => Some("DISCOUNT_AMOUNT * FIXED_RATE"),
            Self::Settlement => Some(
                "ORDER_AMOUNT - PAYMENT_VAT_BURDEN_AMOUNT - PLATFORM_FEE - PLATFORM_FEE_VAT \
                 - ADDITIONAL_FEE - ADDITIONAL_FEE_VAT - DISCOUNT_SHARE",
            ),
            Self::SettlementTaxFree => {
                Some("(SETTLEMENT_AMOUNT + DISCOUNT_SHARE) * ORDER_TAX_FREE_RATIO - DISCOUNT_SHARE_TAX_FREE")
            }
            Self::User => None,
        }
    }
}

text_enum! {
    /// A figure of the event that is settled. Amounts are in minor units, rates and ratios fractions of one.
    pub enum Variable ("variable") or UnknownVariable {
        /// 주문금액: the order before discounts.
        OrderAmount = "ORDER_AMOUNT",
        /// 결제금액: the order less its discounts.
        PaymentAmount = "PAYMENT_AMOUNT",
        /// 결제금액부가세: the VAT inside the payment.
        PaymentVatAmount = "PAYMENT_VAT_AMOUNT",
        /// 결제금액부가세부담금: that VAT if the contract subtracts it, else 0.
        PaymentVatBurdenAmount = "PAYMENT_VAT_BURDEN_AMOUNT",
        /// 할인금액: the discount.
        DiscountAmount = "DISCOUNT_AMOUNT",
        /// 할인분담금: the part of the discount that the partner bears.
        DiscountShare = "DISCOUNT_SHARE",
        /// 정률: the rate of the fee or share that applies; 0 where it has none.
        FixedRate = "FIXED_RATE",
        /// 정액: the fixed amount of the fee that applies; 0 where it has none.
        FixedAmount = "FIXED_AMOUNT",
        /// 플랫폼중개수수료: the platform fee.
        PlatformFee = "PLATFORM_FEE",
        /// 중개수수료부가세: the VAT on the platform fee that the partner bears.
        PlatformFeeVat = "PLATFORM_FEE_VAT",
        /// 추가수수료: the sum of the additional fees.
        AdditionalFee = "ADDITIONAL_FEE",
        /// 추가수수료부가세: the VAT on them that the partner bears.
        AdditionalFeeVat = "ADDITIONAL_FEE_VAT",
        /// 정산금액: the settlement amount.
        SettlementAmount = "SETTLEMENT_AMOUNT",
        /// 할인분담면세: the tax-free part of the discount share.
        DiscountShareTaxFree = "DISCOUNT_SHARE_TAX_FREE",
        /// 주문면세비율: the tax-free part of the order as a fraction of the order.
        OrderTaxFreeRatio = "ORDER_TAX_FREE_RATIO",
    }
}

/// The names beside the main ones: aliases and Korean.
const OTHER_NAMES: [(&str, Variable); 19] = [
    ("DISCOUNT_SHARE_AMOUNT", Variable::DiscountShare),
    ("PLATFORM_DISCOUNT_SHARE", Variable::DiscountShare),
    ("PLATFORM_FEE_AMOUNT", Variable::PlatformFee),
    ("PLATFORM_ADDITIONAL_FEE", Variable::AdditionalFee),
    ("주문금액", Variable::OrderAmount),
    ("결제금액", Variable::PaymentAmount),
    ("결제금액부가세", Variable::PaymentVatAmount),
    ("결제금액부가세부담금", Variable::PaymentVatBurdenAmount),
    ("할인금액", Variable::DiscountAmount),
    ("할인분담금", Variable::DiscountShare),
    ("정률", Variable::FixedRate),
    ("정액", Variable::FixedAmount),
    ("플랫폼중개수수료", Variable::PlatformFee),
    ("중개수수료부가세", Variable::PlatformFeeVat),
    ("추가수수료", Variable::AdditionalFee),
    ("추가수수료부가세", Variable::AdditionalFeeVat),
    ("정산금액", Variable::SettlementAmount),
    ("할인분담면세", Variable::DiscountShareTaxFree),
    ("주문면세비율", Variable::OrderTaxFreeRatio),
];

impl Variable {
    /// How many variables there are.
    pub const COUNT: usize = Self::ALL.len();

    /// The variable of a name: the main one, an alias or the Korean one, in exactly this spelling.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::names().find(|(known, _)| *known == name).map(|(_, variable)| variable)
    }

    /// Every name with its variable, the main ones first.
    pub fn names() -> impl Iterator<Item = (&'static str, Self)> {
        Self::ALL.iter().map(|&variable| (variable.as_str(), variable)).chain(OTHER_NAMES)
    }

    /// Whether formulas of the context may use it.
    ///
    /// ```
    /// use jeongsan::formula::{Context, Variable};
    ///
    /// assert!(Variable::FixedRate.is_known_in(Context::PlatformFee));
    /// assert!(!Variable::FixedRate.is_known_in(Context::Settlement));
    /// ```
    #[must_use]
    pub const fn is_known_in(self, context: Context) -> bool {
        use Context::{AdditionalFee, DiscountShare, PlatformFee, Settlement, SettlementTaxFree, User};
        match self {
            Self::OrderAmount => !matches!(context, DiscountShare),
            Self::PaymentAmount | Self::PaymentVatAmount | Self::PaymentVatBurdenAmount => {
                !matches!(context, DiscountShare | SettlementTaxFree)
            }
            Self::DiscountAmount => !matches!(context, SettlementTaxFree),
            Self::DiscountShare => !matches!(context, DiscountShare),
            Self::FixedRate => matches!(context, PlatformFee | DiscountShare | AdditionalFee),
            Self::FixedAmount => matches!(context, PlatformFee | AdditionalFee),
            Self::PlatformFee | Self::PlatformFeeVat => matches!(context, AdditionalFee | Settlement | User),
            Self::AdditionalFee | Self::AdditionalFeeVat => matches!(context, Settlement | User),
            Self::SettlementAmount | Self::DiscountShareTaxFree | Self::OrderTaxFreeRatio => {
                matches!(context, SettlementTaxFree)
            }
        }
    }

    /// Whether it is a rate or a ratio, not an amount.
    #[must_use]
    pub const fn is_rate(self) -> bool {
        matches!(self, Self::FixedRate | Self::OrderTaxFreeRatio)
    }

    /// Its place among [`Variable::ALL`].
    #[expect(clippy::as_conversions, reason = "the discriminants of an enum without fields count from 0")]
    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// The bit of that place.
    #[expect(clippy::as_conversions, reason = "the discriminants of an enum without fields count from 0")]
    pub(super) const fn bit(self) -> u32 {
        1_u32.rotate_left(self as u32)
    }
}

text_enum! {
    /// A function. Its English name ignores the case of letters.
    pub enum Function ("function") or UnknownFunction {
        /// `ROUND`, `반올림`: to an integer, a half away from zero.
        Round = "ROUND",
        /// `ROUND_UP`, `올림`: to an integer, away from zero.
        RoundUp = "ROUND_UP",
        /// `ROUND_DOWN`, `내림`: to an integer, towards zero.
        RoundDown = "ROUND_DOWN",
        /// The least of its arguments.
        Min = "min",
        /// The greatest of its arguments.
        Max = "max",
        /// The second argument when the first isn't 0, else the third.
        If = "if",
    }
}

impl Function {
    /// The function of a name, English in any case or Korean.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::names().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, function)| function)
    }

    /// Every name with its function.
    pub fn names() -> impl Iterator<Item = (&'static str, Self)> {
        let korean = [("반올림", Self::Round), ("올림", Self::RoundUp), ("내림", Self::RoundDown)];
        Self::ALL.iter().map(|&function| (function.as_str(), function)).chain(korean)
    }

    /// Whether it takes so many arguments.
    pub(super) const fn accepts(self, arguments: usize) -> bool {
        match self {
            Self::Round | Self::RoundUp | Self::RoundDown => arguments == 1,
            Self::Min | Self::Max => arguments >= 2,
            Self::If => arguments == 3,
        }
    }

    /// The arguments it takes, for messages.
    pub(super) const fn arguments(self) -> &'static str {
        match self {
            Self::Round | Self::RoundUp | Self::RoundDown => "1 argument",
            Self::Min | Self::Max => "2 arguments or more",
            Self::If => "3 arguments",
        }
    }
}

text_enum! {
    /// An operator between two operands.
    pub enum Operator ("operator") or UnknownOperator {
        /// Sum.
        Add = "+",
        /// Difference.
        Subtract = "-",
        /// Product.
        Multiply = "*",
        /// Quotient, exact.
        Divide = "/",
        /// 1 when the left is less, else 0.
        Less = "<",
        /// 1 when the left is less or equal, else 0.
        LessOrEqual = "<=",
        /// 1 when the left is greater, else 0.
        Greater = ">",
        /// 1 when the left is greater or equal, else 0.
        GreaterOrEqual = ">=",
        /// 1 when both are equal, else 0.
        Equal = "==",
        /// 1 when both differ, else 0.
        NotEqual = "!=",
    }
}

impl Operator {
    /// Whether it compares.
    pub(super) const fn is_comparison(self) -> bool {
        !matches!(self, Self::Add | Self::Subtract | Self::Multiply | Self::Divide)
    }

    /// How tightly it binds: comparisons 1, sums 2, products 3. A unary minus has 4, an operand 5.
    pub(super) const fn precedence(self) -> u8 {
        match self {
            Self::Add | Self::Subtract => 2,
            Self::Multiply | Self::Divide => 3,
            _ => 1,
        }
    }

    /// What a comparison says of two values that compare so.
    pub(super) const fn holds(self, ordering: core::cmp::Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Equal => ordering.is_eq(),
            _ => ordering.is_ne(),
        }
    }
}
