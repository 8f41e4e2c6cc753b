//! The order of a chain's sections, as one setting.

use crate::Choice;
use core::fmt;

/// A section that can stand anywhere among the others of its chain. Variants are listed in the order in which they came
/// into the product: new ones go last, so that stored orders stay valid.
pub trait Section: Choice {
    /// Every section once, in the order of a new instance.
    const DEFAULT_ORDER: &'static [Self];
}

/// An order of all `N` sections of a chain: each stands in it exactly once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order<S, const N: usize>([S; N]);

impl<S: Section, const N: usize> Default for Order<S, N> {
    fn default() -> Self {
        Self::of([])
    }
}

impl<S: Section, const N: usize> Order<S, N> {
    /// Number of different orders.
    pub const COUNT: usize = factorial(N);

    /// The sections given, the first of each; those that are missing follow in the default order.
    #[must_use]
    pub fn of(sections: impl IntoIterator<Item = S>) -> Self {
        let mut order = [S::DEFAULT_ORDER[0]; N];
        let mut count = 0;
        for section in sections.into_iter().chain(S::DEFAULT_ORDER.iter().copied()) {
            if count < N && !order[..count].contains(&section) {
                order[count] = section;
                count += 1;
            }
        }
        Self(order)
    }

    /// The sections from first to last.
    #[must_use]
    pub fn sections(&self) -> &[S; N] {
        &self.0
    }

    /// The same with one section moved to a place; the others close up.
    #[must_use]
    pub fn with_moved(&self, section: S, place: usize) -> Self {
        let place = place.min(N - 1);
        let mut others = self.0.iter().copied().filter(|other| *other != section);
        let mut moved = [section; N];
        for (n, slot) in moved.iter_mut().enumerate() {
            if n != place {
                *slot = others.next().unwrap_or(section);
            }
        }
        Self::of(moved)
    }

    /// A number from 0 to [`Self::COUNT`] − 1 for each order, for hosts.
    ///
    /// Digit `k` of its factorial expansion counts the older sections (of smaller index) that stand behind section `k`.
    /// So a stored number keeps its meaning when sections are added: a new one stands last.
    #[must_use]
    pub fn code(&self) -> usize {
        let behind = |place: usize, k: usize| self.0[place..].iter().filter(|later| later.index() < k).count();
        self.0
            .iter()
            .enumerate()
            .map(|(place, section)| behind(place, section.index()) * factorial(section.index()))
            .sum()
    }

    /// The order of a [`Self::code`]; beyond the end, the last one.
    #[must_use]
    pub fn from_code(code: usize) -> Self {
        let mut code = code.min(Self::COUNT - 1);
        let mut order = [S::from_index(0); N];
        for k in 0..N {
            let behind = code % (k + 1);
            code /= k + 1;
            let place = k - behind;
            order.copy_within(place..k, place + 1);
            order[place] = S::from_index(k);
        }
        Self(order)
    }

    /// Reads an order as [`fmt::Display`] writes it. Sections that are missing are appended in the default order. With
    /// it comes what was wrong, if anything was: names that are unknown, stand twice or are missing.
    #[must_use]
    pub fn read(text: &str) -> (Self, Option<String>) {
        let mut problems = Vec::new();
        let mut sections: Vec<S> = Vec::new();
        for name in text.split(['>', ',']).map(str::trim).filter(|name| !name.is_empty()) {
            match S::TEXTS.iter().position(|known| known.eq_ignore_ascii_case(name)) {
                None => problems.push(format!("'{name}' is unknown")),
                Some(index) if sections.contains(&S::from_index(index)) => {
                    problems.push(format!("'{name}' is repeated"))
                }
                Some(index) => sections.push(S::from_index(index)),
            }
        }
        let missing = S::DEFAULT_ORDER.iter().filter(|section| !sections.contains(section));
        problems.extend(missing.map(|section| format!("'{}' is missing", S::TEXTS[section.index()])));
        let problem = (!problems.is_empty()).then(|| problems.join(", "));
        (Self::of(sections), problem)
    }
}

impl<S: Section, const N: usize> fmt::Display for Order<S, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, section) in self.0.iter().enumerate() {
            let arrow = if place == 0 { "" } else { " > " };
            write!(f, "{arrow}{}", S::TEXTS[section.index()])?;
        }
        Ok(())
    }
}

const fn factorial(n: usize) -> usize {
    if n < 2 { 1 } else { n * factorial(n - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice;
    use std::collections::HashSet;

    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    enum Letter {
        A,
        B,
        C,
        D,
    }

    choice!(Letter { A => "A", B => "B", C => "C", D => "Dee" });

    impl Section for Letter {
        const DEFAULT_ORDER: &'static [Self] = &[Self::B, Self::A, Self::D, Self::C];
    }

    type Letters = Order<Letter, 4>;

    #[test]
    fn every_code_is_another_order_and_comes_back() {
        let orders: HashSet<[Letter; 4]> = (0..24).map(|code| *Letters::from_code(code).sections()).collect();
        assert_eq!((Letters::COUNT, orders.len()), (24, 24));
        for code in 0..24 {
            assert_eq!(Letters::from_code(code).code(), code);
        }
        assert_eq!(Letters::from_code(usize::MAX).code(), 23);
    }

    #[test]
    fn a_code_from_before_a_section_was_added_puts_that_section_last() {
        for code in 0..6 {
            let sections = *Letters::from_code(code).sections();
            assert_eq!(sections[3], Letter::D);
        }
        assert_eq!(Letters::from_code(0).sections(), &[Letter::A, Letter::B, Letter::C, Letter::D]);
    }

    #[test]
    fn text_comes_back_and_wrong_text_is_completed_with_a_word() {
        for code in 0..24 {
            let order = Letters::from_code(code);
            assert_eq!(Letters::read(&order.to_string()), (order, None));
        }
        assert_eq!(Letters::default().to_string(), "B > A > Dee > C");
        let (order, problem) = Letters::read("c > x > C, dee");
        assert_eq!(order.to_string(), "C > Dee > B > A");
        assert_eq!(problem.unwrap(), "'x' is unknown, 'C' is repeated, 'B' is missing, 'A' is missing");
        assert_eq!(Letters::read("").0, Letters::default());
    }

    #[test]
    fn a_moved_section_takes_the_place_and_the_others_close_up() {
        let order = Letters::of([Letter::A, Letter::B, Letter::C, Letter::D]);
        assert_eq!(order.with_moved(Letter::A, 2).sections(), &[Letter::B, Letter::C, Letter::A, Letter::D]);
        assert_eq!(order.with_moved(Letter::D, 0).sections(), &[Letter::D, Letter::A, Letter::B, Letter::C]);
        assert_eq!(order.with_moved(Letter::B, 9).sections(), &[Letter::A, Letter::C, Letter::D, Letter::B]);
    }
}
