//! What the strip is set to, and what its meters show.

use crate::chain::order;
use crate::dynamics::{compressor, de_esser, gate, transient};
use crate::eq::{band::Band, band::Shape, cascade, curve::Curve, cut};
use crate::meter::readings::{SILENT, readings};
use crate::meter::scale::MeterScale;
use crate::{Choice, choice, clipper, gain, saturation, stereo};

/// Bands of the strip's equaliser.
pub const BANDS: usize = 4;

/// Sections of the strip, in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The gate.
    Gate,
    /// The compressor.
    Compressor,
    /// The equaliser.
    Eq,
    /// The saturation.
    Saturation,
    /// The de-esser.
    DeEsser,
    /// The transient shaper.
    Transient,
}

choice!(Section {
    Gate => "Gate",
    Compressor => "Comp",
    Eq => "EQ",
    Saturation => "Sat",
    DeEsser => "De-ess",
    Transient => "Trans",
});

impl order::Section for Section {
    const DEFAULT_ORDER: &'static [Self] =
        &[Self::Gate, Self::Transient, Self::Compressor, Self::Eq, Self::Saturation, Self::DeEsser];
}

/// Number of sections.
pub const SECTIONS: usize = Section::ALL.len();

/// An order of the strip's sections.
pub type Order = order::Order<Section, SECTIONS>;

/// Everything the strip can be set to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The whole strip is passed by.
    pub bypass: bool,
    /// Gain in front of everything.
    pub input_trim_db: f64,
    /// Polarity of both channels inverted.
    pub polarity_invert: bool,
    /// Removes rumble.
    pub low_cut: cut::Settings,
    /// Removes hiss.
    pub high_cut: cut::Settings,
    /// The gate.
    pub gate: gate::Settings,
    /// The order of the sections.
    pub order: Order,
    /// The compressor.
    pub compressor: compressor::Settings,
    /// The equaliser: LF, LMF, HMF, HF.
    pub eq: cascade::Settings<BANDS>,
    /// The saturation.
    pub saturation: saturation::Settings,
    /// The de-esser.
    pub de_esser: de_esser::Settings,
    /// The transient shaper.
    pub transient: transient::Settings,
    /// Width and pan; a mono strip has neither.
    pub stereo: stereo::Settings,
    /// The clipper.
    pub clipper: clipper::Settings,
    /// Gain behind everything.
    pub output_gain_db: f64,
    /// Scale of the level meters.
    pub meter_scale: MeterScale,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            bypass: false,
            input_trim_db: 0.0,
            polarity_invert: false,
            low_cut: cut::Settings::off(cut::Side::Low),
            high_cut: cut::Settings::off(cut::Side::High),
            gate: gate::Settings::default(),
            order: Order::default(),
            compressor: compressor::Settings::default(),
            eq: cascade::Settings::of([
                Band::flat(Shape::LowShelf, 80.0),
                Band::flat(Shape::Bell, 250.0),
                Band::flat(Shape::Bell, 2500.0),
                Band::flat(Shape::HighShelf, 10_000.0),
            ]),
            saturation: saturation::Settings { on: false, ..saturation::Settings::default() },
            de_esser: de_esser::Settings::default(),
            transient: transient::Settings::default(),
            stereo: stereo::Settings::default(),
            clipper: clipper::Settings::default(),
            output_gain_db: 0.0,
            meter_scale: MeterScale::default(),
        }
    }
}

impl Settings {
    /// The gain in front of everything.
    pub(super) fn trim(&self) -> gain::Settings {
        gain::Settings { gain_db: self.input_trim_db, invert: self.polarity_invert }
    }

    /// The gain behind everything.
    pub(super) fn output(&self) -> gain::Settings {
        gain::Settings { gain_db: self.output_gain_db, invert: false }
    }

    /// Curve of cuts and equaliser together, for the editor's graph.
    #[must_use]
    pub fn curve(&self, sample_rate_hz: f64) -> Curve {
        cut::both(self.low_cut, self.high_cut).curve(sample_rate_hz).then(self.eq.curve(sample_rate_hz))
    }
}

readings! {
    /// What the strip's meters show. Levels of silence are −∞.
    pub struct Readings {
        /// Peak behind the trim, left and right.
        pub input_peak_dbfs: [f64; 2] = [SILENT; 2],
        /// RMS behind the trim, left and right.
        pub input_rms_dbfs: [f64; 2] = [SILENT; 2],
        /// Peak at the output, left and right.
        pub output_peak_dbfs: [f64; 2] = [SILENT; 2],
        /// RMS at the output, left and right.
        pub output_rms_dbfs: [f64; 2] = [SILENT; 2],
        /// Momentary loudness at the output.
        pub momentary_lufs: f64 = SILENT,
        /// Short-term loudness at the output.
        pub short_term_lufs: f64 = SILENT,
        /// What the level adds to the gain of each band of the equaliser.
        pub eq_offsets_db: [f64; BANDS] = [0.0; BANDS],
        /// Reduction of the gate.
        pub gate_reduction_db: f64 = 0.0,
        /// Reduction of the compressor, left and right, or mid and side.
        pub compressor_reductions_db: [f64; 2] = [0.0; 2],
        /// Reduction of the de-esser.
        pub de_esser_reduction_db: f64 = 0.0,
    }
}
