//! What the user asks of the multiband dynamics, and the ranges of it.

use crate::dynamics::key::Key;
use crate::oversample::Factor;
use crate::saturation;
use crate::units::{db_to_gain, pct_to_fraction};
use crate::{Range, choice};

/// Bands at most.
pub const MAX_BANDS: usize = 5;
/// Crossovers at most.
pub const MAX_CROSSOVERS: usize = MAX_BANDS - 1;

/// Crossover frequencies, from low to high.
pub const CROSSOVERS_HZ: [Range; MAX_CROSSOVERS] = {
    let range = Range::log(20.0, 120.0, 20_000.0, "Hz");
    [range, range.with_default(1000.0), range.with_default(6000.0), range.with_default(12_000.0)]
};
/// Level above or below which a band's dynamics act.
pub const THRESHOLD_DB: Range = Range::linear(-60.0, -24.0, 0.0, "dB");
/// Compressing: input dB per output dB; expanding: output dB per input dB.
pub const RATIO: Range = Range::ratio(1.0, 2.0);
/// Width of the bend around the threshold.
pub const KNEE_DB: Range = Range::linear(0.0, 6.0, 30.0, "dB");
/// Largest change of gain.
pub const RANGE_DB: Range = Range::linear(0.0, 12.0, 40.0, "dB");
/// Level below which upward modes do nothing.
pub const FLOOR_DB: Range = Range::linear(-100.0, -60.0, -20.0, "dB");
/// Time to cover 63 % of the response to a rising level, in dB; from the lowest band to the highest.
pub const ATTACKS_MS: [Range; MAX_BANDS] = {
    let range = Range::log(0.05, 30.0, 300.0, "ms");
    [range, range.with_default(20.0), range.with_default(10.0), range.with_default(5.0), range.with_default(5.0)]
};
/// Time to cover 63 % of the response to a falling level, in dB; from the lowest band to the highest.
pub const RELEASES_MS: [Range; MAX_BANDS] = {
    let range = Range::log(10.0, 200.0, 3000.0, "ms");
    [range, range.with_default(150.0), range.with_default(100.0), range.with_default(60.0), range.with_default(60.0)]
};
/// Gain of a band after its dynamics.
pub const GAIN_DB: Range = Range::linear(-24.0, 0.0, 24.0, "dB");
/// Gain of a band's side signal: 0 is mono, 100 is unchanged, 200 doubles it.
pub const WIDTH_PCT: Range = Range::linear(0.0, 100.0, 200.0, "%");
/// How far both channels of a band share one gain.
pub const LINK_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");
/// Share of the processed bands; the rest is the bands as they were split, so that nothing combs.
pub const MIX_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");

/// How many bands there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bands {
    /// One crossover.
    Two,
    /// Two crossovers.
    Three,
    /// Three crossovers.
    Four,
    /// Four crossovers.
    Five,
}

choice!(Bands { Two => "2", Three => "3", Four => "4", Five => "5" });

impl Bands {
    /// How many.
    #[must_use]
    pub fn count(self) -> usize {
        match self {
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
            Self::Five => 5,
        }
    }
}

/// Which levels a band's dynamics act on, and in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Above the threshold, down.
    Compress,
    /// Below the threshold, down.
    Expand,
    /// Below the threshold, up; not below the floor.
    UpCompress,
    /// Above the threshold, up; not below the floor.
    UpExpand,
}

choice!(Mode {
    Compress => "Compress",
    Expand => "Expand",
    UpCompress => "Upward compress",
    UpExpand => "Upward expand",
});

impl Mode {
    /// Whether the mode is upward and so has a floor.
    #[must_use]
    pub fn has_floor(self) -> bool {
        matches!(self, Self::UpCompress | Self::UpExpand)
    }
}

/// One band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Whether it acts; off, the band passes as it was split.
    pub on: bool,
    /// While any band is soloed, only those are heard.
    pub solo: bool,
    /// Which levels it acts on, and in which direction.
    pub mode: Mode,
    /// Level above or below which it acts.
    pub threshold_db: f64,
    /// Compressing: input dB per output dB; expanding: output dB per input dB. May be infinite.
    pub ratio: f64,
    /// Width of the bend around the threshold.
    pub knee_db: f64,
    /// Largest change of gain.
    pub range_db: f64,
    /// Level below which upward modes do nothing.
    pub floor_db: f64,
    /// Time to cover 63 % of the response to a rising level, in dB.
    pub attack_ms: f64,
    /// Time to cover 63 % of the response to a falling level, in dB.
    pub release_ms: f64,
    /// Gain after the dynamics.
    pub gain_db: f64,
    /// Gain of the side signal.
    pub width_pct: f64,
    /// How far both channels share one gain.
    pub link_pct: f64,
    /// Its key: the band itself, or the same band of the sidechain.
    pub key: Key,
    /// Saturation between the dynamics and the gain. All bands share one oversampling: [`Settings::oversampling`].
    pub saturation: saturation::Settings,
}

impl Band {
    /// A new band at a place from the lowest (0) to the highest.
    #[must_use]
    pub fn at(place: usize) -> Self {
        let place = place.min(MAX_BANDS - 1);
        Self {
            on: true,
            solo: false,
            mode: Mode::Compress,
            threshold_db: THRESHOLD_DB.default,
            ratio: RATIO.default,
            knee_db: KNEE_DB.default,
            range_db: RANGE_DB.default,
            floor_db: FLOOR_DB.default,
            attack_ms: ATTACKS_MS[place].default,
            release_ms: RELEASES_MS[place].default,
            gain_db: GAIN_DB.default,
            width_pct: WIDTH_PCT.default,
            link_pct: LINK_PCT.default,
            key: Key::Internal,
            saturation: saturation::Settings { on: false, ..saturation::Settings::default() },
        }
    }

    /// Every number within its range, in the band at a place.
    pub(super) fn clamped(&self, place: usize) -> Self {
        Self {
            on: self.on,
            solo: self.solo,
            mode: self.mode,
            threshold_db: THRESHOLD_DB.clamp(self.threshold_db),
            ratio: RATIO.clamp(self.ratio),
            knee_db: KNEE_DB.clamp(self.knee_db),
            range_db: RANGE_DB.clamp(self.range_db),
            floor_db: FLOOR_DB.clamp(self.floor_db),
            attack_ms: ATTACKS_MS[place].clamp(self.attack_ms),
            release_ms: RELEASES_MS[place].clamp(self.release_ms),
            gain_db: GAIN_DB.clamp(self.gain_db),
            width_pct: WIDTH_PCT.clamp(self.width_pct),
            link_pct: LINK_PCT.clamp(self.link_pct),
            key: self.key,
            saturation: self.saturation.clamped(),
        }
    }
}

/// Settings of the multiband dynamics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether the processor acts at all.
    pub on: bool,
    /// How many bands there are.
    pub bands: Bands,
    /// Crossover frequencies, from low to high; those beyond the bands are unused.
    pub crossovers_hz: [f64; MAX_CROSSOVERS],
    /// The bands from low to high; those beyond [`Settings::bands`] are unused.
    pub band: [Band; MAX_BANDS],
    /// Share of the processed bands.
    pub mix_pct: f64,
    /// Whether only the difference to the dry signal is heard.
    pub delta: bool,
    /// Oversampling of the bands' saturation; it delays all bands. Structural.
    pub oversampling: Factor,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: false,
            bands: Bands::Four,
            crossovers_hz: CROSSOVERS_HZ.map(|range| range.default),
            band: core::array::from_fn(Band::at),
            mix_pct: MIX_PCT.default,
            delta: false,
            oversampling: Factor::X1,
        }
    }
}

impl Settings {
    /// Gain in dB of a band whose dynamics apply `dynamics_db`, its own gain included; 0 while it is off.
    #[must_use]
    pub fn band_gain_db(&self, place: usize, dynamics_db: f64) -> f64 {
        let band = &self.band[place];
        if band.on { dynamics_db + GAIN_DB.clamp(band.gain_db) } else { 0.0 }
    }

    /// Linear gain of each band with its mix and solo while the dynamics apply `dynamics_db`: with
    /// [`super::Responses::sum`] the magnitude as it is now. Without saturation and delta.
    #[must_use]
    pub fn heard_gains(&self, dynamics_db: [f64; MAX_BANDS]) -> [f64; MAX_BANDS] {
        let processed = pct_to_fraction(MIX_PCT.clamp(self.mix_pct));
        core::array::from_fn(|place| {
            let gain = db_to_gain(self.band_gain_db(place, dynamics_db[place]));
            if self.is_heard(place) { 1.0 + processed * (gain - 1.0) } else { 0.0 }
        })
    }

    /// Whether a band is heard, and not silenced by the solo of another.
    #[must_use]
    pub fn is_heard(&self, place: usize) -> bool {
        let solo = self.band[..self.bands.count()].iter().any(|band| band.solo);
        !solo || self.band[place].solo
    }

    /// Every number within its range.
    pub(super) fn clamped(&self) -> Self {
        Self {
            on: self.on,
            bands: self.bands,
            crossovers_hz: core::array::from_fn(|n| CROSSOVERS_HZ[n].clamp(self.crossovers_hz[n])),
            band: core::array::from_fn(|place| self.band[place].clamped(place)),
            mix_pct: MIX_PCT.clamp(self.mix_pct),
            delta: self.delta,
            oversampling: self.oversampling,
        }
    }
}
