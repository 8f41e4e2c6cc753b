//! The theme as egui's own style: menus, combo boxes, text fields and tooltips look like the rest.

use super::Theme;
use egui::style::{Selection, WidgetVisuals};
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Visuals, vec2};

impl Theme {
    /// Makes `ctx` look like this theme. Once, when the editor opens.
    pub fn apply(&self, ctx: &egui::Context) {
        ctx.set_theme(egui::Theme::Dark);
        ctx.all_styles_mut(|style| self.apply_to(style));
    }

    fn apply_to(&self, style: &mut Style) {
        style.text_styles = [
            (TextStyle::Small, Self::font(self.font_small)),
            (TextStyle::Body, Self::font(self.font_body)),
            (TextStyle::Button, Self::font(self.font_body)),
            (TextStyle::Heading, Self::font(self.font_title)),
            (TextStyle::Monospace, FontId::new(self.font_body, FontFamily::Monospace)),
        ]
        .into();
        style.spacing.item_spacing = vec2(self.gap, self.gap);
        style.spacing.button_padding = vec2(self.gap, 3.0);
        style.spacing.interact_size.y = self.switch_size.y;
        style.spacing.menu_margin = Margin::same(self.gap as i8);
        style.interaction.selectable_labels = false;
        // No fades: a fading value cannot be read yet, and every step of a fade is a repaint.
        style.animation_time = 0.0;
        style.visuals = self.visuals();
    }

    fn visuals(&self) -> Visuals {
        let radius = CornerRadius::same(self.corner as u8);
        let look = |fill: Color32, edge: Color32, text: Color32| WidgetVisuals {
            bg_fill: fill,
            weak_bg_fill: fill,
            bg_stroke: Stroke::new(1.0, edge),
            corner_radius: radius,
            fg_stroke: Stroke::new(1.0, text),
            expansion: 0.0,
        };
        let mut visuals = Visuals::dark();
        visuals.widgets.noninteractive = look(self.panel, self.border, self.text);
        visuals.widgets.inactive = look(self.face, self.border, self.text);
        visuals.widgets.hovered = look(self.face_hovered, self.track, self.text);
        visuals.widgets.active = look(self.face_hovered, self.text_dim, self.text);
        visuals.widgets.open = look(self.face, self.track, self.text);
        visuals.selection = Selection { bg_fill: self.accent.gamma_multiply(0.4), stroke: Stroke::new(1.0, self.text) };
        visuals.weak_text_color = Some(self.text_dim);
        visuals.extreme_bg_color = self.well;
        visuals.panel_fill = self.background;
        visuals.window_fill = self.panel;
        visuals.window_stroke = Stroke::new(1.0, self.border);
        visuals.window_corner_radius = radius;
        visuals.menu_corner_radius = radius;
        visuals.error_fg_color = self.level_over;
        visuals.warn_fg_color = self.level_hot;
        visuals
    }
}
