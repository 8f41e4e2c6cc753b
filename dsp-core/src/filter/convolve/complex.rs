//! Complex numbers in two arrays.

use crate::simd::F64x4;

/// Lanes of a vector.
pub(super) const LANES: usize = 4;

/// Complex numbers as an array of real and one of imaginary parts, so that loops need no shuffling.
#[derive(Clone, Debug, Default)]
pub(super) struct Split {
    pub(super) re: Vec<f64>,
    pub(super) im: Vec<f64>,
}

impl Split {
    pub(super) fn zeros(len: usize) -> Self {
        Self { re: vec![0.0; len], im: vec![0.0; len] }
    }

    pub(super) fn clear(&mut self) {
        self.re.fill(0.0);
        self.im.fill(0.0);
    }

    #[inline(always)]
    pub(super) fn at(&self, from: usize, len: usize) -> View<'_> {
        View { re: &self.re[from..from + len], im: &self.im[from..from + len] }
    }

    #[inline(always)]
    pub(super) fn vectors(&self, from: usize, count: usize) -> Vectors<'_> {
        View { re: &self.re, im: &self.im }.vectors(from, count)
    }

    #[inline(always)]
    pub(super) fn at_mut(&mut self, from: usize, len: usize) -> ViewMut<'_> {
        ViewMut { re: &mut self.re[from..from + len], im: &mut self.im[from..from + len] }
    }
}

/// A slice of [`Split`].
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) re: &'a [f64],
    pub(super) im: &'a [f64],
}

impl<'a> View<'a> {
    /// `count` vectors.
    #[inline(always)]
    pub(super) fn vectors(self, from: usize, count: usize) -> Vectors<'a> {
        Vectors { re: &self.re[from..].as_chunks().0[..count], im: &self.im[from..].as_chunks().0[..count] }
    }

    /// Real and imaginary parts exchanged: a transform between two exchanges is the inverse one.
    pub(super) fn exchanged(self) -> Self {
        Self { re: self.im, im: self.re }
    }
}

/// A mutable slice of [`Split`].
pub(super) struct ViewMut<'a> {
    pub(super) re: &'a mut [f64],
    pub(super) im: &'a mut [f64],
}

impl ViewMut<'_> {
    pub(super) fn exchanged(self) -> Self {
        Self { re: self.im, im: self.re }
    }
}

/// Complex numbers in vectors. Both slices have one length, so that a loop over it checks no index.
#[derive(Clone, Copy)]
pub(super) struct Vectors<'a> {
    pub(super) re: &'a [[f64; LANES]],
    pub(super) im: &'a [[f64; LANES]],
}

impl Vectors<'_> {
    /// Real and imaginary parts of one vector.
    #[inline(always)]
    pub(super) fn get<V: F64x4>(self, at: usize) -> [V; 2] {
        [V::load(&self.re[at]), V::load(&self.im[at])]
    }

    /// The first number of a vector in all lanes.
    #[inline(always)]
    pub(super) fn first_of<V: F64x4>(self, at: usize) -> [V; 2] {
        [V::splat(self.re[at][0]), V::splat(self.im[at][0])]
    }
}
