//! `plumb render`: a file through a product's whole chain.

use crate::args::{Product, RenderArgs};
use crate::audio_in::{AudioIn, BLOCK_FRAMES};
use crate::error::{Error, warn};
use crate::product::Chain;
use crate::settings;
use crate::sidechain::Sidechain;
use crate::wav_out::WavOut;
use dsp_core::Choice;
use dsp_core::chain::{channel::ChannelStrip, master::MasterBus};
use dsp_core::dynamics::key::Key;
use dsp_core::eq::dynamic::Source;
use dsp_core::flush::FlushGuard;
use plumb_controls::{Control, Controls};

/// Renders a file.
pub(crate) fn run(args: &RenderArgs) -> Result<(), Error> {
    match args.product {
        Product::ChannelStrip => render::<ChannelStrip>(args),
        Product::MasterBus => render::<MasterBus>(args),
    }
}

fn render<C: Chain>(args: &RenderArgs) -> Result<(), Error> {
    let controls = C::controls();
    let settings = settings::read(&controls, args.preset.as_deref(), &args.set)?;
    let mut input = AudioIn::open(&args.input)?;
    let sidechain = args.sidechain.as_deref().map(|path| Sidechain::open(path, &input, &args.input)).transpose()?;
    let unheard = args.sidechain.as_deref().filter(|_| !listens(&controls, &settings));
    let bits = args.bits.unwrap_or(input.natural_bits());
    let out = WavOut::create(&args.output, bits, input.spec().channels, input.sample_rate_hz())?;
    let mut chain = C::new(settings);
    chain.prepare(input.spec());
    let skip = chain.latency_frames();
    let mut run = Run { chain, sidechain, out, skip };
    while let Some(channels) = input.read()? {
        run.block(channels)?;
    }
    run.tail(input.spec().channels)?;
    let sidechain_warnings = run.sidechain.as_ref().map(Sidechain::warnings).unwrap_or_default();
    let warnings = [input.warnings(), sidechain_warnings].concat();
    drop(input); // it may be the file that is now replaced
    let clipped = run.out.finish()?;
    warnings.iter().for_each(|warning| warn(warning));
    if let Some(path) = unheard {
        warn(&format!("{}: warning: not heard; expected {}", path.display(), listeners(&controls)));
    }
    if clipped > 0 {
        let advice = "lower the level, or use --bits 32f";
        warn(&format!("{}: warning: {clipped} samples clipped at full scale; {advice}", args.output.display()));
    }
    Ok(())
}

/// Whether any control is set to listen to the sidechain.
fn listens<S>(controls: &Controls<S>, settings: &S) -> bool {
    let listens = |control: &Control<S>| sidechain_place(control).is_some_and(|place| control.get(settings) == place);
    controls.list().iter().any(listens)
}

/// The value at which a control listens to the sidechain; `None` for one that never does.
fn sidechain_place<S>(control: &Control<S>) -> Option<f64> {
    let place = match control.choices() {
        texts if texts == Key::TEXTS => Key::External.index(),
        texts if texts == Source::TEXTS => Source::Sidechain.index(),
        _ => return None,
    };
    Some(place as f64)
}

/// What would listen to the sidechain, as advice.
fn listeners<S>(controls: &Controls<S>) -> String {
    let keys = controls.list().iter().filter(|control| control.choices() == Key::TEXTS);
    let keys = keys.map(|control| format!("{} to be {}, or ", control.id, Key::TEXTS[Key::External.index()]));
    format!("{}a band's dyn_source to be {}", keys.collect::<String>(), Source::TEXTS[Source::Sidechain.index()])
}

/// A chain between its files.
struct Run<C> {
    chain: C,
    sidechain: Option<Sidechain>,
    out: WavOut,
    /// Frames of the chain's delay that have not come out yet.
    skip: usize,
}

impl<C: Chain> Run<C> {
    /// Processes channels of any length in place and writes what comes out.
    fn block(&mut self, channels: &mut [Vec<f32>]) -> Result<(), Error> {
        let frames = channels.first().map_or(0, Vec::len);
        for at in (0..frames).step_by(BLOCK_FRAMES) {
            let end = frames.min(at + BLOCK_FRAMES);
            let mut block: Vec<&mut [f32]> = channels.iter_mut().map(|channel| &mut channel[at..end]).collect();
            let key = self.sidechain.as_mut().map(|sidechain| sidechain.next(end - at)).transpose()?;
            {
                let _flush = FlushGuard::new();
                self.chain.process(&mut block, key);
            }
            let skip = self.skip.min(end - at);
            self.skip -= skip;
            let out: Vec<&[f32]> = block.iter().map(|channel| &channel[skip..]).collect();
            self.out.write(&out)?;
        }
        Ok(())
    }

    /// Feeds silence until the last frame of the input has come out.
    fn tail(&mut self, channels: usize) -> Result<(), Error> {
        let frames = self.chain.latency_frames();
        self.block(&mut vec![vec![0.0; frames]; channels])
    }
}
