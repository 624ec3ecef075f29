//! Business registration numbers of the Korean tax office.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

/// A business registration number (사업자등록번호): ten digits, the last of which checks the others.
///
/// ```
/// use jeongsan::id::BusinessNumber;
///
/// let number: BusinessNumber = "124-81-00998".parse()?;
/// assert_eq!(number, "1248100998".parse()?);
/// assert_eq!(number.to_string(), "124-81-00998");
/// # Ok::<(), jeongsan::id::BusinessNumberError>(())
/// ```
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct BusinessNumber([u8; 10]);

/// Why a text is no business registration number.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BusinessNumberError {
    /// It isn't ten digits, with or without hyphens.
    #[error("business number `{0}` is not ten digits, such as `124-81-00998`")]
    Malformed(String),
    /// The last digit doesn't fit the others.
    #[error("business number `{0}` has a wrong check digit")]
    CheckDigit(String),
}

/// What each of the first nine digits counts; of the ninth the tens count as well.
const WEIGHTS: [u8; 9] = [1, 3, 7, 1, 3, 7, 1, 3, 5];

impl BusinessNumber {
    /// Reads ten digits, plain or as `000-00-00000`.
    ///
    /// # Errors
    /// When the text is something else, or the check digit is wrong.
    pub fn new(text: &str) -> Result<Self, BusinessNumberError> {
        let shown = || text.chars().take(40).flat_map(char::escape_debug).collect();
        let malformed = || BusinessNumberError::Malformed(shown());
        let hyphens_fit = match text.len() {
            10 => true,
            12 => text.bytes().enumerate().all(|(place, byte)| (byte == b'-') == matches!(place, 3 | 6)),
            _ => false,
        };
        let mut digits = [0_u8; 10];
        let mut given = text.bytes().filter(|byte| text.len() == 10 || *byte != b'-');
        for digit in &mut digits {
            let byte =
                given.next().filter(|byte| hyphens_fit && byte.is_ascii_digit()).ok_or_else(malformed)?;
            *digit = byte.saturating_sub(b'0');
        }
        let [first @ .., ninth, last] = digits;
        let weighted = first
            .iter()
            .chain([&ninth])
            .zip(WEIGHTS)
            .map(|(digit, weight)| u32::from(*digit).saturating_mul(u32::from(weight)));
        let sum = weighted.sum::<u32>().saturating_add(u32::from(ninth).saturating_mul(5) / 10);
        if sum.saturating_add(u32::from(last)) % 10 != 0 {
            return Err(BusinessNumberError::CheckDigit(shown()));
        }
        Ok(Self(digits))
    }
}

impl fmt::Display for BusinessNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, digit) in self.0.iter().enumerate() {
            write!(f, "{}{digit}", if matches!(place, 3 | 5) { "-" } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for BusinessNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for BusinessNumber {
    type Err = BusinessNumberError;

    fn from_str(text: &str) -> Result<Self, BusinessNumberError> {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    #[test]
    fn exactly_one_last_digit_fits() {
        for stem in ["124810099", "220816251", "000000000", "999999999"] {
            let fitting =
                (0..10).filter(|last| BusinessNumber::new(&format!("{stem}{last}")).is_ok()).count();
            assert_eq!(fitting, 1, "{stem}");
        }
    }

    #[test]
    fn faults_are_told_with_the_text() {
        let error = |text: &str| BusinessNumber::new(text).unwrap_err().to_string();
        assert_eq!(error("124-81-00997"), "business number `124-81-00997` has a wrong check digit");
        for text in ["", "124810099", "12-481-00998", "124-81-0099x", "1248100998 1", "１２４８"] {
            let expected = format!("business number `{text}` is not ten digits, such as `124-81-00998`");
            assert_eq!(error(text), expected);
        }
    }
}
