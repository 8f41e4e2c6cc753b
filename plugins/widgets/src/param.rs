//! A parameter as a control sees it.

/// Width of a tooltip's text: two or three short lines.
const TOOLTIP_WIDTH: f32 = 260.0;

/// A parameter as a control sees it: glue implements this for host parameters, tests fake it.
///
/// Every change comes as `begin_gesture`, any number of `set_normalized`, `end_gesture`, on the editor's thread. A
/// widget that is no longer shown cannot end its gesture: whoever closes the editor ends those still open.
pub trait ParamHandle {
    /// Full name, unique among the parameters shown together, e.g. "Comp Threshold".
    fn name(&self) -> &str;

    /// Help in a sentence or two, for the tooltip; may be empty.
    fn help(&self) -> &str {
        ""
    }

    /// The current value with its unit, e.g. "-18.0 dB".
    fn text(&self) -> String;

    /// The current value, 0 to 1.
    fn normalized(&self) -> f32;

    /// The value of a new instance, 0 to 1.
    fn default_normalized(&self) -> f32;

    /// Number of choices, at least 2; 2 for a switch; `None` if continuous.
    fn steps(&self) -> Option<usize>;

    /// What [`ParamHandle::text`] would be at another value.
    fn text_at(&self, normalized: f32) -> String;

    /// The normalized value of a typed text; `None` if it is invalid.
    fn parse(&self, text: &str) -> Option<f32>;

    /// Tells the host that a gesture begins.
    fn begin_gesture(&self);

    /// Requests a new value from the host, which may return it late, rounded, or not at all.
    fn set_normalized(&self, value: f32);

    /// Tells the host that the gesture has ended.
    fn end_gesture(&self);
}

/// Shows a tooltip for the parameter while its control is hovered: its full name, its value if that `is_cut`, and its
/// help.
pub(crate) fn explain(response: egui::Response, param: &dyn ParamHandle, is_cut: bool) -> egui::Response {
    if !is_cut && param.help().is_empty() {
        return response;
    }
    response.on_hover_ui(|ui| {
        ui.set_max_width(TOOLTIP_WIDTH);
        if is_cut {
            ui.strong(format!("{}: {}", param.name(), param.text()));
        } else {
            ui.strong(param.name());
        }
        if !param.help().is_empty() {
            ui.label(param.help());
        }
    })
}

/// The nearest value the parameter can take: within 0 to 1, and on one of its steps.
pub(crate) fn snap(param: &dyn ParamHandle, value: f32) -> f32 {
    let value = value.clamp(0.0, 1.0);
    match last_step(param) {
        Some(last) => (value * last).round() / last,
        None => value,
    }
}

/// Index of the last choice, as a number to divide by; `None` if continuous.
pub(crate) fn last_step(param: &dyn ParamHandle) -> Option<f32> {
    param.steps().map(|steps| steps.saturating_sub(1).max(1) as f32)
}

/// Index of the choice at `value`.
pub(crate) fn step_at(param: &dyn ParamHandle, value: f32) -> usize {
    last_step(param).map_or(0, |last| (value.clamp(0.0, 1.0) * last).round() as usize)
}

/// The text of a value, that of the parameter itself if they agree.
pub(crate) fn text_of(param: &dyn ParamHandle, shown: f32) -> String {
    if shown == param.normalized() { param.text() } else { param.text_at(shown) }
}

#[cfg(test)]
mod tests {
    use crate::testing::{self, FakeParam};
    use crate::{choice_ui, knob_ui, switch_ui};
    use egui_kittest::kittest::Queryable;

    #[test]
    fn hovering_a_control_shows_its_help() {
        const HELP: &str = "Level above which it compresses.";
        let controls = [
            FakeParam::threshold().with_help(HELP),
            FakeParam::switch("Polarity").with_help(HELP),
            FakeParam::choice("Key", &["Internal", "External"]).with_help(HELP),
        ];
        for (place, name) in ["Threshold", "Polarity", "Key"].into_iter().enumerate() {
            let mut harness = testing::harness(|ui, theme| {
                knob_ui(ui, theme, &controls[0]);
                switch_ui(ui, theme, &controls[1]);
                choice_ui(ui, theme, &controls[2]);
            });
            let says =
                |harness: &egui_kittest::Harness<'_>| testing::texts(harness).iter().any(|(text, _)| text == HELP);
            assert!(!says(&harness), "nothing is said before the pointer is there");
            let at = harness.get_by_label(name).rect().left_top() + egui::vec2(8.0, 4.0);
            harness.hover_at(at);
            testing::wait(&mut harness);
            testing::wait(&mut harness);
            assert!(says(&harness), "{name}");
            assert!(controls[place].take_calls().is_empty(), "looking at {name} does not turn it");
        }
    }
}
