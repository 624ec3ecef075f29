//! Which fee applies: the first of a list whose conditions hold.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime};

use crate::money::text_enum;
use crate::rate::Rate;

use super::{Fee, Grades, PaidWhen, SELLER_GRADE, TierMeasure, TierMode, Tiers};

/// The fee of a contract or policy: a list of which the first entry that matches applies.
///
/// A plain fee is an empty list and the fee that applies otherwise.
///
/// ```
/// use jeongsan::fee::{Fee, FeeRule};
///
/// let rule = FeeRule::from(Fee::of_rate("10%".parse()?));
/// assert!(rule.entries().is_empty());
/// # Ok::<(), jeongsan::rate::RateError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FeeRule {
    /// The entries with conditions, in the order they are asked.
    entries: Vec<FeeEntry>,
    /// The fee when none of them holds.
    otherwise: TieredFee,
}

/// One entry of a fee rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FeeEntry {
    /// What must hold, all of it.
    pub when: Vec<Condition>,
    /// The fee that then applies.
    pub fee: TieredFee,
}

/// A fee, or one by volume.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TieredFee {
    /// The same fee whatever the volume.
    Flat(Fee),
    /// A rate by volume.
    Tiered {
        /// The rates.
        tiers: Tiers,
        /// Minimum, maximum and whether the VAT is included; its own rate and fixed part are not used.
        bounds: Fee,
    },
}

/// What an entry of a fee rule asks.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Condition {
    /// An attribute of the line, else of the order, else a property of the partner, has this value. `seller_grade` of a partner with
    /// [`Grades`] is the one in force when the customer paid.
    Attribute {
        /// The attribute's name.
        name: String,
        /// Its value.
        value: String,
    },
    /// Fewer months have passed since the partner joined.
    MonthsSinceJoiningBelow(u32),
    /// The order says when it was paid, and that meets this.
    Paid(PaidWhen),
}

text_enum! {
    /// How the months since a partner joined are counted.
    pub enum TenureCounting ("tenure counting") or UnknownTenureCounting {
        /// By calendar months: the month of joining is month 0, whatever the day.
        CalendarMonths = "calendar-months",
        /// By the day of the month on which the partner joined; the last of a shorter month.
        Anniversary = "anniversary",
        /// By thirty days.
        Days = "days",
    }
}

/// Why entries make no fee rule.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FeeRuleError {
    /// An entry has no conditions, so that those behind it never apply.
    #[error("entry {place} of a selection has no `when`, so those behind it never apply")]
    NoConditions {
        /// Its place, from 0.
        place: usize,
    },
}

/// What the conditions of a fee rule are asked of.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'o> {
    /// The attributes in the order they are looked up: the line's, the order's, the partner's properties.
    pub attributes: [Option<&'o BTreeMap<String, String>>; 3],
    /// The settlement start date.
    pub date: NaiveDate,
    /// The day the partner joined.
    pub joined_on: Option<NaiveDate>,
    /// How months since then are counted.
    pub tenure_counting: TenureCounting,
    /// When the customer paid, if the order says it.
    pub paid_at: Option<DateTime<FixedOffset>>,
    /// The time zone of weekdays, times of day and the beginning of a date.
    pub time_zone: FixedOffset,
    /// The partner's grades; empty for one whose grade is an attribute like any other.
    pub grades: &'o Grades,
}

impl Circumstances<'_> {
    /// An attribute's value.
    fn attribute(&self, name: &str) -> Option<&str> {
        if name == SELLER_GRADE && !self.grades.is_empty() {
            return self.grades.at(self.paid_at.or_else(|| self.start_of_date())?);
        }
        let found = self.attributes.iter().flatten().find_map(|attributes| attributes.get(name));
        found.map(String::as_str)
    }

    /// The first instant of the settlement start date.
    fn start_of_date(&self) -> Option<DateTime<FixedOffset>> {
        self.date.and_time(NaiveTime::MIN).and_local_timezone(self.time_zone).single()
    }
}

impl From<TieredFee> for FeeRule {
    fn from(fee: TieredFee) -> Self {
        Self { entries: Vec::new(), otherwise: fee }
    }
}

impl From<Fee> for FeeRule {
    fn from(fee: Fee) -> Self {
        TieredFee::Flat(fee).into()
    }
}

impl From<Tiers> for FeeRule {
    fn from(tiers: Tiers) -> Self {
        TieredFee::Tiered { tiers, bounds: Fee::of_rate(Rate::ZERO) }.into()
    }
}

impl FeeRule {
    /// A rule by which the first entry that matches applies, and this fee where none does.
    ///
    /// # Errors
    /// When an entry has no conditions, so that nothing behind it would ever apply.
    pub fn select(entries: Vec<FeeEntry>, otherwise: TieredFee) -> Result<Self, FeeRuleError> {
        match entries.iter().position(|entry| entry.when.is_empty()) {
            Some(place) => Err(FeeRuleError::NoConditions { place }),
            None => Ok(Self { entries, otherwise }),
        }
    }

    /// The entries with conditions, in the order they are asked.
    #[must_use]
    pub fn entries(&self) -> &[FeeEntry] {
        &self.entries
    }

    /// The fee when none of the entries applies.
    #[must_use]
    pub const fn otherwise(&self) -> &TieredFee {
        &self.otherwise
    }

    /// The tiers among its fees that go by the sales of the partner.
    pub fn sales_tiers(&self) -> impl Iterator<Item = &Tiers> {
        let fees = self.entries.iter().map(|entry| &entry.fee).chain([&self.otherwise]);
        fees.filter_map(|fee| match fee {
            TieredFee::Tiered { tiers, .. } if tiers.measure() != TierMeasure::Given => Some(tiers),
            _ => None,
        })
    }

    /// Whether some of its fees are marginal tiers.
    #[must_use]
    pub fn is_marginal(&self) -> bool {
        let fees = self.entries.iter().map(|entry| &entry.fee).chain([&self.otherwise]);
        fees.into_iter()
            .any(|fee| matches!(fee, TieredFee::Tiered { tiers, .. } if tiers.mode() == TierMode::Marginal))
    }

    /// Whether it goes by the sales of the partner.
    #[must_use]
    pub(crate) fn measures_sales(&self) -> bool {
        self.sales_tiers().next().is_some()
    }

    /// The fee that applies: of the first entry whose conditions hold, else of the last, which has none.
    #[must_use]
    pub fn apply(&self, circumstances: &Circumstances<'_>) -> &TieredFee {
        let matches = |entry: &&FeeEntry| entry.when.iter().all(|condition| condition.holds(circumstances));
        self.entries.iter().find(matches).map_or(&self.otherwise, |entry| &entry.fee)
    }
}

impl Condition {
    /// Whether it holds; what is missing matches nothing.
    #[must_use]
    pub fn holds(&self, circumstances: &Circumstances<'_>) -> bool {
        match self {
            Self::Attribute { name, value } => circumstances.attribute(name) == Some(value),
            Self::Paid(when) => {
                circumstances.paid_at.is_some_and(|at| when.holds(at.with_timezone(&circumstances.time_zone)))
            }
            Self::MonthsSinceJoiningBelow(months) => circumstances
                .joined_on
                .and_then(|joined| circumstances.tenure_counting.months_between(joined, circumstances.date))
                .is_some_and(|passed| passed < *months),
        }
    }
}

impl TenureCounting {
    /// The months from the day of joining to a day; `None` when it lies before.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use jeongsan::fee::TenureCounting;
    ///
    /// let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
    /// assert_eq!(TenureCounting::CalendarMonths.months_between(day(1, 31), day(2, 1)), Some(1));
    /// assert_eq!(TenureCounting::Anniversary.months_between(day(1, 31), day(2, 27)), Some(0));
    /// assert_eq!(TenureCounting::Anniversary.months_between(day(1, 31), day(2, 28)), Some(1));
    /// assert_eq!(TenureCounting::Days.months_between(day(1, 31), day(3, 1)), Some(0));
    /// assert_eq!(TenureCounting::Days.months_between(day(1, 31), day(3, 2)), Some(1));
    /// ```
    #[must_use]
    pub fn months_between(self, joined: NaiveDate, day: NaiveDate) -> Option<u32> {
        if day < joined {
            return None;
        }
        let month =
            |date: NaiveDate| date.year().checked_mul(12)?.checked_add(i32::try_from(date.month0()).ok()?);
        let months = u32::try_from(month(day)?.checked_sub(month(joined)?)?).ok()?;
        match self {
            Self::CalendarMonths => Some(months),
            Self::Anniversary => {
                let reached = joined.checked_add_months(chrono::Months::new(months))? <= day;
                if reached { Some(months) } else { months.checked_sub(1) }
            }
            Self::Days => u32::try_from(day.signed_duration_since(joined).num_days() / 30).ok(),
        }
    }
}
