//! The curves of bands and equalisers, from the designs that filter the audio.

use super::band::{Band, Prototypes, Target};
use super::cascade::Settings;
use crate::filter::response::Response;
use crate::filter::svf::Coeffs;
use core::f64::consts::{PI, TAU};

/// The response of some settings at zero latency: designed once, evaluated at any number of frequencies.
#[derive(Clone, Debug)]
pub struct Curve {
    designs: Vec<Coeffs>,
    sample_rate_hz: f64,
}

impl Curve {
    /// Complex gain.
    #[must_use]
    pub fn response(&self, freq_hz: f64) -> Response {
        let each = self.designs.iter().map(|design| design.response(freq_hz, self.sample_rate_hz));
        each.fold(Response::UNITY, Response::then)
    }

    /// Gain in dB.
    #[must_use]
    pub fn gain_db_at(&self, freq_hz: f64) -> f64 {
        self.designs.iter().map(|design| design.gain_db_at(freq_hz, self.sample_rate_hz)).sum()
    }

    /// Phase, −π to π; negative is late.
    #[must_use]
    pub fn phase_rad_at(&self, freq_hz: f64) -> f64 {
        let each = self.designs.iter().map(|design| design.response(freq_hz, self.sample_rate_hz).phase_rad());
        let phase_rad: f64 = each.sum();
        phase_rad - TAU * ((phase_rad + PI) / TAU).floor()
    }

    /// Group delay in ms.
    #[must_use]
    pub fn group_delay_ms_at(&self, freq_hz: f64) -> f64 {
        let each = self.designs.iter().map(|design| design.group_delay_frames(freq_hz, self.sample_rate_hz));
        each.sum::<f64>() * 1000.0 / self.sample_rate_hz
    }

    /// In series with another.
    #[must_use]
    pub fn then(mut self, mut next: Self) -> Self {
        self.designs.append(&mut next.designs);
        self
    }
}

impl Prototypes {
    /// Complex gain of the analogue filters.
    #[must_use]
    pub fn prototype_response(&self, freq_hz: f64) -> Response {
        self.list().iter().fold(Response::UNITY, |so_far, section| so_far.then(section.response(freq_hz)))
    }

    /// The curve of the digital filters.
    #[must_use]
    pub fn curve(self, sample_rate_hz: f64) -> Curve {
        let designs = self.sections(sample_rate_hz).map(|section| section.design(sample_rate_hz)).collect();
        Curve { designs, sample_rate_hz }
    }
}

impl Band {
    /// Complex gain of its analogue filter; 1 when off.
    #[must_use]
    pub fn prototype_response(&self, freq_hz: f64) -> Response {
        self.active_prototypes().prototype_response(freq_hz)
    }

    /// Its curve; flat when off.
    #[must_use]
    pub fn curve(&self, sample_rate_hz: f64) -> Curve {
        self.active_prototypes().curve(sample_rate_hz)
    }

    /// Steady-state complex gain at zero latency; 1 when off.
    #[must_use]
    pub fn response(&self, freq_hz: f64, sample_rate_hz: f64) -> Response {
        self.curve(sample_rate_hz).response(freq_hz)
    }

    /// Steady-state gain in dB at `freq_hz`; 0 when off.
    #[must_use]
    pub fn gain_db_at(&self, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        self.curve(sample_rate_hz).gain_db_at(freq_hz)
    }
}

impl<const N: usize> Settings<N> {
    /// With only the bands that act on a whole target: for [`Target::Left`], left and stereo bands. (A band on mid or side
    /// has no curve on left or right alone: it mixes them.)
    #[must_use]
    pub fn on_target(&self, target: Target) -> Self {
        let acts = |band: &Band| band.target == Target::Stereo || band.target == target;
        Self { bands: self.bands.map(|band| Band { on: band.on && acts(&band), ..band }), ..*self }
    }

    /// The curve of all bands in series, on any target; see [`Self::on_target`] for that of one. Auto gain is not part of
    /// it.
    #[must_use]
    pub fn curve(&self, sample_rate_hz: f64) -> Curve {
        let bands = self.scaled().into_iter().filter(|band| band.on);
        let sections = bands.flat_map(|band| band.prototypes().sections(sample_rate_hz));
        Curve { designs: sections.map(|section| section.design(sample_rate_hz)).collect(), sample_rate_hz }
    }

    /// Steady-state gain in dB at `freq_hz`; 0 when off.
    #[must_use]
    pub fn gain_db_at(&self, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        self.curve(sample_rate_hz).gain_db_at(freq_hz)
    }
}
