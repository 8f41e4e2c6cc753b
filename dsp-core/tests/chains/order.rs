//! The order of a chain's sections: what each order sounds like, and how one becomes another.

use crate::{RATE_HZ, Tested, bits, channels, prepared, run};
use dsp_core::chain::channel::{ChannelStrip, Order, Section, Settings};
use dsp_core::chain::{channel, master};
use dsp_core::dynamics::lookahead::Lookahead;
use dsp_core::saturation::Factor;
use dsp_core::{Chain, Choice};

/// A strip with one section on, working hard.
fn only(section: Section) -> Settings {
    let (busy, mut s) = (ChannelStrip::busy_settings(), Settings::default());
    match section {
        Section::Gate => s.gate = busy.gate,
        Section::Compressor => s.compressor = busy.compressor,
        Section::Eq => s.eq = busy.eq,
        Section::Saturation => s.saturation = busy.saturation,
        Section::DeEsser => s.de_esser = busy.de_esser,
        Section::Transient => s.transient = busy.transient,
    }
    s.compressor.key = dsp_core::dynamics::key::Key::Internal;
    s
}

/// All sections on, in an order.
fn all(order: Order) -> Settings {
    let mut s = Settings { order, ..Settings::default() };
    for section in Section::ALL {
        let one = only(*section);
        match section {
            Section::Gate => s.gate = one.gate,
            Section::Compressor => s.compressor = one.compressor,
            Section::Eq => s.eq = one.eq,
            Section::Saturation => s.saturation = one.saturation,
            Section::DeEsser => s.de_esser = one.de_esser,
            Section::Transient => s.transient = one.transient,
        }
    }
    s
}

#[test]
fn every_order_sounds_as_its_sections_one_behind_the_other() {
    let input = channels(41, -9.0, 6000);
    for code in (0..Order::COUNT).step_by(37) {
        let order = Order::from_code(code);
        let mut chain: ChannelStrip = prepared(all(order), RATE_HZ, 2);
        let out = run(&mut chain, &input, &[512]);
        let mut expected = input.clone();
        for section in order.sections() {
            expected = run(&mut prepared::<ChannelStrip>(only(*section), RATE_HZ, 2), &expected, &[512]);
        }
        let off = out.iter().flatten().zip(expected.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        // Between single strips the signal is rounded to 32 bits, which a compressor may raise by 20 dB.
        assert!(off < 1e-5, "{order}: off by {off}");
    }
}

/// Lookahead and oversampling, but nothing on.
fn idle_with_latency(order: Order) -> Settings {
    let mut s = Settings { order, ..Settings::default() };
    s.gate.lookahead = Lookahead::Ms5;
    s.compressor.lookahead = Lookahead::Ms1;
    s.saturation.oversampling = Factor::X4;
    s
}

#[test]
fn a_new_order_of_idle_sections_with_latency_is_a_null() {
    let input = channels(42, -9.0, 48_000);
    let mut chain: ChannelStrip = prepared(idle_with_latency(Order::default()), RATE_HZ, 2);
    let latency = chain.latency_frames();
    assert!(latency > 280);
    let mut out = Vec::new();
    for (turn, piece) in (0..48).map(|n| (n, n * 1000..(n + 1) * 1000)) {
        if turn % 5 == 3 {
            chain.set(idle_with_latency(Order::from_code(turn * 2)));
        }
        let piece: Vec<Vec<f32>> = input.iter().map(|channel| channel[piece.clone()].to_vec()).collect();
        out.push(run(&mut chain, &piece, &[37]));
    }
    for lane in 0..2 {
        let out: Vec<f32> = out.iter().flat_map(|piece| piece[lane].iter().copied()).collect();
        assert_eq!(out[latency..], input[lane][..48_000 - latency]);
    }
}

/// Changes of order under way, also to a third one before the second is there.
fn changes_do_not_depend_on_blocks<C: Tested>(ordered: fn(usize) -> C::Settings) {
    let input = channels(43, -9.0, 24_000);
    let play = |cut: &[usize]| {
        let mut chain: C = prepared(ordered(0), RATE_HZ, 2);
        let pieces = (0..24).map(|n| {
            if n % 4 == 1 || n == 10 {
                chain.set(ordered(n));
            }
            let piece: Vec<Vec<f32>> = input.iter().map(|channel| channel[n * 1000..][..1000].to_vec()).collect();
            run(&mut chain, &piece, cut)
        });
        pieces.flat_map(|piece| bits(&piece)).collect::<Vec<_>>()
    };
    let whole = play(&[1000]);
    for cut in [&[1][..], &[64], &[13, 1, 200]] {
        assert_eq!(play(cut), whole, "blocks of {cut:?}");
    }
}

#[test]
fn changes_of_order_sound_the_same_however_the_blocks_are_cut() {
    changes_do_not_depend_on_blocks::<channel::ChannelStrip>(|n| {
        let order = Order::from_code(n * 5);
        channel::Settings { order, ..channel::ChannelStrip::busy_settings() }
    });
    changes_do_not_depend_on_blocks::<master::MasterBus>(|n| {
        let order = master::Order::from_code(n);
        master::Settings { order, ..master::MasterBus::busy_settings() }
    });
}

/// The equaliser in front of a curve or behind it: from one steady sound to the other without a step.
#[test]
fn a_new_order_does_not_click() {
    let settings = |order| {
        let mut s = Settings { order, ..Settings::default() };
        s.eq.bands[0].gain_db = 9.0;
        s.saturation.on = true;
        s.saturation.oversampling = Factor::X2;
        s.compressor.lookahead = Lookahead::Ms1;
        s
    };
    let tone: Vec<f32> = plumb_signals::sine(50.0, -12.0, 1.0, RATE_HZ).iter().map(|x| *x as f32).collect();
    let mut chain: ChannelStrip = prepared(settings(Order::default()), RATE_HZ, 2);
    let first = run(&mut chain, &[tone[..24_000].to_vec(), tone[..24_000].to_vec()], &[480]);
    chain.set(settings(Order::of([Section::Saturation, Section::Eq])));
    let then = run(&mut chain, &[tone[24_000..].to_vec(), tone[24_000..].to_vec()], &[480]);
    let bend = |out: &[f32]| out.windows(3).map(|w| (w[2] - 2.0 * w[1] + w[0]).abs()).fold(0.0, f32::max);
    let joined: Vec<f32> = first[0].iter().chain(&then[0]).copied().collect();
    let (steady, changing) =
        (bend(&joined[12_000..24_000]).max(bend(&joined[40_000..])), bend(&joined[23_900..30_000]));
    eprintln!("largest second difference: steady {steady:.2e}, changing {changing:.2e}");
    assert!(changing < 1.5 * steady, "steady {steady}, while the order changes {changing}");
}

#[test]
fn a_sidechain_that_comes_back_does_not_repeat_the_past() {
    let mut settings = Settings::default();
    settings.gate.lookahead = Lookahead::Ms5;
    settings.compressor.on = true;
    settings.compressor.key = dsp_core::dynamics::key::Key::External;
    settings.compressor.lookahead = Lookahead::Off;
    let mut chain: ChannelStrip = prepared(settings, RATE_HZ, 2);
    let loud = channels(44, 0.0, 480);
    let quiet = vec![vec![0.0_f32; 480]; 2];
    let mut play = |key: Option<&[Vec<f32>]>| {
        let mut audio = channels(45, -20.0, 480);
        let mut main: Vec<&mut [f32]> = audio.iter_mut().map(Vec::as_mut_slice).collect();
        chain.process(&mut main, key);
        chain.readings().compressor_reductions_db[0]
    };
    (0..10).for_each(|_| _ = play(Some(&loud)));
    let without = (0..100).map(|_| play(None)).last().unwrap();
    let again = play(Some(&quiet));
    assert!(without < 0.1 && again < 0.1, "{without} dB, then {again} dB by what was there a second ago");
}
