//! The response of an equaliser at one frequency: a matrix from left and right to left and right.

use crate::eq::band::Target;
use realfft::num_complex::Complex;

/// Complex gains: to the left from left and right, to the right from left and right.
pub(super) type Matrix = [[Complex<f64>; 2]; 2];

const ONE: Complex<f64> = Complex::new(1.0, 0.0);
const ZERO: Complex<f64> = Complex::new(0.0, 0.0);
/// No change.
pub(super) const UNITY: Matrix = [[ONE, ZERO], [ZERO, ONE]];

/// A gain on one target.
pub(super) fn on(target: Target, gain: Complex<f64>) -> Matrix {
    let (half_sum, half_diff) = ((gain + 1.0) * 0.5, (gain - 1.0) * 0.5);
    match target {
        Target::Stereo => [[gain, ZERO], [ZERO, gain]],
        Target::Left => [[gain, ZERO], [ZERO, ONE]],
        Target::Right => [[ONE, ZERO], [ZERO, gain]],
        Target::Mid => [[half_sum, half_diff], [half_diff, half_sum]],
        Target::Side => [[half_sum, -half_diff], [-half_diff, half_sum]],
    }
}

/// First `b`, then `a`.
pub(super) fn times(a: &Matrix, b: &Matrix) -> Matrix {
    let cell = |row: usize, column: usize| a[row][0] * b[0][column] + a[row][1] * b[1][column];
    [[cell(0, 0), cell(0, 1)], [cell(1, 0), cell(1, 1)]]
}
