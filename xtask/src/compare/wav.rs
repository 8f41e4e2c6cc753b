//! 32-bit float WAV files, written and read without the product's code.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;

/// Writes stereo frames.
pub(super) fn write(path: &Path, frames: &[[f64; 2]], rate_hz: u32) -> Result<()> {
    let data_bytes = u32::try_from(frames.len() * 8)?;
    let mut file = Vec::with_capacity(44 + frames.len() * 8);
    file.extend(b"RIFF");
    file.extend((36 + data_bytes).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // Float, two channels.
    file.extend([3, 0, 2, 0]);
    file.extend(rate_hz.to_le_bytes());
    file.extend((rate_hz * 8).to_le_bytes());
    file.extend([8, 0, 32, 0]);
    file.extend(b"data");
    file.extend(data_bytes.to_le_bytes());
    for x in frames.iter().flatten() {
        file.extend((*x as f32).to_le_bytes());
    }
    fs::write(path, file).with_context(|| format!("writing {}", path.display()))
}

/// Reads the samples, interleaved.
pub(super) fn read(path: &Path) -> Result<Vec<f32>> {
    let file = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let mut rest = file.get(12..).context("no WAV file")?;
    let mut is_float = false;
    while let Some((header, after)) = rest.split_at_checked(8) {
        let length = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
        let body = &after[..length.min(after.len())];
        match &header[..4] {
            // Plain float, or extensible, whose first two bytes of the format's GUID say so.
            b"fmt " => is_float = body.starts_with(&[3, 0]) || body.get(24..26) == Some(&[3, 0]),
            b"data" => {
                ensure!(is_float, "{} is not of 32-bit float", path.display());
                return Ok(body.chunks_exact(4).map(|x| f32::from_le_bytes([x[0], x[1], x[2], x[3]])).collect());
            }
            _ => {}
        }
        rest = after.get(length + length % 2..).unwrap_or_default();
    }
    anyhow::bail!("{} holds no samples", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let path = std::env::temp_dir().join(format!("plumb-wav-{}.wav", std::process::id()));
        write(&path, &[[0.5, -0.25], [1e-20, 3.0]], 48_000).expect("written");
        let samples = read(&path).expect("read");
        fs::remove_file(&path).expect("removed");
        assert_eq!(samples, [0.5, -0.25, 1e-20, 3.0]);
    }
}
