//! Denormals count as zero while a guard lives, so that filters fading to silence cost no more than music.

/// Turns on flush-to-zero and denormals-are-zero for this thread until dropped, in case the host does not.
#[derive(Debug)]
pub struct FlushGuard {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    before: u64,
}

impl FlushGuard {
    /// Starts flushing.
    #[must_use]
    pub fn new() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            /// Bit 15 flushes results, bit 6 reads denormal operands as zero.
            const FTZ_AND_DAZ: u64 = 1 << 15 | 1 << 6;
            let before = control();
            set_control(before | FTZ_AND_DAZ);
            Self { before }
        }
        #[cfg(target_arch = "aarch64")]
        {
            /// FZ: both directions.
            const FZ: u64 = 1 << 24;
            let before = control();
            set_control(before | FZ);
            Self { before }
        }
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        Self {}
    }
}

impl Default for FlushGuard {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for FlushGuard {
    fn drop(&mut self) {
        #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
        set_control(self.before);
    }
}

#[cfg(target_arch = "x86_64")]
fn control() -> u64 {
    let mut value = 0_u32;
    // SAFETY: stores the SSE control word into a local of the right size.
    unsafe { core::arch::asm!("stmxcsr [{}]", in(reg) &raw mut value, options(nostack, preserves_flags)) };
    u64::from(value)
}

#[cfg(target_arch = "x86_64")]
fn set_control(value: u64) {
    let value = value as u32;
    // SAFETY: loads a control word that came from `control`, changed only in its two flush bits.
    unsafe { core::arch::asm!("ldmxcsr [{}]", in(reg) &raw const value, options(nostack, preserves_flags)) };
}

#[cfg(target_arch = "aarch64")]
fn control() -> u64 {
    let value: u64;
    // SAFETY: reads the floating-point control register.
    unsafe { core::arch::asm!("mrs {}, fpcr", out(reg) value, options(nostack, preserves_flags)) };
    value
}

#[cfg(target_arch = "aarch64")]
fn set_control(value: u64) {
    // SAFETY: writes a control word that came from `control`, changed only in its flush bit.
    unsafe { core::arch::asm!("msr fpcr, {}", in(reg) value, options(nostack, preserves_flags)) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::hint::black_box;

    #[test]
    fn denormals_vanish_inside_the_guard_and_return_after_it() {
        let tiny = black_box(f64::MIN_POSITIVE);
        {
            let _guard = FlushGuard::new();
            assert_eq!(black_box(tiny * black_box(0.5)), 0.0);
        }
        assert!(black_box(tiny * black_box(0.5)) > 0.0);
    }
}
