//! Amounts.

use proptest::prelude::*;

/// Amounts from 0 up: mostly 0, small ones, and those at which a tenth, a half or an eleventh ties or nearly so.
pub fn amount(is_huge: bool) -> BoxedStrategy<i64> {
    let small = prop_oneof![
        2 => Just(0_i64),
        6 => 0..=20_i64,
        5 => (0..=40_i64).prop_map(|fives| fives * 5),
        3 => (1..=30_i64, -1..=1_i64).prop_map(|(elevens, off)| elevens * 11 + off),
        6 => 0..=2_000_i64,
        4 => 1_000..=1_000_000_i64,
    ];
    if is_huge {
        let round = (0..=9_000_i64).prop_map(|thousands| thousands * 1_000_000_000_000);
        prop_oneof![
            8 => small,
            1 => 1_000_000_000..=9_000_000_000_000_000_i64,
            1 => (round, -1..=1_i64).prop_map(|(amount, off)| (amount + off).max(0)),
        ]
        .boxed()
    } else {
        small.boxed()
    }
}
