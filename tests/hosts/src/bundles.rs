//! Where the bundles are: what was built last, or what `PLUMB_BUNDLES` names.

use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// One of the two plugins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// Plumb Channel Strip.
    ChannelStrip,
    /// Plumb Master Bus.
    MasterBus,
}

/// A plugin format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CLAP: one file.
    Clap,
    /// VST3: a directory.
    Vst3,
}

impl Product {
    /// Both.
    pub const ALL: [Self; 2] = [Self::ChannelStrip, Self::MasterBus];

    /// The name of its bundles, as in `bundler.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ChannelStrip => "Plumb Channel Strip",
            Self::MasterBus => "Plumb Master Bus",
        }
    }

    /// The package it is built from.
    #[must_use]
    pub fn package(self) -> &'static str {
        match self {
            Self::ChannelStrip => "plumb-channel-strip",
            Self::MasterBus => "plumb-master-bus",
        }
    }

    /// Its permanent CLAP id.
    #[must_use]
    pub fn clap_id(self) -> &'static str {
        match self {
            Self::ChannelStrip => "org.plumb-audio.channel-strip",
            Self::MasterBus => "org.plumb-audio.master-bus",
        }
    }

    /// File name of its bundle.
    #[must_use]
    pub fn file_name(self, format: Format) -> String {
        format!("{}.{}", self.name(), format.extension())
    }

    /// The built bundle.
    ///
    /// # Errors
    /// It has not been built; the message says how to.
    pub fn built(self, format: Format) -> Result<PathBuf> {
        let path = directory().join(self.file_name(format));
        if !path.exists() {
            bail!(
                "{} is missing: build it with `cargo xtask bundle`, or name its directory in PLUMB_BUNDLES",
                path.display()
            );
        }
        Ok(path)
    }
}

impl Format {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Clap, Self::Vst3];

    /// Extension of a bundle's name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Clap => "clap",
            Self::Vst3 => "vst3",
        }
    }

    /// The format that a bundle's name says it has.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        Self::ALL.into_iter().find(|format| path.extension().is_some_and(|extension| extension == format.extension()))
    }
}

/// The workspace's root.
#[must_use]
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package).to_owned()
}

/// Where cargo puts what it builds.
#[must_use]
pub fn target_directory() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), |dir| workspace().join(dir))
}

/// Where the bundles to test are.
#[must_use]
pub fn directory() -> PathBuf {
    std::env::var_os("PLUMB_BUNDLES").map_or_else(|| target_directory().join("bundled"), PathBuf::from)
}
