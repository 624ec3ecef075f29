//! Where `rust_decimal` loses digits without a word, and what happens here instead.

#![expect(clippy::disallowed_methods, reason = "the calls that are forbidden elsewhere are shown at work")]

use std::str::FromStr;

use jeongsan::document::EventDocument;
use jeongsan::event::Event;
use jeongsan::money::{Amount, Rounding};
use jeongsan::rate::{Rate, Ratio};
use rust_decimal::Decimal;

fn order_with(parameter: &str) -> Result<Event, String> {
    let text = format!(
        r#"{{"type":"order","id":"o-1","partner":"p","start_date":"2026-03-02","order_amount":1,"parameters":{{"factor":{parameter}}}}}"#
    );
    let document: EventDocument = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    document.to_event().map_err(|error| error.to_string())
}

#[test]
fn excess_digits_are_refused_not_rounded() {
    let digits = "0.12345678901234567890123456789";
    assert_ne!(Decimal::from_str(digits).unwrap().to_string(), digits, "the library rounds");
    assert_eq!(
        order_with(&format!("\"{digits}\"")).unwrap_err(),
        format!("`{digits}` is no decimal number of at most 28 digits")
    );
    assert!(digits.parse::<Rate>().is_err());
}

#[test]
fn floats_are_refused_whatever_a_feature_of_the_library_would_take() {
    assert!(
        order_with("1.05").unwrap_err().starts_with("invalid type: floating point `1.05`, expected a string")
    );
    let Event::Order(order) = order_with("\"1234567890123456.7891\"").unwrap() else { panic!("an order") };
    assert_eq!(order.parameters["factor"].to_string(), "1234567890123456.7891", "to the last digit");
}

#[test]
fn products_keep_their_smallest_part() {
    let tiny = Decimal::from_scientific("1e-28").unwrap();
    assert_eq!(tiny.checked_mul(tiny), Some(Decimal::ZERO), "the library loses it");
    let smallest: Rate = "0.000000000001".parse().unwrap();
    assert_eq!(
        Ratio::new(smallest).of(Amount::new(1), Rounding::Up),
        Some(Amount::new(1)),
        "here it is still above zero"
    );
}

#[test]
fn sums_keep_their_smallest_part() {
    let wide = Decimal::from_str("7922816251426433759354395033.5").unwrap();
    assert_eq!(wide.checked_add(Decimal::new(4, 2)), Some(wide), "the library loses it");
    // (2⁶³ − 1) × 10⁻¹² and a fixed part: rounded up, so any fraction that got lost would show.
    let smallest: Rate = "0.000000000001".parse().unwrap();
    let (amount, fixed) = (Amount::new(9_000_000_000_000_000_001), Amount::new(9_000_000_000_000_000_000));
    let expected = Amount::new(9_000_000_000_009_000_001);
    assert_eq!(Ratio::new(smallest).of_plus(amount, fixed, Rounding::Up), Some(expected));
}

#[test]
fn a_half_goes_where_the_rule_says() {
    assert_eq!(
        Decimal::from_str("2.345").unwrap().round_dp(2).to_string(),
        "2.34",
        "the library goes to even"
    );
    assert_eq!(Rounding::HalfUp.divide(2_345, 10), Some(235));
    assert_eq!(Rounding::HalfEven.divide(2_345, 10), Some(234));
}

#[test]
fn equal_rates_have_one_text() {
    assert_eq!(Decimal::from_str("1.00").unwrap(), Decimal::ONE);
    assert_ne!(
        Decimal::from_str("1.00").unwrap().to_string(),
        Decimal::ONE.to_string(),
        "the library keeps zeros"
    );
    let (a, b): (Rate, Rate) = ("10.00%".parse().unwrap(), "0.1".parse().unwrap());
    assert_eq!((a, a.to_string()), (b, "10%".into()));
}
