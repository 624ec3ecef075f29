//! The suite that every store passes, for implementors of [`Store`].
//!
//! A [`Fixture`] opens a store of its own for each rule; [`store_conformance!`](crate::store_conformance) makes one test a rule from it. A [`Rule`] says in a sentence what
//! must hold and in its error what was seen. [`FaultyStore`] breaks one promise at a time, to prove that the rules find it.
//!
//! ```
//! # mod conformance {
//! use std::sync::Arc;
//!
//! use jeongsan_store::testing::Fixture;
//! use jeongsan_store::{MemoryStore, Store};
//!
//! #[derive(Default)]
//! struct InMemory(Arc<MemoryStore>);
//!
//! impl Fixture for InMemory {
//!     fn open(&self) -> Box<dyn Store> {
//!         Box::new(Arc::clone(&self.0))
//!     }
//! }
//!
//! jeongsan_store::store_conformance!(InMemory::default());
//! # }
//! ```

mod faulty;
mod rules;
mod sample;

pub use faulty::{Fault, FaultyStore};
pub use sample::{sample_unit, sample_unit_is_there};

use crate::Store;

/// A place where one rule's store lives, such as a folder that goes when it is dropped; empty when it is made.
pub trait Fixture: Send + Sync {
    /// Opens the store. Several may be open at once, as in several processes; all have the same content.
    fn open(&self) -> Box<dyn Store>;

    /// Makes the store by the oldest schema there was, with [`sample_unit`] in it, and opens it with today's program; `None` while there is
    /// but one schema.
    fn open_older(&self) -> Option<Box<dyn Store>> {
        None
    }
}

/// Whether a rule holds: the error says what was seen instead.
pub type Verdict = Result<(), String>;

/// One thing that every store must do.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What must hold, as the name of a test.
    pub name: &'static str,
    /// Looks whether it does, on an empty store.
    pub check: fn(&dyn Fixture) -> Verdict,
}

/// Goes on when the two are equal, else the verdict is what they are.
macro_rules! ensure_eq {
    ($left:expr, $right:expr, $what:expr) => {{
        let (left, right) = (&$left, &$right);
        if left != right {
            return Err(format!("{}: {left:?} instead of {right:?}", $what));
        }
    }};
}

/// Goes on when it holds, else the verdict is what was seen.
macro_rules! ensure {
    ($holds:expr, $($what:tt)+) => {
        if !$holds {
            return Err(format!($($what)+));
        }
    };
}

use {ensure, ensure_eq};

/// Declares the rules once: the list, and the macro that makes a test of each.
macro_rules! declare_rules {
    ($($module:ident: $($name:ident)+;)+) => {
        /// Every rule.
        pub const RULES: &[Rule] =
            &[$($(Rule { name: stringify!($name), check: rules::$module::$name },)+)+];

        /// Looks whether a rule holds, by its name.
        ///
        /// # Errors
        /// What was seen instead.
        pub fn check_rule(name: &str, fixture: &dyn Fixture) -> Verdict {
            match RULES.iter().find(|rule| rule.name == name) {
                Some(rule) => (rule.check)(fixture),
                None => Err(format!("there is no rule `{name}`")),
            }
        }
    };
}

declare_rules! {
    commit:
        a_unit_reads_back_as_it_was_written an_empty_unit_is_committed a_unit_is_written_once
        a_key_with_another_request_is_refused a_replay_is_told_before_any_other_fault
        a_receipt_is_found_by_its_key sequences_rise a_stale_head_rolls_everything_back
        a_head_is_first_written_when_absent versions_count_from_one a_head_is_written_once_a_unit
        a_duplicate_settlement_rolls_everything_back settlements_differ_by_kind_cause_and_partner
        a_duplicate_record_rolls_everything_back a_refused_unit_leaves_its_key_free;
    outbox:
        the_outbox_is_written_with_its_unit an_outbox_name_never_comes_twice a_payout_leaves_the_outbox_once
        the_outbox_is_read_in_the_order_of_writing the_outbox_pages_behind_what_was_sent;
    read:
        settlements_are_found_by_partner_and_dates settlements_are_found_by_order settlements_come_by_date_then_writing
        pages_are_complete_under_ties pages_are_stable_while_others_write records_are_found_by_each_key
        heads_are_found_by_each_key heads_come_by_name_byte_by_byte heads_page_by_name;
    value:
        extreme_amounts_are_kept every_currency_is_kept ids_of_any_script_are_kept ids_differ_by_case_and_form
        far_dates_are_kept long_names_and_bodies_are_kept a_huge_unit_is_one_unit;
    concurrent:
        of_two_writers_of_one_head_one_wins sums_are_conserved_under_many_writers
        readers_see_no_half_unit one_unit_from_many_threads_is_written_once;
    lease:
        a_lease_is_held_until_its_time_is_over a_holder_keeps_its_lease_and_token the_next_holder_has_a_higher_token
        a_lease_given_back_is_free a_unit_under_a_lease_given_back_is_refused only_the_holder_gives_a_lease_back a_unit_under_a_stale_lease_is_refused
        a_unit_under_the_lease_is_written;
    durable:
        what_was_committed_is_there_when_opened_again what_one_handle_commits_another_reads leases_outlast_their_store
        an_older_schema_is_brought_up_to_date;
}

/// Makes one test a rule from an expression that gives a new [`Fixture`].
#[macro_export]
macro_rules! store_conformance {
    ($fixture:expr) => {
        $crate::store_conformance_tests! { $fixture;
            a_unit_reads_back_as_it_was_written an_empty_unit_is_committed a_unit_is_written_once
            a_key_with_another_request_is_refused a_replay_is_told_before_any_other_fault
            a_receipt_is_found_by_its_key sequences_rise a_stale_head_rolls_everything_back
            a_head_is_first_written_when_absent versions_count_from_one a_head_is_written_once_a_unit
            a_duplicate_settlement_rolls_everything_back settlements_differ_by_kind_cause_and_partner
            a_duplicate_record_rolls_everything_back a_refused_unit_leaves_its_key_free
            the_outbox_is_written_with_its_unit an_outbox_name_never_comes_twice a_payout_leaves_the_outbox_once
            the_outbox_is_read_in_the_order_of_writing the_outbox_pages_behind_what_was_sent
            settlements_are_found_by_partner_and_dates settlements_are_found_by_order
            settlements_come_by_date_then_writing pages_are_complete_under_ties
            pages_are_stable_while_others_write records_are_found_by_each_key heads_are_found_by_each_key
            heads_come_by_name_byte_by_byte heads_page_by_name extreme_amounts_are_kept every_currency_is_kept
            ids_of_any_script_are_kept ids_differ_by_case_and_form far_dates_are_kept
            long_names_and_bodies_are_kept a_huge_unit_is_one_unit of_two_writers_of_one_head_one_wins
            sums_are_conserved_under_many_writers readers_see_no_half_unit
            one_unit_from_many_threads_is_written_once a_lease_is_held_until_its_time_is_over
            a_holder_keeps_its_lease_and_token the_next_holder_has_a_higher_token a_lease_given_back_is_free a_unit_under_a_lease_given_back_is_refused
            only_the_holder_gives_a_lease_back a_unit_under_a_stale_lease_is_refused
            a_unit_under_the_lease_is_written what_was_committed_is_there_when_opened_again
            what_one_handle_commits_another_reads leases_outlast_their_store
            an_older_schema_is_brought_up_to_date
        }

        /// A rule that is declared but not made a test would go unseen.
        #[test]
        fn every_rule_is_a_test() {
            assert_eq!(RULES_TESTED.len(), $crate::testing::RULES.len());
        }
    };
}

/// The tests of [`store_conformance!`](crate::store_conformance).
#[doc(hidden)]
#[macro_export]
macro_rules! store_conformance_tests {
    ($fixture:expr; $($name:ident)+) => {
        const RULES_TESTED: &[&str] = &[$(stringify!($name),)+];

        $(
            #[test]
            fn $name() {
                let fixture = $fixture;
                if let Err(seen) = $crate::testing::check_rule(stringify!($name), &fixture) {
                    panic!("{seen}");
                }
            }
        )+
    };
}
