//! Attack and release of the styles. With r the reduction, r∞ what the curve asks for and R the release:
//!
//! - **Clean, FET**: r − r∞ shrinks by e in the attack or in R.
//! - **Bus**: a feedback loop hears its own output, level − r. Around its solution, which is the curve's r∞, the loop
//!   drives r by (a − r)/R with a = r∞ + (K − 1)·(r∞ − r), not below 0, where K is the ratio, held to 8. So r falls
//!   as r·e^(−t/R) until the output is at the threshold, then K times as fast: a release to nothing takes R, one to a
//!   smaller reduction takes R/K to R. The attack is divided by the loop's gain, which makes it the labelled one.
//! - **Opto** and automatic release: r falls quickly, with the fast time, to a floor f, which falls slowly, with the
//!   slow time, to r∞. While r rises or stays, f = share·r + memory share·m, where m follows r with the memory time.
//!   Opto: half of r at first, 0.9 of it after long reduction; fast 0.2·R, slow 2.45·R, memory 8·R, so that after a
//!   short reduction 63 % take R. Automatic release: nothing at first, 0.9 after long reduction; fast R, slow 6·R,
//!   memory 4·R.

use super::settings::{Settings, Style};
use crate::dynamics::ballistics::{Ballistics, Fall};
use crate::units::{ms_to_frames, one_pole_keep};

/// Largest gain of the feedback loop: the ratio at which a partial release stops getting faster.
const MAX_LOOP_GAIN: f64 = 8.0;

impl Ballistics {
    /// What the settings ask for. `held_ms` is how long the detector holds a level: part of the release.
    pub(in crate::dynamics) fn of(settings: &Settings, held_ms: f64, sample_rate_hz: f64) -> Self {
        let keep = |ms: f64| one_pole_keep(ms, sample_rate_hz);
        let release_ms = settings.release_ms - held_ms;
        let floor = |slow: f64, memory: f64, share: f64| Fall::Floor {
            slow_keep: keep(slow * release_ms),
            memory_keep: keep(memory * settings.release_ms),
            share,
            memory_share: 0.9 - share,
        };
        let (fall_ms, fall) = match settings.style {
            Style::Opto => (0.2 * release_ms, floor(2.45, 8.0, 0.5)),
            _ if settings.auto_release => (release_ms, floor(6.0, 4.0, 0.0)),
            Style::Bus => {
                let loop_keep = keep(release_ms / settings.ratio.min(MAX_LOOP_GAIN));
                (release_ms, Fall::Loop { loop_keep })
            }
            Style::Clean | Style::Fet => (release_ms, Fall::Straight),
        };
        Self {
            rise_keep: keep(settings.attack_ms),
            fall_keep: keep(fall_ms),
            hold_frames: ms_to_frames(settings.hold_ms, sample_rate_hz).round() as u32,
            fall,
        }
    }
}
