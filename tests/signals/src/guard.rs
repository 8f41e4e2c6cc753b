//! The allocation guard: fails a test whose audio-thread code allocates or frees memory.
//!
//! This package is the global allocator of every binary that links it, so no test can ask without being guarded, and
//! [`assert_no_alloc`] proves the guard before each use.

use std::alloc::{GlobalAlloc, Layout, System};
use std::backtrace::Backtrace;
use std::cell::Cell;
use std::hint::black_box;

thread_local! {
    /// Whether this thread's calls to the allocator are counted.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static CALLS: Cell<usize> = const { Cell::new(0) };
    /// Where the first counted call came from.
    static FIRST: Cell<Option<&'static Backtrace>> = const { Cell::new(None) };
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The system's allocator, its calls counted on guarded threads.
struct Counting;

fn count() {
    if GUARDED.get() {
        // Capturing allocates.
        GUARDED.set(false);
        if CALLS.get() == 0 {
            FIRST.set(Some(Box::leak(Box::new(Backtrace::capture()))));
        }
        CALLS.set(CALLS.get() + 1);
        GUARDED.set(true);
    }
}

// SAFETY: Every call goes to the system's allocator unchanged; counting neither unwinds nor touches the memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: The caller keeps the contract of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: The caller keeps the contract of `GlobalAlloc::alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: The caller keeps the contract of `GlobalAlloc::realloc`.
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count();
        // SAFETY: The caller keeps the contract of `GlobalAlloc::dealloc`.
        unsafe { System.dealloc(memory, layout) }
    }
}

/// Runs a closure; returns its value and how often it called the allocator.
fn counted<T>(run: impl FnOnce() -> T) -> (T, usize) {
    /// Ends the count, also when the closure panics.
    struct Guarded(bool);
    impl Drop for Guarded {
        fn drop(&mut self) {
            GUARDED.set(self.0);
        }
    }
    let before = CALLS.replace(0);
    let guarded = Guarded(GUARDED.replace(true));
    let value = run();
    drop(guarded);
    let calls = CALLS.replace(before);
    (value, calls)
}

/// Runs a closure and fails if it allocates or frees memory on this thread. `RUST_BACKTRACE=1` shows where.
///
/// # Panics
/// If memory was allocated or freed, or if the guard does not work in this binary.
#[track_caller]
pub fn assert_no_alloc<T>(run: impl FnOnce() -> T) -> T {
    let ((), calls) = counted(|| drop(black_box(Box::new(0_u8))));
    assert_eq!(calls, 2, "the allocation guard is not installed: another global allocator took its place");
    FIRST.set(None);
    let (value, calls) = counted(run);
    let place = FIRST.take().map(ToString::to_string).unwrap_or_default();
    assert_eq!(calls, 0, "the allocator was called {calls} times, first here:\n{place}");
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_closure_passes_and_returns_its_value() {
        let mut block = vec![1.0; 64];
        assert_eq!(assert_no_alloc(|| block.iter_mut().map(std::mem::take).sum::<f64>()), 64.0);
    }

    #[test]
    #[should_panic(expected = "the allocator was called 1 times")]
    fn an_allocation_is_caught() {
        std::mem::forget(assert_no_alloc(|| black_box(vec![0_u8; 64])));
    }

    #[test]
    #[should_panic(expected = "the allocator was called 1 times")]
    fn freeing_is_caught() {
        let memory = black_box(vec![0_u8; 64]);
        assert_no_alloc(|| drop(memory));
    }

    #[test]
    #[should_panic(expected = "the allocator was called 1 times")]
    fn growing_is_caught() {
        let mut memory = black_box(vec![0_u8; 64]);
        assert_no_alloc(|| memory.reserve_exact(64));
    }

    #[test]
    fn other_threads_and_later_calls_are_free() {
        let other = std::thread::spawn(|| vec![0_u8; 64]);
        assert_no_alloc(|| {
            while !other.is_finished() {
                std::hint::spin_loop();
            }
        });
        assert_eq!(other.join().map(|memory| memory.len()).ok(), Some(64));
        let caught = std::panic::catch_unwind(|| assert_no_alloc(|| vec![0_u8; 64]));
        assert!(caught.is_err() && !GUARDED.get());
    }
}
