//! Bank accounts, and how far they are verified.

use alloc::string::String;
use core::fmt;

use chrono::NaiveDate;

use crate::money::{Currency, text_enum};

/// How many characters of an account number are shown where it is masked.
const SHOWN_CHARS: usize = 4;

/// A bank account. Its `Debug` form masks number and holder.
///
/// ```
/// use jeongsan::money::Currency;
/// use jeongsan::partner::Account;
///
/// let account = Account::new("088".into(), "110123456789".into(), "김정산".into(), Currency::KRW);
/// assert_eq!(account.masked_number(), "********6789");
/// assert_eq!(account.masked_holder(), "김**");
/// assert!(!format!("{account:?}").contains("6789"));
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Account {
    /// The bank's code, `088` for instance.
    pub bank: String,
    /// The account number.
    pub number: String,
    /// Whose it is.
    pub holder: String,
    /// The currency it holds.
    pub currency: Currency,
    /// How far it is verified.
    pub verification: Verification,
}

impl Account {
    /// An account that nobody has looked up yet.
    #[must_use]
    pub const fn new(bank: String, number: String, holder: String, currency: Currency) -> Self {
        Self { bank, number, holder, currency, verification: Verification::UNVERIFIED }
    }

    /// Which account it is, whoever holds it.
    #[must_use]
    pub fn key(&self) -> AccountKey {
        AccountKey { bank: self.bank.clone(), number: self.number.clone() }
    }

    /// The number with its last four characters alone; of a short one, none.
    #[must_use]
    pub fn masked_number(&self) -> String {
        let hidden = match self.number.chars().count() {
            count if count > SHOWN_CHARS.saturating_mul(2) => count.saturating_sub(SHOWN_CHARS),
            count => count,
        };
        self.number.chars().enumerate().map(|(place, char)| if place < hidden { '*' } else { char }).collect()
    }

    /// The holder with the first character alone.
    #[must_use]
    pub fn masked_holder(&self) -> String {
        self.holder.chars().enumerate().map(|(place, char)| if place == 0 { char } else { '*' }).collect()
    }
}

/// Which bank account: the bank's code and the number. Its `Debug` form masks the number.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AccountKey {
    /// The bank's code.
    pub bank: String,
    /// The account number.
    pub number: String,
}

impl fmt::Debug for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountKey").field("bank", &self.bank).field("number", &"***").finish()
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("bank", &self.bank)
            .field("number", &"***")
            .field("holder", &"***")
            .field("currency", &self.currency)
            .field("verification", &self.verification)
            .finish()
    }
}

text_enum! {
    /// What looking an account up at its bank gave (예금주 조회).
    pub enum VerificationState ("verification state") or UnknownVerificationState {
        /// Nobody has looked yet, or the bank or currency can't be looked up.
        Unverified = "unverified",
        /// The account is its holder's.
        Verified = "verified",
        /// The account is somebody else's, or closed.
        Mismatch = "mismatch",
        /// The bank gave no answer.
        Failed = "failed",
        /// It was verified, too long ago to rely on.
        Expired = "expired",
    }
}

impl VerificationState {
    /// Whether nothing may be paid to the account until it is put right. Registering a partner with such an account is no error.
    #[must_use]
    pub const fn is_reason_to_hold(self) -> bool {
        matches!(self, Self::Mismatch)
    }
}

/// How far an account is verified: the state, since when, and whose the bank says it is. Its `Debug` form masks the holder found.
#[derive(Clone, Eq, PartialEq)]
pub struct Verification {
    state: VerificationState,
    on: Option<NaiveDate>,
    holder_found: Option<String>,
}

/// Why states, dates and holders are no verification together.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VerificationError {
    /// Somebody looked, so there is a day on which.
    #[error("an account that is `{state}` says since when, in `on`")]
    DateMissing {
        /// The state.
        state: VerificationState,
    },
    /// Nobody looked, so there is no day and no holder found.
    #[error("an account that is `unverified` has no `on` and no `holder_found`")]
    NothingLookedUp,
}

impl Verification {
    /// Nobody has looked yet.
    pub const UNVERIFIED: Self = Self { state: VerificationState::Unverified, on: None, holder_found: None };

    /// What a look-up gave.
    ///
    /// # Errors
    /// When the state is one of looking up and the day is missing, or the other way about.
    pub fn new(
        state: VerificationState,
        on: Option<NaiveDate>,
        holder_found: Option<String>,
    ) -> Result<Self, VerificationError> {
        match state {
            VerificationState::Unverified if on.is_some() || holder_found.is_some() => {
                Err(VerificationError::NothingLookedUp)
            }
            VerificationState::Unverified => Ok(Self::UNVERIFIED),
            state if on.is_none() => Err(VerificationError::DateMissing { state }),
            state => Ok(Self { state, on, holder_found }),
        }
    }

    /// The state.
    #[must_use]
    pub const fn state(&self) -> VerificationState {
        self.state
    }

    /// The day of the look-up.
    #[must_use]
    pub const fn on(&self) -> Option<NaiveDate> {
        self.on
    }

    /// Whose the bank says it is.
    #[must_use]
    pub fn holder_found(&self) -> Option<&str> {
        self.holder_found.as_deref()
    }

    /// The state on a day, when a verification is good for so many days: one that is older counts as expired.
    #[must_use]
    pub fn state_on(&self, day: NaiveDate, good_for_days: u32) -> VerificationState {
        match (self.state, self.on) {
            (VerificationState::Verified, Some(on))
                if day.signed_duration_since(on).num_days() > i64::from(good_for_days) =>
            {
                VerificationState::Expired
            }
            (state, _) => state,
        }
    }
}

impl Default for Verification {
    fn default() -> Self {
        Self::UNVERIFIED
    }
}

impl fmt::Debug for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verification")
            .field("state", &self.state)
            .field("on", &self.on)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    #[test]
    fn nothing_of_a_person_shows_in_debug() {
        let verification =
            Verification::new(VerificationState::Mismatch, Some(day(2)), Some("박다른".into()));
        let mut account = Account::new("004".into(), "123-45-678901".into(), "김정산".into(), Currency::KRW);
        account.verification = verification.unwrap();
        let shown = format!("{account:?}");
        assert!(["박다른", "김정산", "678901"].iter().all(|secret| !shown.contains(secret)), "{shown}");
        assert!(account.verification.state().is_reason_to_hold());
    }

    #[test]
    fn a_short_number_shows_nothing() {
        let account = |number: &str| Account::new("004".into(), number.into(), String::new(), Currency::KRW);
        assert_eq!(account("12345678").masked_number(), "********");
        assert_eq!(account("123456789").masked_number(), "*****6789");
    }

    #[test]
    fn a_look_up_has_its_day() {
        let error = |state, on| Verification::new(state, on, None).unwrap_err().to_string();
        assert_eq!(
            error(VerificationState::Verified, None),
            "an account that is `verified` says since when, in `on`"
        );
        assert_eq!(
            error(VerificationState::Unverified, Some(day(1))),
            "an account that is `unverified` has no `on` and no `holder_found`"
        );
    }

    #[test]
    fn a_verification_grows_old() {
        let verified = Verification::new(VerificationState::Verified, Some(day(1)), None).unwrap();
        assert_eq!(verified.state_on(day(11), 10), VerificationState::Verified);
        assert_eq!(verified.state_on(day(12), 10), VerificationState::Expired);
        assert_eq!(verified.state(), VerificationState::Verified);
    }
}
