//! `docs/measurements/speed.md` and its pictures.

use crate::bars::{self, Bar};
use crate::report::Report;
use crate::turns::Figure;
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

/// Width of the text, in characters.
const COLUMNS: usize = 120;

const INTRODUCTION: &str = "CPU time per stereo frame, in ns of one core. Everything plays the same programme: bursts of pink noise over a \
     tone, never silent, so that gates open and close, compressors move and limiters limit. All units take turns on it \
     in one process, 2.56 s at a time; the table lists the minimum over all turns and, in brackets, the median. The \
     nanoseconds are those of one machine (x86-64 with AVX2, virtual, shared); compare the ratios: to eight plain \
     cookbook biquads in 64 bit, timed in the same turns, median over all turns. Modules run on 64-bit frames, \
     including a copy of them; chains on a host's 32-bit channels; plugins as CLAP bundles in an embedded host, \
     including its own work per block, without an open editor.";

const REPEAT: &str = "`cargo xtask bench --page` measures all of this and writes this page. `cargo xtask bench` prints our rows, \
     `--session` and `--peers` add theirs, `--json` prints a line per figure, `--quick` and `--only TEXT` shorten the \
     run. The peers are Debian packages: `apt-get install lsp-plugins-lv2 x42-plugins zam-plugins calf-plugins swh-lv2 \
     mda-lv2 liblilv-dev lv2-dev libebur128-dev pkg-config gcc make`; missing ones are listed as skipped. Their \
     settings are in `benches/peers/jobs.txt`, ours in `benches/src/settings.rs`.";

struct Page {
    text: String,
    pictures: Vec<(&'static str, Vec<u8>)>,
}

impl Page {
    fn part(&mut self, title: &str) {
        self.text += &format!("\n## {title}\n");
    }

    fn say(&mut self, paragraph: &str) {
        let mut column = COLUMNS;
        for word in paragraph.split_whitespace() {
            let length = word.chars().count();
            if column + 1 + length > COLUMNS {
                self.text.push('\n');
                column = 0;
            } else {
                self.text.push(' ');
                column += 1;
            }
            self.text += word;
            column += length;
        }
        self.text.push('\n');
    }

    fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        self.text += &format!("\n| {} |\n|{}\n", head.join(" | "), "--|".repeat(head.len()));
        for row in rows {
            // Writing to a string cannot fail.
            let _ = writeln!(self.text, "| {} |", row.join(" | "));
        }
    }

    fn bars(&mut self, name: &'static str, title: &str, bars: &[Bar], end: f64) -> Result<()> {
        self.pictures.push((name, bars::png(title, bars, end).with_context(|| format!("drawing {name}"))?));
        self.text += &format!("\n![{title}](speed/{name}.png)\n");
        Ok(())
    }
}

/// Writes the page.
pub(crate) fn write(report: &Report) -> Result<()> {
    let mut page = Page { text: "# Speed\n".to_owned(), pictures: Vec::new() };
    page.say(INTRODUCTION);
    page.part("Targets");
    let rows = report.rows.iter().map(|r| {
        let met = if r.is_kept() { "yes" } else { "**no**" };
        vec![r.what.clone(), format!("{:.2} {}", r.measured, r.unit), format!("{} {}", r.most, r.unit), met.to_owned()]
    });
    page.table(&["at 48 kHz", "measured", "at most", "met"], &rows.collect::<Vec<_>>());
    wholes(&mut page, report)?;
    page.part("Every module and both plugins");
    figures(&mut page, &report.figures);
    peers(&mut page, report)?;
    page.part("The worst block");
    page.say(
        "Blocks of 64 frames at 48 kHz, in µs. Every block of 5 s of programme is timed on its own in nine passes and \
         its minimum kept: interruptions by the machine hit other blocks in each pass.",
    );
    let spreads = report.spreads.iter().map(|s| {
        let us = |us: f64| format!("{us:.2}");
        vec![s.job.clone(), us(s.mean_us), us(s.p999_us), us(s.max_us), us(s.ratio())]
    });
    page.table(&["", "mean", "p99.9", "maximum", "p99.9 / mean"], &spreads.collect::<Vec<_>>());
    session(&mut page, report);
    page.part("How to repeat it");
    page.say(REPEAT);
    keep(&page)
}

fn wholes(page: &mut Page, report: &Report) -> Result<()> {
    let bars: Vec<Bar> = (report.rows.iter().filter(|row| row.unit == "ns"))
        .map(|row| Bar { name: row.what.clone(), value: row.measured, is_ours: true, most: Some(row.most) })
        .collect();
    let end = bars.iter().map(|bar| bar.value.max(bar.most.unwrap_or(0.0))).fold(1.0, f64::max) * 1.05;
    page.bars("plugins", "ns per frame of whole plugins; the line is the target", &bars, end)
}

/// A table of jobs, with a column per sample rate and block size.
fn figures(page: &mut Page, figures: &[Figure]) {
    let columns: Vec<(u32, usize)> =
        BTreeSet::from_iter(figures.iter().map(|f| (f.rate_hz as u32, f.block))).into_iter().collect();
    let mut head = vec!["job".to_owned(), "unit".to_owned()];
    head.extend(columns.iter().map(|(rate, block)| format!("{}k/{block}", rate / 1000)));
    head.push("ratio".to_owned());
    let mut names: Vec<(&str, &str)> = Vec::new();
    for figure in figures {
        if !names.contains(&(&figure.job, &figure.unit)) {
            names.push((&figure.job, &figure.unit));
        }
    }
    let row = |(job, unit): &(&str, &str)| {
        let of = |(rate, block): &(u32, usize)| {
            figures
                .iter()
                .find(|f| (f.job.as_str(), f.unit.as_str(), f.rate_hz as u32, f.block) == (*job, *unit, *rate, *block))
        };
        let cell = |column| of(column).map_or_else(String::new, |f| format!("{:.1} ({:.1})", f.ns_min, f.ns_median));
        let ratio = of(&(48_000, 512)).map_or_else(String::new, |f| format!("{:.2}", f.ratio_to_ref));
        let mut row = vec![(*job).to_owned(), (*unit).to_owned()];
        row.extend(columns.iter().map(cell));
        row.push(ratio);
        row
    };
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    page.table(&head, &names.iter().map(row).collect::<Vec<_>>());
}

fn peers(page: &mut Page, report: &Report) -> Result<()> {
    if report.peers.is_empty() {
        return Ok(());
    }
    page.part("Next to the peers");
    page.say(
        "Open-source peers do the same work with the same settings, as far as they can, in the same process and turns; \
         our rows include conversion from 32 to 64 bit and back. Units named `floor` do only the arithmetic of a job, \
         written for this machine: the cost when nothing may move.",
    );
    figures(page, &report.peers);
    const SHOWN: [(&str, &str, &str); 6] = [
        ("eq8", "eq8", "ns per frame: eight bands of equaliser, blocks of 64"),
        ("compressor", "compressor", "ns per frame: compressor, blocks of 64"),
        ("gate", "gate", "ns per frame: gate, blocks of 64"),
        ("multiband4", "multiband4", "ns per frame: compressor of four bands, blocks of 64"),
        ("limiter-tp", "limiter", "ns per frame: limiter with true peak, blocks of 64"),
        ("meter-full", "meters", "ns per frame: loudness and true peak, blocks of 64"),
    ];
    for (job, name, title) in SHOWN {
        let of = |f: &&Figure| f.block == 64 && f.unit != "yardstick" && (f.job == job || is_ours_beside(&f.job, job));
        let mut bars: Vec<Bar> = report
            .peers
            .iter()
            .filter(of)
            .map(|f| {
                let is_ours = f.unit == "plumb";
                let name = if is_ours { format!("plumb {}", f.job) } else { f.unit.clone() };
                Bar { name, value: f.ns_min, is_ours, most: None }
            })
            .collect();
        bars.sort_by(|a, b| a.value.total_cmp(&b.value));
        bars.dedup_by(|a, b| a.name == b.name);
        let end = bars.iter().map(|bar| bar.value).fold(1.0, f64::max) * 1.02;
        page.bars(name, title, &bars, end)?;
    }
    Ok(())
}

/// Whether one of our jobs belongs to a peers' job of another name.
fn is_ours_beside(name: &str, job: &str) -> bool {
    matches!((name, job), ("eq8-linear-8k", "eq8") | ("compressor-rms", "compressor"))
}

fn session(page: &mut Page, report: &Report) {
    let Some((opening, played)) = &report.session else { return };
    page.part("A session");
    page.say(
        "200 strips (gate, equaliser, compressor, meters) and a bus with everything on, in one process, 64 frames at \
         48 kHz, each strip on another part of the programme: three passes of 10 s. Loads are relative to the 1333 µs \
         of a cycle. The minimum of the passes is the cost of the work; all passes include interruptions by the \
         machine, wall-clock time also other programs.",
    );
    let rows = played.iter().flat_map(|p| p.ways().map(|(name, l)| (p.cores, name, l))).map(|(cores, name, l)| {
        let pct = |share: f64| format!("{:.1} %", 100.0 * share);
        vec![
            cores.to_string(),
            name.to_owned(),
            pct(l.mean),
            pct(l.p999),
            pct(l.max),
            format!("{} of {}", l.late, l.cycles),
        ]
    });
    let head = ["cores", "", "mean", "p99.9", "maximum", "late"];
    page.table(&head, &rows.collect::<Vec<_>>());
    page.say(&format!(
        "Opening the 200 strips takes {:.0} ms: create, load the state, activate, first block. A strip takes {:.2} ms \
         (median {:.2} ms), a bus {:.2} ms (median {:.2} ms).",
        opening.all_ms, opening.strip_ms[0], opening.strip_ms[1], opening.bus_ms[0], opening.bus_ms[1]
    ));
}

fn keep(page: &Page) -> Result<()> {
    let directory = plumb_hosts::bundles::workspace().join("docs").join("measurements");
    let pictures: PathBuf = directory.join("speed");
    fs::create_dir_all(&pictures).with_context(|| format!("making {}", pictures.display()))?;
    for (name, png) in &page.pictures {
        fs::write(pictures.join(format!("{name}.png")), png).with_context(|| format!("writing {name}"))?;
    }
    fs::write(directory.join("speed.md"), &page.text).context("writing speed.md")
}
