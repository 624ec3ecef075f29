//! Counts of minor units, with and without their currency.

use core::fmt;
use core::str::FromStr;

use super::{Currency, UnknownCurrency};

/// A whole number of minor units (won, cents) of a currency known from its place.
///
/// Any `i64` is one. Arithmetic is checked: a sum that doesn't fit is `None`, never a wrapped number.
///
/// ```
/// use jeongsan::money::Amount;
///
/// let fee = Amount::new(1_000);
/// assert_eq!(fee.checked_add(Amount::new(100)), Some(Amount::new(1_100)));
/// assert_eq!(Amount::new(i64::MAX).checked_add(fee), None);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Amount(i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of so many minor units.
    #[must_use]
    pub const fn new(minor: i64) -> Self {
        Self(minor)
    }

    /// The count of minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// The sum, unless it leaves the range of an `i64`.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(minor) => Some(Self(minor)),
            None => None,
        }
    }

    /// The difference, unless it leaves the range of an `i64`.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(minor) => Some(Self(minor)),
            None => None,
        }
    }

    /// The amount with its sign turned; `None` for `i64::MIN` alone.
    #[must_use]
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(minor) => Some(Self(minor)),
            None => None,
        }
    }

    /// So many times the amount, unless that leaves the range of an `i64`.
    #[must_use]
    pub const fn checked_mul(self, count: i64) -> Option<Self> {
        match self.0.checked_mul(count) {
            Some(minor) => Some(Self(minor)),
            None => None,
        }
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// An amount together with its currency.
///
/// Its text is the code and the amount in major units with all the digits of the currency's exponent.
///
/// ```
/// use jeongsan::money::{Amount, Currency, Money};
///
/// let price = Money::new(Amount::new(1_250), Currency::new("USD")?);
/// assert_eq!(price.to_string(), "USD 12.50");
/// assert_eq!("USD 12.50".parse(), Ok(price));
/// assert!(price.checked_add(Money::new(Amount::new(1_250), Currency::KRW)).is_err());
/// # Ok::<(), jeongsan::money::UnknownCurrency>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Money {
    amount: Amount,
    currency: Currency,
}

/// Why two moneys don't add up, or a text is none.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// The two are of different currencies.
    #[error("`{left}` and `{right}` are different currencies")]
    CurrencyMismatch {
        /// The currency of the first.
        left: Currency,
        /// The currency of the second.
        right: Currency,
    },
    /// The result has more minor units than an `i64` holds.
    #[error("the amount is out of range")]
    OutOfRange,
    /// The text's currency is unknown.
    #[error(transparent)]
    Currency(#[from] UnknownCurrency),
    /// The text isn't a code, a blank, and a number with the currency's decimals.
    #[error("expected a currency code, a blank, and a number with {decimals} decimals")]
    Malformed {
        /// The decimals that the currency has.
        decimals: u8,
    },
}

impl Money {
    /// So many minor units of a currency.
    #[must_use]
    pub const fn new(amount: Amount, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// The count of minor units.
    #[must_use]
    pub const fn amount(self) -> Amount {
        self.amount
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum of two moneys of one currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::OutOfRange`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency });
        }
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::OutOfRange)?;
        Ok(Self { amount, currency: self.currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.amount.is_negative() { "-" } else { "" };
        let size = self.amount.minor().unsigned_abs();
        let unit = 10_u64.pow(u32::from(self.currency.exponent()));
        let (whole, part) = (size.checked_div(unit).unwrap_or(0), size.checked_rem(unit).unwrap_or(0));
        write!(f, "{} {sign}{whole}", self.currency)?;
        match self.currency.exponent() {
            0 => Ok(()),
            decimals => write!(f, ".{part:0width$}", width = usize::from(decimals)),
        }
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (code, number) = text.split_once(' ').unwrap_or((text, ""));
        let currency = Currency::new(code)?;
        let decimals = currency.exponent();
        let malformed = MoneyError::Malformed { decimals };
        let (negative, digits) = match number.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, number),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = part.len() == usize::from(decimals) && digits.contains('.') == (decimals > 0);
        if whole.is_empty() || !fits || !is_number(whole) || !is_number(part) {
            return Err(malformed);
        }
        let mut minor = 0_i64;
        for byte in whole.bytes().chain(part.bytes()) {
            let digit = i64::from(byte.wrapping_sub(b'0'));
            let next = minor
                .checked_mul(10)
                .and_then(|tens| if negative { tens.checked_sub(digit) } else { tens.checked_add(digit) });
            minor = next.ok_or(MoneyError::OutOfRange)?;
        }
        Ok(Self { amount: Amount(minor), currency })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn errors_say_what_is_wrong() {
        let error = |text: &str| text.parse::<Money>().unwrap_err().to_string();
        assert_eq!(error("USD 12.5"), "expected a currency code, a blank, and a number with 2 decimals");
        assert_eq!(error("KRW 12.0"), "expected a currency code, a blank, and a number with 0 decimals");
        assert_eq!(error("KRW"), "expected a currency code, a blank, and a number with 0 decimals");
        assert_eq!(error("KRW 9223372036854775808"), "the amount is out of range");
        assert_eq!(error("WON 1"), "`WON` is no ISO 4217 currency in use");
        let won = Money::new(Amount::new(1), Currency::KRW);
        let dollar: Money = "USD 0.01".parse().unwrap();
        assert_eq!(
            won.checked_add(dollar).unwrap_err().to_string(),
            "`KRW` and `USD` are different currencies"
        );
    }

    proptest! {
        #[test]
        fn a_money_reads_back(minor: i64, index in 0..Currency::all().count()) {
            let currency = Currency::all().nth(index).unwrap();
            let money = Money::new(Amount::new(minor), currency);
            prop_assert_eq!(money.to_string().parse(), Ok(money));
        }
    }
}
