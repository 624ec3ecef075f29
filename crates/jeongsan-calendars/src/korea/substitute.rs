//! The days given for holidays that fell on closed days (대체공휴일).

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate};
use jeongsan::calendar::{Holiday, HolidayKind};

use super::{Class, PublicDay};
use crate::day_rules::{is_weekend, next_free_day};
use crate::status;

const LAW: &str = "관공서의 공휴일에 관한 규정 제3조";

/// The substitutes for public holidays, which are sorted by date.
///
/// One for each day that triggers, even when two holidays on it do; each takes the first later day that is neither a weekend nor a holiday
/// nor given already.
pub(super) fn holidays(public: &[PublicDay]) -> Vec<Holiday> {
    let is_holiday = |date| public.binary_search_by_key(&date, |day| day.holiday.date).is_ok();
    let mut substitutes: Vec<Holiday> = Vec::new();
    for on_the_day in public.chunk_by(|a, b| a.holiday.date == b.holiday.date) {
        let Some(trigger) = Trigger::of(on_the_day) else { continue };
        let is_given = |date| substitutes.iter().rev().take(4).any(|given| given.date == date);
        let date = next_free_day(trigger.date, |date| is_holiday(date) || is_given(date));
        substitutes.push(Holiday {
            english: trigger.english().into(),
            substitute_for: Some(trigger.date),
            status: status(date),
            known_on: trigger.known_on(),
            source: LAW.into(),
            ..Holiday::new(date, HolidayKind::Substitute, trigger.name())
        });
    }
    substitutes
}

/// A day whose holidays are given back, and those of them that are.
struct Trigger<'a> {
    date: NaiveDate,
    given_back: Vec<(&'a PublicDay, Class)>,
}

impl<'a> Trigger<'a> {
    fn of(on_the_day: &'a [PublicDay]) -> Option<Self> {
        let date = on_the_day.first()?.holiday.date;
        let is_shared_weekday = on_the_day.len() > 1 && !is_weekend(date);
        let given_back: Vec<_> = on_the_day
            .iter()
            .filter_map(|day| Some((day, day.class?)))
            .filter(|(_, class)| class.applies_from() <= date)
            .filter(|(_, class)| is_shared_weekday || class.is_given_back_on(date.weekday()))
            .collect();
        (!given_back.is_empty()).then_some(Self { date, given_back })
    }

    /// The rule that was settled first suffices.
    fn known_on(&self) -> Option<NaiveDate> {
        self.given_back.iter().map(|(_, class)| class.known_on()).min()
    }

    fn name(&self) -> String {
        let mut names: Vec<_> = self.given_back.iter().map(|(day, _)| day.substitute_name).collect();
        names.sort_unstable();
        alloc::format!("대체공휴일({})", names.join("·"))
    }

    fn english(&self) -> String {
        let mut names: Vec<_> = self.given_back.iter().map(|(day, _)| &*day.holiday.english).collect();
        names.sort_unstable();
        alloc::format!("Substitute for {}", names.join(" / "))
    }
}
