//! The equaliser's page.

mod dynamic;
mod limits;
mod phases;
mod purity;
mod shapes;
mod speed;
mod top;

use crate::page::Page;
use anyhow::Result;
use dsp_core::eq::band::{Band, Shape};
use dsp_core::eq::cascade::{Eq, Settings};
use dsp_core::filter::response::Response;
use dsp_core::{Frame, Spec};
use std::f64::consts::FRAC_1_SQRT_2;

/// The rate where nothing else is said.
const RATE_HZ: f64 = 48_000.0;

/// Measures the page.
pub(crate) fn page() -> Result<Page> {
    let mut page = Page::new("eq", "The equaliser, measured");
    page.say(
        "Every number and every picture here is measured from the code that the plugins run, when the page is made; none \
         is typed in. To repeat it, with Rust and nothing else:",
    );
    page.say("`cargo xtask measure`");
    page.say(
        "*Analogue* is the filter on paper, without a sample rate: it is what a setting asks for, and what everything is \
         compared with. Where the page finds something that you might hold against the equaliser, it says so.",
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

/// The left channel.
fn left(block: &[Frame]) -> Vec<f64> {
    block.iter().map(|frame| frame[0]).collect()
}

/// Numbers at equal ratios.
fn spaced(low: f64, high: f64, count: usize) -> impl Iterator<Item = f64> + Clone {
    (0..count).map(move |n| low * (high / low).powf(n as f64 / (count - 1) as f64))
}

/// One response over another.
fn over(a: Response, b: Response) -> Response {
    let power = b.re * b.re + b.im * b.im;
    a.then(Response { re: b.re / power, im: -b.im / power })
}

/// A sample rate as people say it.
fn khz(rate_hz: f64) -> String {
    format!("{} kHz", rate_hz / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fs;

    #[test]
    fn the_page_shows_its_pictures_and_no_other() {
        let directory = crate::measurements();
        let text = fs::read_to_string(directory.join("eq.md")).unwrap();
        let shown: BTreeSet<_> = text.split("](eq/").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        let kept: Vec<_> = fs::read_dir(directory.join("eq")).unwrap().map(|file| file.unwrap()).collect();
        let names: BTreeSet<_> = kept.iter().map(|file| file.file_name().into_string().unwrap()).collect();
        assert_eq!(names, shown.iter().map(|&name| name.to_owned()).collect());
        assert!(names.len() > 10);
        for file in kept {
            let bytes = file.metadata().unwrap().len();
            assert!((1000..120_000).contains(&bytes), "{file:?} has {bytes} bytes");
        }
    }

    /// The cheapest part once more: whoever changes the designs makes the page again, with `cargo xtask measure`.
    #[test]
    fn the_page_is_made_from_this_code() {
        let kept = fs::read_to_string(crate::measurements().join("eq.md")).unwrap();
        let mut page = Page::new("eq", "");
        top::part(&mut page).unwrap();
        let part = page.text().trim_start_matches("# \n");
        assert!(kept.contains(part), "the page is older than the code; `cargo xtask measure` makes it:\n{part}");
    }
}
