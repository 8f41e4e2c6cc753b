//! The widgets of Plumb's editors, their shared behaviour and their look. They know [`egui`] and nothing else: not the
//! host, not the sound.
//!
//! A widget is a function `*_ui(ui, theme, …) -> Response`. It allocates its space, lets [`gesture`] handle the parameter
//! (a [`ParamHandle`]), then paints. Sizes come from the [`Theme`], so that panels lay out predictably.
//!
//! A widget is identified by the name of its parameter, which screen readers speak too. Two widgets of the same kind and
//! name in one `Ui` need a `push_id` around one of them.

pub mod change;
pub mod choice;
pub mod correlation;
pub mod curve;
pub mod divider;
pub mod fader;
pub mod field;
pub mod flow;
pub mod gesture;
pub mod knob;
pub mod level_scale;
pub mod loudness_graph;
pub mod meter;
pub mod node;
pub mod param;
pub mod plot;
pub mod readout;
pub mod reduction;
mod scale;
pub mod scope;
pub mod section;
pub mod switch;
pub mod tabs;
mod text;
pub mod theme;
pub mod transfer;

#[cfg(test)]
mod testing;

pub use change::change_ui;
pub use choice::{choice_inline_ui, choice_labelled_ui, choice_line_ui, choice_ui};
pub use correlation::correlation_ui;
pub use curve::{paint_area, paint_between, paint_curve, paint_points, paint_points_area};
pub use divider::{Divider, dividers_ui};
pub use fader::fader_ui;
pub use field::{field_labelled_ui, field_line_ui};
pub use flow::{FlowMove, FlowStep, flow_ui};
pub use knob::{knob_labelled_ui, knob_ui};
pub use level_scale::{LEVEL_SCALE_WIDTH, paint_level_scale, unit_width};
pub use loudness_graph::{LoudnessGraph, loudness_graph_ui};
pub use meter::{LevelScale, Reading, meter_ui};
pub use node::{Axis, Node, node_ui};
pub use param::ParamHandle;
pub use plot::{Plot, plot_ui};
pub use readout::{Tone, readout_ui};
pub use reduction::{reduction_ui, reductions_ui, reductions_width};
pub use scope::{ScopeShape, scope_ui};
pub use section::{header_width, section_ui};
pub use switch::{switch_labelled_ui, switch_ui};
pub use tabs::{Tab, tabs_ui};
pub use text::name_width;
pub use theme::{Accent, Theme};
pub use transfer::{Transfer, transfer_ui};
