//! What is odd about the entries of a selection.
//!
//! An order can have any attributes, so conditions that can hold together do hold for an order with just the attributes they
//! name, and the fewest others hold for it too. One such order for each instant of payment that the conditions can tell apart, or
//! one without an instant where none of them asks for it, are the witnesses: an entry applies at all if, and only if, one of its witnesses
//! meets no earlier entry, and makes a difference if, and only if, one of its witnesses gets another fee without it.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, FixedOffset};

use crate::fee::{Condition, FeeEntry, FeeRule, PaidWhen, SELLER_GRADE, TieredFee};

use super::Finder;
use super::moments::{moments, span};

/// The fields of conditions, as documents have them.
const MONTHS: &str = "months_since_joining_below";
const PAID_BEFORE: &str = "paid_before";
const PAID_TIME: &str = "paid_time";
const PAID_WEEKDAYS: &str = "paid_weekdays";

/// When an order that bears witness was paid, if it says so.
type Moment = Option<DateTime<FixedOffset>>;

impl Finder<'_> {
    /// Notes what is wrong with an entry and tells whether it can ever apply.
    pub(super) fn selection(&mut self, path: &str, rule: &FeeRule, place: usize) -> bool {
        let Some(entry) = rule.entries().get(place) else { return false };
        let when: Vec<&Condition> = entry.when.iter().collect();
        if let Some((field, message)) = self.contradiction(&when) {
            self.note(format!("{path}.when.{field}"), "impossible-select", message);
            return false;
        }
        let earlier = rule.entries().iter().enumerate().take(place);
        if let Some(takers) = self.takers(&when, earlier) {
            self.note(path, "shadowed-select", shadowed(&when, &takers));
            return false;
        }
        if self.is_redundant(rule, (place, entry)) {
            self.note(path, "redundant-select", "the fee is the same without this entry".into());
        }
        true
    }

    /// Why conditions never hold together, and the field that says so.
    fn contradiction<'c>(&self, when: &[&'c Condition]) -> Option<(&'c str, String)> {
        let mut values: BTreeMap<&str, &str> = BTreeMap::new();
        for condition in when {
            match condition {
                Condition::Attribute { name, value } => {
                    if let Some(other) = values.insert(name, value).filter(|other| other != value) {
                        return Some((name, format!("`{name}` can't be both `{other}` and `{value}`")));
                    }
                    let grades = self.grades.as_ref().filter(|_| name == SELLER_GRADE);
                    if grades.is_some_and(|grades| !grades.contains(value.as_str())) {
                        return Some((name, format!("no partner ever has the grade `{value}`")));
                    }
                }
                Condition::MonthsSinceJoiningBelow(0) => {
                    return Some((MONTHS, "no partner joined less than `0` months ago".into()));
                }
                Condition::MonthsSinceJoiningBelow(_) if !self.tells_tenure => {
                    return Some((MONTHS, "no partner says when it joined".into()));
                }
                Condition::MonthsSinceJoiningBelow(_) | Condition::Paid(_) => {}
            }
        }
        self.never_paid(&paid(when.iter().copied()))
    }

    /// Why nothing is ever paid when all these hold, and the field that says so.
    fn never_paid(&self, paid: &[&PaidWhen]) -> Option<(&'static str, String)> {
        for condition in paid {
            if let PaidWhen::Time(window) = condition
                && window.from() == window.before()
            {
                let (from, before) = (window.from(), window.before());
                return Some((
                    PAID_TIME,
                    format!("nothing is paid from `{from}` and before `{before}` of a day"),
                ));
            }
        }
        let (from, before) = span(paid.iter().copied());
        if let (Some(from), Some(before)) = (from, before)
            && before <= from
        {
            let (from, before) = (from.to_rfc3339(), before.to_rfc3339());
            return Some((PAID_BEFORE, format!("nothing is paid from `{from}` and before `{before}`")));
        }
        if paid.is_empty() || !moments(paid, &[], self.book.options.time_zone)?.is_empty() {
            return None;
        }
        let names_weekdays = paid.iter().any(|condition| matches!(condition, PaidWhen::Weekdays(_)));
        let field = if names_weekdays { PAID_WEEKDAYS } else { PAID_TIME };
        Some((field, format!("no instant{} has such a weekday and time of day", between(from, before))))
    }

    /// Which entry each witness of some conditions meets first; `None` when one of them meets none.
    fn takers<'r>(
        &self,
        having: &[&Condition],
        entries: impl Iterator<Item = (usize, &'r FeeEntry)>,
    ) -> Option<Vec<(Moment, usize)>> {
        let rivals: Vec<(usize, Vec<&PaidWhen>)> = entries
            .filter(|(_, entry)| meets_but_for_payment(having, entry))
            .map(|(place, entry)| (place, paid(&entry.when)))
            .collect();
        let mut takers = Vec::new();
        for moment in self.witnesses(having, &rivals)? {
            let taken_by = rivals.iter().find(|(_, asked)| {
                asked.iter().all(|condition| moment.is_some_and(|at| condition.holds(at)))
            });
            takers.push((moment, taken_by?.0));
        }
        Some(takers)
    }

    /// When the witnesses of some conditions were paid, so that they tell the others apart; `None` where there are too many.
    fn witnesses(&self, having: &[&Condition], others: &[(usize, Vec<&PaidWhen>)]) -> Option<Vec<Moment>> {
        let having = paid(having.iter().copied());
        if having.is_empty() {
            return Some(alloc::vec![None]);
        }
        let others: Vec<&PaidWhen> = others.iter().flat_map(|(_, asked)| asked.iter().copied()).collect();
        let found = moments(&having, &others, self.book.options.time_zone)?;
        Some(found.into_iter().map(Some).collect())
    }

    /// Whether every order that the entry takes would get the same fee from those behind it.
    fn is_redundant(&self, rule: &FeeRule, (place, entry): (usize, &FeeEntry)) -> bool {
        let entries = rule.entries();
        let no_difference = |(later, when, fee): (usize, &[Condition], &TieredFee)| {
            let both: Vec<&Condition> = entry.when.iter().chain(when).collect();
            let others = entries.iter().enumerate().take(later).filter(|(other, _)| *other != place);
            *fee == entry.fee || self.contradiction(&both).is_some() || self.takers(&both, others).is_some()
        };
        let behind = entries.iter().enumerate().skip(place).skip(1);
        behind
            .map(|(later, behind)| (later, behind.when.as_slice(), &behind.fee))
            .chain([(entries.len(), [].as_slice(), rule.otherwise())])
            .all(no_difference)
    }
}

/// What some conditions ask of the instant of payment.
fn paid<'c>(when: impl IntoIterator<Item = &'c Condition>) -> Vec<&'c PaidWhen> {
    let asked = when.into_iter().filter_map(|condition| match condition {
        Condition::Paid(paid) => Some(paid),
        _ => None,
    });
    asked.collect()
}

/// Whether every order that has all this meets what the entry asks beside the instant of payment.
fn meets_but_for_payment(having: &[&Condition], entry: &FeeEntry) -> bool {
    entry.when.iter().filter(|wanted| !matches!(wanted, Condition::Paid(_))).all(|wanted| {
        having.iter().any(|had| match (had, wanted) {
            (Condition::MonthsSinceJoiningBelow(fewer), Condition::MonthsSinceJoiningBelow(months)) => {
                fewer <= months
            }
            _ => *had == wanted,
        })
    })
}

fn between(from: Moment, before: Moment) -> String {
    let part =
        |word: &str, at: Moment| at.map_or_else(String::new, |at| format!(" {word} `{}`", at.to_rfc3339()));
    let and = if from.is_some() && before.is_some() { " and" } else { "" };
    format!("{}{and}{}", part("from", from), part("before", before))
}

/// That whatever meets the conditions meets earlier entries first, with the first witness.
fn shadowed(when: &[&Condition], takers: &[(Moment, usize)]) -> String {
    let mut places: Vec<usize> = Vec::new();
    for (_, place) in takers {
        if !places.contains(place) {
            places.push(*place);
        }
    }
    let places: Vec<String> = places.iter().map(|place| format!("`select[{place}]`")).collect();
    let witness = witness(when, takers.first().and_then(|(moment, _)| *moment));
    let (first, others) = places.split_first().map_or(("", [].as_slice()), |(first, others)| (first, others));
    let others = if others.is_empty() { String::new() } else { format!(", others {}", others.join(", ")) };
    format!("never applies: an order with {witness} meets {first} first{others}")
}

/// The fewest attributes of an order that meets the conditions, and when it was paid.
fn witness(when: &[&Condition], moment: Moment) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut fewest_months: Option<u32> = None;
    for condition in when {
        match condition {
            Condition::Attribute { name, value } => parts.push(format!("`{name} = {value}`")),
            Condition::MonthsSinceJoiningBelow(months) => {
                fewest_months = Some(fewest_months.map_or(*months, |fewest| fewest.min(*months)));
            }
            Condition::Paid(_) => {}
        }
    }
    let passed = fewest_months.map(|months| months.saturating_sub(1));
    parts.extend(passed.map(|months| format!("`months_since_joining = {months}`")));
    parts.extend(moment.map(|at| format!("`paid_at = {}`", at.to_rfc3339())));
    parts.dedup();
    parts.join(", ")
}
