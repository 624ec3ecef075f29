//! Laws of allocation: exhaustively where small, by chance where large.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use jeongsan::money::{AllocationError, AllocationMethod, Amount, allocate};
use proptest::prelude::*;

fn parts(amount: i64, weights: &[i64], method: AllocationMethod) -> Result<Vec<i64>, AllocationError> {
    let weights: Vec<Amount> = weights.iter().copied().map(Amount::new).collect();
    allocate(Amount::new(amount), &weights, method)
        .map(|parts| parts.into_iter().map(Amount::minor).collect())
}

/// What holds of every method.
fn check_laws(amount: i64, weights: &[i64], method: AllocationMethod) {
    if weights.iter().all(|weight| *weight == 0) {
        let shared = parts(amount, weights, method);
        assert_eq!(shared.is_ok(), amount == 0, "only nothing can go to nobody");
        return;
    }
    let shared = parts(amount, weights, method).unwrap();
    assert_eq!(shared.len(), weights.len());
    assert_eq!(shared.iter().map(|part| i128::from(*part)).sum::<i128>(), i128::from(amount), "adds up");
    for (part, weight) in shared.iter().zip(weights) {
        assert!(*weight != 0 || *part == 0, "a zero weight gets nothing");
        assert!(*part == 0 || (*part < 0) == (amount < 0), "no part goes the other way");
    }
    let mirrored: Vec<i64> = shared.iter().map(|part| -part).collect();
    assert_eq!(parts(-amount, weights, method).unwrap(), mirrored, "the sign is mirrored");
    if method == AllocationMethod::LargestRemainder {
        check_largest_remainder(amount, weights, &shared);
    }
}

/// Each part is the exact one cut or one more, and who gets one more lost at least as much as who doesn't; the earlier first among equals.
fn check_largest_remainder(amount: i64, weights: &[i64], shared: &[i64]) {
    let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let exact = |weight: &i64| i128::from(amount.abs()) * i128::from(*weight);
    let raised: Vec<bool> = shared
        .iter()
        .zip(weights)
        .map(|(part, weight)| {
            let above = i128::from(part.abs()) - exact(weight) / total;
            assert!(above == 0 || above == 1, "cut, or one more");
            above == 1
        })
        .collect();
    for (i, a) in weights.iter().enumerate() {
        for (j, b) in weights.iter().enumerate() {
            if raised[j] && !raised[i] {
                let (lost_a, lost_b) = (exact(a) % total, exact(b) % total);
                assert!(
                    lost_b > lost_a || (lost_b == lost_a && j < i),
                    "{amount} over {weights:?} gives {shared:?}"
                );
            }
        }
    }
}

#[test]
fn every_small_allocation_keeps_the_laws() {
    for &method in AllocationMethod::ALL {
        for amount in -13..=13 {
            for a in 0..=4 {
                for b in 0..=4 {
                    for c in 0..=4 {
                        check_laws(amount, &[a, b, c], method);
                    }
                }
            }
            check_laws(amount, &[], method);
            check_laws(amount, &[7], method);
        }
    }
}

#[test]
fn errors_name_the_amount_or_the_weight() {
    let error = |amount, weights: &[i64]| {
        let error = parts(amount, weights, AllocationMethod::LastTakesRest).unwrap_err();
        (error.code(), error.to_string())
    };
    assert_eq!(
        error(5, &[0, 0]),
        ("nothing-to-allocate", "`5` can't be shared: every weight is zero".into())
    );
    assert_eq!(error(5, &[1, -2]), ("negative-weight", "weight `-2` at place 1 is negative".into()));
    assert_eq!(error(i64::MIN, &[1]), ("out-of-range", "`-9223372036854775808` is out of range".into()));
}

#[test]
fn the_largest_amounts_and_weights_fit() {
    let shared = parts(i64::MAX, &[i64::MAX; 1_000], AllocationMethod::LargestRemainder).unwrap();
    assert_eq!(shared.iter().map(|part| i128::from(*part)).sum::<i128>(), i128::from(i64::MAX));
    for &method in AllocationMethod::ALL {
        check_laws(i64::MAX, &[i64::MAX, 1, i64::MAX - 1, 0], method);
    }
}

proptest! {
    #[test]
    fn allocations_keep_the_laws(
        amount in prop_oneof![-1_000_i64..1_000, -9_000_000_000_000_000_i64..9_000_000_000_000_000],
        weights in proptest::collection::vec(prop_oneof![Just(0), 1_i64..10, 0_i64..9_000_000_000_000_000], 0..40),
        method in proptest::sample::select(AllocationMethod::ALL),
    ) {
        check_laws(amount, &weights, method);
    }

    /// Beyond the tie rule the order of the weights means nothing: where no two lost the same, parts move with their weights.
    #[test]
    fn parts_move_with_their_weights(
        amount in 0_i64..100_000,
        weights in proptest::collection::vec(0_i64..1_000, 1..12),
        turn in 0_usize..12,
    ) {
        let total: i64 = weights.iter().sum();
        prop_assume!(total > 0);
        let mut lost: Vec<i64> = weights.iter().map(|weight| amount * weight % total).collect();
        lost.sort_unstable();
        let ties = lost.windows(2).any(|pair| pair[0] == pair[1]);
        let turn = turn % weights.len();
        let method = AllocationMethod::LargestRemainder;
        let mut turned = weights.clone();
        turned.rotate_left(turn);
        let mut expected = parts(amount, &weights, method).unwrap();
        let mut found = parts(amount, &turned, method).unwrap();
        if ties {
            expected.sort_unstable();
            found.sort_unstable();
        } else {
            expected.rotate_left(turn);
        }
        // Equal losses of unequal weights may change who is raised, but not how many are.
        prop_assert_eq!(found.iter().sum::<i64>(), expected.iter().sum::<i64>());
        prop_assert!(ties || found == expected);
    }
}
