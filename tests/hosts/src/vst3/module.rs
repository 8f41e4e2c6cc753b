//! The shared library inside a VST3 bundle, and its factory.

use anyhow::{Context, Result, ensure};
use libloading::os::unix::Library;
use std::ffi::c_void;
use std::path::{Path, PathBuf};
use vst3::ComPtr;
use vst3::Steinberg::{IPluginFactory, IPluginFactoryTrait, PClassInfo, TUID, kResultOk};

/// Category of the classes that process audio.
const AUDIO_EFFECT: &str = "Audio Module Class";

/// A loaded bundle. The factory is dropped, and the library left, in that order.
pub(super) struct Module {
    factory: Option<ComPtr<IPluginFactory>>,
    library: Library,
}

/// A class of a factory.
pub(super) struct Class {
    pub(super) id: TUID,
    pub(super) name: String,
}

/// Directory of a bundle that holds this machine's library.
fn architecture() -> String {
    format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS)
}

/// The library in a bundle: named as the bundle is.
fn library_path(bundle: &Path) -> Result<PathBuf> {
    let stem = bundle.file_stem().context("a bundle without a name")?;
    let mut name = stem.to_owned();
    name.push(".so");
    Ok(bundle.join("Contents").join(architecture()).join(name))
}

/// Text from a fixed array, up to its zero.
fn text(chars: &[std::ffi::c_char]) -> String {
    let bytes: Vec<u8> = chars.iter().take_while(|c| **c != 0).map(|c| c.cast_unsigned()).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Module {
    pub(super) fn load(bundle: &Path) -> Result<Self> {
        let path = library_path(bundle)?;
        // SAFETY: runs the library's initialisers. Only bundles that the caller means to run are loaded.
        let library = unsafe { Library::new(&path) }.with_context(|| format!("loading {}", path.display()))?;
        // SAFETY: VST3 on Linux says that this is the type of the symbol.
        let enter = unsafe { library.get::<unsafe extern "system" fn(*mut c_void) -> bool>(b"ModuleEntry\0") };
        let handle = library.into_raw();
        // SAFETY: the handle was just taken out of a library, and goes back into one, once.
        let library = unsafe { Library::from_raw(handle) };
        if let Ok(enter) = enter {
            // SAFETY: called once, before everything else, with the library's own handle, as VST3 asks.
            ensure!(unsafe { enter(handle) }, "ModuleEntry failed");
        }
        // SAFETY: as above.
        let get = unsafe { library.get::<unsafe extern "system" fn() -> *mut IPluginFactory>(b"GetPluginFactory\0") }
            .context("the library exports no GetPluginFactory")?;
        // SAFETY: the factory comes with one reference, which the pointer takes over.
        let factory = unsafe { ComPtr::from_raw(get()) }.context("GetPluginFactory returned nothing")?;
        Ok(Self { factory: Some(factory), library })
    }

    pub(super) fn factory(&self) -> Result<&ComPtr<IPluginFactory>> {
        self.factory.as_ref().context("the module has been left")
    }

    /// The first class that processes audio.
    pub(super) fn audio_class(&self) -> Result<Class> {
        let factory = self.factory()?;
        // SAFETY: plain calls on a live factory; the class info is written before it is read, or is zero.
        unsafe {
            for index in 0..factory.countClasses() {
                let mut info: PClassInfo = std::mem::zeroed();
                if factory.getClassInfo(index, &raw mut info) == kResultOk && text(&info.category) == AUDIO_EFFECT {
                    return Ok(Class { id: info.cid, name: text(&info.name) });
                }
            }
        }
        anyhow::bail!("the factory lists no audio effect")
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        self.factory = None;
        // SAFETY: the type is what VST3 says it is, and everything from the module has been dropped.
        unsafe {
            if let Ok(exit) = self.library.get::<unsafe extern "system" fn() -> bool>(b"ModuleExit\0") {
                exit();
            }
        }
    }
}
