//! The audio thread's copy of the settings, updated from the host parameters.

use crate::params::HostParams;
use plumb_controls::ControlTable;

/// How long a structural control must stand still before the host is asked to restart: one request a drag, not one a step.
const SETTLE_S: f64 = 0.2;

/// Settings as the audio thread last read them from the host parameters.
///
/// Structural controls, those a host may not automate, change the latency, which only an activation may do. Only
/// [`AudioSettings::adopt`] reads them; until then the chain keeps running as it is.
#[derive(Debug)]
pub struct AudioSettings<S> {
    settings: S,
    /// Bits of every parameter as adopted.
    adopted: Box<[u32]>,
    /// Bits of every parameter as last seen: differs for structural parameters that await an activation.
    seen: Box<[u32]>,
    /// Frames since a structural parameter last changed; `None` if no restart is pending.
    settling: Option<usize>,
}

impl<S: ControlTable> AudioSettings<S> {
    /// All settings, structural ones too.
    #[must_use]
    pub fn new(params: &HostParams<S>) -> Self {
        let adopted: Box<[u32]> = params.iter().map(|(_, param)| param.stored().to_bits()).collect();
        Self { settings: params.settings(), seen: adopted.clone(), adopted, settling: None }
    }

    /// The settings as last read.
    #[must_use]
    pub fn settings(&self) -> S {
        self.settings
    }

    /// Reads what has changed, except structural controls. Returns whether anything did. Neither allocates nor waits.
    pub fn update(&mut self, params: &HostParams<S>) -> bool {
        let mut changed = false;
        params.take_dirty(|index, control, param| {
            let (Some(adopted), Some(seen)) = (self.adopted.get_mut(index), self.seen.get_mut(index)) else { return };
            let stored = param.stored();
            let bits = stored.to_bits();
            if control.automatable {
                if bits != *adopted {
                    (*adopted, *seen) = (bits, bits);
                    control.set(&mut self.settings, control.from_stored(stored));
                    changed = true;
                }
            } else if bits != *seen {
                *seen = bits;
                self.settling = Some(0);
            }
        });
        changed
    }

    /// Reads everything. Only while the plugin is being activated.
    pub fn adopt(&mut self, params: &HostParams<S>) {
        self.update(params);
        for ((control, param), (adopted, seen)) in params.iter().zip(self.adopted.iter_mut().zip(&mut self.seen)) {
            if !control.automatable {
                let stored = param.stored();
                control.set(&mut self.settings, control.from_stored(stored));
                (*adopted, *seen) = (stored.to_bits(), stored.to_bits());
            }
        }
        self.settling = None;
    }

    /// After a block of `frames`: whether to ask the host for a restart, so that structural controls are adopted. True
    /// once each time they have changed and settled at another value.
    pub fn wants_restart(&mut self, frames: usize, sample_rate_hz: f64) -> bool {
        let Some(settling) = self.settling else { return false };
        let settling = settling.saturating_add(frames);
        let settled = settling as f64 >= SETTLE_S * sample_rate_hz;
        self.settling = if settled { None } else { Some(settling) };
        settled && self.seen != self.adopted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::set;
    use dsp_core::Chain;
    use dsp_core::chain::master::MasterBus;

    fn bus() -> HostParams<<MasterBus as Chain>::Settings> {
        HostParams::new((1.0, 1.0))
    }

    #[test]
    fn only_what_changed_is_read() {
        let params = bus();
        let mut audio = AudioSettings::new(&params);
        assert!(!audio.update(&params));
        set(&params, "comp_threshold_db", -30.0);
        set(&params, "comp_ratio", f64::INFINITY);
        assert!(audio.update(&params));
        assert!(!audio.update(&params));
        assert_eq!(audio.settings().compressor.threshold_db, -30.0);
        assert_eq!(audio.settings().compressor.ratio, f64::INFINITY);
        assert_eq!(audio.settings(), params.settings());
    }

    #[test]
    fn a_structural_control_waits_for_activation_and_asks_for_it_once() {
        let params = bus();
        let mut audio = AudioSettings::new(&params);
        let was = audio.settings().limiter.lookahead_ms;
        let mut asked = 0;
        for step in 0..10 {
            set(&params, "limiter_lookahead_ms", 5.0 + f64::from(step));
            assert!(!audio.update(&params));
            asked += usize::from(audio.wants_restart(512, 48_000.0));
        }
        assert_eq!(asked, 0, "still being dragged");
        for _ in 0..200 {
            audio.update(&params);
            asked += usize::from(audio.wants_restart(512, 48_000.0));
        }
        assert_eq!(asked, 1);
        assert_eq!(audio.settings().limiter.lookahead_ms, was);
        audio.adopt(&params);
        assert_eq!(audio.settings().limiter.lookahead_ms, 14.0);
        assert!(!audio.wants_restart(1 << 20, 48_000.0));
    }

    #[test]
    fn a_structural_control_that_came_back_asks_for_nothing() {
        let params = bus();
        let mut audio = AudioSettings::new(&params);
        let was = audio.settings().limiter.lookahead_ms;
        for value in [7.0, was] {
            set(&params, "limiter_lookahead_ms", value);
            audio.update(&params);
        }
        assert!(!audio.wants_restart(1 << 20, 48_000.0));
    }
}
