//! Ways of settling cancels that look right and aren't, each with the case that shows it.

use jeongsan_testkit::model::{AllocationMethod, Exact, Model, Rounding, Whole, allocate};
use serde_json::{Value, json};

fn wholes<const N: usize>(amounts: [i64; N]) -> [Whole; N] {
    amounts.map(Whole::from)
}

/// What comes back when each cancel returns its ratio of the original fee.
fn by_original_ratio(fee: i64, order: i64, cancels: &[i64], rounding: Rounding) -> Vec<Whole> {
    let part = |cancelled: &i64| rounding.round(&Exact::new((fee * cancelled).into(), order.into()));
    cancels.iter().map(part).collect()
}

/// The fees of an order and of its cancels under a book with one rate and one rounding.
fn fees(rate: &str, rounding: &str, order: i64, cancels: &[i64]) -> Vec<i64> {
    let book = json!({
        "version": 1, "currency": "KRW", "calendar": "KR-BANK",
        "rounding": { "platform_fee": rounding },
        "contracts": [{
            "id": "standard", "platform_fee": { "rate": rate }, "platform_fee_vat_payer": "merchant",
            "cycle": { "lag": { "days": 2 }, "method": "daily", "date_policy": "calendar-day" },
        }],
        "partners": [{ "id": "seller-1", "kind": "business", "default_contract": "standard" }],
    });
    let mut events = vec![json!({
        "type": "order", "id": "o", "partner": "seller-1", "start_date": "2026-03-02", "order_amount": order,
    })];
    for (place, amount) in cancels.iter().enumerate() {
        events.push(json!({
            "type": "cancel", "id": format!("c-{place}"), "order": "o", "date": "2026-03-09", "order_amount": amount,
        }));
    }
    let outcomes = Model::new(&book, |_| true).unwrap().settle(&events);
    outcomes.iter().map(|outcome: &Value| outcome["platform_fee"].as_i64().unwrap()).collect()
}

/// 10 % of 10,001 is 1,000. The ratios of three cancels, cut, return 999: a won stays with the platform for ever.
#[test]
fn the_original_ratio_strands_a_won() {
    let cancels = [3_333, 3_333, 3_335];
    assert_eq!(by_original_ratio(1_000, 10_001, &cancels, Rounding::Down), wholes([333, 333, 333]));
    assert_eq!(fees("10%", "down", 10_001, &cancels), [1_000, -334, -333, -333]);
}

/// 2.5 % of 100 is 3. The ratios of five cancels, half up, return 5: two won more than were charged.
#[test]
fn the_original_ratio_returns_more_than_was_charged() {
    let cancels = [20; 5];
    assert_eq!(by_original_ratio(3, 100, &cancels, Rounding::HalfUp), wholes([1; 5]));
    assert_eq!(fees("2.5%", "half-up", 100, &cancels), [3, -1, 0, -1, 0, -1]);
}

/// Three parties share 11 as 5, 5, 1, and the 10 that a cancel of 1 leaves as 4, 4, 2: the third would be charged one
/// for a cancel. Sharing the cancelled 1 over what each has left never turns a part round or overdraws it.
#[test]
fn sharing_what_remains_anew_charges_a_party_for_a_cancel() {
    let method = AllocationMethod::LargestRemainder;
    let weights = wholes([6, 6, 2]);
    let share = |amount: i64| allocate(&amount.into(), &weights, method).unwrap();
    assert_eq!(share(11), wholes([5, 5, 1]));
    assert_eq!(share(10), wholes([4, 4, 2]));

    let mut left = share(11);
    for _ in 0..11 {
        let returned = allocate(&1.into(), &left, method).unwrap();
        for (left, returned) in left.iter_mut().zip(returned) {
            assert!(returned >= Whole::ZERO && returned <= *left);
            *left -= returned;
        }
    }
    assert_eq!(left, wholes([0, 0, 0]));
}
