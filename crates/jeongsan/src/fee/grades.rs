//! The grades of a seller, each in force from an instant until the next begins.

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, FixedOffset};

/// The attribute that a partner's grades answer, where it has any.
pub(crate) const SELLER_GRADE: &str = "seller_grade";

/// A partner's grades, by the instants at which they change (a marketplace regrades its sellers at 00:00 Korea time of a day).
///
/// ```
/// use jeongsan::fee::{Grade, Grades};
///
/// let instant = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap();
/// let grades = Grades::new(vec![
///     Grade { grade: "general".into(), from: None },
///     Grade { grade: "small-1".into(), from: Some(instant("2026-02-14T00:00:00+09:00")) },
/// ])?;
/// assert_eq!(grades.at(instant("2026-02-13T23:59:59+09:00")), Some("general"));
/// assert_eq!(grades.at(instant("2026-02-13T15:00:00Z")), Some("small-1"));
/// # Ok::<(), jeongsan::fee::GradesError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Grades(Vec<Grade>);

/// A grade and the instant from which it is in force.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Grade {
    /// The grade.
    pub grade: String,
    /// Its first instant; `None` for one that was always in force.
    pub from: Option<DateTime<FixedOffset>>,
}

/// Why grades make no table.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GradesError {
    /// A grade behind the first doesn't say from when it is in force.
    #[error("only the earliest grade may leave out `from`")]
    NoFrom {
        /// Its place, from 0.
        place: usize,
    },
    /// A grade begins at or before the instant of the one before it.
    #[error("the grade from `{}` doesn't begin after the one before it", from.to_rfc3339())]
    NotAscending {
        /// When it begins.
        from: DateTime<FixedOffset>,
        /// Its place, from 0.
        place: usize,
    },
}

impl GradesError {
    /// The place of the grade at fault, from 0.
    #[must_use]
    pub const fn place(self) -> usize {
        match self {
            Self::NoFrom { place } | Self::NotAscending { place, .. } => place,
        }
    }
}

impl Grades {
    /// Grades in ascending order of their instants; none at all for a partner without grades.
    ///
    /// # Errors
    /// When one doesn't begin after the one before it, or leaves its instant out and isn't the first.
    pub fn new(grades: Vec<Grade>) -> Result<Self, GradesError> {
        for (place, (before, grade)) in grades.iter().zip(grades.iter().skip(1)).enumerate() {
            let place = place.saturating_add(1);
            match grade.from {
                None => return Err(GradesError::NoFrom { place }),
                Some(from) if before.from.is_some_and(|before| from <= before) => {
                    return Err(GradesError::NotAscending { from, place });
                }
                Some(_) => {}
            }
        }
        Ok(Self(grades))
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The grades, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = &Grade> {
        self.0.iter()
    }

    /// The grade in force at an instant; `None` before the first.
    #[must_use]
    pub fn at(&self, instant: DateTime<FixedOffset>) -> Option<&str> {
        let begun = self.0.iter().rev().find(|grade| grade.from.is_none_or(|from| from <= instant));
        begun.map(|grade| grade.grade.as_str())
    }
}
