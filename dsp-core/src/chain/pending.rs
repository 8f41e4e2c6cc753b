//! Settings on their way along a chain: behind stages with latency they act when the sound arrives that was at the chain's
//! input when they were set.

use std::collections::VecDeque;

/// Changes that can wait for one stage. While fewer than half of them wait, each acts at its own frame; beyond that, those
/// closer together than the delay divided by the other half are joined: at 12,288 frames of latency, within 48 frames.
const CAPACITY: usize = 512;
/// Room that is always there: a reset may adopt a latency where there was none.
const MIN_CAPACITY: usize = 16;

/// A queue of settings, each with the frame at which it is due.
#[derive(Clone, Debug)]
pub(super) struct Pending<T> {
    queue: VecDeque<(u64, T)>,
    delay_frames: u64,
}

impl<T: Copy> Pending<T> {
    /// Empty, for no delay.
    pub(super) fn new() -> Self {
        Self { queue: VecDeque::new(), delay_frames: 0 }
    }

    /// Empties the queue and makes room for a delay. Allocates.
    pub(super) fn reserve(&mut self, delay_frames: usize) {
        self.queue.clear();
        self.queue.reserve_exact((2 * delay_frames).clamp(MIN_CAPACITY, CAPACITY));
    }

    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        self.queue.clear();
    }

    /// How long what is pushed from now on has to wait.
    pub(super) fn set_delay(&mut self, delay_frames: usize) {
        self.delay_frames = delay_frames as u64;
    }

    /// Whether settings act at once: nothing waits and there is no delay.
    pub(super) fn is_direct(&self) -> bool {
        self.delay_frames == 0 && self.queue.is_empty()
    }

    /// Queues settings that were set at frame `now`. What has no room is joined to the change before: after
    /// [`Self::reserve`] nothing is allocated.
    pub(super) fn push(&mut self, now: u64, settings: T) {
        let room = self.queue.capacity() as u64;
        let last_due = self.queue.back().map_or(0, |(due, _)| *due);
        let due = (now + self.delay_frames).max(last_due);
        let (half, waiting) = (room / 2, self.queue.len() as u64);
        let apart = if waiting < half { 1 } else { self.delay_frames.div_ceil(half.max(1)) };
        let is_full = waiting >= room;
        match self.queue.back_mut() {
            Some((last_due, last)) if due - *last_due < apart || is_full => *last = settings,
            _ => self.queue.push_back((due, settings)),
        }
    }

    /// When the next settings are due.
    pub(super) fn next_due(&self) -> Option<u64> {
        self.queue.front().map(|(due, _)| *due)
    }

    /// The newest settings that are due at `now`, taken out with all before them.
    pub(super) fn take_due(&mut self, now: u64) -> Option<T> {
        let mut newest = None;
        while self.queue.front().is_some_and(|(due, _)| *due <= now) {
            newest = self.queue.pop_front().map(|(_, settings)| settings);
        }
        newest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A queue with room, behind so many frames.
    fn behind(delay_frames: usize) -> Pending<usize> {
        let mut pending = Pending::new();
        pending.reserve(delay_frames);
        pending.set_delay(delay_frames);
        pending
    }

    /// Pushes a number every so many frames, and returns when each came out.
    fn arrivals(pending: &mut Pending<usize>, every: usize, count: usize) -> Vec<(u64, usize)> {
        let mut out = Vec::new();
        for now in 0..(every * count + 20_000) as u64 {
            if (now as usize).is_multiple_of(every) && (now as usize / every) < count {
                pending.push(now, now as usize);
            }
            out.extend(pending.take_due(now).map(|value| (now, value)));
        }
        out
    }

    #[test]
    fn changes_are_late_by_the_delay_to_the_frame() {
        for (delay, every) in [(1, 1), (240, 1), (256, 1), (12_288, 48), (12_288, 100), (7, 1000)] {
            let out = arrivals(&mut behind(delay), every, 300);
            assert_eq!(out.len(), 300, "{delay} frames, every {every}");
            assert!(out.iter().all(|(now, value)| *now == (value + delay) as u64), "{delay} frames, every {every}");
        }
    }

    #[test]
    fn a_flood_of_changes_is_thinned_and_the_last_one_arrives() {
        let delay = 12_288;
        let mut pending = behind(delay);
        let capacity = pending.queue.capacity();
        let out = arrivals(&mut pending, 1, 30_000);
        assert_eq!(pending.queue.capacity(), capacity, "it has allocated");
        assert_eq!(out.last().map(|(_, value)| *value), Some(29_999));
        let early = out.iter().map(|(now, value)| (value + delay) as u64 - now).max();
        assert!(early <= Some(48), "{early:?} frames early");
        let gap = out.windows(2).map(|pair| pair[1].0 - pair[0].0).max();
        assert!(gap <= Some(48), "nothing for {gap:?} frames");
    }

    #[test]
    fn a_shorter_delay_does_not_overtake_what_waits() {
        let mut pending = behind(100);
        pending.push(0, 1);
        pending.set_delay(10);
        pending.push(5, 2);
        assert_eq!((pending.next_due(), pending.take_due(99), pending.take_due(100)), (Some(100), None, Some(2)));
        assert!(!pending.is_direct());
    }
}
