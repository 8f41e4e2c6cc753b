//! `cargo xtask bundle`: release builds of both plugins as CLAP and VST3 bundles.

use crate::run::{cargo, run};
use anyhow::{Result, ensure};
use plumb_hosts::bundles::{Format, Product, directory, target_directory};

/// Builds and bundles both plugins into `target/bundled`.
pub(crate) fn bundle() -> Result<()> {
    let packages = Product::ALL.map(Product::package);
    let mut build = cargo();
    build.args(["build", "--release"]);
    for package in packages {
        build.args(["--package", package]);
    }
    run(&mut build)?;
    for package in packages {
        nice_plug_xtask::bundle(&target_directory(), package, &["--release".to_owned()], false)?;
    }
    for product in Product::ALL {
        for format in Format::ALL {
            let path = target_directory().join("bundled").join(product.file_name(format));
            ensure!(path.exists(), "{} was not made; {} was expected", path.display(), directory().display());
        }
    }
    Ok(())
}
