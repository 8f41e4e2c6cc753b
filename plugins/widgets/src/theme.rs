//! The one source of colours, sizes and type. Dark, calm, high contrast; one hue per section; no type below 12 px.

mod apply;

use egui::{Color32, FontFamily, FontId, Vec2, vec2};

/// The section a control belongs to, which gives it its hue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accent {
    /// Trim, polarity, cut filters.
    Input,
    /// Gate and expander.
    Gate,
    /// Transient shaper.
    Transient,
    /// Compressor.
    Compressor,
    /// Equaliser.
    Eq,
    /// Multiband dynamics.
    Multiband,
    /// De-esser.
    DeEsser,
    /// Saturation.
    Saturation,
    /// Width and balance.
    Stereo,
    /// Limiter.
    Limiter,
    /// Meters and output.
    Meter,
}

impl Accent {
    /// All of them, in the order of the signal.
    pub const ALL: [Self; 11] = [
        Self::Input,
        Self::Gate,
        Self::Transient,
        Self::Compressor,
        Self::Eq,
        Self::Multiband,
        Self::DeEsser,
        Self::Saturation,
        Self::Stereo,
        Self::Limiter,
        Self::Meter,
    ];

    /// Its hue, bright enough to read as text on a panel.
    #[must_use]
    pub const fn color(self) -> Color32 {
        match self {
            Self::Input => Color32::from_rgb(0xA9, 0xBC, 0xD0),
            Self::Gate => Color32::from_rgb(0x6F, 0xCF, 0x7C),
            Self::Transient => Color32::from_rgb(0xF0, 0xA0, 0x78),
            Self::Compressor => Color32::from_rgb(0xF2, 0xC1, 0x4E),
            Self::Eq => Color32::from_rgb(0x62, 0xAE, 0xF5),
            Self::Multiband => Color32::from_rgb(0xC2, 0xD9, 0x55),
            Self::DeEsser => Color32::from_rgb(0xC0, 0x9C, 0xF2),
            Self::Saturation => Color32::from_rgb(0xEC, 0x8C, 0xBC),
            Self::Stereo => Color32::from_rgb(0x4F, 0xD1, 0xC5),
            Self::Limiter => Color32::from_rgb(0xF5, 0x7A, 0x5C),
            Self::Meter => Color32::from_rgb(0xCB, 0xD2, 0xDA),
        }
    }
}

/// Hues of the bands of an equaliser, low to high; they repeat from the start.
const BANDS: [Color32; 6] = [
    Color32::from_rgb(0xF2, 0x8B, 0x6A),
    Color32::from_rgb(0xF2, 0xC1, 0x4E),
    Color32::from_rgb(0x7F, 0xD1, 0x74),
    Color32::from_rgb(0x4F, 0xC9, 0xD6),
    Color32::from_rgb(0x7A, 0xA8, 0xF7),
    Color32::from_rgb(0xCF, 0x94, 0xEE),
];

/// Colours, sizes in points, and type. Cheap to copy: a section hands its contents a theme with its own accent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Behind everything.
    pub background: Color32,
    /// Face of a section.
    pub panel: Color32,
    /// Edge of a section, and of anything else that needs one.
    pub border: Color32,
    /// Sunken surfaces: graphs, meters, text fields.
    pub well: Color32,
    /// Faces of buttons and knobs.
    pub face: Color32,
    /// The same under the pointer.
    pub face_hovered: Color32,
    /// The unlit part of arcs and tracks.
    pub track: Color32,
    /// Grid lines of graphs.
    pub grid: Color32,
    /// Text that matters now.
    pub text: Color32,
    /// Names, scales, values at their default.
    pub text_dim: Color32,
    /// Text on an accent.
    pub text_on_accent: Color32,
    /// Hue of the section.
    pub accent: Color32,
    /// A level with headroom.
    pub level_good: Color32,
    /// A level near full scale.
    pub level_hot: Color32,
    /// A level over full scale; a rejected text.
    pub level_over: Color32,
    /// Opacity of a section that is off.
    pub off_opacity: f32,

    /// Names, scales, menus.
    pub font_small: f32,
    /// Values, buttons.
    pub font_body: f32,
    /// Titles of sections.
    pub font_title: f32,
    /// The big number of a readout.
    pub font_number: f32,

    /// Space a knob takes, with its name and value.
    pub knob_cell: Vec2,
    /// Diameter of the knob itself.
    pub knob_diameter: f32,
    /// Height of a line that holds a name.
    pub name_height: f32,
    /// Height of a line that holds a value.
    pub value_height: f32,
    /// Space a switch takes.
    pub switch_size: Vec2,
    /// Space a choice takes, with its name.
    pub choice_size: Vec2,
    /// Space a fader takes, with its name and value.
    pub fader_size: Vec2,
    /// Width of a level meter; panels choose the height.
    pub meter_width: f32,
    /// Width of a reduction meter; panels choose the height.
    pub reduction_width: f32,
    /// Space a readout takes.
    pub readout_size: Vec2,
    /// Space a transfer curve takes.
    pub transfer_size: Vec2,
    /// Height of a section's header.
    pub header_height: f32,
    /// Space between controls.
    pub gap: f32,
    /// Corner radius of panels and buttons.
    pub corner: f32,
    /// Radius of a node on a graph.
    pub node_radius: f32,

    /// Drag that takes a control from one end to the other.
    pub drag_travel: f32,
    /// Drag that takes a stepped control to its next step, if that is shorter.
    pub drag_per_step: f32,
    /// How much finer Shift or Ctrl makes a drag and the wheel.
    pub fine: f32,
    /// How far one notch of the wheel takes a continuous control, as a fraction of its travel.
    pub wheel_step: f32,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            background: Color32::from_rgb(0x12, 0x14, 0x17),
            panel: Color32::from_rgb(0x1C, 0x1F, 0x24),
            border: Color32::from_rgb(0x33, 0x38, 0x40),
            well: Color32::from_rgb(0x0D, 0x0F, 0x11),
            face: Color32::from_rgb(0x2B, 0x30, 0x38),
            face_hovered: Color32::from_rgb(0x36, 0x3C, 0x46),
            track: Color32::from_rgb(0x40, 0x47, 0x52),
            grid: Color32::from_rgb(0x24, 0x28, 0x2E),
            text: Color32::from_rgb(0xEC, 0xEE, 0xF1),
            text_dim: Color32::from_rgb(0xA4, 0xAB, 0xB6),
            text_on_accent: Color32::from_rgb(0x10, 0x12, 0x14),
            accent: Accent::Meter.color(),
            level_good: Color32::from_rgb(0x4F, 0xB8, 0x62),
            level_hot: Color32::from_rgb(0xE9, 0xC4, 0x46),
            level_over: Color32::from_rgb(0xF4, 0x5D, 0x52),
            off_opacity: 0.55,
            font_small: 12.0,
            font_body: 13.0,
            font_title: 14.0,
            font_number: 26.0,
            knob_cell: vec2(70.0, 88.0),
            knob_diameter: 46.0,
            name_height: 17.0,
            value_height: 19.0,
            switch_size: vec2(70.0, 26.0),
            choice_size: vec2(146.0, 46.0),
            fader_size: vec2(70.0, 200.0),
            meter_width: 68.0,
            reduction_width: 56.0,
            readout_size: vec2(112.0, 56.0),
            transfer_size: vec2(150.0, 150.0),
            header_height: 26.0,
            gap: 6.0,
            corner: 4.0,
            node_radius: 9.0,
            drag_travel: 200.0,
            drag_per_step: 30.0,
            fine: 0.1,
            wheel_step: 0.02,
        }
    }
}

impl Theme {
    /// The same theme in the hue of a section.
    #[must_use]
    pub const fn with_accent(self, accent: Accent) -> Self {
        Self { accent: accent.color(), ..self }
    }

    /// The hue of an equaliser's band, counted from 0.
    #[must_use]
    pub const fn band_color(&self, band: usize) -> Color32 {
        BANDS[band % BANDS.len()]
    }

    /// The colour of a level in dBFS: below −6, below 0, and from 0 on.
    #[must_use]
    pub fn level_color(&self, level_dbfs: f64) -> Color32 {
        if level_dbfs >= 0.0 {
            self.level_over
        } else if level_dbfs >= HOT_DBFS {
            self.level_hot
        } else {
            self.level_good
        }
    }

    pub(crate) const fn font(size: f32) -> FontId {
        FontId { size, family: FontFamily::Proportional }
    }
}

/// Level from which on a level is hot: the last 6 dB, as on most meters.
pub(crate) const HOT_DBFS: f64 = -6.0;

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast as in WCAG 2.1.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let luminance = |color: Color32| {
            let linear = |channel: u8| {
                let c = f64::from(channel) / 255.0;
                if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
        };
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    #[test]
    fn text_has_contrast_on_every_surface() {
        let theme = Theme::default();
        for surface in [theme.background, theme.panel, theme.well, theme.face, theme.face_hovered] {
            // 4.5:1 is what WCAG asks of text of this size, 7:1 is its enhanced level.
            assert!(contrast(theme.text, surface) >= 7.0, "{surface:?}");
            assert!(contrast(theme.text_dim, surface) >= 4.5, "{surface:?}");
        }
        let hues = Accent::ALL.map(Accent::color).into_iter().chain(BANDS);
        for hue in hues.chain([theme.level_good, theme.level_hot, theme.level_over]) {
            assert!(contrast(theme.text_on_accent, hue) >= 4.5, "{hue:?}");
            assert!(contrast(hue, theme.panel) >= 4.5, "{hue:?}");
        }
    }

    #[test]
    fn no_type_is_smaller_than_12_px() {
        let Theme { font_small, font_body, font_title, font_number, .. } = Theme::default();
        assert!([font_small, font_body, font_title, font_number].iter().all(|&size| size >= 12.0));
    }

    #[test]
    fn sections_have_different_hues() {
        for (i, a) in Accent::ALL.iter().enumerate() {
            assert!(Accent::ALL[..i].iter().all(|b| a.color() != b.color()), "{a:?}");
        }
    }

    #[test]
    fn level_colours_change_at_minus_6_and_0() {
        let theme = Theme::default();
        let colors = [f64::NEG_INFINITY, -6.01, -6.0, -0.01, 0.0, 3.0].map(|db| theme.level_color(db));
        let Theme { level_good: good, level_hot: hot, level_over: over, .. } = theme;
        assert_eq!(colors, [good, good, hot, hot, over, over]);
    }
}
