//! Plumb Master Bus.
