//! The equaliser's page.

mod dynamic;
mod limits;
mod phases;
mod purity;
mod shapes;
mod speed;
mod top;

use crate::common::{RATE_HZ, khz, left, spaced};
use crate::page::Page;
use anyhow::Result;
use dsp_core::Spec;
use dsp_core::Stage;
use dsp_core::eq::band::{Band, Shape};
use dsp_core::eq::cascade::{Eq, Settings};
use dsp_core::filter::response::Response;
use std::f64::consts::FRAC_1_SQRT_2;

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
    shapes::part(&mut page)?;
    phases::part(&mut page)?;
    purity::part(&mut page)?;
    dynamic::part(&mut page)?;
    speed::part(&mut page)?;
    Ok(page)
}

/// A band that is on.
fn band(shape: Shape, freq_hz: f64, gain_db: f64, q: f64) -> Band {
    Band { gain_db, q, ..Band::flat(shape, freq_hz) }
}

/// A bell.
fn bell(freq_hz: f64, gain_db: f64, q: f64) -> Band {
    band(Shape::Bell, freq_hz, gain_db, q)
}

/// A setting as it may be found on a master: eight bands, none of them flat.
fn eight() -> [Band; 8] {
    [
        band(Shape::LowCut, 30.0, 0.0, FRAC_1_SQRT_2),
        band(Shape::LowShelf, 100.0, 3.0, FRAC_1_SQRT_2),
        bell(250.0, -2.0, 1.0),
        bell(800.0, 2.0, 1.0),
        bell(2500.0, -3.0, 1.0),
        bell(6000.0, 2.0, 1.0),
        band(Shape::HighShelf, 8000.0, 3.0, FRAC_1_SQRT_2),
        band(Shape::HighCut, 18_000.0, 0.0, FRAC_1_SQRT_2),
    ]
}

/// An equaliser at rest.
fn at<const N: usize>(settings: Settings<N>, sample_rate_hz: f64) -> Eq<N> {
    let mut eq = Eq::new(settings);
    eq.prepare(Spec { sample_rate_hz, max_frames: 4096, channels: 2 });
    eq
}

/// One response over another.
fn over(a: Response, b: Response) -> Response {
    let power = b.re * b.re + b.im * b.im;
    a.then(Response { re: b.re / power, im: -b.im / power })
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
