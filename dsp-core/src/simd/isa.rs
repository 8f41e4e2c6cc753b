//! Which instruction set to run on.

#[cfg(target_arch = "x86_64")]
use super::avx2::Avx2;
use super::kernel::{Kernel, Portable};

/// The instruction set to run kernels on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Isa {
    #[cfg(target_arch = "x86_64")]
    avx2: Option<Avx2>,
}

impl Isa {
    /// What any processor has.
    #[cfg(test)]
    pub(crate) const PORTABLE: Self = Self {
        #[cfg(target_arch = "x86_64")]
        avx2: None,
    };

    /// The best that this processor has. Asked once, then remembered by the standard library.
    #[inline]
    pub(crate) fn detect() -> Self {
        Self {
            #[cfg(target_arch = "x86_64")]
            avx2: Avx2::detect(),
        }
    }

    /// Runs a kernel.
    #[inline]
    pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = self.avx2 {
            return avx2.run(kernel);
        }
        kernel.run::<Portable>()
    }
}
