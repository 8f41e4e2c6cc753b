//! What the bus is set to, and what its meters show.

use crate::chain::order;
use crate::dynamics::{compressor, de_esser};
use crate::eq::{band::Band, band::Shape, cascade, phase, phased};
use crate::limiter::lookahead;
use crate::meter::bridge;
use crate::meter::readings::{SILENT, readings};
use crate::{Choice, Range, choice, clipper, dither, multiband, stereo};

/// Bands of the bus's equaliser.
pub const BANDS: usize = 8;
/// Ratio of the bus compressor: gentler than a track's.
pub const RATIO: Range = Range::ratio(1.0, 1.5);
/// Attack of the bus compressor: slower than a track's.
pub const ATTACK_MS: Range = compressor::ATTACK_MS.with_default(30.0);

/// Where the eight bands wait, all flat: shelves at the ends, bells between.
const BAND_FREQS_HZ: [f64; BANDS] = [60.0, 120.0, 250.0, 500.0, 1200.0, 3000.0, 6000.0, 12_000.0];

/// Sections of the bus, in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The equaliser.
    Eq,
    /// The compressor.
    Compressor,
    /// The multiband dynamics.
    Multiband,
    /// The de-esser.
    DeEsser,
}

choice!(Section { Eq => "EQ", Compressor => "Comp", Multiband => "MB", DeEsser => "De-ess" });

impl order::Section for Section {
    const DEFAULT_ORDER: &'static [Self] = Self::ALL;
}

/// Number of sections.
pub const SECTIONS: usize = Section::ALL.len();

/// An order of the bus's sections.
pub type Order = order::Order<Section, SECTIONS>;

/// Everything the bus can be set to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The whole bus is passed by.
    pub bypass: bool,
    /// The mastering equaliser.
    pub eq: cascade::Settings<BANDS>,
    /// What the equaliser does to the phase. Structural: adopted by `reset`.
    pub eq_phase: phase::Mode,
    /// The order of equaliser, compressor, multiband and de-esser.
    pub order: Order,
    /// The glue compressor.
    pub compressor: compressor::Settings,
    /// The multiband dynamics.
    pub multiband: multiband::Settings,
    /// The de-esser.
    pub de_esser: de_esser::Settings,
    /// Corner below which the signal is mono; 0 is off.
    pub mono_below_hz: f64,
    /// Share of the side signal.
    pub width_pct: f64,
    /// The clipper.
    pub clipper: clipper::Settings,
    /// The limiter.
    pub limiter: lookahead::Settings,
    /// The dither.
    pub dither: dither::Settings,
    /// The meters behind it all.
    pub meters: bridge::Settings,
}

impl Settings {
    /// The equaliser and its phase mode.
    pub(super) fn phased_eq(&self) -> phased::Settings<BANDS> {
        phased::Settings { eq: self.eq, mode: self.eq_phase }
    }

    /// Mono below and width.
    pub(super) fn stereo(&self) -> stereo::Settings {
        stereo::Settings { mono_below_hz: self.mono_below_hz, width_pct: self.width_pct, ..stereo::Settings::default() }
    }
}

impl Default for Settings {
    fn default() -> Self {
        let mut bands = BAND_FREQS_HZ.map(|freq_hz| Band::flat(Shape::Bell, freq_hz));
        bands[0].shape = Shape::LowShelf;
        bands[BANDS - 1].shape = Shape::HighShelf;
        Self {
            bypass: false,
            eq: cascade::Settings::of(bands),
            eq_phase: phase::Mode::default(),
            order: Order::default(),
            compressor: compressor::Settings {
                ratio: RATIO.default,
                attack_ms: ATTACK_MS.default,
                ..compressor::Settings::default()
            },
            multiband: multiband::Settings::default(),
            de_esser: de_esser::Settings::default(),
            mono_below_hz: stereo::MONO_BELOW_HZ.default,
            width_pct: stereo::WIDTH_PCT.default,
            clipper: clipper::Settings::default(),
            limiter: lookahead::Settings::default(),
            dither: dither::Settings::default(),
            meters: bridge::Settings::default(),
        }
    }
}

readings! {
    /// What the bus's meters show. Levels of silence are −∞.
    pub struct Readings {
        /// Peak at the input, left and right.
        pub input_peak_dbfs: [f64; 2] = [SILENT; 2],
        /// RMS at the input, left and right.
        pub input_rms_dbfs: [f64; 2] = [SILENT; 2],
        /// Everything behind the whole chain.
        pub output: bridge::Readings = bridge::Readings::SILENCE,
        /// What the level adds to the gain of each band of the equaliser.
        pub eq_offsets_db: [f64; BANDS] = [0.0; BANDS],
        /// Reduction of the compressor, left and right, or mid and side.
        pub compressor_reductions_db: [f64; 2] = [0.0; 2],
        /// Gain that the dynamics of each band of the multiband apply.
        pub multiband_gains_db: [f64; multiband::MAX_BANDS] = [0.0; multiband::MAX_BANDS],
        /// Level of each band of the multiband, as its dynamics see it.
        pub multiband_levels_db: [f64; multiband::MAX_BANDS] = [SILENT; multiband::MAX_BANDS],
        /// Reduction of the de-esser.
        pub de_esser_reduction_db: f64 = 0.0,
        /// Reduction of the limiter.
        pub limiter_reduction_db: f64 = 0.0,
    }
}
