//! What is odd about the entries of a selection.
//!
//! An order can have any attributes, so conditions that can hold together do hold for an order with just the attributes they
//! name, and the fewest others hold for it too. That order is the witness: an entry applies at all if, and only if, no earlier
//! one takes its witness, and makes a difference if, and only if, one of its witnesses gets another fee without it.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::fee::{Condition, FeeEntry, FeeRule, TieredFee};

use super::Finder;

/// The field of a condition on months, as documents have it.
const MONTHS: &str = "months_since_joining_below";

impl Finder<'_> {
    /// Notes what is wrong with an entry and tells whether it can ever apply.
    pub(super) fn selection(&mut self, path: &str, rule: &FeeRule, place: usize) -> bool {
        let Some(entry) = rule.entries().get(place) else { return false };
        let when: Vec<&Condition> = entry.when.iter().collect();
        if let Some((field, message)) = self.contradiction(&when) {
            self.note(format!("{path}.when.{field}"), "impossible-select", message);
            return false;
        }
        let shadow = rule.entries().iter().take(place).position(|earlier| meets(&when, earlier));
        if let Some(first) = shadow {
            let witness = witness(&when);
            let message = format!("never applies: an order with {witness} meets `select[{first}]` first");
            self.note(path, "shadowed-select", message);
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
                }
                Condition::MonthsSinceJoiningBelow(0) => {
                    return Some((MONTHS, "no partner joined less than `0` months ago".into()));
                }
                Condition::MonthsSinceJoiningBelow(_) if !self.tells_tenure => {
                    return Some((MONTHS, "no partner says when it joined".into()));
                }
                Condition::MonthsSinceJoiningBelow(_) => {}
            }
        }
        None
    }

    /// Whether every order that the entry takes would get the same fee from those behind it.
    fn is_redundant(&self, rule: &FeeRule, (place, entry): (usize, &FeeEntry)) -> bool {
        let entries = rule.entries();
        let no_difference = |(later, when, fee): (usize, &[Condition], &TieredFee)| {
            let both: Vec<&Condition> = entry.when.iter().chain(when).collect();
            *fee == entry.fee
                || self.contradiction(&both).is_some()
                || (entries.iter().take(later).enumerate())
                    .any(|(other, earlier)| other != place && meets(&both, earlier))
        };
        let behind = entries.iter().enumerate().skip(place).skip(1);
        behind
            .map(|(later, behind)| (later, behind.when.as_slice(), &behind.fee))
            .chain([(entries.len(), [].as_slice(), rule.otherwise())])
            .all(no_difference)
    }
}

/// Whether every order that has all this meets the entry.
fn meets(having: &[&Condition], entry: &FeeEntry) -> bool {
    entry.when.iter().all(|wanted| {
        having.iter().any(|had| match (had, wanted) {
            (Condition::MonthsSinceJoiningBelow(fewer), Condition::MonthsSinceJoiningBelow(months)) => {
                fewer <= months
            }
            _ => *had == wanted,
        })
    })
}

/// The fewest attributes of an order that meets the conditions.
fn witness(when: &[&Condition]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut fewest_months: Option<u32> = None;
    for condition in when {
        match condition {
            Condition::Attribute { name, value } => parts.push(format!("`{name} = {value}`")),
            Condition::MonthsSinceJoiningBelow(months) => {
                fewest_months = Some(fewest_months.map_or(*months, |fewest| fewest.min(*months)));
            }
        }
    }
    let passed = fewest_months.map(|months| months.saturating_sub(1));
    parts.extend(passed.map(|months| format!("`months_since_joining = {months}`")));
    parts.dedup();
    parts.join(", ")
}
