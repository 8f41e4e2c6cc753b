//! Fits a ratio of two quadratic polynomials to a power gain: least squares, then smallest largest error.

use super::grid::{Grid, POINTS};
use super::squared::{Squared, poly};

/// Least-squares rounds, each weighted with the last one's denominator.
const ROUNDS: usize = 2;
/// Exchange steps at most; two are usual.
const EXCHANGES: usize = 4;
/// Exchange ends when the largest error is no more than this above the smallest extremum.
const LEVEL: f64 = 1.03;
/// Relative error in power at which nothing is left to improve: 1e-4 dB.
const EXACT: f64 = 2e-5;
/// Unknowns at most, the error's size included.
const UNKNOWNS: usize = 6;

/// Which coefficients may move.
#[derive(Clone, Copy, Debug)]
pub(super) struct Free {
    /// Powers of u in the numerator.
    num: &'static [usize],
    den: Den,
}

#[derive(Clone, Copy, Debug)]
enum Den {
    /// Both, the highest being 1.
    Both,
    /// Only the middle one; the lowest is this.
    Middle(f64),
    /// None.
    Fixed,
}

impl Free {
    /// These powers of the numerator, and the whole denominator.
    pub(super) const fn new(num: &'static [usize]) -> Self {
        Self { num, den: Den::Both }
    }

    /// Of the denominator only the middle coefficient; the lowest is given, the highest 1.
    pub(super) const fn with_middle(self, lowest: f64) -> Self {
        Self { den: Den::Middle(lowest), ..self }
    }

    /// Nothing of the denominator.
    pub(super) const fn with_den(self) -> Self {
        Self { den: Den::Fixed, ..self }
    }

    const fn count(&self) -> usize {
        self.num.len()
            + match self.den {
                Den::Both => 2,
                Den::Middle(_) => 1,
                Den::Fixed => 0,
            }
    }
}

/// Rows of a linear system, the right side last.
type Rows = [[f64; UNKNOWNS + 1]; UNKNOWNS];

/// The problem: num(u) − power · den(u) should vanish, relative to power · den(u).
struct Problem<'a> {
    grid: &'a Grid,
    power: &'a [f64; POINTS],
    free: &'a Free,
    start: [f64; 3],
}

/// The filter that is nearest to a power gain; `None` when that is no stable filter.
pub(super) fn fit(grid: &Grid, power: &[f64; POINTS], start: [f64; 3], free: &Free) -> Option<Squared> {
    let problem = Problem { grid, power, free, start };
    let mut now = problem.least_squares()?;
    let mut best: Option<(Squared, f64)> = None;
    for step in 0..=EXCHANGES {
        let error = problem.error(&now);
        let largest = error.iter().fold(0.0_f64, |largest, e| largest.max(e.abs()));
        if now.is_filter(free.num.len() == 3) && best.is_none_or(|(_, least)| largest < least) {
            best = Some((now, largest));
        }
        if largest < EXACT || step == EXCHANGES {
            break;
        }
        let Some(extrema) = extrema(&error, free.count() + 1) else { break };
        let extrema = &extrema[..=free.count()];
        if largest < LEVEL * extrema.iter().fold(f64::INFINITY, |least, at| least.min(error[*at].abs())) {
            break;
        }
        match problem.levelled(&now, extrema) {
            Some(next) if grid.u.iter().all(|u| poly(next.den, *u) > 0.0) => now = next,
            _ => break,
        }
    }
    best.map(|(best, _)| best)
}

impl Problem<'_> {
    /// One equation: factors of the unknowns, and the right side.
    fn row(&self, at: usize, weight: f64, row: &mut [f64; UNKNOWNS + 1]) -> f64 {
        let (u, power) = (self.grid.u[at], self.power[at]);
        let powers = [1.0, u, u * u];
        for (factor, degree) in row.iter_mut().zip(self.free.num) {
            *factor = weight * powers[*degree];
        }
        let rest = &mut row[self.free.num.len()..];
        match self.free.den {
            Den::Both => {
                rest[0] = -weight * power;
                rest[1] = -weight * power * u;
                weight * power * u * u
            }
            Den::Middle(lowest) => {
                rest[0] = -weight * power * u;
                weight * power * (u * u + lowest)
            }
            Den::Fixed => weight * power * poly(self.start, u),
        }
    }

    fn solution(&self, x: &[f64; UNKNOWNS]) -> Squared {
        let mut num = [0.0; 3];
        for (value, degree) in x.iter().zip(self.free.num) {
            num[*degree] = *value;
        }
        let rest = &x[self.free.num.len()..];
        let den = match self.free.den {
            Den::Both => [rest[0], rest[1], 1.0],
            Den::Middle(lowest) => [lowest, rest[0], 1.0],
            Den::Fixed => self.start,
        };
        Squared { num, den, unit: self.grid.axis.unit }
    }

    /// Sanathanan and Koerner's rounds; `None` when not even the first has a positive denominator.
    fn least_squares(&self) -> Option<Squared> {
        let count = self.free.count();
        let mut den = self.grid.u.map(|u| poly(self.start, u) / self.start[2]);
        let mut found = None;
        for _ in 0..ROUNDS {
            let mut normal: Rows = [[0.0; UNKNOWNS + 1]; UNKNOWNS];
            for (at, den) in den.iter().enumerate() {
                let mut row = [0.0; UNKNOWNS + 1];
                let right = self.row(at, 1.0 / (self.power[at] * den), &mut row);
                for i in 0..count {
                    for j in 0..=i {
                        normal[i][j] += row[i] * row[j];
                    }
                    normal[i][count] += row[i] * right;
                }
            }
            let scale: [f64; UNKNOWNS] =
                core::array::from_fn(|i| if i < count { 1.0 / normal[i][i].sqrt() } else { 0.0 });
            for i in 0..count {
                for j in 0..=i {
                    normal[i][j] *= scale[i] * scale[j];
                    normal[j][i] = normal[i][j];
                }
                normal[i][count] *= scale[i];
                normal[i][i] *= 1.0 + 1e-13; // where the unknowns are one too many, any of the solutions
            }
            let Some(mut x) = solve(&mut normal, count) else { break };
            x.iter_mut().zip(scale).for_each(|(x, scale)| *x *= scale);
            let next = self.solution(&x);
            let next_den = self.grid.u.map(|u| poly(next.den, u));
            if !next_den.iter().all(|d| *d > 0.0) {
                break;
            }
            (den, found) = (next_den, Some(next));
        }
        found
    }

    /// Relative error at every point: 2 (a − b) / (a + b), which is the logarithm's difference up to its cube.
    fn error(&self, fitted: &Squared) -> [f64; POINTS] {
        core::array::from_fn(|at| {
            let u = self.grid.u[at];
            let (is, should) = (poly(fitted.num, u), self.power[at] * poly(fitted.den, u));
            2.0 * (is - should) / (is + should).abs().max(f64::MIN_POSITIVE)
        })
    }

    /// The solution whose error has one size and alternating signs at some points.
    fn levelled(&self, last: &Squared, extrema: &[usize]) -> Option<Squared> {
        let count = self.free.count();
        let mut rows: Rows = [[0.0; UNKNOWNS + 1]; UNKNOWNS];
        for (sign, (row, at)) in rows.iter_mut().zip(extrema).enumerate() {
            let weight = 1.0 / (self.power[*at] * poly(last.den, self.grid.u[*at]));
            let right = self.row(*at, weight, row);
            row[count] = if sign % 2 == 0 { -1.0 } else { 1.0 };
            row[count + 1] = right;
        }
        solve(&mut rows, count + 1).map(|x| self.solution(&x))
    }
}

/// The largest alternating extrema of an error, so many; `None` when there are fewer.
fn extrema(error: &[f64; POINTS], wanted: usize) -> Option<[usize; POINTS]> {
    let mut list = [0; POINTS];
    let mut len = 0;
    for (at, e) in error.iter().enumerate() {
        let is_same = len > 0 && error[list[len - 1]] * e >= 0.0;
        if !is_same {
            list[len] = at;
            len += 1;
        } else if e.abs() > error[list[len - 1]].abs() {
            list[len - 1] = at;
        }
    }
    let size = |at: usize| error[at].abs();
    while len > wanted {
        if len == wanted + 1 {
            if size(list[0]) < size(list[len - 1]) {
                list.copy_within(1..len, 0);
            }
            len -= 1;
        } else {
            // The neighbours whose loss matters least: two, so that the signs still alternate.
            let pair = |first: &usize| size(list[*first]).max(size(list[*first + 1]));
            let least = (0..len - 1).min_by(|a, b| pair(a).total_cmp(&pair(b)))?;
            list.copy_within(least + 2..len, least);
            len -= 2;
        }
    }
    (len == wanted).then_some(list)
}

/// Gaussian elimination with pivoting of the first `count` rows; `None` when they do not determine a solution.
#[expect(clippy::needless_range_loop, reason = "rows and columns of one array at once")]
fn solve(rows: &mut Rows, count: usize) -> Option<[f64; UNKNOWNS]> {
    for i in 0..count {
        let pivot = (i..count).max_by(|a, b| rows[*a][i].abs().total_cmp(&rows[*b][i].abs()))?;
        rows.swap(i, pivot);
        if rows[i][i].is_nan() || rows[i][i].abs() < 1e-300 {
            return None;
        }
        for below in i + 1..count {
            let factor = rows[below][i] / rows[i][i];
            for j in i..=count {
                rows[below][j] -= factor * rows[i][j];
            }
        }
    }
    let mut x = [0.0; UNKNOWNS];
    for i in (0..count).rev() {
        let known: f64 = (i + 1..count).map(|j| rows[i][j] * x[j]).sum();
        x[i] = (rows[i][count] - known) / rows[i][i];
    }
    x.iter().all(|x| x.is_finite()).then_some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_system_is_solved_and_a_singular_one_refused() {
        let mut rows: Rows = [[0.0; UNKNOWNS + 1]; UNKNOWNS];
        rows[0][..4].copy_from_slice(&[0.0, 2.0, 1.0, 7.0]);
        rows[1][..4].copy_from_slice(&[1.0, 1.0, 1.0, 6.0]);
        rows[2][..4].copy_from_slice(&[2.0, 0.0, -1.0, -1.0]);
        let x = solve(&mut rows.clone(), 3).unwrap();
        assert!((x[0] - 1.0).abs() + (x[1] - 2.0).abs() + (x[2] - 3.0).abs() < 1e-14);
        rows[2] = rows[1];
        assert!(solve(&mut rows, 3).is_none());
    }

    #[test]
    fn extrema_alternate_and_the_small_ones_go_in_pairs() {
        let mut error = [0.0; POINTS];
        for (at, e) in [(0, 1.0), (3, 3.0), (9, -2.0), (15, 0.1), (20, -0.1), (30, 2.0), (35, -5.0)] {
            error[at] = e;
        }
        let found = extrema(&error, 4).unwrap();
        assert_eq!(found[..4], [3, 9, 30, 35]);
        assert!(extrema(&error, 9).is_none());
    }
}
