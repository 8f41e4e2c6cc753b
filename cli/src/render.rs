//! `plumb render`: files through a product's whole chain.

mod listeners;
mod places;
mod run;

use crate::args::{Product, RenderArgs};
use crate::audio_in::AudioIn;
use crate::audio_out::{AudioOut, Content};
use crate::error::{Error, Failure, warn};
use crate::parallel::in_order;
use crate::product::Chain;
use crate::progress::Progress;
use crate::settings;
use crate::sidechain::Sidechain;
use dsp_core::chain::{channel::ChannelStrip, master::MasterBus};
use listeners::{listeners, listens};
use places::{Places, places};
use run::Run;

/// Renders the files on all cores. What cannot be rendered does not keep the others from it.
pub(crate) fn run(args: &RenderArgs) -> Result<(), Failure> {
    match args.product {
        Product::ChannelStrip => render_all::<ChannelStrip>(args),
        Product::MasterBus => render_all::<MasterBus>(args),
    }
}

fn render_all<C: Chain>(args: &RenderArgs) -> Result<(), Failure> {
    let controls = C::controls();
    let settings = settings::read(&controls, args.preset.as_deref(), &args.set)?;
    let files = places(&args.inputs, &args.output)?;
    let rendered = {
        let progress = Progress::new(files.len(), args.quiet);
        in_order(&files, |file| render::<C>(args, settings, file, &progress))
    };
    let mut errors = Vec::new();
    for rendered in rendered {
        match rendered {
            Ok(warnings) => warnings.iter().for_each(|warning| warn(warning)),
            Err(error) => errors.push(error),
        }
    }
    let unheard = args.sidechain.as_deref().filter(|_| errors.is_empty() && !listens(&controls, &settings));
    if let Some(path) = unheard {
        warn(&format!("{}: warning: not heard; expected {}", path.display(), listeners(&controls)));
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure(errors)) }
}

/// Renders a file; what there is to say about it.
fn render<C: Chain>(
    args: &RenderArgs,
    settings: C::Settings,
    file: &Places,
    progress: &Progress,
) -> Result<Vec<String>, Error> {
    let mut shown = progress.file(&file.input);
    let mut input = AudioIn::open(&file.input)?;
    let (spec, sample_rate_hz) = (input.spec(), input.sample_rate_hz());
    shown.length(sample_rate_hz, input.promised());
    let sidechain = args.sidechain.as_deref().map(|path| Sidechain::open(path, &input, &file.input)).transpose()?;
    let content =
        Content { bits: args.bits, natural_bits: input.natural_bits(), channels: spec.channels, sample_rate_hz };
    let out = AudioOut::create(&file.output, content)?;
    let mut chain = C::new(settings);
    chain.prepare(spec);
    let skip = chain.latency_frames();
    let mut run = Run { chain, sidechain, out, skip };
    while let Some(channels) = input.read()? {
        run.block(channels)?;
        shown.advance(channels.first().map_or(0, Vec::len));
    }
    run.tail(spec.channels)?;
    let sidechain_warnings = run.sidechain.as_ref().map(Sidechain::warnings).unwrap_or_default();
    let mut warnings = [input.warnings(), sidechain_warnings].concat();
    drop(input); // it may be the file that is now replaced
    let clipped = run.out.finish()?;
    if clipped > 0 {
        let advice = "lower the level, or write 32f to a WAV file";
        warnings.push(format!("{}: warning: {clipped} samples clipped at full scale; {advice}", file.output.display()));
    }
    Ok(warnings)
}
