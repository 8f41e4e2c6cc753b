//! The page of the loudness and true-peak meters.

mod cases;
mod others;
mod true_peak;

use crate::common::{RATE_HZ, RATES, khz, spec};
use crate::page::Page;
use anyhow::Result;

/// Measures the page.
pub(crate) fn page() -> Result<Page> {
    let mut page = Page::new("loudness", "Loudness and true peak, measured");
    page.say(
        "Every number and picture on this page is measured from the code of the plugins; only the values the standards expect \
         are typed in. To repeat the measurements you need Rust and:",
    );
    page.say("`cargo xtask measure`");
    page.say("Weaknesses are shown too.");
    cases::part(&mut page);
    true_peak::part(&mut page)?;
    others::part(&mut page)?;
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measures the cheapest part again: if the meters change, remake the page with `cargo xtask measure`.
    #[test]
    fn the_page_matches_the_code() {
        let mut page = Page::new("loudness", "");
        true_peak::tones(&mut page);
        page.assert_kept();
    }
}
