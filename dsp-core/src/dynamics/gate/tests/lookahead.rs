//! The gate that looks ahead.

use super::*;

/// Silence, then a drum: a decaying 1 kHz.
fn drum() -> Vec<Frame> {
    let hit = sine(1_000.0, 0.0, 0.2, 48_000.0);
    let mut drum = vec![[0.0; 2]; 4_800];
    drum.extend(hit.iter().enumerate().map(|(n, x)| [(x + 0.2) * 0.5 * (-(n as f64) / 2_400.0).exp(); 2]));
    drum
}

#[test]
fn lookahead_keeps_the_front_of_a_drum() {
    let input = drum();
    for (lookahead, frames, lost_db) in
        [(Lookahead::Off, 0, 40.0), (Lookahead::Ms1, 48, 6.0), (Lookahead::Ms5, 240, 0.01)]
    {
        let mut gate = prepared(Settings { lookahead, ..on() }, 48_000.0);
        assert_eq!(gate.latency_frames(), frames);
        let mut out = input.clone();
        gate.process(&mut out, None);
        let front = units::gain_to_db(input[4_800][0] / out[4_800 + frames][0]);
        eprintln!("{lookahead:?}: the front of a drum is {front:.3} dB down");
        assert!(front <= lost_db);
        if frames > 0 {
            let quick = Settings { lookahead, attack_ms: 0.1, ..on() };
            let out = run(quick, &input, 48_000.0);
            let front = units::gain_to_db(input[4_800][0] / out[4_800 + frames][0]);
            // Ten attacks: 40 dB · e⁻¹⁰ = 0.002 dB.
            assert!(front < 0.003, "{front}");
        }
    }
}

#[test]
fn lookahead_does_not_close_early() {
    let mut input = both(&square(1_000.0, -20.0, 0.2, 48_000.0));
    input.extend(vec![[units::db_to_gain(-60.0); 2]; 9_600]);
    for mode in [Mode::Gate, Mode::Expand] {
        for lookahead in [Lookahead::Off, Lookahead::Ms5] {
            let frames = lookahead.frames(48_000.0);
            let out = run(Settings { mode, lookahead, ..on() }, &input, 48_000.0);
            let closes = (9_600..19_000).find(|n| out[n + frames] != input[*n]).unwrap() - 9_600;
            // 30 ms of hold, in what is heard.
            let slack = if mode == Mode::Expand { 60 } else { 2 };
            assert!(closes.abs_diff(1_440) <= slack, "{mode:?} {lookahead:?}: {closes}");
        }
    }
}

#[test]
fn late_is_all_that_off_and_open_are() {
    let input = Noise::new(21).stereo(-10.0, 20_000);
    for lookahead in [Lookahead::Ms1, Lookahead::Ms5] {
        let late = lookahead.frames(48_000.0);
        let off = run(Settings { lookahead, ..Settings::default() }, &input, 48_000.0);
        assert!(off[late..] == input[..20_000 - late], "off");
        for mode in [Mode::Gate, Mode::Expand] {
            let open = run(Settings { lookahead, mode, ..on() }, &input, 48_000.0);
            assert!(open[late + 4_800..] == input[4_800..20_000 - late], "{mode:?}, open");
        }
        // The lookahead is adopted by reset and by nothing else.
        let mut gate = prepared(Settings { lookahead, ..on() }, 48_000.0);
        gate.set(on());
        assert_eq!(gate.latency_frames(), late);
        gate.reset();
        assert_eq!(gate.latency_frames(), 0);
    }
}
