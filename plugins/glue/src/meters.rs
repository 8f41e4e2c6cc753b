//! Carries readings from the audio thread to the editor: one atomic a number, written thirty times a second and only
//! while an editor is open.

use atomic_float::AtomicF64;
use dsp_core::meter::readings::Readings;
use dsp_core::meter::taps::SignalTaps;
use nice_plug_egui::RepaintNotifier;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

/// Time between two readings, each of which costs the editor a frame: smooth to the eye, and the host's own window stays
/// fluent with twenty editors open.
const PUBLISH_EVERY_S: f64 = 1.0 / 30.0;
/// An editor that has not looked for so long counts as closed: the framework does not tell when it closes.
const CLOSED_AFTER_S: f64 = 1.5;

/// Readings shared between the audio thread and the editor. One look may mix numbers of two successive readings, which
/// is invisible.
pub struct Meters<R> {
    slots: Box<[AtomicF64]>,
    sample_rate_hz: AtomicF64,
    /// Number of readings so far: the editor sees when no more come.
    published: AtomicU32,
    looked_at: AtomicBool,
    reset_wanted: AtomicBool,
    taps: Arc<SignalTaps>,
    /// Wakes the editor.
    pub notifier: RepaintNotifier,
    readings: PhantomData<fn() -> R>,
}

impl<R> fmt::Debug for Meters<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meters").field("slots", &self.slots).finish_non_exhaustive()
    }
}

impl<R: Readings> Default for Meters<R> {
    fn default() -> Self {
        let mut slots = Vec::new();
        let mut silence = R::SILENCE;
        silence.each(&mut |value| slots.push(AtomicF64::new(*value)));
        Self {
            slots: slots.into(),
            sample_rate_hz: AtomicF64::new(48_000.0),
            published: AtomicU32::new(0),
            looked_at: AtomicBool::new(false),
            reset_wanted: AtomicBool::new(false),
            taps: Arc::default(),
            notifier: RepaintNotifier::new(),
            readings: PhantomData,
        }
    }
}

impl<R: Readings> Meters<R> {
    /// Editor: tells the audio thread that an editor is open. Holds for `CLOSED_AFTER_S`.
    pub fn keep_looking(&self) {
        self.looked_at.store(true, Relaxed);
    }

    /// Editor: what the meters show, and how many readings there have been.
    #[must_use]
    pub fn look(&self) -> (R, u32) {
        let mut readings = R::SILENCE;
        let mut slots = self.slots.iter();
        readings.each(&mut |value| {
            if let Some(slot) = slots.next() {
                *value = slot.load(Relaxed);
            }
        });
        (readings, self.published.load(Relaxed))
    }

    /// Editor: asks the audio thread to restart everything measured over time.
    pub fn ask_for_reset(&self) {
        self.reset_wanted.store(true, Relaxed);
    }

    /// The signal at certain points of whichever chain runs.
    #[must_use]
    pub const fn taps(&self) -> &Arc<SignalTaps> {
        &self.taps
    }

    /// The rate the chain runs at; 48 kHz before it ever ran.
    #[must_use]
    pub fn sample_rate_hz(&self) -> f64 {
        self.sample_rate_hz.load(Relaxed)
    }

    /// Audio thread: the rate the chain now runs at.
    pub fn set_sample_rate_hz(&self, sample_rate_hz: f64) {
        self.sample_rate_hz.store(sample_rate_hz, Relaxed);
    }

    /// Audio thread: whether a restart was asked for.
    #[must_use]
    pub fn take_reset(&self) -> bool {
        self.reset_wanted.load(Relaxed) && self.reset_wanted.swap(false, Relaxed)
    }

    /// Writes a reading; wakes the editor if it differs from the last. Steady readings cost no frame.
    fn publish(&self, mut readings: R) {
        let mut slots = self.slots.iter();
        let mut differs = false;
        readings.each(&mut |value| {
            if let Some(slot) = slots.next()
                && slot.load(Relaxed).to_bits() != value.to_bits()
            {
                slot.store(*value, Relaxed);
                differs = true;
            }
        });
        self.published.fetch_add(1, Relaxed);
        if differs {
            self.notifier.request_repaint();
        }
    }
}

/// Audio thread: when to publish.
#[derive(Debug)]
pub(crate) struct Publisher {
    since_publish: usize,
    since_look: usize,
}

impl Publisher {
    /// No editor has been open yet.
    pub(crate) const fn new() -> Self {
        Self { since_publish: 0, since_look: usize::MAX }
    }

    /// Before a block: whether an editor is open.
    pub(crate) fn is_watched<R: Readings>(&mut self, meters: &Meters<R>) -> bool {
        if meters.looked_at.load(Relaxed) && meters.looked_at.swap(false, Relaxed) {
            self.since_look = 0;
        }
        (self.since_look as f64) < CLOSED_AFTER_S * meters.sample_rate_hz()
    }

    /// After a block of `frames`: publishes `readings` if they are due and an editor is open.
    pub(crate) fn after<R: Readings>(&mut self, meters: &Meters<R>, frames: usize, readings: impl FnOnce() -> R) {
        self.since_look = self.since_look.saturating_add(frames);
        self.since_publish = self.since_publish.saturating_add(frames);
        let due = self.since_publish as f64 >= PUBLISH_EVERY_S * meters.sample_rate_hz();
        if due && self.is_watched(meters) {
            self.since_publish = 0;
            meters.publish(readings());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dsp_core::chain::master;
    use dsp_core::multiband::MAX_BANDS;
    use std::cell::Cell;

    /// Readings that differ in every number.
    fn counted() -> master::Readings {
        let mut readings = master::Readings::SILENCE;
        let mut n = 0.0;
        readings.each(&mut |value| {
            n += 1.0;
            *value = n;
        });
        readings
    }

    #[test]
    fn what_is_published_is_what_is_read() {
        let meters = Meters::<master::Readings>::default();
        assert_eq!(meters.look(), (master::Readings::SILENCE, 0));
        meters.publish(counted());
        assert_eq!(meters.look(), (counted(), 1));
        // Five pairs, seven single ones and six of the loudness besides what each band has.
        let (expected, mut count) = (10 + 7 + 6 + master::BANDS + 2 * MAX_BANDS, 0);
        counted().each(&mut |_| count += 1);
        assert_eq!(count, expected, "every number is visited once");
    }

    #[test]
    fn readings_are_taken_only_while_someone_looks_and_thirty_times_a_second() {
        let meters = Meters::<master::Readings>::default();
        let mut publisher = Publisher::new();
        let taken = Cell::new(0);
        let mut run = |seconds: usize| {
            taken.set(0);
            for _ in 0..seconds * 48_000 / 64 {
                publisher.after(&meters, 64, || {
                    taken.set(taken.get() + 1);
                    counted()
                });
            }
            taken.get()
        };
        assert_eq!(run(2), 0, "nobody has looked");
        meters.keep_looking();
        let first = run(1);
        // Blocks of 64 frames round 33.3 ms up to 33.3 ms.
        assert!((29..=30).contains(&first), "{first}");
        // What is left of the second and a half for which the last look holds.
        assert!(run(3) <= 15, "the editor has been closed");
        assert_eq!(run(3), 0, "the editor is still closed");
    }

    #[test]
    fn a_reset_is_asked_for_once() {
        let meters = Meters::<master::Readings>::default();
        assert!(!meters.take_reset());
        meters.ask_for_reset();
        assert!(meters.take_reset());
        assert!(!meters.take_reset());
    }
}
