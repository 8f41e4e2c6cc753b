//! Panels that both products have. Layout only: what they show comes from `dsp-core`, how it looks from the widgets.

mod axis;
mod compressor;
mod eq_band;
mod eq_graph;
mod lines;
mod page;
mod spectra;
mod spectra_menu;

pub use axis::AxisOf;
pub use compressor::{Compressor, Lines, compressor_panel_ui};
pub use eq_band::{EqBand, eq_header_ui};
pub use eq_graph::{Graph, GraphBand, eq_graph_ui};
pub use lines::{column_ui, lines_height, lines_ui};
pub use page::{FRAME, header_ui, knob_rows, level_ui, lit_ui, page_ui, title_ui};
pub use spectra::{Shown as ShownSpectra, Spectra};
