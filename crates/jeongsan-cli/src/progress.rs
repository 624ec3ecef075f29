//! A bar for what takes long, on a terminal.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::input::Input;

/// A bar over the bytes of all files on a terminal, when there is enough to wait for.
pub(crate) fn over(inputs: &[Input]) -> ProgressBar {
    const WORTH_SHOWING_BYTES: u64 = 8 << 20;
    let total: Option<u64> = inputs.iter().map(Input::size).sum();
    if total.is_some_and(|total| total < WORTH_SHOWING_BYTES) {
        return ProgressBar::hidden();
    }
    bytes(total)
}

/// A bar over bytes, hidden where no person looks.
pub(crate) fn bytes(total: Option<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = match total {
        Some(total) => ProgressBar::new(total),
        None => ProgressBar::no_length(),
    };
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
    let style =
        ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
