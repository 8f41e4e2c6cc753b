//! Readings: what meters show, as a struct whose numbers can be visited one by one.
//!
//! `readings!` makes the struct, its silence and its visitor from one list. A field is a number, other readings, or an
//! array of either, with what silence reads. `=> held` marks what is measured over time and stays when audio stops.

/// What meters show, as numbers that can be visited.
pub trait Readings: Copy + PartialEq + Send + Sync + 'static {
    /// What silence reads.
    const SILENCE: Self;

    /// Visits every number, always in the same order.
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64));

    /// The readings once audio has stopped: held fields keep their values, all others read silence.
    #[must_use]
    fn stopped(self) -> Self;
}

/// The silence of a level.
pub(crate) const SILENT: f64 = f64::NEG_INFINITY;

/// The type of a field of readings.
pub(crate) trait Field: Copy {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64));

    fn stopped(self, silence: Self) -> Self;
}

impl Field for f64 {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        visit(self);
    }

    fn stopped(self, silence: Self) -> Self {
        silence
    }
}

impl<F: Field, const N: usize> Field for [F; N] {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        self.iter_mut().for_each(|field| field.each(visit));
    }

    fn stopped(self, silence: Self) -> Self {
        core::array::from_fn(|n| self[n].stopped(silence[n]))
    }
}

impl<R: Readings> Field for R {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        Readings::each(self, visit);
    }

    fn stopped(self, _silence: Self) -> Self {
        Readings::stopped(self)
    }
}

/// Declares a struct of [`Readings`]: `field: type = silence,`, or `field: type = silence => held,`.
macro_rules! readings {
    (@stopped $value:expr, $silence:expr) => { $crate::meter::readings::Field::stopped($value, $silence) };
    (@stopped $value:expr, $silence:expr, held) => { $value };
    (
        $(#[$meta:meta])* $vis:vis struct $name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty = $silence:expr $(=> $held:tt)?,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        $vis struct $name { $($(#[$field_meta])* $field_vis $field: $type,)+ }

        impl $crate::meter::readings::Readings for $name {
            const SILENCE: Self = Self { $($field: $silence,)+ };

            fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
                $($crate::meter::readings::Field::each(&mut self.$field, visit);)+
            }

            fn stopped(self) -> Self {
                Self { $($field: $crate::meter::readings::readings!(@stopped self.$field, $silence $(, $held)?),)+ }
            }
        }
    };
}
pub(crate) use readings;

#[cfg(test)]
mod tests {
    use super::*;

    readings! {
        struct Inner {
            now_db: f64 = SILENT,
            most_db: f64 = SILENT => held,
        }
    }

    readings! {
        /// Every kind of field.
        struct Outer {
            peaks_db: [f64; 2] = [SILENT, -1.0],
            correlation: f64 = 1.0,
            inner: Inner = Inner::SILENCE,
            /// Per band.
            bands: [Inner; 2] = [Inner::SILENCE; 2],
            grid: [[f64; 2]; 2] = [[0.0; 2]; 2] => held,
        }
    }

    /// Readings that differ in every number.
    fn counted() -> Outer {
        let (mut readings, mut n) = (Outer::SILENCE, 0.0);
        Readings::each(&mut readings, &mut |value| {
            n += 1.0;
            *value = n;
        });
        readings
    }

    #[test]
    fn every_number_is_visited_once_in_order() {
        let [a, b] = [(4.0, 5.0), (6.0, 7.0)].map(|(now_db, most_db)| Inner { now_db, most_db });
        let bands = [b, Inner { now_db: 8.0, most_db: 9.0 }];
        let grid = [[10.0, 11.0], [12.0, 13.0]];
        assert_eq!(counted(), Outer { peaks_db: [1.0, 2.0], correlation: 3.0, inner: a, bands, grid });
    }

    #[test]
    fn when_audio_stops_only_held_fields_keep_their_values() {
        let held = |most_db| Inner { now_db: SILENT, most_db };
        let expected = Outer {
            inner: held(5.0),
            bands: [held(7.0), held(9.0)],
            grid: [[10.0, 11.0], [12.0, 13.0]],
            ..Outer::SILENCE
        };
        assert_eq!(Readings::stopped(counted()), expected);
        assert_eq!((expected.peaks_db, expected.correlation), ([SILENT, -1.0], 1.0));
        assert_eq!(Readings::stopped(Outer::SILENCE), Outer::SILENCE);
    }
}
