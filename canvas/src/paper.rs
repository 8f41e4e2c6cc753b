//! Colours of pictures on white, as pages of documentation have them.

use crate::Color;

/// The ground.
pub const GROUND: Color = Color(255, 255, 255, 255);
/// Lines of a grid.
pub const GRID: Color = Color(225, 227, 232, 255);
/// Edges of panels.
pub const EDGE: Color = Color(150, 155, 165, 255);
/// Text.
pub const TEXT: Color = Color(40, 43, 50, 255);

/// Blue: ours, in most figures.
pub const BLUE: Color = Color(35, 105, 200, 255);
/// Red.
pub const RED: Color = Color(210, 60, 50, 255);
/// Green.
pub const GREEN: Color = Color(40, 150, 80, 255);
/// Amber.
pub const AMBER: Color = Color(225, 145, 20, 255);
/// Violet.
pub const VIOLET: Color = Color(135, 85, 180, 255);
/// Teal.
pub const TEAL: Color = Color(30, 155, 170, 255);
/// Pink.
pub const PINK: Color = Color(215, 95, 150, 255);
/// Olive.
pub const OLIVE: Color = Color(130, 135, 40, 255);
/// Black.
pub const BLACK: Color = Color(25, 27, 32, 255);
/// Colours for as many as there are, in this order.
pub const COLORS: [Color; 8] = [BLUE, RED, GREEN, AMBER, VIOLET, TEAL, PINK, OLIVE];
