//! Lanes, lookahead, listening, make-up: what is around the curve.

use super::*;

/// Something of each.
fn busy() -> Settings {
    Settings { threshold_db: -40.0, ratio: 6.0, attack_ms: 1.0, release_ms: 50.0, link_pct: 0.0, ..on() }
}

#[test]
fn mid_side_passes_bit_for_bit_where_it_has_nothing_to_do() {
    let input = Noise::new(20).stereo(0.0, 10_000);
    let (operation, style) = (Operation::MidSide, Style::Fet);
    for settings in [
        Settings { ratio: 1.0, operation, ..busy() },
        Settings { ratio: 1.0, operation, style, ..busy() },
        Settings { mix_pct: 0.0, operation, style, ..busy() },
        Settings { range_db: 0.0, mix_pct: 30.0, operation, ..busy() },
    ] {
        assert_eq!(run(settings, &input, 48_000.0), input, "{settings:?}");
    }
}

#[test]
fn mid_side_compresses_the_middle_and_leaves_the_sides() {
    let (mid, side) = (sine(440.0, -6.0, 1.0, 48_000.0), sine(1_000.0, -50.0, 1.0, 48_000.0));
    let input: Vec<Frame> = mid.iter().zip(&side).map(|(m, s)| [m + s, m - s]).collect();
    let settings = Settings { operation: Operation::MidSide, threshold_db: -20.0, ratio: 4.0, knee_db: 0.0, ..busy() };
    let mut compressor = prepared(settings, 48_000.0);
    let mut out = input.clone();
    compressor.process(&mut out, None);
    let settled = &out[24_000..];
    let mids: Vec<f64> = settled.iter().map(|[l, r]| 0.5 * (l + r)).collect();
    let sides: Vec<f64> = settled.iter().map(|[l, r]| 0.5 * (l - r)).collect();
    // 14 dB above at 4:1.
    assert!((tone_db(&mids, 440.0, 48_000.0) + 6.0 + 10.5).abs() < 0.01);
    assert!((tone_db(&sides, 1_000.0, 48_000.0) + 50.0).abs() < 0.001);
    let [mid_db, side_db] = compressor.reductions_db();
    assert!((mid_db - 10.5).abs() < 0.01 && side_db == 0.0, "{mid_db} {side_db}");
    // Linked, both take the same: the image stays, as in stereo.
    let linked = run(Settings { link_pct: 100.0, ..settings }, &both(&mid), 48_000.0);
    assert!(linked.iter().all(|[l, r]| l == r));
}

#[test]
fn lookahead_delays_the_sound_and_is_adopted_by_reset() {
    for (lookahead, frames) in [(Lookahead::Off, 0), (Lookahead::Ms1, 48), (Lookahead::Ms5, 240)] {
        let input = Noise::new(21).stereo(0.0, 5_000);
        for settings in [
            Settings { ratio: 1.0, lookahead, ..busy() },
            Settings { mix_pct: 0.0, lookahead, ..busy() },
            Settings { on: false, lookahead, ..busy() },
        ] {
            let out = run(settings, &input, 48_000.0);
            assert_eq!(out[frames..], input[..input.len() - frames]);
            assert_eq!(out[..frames], vec![[0.0; 2]; frames]);
        }
        let mut compressor = prepared(busy(), 48_000.0);
        compressor.set(Settings { lookahead, ..busy() });
        assert_eq!(compressor.latency_frames(), 0);
        compressor.reset();
        assert_eq!(compressor.latency_frames(), frames);
    }
    // A step is met with the reduction already there.
    let settings = Settings { lookahead: Lookahead::Ms5, ..busy() };
    let mut input = both(&silence(0.1, 48_000.0));
    input.extend(both(&square(1_000.0, -10.0, 0.1, 48_000.0)));
    let first = |settings: Settings, at: usize| run(settings, &input, 48_000.0)[4_800 + at][0].abs();
    let (without, with) = (first(busy(), 0), first(settings, 240));
    // 25 dB after five attacks, against none.
    assert!(without > 0.25 && with < 0.02, "{without} {with}");
}

#[test]
fn what_is_removed_and_what_is_left_are_the_dry_signal() {
    let input = Noise::new(22).stereo(0.0, 20_000);
    for settings in [
        busy(),
        Settings { mix_pct: 60.0, style: Style::Fet, ..busy() },
        Settings { operation: Operation::MidSide, style: Style::Bus, ..busy() },
    ] {
        let left = run(settings, &input, 48_000.0);
        // Make-up comes after what is removed.
        let removed = run(Settings { listen: Listen::Removed, makeup_db: 9.0, ..settings }, &input, 48_000.0);
        let worst = (0..input.len()).flat_map(|n| [0, 1].map(|ch| (left[n][ch] + removed[n][ch] - input[n][ch]).abs()));
        let worst = worst.fold(0.0, f64::max);
        eprintln!("removed + left − dry: {worst:.1e}");
        // A few roundings of numbers near 1, times a make-up of 2.8.
        assert!(worst < 2e-15, "{worst}");
    }
}

#[test]
fn the_key_can_be_heard() {
    let input = Noise::new(23).stereo(0.0, 10_000);
    let key = Noise::new(24).stereo(-6.0, 10_000);
    for operation in [Operation::Stereo, Operation::MidSide] {
        let open = Settings { key: Key::External, listen: Listen::Key, key_low_cut_hz: 10.0, operation, ..busy() };
        let mut out = input.clone();
        prepared(open, 48_000.0).process(&mut out, Some(&key));
        // 1e-15: out of mid and side, and in place of the result.
        assert!(out.iter().zip(&key).all(|(out, key)| (0..2).all(|ch| (out[ch] - key[ch]).abs() < 2e-15)));
        let cut = Settings { key_high_cut_hz: 500.0, key: Key::Internal, ..open };
        let out = run(cut, &both(&sine(4_000.0, 0.0, 1.0, 48_000.0)), 48_000.0);
        // Three octaves above: 36 dB and what the bilinear transform adds.
        let heard_db = tone_db(&lane(&out[24_000..], 0), 4_000.0, 48_000.0);
        assert!((-37.5..-36.0).contains(&heard_db), "{heard_db}");
    }
}

#[test]
fn turned_on_again_it_plays_nothing_of_an_old_key() {
    let settings = Settings { key: Key::External, listen: Listen::Key, lookahead: Lookahead::Ms5, ..busy() };
    let mut compressor = prepared(settings, 48_000.0);
    let loud = Noise::new(26).stereo(0.0, 4_800);
    compressor.process(&mut vec![[0.0; 2]; 4_800], Some(&loud));
    compressor.set(Settings { on: false, ..settings });
    compressor.process(&mut vec![[0.0; 2]; 4_800], Some(&loud));
    assert!(!compressor.uses_sidechain());
    compressor.set(settings);
    let mut out = vec![[0.0; 2]; 4_800];
    compressor.process(&mut out, None);
    assert!(out.as_flattened().iter().all(|x| *x == 0.0));
}

#[test]
fn automatic_make_up_brings_its_reference_back() {
    let settings = Settings { auto_makeup: true, makeup_db: 1.0, ..busy() };
    assert!((settings.output_db(AUTO_MAKEUP_AT_DB) - AUTO_MAKEUP_AT_DB - 1.0).abs() < 1e-9);
    let out = run(settings, &both(&sine(997.0, AUTO_MAKEUP_AT_DB, 1.0, 48_000.0)), 48_000.0);
    let out_db = tone_db(&lane(&out[24_000..], 0), 997.0, 48_000.0);
    assert!((out_db - AUTO_MAKEUP_AT_DB - 1.0).abs() < 0.002, "{out_db}");
}

#[test]
fn switching_anything_does_not_click() {
    let (rate, frames) = (48_000.0, 9_600);
    let left = sine(150.0, -6.0, 0.4, rate);
    let right = sine(190.0, -8.0, 0.4, rate);
    let input: Vec<Frame> = left.iter().zip(&right).map(|(l, r)| [*l, *r]).collect();
    let key = both(&sine(220.0, -20.0, 0.4, rate));
    let base = Settings { attack_ms: 10.0, release_ms: 120.0, threshold_db: -30.0, link_pct: 20.0, ..on() };
    for to in [
        Settings { style: Style::Bus, ..base },
        Settings { style: Style::Opto, ..base },
        Settings { style: Style::Fet, ..base },
        Settings { listen: Listen::Key, ..base },
        Settings { listen: Listen::Removed, ..base },
        Settings { operation: Operation::MidSide, ..base },
        Settings { key: Key::External, ..base },
        Settings { detector: Detection::Rms, ..base },
        Settings { auto_release: true, ..base },
        Settings { auto_makeup: true, ..base },
        Settings { key_high_cut_hz: 500.0, key_low_cut_hz: 500.0, ..base },
    ] {
        for (from, to) in [(base, to), (to, base)] {
            let mut compressor = prepared(from, rate);
            let mut out = input.clone();
            for (n, part) in out.chunks_mut(frames).enumerate() {
                compressor.set(if n == 0 { from } else { to });
                compressor.process(part, Some(&key[n * frames..]));
            }
            // The tones' own steepest, and a fade of at most 1.2 over 960 frames; with make-up twice that.
            let steepest = |part: &[Frame]| {
                let steps = part.windows(2).flat_map(|pair| [0, 1].map(|ch| (pair[1][ch] - pair[0][ch]).abs()));
                steps.fold(0.0, f64::max)
            };
            let usual = steepest(&out[4_800..frames]).max(steepest(&out[out.len() - 2_400..]));
            let at_switch = steepest(&out[frames - 1..frames + 4_800]);
            assert!(at_switch < 1.6 * usual + 2.0 * 1.2 / 960.0, "{from:?} to {to:?}: {at_switch}, usually {usual}");
        }
    }
}

#[test]
fn hostile_squares_leave_nothing_stuck() {
    for style in [Style::Clean, Style::Bus, Style::Opto, Style::Fet] {
        for auto_release in [false, true] {
            let settings = Settings { threshold_db: 0.0, ratio: f64::INFINITY, range_db: 60.0, knee_db: 0.0, ..on() };
            let settings = Settings { style, auto_release, release_ms: 30.0, attack_ms: 0.05, ..settings };
            let mut compressor = prepared(settings, 48_000.0);
            let mut out: Vec<Frame> = both(&square(100.0, 90.0, 0.5, 48_000.0));
            compressor.process(&mut out, None);
            assert!(out.iter().flatten().all(|x| x.is_finite()));
            assert!((59.9..=60.0).contains(&compressor.reduction_db()), "{}", compressor.reduction_db());
            compressor.process(&mut both(&silence(3.0, 48_000.0)), None);
            // 3 s are 16 of the slowest law's times: 60 dB · e⁻¹⁶.
            assert!(compressor.reduction_db() < 1e-4, "{style:?}: {}", compressor.reduction_db());
        }
    }
}

#[test]
fn nothing_is_allocated() {
    let mut compressor = prepared(Settings { lookahead: Lookahead::Ms5, ..busy() }, 48_000.0);
    let mut block = Noise::new(25).stereo(0.0, 1_000);
    let all = Style::ALL.iter().zip(Listen::ALL.iter().cycle()).zip(Operation::ALL.iter().cycle());
    plumb_signals::assert_no_alloc(|| {
        for ((style, listen), operation) in all {
            compressor.set(Settings { style: *style, listen: *listen, operation: *operation, ratio: 9.0, ..busy() });
            compressor.process(&mut block, None);
        }
        compressor.reset();
    });
}
