//! All controls of one product, in the order hosts list them, and the builder that collects them.

use crate::control::{Control, Kind, Orders};
use crate::number;
use dsp_core::chain::order::{Order, Section};
use dsp_core::{Choice, Range};
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;

/// The settings of a product, as its table of controls sees them.
pub trait ControlTable: Default + Copy + PartialEq + Send + Sync + 'static {
    /// Ids of the controls that the compiler checks: a control that does not exist cannot be named.
    type Id: Copy + Eq + Ord + Hash + fmt::Debug + Send + Sync + 'static;
    /// The product's name on the command line.
    const PRODUCT: &'static str;

    /// Adds every control, in the order hosts list them.
    fn add_controls(table: &mut Builder<Self>);
}

/// An unknown control id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown control '{id}'{hint}; `plumb params {product}` lists all ids")]
pub struct UnknownId {
    /// The unknown id.
    pub id: String,
    /// The product's name on the command line.
    pub product: &'static str,
    /// The closest id, as a half sentence; empty if none is close.
    pub hint: String,
}

/// The controls of a product whose settings are `S`.
#[derive(Debug)]
pub struct Controls<S: ControlTable> {
    /// The product's name on the command line.
    pub product: &'static str,
    list: Vec<Control<S>>,
    typed_ids: Vec<S::Id>,
    by_id: HashMap<String, usize>,
    by_typed_id: HashMap<S::Id, usize>,
}

impl<S: ControlTable> Default for Controls<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: ControlTable> Controls<S> {
    /// The product's table.
    #[must_use]
    pub fn new() -> Self {
        let mut table =
            Builder { defaults: S::default(), group: String::new(), list: Vec::new(), typed_ids: Vec::new() };
        S::add_controls(&mut table);
        let Builder { list, typed_ids, .. } = table;
        Self {
            product: S::PRODUCT,
            by_id: list.iter().enumerate().map(|(index, control)| (control.id.clone(), index)).collect(),
            by_typed_id: typed_ids.iter().enumerate().map(|(index, id)| (*id, index)).collect(),
            list,
            typed_ids,
        }
    }

    /// Every control, in order.
    #[must_use]
    pub fn list(&self) -> &[Control<S>] {
        &self.list
    }

    /// Index of an id in [`Controls::list`].
    #[must_use]
    pub fn index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Index of a typed id in [`Controls::list`]; `None` if its band does not exist.
    #[must_use]
    pub fn index_of(&self, id: S::Id) -> Option<usize> {
        self.by_typed_id.get(&id).copied()
    }

    /// The typed ids of [`Controls::list`], in its order.
    #[must_use]
    pub fn typed_ids(&self) -> &[S::Id] {
        &self.typed_ids
    }

    /// The control with an id.
    ///
    /// # Errors
    /// There is no such control.
    pub fn find(&self, id: &str) -> Result<&Control<S>, UnknownId> {
        self.index(id).map(|index| &self.list[index]).ok_or_else(|| UnknownId {
            id: id.to_owned(),
            product: self.product,
            hint: self.nearest(id).map(|near| format!("; did you mean '{near}'?")).unwrap_or_default(),
        })
    }

    /// The id with the longest prefix and suffix in common with a mistyped one.
    fn nearest(&self, id: &str) -> Option<&str> {
        let shared = |a: &str, b: &str| {
            let front = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
            let back = a.bytes().rev().zip(b.bytes().rev()).take_while(|(x, y)| x == y).count();
            front + back
        };
        let best = self.list.iter().max_by_key(|control| shared(&control.id, id))?;
        (shared(&best.id, id) >= 4).then_some(best.id.as_str())
    }
}

/// Collects controls, section by section.
#[derive(Debug)]
pub struct Builder<S: ControlTable> {
    defaults: S,
    group: String,
    list: Vec<Control<S>>,
    typed_ids: Vec<S::Id>,
}

impl<S: ControlTable> Builder<S> {
    /// Starts a section: the following controls belong to it.
    pub(crate) fn group(&mut self, group: &str) -> &mut Self {
        group.clone_into(&mut self.group);
        self
    }

    fn push(
        &mut self,
        typed_id: S::Id,
        (id, name): (String, String),
        kind: Kind,
        get: impl Fn(&S) -> f64 + Send + Sync + 'static,
        set: impl Fn(&mut S, f64) + Send + Sync + 'static,
    ) -> &mut Control<S> {
        self.typed_ids.push(typed_id);
        self.list.push(Control {
            id,
            name,
            group: self.group.clone(),
            help: "",
            kind,
            automatable: true,
            is_bypass: false,
            default: get(&self.defaults),
            rounding: if let Kind::Number(range) = kind { number::rounding(&range) } else { 0.0 },
            get: Box::new(get),
            set: Box::new(set),
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Adds a number; `field` finds it in the settings.
    pub(crate) fn number(
        &mut self,
        typed_id: S::Id,
        id_and_name: (String, String),
        range: Range,
        field: impl Fn(&mut S) -> &mut f64 + Copy + Send + Sync + 'static,
    ) -> &mut Control<S> {
        self.push(typed_id, id_and_name, Kind::Number(range), move |s| *field(&mut { *s }), move |s, v| *field(s) = v)
    }

    /// Adds an on/off switch.
    pub(crate) fn switch(
        &mut self,
        typed_id: S::Id,
        id_and_name: (String, String),
        field: impl Fn(&mut S) -> &mut bool + Copy + Send + Sync + 'static,
    ) -> &mut Control<S> {
        self.push(
            typed_id,
            id_and_name,
            Kind::Switch,
            move |s| f64::from(u8::from(*field(&mut { *s }))),
            move |s, v| *field(s) = v >= 0.5,
        )
    }

    /// Adds a choice between an enum's variants.
    pub(crate) fn choice<C: Choice>(
        &mut self,
        typed_id: S::Id,
        id_and_name: (String, String),
        field: impl Fn(&mut S) -> &mut C + Copy + Send + Sync + 'static,
    ) -> &mut Control<S> {
        self.push(
            typed_id,
            id_and_name,
            Kind::Choice(C::TEXTS),
            move |s| field(&mut { *s }).index() as f64,
            move |s, v| *field(s) = C::from_index(v as usize),
        )
    }

    /// Adds an order of a chain's sections.
    pub(crate) fn order<T: Section, const N: usize>(
        &mut self,
        typed_id: S::Id,
        id_and_name: (String, String),
        field: impl Fn(&mut S) -> &mut Order<T, N> + Copy + Send + Sync + 'static,
    ) -> &mut Control<S> {
        self.push(
            typed_id,
            id_and_name,
            Kind::Order(Orders::of::<T, N>()),
            move |s| field(&mut { *s }).code() as f64,
            move |s, v| *field(s) = Order::from_code(v as usize),
        )
    }

    /// Adds a switch between two of an enum's variants, off and on.
    pub(crate) fn either<C: Choice + Send + Sync>(
        &mut self,
        typed_id: S::Id,
        id_and_name: (String, String),
        [off, on]: [C; 2],
        field: impl Fn(&mut S) -> &mut C + Copy + Send + Sync + 'static,
    ) -> &mut Control<S> {
        self.push(
            typed_id,
            id_and_name,
            Kind::Switch,
            move |s| f64::from(u8::from(*field(&mut { *s }) == on)),
            move |s, v| *field(s) = if v >= 0.5 { on } else { off },
        )
    }
}
