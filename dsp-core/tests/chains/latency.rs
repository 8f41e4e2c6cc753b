//! Lookaheads and oversampling of a chain: what they delay, and that the sidechain is as late as the signal.

use crate::{RATE_HZ, bits, channels};
use dsp_core::chain::{channel, master};
use dsp_core::dynamics::{key::Key, lookahead::Lookahead};
use dsp_core::eq::{dynamic, phase};
use dsp_core::saturation::Factor;
use dsp_core::{Chain, Spec};

fn strip(settings: channel::Settings, input: &[Vec<f32>]) -> (Vec<Vec<f32>>, usize) {
    let mut chain = channel::ChannelStrip::new(settings);
    chain.prepare(Spec::new(RATE_HZ, 512, 2).unwrap());
    let mut out = input.to_vec();
    chain.process(&mut out.iter_mut().map(Vec::as_mut_slice).collect::<Vec<_>>(), Some(input));
    (out, chain.latency_frames())
}

/// The strip with its equaliser in front of everything else.
fn eq_first() -> channel::Order {
    channel::Order::of([channel::Section::Eq])
}

fn bus(settings: master::Settings, input: &[Vec<f32>]) -> (Vec<Vec<f32>>, usize) {
    let mut chain = master::MasterBus::new(settings);
    chain.prepare(Spec::new(RATE_HZ, 512, 2).unwrap());
    let mut out = input.to_vec();
    chain.process(&mut out.iter_mut().map(Vec::as_mut_slice).collect::<Vec<_>>(), Some(input));
    (out, chain.latency_frames())
}

#[test]
fn each_part_adds_its_own_and_the_next_reset_adopts_it() {
    let mut settings = channel::Settings::default();
    let mut chain = channel::ChannelStrip::new(settings);
    chain.prepare(Spec::new(RATE_HZ, 512, 2).unwrap());
    assert_eq!(chain.latency_frames(), 0, "a strip has no latency until it is asked for");
    settings.gate.lookahead = Lookahead::Ms1;
    settings.compressor.lookahead = Lookahead::Ms5;
    settings.saturation.oversampling = Factor::X4;
    chain.set(settings);
    let wanted = 48 + 240 + Factor::X4.latency_frames();
    assert_eq!((chain.latency_frames(), chain.pending_latency_frames()), (0, wanted));
    chain.reset();
    assert_eq!(chain.latency_frames(), wanted);
    let input = channels(21, -12.0, 4000);
    let (out, latency) = strip(settings, &input);
    assert_eq!(latency, wanted);
    assert!(out.iter().zip(&input).all(|(out, x)| out[latency..] == x[..x.len() - latency]), "a bit-exact delay");
}

/// The same sound as key from outside and from inside must make the same output: only if it is as late.
#[test]
fn the_sidechain_is_as_late_as_the_signal_at_every_stage() {
    let input = channels(22, -9.0, 20_000);
    let mut settings = channel::Settings::default();
    settings.gate.lookahead = Lookahead::Ms5;
    settings.compressor.on = true;
    settings.compressor.lookahead = Lookahead::Ms1;
    for order in [channel::Order::default(), eq_first()] {
        settings.order = order;
        settings.compressor.key = Key::Internal;
        let (inside, _) = strip(settings, &input);
        settings.compressor.key = Key::External;
        assert_eq!(bits(&inside), bits(&strip(settings, &input).0), "the compressor, {order:?}");
        assert_ne!(inside, input, "it compresses");
    }
    let mut bus_settings = master::Settings { eq_phase: phase::Mode::Matched, ..master::Settings::default() };
    bus_settings.limiter.on = false;
    bus_settings.compressor.lookahead = Lookahead::Ms5;
    bus_settings.multiband.on = true;
    bus_settings.multiband.band.iter_mut().for_each(|band| band.threshold_db = -40.0);
    let (inside, _) = bus(bus_settings, &input);
    bus_settings.multiband.band.iter_mut().for_each(|band| band.key = Key::External);
    assert_eq!(bits(&inside), bits(&bus(bus_settings, &input).0), "the multiband");
}

/// A dynamic band behind a compressor with lookahead that is off, listening to the sidechain.
#[test]
fn a_dynamic_band_hears_the_sidechain_when_it_is_due() {
    let input = channels(23, -9.0, 20_000);
    let mut settings = channel::Settings::default();
    settings.compressor.lookahead = Lookahead::Ms5;
    let band = &mut settings.eq.bands[1];
    band.dynamic = dynamic::Settings { on: true, range_db: -12.0, ..dynamic::Settings::STATIC };
    for order in [channel::Order::default(), eq_first()] {
        settings.order = order;
        settings.eq.bands[1].dynamic.source = dynamic::Source::Band;
        let (inside, _) = strip(settings, &input);
        settings.eq.bands[1].dynamic.source = dynamic::Source::Sidechain;
        assert_eq!(bits(&inside), bits(&strip(settings, &input).0), "{order:?}");
    }
}
