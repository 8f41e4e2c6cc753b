//! [`PeakReader`] for meters that need one reading per frame, in order: frames go in one by one, readings come out in
//! chunks, [`LATENCY_FRAMES`] after their frames.

use crate::Frame;
use crate::interpolate::peaks::{CHUNK, LATENCY_FRAMES, PeakReader};

/// Frames of silence after which every frame has been read.
pub(super) const FLUSH_FRAMES: usize = LATENCY_FRAMES + CHUNK;

/// A reader with its current chunk.
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

    /// Takes a finite frame; true if the chunk is full and must be read.
    #[inline]
    pub(super) fn push(&mut self, frame: Frame) -> bool {
        self.chunk[self.at] = frame;
        self.at += 1;
        self.at == CHUNK
    }

    /// Readings of the next [`CHUNK`] frames in order: the largest magnitude from one frame before each to one frame
    /// after it, or 0 if none exceeds `floor`. The first [`LATENCY_FRAMES`] lie before the first frame.
    pub(super) fn read(&mut self, floor: f64) -> [Frame; CHUNK] {
        self.at = 0;
        let mut peaks = [[0.0; 2]; CHUNK];
        self.reader.read(&self.chunk, floor, &mut peaks);
        peaks
    }
}
