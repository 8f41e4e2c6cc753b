//! The page of everything that turns down or bends: compressor, gate, de-esser, multiband dynamics, saturation.

mod curves;
mod de_esser;
mod gate;
mod multiband;
mod nulls;
mod purity;
mod saturation;
mod speed;
mod steps;

use crate::common::spec;
use crate::page::Page;
use anyhow::Result;
use dsp_core::Frame;
use dsp_core::dynamics::compressor::{Compressor, Settings, Style};
use plumb_signals::both;

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
    multiband::part(&mut page)?;
    saturation::part(&mut page)?;
    speed::part(&mut page);
    Ok(page)
}

/// The styles of the compressor, by name.
const STYLES: [(&str, Style); 4] =
    [("Clean", Style::Clean), ("Bus", Style::Bus), ("Opto", Style::Opto), ("FET", Style::Fet)];

/// A compressor that is on, hears everything, and bends nowhere.
fn hard() -> Settings {
    Settings { on: true, knee_db: 0.0, key_low_cut_hz: 10.0, ..Settings::default() }
}

/// What a compressor makes of frames.
fn compressed(settings: Settings, input: &[Frame], sample_rate_hz: f64) -> Vec<Frame> {
    let mut compressor = Compressor::new(settings);
    compressor.prepare(spec(sample_rate_hz));
    let mut out = input.to_vec();
    compressor.process(&mut out, None);
    out
}

/// What a compressor makes of a signal on both channels.
fn compressed_mono(settings: Settings, input: &[f64], sample_rate_hz: f64) -> Vec<Frame> {
    compressed(settings, &both(input), sample_rate_hz)
}

/// The excess of the textbook (Giannoulis, Massberg, Reiss, JAES 60 (2012), eq. 4): how far a level is above a
/// threshold, bent over a knee.
fn excess_db(over_db: f64, knee_db: f64) -> f64 {
    if 2.0 * over_db <= -knee_db {
        0.0
    } else if 2.0 * over_db >= knee_db {
        over_db
    } else {
        (over_db + knee_db / 2.0).powi(2) / (2.0 * knee_db)
    }
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
