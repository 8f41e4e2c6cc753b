//! The page of everything that turns down or bends: compressor, gate, de-esser, transient shaper, multiband
//! dynamics, saturation.

mod common;
mod curves;
mod de_esser;
mod gate;
mod multiband;
mod nulls;
mod purity;
mod saturation;
mod speed;
mod steps;
mod transient;

use crate::page::Page;
use anyhow::Result;

/// Measures the page.
pub(crate) fn page() -> Result<Page> {
    let mut page = Page::new("dynamics", "Dynamics and saturation, measured");
    page.say(
        "Every number and every picture here is measured from the code that the plugins run, when the page is made; none \
         is typed in. To repeat it, with Rust and nothing else:",
    );
    page.say("`cargo xtask measure`");
    page.say(
        "What a curve or a time is compared with is its formula, written out once more for this page: it shares no code \
         with what is measured. Every attack and release is the time in which 63 % of a step are covered, in dB. Where \
         the page finds something that you might hold against us, it says so.",
    );
    curves::part(&mut page)?;
    steps::part(&mut page)?;
    purity::part(&mut page)?;
    nulls::part(&mut page);
    gate::part(&mut page)?;
    de_esser::part(&mut page)?;
    transient::part(&mut page)?;
    multiband::part(&mut page)?;
    saturation::part(&mut page)?;
    speed::part(&mut page);
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cheapest part once more: whoever changes the dynamics makes the page again, with `cargo xtask measure`.
    #[test]
    fn the_page_is_made_from_this_code() {
        let mut page = Page::new("dynamics", "");
        nulls::part(&mut page);
        page.assert_kept();
    }
}
