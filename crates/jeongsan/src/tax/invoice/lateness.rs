//! When an invoice is due, and what the law calls it when it comes later.

use chrono::{Datelike, NaiveDate};

use super::InvoiceError;
use crate::calendar::{Calendar, CalendarError, Convention, next_month};
use crate::money::text_enum;
use crate::rate::Rate;

/// The day of the following month by which an invoice is issued (부가가치세법 제34조 제3항).
const DUE_DAY: u32 = 10;
/// The day of January and July by which the VAT return of the half before is filed (부가가치세법 제49조 제1항).
const RETURN_DAY: u32 = 25;

/// The last day on which an invoice is issued in time: the 10th of the month after its write date's, or the next business day where
/// that is closed (부가가치세법 제34조 제3항).
///
/// # Errors
/// [`CalendarError::OutOfRange`], [`CalendarError::BeyondRange`].
///
/// ```
/// # use chrono::{NaiveDate, Weekday, WeekdaySet};
/// # use jeongsan::calendar::{Calendar, DateRange};
/// use jeongsan::tax::due_date;
/// # let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
/// # let calendar = Calendar::builder("SHOP".parse()?, DateRange::new(day(1, 1), day(12, 31))?)
/// #     .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun])).build()?;
///
/// assert_eq!(due_date(day(3, 31), &calendar)?, day(4, 10));
/// assert_eq!(due_date(day(4, 1), &calendar)?, day(5, 11)); // the 10th is a Sunday
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn due_date(write_date: NaiveDate, calendar: &Calendar) -> Result<NaiveDate, CalendarError> {
    // At the end of all dates the calendar refuses the write date itself.
    let tenth = next_month(write_date).and_then(|first| first.with_day(DUE_DAY)).unwrap_or(write_date);
    calendar.adjust(tenth, Convention::Following)
}

/// The last day on which an invoice issued on a day is sent to the tax office in time: the day after, whatever day that is
/// (부가가치세법 시행령 제68조 제7항). `None` at the end of all dates.
#[must_use]
pub fn transmission_date(issued_on: NaiveDate) -> Option<NaiveDate> {
    issued_on.succ_opt()
}

/// The last day for the VAT return of the half that a write date lies in: 25 July or 25 January, or the next business day where that is
/// closed (부가가치세법 제49조 제1항, 국세기본법 제5조 제1항).
///
/// # Errors
/// [`CalendarError::OutOfRange`], [`CalendarError::BeyondRange`].
pub fn return_date(write_date: NaiveDate, calendar: &Calendar) -> Result<NaiveDate, CalendarError> {
    let (year, month) = if write_date.month() <= 6 {
        (write_date.year(), 7)
    } else {
        (write_date.year().saturating_add(1), 1)
    };
    let day = NaiveDate::from_ymd_opt(year, month, RETURN_DAY).unwrap_or(write_date);
    calendar.adjust(day, Convention::Following)
}

text_enum! {
    /// What the law calls the issue of an invoice on a day.
    pub enum Lateness ("lateness") or UnknownLateness {
        /// By its due date.
        InTime = "in-time",
        /// After it, by the day of the VAT return (지연발급).
        Late = "late",
        /// After the day of the VAT return: as if there were none (미발급).
        NotIssued = "not-issued",
    }
}

impl Lateness {
    /// What the issue on a day is called, of an invoice with this write date.
    ///
    /// # Errors
    /// [`InvoiceError::IssuedBeforeWritten`], [`InvoiceError::Calendar`].
    pub fn of(
        write_date: NaiveDate,
        issued_on: NaiveDate,
        calendar: &Calendar,
    ) -> Result<Self, InvoiceError> {
        if issued_on < write_date {
            return Err(InvoiceError::IssuedBeforeWritten { issued_on, write_date });
        }
        Ok(if issued_on <= due_date(write_date, calendar)? {
            Self::InTime
        } else if issued_on <= return_date(write_date, calendar)? {
            Self::Late
        } else {
            Self::NotIssued
        })
    }
}

/// The penalties (가산세) for an invoice that comes late, as rates of its supply value, in force from a day on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PenaltyRates {
    /// The first write date that they apply to.
    pub from: NaiveDate,
    /// What the supplier pays for a late one (부가가치세법 제60조 제2항 제1호).
    pub supplier_late: Rate,
    /// What the recipient pays for a late one that it deducts (부가가치세법 제60조 제7항 제1호).
    pub recipient_late: Rate,
    /// What the supplier pays for none (부가가치세법 제60조 제2항 제2호). The recipient pays nothing, and deducts nothing.
    pub supplier_not_issued: Rate,
}

/// What the two sides pay, as rates of the supply value.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Penalty {
    /// The supplier: of a reverse-issued invoice the partner.
    pub supplier: Rate,
    /// The recipient: of a reverse-issued invoice the merchant.
    pub recipient: Rate,
}

impl PenaltyRates {
    /// The Korean rates by the day from which they apply. Earlier ones aren't kept here; a table of one's own can hold them.
    pub const KOREAN: &'static [Self] = &[Self {
        from: match NaiveDate::from_ymd_opt(2017, 1, 1) {
            Some(date) => date,
            None => NaiveDate::MAX,
        },
        supplier_late: Rate::from_parts(10_000_000_000),
        recipient_late: Rate::from_parts(5_000_000_000),
        supplier_not_issued: Rate::from_parts(20_000_000_000),
    }];

    /// The rates of a table that apply to a write date: the latest from a day not after it. `None` before the first.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use jeongsan::tax::{Lateness, PenaltyRates};
    ///
    /// let write_date = NaiveDate::from_ymd_opt(2026, 5, 31).unwrap();
    /// let rates = PenaltyRates::in_force(PenaltyRates::KOREAN, write_date).unwrap();
    /// let penalty = rates.penalty(Lateness::Late);
    /// assert_eq!((penalty.supplier.to_string(), penalty.recipient.to_string()), ("1%".into(), "0.5%".into()));
    /// assert_eq!(rates.penalty(Lateness::NotIssued).supplier.to_string(), "2%");
    /// ```
    #[must_use]
    pub fn in_force(table: &[Self], write_date: NaiveDate) -> Option<&Self> {
        table.iter().filter(|rates| rates.from <= write_date).max_by_key(|rates| rates.from)
    }

    /// What the two sides pay.
    #[must_use]
    pub const fn penalty(&self, lateness: Lateness) -> Penalty {
        let (supplier, recipient) = match lateness {
            Lateness::InTime => (Rate::ZERO, Rate::ZERO),
            Lateness::Late => (self.supplier_late, self.recipient_late),
            Lateness::NotIssued => (self.supplier_not_issued, Rate::ZERO),
        };
        Penalty { supplier, recipient }
    }
}
