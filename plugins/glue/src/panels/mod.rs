//! Panels that both products have. Layout only: what they show comes from `dsp-core`, how it looks from the widgets.

mod compressor;
mod eq_band;
mod eq_graph;
mod page;
mod spectra;
mod spectra_menu;

pub use compressor::{Compressor, compressor_panel_ui};
pub use eq_band::{EqBand, eq_header_ui};
pub use eq_graph::{Graph, GraphBand, eq_graph_ui};
pub use page::{FRAME, header_ui, level, page_ui, title_ui};
pub use spectra::{Shown as ShownSpectra, Spectra};
