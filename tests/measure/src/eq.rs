//! The page of the equaliser.

mod bands;
mod dynamic;
mod limits;
mod moving;
mod phases;
mod purity;
mod shapes;
mod speed;
mod top;

use crate::page::Page;
use anyhow::Result;

/// Measures the page.
pub(crate) fn page() -> Result<Page> {
    let mut page = Page::new("eq", "The equaliser, measured");
    page.say(
        "Every number and picture on this page is measured from the code of the plugins; none is typed in. To repeat \
         the measurements you need Rust and:",
    );
    page.say("`cargo xtask measure`");
    page.say(
        "*Analogue* is the filter on paper, without a sample rate: what a setting asks for, and what everything is \
         compared with. Weaknesses are shown too.",
    );
    top::part(&mut page)?;
    limits::part(&mut page)?;
    moving::part(&mut page);
    shapes::part(&mut page)?;
    phases::part(&mut page)?;
    purity::part(&mut page)?;
    dynamic::part(&mut page)?;
    speed::part(&mut page)?;
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measures the cheapest part again: if the designs change, remake the page with `cargo xtask measure`.
    #[test]
    fn the_page_matches_the_code() {
        let mut page = Page::new("eq", "");
        top::part(&mut page).unwrap();
        page.assert_kept();
    }
}
