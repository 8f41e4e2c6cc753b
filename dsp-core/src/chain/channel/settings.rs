//! What the strip is set to, and what its meters show.

use crate::dynamics::{compressor, de_esser, gate};
use crate::eq::{band::Band, band::Shape, cascade, curve::Curve, cut};
use crate::meter::scale::MeterScale;
use crate::{choice, saturation, stereo};

/// Bands of the strip's equaliser.
pub const BANDS: usize = 4;

/// Which comes first, compressor or equaliser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Compressor, then equaliser.
    CompressorFirst,
    /// Equaliser, then compressor.
    EqFirst,
}

choice!(Order { CompressorFirst => "Comp > EQ", EqFirst => "EQ > Comp" });

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
    /// Compressor or equaliser first.
    pub order: Order,
    /// The compressor.
    pub compressor: compressor::Settings,
    /// The equaliser: LF, LMF, HMF, HF.
    pub eq: cascade::Settings<BANDS>,
    /// The saturation.
    pub saturation: saturation::Settings,
    /// The de-esser.
    pub de_esser: de_esser::Settings,
    /// Width and pan; a mono strip has neither.
    pub stereo: stereo::Settings,
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
            order: Order::CompressorFirst,
            compressor: compressor::Settings::default(),
            eq: cascade::Settings::of([
                Band::flat(Shape::LowShelf, 80.0),
                Band::flat(Shape::Bell, 250.0),
                Band::flat(Shape::Bell, 2500.0),
                Band::flat(Shape::HighShelf, 10_000.0),
            ]),
            saturation: saturation::Settings { on: false, ..saturation::Settings::default() },
            de_esser: de_esser::Settings::default(),
            stereo: stereo::Settings::default(),
            output_gain_db: 0.0,
            meter_scale: MeterScale::default(),
        }
    }
}

impl Settings {
    /// Curve of cuts and equaliser together, for the editor's graph.
    #[must_use]
    pub fn curve(&self, sample_rate_hz: f64) -> Curve {
        cut::both(self.low_cut, self.high_cut).curve(sample_rate_hz).then(self.eq.curve(sample_rate_hz))
    }
}

/// What the strip's meters show. Levels of silence are −∞.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Readings {
    /// Peak behind the trim, left and right.
    pub input_peak_dbfs: [f64; 2],
    /// RMS behind the trim, left and right.
    pub input_rms_dbfs: [f64; 2],
    /// Peak at the output, left and right.
    pub output_peak_dbfs: [f64; 2],
    /// RMS at the output, left and right.
    pub output_rms_dbfs: [f64; 2],
    /// Momentary loudness at the output.
    pub momentary_lufs: f64,
    /// Short-term loudness at the output.
    pub short_term_lufs: f64,
    /// What the level adds to the gain of each band of the equaliser.
    pub eq_offsets_db: [f64; BANDS],
    /// What the gate takes away.
    pub gate_reduction_db: f64,
    /// What the compressor takes away, left and right, or mid and side.
    pub compressor_reductions_db: [f64; 2],
    /// What the de-esser takes away.
    pub de_esser_reduction_db: f64,
}
