//! Who stands on an invoice.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::id::BusinessNumber;

/// A business as it stands on an invoice. The law wants number and name of the supplier and the number of the recipient
/// (부가가치세법 제32조 제1항); the tax office's format the representative as well.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Party {
    /// Its registration number.
    pub number: BusinessNumber,
    /// The four digits of its branch, where a branch is meant (종사업장 식별번호).
    pub branch: Option<BranchNumber>,
    /// What it is called (상호).
    pub name: String,
    /// Who represents it (대표자).
    pub representative: String,
    /// Where it is.
    pub address: Option<String>,
    /// Its line of business (업태).
    pub business_type: Option<String>,
    /// What it deals in (종목).
    pub business_class: Option<String>,
    /// Where the invoice is sent: on a reverse-issued one the supplier approves it from there.
    pub email: Option<String>,
}

impl Party {
    /// A business of this number and name, with nothing that could be left out.
    #[must_use]
    pub fn new(number: BusinessNumber, name: impl Into<String>, representative: impl Into<String>) -> Self {
        Self {
            number,
            branch: None,
            name: name.into(),
            representative: representative.into(),
            address: None,
            business_type: None,
            business_class: None,
            email: None,
        }
    }
}

/// The four digits of a business's branch (종사업장 식별번호).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct BranchNumber(u16);

/// A text that is no branch number.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("branch number `{0}` is not four digits")]
pub struct InvalidBranchNumber(String);

impl FromStr for BranchNumber {
    type Err = InvalidBranchNumber;

    fn from_str(text: &str) -> Result<Self, InvalidBranchNumber> {
        let is_four_digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = if is_four_digits { text.parse().ok() } else { None };
        number.map(Self).ok_or_else(|| InvalidBranchNumber(text.chars().take(40).collect()))
    }
}

impl fmt::Display for BranchNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_branch_has_four_digits() {
        assert_eq!(
            "12".parse::<BranchNumber>().unwrap_err().to_string(),
            "branch number `12` is not four digits"
        );
        assert_eq!("0012".parse::<BranchNumber>().unwrap().to_string(), "0012");
    }
}
