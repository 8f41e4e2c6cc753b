//! What a chain asks of each of its stages, and the contract that every processor keeps.

use crate::{Frame, Spec};

/// A processor of stereo frames that a chain can put anywhere in its order.
///
/// | call | may allocate | thread | meaning |
/// | --- | --- | --- | --- |
/// | `new(settings)` | yes | main | valid and silent-safe at any rate |
/// | `prepare(spec)` | yes | main | sizes the buffers, then resets |
/// | `reset()` | no | audio | forgets the past, keeps the settings; the next output is that of a new processor |
/// | `set(settings)` | no | audio | new targets, smoothed inside; cheap when nothing changed |
/// | `process(block, key)` | no | audio | in place, any length; never panics |
/// | `skip(frames)` | no | audio | instead of `process`, while idle |
/// | `latency_frames()` | no | any | exact; constant between two calls of `prepare` or `reset` |
pub trait Stage {
    /// What the user can set. Numbers outside their [`crate::Range`] are clamped.
    type Settings: Copy + PartialEq;

    /// Learns rate and channels, sizes buffers for every setting, then resets. Allocates.
    fn prepare(&mut self, spec: Spec);

    /// Forgets the past, settles every ramp on its target and adopts structural settings (lookahead, oversampling).
    fn reset(&mut self);

    /// New targets. Structural settings wait for the next `reset` or `prepare`.
    fn set(&mut self, settings: Self::Settings);

    /// Processes `block` in place. `key` is the sidechain: silence where it is absent or shorter than the block.
    fn process(&mut self, block: &mut [Frame], key: Option<&[Frame]>);

    /// Whether `process` would leave finite frames as they are, without delay, until something is set.
    fn is_idle(&self) -> bool;

    /// Counts frames that were not given to `process` because the stage is idle. For stages that do things every so
    /// many frames, so that the output does not depend on when they were idle.
    fn skip(&mut self, _frames: usize) {}

    /// Whether the sidechain makes a difference now, or will after the settings have settled.
    fn uses_sidechain(&self) -> bool {
        false
    }

    /// Delay from input to output.
    fn latency_frames(&self) -> usize {
        0
    }

    /// Delay that `reset` would adopt with these settings.
    fn latency_frames_for(&self, _settings: &Self::Settings) -> usize {
        0
    }

    /// The longest delay that any settings ask for at this rate.
    fn max_latency_frames(&self) -> usize {
        0
    }
}
