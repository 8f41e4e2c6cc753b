//! The bus in the phase modes of its equaliser, and beside a designer.

use crate::{RATE_HZ, bits, busy_bus, channels, run};
use dsp_core::chain::master;
use dsp_core::meter::{
    tap::TapReader,
    taps::{SignalTaps, TapPoint},
};
use dsp_core::{Chain, Spec};
use plumb_signals::assert_no_alloc;

#[test]
fn the_bus_keeps_its_promises_in_every_phase_mode() {
    for mode in <dsp_core::eq::phase::Mode as dsp_core::Choice>::ALL {
        let busy = master::Settings { eq_phase: *mode, ..busy_bus() };
        let play = |settings: master::Settings, cut: &[usize]| {
            let mut chain = master::MasterBus::new(settings);
            chain.prepare(Spec::new(RATE_HZ, 16_384, 2).unwrap());
            let out = run(&mut chain, &channels(13, -12.0, 40_000), cut);
            (out, chain.latency_frames())
        };
        let (whole, latency) = play(busy, &[16_384]);
        assert_eq!(bits(&whole), bits(&play(busy, &[64, 1, 333]).0), "{mode:?}");
        let input = channels(13, -12.0, 40_000);
        let mut bypassed = busy;
        bypassed.bypass = true;
        let mut flat = master::Settings { eq_phase: *mode, ..master::Settings::default() };
        flat.eq.on = false;
        for settings in [bypassed, flat] {
            let (out, delay) = play(settings, &[512]);
            assert_eq!(delay, latency, "{mode:?}: the latency moved with a switch");
            assert!(out.iter().zip(&input).all(|(out, x)| out[delay..] == x[..x.len() - delay]), "{mode:?}");
        }
    }
}

#[test]
fn bands_move_beside_a_designer_without_allocation() {
    let mut settings = master::Settings { eq_phase: dsp_core::eq::phase::Mode::Linear4k, ..busy_bus() };
    let (mut chain, designer) = master::MasterBus::with_designer(settings);
    let taps = std::sync::Arc::new(SignalTaps::default());
    let mut readers = [TapPoint::Pre, TapPoint::Post].map(|place| TapReader::new(taps.at(place)));
    chain.attach_taps(taps);
    chain.prepare(Spec::new(RATE_HZ, 64, 2).unwrap());
    let mut audio = channels(7, -6.0, 64 * 1000);
    let [left, right] = &mut audio[..] else { unreachable!() };
    for (n, (l, r)) in left.chunks_mut(64).zip(right.chunks_mut(64)).enumerate() {
        settings.eq.bands[2].gain_db = (n / 50) as f64 - 8.0;
        settings.eq.on = n % 300 < 250;
        let mut main = [l, r];
        assert_no_alloc(|| {
            chain.set(settings);
            chain.process(&mut main, None::<&[&[f32]]>);
            if n % 400 == 399 {
                chain.reset();
            }
        });
        if n % 3 == 0 {
            designer.run_once();
        }
        readers.iter_mut().for_each(|reader| _ = reader.read(&mut Vec::new()));
    }
    assert!(readers.iter().all(|reader| reader.tap().taken() > 60_000), "the equaliser was looked at");
    assert!(audio.iter().flatten().all(|x| x.is_finite()));
}
