//! The system-call guard: fails a test whose audio-thread code enters the kernel. Linux.
//!
//! A seccomp filter on one thread hands each of its system calls to a supervising thread, which counts those made under
//! guard and lets all of them go on. So it sees whatever waits for, or wakes, another thread (a contended lock, a
//! condition variable, a channel), whatever maps memory, sleeps, yields, reads or writes, in code of any language. It
//! cannot see a lock that nobody else wants, which is one atomic operation, nor a clock that is read without entering
//! the kernel: a test makes locks contended by a second thread that takes them all the time.

use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;
use std::{io, mem, ptr};

/// How often the supervisor checks whether the thread has ended.
const CHECK_EVERY_MS: i32 = 20;

/// The system calls that matter most, by name.
const NAMES: [(i64, &str); 9] = [
    (libc::SYS_futex, "futex: a lock"),
    (libc::SYS_mmap, "mmap"),
    (libc::SYS_munmap, "munmap"),
    (libc::SYS_brk, "brk"),
    (libc::SYS_madvise, "madvise"),
    (libc::SYS_sched_yield, "sched_yield"),
    (libc::SYS_clock_nanosleep, "clock_nanosleep"),
    (libc::SYS_write, "write"),
    (libc::SYS_read, "read"),
];

/// A thread whose system calls are counted while it runs under [`Watch::assert_none`].
#[derive(Debug)]
pub struct Watch {
    /// What the kernel reports the thread's calls to; below 0 before there is a filter.
    listener: AtomicI32,
    guarded: AtomicBool,
    calls: AtomicUsize,
    /// Number of the first of them.
    first: AtomicI32,
    ended: AtomicBool,
}

/// Runs a closure on a thread whose system calls can be counted.
///
/// # Panics
/// If the closure does, or if the kernel offers no such filter.
pub fn watched<T: Send>(run: impl FnOnce(&Watch) -> T + Send) -> T {
    let watch = Watch {
        listener: AtomicI32::new(-1),
        guarded: AtomicBool::new(false),
        calls: AtomicUsize::new(0),
        first: AtomicI32::new(-1),
        ended: AtomicBool::new(false),
    };
    let outcome = thread::scope(|scope| {
        scope.spawn(|| watch.supervise());
        let thread = scope.spawn(|| {
            watch.listener.store(filter(), SeqCst);
            run(&watch)
        });
        let outcome = thread.join();
        watch.ended.store(true, SeqCst);
        outcome
    });
    outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

impl Watch {
    /// Runs a closure on the watched thread and fails if it makes a system call.
    ///
    /// # Panics
    /// If it does, or if the guard does not work.
    #[track_caller]
    pub fn assert_none<T>(&self, run: impl FnOnce() -> T) -> T {
        // SAFETY: asks for a number, changes nothing.
        let (_, calls) = self.counted(|| unsafe { libc::syscall(libc::SYS_getppid) });
        assert_eq!(calls, 1, "the system-call guard does not see this thread");
        let (value, calls) = self.counted(run);
        let first = i64::from(self.first.load(SeqCst));
        let name = NAMES.iter().find(|(number, _)| *number == first).map_or("by number", |(_, name)| *name);
        assert_eq!(calls, 0, "{calls} system calls, the first of them {first} ({name})");
        value
    }

    fn counted<T>(&self, run: impl FnOnce() -> T) -> (T, usize) {
        /// Ends the count, also when the closure panics.
        struct Guarded<'a>(&'a AtomicBool);
        impl Drop for Guarded<'_> {
            fn drop(&mut self) {
                self.0.store(false, SeqCst);
            }
        }
        self.calls.store(0, SeqCst);
        self.guarded.store(true, SeqCst);
        let guarded = Guarded(&self.guarded);
        let value = run();
        drop(guarded);
        (value, self.calls.load(SeqCst))
    }

    /// Counts the thread's calls and lets them go on, until it has ended. Allocates nothing: the thread may stand in the
    /// allocator.
    fn supervise(&self) {
        while !self.ended.load(SeqCst) {
            let listener = self.listener.load(SeqCst);
            if listener < 0 {
                thread::sleep(Duration::from_millis(1));
                continue;
            }
            let mut poll = libc::pollfd { fd: listener, events: libc::POLLIN, revents: 0 };
            // SAFETY: one descriptor, as said.
            if unsafe { libc::poll(&raw mut poll, 1, CHECK_EVERY_MS) } <= 0 || poll.revents & libc::POLLIN == 0 {
                continue;
            }
            // SAFETY: the kernel wants it zeroed, and every bit pattern is one of it.
            let mut call: libc::seccomp_notif = unsafe { mem::zeroed() };
            // SAFETY: the descriptor is a listener, the argument what this request fills in.
            if unsafe { libc::ioctl(listener, libc::SECCOMP_IOCTL_NOTIF_RECV, &raw mut call) } != 0 {
                continue;
            }
            if self.guarded.load(SeqCst) && self.calls.fetch_add(1, SeqCst) == 0 {
                self.first.store(call.data.nr, SeqCst);
            }
            let flags = libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32;
            let mut answer = libc::seccomp_notif_resp { id: call.id, val: 0, error: 0, flags };
            // SAFETY: as above. The thread may have been killed meanwhile; then nobody waits for the answer.
            unsafe { libc::ioctl(listener, libc::SECCOMP_IOCTL_NOTIF_SEND, &raw mut answer) };
        }
        // SAFETY: nobody else knows the descriptor.
        unsafe { libc::close(self.listener.load(SeqCst)) };
    }
}

/// Installs the filter on this thread; returns what its calls are reported to.
fn filter() -> i32 {
    let report =
        libc::sock_filter { code: (libc::BPF_RET | libc::BPF_K) as u16, jt: 0, jf: 0, k: libc::SECCOMP_RET_USER_NOTIF };
    let program = libc::sock_fprog { len: 1, filter: ptr::from_ref(&report).cast_mut() };
    // SAFETY: no pointers.
    let unprivileged = unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) };
    // SAFETY: the program is one instruction, read before the call returns.
    let listener = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            libc::SECCOMP_FILTER_FLAG_NEW_LISTENER,
            &raw const program,
        )
    };
    // No system call on the way back if all went well: nobody supervises yet.
    if unprivileged != 0 || listener < 0 {
        panic!("no seccomp listener (Linux 5.5): {}", io::Error::last_os_error());
    }
    listener as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::sync::mpsc;

    #[test]
    fn arithmetic_and_a_lock_that_nobody_wants_pass() {
        let lock = Mutex::new(1.0);
        let value = watched(|watch| watch.assert_none(|| *lock.lock().unwrap() * 2.0_f64.sqrt()));
        assert_eq!(value, 2.0_f64.sqrt());
    }

    #[test]
    #[should_panic(expected = "futex: a lock")]
    fn waiting_for_a_lock_is_caught() {
        let lock = Mutex::new(());
        let held = lock.lock().unwrap();
        thread::scope(|scope| {
            let outcome = scope.spawn(|| watched(|watch| watch.assert_none(|| drop(lock.lock()))));
            thread::sleep(Duration::from_millis(100));
            drop(held);
            outcome.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        });
    }

    #[test]
    #[should_panic(expected = "system calls")]
    fn waking_another_thread_is_caught() {
        let (sender, receiver) = mpsc::channel::<()>();
        let waiting = thread::spawn(move || receiver.recv());
        thread::sleep(Duration::from_millis(100));
        watched(|watch| watch.assert_none(|| sender.send(()))).unwrap();
        let _ = waiting.join();
    }

    #[test]
    #[should_panic(expected = "mmap")]
    fn memory_from_the_system_is_caught() {
        watched(|watch| drop(watch.assert_none(|| std::hint::black_box(vec![0_u8; 1 << 26]))));
    }

    #[test]
    #[should_panic(expected = "nanosleep")]
    fn sleeping_is_caught() {
        watched(|watch| watch.assert_none(|| thread::sleep(Duration::from_millis(1))));
    }

    #[test]
    fn calls_of_other_threads_and_outside_the_guard_are_free() {
        let ended = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !ended.load(SeqCst) {
                    thread::yield_now();
                }
            });
            watched(|watch| {
                thread::yield_now();
                for _ in 0..100 {
                    watch.assert_none(std::hint::spin_loop);
                }
                thread::yield_now();
            });
            ended.store(true, SeqCst);
        });
    }
}
