//! `plumb render`: runs files through a product's whole chain.

mod jobs;
mod run;
mod sidechain_use;

use crate::args::{Product, RenderArgs};
use crate::audio_in::AudioIn;
use crate::audio_out::{AudioOut, Content};
use crate::error::{Error, Failure, warn};
use crate::parallel::in_order;
use crate::progress::Progress;
use crate::settings;
use crate::sidechain::Sidechain;
use dsp_core::chain::{channel::ChannelStrip, master::MasterBus};
use jobs::{Job, jobs};
use plumb_controls::Controlled;
use run::Run;
use sidechain_use::uses_sidechain;

/// Renders the files on all cores. A file that fails does not stop the others.
pub(crate) fn run(args: &RenderArgs) -> Result<(), Failure> {
    match args.product {
        Product::ChannelStrip => render_all::<ChannelStrip>(args),
        Product::MasterBus => render_all::<MasterBus>(args),
    }
}

fn render_all<C: Controlled>(args: &RenderArgs) -> Result<(), Failure> {
    let controls = C::controls();
    let settings = settings::read(&controls, args.preset.as_deref(), &args.set)?;
    let jobs = jobs(&args.inputs, &args.output)?;
    let rendered = {
        let progress = Progress::new(jobs.len(), args.quiet);
        in_order(&jobs, |job| render::<C>(args, settings, job, &progress))
    };
    let mut errors = Vec::new();
    for rendered in rendered {
        match rendered {
            Ok(warnings) => warnings.iter().for_each(|warning| warn(warning)),
            Err(error) => errors.push(error),
        }
    }
    let unused = args.sidechain.as_deref().filter(|_| errors.is_empty() && !uses_sidechain(&controls, &settings));
    if let Some(path) = unused {
        let advice = sidechain_use::advice(&controls);
        warn(&format!("{}: warning: no setting uses the sidechain; expected {advice}", path.display()));
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure(errors)) }
}

/// Renders a file; returns warnings.
fn render<C: Controlled>(
    args: &RenderArgs,
    settings: C::Settings,
    job: &Job,
    progress: &Progress,
) -> Result<Vec<String>, Error> {
    let mut file_progress = progress.file(&job.input);
    let mut input = AudioIn::open(&job.input)?;
    let (spec, sample_rate_hz) = (input.spec(), input.sample_rate_hz());
    file_progress.length(sample_rate_hz, input.expected_frames());
    let sidechain = args.sidechain.as_deref().map(|path| Sidechain::open(path, &input, &job.input)).transpose()?;
    let content =
        Content { bits: args.bits, natural_bits: input.natural_bits(), channels: spec.channels, sample_rate_hz };
    let out = AudioOut::create(&job.output, content)?;
    let mut chain = C::new(settings);
    chain.prepare(spec);
    let skip = chain.latency_frames();
    let mut run = Run { chain, sidechain, out, skip };
    while let Some(channels) = input.read()? {
        run.block(channels)?;
        file_progress.advance(channels.first().map_or(0, Vec::len));
    }
    run.tail(spec.channels)?;
    let sidechain_warnings = run.sidechain.as_ref().map(Sidechain::warnings).unwrap_or_default();
    let mut warnings = [input.warnings(), sidechain_warnings].concat();
    drop(input); // the output may replace it
    let clipped = run.out.finish()?;
    if clipped > 0 {
        let advice = "lower the level or write a 32f WAV";
        warnings.push(format!("{}: warning: {clipped} samples clipped at full scale; {advice}", job.output.display()));
    }
    Ok(warnings)
}
