//! Width and pan.
