//! Where the running equaliser gets its kernels.

use super::design;
use super::designer::{Designer, Made};
use super::request::DesignRequest;
use crate::filter::convolve::Kernel;
use std::sync::Arc;

/// Designs on the spot, or gets them from the designer's thread. Not `Clone`: a designer serves one equaliser, and a
/// copy without it would have to design on the audio thread.
#[derive(Debug)]
pub(super) enum KernelSource<const N: usize> {
    /// At once: for files and tests.
    Inline,
    /// By a designer; `pending` while it has a request.
    Background { designer: Arc<Designer<N>>, pending: bool },
}

impl<const N: usize> Drop for KernelSource<N> {
    fn drop(&mut self) {
        if let Self::Background { designer, .. } = self {
            designer.close();
        }
    }
}

impl<const N: usize> KernelSource<N> {
    /// A kernel for the request, or for an earlier one; nothing while it is being designed.
    pub(super) fn get(&mut self, request: &DesignRequest<N>) -> Option<Made<N>> {
        match self {
            Self::Inline => design::kernel(request).map(|kernel| (*request, Box::new(kernel))),
            Self::Background { designer, pending } => {
                if !*pending {
                    *pending = designer.ask(*request);
                    return None;
                }
                let made = designer.collect();
                *pending = made.is_none();
                made
            }
        }
    }

    /// Whether a kernel is on its way, wanted or not.
    pub(super) fn is_pending(&self) -> bool {
        matches!(self, Self::Background { pending: true, .. })
    }

    /// Disposes of a kernel; returns it when that has to wait.
    pub(super) fn dispose(&self, kernel: Box<Kernel>) -> Option<Box<Kernel>> {
        match self {
            Self::Inline => None,
            Self::Background { designer, .. } => designer.send_back(kernel),
        }
    }
}
