//! Where the running equaliser has its kernels from.

use super::design;
use super::designer::{Designer, Made};
use super::order::Order;
use crate::filter::convolve::Kernel;
use std::sync::Arc;

/// Made on the spot, or beside the audio thread.
#[derive(Debug)]
pub(super) enum Source<const N: usize> {
    /// At once: for files and tests.
    Here,
    /// By a designer; `asked` while an order is out.
    Beside { designer: Arc<Designer<N>>, asked: bool },
}

impl<const N: usize> Clone for Source<N> {
    /// A copy makes its own: a designer serves one.
    fn clone(&self) -> Self {
        Self::Here
    }
}

impl<const N: usize> Drop for Source<N> {
    fn drop(&mut self) {
        if let Self::Beside { designer, .. } = self {
            designer.close();
        }
    }
}

impl<const N: usize> Source<N> {
    /// A kernel for the order, or for an earlier one; nothing while it is still being made.
    pub(super) fn get(&mut self, order: &Order<N>) -> Option<Made<N>> {
        match self {
            Self::Here => design::kernel(order).map(|kernel| (*order, Box::new(kernel))),
            Self::Beside { designer, asked } => {
                if !*asked {
                    *asked = designer.ask(*order);
                    return None;
                }
                let made = designer.collect();
                *asked = made.is_none();
                made
            }
        }
    }

    /// Whether a kernel is on its way that nobody may want any more.
    pub(super) fn is_asked(&self) -> bool {
        matches!(self, Self::Beside { asked: true, .. })
    }

    /// Gets rid of a kernel; gives it back when that has to wait.
    pub(super) fn dispose(&self, kernel: Box<Kernel>) -> Option<Box<Kernel>> {
        match self {
            Self::Here => None,
            Self::Beside { designer, .. } => designer.send_back(kernel),
        }
    }
}
