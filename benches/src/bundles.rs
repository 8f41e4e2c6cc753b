//! The built bundles in the embedded CLAP host: whole plugins, as a host calls them.

use crate::programme::Piece;
use crate::settings;
use crate::turns::Job;
use crate::unit::Unit;
use anyhow::{Context, Result};
use plumb_controls::{ControlTable, Controls, channel_strip, master_bus};
use plumb_hosts::bundles::{Format, Product};
use plumb_hosts::clap::Plugin;

/// Settings of a plugin: control ids and values as a user types them.
pub(crate) type Values = Vec<(String, String)>;

/// Settings as values of the product's controls.
fn values<S: ControlTable>(controls: &Controls<S>, settings: &S) -> Values {
    controls.list().iter().map(|c| (c.id.clone(), c.text_with_unit(c.get(settings)))).collect()
}

/// A plugin and its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    StripFull,
    StripBasic,
    StripOff,
    BusFull,
    BusOff,
    BusLate,
    BusMetering,
}

impl Whole {
    pub(crate) const ALL: [Self; 7] = [
        Self::StripFull,
        Self::StripBasic,
        Self::StripOff,
        Self::BusFull,
        Self::BusOff,
        Self::BusLate,
        Self::BusMetering,
    ];

    /// The job's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::StripFull => "strip-full",
            Self::StripBasic => "strip-basic",
            Self::StripOff => "strip-off",
            Self::BusFull => "bus-full",
            Self::BusOff => "bus-off",
            Self::BusLate => "bus-off-late",
            Self::BusMetering => "bus-off-metering",
        }
    }

    /// Which plugin it is.
    pub(crate) fn product(self) -> Product {
        match self {
            Self::StripFull | Self::StripBasic | Self::StripOff => Product::ChannelStrip,
            Self::BusFull | Self::BusOff | Self::BusLate | Self::BusMetering => Product::MasterBus,
        }
    }

    fn values(self) -> Values {
        match self {
            Self::StripFull => values(&channel_strip(), &settings::strip_full()),
            Self::StripBasic => values(&channel_strip(), &settings::strip_basic()),
            Self::StripOff => values(&channel_strip(), &settings::strip_off()),
            Self::BusFull => values(&master_bus(), &settings::bus_full()),
            Self::BusOff => values(&master_bus(), &settings::bus_off()),
            Self::BusLate => values(&master_bus(), &settings::bus_late()),
            Self::BusMetering => values(&master_bus(), &settings::bus_metering()),
        }
    }

    /// Loads the plugin with these settings, not yet active.
    pub(crate) fn load(self) -> Result<Plugin> {
        let mut plugin = Plugin::load(&self.product().built(Format::Clap)?)?;
        let values = self.values();
        let parsed: Result<Vec<_>> = values
            .iter()
            .map(|(id, typed)| Ok((number(id), plugin.parse(number(id), typed).with_context(|| id.clone())?)))
            .collect();
        plugin.set(&parsed?)?;
        Ok(plugin)
    }
}

/// A control's numeric host id: the framework's hash of its permanent text id.
pub(crate) fn number(id: &str) -> u32 {
    id.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) & !(1 << 31)
}

/// Automated controls of the strip: some of every section.
const STRIP_MOVES: [&str; 20] = [
    "input_trim_db",
    "low_cut_freq_hz",
    "gate_threshold_db",
    "gate_release_ms",
    "comp_threshold_db",
    "comp_ratio",
    "comp_attack_ms",
    "comp_release_ms",
    "comp_makeup_db",
    "comp_mix_pct",
    "eq_lf_gain_db",
    "eq_lmf_gain_db",
    "eq_lmf_freq_hz",
    "eq_hmf_gain_db",
    "eq_hf_gain_db",
    "sat_drive_db",
    "sat_mix_pct",
    "deess_threshold_db",
    "stereo_width_pct",
    "output_gain_db",
];

/// Automated controls of the bus.
const BUS_MOVES: [&str; 20] = [
    "eq_2_gain_db",
    "eq_3_gain_db",
    "eq_4_gain_db",
    "eq_4_freq_hz",
    "eq_5_gain_db",
    "eq_7_gain_db",
    "comp_threshold_db",
    "comp_ratio",
    "comp_attack_ms",
    "comp_release_ms",
    "comp_makeup_db",
    "comp_mix_pct",
    "mb_1_threshold_db",
    "mb_2_threshold_db",
    "mb_3_threshold_db",
    "mb_4_gain_db",
    "stereo_width_pct",
    "limiter_drive_db",
    "limiter_ceiling_db",
    "limiter_release_ms",
];

/// Automation of one parameter around its set value.
struct Move {
    id: u32,
    middle: f64,
    depth: f64,
    /// Cycles per second.
    freq_hz: f64,
}

/// A plugin running in the host.
struct Bundle {
    plugin: Plugin,
    rate_hz: f64,
    moves: Vec<Move>,
    changes: Vec<(u32, f64)>,
    frames: usize,
}

impl Bundle {
    fn new(whole: Whole, automated: bool, rate_hz: f64, block: usize) -> Result<Self> {
        let mut plugin = whole.load()?;
        let mut moves = Vec::new();
        if automated {
            let ids = if whole.product() == Product::ChannelStrip { STRIP_MOVES } else { BUS_MOVES };
            let params = plugin.params()?;
            for (place, id) in ids.into_iter().enumerate() {
                let param = params.iter().find(|param| param.id == number(id)).with_context(|| id.to_owned())?;
                let [min, _, max] = param.range;
                let middle = plugin.value(param.id)?;
                // A tenth of the travel, slower than once a second, like a hand on a fader.
                let depth = 0.1 * (max - min).min(5.0 * (max - middle).max(middle - min));
                moves.push(Move { id: param.id, middle, depth, freq_hz: 0.5 + 0.03 * place as f64 });
            }
        }
        plugin.activate(rate_hz, block)?;
        Ok(Self { plugin, rate_hz, moves, changes: Vec::new(), frames: 0 })
    }
}

impl Unit for Bundle {
    /// Timed outside, so the embedded host's own work per block is included: copies and event lists.
    fn play(&mut self, piece: Piece<'_>, block: usize) -> Option<f64> {
        for (left, right) in piece.left.chunks(block).zip(piece.right.chunks(block)) {
            self.changes.clear();
            let t = self.frames as f64 / self.rate_hz;
            for m in &self.moves {
                // A triangle: a sine would cost as much as some of the jobs.
                let swing = 4.0 * ((m.freq_hz * t).fract() - 0.5).abs() - 1.0;
                self.changes.push((m.id, (m.middle + m.depth * swing).max(0.0)));
            }
            // A plugin that cannot play has failed in `new` already.
            let _ = self.plugin.play([left, right], &self.changes);
            self.frames += left.len();
        }
        self.plugin.idle();
        None
    }
}

/// Every plugin setup, and the full ones again under automation.
pub(crate) fn jobs() -> Vec<Job> {
    let job = |whole: Whole, automated: bool| {
        let name = if automated { format!("{}-automated", whole.name()) } else { whole.name().to_owned() };
        Job::ours(&name, move |rate_hz, block| Ok(Box::new(Bundle::new(whole, automated, rate_hz, block)?)))
    };
    let still = Whole::ALL.map(|whole| job(whole, false));
    let moved = [Whole::StripFull, Whole::BusFull].map(|whole| job(whole, true));
    still.into_iter().chain(moved).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_is_there_and_may_be_automated() {
        fn check<S: ControlTable>(controls: &Controls<S>, ids: [&str; 20]) {
            for id in ids {
                assert!(controls.find(id).unwrap().automatable, "{id}");
            }
        }
        check(&channel_strip(), STRIP_MOVES);
        check(&master_bus(), BUS_MOVES);
    }
}
