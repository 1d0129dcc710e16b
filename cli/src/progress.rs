//! Progress on a terminal: bytes, blocks, signatures a second, time left. Silent when piped.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A progress line on standard error.
#[derive(Debug)]
pub(crate) struct Meter {
    bar: ProgressBar,
}

impl Meter {
    /// For a phase that reads `bytes`.
    pub(crate) fn new(phase: &'static str, bytes: u64) -> Self {
        let bar =
            ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr_with_hz(10));
        let template = "{prefix:9} {bar:24} {bytes}/{total_bytes}  {msg}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_prefix(phase);
        Self { bar }
    }

    /// Bytes done so far.
    pub(crate) fn bytes(&self, bytes: u64) {
        self.bar.set_position(bytes);
    }

    /// Blocks and signatures done so far.
    pub(crate) fn verified(&self, blocks: u64, signatures: u64) {
        let millis = u64::try_from(self.bar.elapsed().max(Duration::from_millis(1)).as_millis());
        let rate = signatures.saturating_mul(1000).checked_div(millis.unwrap_or(u64::MAX));
        let rate = rate.unwrap_or_default();
        self.bar.set_message(format!("{blocks} blocks, {rate} signatures/s"));
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
