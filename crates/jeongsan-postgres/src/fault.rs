//! What PostgreSQL says, in the store's terms.
//!
//! The server's detail, hint and context repeat values of the rows, as do messages on values; none of them is passed on.

use std::error::Error as _;

use jeongsan_store::StoreError;
use tokio_postgres::Error;
use tokio_postgres::error::DbError;

/// Why the work on a transaction stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    /// For what the caller is told.
    Told(StoreError),
    /// For what another transaction did: the whole unit is to be tried again.
    Again(String),
    /// For a row that is there already, by the name of the constraint.
    Taken(String),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Told(error)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error.as_db_error() {
            Some(told) if matches!(told.code().code(), "40001" | "40P01") => Self::Again(reason(&error)),
            Some(told) if told.code().code() == "23505" => {
                Self::Taken(told.constraint().unwrap_or_default().to_owned())
            }
            _ => Self::Told(fault(&error)),
        }
    }
}

impl From<Stop> for StoreError {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Told(error) => error,
            Stop::Again(reason) => Self::Unavailable { reason },
            Stop::Taken(constraint) => Self::Refused { reason: format!("constraint `{constraint}`") },
        }
    }
}

fn told(error: &DbError) -> String {
    let code = error.code().code();
    // Class 22 is about values, and names them.
    if code.starts_with("22") {
        return format!("a value that the server doesn't take ({code})");
    }
    format!("{} ({code})", error.message())
}

fn reason(error: &Error) -> String {
    match error.as_db_error() {
        Some(error) => told(error),
        None => error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}")),
    }
}

/// What an error means where nothing can have been written.
pub(crate) fn fault(error: &Error) -> StoreError {
    let Some(told) = error.as_db_error() else {
        return driver_fault(error);
    };
    let (code, reason) = (told.code().code(), reason(error));
    match code {
        "53100" => StoreError::Full { reason },
        "25006" => StoreError::ReadOnly { reason },
        "XX001" | "XX002" => StoreError::Corrupt { reason },
        "55P03" | "57014" => StoreError::Unavailable { reason },
        _ if ["08", "40", "53", "57P", "58"].iter().any(|class| code.starts_with(class)) => {
            StoreError::Unavailable { reason }
        }
        _ => StoreError::Refused { reason },
    }
}

/// What the driver found. Its kinds are its own; their texts are all that it shows.
fn driver_fault(error: &Error) -> StoreError {
    let what = error.to_string();
    let begins = |texts: &[&str]| texts.iter().any(|text| what.starts_with(text));
    if begins(&["error deserializing", "invalid column"]) {
        StoreError::Corrupt { reason: reason(error) }
    } else if begins(&["invalid con", "error serializing"]) {
        // What caused it may hold parts of what was given.
        StoreError::Refused { reason: what }
    } else if begins(&["authentication", "error performing TLS"]) {
        StoreError::Refused { reason: reason(error) }
    } else {
        StoreError::Unavailable { reason: reason(error) }
    }
}

/// What an error of a commit means: unless the server says that it rolled back, it may have been written.
pub(crate) fn commit_fault(error: Error) -> Stop {
    let rolled_back = |told: &DbError| {
        let code = told.code().code();
        ["23", "25", "40", "53"].iter().any(|class| code.starts_with(class)) && code != "40003"
    };
    if error.as_db_error().is_some_and(rolled_back) {
        Stop::from(error)
    } else {
        Stop::Told(StoreError::InDoubt { reason: reason(&error) })
    }
}

/// A value that only a damaged or foreign database has.
pub(crate) fn corrupt(reason: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt { reason: reason.to_string() }
}
