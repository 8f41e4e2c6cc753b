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
        "Every number and every picture here is measured from the code that the plugins run, when the page is made; none \
         is typed in. To repeat it, with Rust and nothing else:",
    );
    page.say("`cargo xtask measure`");
    page.say(
        "*Analogue* is the filter on paper, without a sample rate: what a setting asks for, and the reference throughout. \
         The page also says where the equaliser falls short.",
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

    /// The cheapest part again: a change of the designs needs a new page, by `cargo xtask measure`.
    #[test]
    fn the_page_is_made_from_this_code() {
        let mut page = Page::new("eq", "");
        top::part(&mut page).unwrap();
        page.assert_kept();
    }
}
