#![no_main]

#[path = "../laws/formula.rs"]
#[allow(dead_code, reason = "each target has one of the laws")]
mod formula;

libfuzzer_sys::fuzz_target!(|data: &[u8]| formula::value(data));
