//! `plumb-glue` opens the editor's window and paints nothing: what is painted is in `plumb-panels`.
//!
//! Refused anywhere in its sources: a painter; a function `*_ui` other than the two that fill a window. Refused outside
//! [`EGUI_FILES`]: egui altogether. In those: any item of egui other than [`TYPES`], and any method of a `Ui` other than
//! [`METHODS`]. Comments and tests are not looked at.

/// Sources this is about.
const GLUE: &str = "plugins/glue/src/";
/// Files of glue whose signatures the window library wants with egui's types.
const EGUI_FILES: [&str; 2] = ["window.rs", "editor_waker.rs"];
/// The items of egui that they may name.
const TYPES: [&str; 2] = ["Context", "Ui"];
/// The methods of a `Ui` that they may call: the time, and a repaint.
const METHODS: [&str; 2] = ["input", "ctx"];
/// The functions that paint for them.
const PAINTED_BY_PANELS: [&str; 2] = ["window_ui", "failed_window_ui"];

/// What is wrong with one file.
pub(super) fn painting(file: &str, text: &str) -> Vec<String> {
    let Some(name) = file.strip_prefix(GLUE).filter(|name| !name.ends_with("tests.rs")) else { return Vec::new() };
    let code = text.lines().take_while(|line| *line != "#[cfg(test)]").enumerate();
    let mut wrong = Vec::new();
    for (number, line) in code.filter(|(_, line)| !line.trim_start().starts_with("//")) {
        let mut refuse = |what: &str| wrong.push(format!("{file}:{}: glue must not paint: {what}", number + 1));
        for (word, rest) in words(line) {
            match word {
                "egui" if !EGUI_FILES.contains(&name) => refuse("egui belongs to the window alone"),
                "egui" if !names_only(rest, &TYPES) => refuse("of egui, only Context and Ui"),
                "ui" if rest.starts_with('.') && !METHODS.iter().any(|method| calls(&rest[1..], method)) => {
                    refuse("of a Ui, only input() and ctx()");
                }
                _ if word.contains("painter") || word.contains("Painter") => refuse("a painter"),
                _ if word.ends_with("_ui") && rest.starts_with('(') && !PAINTED_BY_PANELS.contains(&word) => {
                    refuse(word);
                }
                _ => {}
            }
        }
    }
    wrong
}

/// Every word of a line with what follows it.
fn words(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.split(move |c| !is_word(c)).filter(|word| !word.is_empty()).map(move |word| {
        let end = word.as_ptr() as usize - line.as_ptr() as usize + word.len();
        (word, &line[end..])
    })
}

/// Whether a path that goes on with `rest` ends in one of `names`, or in a list of them.
fn names_only(rest: &str, names: &[&str]) -> bool {
    let Some(items) = rest.strip_prefix("::") else { return false };
    let items = match items.strip_prefix('{') {
        Some(list) => list.split('}').next().unwrap_or_default(),
        None => items.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default(),
    };
    items.split(',').all(|item| names.contains(&item.trim()))
}

fn calls(rest: &str, method: &str) -> bool {
    rest.strip_prefix(method).is_some_and(|rest| rest.starts_with('('))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_window(line: &str) -> Vec<String> {
        painting("plugins/glue/src/window.rs", line)
    }

    #[test]
    fn the_window_may_name_context_and_ui_and_let_panels_paint() {
        for line in [
            "use egui::{Context, Ui};",
            "    fn ui(&mut self, ui: &mut egui::Ui) {",
            "        let now_s = ui.input(|input| input.time);",
            "            ui.ctx().request_repaint_after(STALE_AFTER);",
            "        window_ui(ui, &mut self.editor, &context);",
            "use nice_plug_egui::{EguiEditorHandle, create_egui_editor};",
            "    // ui.label and egui::Painter in a comment",
        ] {
            assert_eq!(in_window(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn painting_is_refused_however_it_is_spelled() {
        for line in [
            "use egui::Painter;",
            "use egui::{Context, Frame, Ui};",
            "use egui::*;",
            "use egui as e;",
            "    ui.label(\"failed\");",
            "    ui.painter().circle_filled(at, 1.0, color);",
            "    let p = ctx.layer_painter(layer);",
            "    knob_ui(ui, &theme, &handle);",
        ] {
            assert!(!in_window(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn egui_stays_in_the_window_and_other_packages_may_paint() {
        assert_eq!(painting("plugins/glue/src/meters.rs", "use egui::Context;").len(), 1);
        assert!(painting("plugins/glue/src/meters.rs", "use nice_plug_egui::RepaintNotifier;").is_empty());
        assert!(painting("plugins/panels/src/page.rs", "ui.painter().line(points, stroke);").is_empty());
        assert!(in_window("#[cfg(test)]\nuse egui::Painter;").is_empty());
    }
}
