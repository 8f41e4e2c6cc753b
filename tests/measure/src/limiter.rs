//! The limiter's page.

mod common;
mod motion;
mod overs;
mod purity;
mod speed;

use crate::common::{RATES, khz};
use crate::page::Page;
use anyhow::Result;
use common::{DETECTIONS, limiter};
use dsp_core::Stage;
use dsp_core::limiter::lookahead::Settings;

/// Measures the page.
pub(crate) fn page() -> Result<Page> {
    let mut page = Page::new("limiter", "The limiter, measured");
    page.say(
        "Every number and picture on this page is measured from the code of the plugins; none is typed in. To repeat \
         the measurements you need Rust and:",
    );
    page.say("`cargo xtask measure`");
    page.say("Weaknesses are shown too.");
    overs::part(&mut page)?;
    motion::part(&mut page)?;
    purity::part(&mut page)?;
    latency(&mut page);
    speed::part(&mut page);
    Ok(page)
}

fn latency(page: &mut Page) {
    page.part("Latency");
    page.say(
        "Frames after which an impulse comes out at the default lookahead of 2 ms, with the limiter on or off. This is \
         the number reported to the host, which compensates for it.",
    );
    let mut rows = Vec::new();
    for (name, detection) in DETECTIONS {
        let cells = RATES.map(|rate_hz| {
            let mut block = vec![[0.0; 2]; 4096];
            block[0] = [0.25; 2];
            limiter(Settings { detection, ..Settings::default() }, rate_hz).process(&mut block, None);
            let frames = block.iter().position(|frame| *frame != [0.0; 2]).unwrap_or(block.len());
            format!("{frames} frames, {:.2} ms", frames as f64 / rate_hz * 1000.0)
        });
        let [a, b, c, d] = cells;
        rows.push([name.to_owned(), a, b, c, d]);
    }
    let heads = RATES.map(khz);
    let [a, b, c, d] = heads.each_ref().map(String::as_str);
    page.table(["detection", a, b, c, d], &rows);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measures the cheapest part again: if the limiter changes, remake the page with `cargo xtask measure`.
    #[test]
    fn the_page_matches_the_code() {
        let mut page = Page::new("limiter", "");
        latency(&mut page);
        page.assert_kept();
    }
}
