"""The VST3 bundles in a whole DAW: Ardour makes a session with both, without a window, and exports it."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import numpy

from common import BUS, STRIP, bundle, peak_db, read, rms_db, true_peak_db

LIBRARIES = pathlib.Path("/usr/lib/ardour7")
SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "ardour" / "session.lua"
#: Time limit of a step, in seconds; 2 to 10 are usual.
PATIENCE_S = 180


@unittest.skipUnless(shutil.which("ardour7-lua") and shutil.which("ardour7-export"), "Ardour 7 is not installed")
class Ardour(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory()
        home = pathlib.Path(cls.home.name)
        # A home of its own protects the user's sessions, settings and plugin list. No display.
        cls.environment = {**os.environ, "HOME": str(home)}
        for name in ("DISPLAY", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            cls.environment.pop(name, None)
        cls.ids = {}
        for name in (STRIP, BUS):
            place = home / ".vst3" / f"{name}.vst3"
            shutil.copytree(bundle(name), place)
            # Ardour considers a scan stale if the plugin was modified within the same second.
            old = time.time() - 3600
            for path in [place, *place.rglob("*")]:
                os.utime(path, (old, old))
            cls.ids[name] = cls.scan(place)

    @classmethod
    def tearDownClass(cls):
        cls.home.cleanup()

    @classmethod
    def run_step(cls, *command, **environment):
        done = subprocess.run(
            [str(part) for part in command],
            env={**cls.environment, **environment},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        return done.returncode, done.stdout + done.stderr

    @classmethod
    def scan(cls, place):
        """Scans a bundle with Ardour's scanner; returns the id it finds."""
        _, said = cls.run_step(LIBRARIES / "ardour-vst3-scanner", "-f", "-v", place, LD_LIBRARY_PATH=str(LIBRARIES))
        found = re.search(r'uid="([0-9A-F]{32})"', said)
        if not found:
            raise AssertionError(f"Ardour's scanner finds nothing in {place}:\n{said}")
        return found[1]

    def export(self, settings, noise_db):
        """Makes a session, exports it, and reads the file."""
        session = pathlib.Path(self.home.name) / f"session{time.monotonic_ns()}"
        code, said = self.run_step(
            "ardour7-lua",
            SCRIPT,
            PLUMB_SESSION=str(session),
            PLUMB_STRIP=self.ids[STRIP],
            PLUMB_BUS=self.ids[BUS],
            PLUMB_SET=settings,
            PLUMB_NOISE_DB=str(noise_db),
        )
        self.assertIn("SAVED", said, f"exit status {code}")
        file = session / "plumb.ardour"
        text = file.read_text()
        marked = re.sub(r'(<Location [^>]*flags=")IsRangeMarker"', r'\1IsSessionRange"', text)
        self.assertNotEqual(marked, text, "the session has no range")
        file.write_text(marked)
        for name in (STRIP, BUS):
            self.assertIn(name, text, "both plugins are in the session file")
        exported = session / "out.wav"
        _, said = self.run_step("ardour7-export", "-b", "float", "-o", exported, session, "plumb")
        self.assertTrue(exported.exists(), said)
        audio, rate_hz = read(exported)
        self.assertEqual((rate_hz, audio.shape), (48_000, (2, 192_000)))
        self.assertTrue(numpy.isfinite(audio).all())
        return audio

    def test_strip_gain_and_bus_are_in_the_export(self):
        # Levels of four seconds of noise differ by some hundredths of a dB from one run to the next.
        plain = self.export("strip:Output Gain=0", -30)
        self.assertGreater(rms_db(plain), -60.0, "something plays")
        softer = self.export("strip:Output Gain=-6", -30)
        self.assertAlmostEqual(rms_db(softer) - rms_db(plain), -6.0, delta=0.3)
        louder = self.export("strip:Output Gain=-6;bus:Limiter Drive=12", -30)
        self.assertAlmostEqual(rms_db(louder) - rms_db(plain), 6.0, delta=0.3)

    def test_the_bus_holds_its_ceiling(self):
        audio = self.export("bus:Limiter Drive=18;bus:Limiter Ceiling=-3", -6)
        self.assertLess(peak_db(audio), -3.0 + 0.05)
        # 0.3 dB: unlike music, the noise is at full strength up to Nyquist, where the interpolation of any true-peak
        # detector ends. Music is held to 0.2 dB (test_pedalboard.py).
        self.assertLess(true_peak_db(audio), -3.0 + 0.3)
        self.assertGreater(peak_db(audio), -4.0, "it is driven into the ceiling")


if __name__ == "__main__":
    unittest.main()
