//! Complex numbers in two arrays, and four numbers at once.

#[cfg(target_arch = "x86_64")]
use crate::lanes::Avx;
use crate::lanes::{Lanes, Plain};
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64 as arch;

/// Numbers worked on at once.
pub(super) const LANES: usize = 4;

/// Four numbers, and what transforms do with them besides what everybody does.
pub(super) trait Vector: Lanes {
    /// # Safety
    /// Four numbers must be there from `at` on: in the innermost loops asking each time costs as much as the work.
    unsafe fn read(from: &[f64], at: usize) -> Self;
    /// # Safety
    /// There must be room for four numbers from `at` on.
    unsafe fn write(self, to: &mut [f64], at: usize);
    /// Rows to columns.
    fn transpose(rows: [Self; 4]) -> [Self; 4];
}

/// On any processor.
impl Vector for Plain {
    #[inline(always)]
    unsafe fn read(from: &[f64], at: usize) -> Self {
        debug_assert!(at + LANES <= from.len());
        // SAFETY: the caller's promise.
        let from = unsafe { from.get_unchecked(at..at + LANES) };
        Self([from[0], from[1], from[2], from[3]])
    }

    #[inline(always)]
    unsafe fn write(self, to: &mut [f64], at: usize) {
        debug_assert!(at + LANES <= to.len());
        // SAFETY: the caller's promise.
        unsafe { to.get_unchecked_mut(at..at + LANES) }.copy_from_slice(&self.0);
    }

    #[inline(always)]
    fn transpose([Self(a), Self(b), Self(c), Self(d)]: [Self; 4]) -> [Self; 4] {
        [0, 1, 2, 3].map(|lane| Self([a[lane], b[lane], c[lane], d[lane]]))
    }
}

/// With AVX2. Nothing is fused: the bits are those of any processor.
#[cfg(target_arch = "x86_64")]
impl Vector for Avx {
    #[inline(always)]
    unsafe fn read(from: &[f64], at: usize) -> Self {
        debug_assert!(at + LANES <= from.len());
        // SAFETY: the caller's promise, and see the type.
        Self(unsafe { arch::_mm256_loadu_pd(from.as_ptr().add(at)) })
    }

    #[inline(always)]
    unsafe fn write(self, to: &mut [f64], at: usize) {
        debug_assert!(at + LANES <= to.len());
        // SAFETY: the caller's promise, and see the type.
        unsafe { arch::_mm256_storeu_pd(to.as_mut_ptr().add(at), self.0) };
    }

    #[inline(always)]
    fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        // SAFETY: see the type.
        unsafe {
            let (ab0, ab1) = (arch::_mm256_unpacklo_pd(a.0, b.0), arch::_mm256_unpackhi_pd(a.0, b.0));
            let (cd0, cd1) = (arch::_mm256_unpacklo_pd(c.0, d.0), arch::_mm256_unpackhi_pd(c.0, d.0));
            [
                Self(arch::_mm256_permute2f128_pd::<0x20>(ab0, cd0)),
                Self(arch::_mm256_permute2f128_pd::<0x20>(ab1, cd1)),
                Self(arch::_mm256_permute2f128_pd::<0x31>(ab0, cd0)),
                Self(arch::_mm256_permute2f128_pd::<0x31>(ab1, cd1)),
            ]
        }
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
