//! What both editors are made of: a frame's view of the plugin ([`PanelContext`]) and the panels both products have.
//! Layout only: curves come from `dsp-core`, controls from `plumb-controls`, looks and gestures from `plumb-widgets`.
//!
//! Panels know no plugin framework. They reach parameters, taps and the sample rate through [`PanelHost`], which
//! `plumb-glue` implements for host parameters and `testing` fakes.

mod compressor;
mod context;
mod editor_ui;
mod eq_band;
mod eq_graph;
mod handle;
mod host;
mod lines;
mod page;
mod spectra;
mod spectra_menu;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use compressor::{CompressorPanel, Lines, compressor_panel_ui};
pub use context::{BusContext, PanelContext, ShownControl, StripContext};
pub use editor_ui::{EditorUi, failed_window_ui, prepare_window, window_ui};
pub use eq_band::{EqBandPanel, eq_band_width, eq_header_ui};
pub use eq_graph::{Graph, GraphBand, eq_graph_ui};
pub use handle::{AxisOf, Handle};
pub use host::PanelHost;
pub use lines::{column_ui, lines_height, lines_ui};
pub use page::{FRAME, header_ui, knob_rows, level_ui, lit_ui, page_ui, title_ui};
pub use spectra::Spectra;
