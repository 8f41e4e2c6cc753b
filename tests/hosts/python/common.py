"""Shared by the Python tests: the built VST3 bundles, music, and measurements in numpy."""

import os
import pathlib
import subprocess
import unittest

import numpy
import pedalboard
from pedalboard.io import AudioFile

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUNDLES = pathlib.Path(os.environ.get("PLUMB_BUNDLES", ROOT / "target" / "bundled")).resolve()
STRIP, BUS = "Plumb Channel Strip", "Plumb Master Bus"
RATE_HZ = 48_000


def bundle(name):
    """Path of a VST3 bundle; raises an error if it is not built."""
    path = BUNDLES / f"{name}.vst3"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: build it with `cargo xtask bundle`")
    return path


def load(name):
    """A new instance of a bundle."""
    return pedalboard.load_plugin(str(bundle(name)))


def noise(seconds, level_db=-12.0, channels=2, seed=1):
    """Reproducible white noise."""
    random = numpy.random.default_rng(seed)
    return (random.uniform(-1, 1, (channels, int(seconds * RATE_HZ))) * 10 ** (level_db / 20)).astype(numpy.float32)


def songs():
    """Real music, or the reason to skip."""
    directory = os.environ.get("PLUMB_MUSIC")
    files = sorted(pathlib.Path(directory).rglob("*.ogg")) if directory else []
    if not files:
        raise unittest.SkipTest("no music: Debian's singularity-music could not be had")
    return files


def song(seconds=10.0, start_s=30.0):
    """A stereo stretch of the first song, at its own rate."""
    with AudioFile(str(songs()[0])) as file:
        file.seek(int(min(start_s, file.duration / 2) * file.samplerate))
        audio = file.read(int(seconds * file.samplerate))
        return (audio if len(audio) == 2 else numpy.repeat(audio[:1], 2, 0)), int(file.samplerate)


def write(path, audio, rate_hz):
    """Writes a 32-bit float WAV file."""
    with AudioFile(str(path), "w", rate_hz, num_channels=len(audio), bit_depth=32) as file:
        file.write(audio)


def read(path):
    """Reads an audio file: samples and rate."""
    with AudioFile(str(path)) as file:
        return file.read(file.frames), int(file.samplerate)


def decibels(linear):
    """Level of a linear value."""
    return 20 * numpy.log10(max(float(linear), 1e-300))


def rms_db(audio):
    """Level of a signal."""
    return decibels(numpy.sqrt(numpy.mean(numpy.square(audio.astype(numpy.float64)))))


def peak_db(audio):
    """Largest sample."""
    return decibels(numpy.abs(audio).max())


def true_peak_db(audio, factor=32, chunk=1 << 15, context=4096):
    """Largest value between the samples, by FFT interpolation; ignores the first and last 4096 frames."""
    peak, length = 0.0, chunk + 2 * context
    for channel in audio.astype(numpy.float64):
        for start in range(context, len(channel) - context, chunk):
            piece = channel[start - context : start + chunk + context]
            piece = numpy.pad(piece, (0, length - len(piece)))
            wide = numpy.fft.irfft(numpy.fft.rfft(piece), length * factor) * factor
            end = min(start + chunk, len(channel) - context)
            peak = max(peak, numpy.abs(wide[context * factor : (context + end - start) * factor]).max())
    return decibels(peak)


def plumb(*arguments):
    """Runs the command-line tool; skips if it is not built."""
    directory = os.environ.get("PLUMB_CLI")
    tool = pathlib.Path(directory or ROOT / "target" / "release") / "plumb"
    if not tool.exists():
        raise unittest.SkipTest(f"{tool} has not been built")
    return subprocess.run([tool, *map(str, arguments)], check=True, capture_output=True, text=True)
