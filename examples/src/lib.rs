//! Examples only: `cargo run -p jeongsan-examples --example explain`, or `dates`.
