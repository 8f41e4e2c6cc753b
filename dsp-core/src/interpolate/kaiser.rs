//! The Bessel function in Kaiser's window.
//!
//! Source: J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function" (ISCAS 1974).

/// Modified Bessel function of the first kind and order 0, by its power series.
pub(crate) fn bessel_i0(x: f64) -> f64 {
    let (mut sum, mut term, mut k) = (1.0, 1.0, 1.0);
    while term > sum * 1e-17 {
        term *= (x / (2.0 * k)).powi(2);
        sum += term;
        k += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::bessel_i0;

    #[test]
    fn is_the_tabled_function() {
        // Abramowitz & Stegun, table 9.8: e^-x · I0.
        for (x, scaled) in [(0.0, 1.0), (1.0, 0.465_759_607_7), (5.0, 0.183_540_812_6), (10.0, 0.127_833_337_2)] {
            let x: f64 = x;
            assert!((bessel_i0(x) * (-x).exp() - scaled).abs() < 1e-9, "{x}");
        }
    }
}
