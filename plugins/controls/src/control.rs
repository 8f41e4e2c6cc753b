//! One control: id, name, range, text, and the setting it changes.

use crate::number;
use dsp_core::Range;
use dsp_core::chain::order::{Order, Section};
use std::fmt;

/// Texts of a switch, off first.
const SWITCH_TEXTS: &[&str] = &["Off", "On"];

/// The kind of a control. Every value is a plain number: a choice is the index of its text, a switch 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A number within a range, in its unit.
    Number(Range),
    /// One of several texts.
    Choice(&'static [&'static str]),
    /// Off or on.
    Switch,
    /// An order of sections: the value is its code.
    Order(Orders),
}

/// The orders of a product's sections, see [`dsp_core::chain::order::Order`].
#[derive(Clone, Copy, Debug)]
pub struct Orders {
    /// Names of the sections, by index.
    pub sections: &'static [&'static str],
    count: usize,
    text: fn(usize) -> String,
    read: fn(&str) -> (usize, Option<String>),
}

impl PartialEq for Orders {
    fn eq(&self, other: &Self) -> bool {
        self.sections == other.sections
    }
}

impl Orders {
    pub(crate) fn of<T: Section, const N: usize>() -> Self {
        Self {
            sections: T::TEXTS,
            count: Order::<T, N>::COUNT,
            text: |code| Order::<T, N>::from_code(code).to_string(),
            read: |text| {
                let (order, problem) = Order::<T, N>::read(text);
                (order.code(), problem)
            },
        }
    }

    /// Reads text such as "EQ > Comp": the code, and what is wrong with the text, if anything is. Missing sections follow
    /// in the default order.
    #[must_use]
    pub fn read(&self, text: &str) -> (f64, Option<String>) {
        let (code, problem) = (self.read)(text);
        (code as f64, problem)
    }
}

/// An invalid value for a control.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{id}: invalid value '{value}'; expected {expected}")]
pub struct ValueError {
    /// The control.
    pub id: String,
    /// The rejected value.
    pub value: String,
    /// What the control accepts.
    pub expected: String,
}

/// Reads one setting.
type Get<S> = Box<dyn Fn(&S) -> f64 + Send + Sync>;
/// Writes one setting.
type Set<S> = Box<dyn Fn(&mut S, f64) + Send + Sync>;

/// One control of a product whose settings are `S`.
pub struct Control<S> {
    /// Permanent id in sessions and presets: lower case, ends with its unit.
    pub id: String,
    /// Name shown by hosts and editors.
    pub name: String,
    /// The section it belongs to; empty for global controls.
    pub group: String,
    /// What it does, in a sentence or two: for tooltips and the manual.
    pub help: &'static str,
    /// Its kind, with range or texts.
    pub kind: Kind,
    /// Whether hosts may automate it. Not if it changes the latency, nor if it only changes what the engineer monitors
    /// (listen, solo, delta).
    pub automatable: bool,
    /// Whether hosts see it as the plugin's bypass.
    pub is_bypass: bool,
    /// Default value.
    pub default: f64,
    /// Snapping distance of stored numbers, see [`number::rounding`].
    pub(crate) rounding: f64,
    pub(crate) get: Get<S>,
    pub(crate) set: Set<S>,
}

impl<S> fmt::Debug for Control<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl<S> Control<S> {
    /// Keeps hosts from automating it.
    pub(crate) fn not_automatable(&mut self) {
        self.automatable = false;
    }

    /// Makes it the plugin's bypass.
    pub(crate) fn bypass(&mut self) {
        self.is_bypass = true;
    }

    /// Reads the control's value from settings.
    #[must_use]
    pub fn get(&self, settings: &S) -> f64 {
        (self.get)(settings)
    }

    /// Writes a value to settings, clamped. Neither allocates nor panics.
    pub fn set(&self, settings: &mut S, value: f64) {
        (self.set)(settings, self.clamp(value));
    }

    /// Smallest value.
    #[must_use]
    pub fn min(&self) -> f64 {
        match self.kind {
            Kind::Number(range) => range.min,
            Kind::Choice(_) | Kind::Switch | Kind::Order(_) => 0.0,
        }
    }

    /// Largest value; infinite for a ratio.
    #[must_use]
    pub fn max(&self) -> f64 {
        match self.kind {
            Kind::Number(range) => range.max,
            Kind::Choice(texts) => (texts.len() - 1) as f64,
            Kind::Switch => 1.0,
            Kind::Order(orders) => (orders.count - 1) as f64,
        }
    }

    /// Unit printed after the number; empty for choices and switches.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        match self.kind {
            Kind::Number(range) => range.unit,
            Kind::Choice(_) | Kind::Switch | Kind::Order(_) => "",
        }
    }

    /// Texts of a choice or switch; empty for a number.
    #[must_use]
    pub fn choices(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Number(_) | Kind::Order(_) => &[],
            Kind::Choice(texts) => texts,
            Kind::Switch => SWITCH_TEXTS,
        }
    }

    /// The nearest allowed value; NaN becomes the default.
    #[must_use]
    pub fn clamp(&self, value: f64) -> f64 {
        match self.kind {
            _ if value.is_nan() => self.default,
            Kind::Number(range) => range.clamp(value),
            Kind::Choice(_) | Kind::Switch | Kind::Order(_) => value.round().clamp(0.0, self.max()),
        }
    }

    /// A value as hosts store it, in 32 bits: on the range's warped scale, where equal differences are equal travel and
    /// a range can grow later without moving stored values.
    #[must_use]
    pub fn stored(&self, value: f64) -> f32 {
        match self.kind {
            Kind::Number(range) => number::stored(&range, self.clamp(value)),
            Kind::Choice(_) | Kind::Switch | Kind::Order(_) => self.clamp(value) as f32,
        }
    }

    /// The inverse of [`Control::stored`]; round numbers stay round.
    #[must_use]
    pub fn from_stored(&self, stored: f32) -> f64 {
        match self.kind {
            Kind::Number(range) if stored.is_nan() => range.clamp(self.default),
            Kind::Number(range) => number::from_stored(&range, self.rounding, stored),
            Kind::Choice(_) | Kind::Switch | Kind::Order(_) => self.clamp(f64::from(stored)),
        }
    }

    /// The stored value at a position in the control's travel, 0 to 1.
    #[must_use]
    pub fn stored_at(&self, normalized: f32) -> f32 {
        let [low, high] = self.stored_ends();
        let normalized = normalized.clamp(0.0, 1.0);
        match self.kind {
            Kind::Number(_) => normalized * (high - low) + low,
            Kind::Choice(_) | Kind::Order(_) => (normalized * high).round(),
            Kind::Switch => f32::from(u8::from(normalized > 0.5)),
        }
    }

    /// The position of a stored value in the control's travel, 0 to 1; values out of range give the nearest end.
    #[must_use]
    pub fn normalized_at(&self, stored: f32) -> f32 {
        let [low, high] = self.stored_ends();
        (stored.clamp(low, high) - low) / (high - low)
    }

    fn stored_ends(&self) -> [f32; 2] {
        [self.min(), self.max()].map(|end| self.stored(end))
    }

    /// Value as text without the unit.
    #[must_use]
    pub fn text(&self, value: f64) -> String {
        match self.kind {
            Kind::Number(range) => number::text(&range, value),
            Kind::Choice(_) | Kind::Switch => self.choices()[self.clamp(value) as usize].to_owned(),
            Kind::Order(orders) => (orders.text)(self.clamp(value) as usize),
        }
    }

    /// Value as text with the unit.
    #[must_use]
    pub fn text_with_unit(&self, value: f64) -> String {
        match self.unit() {
            "" => self.text(value),
            ":1" => format!("{}:1", self.text(value)),
            unit => format!("{} {unit}", self.text(value)),
        }
    }

    /// Parses typed text; does not clamp. A choice is given as its text or its index.
    #[must_use]
    pub fn parse(&self, typed: &str) -> Option<f64> {
        let typed = typed.trim();
        match self.kind {
            Kind::Number(range) => number::parse(&range, typed),
            Kind::Choice(_) | Kind::Switch => {
                let texts = self.choices();
                let by_text = texts.iter().position(|text| text.eq_ignore_ascii_case(typed));
                let by_index = || typed.parse::<usize>().ok().filter(|index| *index < texts.len());
                let by_word = || match typed.to_ascii_lowercase().as_str() {
                    "true" | "yes" if self.kind == Kind::Switch => Some(1),
                    "false" | "no" if self.kind == Kind::Switch => Some(0),
                    _ => None,
                };
                by_text.or_else(by_index).or_else(by_word).map(|index| index as f64)
            }
            Kind::Order(orders) => match orders.read(typed) {
                (code, None) => Some(code),
                (_, Some(_)) => typed.parse::<usize>().ok().map(|code| code as f64),
            },
        }
    }

    /// Parses typed text and checks its range.
    ///
    /// # Errors
    /// The text is not a value of this control, or is out of range.
    pub fn parse_strict(&self, typed: &str) -> Result<f64, ValueError> {
        self.parse(typed).filter(|value| (self.min()..=self.max()).contains(value)).ok_or_else(|| ValueError {
            id: self.id.clone(),
            value: typed.trim().to_owned(),
            expected: self.expected(),
        })
    }

    /// Checks a value's range.
    ///
    /// # Errors
    /// The value is out of range, or not the index of a choice.
    pub fn check(&self, value: f64) -> Result<f64, ValueError> {
        if (self.min()..=self.max()).contains(&value) && (matches!(self.kind, Kind::Number(_)) || value.fract() == 0.0)
        {
            Ok(value)
        } else {
            Err(ValueError { id: self.id.clone(), value: value.to_string(), expected: self.expected() })
        }
    }

    /// What the control accepts, in words.
    #[must_use]
    pub fn expected(&self) -> String {
        match self.kind {
            Kind::Number(range) => {
                format!("{} to {}", number::text(&range, range.min), self.text_with_unit(range.max))
            }
            Kind::Choice(_) | Kind::Switch => format!("one of {}", self.choices().join(", ")),
            Kind::Order(orders) => {
                format!("an order of {}, such as {}", orders.sections.join(", "), self.text(self.default))
            }
        }
    }
}
