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
        "Every number and every picture here is measured from the code that the plugins run, when the page is made; none \
         is typed in but what the standards expect. To repeat it, with Rust and nothing else:",
    );
    page.say("`cargo xtask measure`");
    page.say("Where the page finds something that you might hold against the meters, it says so.");
    cases::part(&mut page);
    true_peak::part(&mut page)?;
    others::part(&mut page)?;
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cheapest part once more: whoever changes the meters makes the page again, with `cargo xtask measure`.
    #[test]
    fn the_page_is_made_from_this_code() {
        let mut page = Page::new("loudness", "");
        true_peak::tones(&mut page);
        page.assert_kept();
    }
}
