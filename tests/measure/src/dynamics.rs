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
        "Every number and picture on this page is measured from the code of the plugins; none is typed in. To repeat \
         the measurements you need Rust and:",
    );
    page.say("`cargo xtask measure`");
    page.say(
        "Curves and times are compared with their formulas, written out separately for this page: they share no code \
         with the product. Every attack and release is the time to cover 63 % of a step in dB. Weaknesses are shown \
         too.",
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

    /// Measures the cheapest part again: if the dynamics change, remake the page with `cargo xtask measure`.
    #[test]
    fn the_page_matches_the_code() {
        let mut page = Page::new("dynamics", "");
        nulls::part(&mut page);
        page.assert_kept();
    }
}
