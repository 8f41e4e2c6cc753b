//! Sections of controls. One list of rows makes both the typed ids that panels use and the rows of the table.

/// What the ids and names of a section's controls begin with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prefix<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
}

impl Prefix<'_> {
    /// For sections of which a product has one: ids and names are complete.
    pub(crate) const NONE: Self = Self { id: "", name: "" };

    /// The whole id and name of a control.
    pub(crate) fn of(self, id: &str, name: &str) -> (String, String) {
        (format!("{}{id}", self.id), format!("{}{name}", self.name))
    }
}

/// Declares a section. A row is a control:
///
/// ```text
/// TypedId: number("permanent_id", "Name", RANGE; field.of.the.settings), "What it does.";
/// TypedId: choice("permanent_id", "Name"; field), not_automatable, "What it does.";
/// ```
///
/// Makes an enum with a variant a row, and `add`, which adds the rows to a product's table, given the prefix, the
/// product's id of a row, and where the section's settings live.
macro_rules! section {
    (
        $(#[$meta:meta])*
        pub enum $section:ident$(<const $n:ident>)?($settings:ty $(, $extra:ident: $extra_type:ty)?) {
            $(
                $row:ident: $kind:ident($id:literal, $name:literal $(, $argument:expr)?; $($field:tt)+)
                $(, $flag:ident)?, $help:literal;
            )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $section {
            $(#[doc = $help] $row,)+
        }

        impl $section {
            /// Adds the section to a table.
            pub(crate) fn add<S: $crate::table::ControlTable $(, const $n: usize)?>(
                table: &mut $crate::table::Builder<S>,
                prefix: $crate::section::Prefix<'_>,
                id: impl Fn(Self) -> S::Id,
                settings: impl Fn(&mut S) -> &mut $settings + Copy + Send + Sync + 'static,
                $($extra: $extra_type,)?
            ) {
                $(
                    let control = table.$kind(
                        id(Self::$row),
                        prefix.of($id, $name),
                        $($argument,)?
                        move |s: &mut S| &mut settings(s).$($field)+,
                    );
                    control.help = $help;
                    $(control.$flag();)?
                )+
            }
        }
    };
}

/// Declares a product's id: any row of any of its sections; behind the semicolon, sections of which it has several, by
/// their place.
macro_rules! ids {
    (
        $(#[$meta:meta])*
        pub enum $ids:ident { $($section:ident),+; $($band:ident),+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each variant is the section of its name")]
        pub enum $ids {
            $($section($section),)+
            $($band(usize, $band),)+
        }

        $(impl From<$section> for $ids {
            fn from(row: $section) -> Self {
                Self::$section(row)
            }
        })+

        $(impl From<(usize, $band)> for $ids {
            fn from((place, row): (usize, $band)) -> Self {
                Self::$band(place, row)
            }
        })+
    };
}

pub(crate) use {ids, section};
