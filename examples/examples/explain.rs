//! Settles one order of the example month under its book, and tells where every amount comes from.
//!
//! `cargo run -p jeongsan-examples --example explain`

use std::error::Error;

use jeongsan::document::{BookDocument, EventDocument, SettlementDocument};
use jeongsan::event::Event;
use jeongsan::settle::Engine;

fn main() -> Result<(), Box<dyn Error>> {
    let document: BookDocument = toml::from_str(include_str!("../month/book.toml"))?;
    let engine = Engine::resolve(&document.to_book()?, &jeongsan_calendars::calendars(None))?;

    let event: EventDocument = serde_json::from_str(
        r#"{"type": "order", "id": "o-1", "partner": "p-008", "start_date": "2026-03-17", "lines": [
            {"product": "rice-10kg", "amount": 32900, "tax_free_amount": 32900, "quantity": 2},
            {"product": "kettle", "amount": 45500, "quantity": 1, "discounts": [{"policy": "coupon-shared", "amount": 4550}]}
        ], "additional_fees": ["fulfilment"]}"#,
    )?;
    let Event::Order(order) = event.to_event()? else { return Err("not an order".into()) };
    let (settlement, trace) = engine.settle_traced(&order)?;

    println!("{}", serde_json::to_string_pretty(&SettlementDocument(&settlement))?);
    println!("\n{trace}");
    for posting in settlement.journal().postings {
        println!("{:>24} {:>10}", posting.account.as_str(), posting.amount);
    }
    Ok(())
}
