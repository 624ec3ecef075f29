//! Business registration numbers.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

/// A Korean business registration number (사업자등록번호): ten digits, the last of which checks the others.
///
/// Read with or without its two hyphens, printed without, as the tax office's formats have it.
///
/// ```
/// use jeongsan::id::BusinessNumber;
///
/// let number: BusinessNumber = "124-81-00998".parse()?;
/// assert_eq!(number, "1248100998".parse()?);
/// assert_eq!(number.to_string(), "1248100998");
/// assert!("124-81-00999".parse::<BusinessNumber>().is_err());
/// # Ok::<(), jeongsan::id::BusinessNumberError>(())
/// ```
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct BusinessNumber(u64);

/// Why a text is no business registration number.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BusinessNumberError {
    /// It isn't ten digits, as they are or in groups of three, two and five.
    #[error("business number `{0}` is not ten digits such as `1234567890` or `123-45-67890`")]
    Malformed(String),
    /// The last digit isn't the one that the others give: a typing error.
    #[error("business number `{number}` ends in a wrong check digit; the others give `{expected}`")]
    CheckDigit {
        /// The text.
        number: String,
        /// The digit that belongs there.
        expected: u64,
    },
}

/// The weights of the first nine digits.
const WEIGHTS: [u64; 9] = [1, 3, 7, 1, 3, 7, 1, 3, 5];

impl FromStr for BusinessNumber {
    type Err = BusinessNumberError;

    fn from_str(text: &str) -> Result<Self, BusinessNumberError> {
        let malformed = || BusinessNumberError::Malformed(text.chars().take(40).collect());
        let bytes = text.as_bytes();
        let has_hyphens = bytes.len() == 12;
        let mut digits = [0_u64; 10];
        let mut free = digits.iter_mut();
        for (place, byte) in bytes.iter().enumerate() {
            let wants_hyphen = has_hyphens && (place == 3 || place == 6);
            match byte {
                b'-' if wants_hyphen => {}
                b'0'..=b'9' if !wants_hyphen => {
                    *free.next().ok_or_else(malformed)? = u64::from(byte.wrapping_sub(b'0'));
                }
                _ => return Err(malformed()),
            }
        }
        if free.next().is_some() {
            return Err(malformed());
        }
        // Ten digits can't overflow 64 bits, nor can the weighted sum of nine.
        let number = digits.iter().fold(0_u64, |number, digit| number.wrapping_mul(10).wrapping_add(*digit));
        let expected = check_digit(&digits);
        if digits.last() == Some(&expected) {
            Ok(Self(number))
        } else {
            Err(BusinessNumberError::CheckDigit { number: text.into(), expected })
        }
    }
}

/// The digit that the first nine give: their weighted sum and the tens of the ninth's product, complemented to ten.
fn check_digit(digits: &[u64; 10]) -> u64 {
    let products = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit.wrapping_mul(weight));
    let [.., ninth, _] = digits;
    let tens = ninth.wrapping_mul(5) / 10;
    let sum = products.fold(tens, u64::wrapping_add);
    (10_u64.wrapping_sub(sum % 10)) % 10
}

impl fmt::Display for BusinessNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

impl fmt::Debug for BusinessNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    #[test]
    fn the_check_digit_is_checked() {
        // Numbers that large companies print on their pages.
        for text in ["124-81-00998", "220-81-62517", "120-81-47521", "1018109147"] {
            let number: BusinessNumber = text.parse().unwrap();
            assert_eq!(number.to_string(), text.replace('-', ""));
        }
        // Of ten numbers that differ in the last digit one is right.
        let right = (0..10).filter(|digit| format!("000000000{digit}").parse::<BusinessNumber>().is_ok());
        assert_eq!(right.collect::<alloc::vec::Vec<_>>(), [0]);
        assert_eq!("0000000000".parse::<BusinessNumber>().unwrap().to_string(), "0000000000");
    }

    #[test]
    fn errors_name_the_text() {
        let error = |text: &str| text.parse::<BusinessNumber>().unwrap_err().to_string();
        assert_eq!(
            error("124-81-00989"),
            "business number `124-81-00989` ends in a wrong check digit; the others give `3`"
        );
        for text in [
            "",
            "124",
            "124-8100998",
            "12-481-00998",
            "12481009981",
            "124810099a",
            "124-81-00998 ",
            "１２４８１００９９８",
        ] {
            assert_eq!(
                error(text),
                format!("business number `{text}` is not ten digits such as `1234567890` or `123-45-67890`")
            );
        }
    }
}
