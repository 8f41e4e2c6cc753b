//! Scales of a level meter: full scale, or the K-System.
//!
//! Source: B. Katz, "An Integrated Approach to Metering, Monitoring, and Leveling Practices", J. Audio Eng. Soc. 48
//! (2000): 0 dB lies 20, 14 or 12 dB below full scale and is what the monitors are calibrated to; RMS is that of AES-17,
//! so that a sine reads the same as its peak; green up to 0 dB, amber up to +4 dB (forte), red above (fortissimo). Peaks
//! are on the same scale. For the ballistics see `level.rs`: RMS takes 300 ms, as a VU meter does.

use crate::choice;

/// AES-17 reference: what is added to RMS so that a sine reads its peak, in dB.
const SINE_REFERENCE_DB: f64 = 3.010_299_956_639_812;
/// Where forte begins and ends above 0 dB, in dB.
const FORTE_DB: [f64; 2] = [0.0, 4.0];
/// Where amber begins on the full scale, in dBFS: the last 6 dB, as on most meters.
const HOT_DBFS: f64 = -6.0;

/// A scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MeterScale {
    /// 0 dB is full scale; RMS is plain.
    #[default]
    Dbfs,
    /// 20 dB of headroom: large dynamics, film, classical music.
    K20,
    /// 14 dB of headroom: most music.
    K14,
    /// 12 dB of headroom: broadcast.
    K12,
}

choice!(MeterScale { Dbfs => "dBFS", K20 => "K-20", K14 => "K-14", K12 => "K-12" });

impl MeterScale {
    /// Full scale on this scale, in dB.
    #[must_use]
    pub const fn headroom_db(self) -> f64 {
        match self {
            Self::Dbfs => 0.0,
            Self::K20 => 20.0,
            Self::K14 => 14.0,
            Self::K12 => 12.0,
        }
    }

    /// A peak in dBFS on this scale.
    #[must_use]
    pub const fn peak_db(self, peak_dbfs: f64) -> f64 {
        peak_dbfs + self.headroom_db()
    }

    /// A plain RMS in dBFS (a full-scale sine is −3.01) on this scale.
    #[must_use]
    pub const fn rms_db(self, rms_dbfs: f64) -> f64 {
        let reference_db = if matches!(self, Self::Dbfs) { 0.0 } else { SINE_REFERENCE_DB };
        rms_dbfs + reference_db + self.headroom_db()
    }

    /// Where RMS turns amber, and red, in dB on this scale.
    #[must_use]
    pub const fn zones_db(self) -> [f64; 2] {
        if matches!(self, Self::Dbfs) { [HOT_DBFS, 0.0] } else { FORTE_DB }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter::level::LevelMeter;
    use crate::{Choice, Spec};
    use plumb_signals::{both, sine};

    #[test]
    fn a_sine_at_the_reference_reads_0_db_in_peak_and_rms() {
        for scale in MeterScale::ALL {
            let mut level = LevelMeter::default();
            level.prepare(Spec { sample_rate_hz: 48_000.0, max_frames: 512, channels: 2 });
            level.process(&both(&sine(997.0, -scale.headroom_db(), 4.0, 48_000.0)));
            let (peak, rms) = (scale.peak_db(level.peak_dbfs()[0]), scale.rms_db(level.rms_dbfs()[0]));
            eprintln!("{scale:?}: peak {peak:.4}, RMS {rms:.4}");
            // A sample near the peak; the ripple of 300 ms at 2 kHz.
            assert!(peak.abs() < 0.01, "{scale:?}: {peak}");
            let expected = if *scale == MeterScale::Dbfs { -SINE_REFERENCE_DB } else { 0.0 };
            assert!((rms - expected).abs() < 0.01, "{scale:?}: {rms}");
        }
    }
}
