//! Each broken promise is found by a rule.

use std::sync::Arc;

use jeongsan_store::testing::{Fault, FaultyStore, Fixture, RULES};
use jeongsan_store::{MemoryStore, Store};

struct Faulty {
    store: Arc<MemoryStore>,
    fault: Fault,
}

impl Fixture for Faulty {
    fn open(&self) -> Box<dyn Store> {
        Box::new(FaultyStore::new(Arc::clone(&self.store), self.fault))
    }
}

/// The rules that a store with this fault breaks.
fn broken_by(fault: Fault) -> Vec<&'static str> {
    // The rule with 100,000 rows takes a while and finds nothing that smaller ones don't.
    let rules = RULES.iter().filter(|rule| rule.name != "a_huge_unit_is_one_unit");
    rules
        .filter(|rule| (rule.check)(&Faulty { store: Arc::default(), fault }).is_err())
        .map(|rule| rule.name)
        .collect()
}

#[test]
fn every_fault_breaks_a_rule() {
    for fault in Fault::ALL {
        let broken = broken_by(*fault);
        println!("{fault:?}: {}", broken.join(" "));
        assert!(!broken.is_empty(), "{fault:?} is not found");
    }
}
