//! Settings of the jobs: the same for modules, bundles and, as far as possible, peers (`peers/jobs.txt`).

#[path = "../../dsp-core/benches/support/bands.rs"]
mod bands;

use bands::{band, eight};
use dsp_core::chain::{channel, master};
use dsp_core::dynamics::{compressor, de_esser, gate};
use dsp_core::eq::band::Shape;
use dsp_core::eq::cascade;
use dsp_core::eq::slope::Slope;
use dsp_core::limiter::settings as limiter;
use dsp_core::multiband::{self, Bands};
use dsp_core::oversample::Factor;
use dsp_core::{dither, saturation};

/// The eight bands.
pub(crate) fn eq8() -> cascade::Settings<8> {
    cascade::Settings::of(eight())
}

/// −24 dB, 4:1, 6 dB knee, 10 and 100 ms, linked.
pub(crate) fn compressor() -> compressor::Settings {
    compressor::Settings {
        on: true,
        threshold_db: -24.0,
        ratio: 4.0,
        knee_db: 6.0,
        attack_ms: 10.0,
        release_ms: 100.0,
        ..compressor::Settings::default()
    }
}

/// −20 dB: opens on the bursts and closes in their tails; 40 dB, 5 and 100 ms.
pub(crate) fn gate() -> gate::Settings {
    gate::Settings {
        on: true,
        threshold_db: -20.0,
        hysteresis_db: 6.0,
        range_db: 40.0,
        attack_ms: 5.0,
        hold_ms: 10.0,
        release_ms: 100.0,
        ..gate::Settings::default()
    }
}

/// Split at 120 Hz, 1 and 6 kHz; each band −30 dB, 4:1, 6 dB knee, 10 and 100 ms.
pub(crate) fn multiband(bands: Bands) -> multiband::Settings {
    let mut settings = multiband::Settings { on: true, bands, ..multiband::Settings::default() };
    for band in &mut settings.band {
        (band.threshold_db, band.ratio, band.knee_db) = (-30.0, 4.0, 6.0);
        (band.attack_ms, band.release_ms, band.range_db) = (10.0, 100.0, 40.0);
    }
    settings
}

/// 12 dB of drive into −1 dBTP, 5 ms of lookahead, 50 ms of release.
pub(crate) fn limiter() -> limiter::Settings {
    limiter::Settings {
        drive_db: 12.0,
        ceiling_db: -1.0,
        lookahead_ms: 5.0,
        release_ms: 50.0,
        detection: limiter::Detection::TruePeak,
        ..limiter::Settings::default()
    }
}

/// 12 dB of drive, 4× oversampled.
pub(crate) fn saturation() -> saturation::Settings {
    saturation::Settings { on: true, drive_db: 12.0, oversampling: Factor::X4, ..saturation::Settings::default() }
}

/// Split-band, default settings.
pub(crate) fn de_esser() -> de_esser::Settings {
    de_esser::Settings { on: true, ..de_esser::Settings::default() }
}

/// Gate, six EQ sections, compressor; the meters run.
pub(crate) fn strip_basic() -> channel::Settings {
    let mut strip = channel::Settings {
        gate: gate(),
        compressor: compressor(),
        eq: cascade::Settings::of([
            band(Shape::LowShelf, 100.0, 3.0, 0.707),
            band(Shape::Bell, 250.0, -2.0, 1.0),
            band(Shape::Bell, 2500.0, -3.0, 1.0),
            band(Shape::HighShelf, 8000.0, 3.0, 0.707),
        ]),
        ..channel::Settings::default()
    };
    (strip.low_cut.on, strip.low_cut.freq_hz, strip.low_cut.slope) = (true, 30.0, Slope::Db12);
    (strip.high_cut.on, strip.high_cut.freq_hz, strip.high_cut.slope) = (true, 18_000.0, Slope::Db12);
    strip
}

/// The same with saturation, de-esser and width.
pub(crate) fn strip_full() -> channel::Settings {
    let mut strip =
        channel::Settings { saturation: saturation(), de_esser: de_esser(), output_gain_db: -1.0, ..strip_basic() };
    strip.input_trim_db = 1.0;
    strip.stereo.width_pct = 120.0;
    strip
}

/// Everything off.
pub(crate) fn strip_off() -> channel::Settings {
    channel::Settings::default()
}

/// Eight bands, compressor, four-band multiband, width, true-peak limiter, dither; the meters run.
pub(crate) fn bus_full() -> master::Settings {
    master::Settings {
        eq: eq8(),
        compressor: compressor(),
        multiband: multiband(Bands::Four),
        width_pct: 120.0,
        limiter: limiter(),
        dither: dither::Settings { depth: dither::Depth::Bits16, ..dither::Settings::default() },
        ..master::Settings::default()
    }
}

/// Everything off, the meters too.
pub(crate) fn bus_off() -> master::Settings {
    let mut bus = bus_metering();
    bus.meters.on = false;
    bus
}

/// Everything off but the meters.
pub(crate) fn bus_metering() -> master::Settings {
    let mut bus = master::Settings::default();
    bus.limiter.on = false;
    bus.limiter.detection = limiter::Detection::ZeroLatency;
    bus
}

/// Everything off, but with the limiter's latency.
pub(crate) fn bus_late() -> master::Settings {
    let mut bus = bus_off();
    bus.limiter.detection = limiter::Detection::TruePeak;
    bus
}
