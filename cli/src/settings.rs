//! Settings of a product: defaults, then a preset, then `--set`.

use crate::error::Error;
use plumb_controls::{ControlTable, Controls, Preset};
use std::path::Path;

/// Default settings with a preset and each `--set ID=VALUE` applied.
pub(crate) fn read<S: ControlTable>(
    controls: &Controls<S>,
    preset: Option<&Path>,
    sets: &[String],
) -> Result<S, Error> {
    let mut settings = match preset {
        Some(path) => read_preset(controls, path)?,
        None => S::default(),
    };
    for set in sets {
        let (id, value) = set
            .split_once('=')
            .ok_or_else(|| Error::input(format_args!("--set {set}"), "no value; expected ID=VALUE"))?;
        let id = id.trim();
        let control = controls.find(id).map_err(|error| Error::input(id, error.to_string()))?;
        // The error starts with the id, which is the subject here.
        let value = control.parse_strict(value).map_err(|error| {
            let text = error.to_string();
            let problem = text.strip_prefix(id).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&text).to_owned();
            Error::input(id, problem)
        })?;
        control.set(&mut settings, value);
    }
    for control in controls.list() {
        let as_stored = control.from_stored(control.stored(control.get(&settings)));
        control.set(&mut settings, as_stored);
    }
    Ok(settings)
}

fn read_preset<S: ControlTable>(controls: &Controls<S>, path: &Path) -> Result<S, Error> {
    let json = std::fs::read_to_string(path)
        .map_err(|error| Error::file(path, format!("cannot read: {error}; expected a preset")))?;
    Preset::from_json(&json)
        .and_then(|preset| {
            preset.settings(controls, &mut |warning| eprintln!("warning: {}: {warning}", path.display()))
        })
        .map_err(|error| Error::file(path, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_controls::{channel_strip, master_bus};

    #[test]
    fn defaults_are_those_of_the_chains() {
        let settings = read(&channel_strip(), None, &[]).unwrap();
        assert_eq!(settings, dsp_core::chain::channel::Settings::default());
        assert_eq!(read(&master_bus(), None, &[]).unwrap(), dsp_core::chain::master::Settings::default());
    }

    #[test]
    fn values_are_rounded_as_hosts_store_them() {
        let controls = channel_strip();
        let control = controls.find("low_cut_freq_hz").unwrap();
        let typed = 123.456_789_012_345_f64;
        let settings = read(&controls, None, &[format!("low_cut_freq_hz={typed}")]).unwrap();
        assert_eq!(control.get(&settings), control.from_stored(control.stored(typed)));
        assert_ne!(control.get(&settings), typed); // 32 bits cannot represent it
    }
}
