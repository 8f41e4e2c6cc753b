"""The VST3 bundles in pedalboard, a host built on JUCE as many DAWs are."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy

import common
from common import BUS, RATE_HZ, STRIP, load, noise, peak_db, rms_db, true_peak_db

#: Everything on and active, by pedalboard's names.
BUSY = {
    STRIP: {"comp_on": True, "comp_threshold_db": -30.0, "gate_on": True, "low_cut_on": True, "lf_gain_db": 6.0},
    BUS: {"comp_on": True, "comp_threshold_db": -30.0, "band_1_gain_db": 6.0, "limiter_drive_db": 9.0},
}


def busy(name):
    """An instance with everything on."""
    plugin = load(name)
    for control, value in BUSY[name].items():
        setattr(plugin, control, value)
    return plugin


class Loading(unittest.TestCase):
    def test_both_load_with_their_parameters(self):
        for name, at_least in [(STRIP, 45), (BUS, 50)]:
            plugin = load(name)
            self.assertEqual(plugin.name, name)
            self.assertTrue(plugin.is_effect)
            self.assertGreaterEqual(len(plugin.parameters), at_least)

    def test_parameters_have_user_units_and_ranges(self):
        for name, control, unit, bounds in [
            (STRIP, "comp_threshold_db", "dB", (-60.0, 0.0)),
            (STRIP, "low_cut_freq_hz", "Hz", (10.0, 2000.0)),
            (STRIP, "comp_release_ms", "ms", (10.0, 3000.0)),
            (BUS, "limiter_drive_db", "dB", (0.0, 30.0)),
            (BUS, "band_1_freq_hz", "Hz", (10.0, 30000.0)),
        ]:
            parameter = load(name).parameters[control]
            self.assertEqual(parameter.label.strip(), unit, control)
            self.assertEqual(parameter.range[:2], bounds, control)

    def test_twenty_instances(self):
        audio = noise(0.2)
        plugins = [load([STRIP, BUS][n % 2]) for n in range(20)]
        outputs = [plugin.process(audio, RATE_HZ) for plugin in plugins]
        for n, output in enumerate(outputs):
            numpy.testing.assert_array_equal(output, outputs[n % 2])


class Sound(unittest.TestCase):
    def test_a_new_plugin_changes_no_bit_below_the_ceiling(self):
        # The true peak of −12 dBFS noise is far below the ceiling.
        audio = noise(2.0)
        for name in (STRIP, BUS):
            numpy.testing.assert_array_equal(load(name).process(audio, RATE_HZ), audio, name)

    def test_a_new_mono_plugin_changes_no_bit_below_the_ceiling(self):
        # In a process of its own: JUCE passes a deactivated sidechain without buffers, which may crash a plugin.
        code = (
            "import sys, numpy, common; audio = common.noise(1.0, channels=1);"
            "numpy.testing.assert_array_equal(common.load(sys.argv[1]).process(audio, common.RATE_HZ), audio)"
        )
        for name in (STRIP, BUS):
            done = subprocess.run(
                [sys.executable, "-c", code, name], cwd=pathlib.Path(__file__).parent, capture_output=True, text=True
            )
            self.assertEqual(done.returncode, 0, f"{name}: {done.stderr[-500:]}")

    def test_the_reported_latency_compensates_the_delay(self):
        bus = load(BUS)
        bus.process(noise(0.1), RATE_HZ)
        self.assertGreater(bus.reported_latency_samples, 0)
        click = numpy.zeros((2, RATE_HZ), numpy.float32)
        click[:, 24_000] = 0.5
        self.assertEqual(numpy.abs(bus.process(click, RATE_HZ)).argmax() % RATE_HZ, 24_000)

    def test_block_size_changes_no_bit(self):
        audio = noise(0.5, level_db=-3.0)
        for name in (STRIP, BUS):
            expected = busy(name).process(audio, RATE_HZ, buffer_size=512)
            for size in (1, 7, 64, 8192):
                output = busy(name).process(audio, RATE_HZ, buffer_size=size)
                numpy.testing.assert_array_equal(output, expected, f"{name} in blocks of {size}")

    def test_bypass_equals_the_input(self):
        audio = noise(1.0, level_db=0.0)
        for name in (STRIP, BUS):
            plugin = busy(name)
            plugin.bypass = True
            # The first call adopts the value, with its crossfade.
            plugin.process(audio, RATE_HZ)
            numpy.testing.assert_array_equal(plugin.process(audio, RATE_HZ), audio, name)

    def test_gain_is_exact(self):
        strip = load(STRIP)
        strip.output_gain_db = -6.0
        audio = noise(2.0)
        output = strip.process(audio, RATE_HZ)
        # After the 20 ms ramp from the default.
        self.assertAlmostEqual(rms_db(output[:, 4800:]) - rms_db(audio[:, 4800:]), -6.0, delta=1e-3)

    def test_a_session_restores(self):
        audio = noise(0.5, level_db=-3.0)
        for name in (STRIP, BUS):
            first, second = busy(name), load(name)
            # VST3 plugins adopt parameters with the next block; JUCE does not send one by itself.
            first.process(audio, RATE_HZ)
            second.raw_state = first.raw_state
            for control, parameter in first.parameters.items():
                self.assertEqual(second.parameters[control].raw_value, parameter.raw_value, control)
            # After a restart both begin at the settings, without ramps.
            second.process(audio, RATE_HZ)
            numpy.testing.assert_array_equal(second.process(audio, RATE_HZ), first.process(audio, RATE_HZ), name)

    def test_broken_sessions_are_harmless(self):
        audio = noise(0.5)
        for name in (STRIP, BUS):
            for broken in (b"", b"\0" * 64, b"\xff" * 64, load(name).raw_state[:50]):
                plugin = load(name)
                try:
                    plugin.raw_state = broken
                except Exception:  # pedalboard may reject it itself
                    pass
                numpy.testing.assert_array_equal(plugin.process(audio, RATE_HZ), audio, f"{name}: {broken[:8]}")

    def test_non_finite_input_decays(self):
        audio = noise(3.0, level_db=-12.0)
        for name in (STRIP, BUS):
            clean = busy(name).process(audio, RATE_HZ)
            for poison in (numpy.nan, numpy.inf, -numpy.inf, 1e10, 1e-40):
                poisoned = audio.copy()
                poisoned[:, 4800:9600] = poison
                output = busy(name).process(poisoned, RATE_HZ)
                self.assertTrue(numpy.isfinite(output).all(), f"{name} after {poison}")
                later = slice(2 * RATE_HZ, 3 * RATE_HZ)
                # 1 dB: the rest of slow releases.
                self.assertAlmostEqual(rms_db(output[:, later]), rms_db(clean[:, later]), delta=1.0)

    def test_other_rates(self):
        for rate_hz in (8_000, 44_100, 96_000, 192_000):
            audio = noise(0.5)
            for name in (STRIP, BUS):
                numpy.testing.assert_array_equal(load(name).process(audio, rate_hz), audio, f"{name}, {rate_hz} Hz")


class Music(unittest.TestCase):
    def test_music_passes_and_is_processed(self):
        audio, rate_hz = common.song()
        for name in (STRIP, BUS):
            output = busy(name).process(audio, rate_hz)
            self.assertEqual(output.shape, audio.shape)
            self.assertTrue(numpy.isfinite(output).all())
            self.assertGreater(rms_db(output - audio), rms_db(audio) - 40, f"{name} did nothing")
            self.assertLess(abs(rms_db(output) - rms_db(audio)), 20.0, name)

    def test_the_driven_bus_holds_its_true_peak_ceiling(self):
        for path in common.songs()[:4]:
            with common.AudioFile(str(path)) as file:
                audio, rate_hz = file.read(15 * int(file.samplerate)), int(file.samplerate)
            bus = load(BUS)
            bus.limiter_drive_db = 12.0
            output = bus.process(audio, rate_hz)
            # 0.2 dB: the error of oversampled detection against ideal interpolation.
            self.assertLess(true_peak_db(output), -1.0 + 0.2, path.name)

    def test_the_command_line_renders_identically(self):
        audio, rate_hz = common.song(6.0)
        settings = {
            STRIP: ("channel-strip", {"comp_on": True, "comp_threshold_db": -30.0, "low_cut_on": True, "output_gain_db": 3.0}),
            BUS: ("master-bus", {"comp_on": True, "comp_threshold_db": -30.0, "limiter_drive_db": 9.0}),
        }
        with tempfile.TemporaryDirectory() as directory:
            before, after = pathlib.Path(directory, "in.wav"), pathlib.Path(directory, "out.wav")
            common.write(before, audio, rate_hz)
            for name, (product, values) in settings.items():
                arguments = [f"{control}={'On' if value is True else value}" for control, value in values.items()]
                sets = [part for argument in arguments for part in ("--set", argument)]
                common.plumb("render", product, before, after, "--bits", "32f", *sets)
                expected, _ = common.read(after)
                plugin = load(name)
                for control, value in values.items():
                    setattr(plugin, control, value)
                # The first call adopts the values; the second begins with them, as the file did.
                plugin.process(audio, rate_hz)
                output = plugin.process(audio, rate_hz)
                self.assertEqual(output.shape, expected.shape)
                # −120 dB: below 20 bits. The same code ran; only the border to 32 bits could differ.
                self.assertLess(peak_db(output - expected), -120.0, name)


if __name__ == "__main__":
    unittest.main()
