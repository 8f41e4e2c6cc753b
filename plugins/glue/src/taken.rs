//! The audio thread's copy of the settings, kept up with the host parameters.

use crate::params::HostParams;

/// How long a structural control must rest before the host is asked to restart: a drag asks once, not at every step.
const SETTLE_S: f64 = 0.2;

/// Settings as the audio thread last took them from the host parameters.
///
/// Structural controls, those a host may not automate, are different: they change the latency, and latency belongs to
/// activation. They are taken by [`Taken::adopt`] alone; until then the chain keeps running as it is.
#[derive(Debug)]
pub struct Taken<S> {
    settings: S,
    /// Bits of every parameter as taken.
    bits: Box<[u32]>,
    /// The same, but of structural parameters as last seen, taken or not.
    seen: Box<[u32]>,
    /// Frames since a structural parameter moved away from what was adopted; `None` when nothing is to be asked.
    rested: Option<usize>,
}

impl<S: Default + Copy + 'static> Taken<S> {
    /// Everything, structural controls too.
    #[must_use]
    pub fn new(params: &HostParams<S>) -> Self {
        let bits: Box<[u32]> = params.iter().map(|(_, param)| param.stored().to_bits()).collect();
        Self { settings: params.settings(), seen: bits.clone(), bits, rested: None }
    }

    /// The settings as taken.
    #[must_use]
    pub fn settings(&self) -> S {
        self.settings
    }

    /// Takes what has changed, but for structural controls. Returns whether anything had. Neither allocates nor waits.
    pub fn take(&mut self, params: &HostParams<S>) -> bool {
        let mut changed = false;
        params.take_moved(|index, control, param| {
            let (Some(taken), Some(seen)) = (self.bits.get_mut(index), self.seen.get_mut(index)) else { return };
            let stored = param.stored();
            let bits = stored.to_bits();
            if control.automatable {
                if bits != *taken {
                    (*taken, *seen) = (bits, bits);
                    control.set(&mut self.settings, control.from_stored(stored));
                    changed = true;
                }
            } else if bits != *seen {
                *seen = bits;
                self.rested = Some(0);
            }
        });
        changed
    }

    /// Takes everything. Only while the plugin is being activated.
    pub fn adopt(&mut self, params: &HostParams<S>) {
        self.take(params);
        for ((control, param), (taken, seen)) in params.iter().zip(self.bits.iter_mut().zip(&mut self.seen)) {
            if !control.automatable {
                let stored = param.stored();
                control.set(&mut self.settings, control.from_stored(stored));
                (*taken, *seen) = (stored.to_bits(), stored.to_bits());
            }
        }
        self.rested = None;
    }

    /// After a block of `frames`: whether to ask the host for a restart now, so that structural controls are adopted.
    /// True once for each time they were moved and came to rest elsewhere.
    pub fn wants_restart(&mut self, frames: usize, sample_rate_hz: f64) -> bool {
        let Some(rested) = self.rested else { return false };
        let rested = rested.saturating_add(frames);
        let settled = rested as f64 >= SETTLE_S * sample_rate_hz;
        self.rested = if settled { None } else { Some(rested) };
        settled && self.seen != self.bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::set;
    use dsp_core::chain::master::MasterBus;
    use plumb_controls::Controlled;

    fn bus() -> HostParams<<MasterBus as dsp_core::Chain>::Settings> {
        HostParams::new(MasterBus::controls(), (1.0, 1.0))
    }

    #[test]
    fn only_what_changed_is_taken() {
        let params = bus();
        let mut taken = Taken::new(&params);
        assert!(!taken.take(&params));
        set(&params, "comp_threshold_db", -30.0);
        set(&params, "comp_ratio", f64::INFINITY);
        assert!(taken.take(&params));
        assert!(!taken.take(&params));
        assert_eq!(taken.settings().compressor.threshold_db, -30.0);
        assert_eq!(taken.settings().compressor.ratio, f64::INFINITY);
        assert_eq!(taken.settings(), params.settings());
    }

    #[test]
    fn a_structural_control_waits_for_activation_and_asks_for_it_once() {
        let params = bus();
        let mut taken = Taken::new(&params);
        let was = taken.settings().limiter.lookahead_ms;
        let mut asked = 0;
        for step in 0..10 {
            set(&params, "limiter_lookahead_ms", 5.0 + f64::from(step));
            assert!(!taken.take(&params));
            asked += usize::from(taken.wants_restart(512, 48_000.0));
        }
        assert_eq!(asked, 0, "still being dragged");
        for _ in 0..200 {
            taken.take(&params);
            asked += usize::from(taken.wants_restart(512, 48_000.0));
        }
        assert_eq!(asked, 1);
        assert_eq!(taken.settings().limiter.lookahead_ms, was);
        taken.adopt(&params);
        assert_eq!(taken.settings().limiter.lookahead_ms, 14.0);
        assert!(!taken.wants_restart(1 << 20, 48_000.0));
    }

    #[test]
    fn a_structural_control_that_came_back_asks_for_nothing() {
        let params = bus();
        let mut taken = Taken::new(&params);
        let was = taken.settings().limiter.lookahead_ms;
        for value in [7.0, was] {
            set(&params, "limiter_lookahead_ms", value);
            taken.take(&params);
        }
        assert!(!taken.wants_restart(1 << 20, 48_000.0));
    }
}
