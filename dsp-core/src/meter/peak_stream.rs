//! The readings of [`PeakReader`] for meters that want them in order, one a frame: frames go in singly, readings come
//! out by the chunk, [`LATENCY_FRAMES`] after their frames.

use crate::Frame;
use crate::interpolate::peaks::{CHUNK, LATENCY_FRAMES, PeakReader};

/// Silence after which every frame has been read: what [`super::true_peak::TruePeakMeter`] asks for too.
pub(super) const FLUSH_FRAMES: usize = LATENCY_FRAMES + CHUNK;

/// A reader with the chunk under way.
#[derive(Clone, Debug)]
pub(super) struct PeakStream {
    reader: PeakReader,
    chunk: [Frame; CHUNK],
    at: usize,
}

impl PeakStream {
    pub(super) fn new() -> Self {
        Self { reader: PeakReader::new(), chunk: [[0.0; 2]; CHUNK], at: 0 }
    }

    pub(super) fn reset(&mut self) {
        self.reader.reset();
        self.at = 0;
    }

    /// Takes in a frame, which is finite; true where the chunk is full, and has to be read.
    #[inline]
    pub(super) fn push(&mut self, frame: Frame) -> bool {
        self.chunk[self.at] = frame;
        self.at += 1;
        self.at == CHUNK
    }

    /// Readings of the next [`CHUNK`] frames in order: the largest magnitude from one frame before each to one frame
    /// after it, or 0 where none exceeds `floor`. The first [`LATENCY_FRAMES`] lie before the first frame.
    pub(super) fn read(&mut self, floor: f64) -> [Frame; CHUNK] {
        self.at = 0;
        let mut peaks = [[0.0; 2]; CHUNK];
        self.reader.read(&self.chunk, floor, &mut peaks);
        peaks
    }
}
