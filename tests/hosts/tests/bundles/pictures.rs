//! Pictures of the editors for the manual, into `docs/images`. Not a test, so it only runs on request:
//! `cargo test -p plumb-hosts --test bundles pictures -- --ignored` with a screen.

use crate::common::{BLOCK, music, run, set};
use plumb_hosts::bundles::{Product, workspace};
use plumb_hosts::window::has_display;
use std::time::Duration;

/// How long music plays before the picture is taken.
const PLAYED_S: f64 = 8.0;
/// Frame at which the mouse grabs a band: by then the editor is open.
const TOUCHED_AT: usize = 200 * BLOCK;
/// Longer than an editor takes to paint.
const FRAME_TIME: Duration = Duration::from_millis(200);
/// Length of a block of the usual size.
const BLOCK_TIME: Duration = Duration::from_micros(10_667);

const STRIP: &[(&str, &str)] = &[
    ("low_cut_on", "On"),
    ("low_cut_freq_hz", "35 Hz"),
    ("comp_on", "On"),
    ("comp_threshold_db", "-20 dB"),
    ("eq_lf_on", "On"),
    ("eq_lf_gain_db", "3 dB"),
    ("eq_lmf_on", "On"),
    ("eq_lmf_freq_hz", "280 Hz"),
    ("eq_lmf_gain_db", "-2 dB"),
    ("eq_lmf_dyn_on", "On"),
    ("eq_lmf_dyn_threshold_db", "-32 dB"),
    ("eq_lmf_dyn_range_db", "-8 dB"),
    ("eq_hf_on", "On"),
    ("eq_hf_gain_db", "4 dB"),
    ("comp_style", "Opto"),
    ("comp_link_pct", "50 %"),
    ("sat_on", "On"),
    ("sat_curve", "Tape"),
    ("sat_drive_db", "8 dB"),
    ("deess_on", "On"),
    ("deess_threshold_db", "-20 dB"),
];

const BUS: &[(&str, &str)] = &[
    ("eq_phase", "Linear 8k"),
    ("eq_1_on", "On"),
    ("eq_1_gain_db", "1.5 dB"),
    ("eq_3_on", "On"),
    ("eq_3_gain_db", "-3 dB"),
    ("eq_3_dyn_on", "On"),
    ("eq_3_dyn_threshold_db", "-36 dB"),
    ("eq_3_dyn_range_db", "-6 dB"),
    ("eq_6_on", "On"),
    ("eq_6_gain_db", "2 dB"),
    ("eq_8_on", "On"),
    ("eq_8_gain_db", "3 dB"),
    ("comp_on", "On"),
    ("comp_threshold_db", "-22 dB"),
    ("limiter_drive_db", "6 dB"),
];

const MULTIBAND: &[(&str, &str)] = &[
    ("mb_on", "On"),
    ("mb_1_threshold_db", "-30 dB"),
    ("mb_1_ratio", "3:1"),
    ("mb_2_threshold_db", "-34 dB"),
    ("mb_2_ratio", "2.5:1"),
    ("mb_2_gain_db", "1.5 dB"),
    ("mb_2_sat_on", "On"),
    ("mb_2_sat_drive_db", "6 dB"),
    ("mb_3_mode", "Upward compress"),
    ("mb_3_threshold_db", "-30 dB"),
    ("mb_3_range_db", "6 dB"),
    ("mb_4_threshold_db", "-46 dB"),
    ("mb_4_gain_db", "2 dB"),
    ("comp_on", "On"),
    ("comp_threshold_db", "-22 dB"),
    ("limiter_drive_db", "6 dB"),
];

const METERS: &[(&str, &str)] = &[
    ("comp_on", "On"),
    ("comp_threshold_db", "-22 dB"),
    ("limiter_drive_db", "6 dB"),
    ("meter_scale", "K-14"),
    ("meter_target_lufs", "-16 LUFS"),
];

/// The content of a picture: settings as texts, and where the mouse grabs something.
struct Picture {
    product: Product,
    settings: &'static [(&'static str, &'static str)],
    touches: &'static [(i16, i16)],
    file: &'static str,
}

const PICTURES: [Picture; 4] = [
    Picture { product: Product::ChannelStrip, settings: STRIP, touches: &[(235, 595)], file: "channel-strip" },
    Picture { product: Product::MasterBus, settings: BUS, touches: &[(366, 363)], file: "master-bus" },
    Picture {
        product: Product::MasterBus,
        settings: MULTIBAND,
        touches: &[(255, 65), (356, 200)],
        file: "master-bus-multiband",
    },
    Picture { product: Product::MasterBus, settings: METERS, touches: &[(440, 65)], file: "master-bus-meters" },
];

#[test]
#[ignore = "takes pictures for the manual"]
fn pictures_for_the_manual() {
    assert!(has_display(), "a screen is needed");
    let music = music(PLAYED_S);
    for Picture { product, settings, touches, file } in PICTURES {
        let mut plugin = run(product);
        set(&mut plugin, settings);
        plugin.restart(crate::common::RATE_HZ, BLOCK).unwrap();
        let window = plugin.open_editor((20, 20)).unwrap();
        for at in (0..music.frames() - BLOCK).step_by(BLOCK) {
            if at == TOUCHED_AT {
                // A band in hand, and the mouse out of the way.
                for at in touches {
                    window.drag(*at, (0, 0), 1, || std::thread::sleep(FRAME_TIME)).unwrap();
                }
                window.point((500, 22)).unwrap();
            }
            plugin.render(&music.part(at, BLOCK), None, &[], &[BLOCK]).unwrap();
            plugin.idle();
            std::thread::sleep(BLOCK_TIME);
        }
        let path = workspace().join("docs/images").join(format!("{file}.png"));
        window.picture().unwrap().save(&path).unwrap();
        plugin.close_editor(window).unwrap();
    }
}
