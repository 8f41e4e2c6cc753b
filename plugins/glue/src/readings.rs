//! A chain's readings as a list of numbers, for the way from the audio thread to the editor.

use dsp_core::chain::{channel, master};
use dsp_core::meter;
use dsp_core::multiband::MAX_BANDS;

/// What a chain's meters show, as numbers that can be listed.
pub trait Readings: Copy + PartialEq + Send + Sync + 'static {
    /// Of silence.
    const SILENCE: Self;

    /// Hands out every number, always in the same order.
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64));

    /// The same when no audio comes any more: levels are silent and nothing is reduced; what was measured over time
    /// stays.
    #[must_use]
    fn at_rest(self) -> Self;
}

const SILENT: [f64; 2] = [f64::NEG_INFINITY; 2];

impl Readings for channel::Readings {
    const SILENCE: Self = Self {
        input_peak_dbfs: SILENT,
        input_rms_dbfs: SILENT,
        output_peak_dbfs: SILENT,
        output_rms_dbfs: SILENT,
        momentary_lufs: f64::NEG_INFINITY,
        short_term_lufs: f64::NEG_INFINITY,
        eq_offsets_db: [0.0; channel::BANDS],
        gate_reduction_db: 0.0,
        compressor_reductions_db: [0.0; 2],
        de_esser_reduction_db: 0.0,
    };

    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        // Without `..`: forgetting a new reading is a compile error.
        let Self {
            input_peak_dbfs,
            input_rms_dbfs,
            output_peak_dbfs,
            output_rms_dbfs,
            momentary_lufs,
            short_term_lufs,
            eq_offsets_db,
            gate_reduction_db,
            compressor_reductions_db,
            de_esser_reduction_db,
        } = self;
        for pair in [input_peak_dbfs, input_rms_dbfs, output_peak_dbfs, output_rms_dbfs, compressor_reductions_db] {
            pair.iter_mut().for_each(&mut *visit);
        }
        eq_offsets_db.iter_mut().for_each(&mut *visit);
        for one in [momentary_lufs, short_term_lufs, gate_reduction_db, de_esser_reduction_db] {
            visit(one);
        }
    }

    fn at_rest(self) -> Self {
        Self::SILENCE
    }
}

impl Readings for master::Readings {
    const SILENCE: Self = Self {
        input_peak_dbfs: SILENT,
        input_rms_dbfs: SILENT,
        output: <meter::bridge::Readings as meter::readings::Readings>::SILENCE,
        eq_offsets_db: [0.0; master::BANDS],
        compressor_reductions_db: [0.0; 2],
        multiband_gains_db: [0.0; MAX_BANDS],
        multiband_levels_db: [f64::NEG_INFINITY; MAX_BANDS],
        de_esser_reduction_db: 0.0,
        limiter_reduction_db: 0.0,
    };

    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        let Self {
            input_peak_dbfs,
            input_rms_dbfs,
            output,
            eq_offsets_db,
            compressor_reductions_db,
            multiband_gains_db,
            multiband_levels_db,
            de_esser_reduction_db,
            limiter_reduction_db,
        } = self;
        for pair in [input_peak_dbfs, input_rms_dbfs, compressor_reductions_db] {
            pair.iter_mut().for_each(&mut *visit);
        }
        eq_offsets_db.iter_mut().for_each(&mut *visit);
        multiband_gains_db.iter_mut().chain(multiband_levels_db).for_each(&mut *visit);
        for one in [de_esser_reduction_db, limiter_reduction_db] {
            visit(one);
        }
        meter::readings::Readings::each(output, visit);
    }

    fn at_rest(self) -> Self {
        Self { output: meter::readings::Readings::stopped(self.output), ..Self::SILENCE }
    }
}
