//! Presets: JSON files of plain values, readable and writable by hand.
//!
//! ```json
//! { "plumb_preset": 1, "product": "channel-strip", "values": { "comp_on": 1, "comp_threshold_db": -24.0 } }
//! ```
//! Controls that are not listed keep their defaults. A choice is given as its text or its index; an infinite ratio is
//! the text `"inf"`.

use crate::control::{Kind, ValueError};
use crate::table::{ControlTable, Controls, UnknownId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Format version that this build writes, and the newest it reads.
const VERSION: u32 = 1;

/// Control values of one product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    plumb_preset: u32,
    product: String,
    values: BTreeMap<String, Value>,
}

/// Why a preset was rejected; the settings stay unchanged.
#[derive(Debug, thiserror::Error)]
pub enum PresetError {
    /// Not a preset.
    #[error("not a Plumb preset: {0}")]
    Format(#[from] serde_json::Error),
    /// Written by a newer Plumb.
    #[error("preset format {actual} comes from a newer Plumb; expected {VERSION} or older")]
    Version {
        /// The file's value.
        actual: u32,
    },
    /// Made for the other product.
    #[error("preset is for {actual}; expected one for {expected}")]
    Product {
        /// The file's value.
        actual: String,
        /// The product it is loaded into.
        expected: &'static str,
    },
    /// Unknown control id.
    #[error(transparent)]
    Id(#[from] UnknownId),
    /// Invalid value for a control.
    #[error(transparent)]
    Value(#[from] ValueError),
}

impl Preset {
    /// A preset of all values in settings.
    #[must_use]
    pub fn of<S: ControlTable>(controls: &Controls<S>, settings: &S) -> Self {
        let values = controls.list().iter().map(|control| {
            let value = control.get(settings);
            let json = if matches!(control.kind, Kind::Number(_)) && value.is_finite() {
                Value::from(value)
            } else {
                Value::from(control.text(value))
            };
            (control.id.clone(), json)
        });
        Self { plumb_preset: VERSION, product: controls.product.into(), values: values.collect() }
    }

    /// Reads a preset from JSON text.
    ///
    /// # Errors
    /// The text is not a preset, or its format is newer.
    pub fn from_json(text: &str) -> Result<Self, PresetError> {
        let preset: Self = serde_json::from_str(text)?;
        if preset.plumb_preset > VERSION {
            return Err(PresetError::Version { actual: preset.plumb_preset });
        }
        Ok(preset)
    }

    /// The preset as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Cannot fail: values are finite numbers or strings, keys are strings.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Default settings with the preset's values applied. `warn` is told what is wrong with an order of sections, which is
    /// completed: a chain has every section once.
    ///
    /// # Errors
    /// The preset is for another product, names an unknown control, or gives one an invalid value.
    pub fn settings<S: ControlTable>(
        &self,
        controls: &Controls<S>,
        warn: &mut dyn FnMut(String),
    ) -> Result<S, PresetError> {
        if self.product != controls.product {
            return Err(PresetError::Product { actual: self.product.clone(), expected: controls.product });
        }
        let mut settings = S::default();
        for (id, json) in &self.values {
            let control = controls.find(id)?;
            let value = match json {
                Value::String(text) if let Kind::Order(orders) = control.kind => {
                    let (code, problem) = orders.read(text);
                    if let Some(problem) = problem {
                        warn(format!("{id}: {problem}; using {}", control.text(code)));
                    }
                    code
                }
                Value::Number(number) => control.check(number.as_f64().unwrap_or(f64::NAN))?,
                Value::Bool(on) => control.check(f64::from(u8::from(*on)))?,
                Value::String(text) => control.parse_strict(text)?,
                other => control.parse_strict(&other.to_string())?,
            };
            control.set(&mut settings, value);
        }
        Ok(settings)
    }
}
