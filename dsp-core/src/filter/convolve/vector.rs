//! Complex numbers in two arrays, and four numbers at once.

/// Numbers worked on at once.
pub(super) const LANES: usize = 4;

/// Four numbers: what a loop is written with, once, and compiled for each kind of processor.
pub(super) trait Vector: Copy {
    /// # Safety
    /// Four numbers must be there from `at` on: in the innermost loops asking each time costs as much as the work.
    unsafe fn load(from: &[f64], at: usize) -> Self;
    /// # Safety
    /// There must be room for four numbers from `at` on.
    unsafe fn store(self, to: &mut [f64], at: usize);
    /// One number four times.
    fn splat(x: f64) -> Self;
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    /// Rows to columns.
    fn transpose(rows: [Self; 4]) -> [Self; 4];
}

/// On any processor. Spelt out, without closures: those are not compiled for the features of who calls them.
impl Vector for [f64; LANES] {
    #[inline(always)]
    unsafe fn load(from: &[f64], at: usize) -> Self {
        debug_assert!(at + LANES <= from.len());
        // SAFETY: the caller's promise.
        let from = unsafe { from.get_unchecked(at..at + LANES) };
        [from[0], from[1], from[2], from[3]]
    }

    #[inline(always)]
    unsafe fn store(self, to: &mut [f64], at: usize) {
        debug_assert!(at + LANES <= to.len());
        // SAFETY: the caller's promise.
        unsafe { to.get_unchecked_mut(at..at + LANES) }.copy_from_slice(&self);
    }

    #[inline(always)]
    fn splat(x: f64) -> Self {
        [x; LANES]
    }

    #[inline(always)]
    fn add(self, b: Self) -> Self {
        [self[0] + b[0], self[1] + b[1], self[2] + b[2], self[3] + b[3]]
    }

    #[inline(always)]
    fn sub(self, b: Self) -> Self {
        [self[0] - b[0], self[1] - b[1], self[2] - b[2], self[3] - b[3]]
    }

    #[inline(always)]
    fn mul(self, b: Self) -> Self {
        [self[0] * b[0], self[1] * b[1], self[2] * b[2], self[3] * b[3]]
    }

    #[inline(always)]
    fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        [[a[0], b[0], c[0], d[0]], [a[1], b[1], c[1], d[1]], [a[2], b[2], c[2], d[2]], [a[3], b[3], c[3], d[3]]]
    }
}

/// Complex numbers in two arrays: real parts and imaginary parts, so that loops need no shuffling.
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
    pub(super) fn at_mut(&mut self, from: usize, len: usize) -> ViewMut<'_> {
        ViewMut { re: &mut self.re[from..from + len], im: &mut self.im[from..from + len] }
    }
}

/// A look at complex numbers.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) re: &'a [f64],
    pub(super) im: &'a [f64],
}

impl View<'_> {
    #[inline(always)]
    pub(super) fn split_at(self, at: usize) -> (Self, Self) {
        let ((a, b), (c, d)) = (self.re.split_at(at), self.im.split_at(at));
        (Self { re: a, im: c }, Self { re: b, im: d })
    }

    /// Real and imaginary parts exchanged: a transform between two exchanges is the inverse one.
    pub(super) fn exchanged(self) -> Self {
        Self { re: self.im, im: self.re }
    }
}

/// A place for complex numbers.
pub(super) struct ViewMut<'a> {
    pub(super) re: &'a mut [f64],
    pub(super) im: &'a mut [f64],
}

impl ViewMut<'_> {
    pub(super) fn exchanged(self) -> Self {
        Self { re: self.im, im: self.re }
    }
}
