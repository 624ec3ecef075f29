//! The names that stores keep things under, and the bodies they keep without reading them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The most characters (Unicode scalar values) a name may have.
const NAME_CHARS_MAX: usize = 256;

/// Why a text is no name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{what} `{text}` {fault}")]
pub struct NameError {
    what: &'static str,
    text: String,
    fault: &'static str,
}

fn check(what: &'static str, text: &str) -> Result<(), NameError> {
    let fault = if text.is_empty() {
        "is empty"
    } else if text.chars().any(char::is_control) {
        "has a control character"
    } else if text.chars().count() > NAME_CHARS_MAX {
        "has more than 256 characters"
    } else {
        return Ok(());
    };
    let shown = text.chars().take(40).flat_map(char::escape_debug).collect();
    Err(NameError { what, text: shown, fault })
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident, $what:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// 1 to 256 characters without control characters; names are compared byte by byte.
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Reads a name.
            ///
            /// # Errors
            /// When it is empty, longer than 256 characters, or has a control character.
            pub fn new(text: &str) -> Result<Self, NameError> {
                check($what, text)?;
                Ok(Self(Arc::from(text)))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }
    )*};
}

names! {
    /// The idempotency key of a unit: who commits the same work again uses the same key.
    UnitKey, "unit key";
    /// What kind of record it is, such as `event` or `entry`.
    RecordKind, "kind of record";
    /// A record's name, unique within its kind.
    RecordId, "record id";
    /// What kind of head it is, such as `payout`.
    HeadKind, "kind of head";
    /// A head's name, unique within its kind.
    HeadKey, "head key";
    /// The state that a head is in, such as `processing`.
    Status, "status";
    /// A payout's name in the outbox.
    OutboxId, "outbox id";
    /// What a lease is on, such as `payout-driver`.
    LeaseName, "lease name";
    /// Who holds a lease.
    Holder, "lease holder";
}

/// Text that a store keeps byte by byte and never reads: JSON, as a rule, so that a person with the database's own shell can.
///
/// It may hold personal data, so that [`Debug`](fmt::Debug) tells its length alone.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Body(Arc<str>);

/// A text with a NUL character, which not every database holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a body has a NUL character at byte {at}")]
pub struct BodyError {
    /// Where, in bytes from 0.
    pub at: usize,
}

impl Body {
    /// Takes a text.
    ///
    /// # Errors
    /// When it holds a NUL character; JSON escapes it.
    pub fn new(text: impl Into<Arc<str>>) -> Result<Self, BodyError> {
        let text = text.into();
        match text.find('\0') {
            Some(at) => Err(BodyError { at }),
            None => Ok(Self(text)),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_is_wrong_with_them() {
        assert_eq!(UnitKey::new("").unwrap_err().to_string(), "unit key `` is empty");
        assert_eq!(
            Holder::new("a\tb").unwrap_err().to_string(),
            "lease holder `a\\tb` has a control character"
        );
        let long = "é".repeat(257);
        let error = RecordId::new(&long).unwrap_err().to_string();
        assert!(error.ends_with("has more than 256 characters") && error.len() < 150, "{error}");
        assert!(RecordId::new(&"é".repeat(256)).is_ok());
    }

    #[test]
    fn a_body_hides_what_it_holds_and_refuses_nul() {
        let body = Body::new("{\"number\":\"110123456789\"}").unwrap();
        assert_eq!(format!("{body:?}"), "Body(25 bytes)");
        assert_eq!(Body::new("a\0b").unwrap_err().to_string(), "a body has a NUL character at byte 1");
    }
}
