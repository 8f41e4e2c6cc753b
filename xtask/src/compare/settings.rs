//! The settings that are compared: preset-like and hard ones, covering every section of both products.

/// Settings of a product.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) product: &'static str,
    pub(super) name: &'static str,
    /// `id=value` as for `plumb render --set`, separated by spaces; `_` in a value stands for a space.
    pub(super) set: &'static str,
}

/// Settings that are expected to differ, and why.
pub(super) const EXPECTED: [(&str, &str); 0] = [];

impl Setting {
    /// Ids and values.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'static str, String)> {
        let pairs = self.set.split_whitespace().filter_map(|pair| pair.split_once('='));
        pairs.map(|(id, value)| (id, value.replace('_', " ")))
    }

    /// Whether anything uses the sidechain.
    pub(super) fn uses_sidechain(&self) -> bool {
        self.values().any(|(_, value)| value == "External")
    }
}

const fn strip(name: &'static str, set: &'static str) -> Setting {
    Setting { product: "channel-strip", name, set }
}

const fn bus(name: &'static str, set: &'static str) -> Setting {
    Setting { product: "master-bus", name, set }
}

/// All settings.
pub(super) const ALL: &[Setting] = &[
    strip("strip: default", ""),
    strip(
        "strip: steep cuts and polarity",
        "input_trim_db=9 polarity_invert=On low_cut_on=On low_cut_freq_hz=1300 low_cut_slope=96_dB/oct high_cut_on=On \
         high_cut_freq_hz=9000 high_cut_slope=72_dB/oct",
    ),
    strip(
        "strip: gentle cuts",
        "low_cut_on=On low_cut_freq_hz=35 low_cut_slope=18_dB/oct high_cut_on=On high_cut_slope=6_dB/oct",
    ),
    strip(
        "strip: gate, filtered key, 5 ms lookahead",
        "gate_on=On gate_threshold_db=-14 gate_hysteresis_db=6 gate_range_db=60 gate_attack_ms=0.1 gate_hold_ms=10 \
         gate_release_ms=60 gate_lookahead=5_ms gate_key_low_cut_hz=120 gate_key_high_cut_hz=4000",
    ),
    strip(
        "strip: expander",
        "gate_on=On gate_mode=Expand gate_threshold_db=-10 gate_ratio=4 gate_knee_db=12 gate_range_db=30 gate_attack_ms=2",
    ),
    strip(
        "strip: ducker from the sidechain, 1 ms lookahead",
        "gate_on=On gate_mode=Duck gate_key=External gate_threshold_db=-20 gate_range_db=24 gate_lookahead=1_ms",
    ),
    strip("strip: gate, what it removes", "gate_on=On gate_threshold_db=-12 gate_listen=Delta"),
    strip(
        "strip: clean compressor",
        "comp_on=On comp_threshold_db=-30 comp_ratio=4 comp_attack_ms=3 comp_release_ms=80 comp_makeup_db=6",
    ),
    strip(
        "strip: bus compressor, RMS, mid and side, in parallel",
        "comp_on=On comp_style=Bus comp_detector=RMS comp_channels=Mid/Side comp_threshold_db=-28 comp_ratio=10 \
         comp_auto_release=On comp_link_pct=30 comp_mix_pct=60 comp_range_db=12 comp_auto_makeup=On",
    ),
    strip(
        "strip: opto compressor, filtered key",
        "comp_on=On comp_style=Opto comp_threshold_db=-35 comp_ratio=6 comp_knee_db=20 comp_key_low_cut_hz=150 \
         comp_key_high_cut_hz=6000 comp_hold_ms=20",
    ),
    strip(
        "strip: FET compressor as a limiter, 5 ms lookahead, sidechain",
        "comp_on=On comp_style=FET comp_threshold_db=-25 comp_ratio=inf comp_knee_db=0 comp_attack_ms=0.05 \
         comp_release_ms=10 comp_lookahead=5_ms comp_key=External",
    ),
    strip("strip: compressor, its key heard", "comp_on=On comp_listen=Key comp_key_low_cut_hz=300 comp_lookahead=1_ms"),
    strip(
        "strip: equaliser, every band, with auto gain",
        "eq_auto_gain=On eq_lf_gain_db=9 eq_lf_freq_hz=110 eq_lmf_gain_db=-12 eq_lmf_q=8 eq_hmf_gain_db=6 eq_hmf_q=1.4 \
         eq_hf_gain_db=8 eq_hf_freq_hz=12000",
    ),
    strip(
        "strip: equaliser as bells on sides, scaled",
        "eq_gain_scale_pct=-70 eq_lf_bell=On eq_lf_gain_db=10 eq_lf_channels=Mid eq_lmf_gain_db=9 eq_lmf_channels=Side \
         eq_hmf_gain_db=-15 eq_hmf_channels=Left eq_hf_bell=On eq_hf_gain_db=12 eq_hf_freq_hz=17000 eq_hf_channels=Right",
    ),
    strip(
        "strip: dynamic equaliser",
        "eq_lf_dyn_on=On eq_lf_dyn_range_db=-12 eq_lf_dyn_threshold_db=-30 eq_lmf_dyn_on=On eq_lmf_dyn_range_db=9 \
         eq_lmf_dyn_reference=Relative eq_lmf_dyn_threshold_db=-6 eq_hmf_gain_db=4 eq_hmf_dyn_on=On eq_hmf_dyn_range_db=-18 \
         eq_hmf_dyn_key=External eq_hmf_dyn_attack_ms=1 eq_hf_dyn_on=On eq_hf_dyn_range_db=-6 eq_hf_dyn_release_ms=30",
    ),
    strip(
        "strip: tube, eight times oversampled",
        "sat_on=On sat_curve=Tube sat_drive_db=18 sat_tone_db=3 sat_oversampling=8×",
    ),
    strip(
        "strip: tape in parallel, twice oversampled",
        "sat_on=On sat_curve=Tape sat_drive_db=12 sat_mix_pct=50 sat_oversampling=2×",
    ),
    strip(
        "strip: clipping transistor",
        "sat_on=On sat_curve=Transistor sat_drive_db=24 sat_tone_db=-6 sat_oversampling=4×",
    ),
    strip("strip: clip, not oversampled", "sat_on=On sat_curve=Clip sat_drive_db=15"),
    strip(
        "strip: split de-esser",
        "deess_on=On deess_threshold_db=-20 deess_range_db=12 deess_freq_hz=5000 deess_link_pct=0",
    ),
    strip("strip: wide de-esser, heard", "deess_on=On deess_mode=Wide-band deess_threshold_db=-24 deess_listen=Delta"),
    strip(
        "strip: transients, sharper and shorter",
        "transient_on=On transient_attack_db=12 transient_sustain_db=-9 transient_clip_safe=On",
    ),
    strip(
        "strip: transients, softer and longer",
        "transient_on=On transient_attack_db=-15 transient_sustain_db=10 transient_mix_pct=70",
    ),
    strip("strip: width, pan and gain", "stereo_width_pct=170 stereo_pan_pct=-35 output_gain_db=-4"),
    strip(
        "strip: everything, compressor first",
        "input_trim_db=3 low_cut_on=On high_cut_on=On gate_on=On gate_threshold_db=-20 gate_lookahead=1_ms comp_on=On \
         comp_threshold_db=-28 comp_lookahead=5_ms eq_lf_gain_db=4 eq_hmf_gain_db=-5 eq_hmf_dyn_on=On eq_hmf_dyn_range_db=-9 \
         sat_on=On sat_drive_db=9 sat_oversampling=4× deess_on=On deess_threshold_db=-15 stereo_width_pct=130 output_gain_db=-3",
    ),
    strip(
        "strip: everything, equaliser first, sidechain",
        "order=Gate_>_Trans_>_EQ_>_Comp_>_Sat_>_De-ess low_cut_on=On low_cut_slope=24_dB/oct gate_on=On gate_mode=Expand gate_key=External comp_on=On \
         comp_style=Opto comp_key=External comp_lookahead=1_ms eq_lmf_gain_db=7 eq_hf_gain_db=-6 eq_hf_dyn_on=On \
         eq_hf_dyn_key=External eq_hf_dyn_range_db=8 sat_on=On sat_curve=Tape sat_drive_db=14 deess_on=On stereo_pan_pct=20",
    ),
    bus("bus: default", ""),
    bus("bus: bypassed, with latency", "bypass=On limiter_lookahead_ms=5 comp_lookahead=5_ms"),
    bus(
        "bus: equaliser, every shape",
        "limiter_on=Off eq_1_shape=Low_cut eq_1_freq_hz=1300 eq_1_slope=96_dB/oct eq_2_shape=Low_shelf eq_2_gain_db=12 \
         eq_3_shape=Tilt eq_3_gain_db=4 eq_4_shape=Notch eq_4_q=9 eq_5_gain_db=-18 eq_5_q=20 eq_6_shape=All_pass \
         eq_7_shape=High_shelf eq_7_gain_db=-9 eq_7_q=2 eq_8_shape=High_cut eq_8_slope=36_dB/oct eq_8_freq_hz=15000",
    ),
    bus(
        "bus: band pass on the side, scaled",
        "limiter_on=Off eq_3_shape=Band_pass eq_3_channels=Side eq_6_gain_db=12 eq_6_channels=Mid eq_gain_scale_pct=150",
    ),
    bus("bus: a band heard", "limiter_on=Off eq_5_listen=On eq_5_freq_hz=2000 eq_5_q=4"),
    bus(
        "bus: dynamic equaliser",
        "limiter_on=Off eq_2_dyn_on=On eq_2_dyn_range_db=-10 eq_4_gain_db=-4 eq_4_dyn_on=On eq_4_dyn_range_db=12 \
         eq_4_dyn_reference=Relative eq_4_dyn_threshold_db=-8 eq_5_shape=High_shelf eq_5_dyn_on=On eq_5_dyn_range_db=-9 \
         eq_5_dyn_key=External eq_7_channels=Side eq_7_dyn_on=On eq_7_dyn_range_db=6 eq_7_dyn_attack_ms=0.5",
    ),
    bus(
        "bus: matched phase",
        "eq_phase=Matched eq_1_shape=Low_cut eq_1_slope=48_dB/oct eq_5_gain_db=9 eq_8_gain_db=-6",
    ),
    bus("bus: linear phase, 4k", "eq_phase=Linear_4k eq_2_gain_db=6 eq_6_gain_db=-9 eq_6_q=5 limiter_drive_db=6"),
    bus(
        "bus: linear phase, 16k, mid and side",
        "eq_phase=Linear_16k eq_1_gain_db=-12 eq_4_gain_db=8 eq_4_channels=Side eq_8_gain_db=6",
    ),
    bus(
        "bus: compressor, glue",
        "limiter_on=Off comp_on=On comp_style=Bus comp_threshold_db=-26 comp_ratio=4 comp_attack_ms=1 comp_auto_release=On \
         comp_auto_makeup=On comp_key_low_cut_hz=90 comp_lookahead=1_ms",
    ),
    bus(
        "bus: multiband of five, every mode, saturated",
        "limiter_on=Off mb_on=On mb_bands=5 mb_sat_oversampling=4× mb_1_mode=Compress mb_1_threshold_db=-35 mb_1_ratio=6 \
         mb_2_mode=Expand mb_2_threshold_db=-20 mb_2_ratio=3 mb_3_mode=Upward_compress mb_3_threshold_db=-20 mb_3_ratio=4 \
         mb_4_mode=Upward_expand mb_4_threshold_db=-30 mb_4_ratio=2 mb_5_threshold_db=-40 mb_5_ratio=inf mb_5_knee_db=0 \
         mb_1_sat_on=On mb_1_sat_drive_db=15 mb_3_sat_on=On mb_3_sat_curve=Tape mb_3_sat_drive_db=9 mb_2_width_pct=0 \
         mb_4_link_pct=0 mb_4_width_pct=180 mb_5_sat_on=On mb_5_sat_curve=Clip mb_5_sat_drive_db=12",
    ),
    bus(
        "bus: multiband of two, keyed, in parallel",
        "limiter_on=Off mb_on=On mb_bands=2 mb_crossover_1_hz=400 mb_1_key=External mb_1_threshold_db=-40 mb_1_range_db=40 \
         mb_1_attack_ms=0.05 mb_2_gain_db=-6 mb_mix_pct=70",
    ),
    bus(
        "bus: multiband, what it changes",
        "limiter_on=Off mb_on=On mb_delta=On mb_3_threshold_db=-40 mb_3_ratio=8 mb_bands=3",
    ),
    bus("bus: multiband, a band alone", "limiter_on=Off mb_on=On mb_2_solo=On mb_2_sat_on=On mb_2_sat_drive_db=20"),
    bus(
        "bus: de-esser and width",
        "limiter_on=Off deess_on=On deess_threshold_db=-22 deess_range_db=18 deess_attack_ms=0.1 stereo_width_pct=60",
    ),
    bus("bus: limiter, transparent, 12 dB", "limiter_drive_db=12 limiter_lookahead_ms=5 limiter_release_ms=50"),
    bus(
        "bus: limiter, loud, clipping, 24 dB",
        "limiter_drive_db=24 limiter_style=Loud limiter_soft_clip_pct=80 limiter_auto_release=On limiter_lookahead_ms=0.1 \
         limiter_transient_link_pct=0 limiter_release_link_pct=20 limiter_ceiling_db=-0.3",
    ),
    bus(
        "bus: limiter, punchy, sample peak, unity gain",
        "limiter_drive_db=18 limiter_style=Punchy limiter_detection=Sample_peak limiter_unity_gain=On limiter_lookahead_ms=20 \
         limiter_release_ms=1",
    ),
    bus(
        "bus: limiter without latency",
        "limiter_drive_db=15 limiter_detection=Sample_peak,_no_latency limiter_release_ms=200",
    ),
    bus("bus: limiter, what it removes", "limiter_drive_db=9 limiter_delta=On limiter_soft_clip_pct=30"),
    bus("bus: dither, 16 bit, strong", "dither_depth=16_bit dither_shaping=Strong"),
    bus(
        "bus: dither, 20 bit, light, never blank",
        "dither_depth=20_bit dither_shaping=Light dither_auto_blank=Off limiter_drive_db=3",
    ),
    bus(
        "bus: everything",
        "eq_1_shape=Low_cut eq_3_gain_db=3 eq_6_gain_db=-4 eq_6_dyn_on=On eq_6_dyn_range_db=-6 eq_auto_gain=On comp_on=On \
         comp_threshold_db=-20 comp_ratio=2.5 comp_lookahead=1_ms mb_on=On mb_1_sat_on=On mb_1_sat_drive_db=6 \
         mb_sat_oversampling=2× mb_3_mode=Upward_compress mb_4_key=External deess_on=On stereo_width_pct=120 limiter_drive_db=9 \
         limiter_soft_clip_pct=20 dither_depth=16_bit dither_shaping=Strong",
    ),
    bus(
        "bus: everything, linear phase",
        "eq_phase=Linear_8k eq_2_gain_db=4 eq_7_gain_db=3 comp_on=On comp_style=Opto comp_threshold_db=-22 comp_lookahead=5_ms \
         mb_on=On mb_bands=3 mb_sat_oversampling=8× mb_2_sat_on=On mb_2_sat_drive_db=8 deess_on=On deess_threshold_db=-18 \
         limiter_drive_db=6 limiter_style=Punchy dither_depth=24_bit",
    ),
];

#[cfg(test)]
mod tests {
    use super::super::renamed::translated;
    use super::*;
    use std::collections::BTreeSet;

    fn takes<S: plumb_controls::ControlTable>(controls: &plumb_controls::Controls<S>, id: &str, value: &str) -> bool {
        let choices_of = |id: &str| {
            let control = controls.find(id).ok()?;
            Some(control.choices().iter().map(|choice| (*choice).to_owned()).collect())
        };
        translated(id, value, choices_of)
            .is_some_and(|(id, value)| controls.find(&id).is_ok_and(|control| control.parse_strict(&value).is_ok()))
    }

    #[test]
    fn names_are_unique_and_every_setting_is_one_that_the_product_has() {
        let names: BTreeSet<_> = ALL.iter().map(|setting| setting.name).collect();
        assert_eq!(names.len(), ALL.len());
        let (strip, bus) = (plumb_controls::channel_strip(), plumb_controls::master_bus());
        for setting in ALL {
            for (id, value) in setting.values() {
                let is_known = match setting.product {
                    "channel-strip" => takes(&strip, id, &value),
                    _ => takes(&bus, id, &value),
                };
                assert!(is_known, "{}: {id}={value}", setting.name);
            }
        }
        assert!(EXPECTED.iter().all(|(name, _)| names.contains(name)));
    }
}
