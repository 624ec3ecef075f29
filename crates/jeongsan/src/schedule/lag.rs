//! How long a settlement is held.

use core::fmt;
use core::str::FromStr;

use super::ScheduleError;
use crate::calendar::StartRule;
use crate::id::CalendarId;

/// How long after its start date a settlement is held (지체일, 보류일).
///
/// Written `2d` or `2` for calendar days, `6bd-roll-forward` for business days, `6bd-strict@US-FED` for those of another calendar.
///
/// ```
/// use jeongsan::calendar::StartRule;
/// use jeongsan::schedule::Lag;
///
/// assert_eq!("2d".parse(), Ok(Lag::Days(2)));
/// let lag = Lag::BusinessDays { days: 15, start: StartRule::Strict, calendar: None };
/// assert_eq!(lag.to_string(), "15bd-strict");
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Lag {
    /// Calendar days.
    Days(u16),
    /// Business days.
    BusinessDays {
        /// How many.
        days: u16,
        /// What a closed start date means.
        start: StartRule,
        /// The calendar they are counted on, when it isn't the schedule's own.
        calendar: Option<CalendarId>,
    },
}

impl Default for Lag {
    fn default() -> Self {
        Self::Days(0)
    }
}

impl FromStr for Lag {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let malformed =
            || ScheduleError::malformed("lag", text, "`2d`, `6bd-roll-forward` or `1bd-strict@US-FED`");
        let number = |digits: &str| {
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| is_number).ok_or_else(malformed)
        };
        let Some((days, rule)) = text.split_once("bd-") else {
            return number(text.strip_suffix('d').unwrap_or(text)).map(Self::Days);
        };
        let (start, calendar) = match rule.split_once('@') {
            Some((start, id)) => (start, Some(CalendarId::new(id).map_err(|_| malformed())?)),
            None => (rule, None),
        };
        let start = start.parse().map_err(|_| malformed())?;
        Ok(Self::BusinessDays { days: number(days)?, start, calendar })
    }
}

impl fmt::Display for Lag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days}d"),
            Self::BusinessDays { days, start, calendar } => {
                write!(f, "{days}bd-{start}")?;
                calendar.as_ref().map_or(Ok(()), |id| write!(f, "@{id}"))
            }
        }
    }
}
