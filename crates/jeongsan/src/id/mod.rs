//! Ids: the names by which partners, contracts, policies, events and products are known.
//!
//! One newtype per kind of id, so that a contract's name can't stand where a partner's is wanted. An id is text as
//! its owner writes it, checked once when it is read: 1 to [`ID_CHARS_MAX`] characters, no control characters, no blanks
//! around it. Cloning one copies a pointer, never the text.
//!
//! Start with [`PartnerId`], [`EventId`].

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;
use core::str::FromStr;

mod business_number;
mod interner;

pub use business_number::{BusinessNumber, BusinessNumberError};
pub(crate) use interner::{Interned, Interner};

/// The most characters (Unicode scalar values) an id may have.
pub const ID_CHARS_MAX: usize = 128;

/// Why a text is no id.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{what} `{text}` {fault}")]
pub struct IdError {
    what: &'static str,
    text: String,
    fault: IdFault,
}

impl IdError {
    /// What is wrong with the text.
    #[must_use]
    pub const fn fault(&self) -> IdFault {
        self.fault
    }
}

/// The ways in which a text fails to be an id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IdFault {
    /// There is no text.
    #[error("is empty")]
    Empty,
    /// More than [`ID_CHARS_MAX`] characters.
    #[error("has more than {ID_CHARS_MAX} characters")]
    TooLong,
    /// A control character, such as a line end or a tab.
    #[error("has a control character")]
    ControlCharacter,
    /// A blank before or behind the text.
    #[error("has a blank at an end")]
    SurroundingBlank,
}

/// Checks the text of an id.
fn check(what: &'static str, text: &str) -> Result<(), IdError> {
    let fault = if text.is_empty() {
        IdFault::Empty
    } else if text.chars().any(char::is_control) {
        IdFault::ControlCharacter
    } else if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
        IdFault::SurroundingBlank
    } else if text.len() > ID_CHARS_MAX && text.chars().count() > ID_CHARS_MAX {
        IdFault::TooLong
    } else {
        return Ok(());
    };
    // An error must not carry a text of any length: the first 40 characters tell which one it is.
    let shown = text.chars().take(40).flat_map(char::escape_debug).collect();
    Err(IdError { what, text: shown, fault })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $example:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// ```
        #[doc = concat!("use jeongsan::id::", stringify!($name), ";")]
        ///
        #[doc = concat!("let id: ", stringify!($name), " = \"", $example, "\".parse()?;")]
        #[doc = concat!("assert_eq!(id.as_str(), \"", $example, "\");")]
        #[doc = concat!("assert!(\" ", $example, "\".parse::<", stringify!($name), ">().is_err());")]
        /// # Ok::<(), jeongsan::id::IdError>(())
        /// ```
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Reads an id.
            ///
            /// # Errors
            /// When the text is empty, longer than [`ID_CHARS_MAX`] characters, holds a control character or
            /// has blanks around it.
            pub fn new(text: &str) -> Result<Self, IdError> {
                check($what, text)?;
                Ok(Self(Arc::from(text)))
            }

            /// The id's text.
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
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl core::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(concat!("a text, the ", $what))
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        $name::new(text).map_err(|error| E::custom(error.to_string()))
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    )*};
}

ids! {
    /// The id of an additional-fee policy (추가 수수료 정책).
    AdditionalFeePolicyId, "additional-fee policy id", "fulfilment";
    /// The id of a bulk payout (일괄지급), a run that holds many payouts.
    BulkPayoutId, "bulk payout id", "run-2026-03-13";
    /// The id of a business-day calendar, such as `KR-BANK`.
    CalendarId, "calendar id", "KR-BANK";
    /// The id of a contract (계약); its versions share it.
    ContractId, "contract id", "standard";
    /// The id of a discount-share policy (할인 분담 정책).
    DiscountSharePolicyId, "discount-share policy id", "summer-coupon";
    /// The id of an event: an order, a cancellation or a manual entry. All three share one space of ids.
    EventId, "event id", "o-2026-000001";
    /// The id of a party that pays for a part of a discount beside partner and merchant.
    FunderId, "funder id", "card-company";
    /// The id of a tax invoice (문서번호), by which its amendments refer to it.
    InvoiceId, "invoice id", "tax-2026-03-seller-1";
    /// The id of a partner (파트너), the seller who is settled.
    PartnerId, "partner id", "seller-1";
    /// The id of a payout (지급), one transfer to a partner.
    PayoutId, "payout id", "po-2026-03-13-seller-1";
    /// The id of a product, which names a line within its order.
    ProductId, "product id", "sku-88";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn error(text: &str) -> String {
        PartnerId::new(text).unwrap_err().to_string()
    }

    #[test]
    fn faults_are_told_with_the_text() {
        assert_eq!(error(""), "partner id `` is empty");
        assert_eq!(error(" a"), "partner id ` a` has a blank at an end");
        assert_eq!(error("a\u{3000}"), r"partner id `a\u{3000}` has a blank at an end");
        assert_eq!(error("a\nb"), r"partner id `a\nb` has a control character");
        assert_eq!(
            error(&"가".repeat(129)),
            alloc::format!("partner id `{}` has more than 128 characters", "가".repeat(40))
        );
    }

    #[test]
    fn characters_count_not_bytes() {
        assert!(PartnerId::new(&"가".repeat(128)).is_ok());
        assert!(PartnerId::new("a b").is_ok());
    }

    #[test]
    fn text_is_the_document_form() {
        let id: EventId = serde_json::from_str("\"o-1\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"o-1\"");
        let error = serde_json::from_str::<EventId>("\"\"").unwrap_err().to_string();
        assert_eq!(error, "event id `` is empty at line 1 column 2");
    }
}
