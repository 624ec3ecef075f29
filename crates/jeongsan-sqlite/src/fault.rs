//! What SQLite says, in the store's terms.

use jeongsan_store::StoreError;
use rusqlite::{Error, ErrorCode};

/// What an error means where nothing can have been written.
pub(crate) fn fault(error: &Error) -> StoreError {
    let reason = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::SystemIoFailure) => {
            StoreError::Unavailable { reason }
        }
        Some(ErrorCode::DiskFull) => StoreError::Full { reason },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            StoreError::ReadOnly { reason }
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Corrupt { reason },
        _ => StoreError::Refused { reason },
    }
}

/// What an error of a commit means: where the file failed, it may have been written.
pub(crate) fn commit_fault(error: &Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::SystemIoFailure) => StoreError::InDoubt { reason: error.to_string() },
        _ => fault(error),
    }
}

/// A value that only a damaged or foreign file has.
pub(crate) fn corrupt(reason: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt { reason: reason.to_string() }
}
