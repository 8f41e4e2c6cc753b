"""The VST3 editors in a JUCE window, used with a mouse. Needs a display with a window manager and xdotool."""

import os
import shutil
import subprocess
import threading
import time
import unittest

from common import BUS, STRIP, load

#: Longest wait for a window on a busy machine.
PATIENCE_S = 60


def xdotool(*arguments):
    """Runs xdotool; returns its output."""
    return subprocess.run(["xdotool", *map(str, arguments)], capture_output=True, text=True).stdout.strip()


def drag(x, y, dy, steps=6):
    """Drags the mouse by the left button."""
    xdotool("mousemove", x, y, "mousedown", 1)
    for _ in range(steps):
        xdotool("mousemove_relative", "--", 0, dy // steps)
        time.sleep(0.012)
    xdotool("mouseup", 1)
    time.sleep(0.05)


class Hand(threading.Thread):
    """Uses an editor from another thread: pedalboard shows it in the main thread."""

    def __init__(self, plugin, close):
        super().__init__()
        self.plugin, self.close = plugin, close
        self.moved, self.error = None, None

    def values(self):
        return {name: parameter.raw_value for name, parameter in self.plugin.parameters.items()}

    def window(self):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for window in xdotool("search", "--onlyvisible", "--name", "Plumb").split():
                lines = dict(l.split("=") for l in xdotool("getwindowgeometry", "--shell", window).splitlines() if "=" in l)
                if int(lines.get("WIDTH", 0)) > 200:
                    return [int(lines[key]) for key in ("X", "Y", "WIDTH", "HEIGHT")]
            time.sleep(0.2)
        raise TimeoutError("no window")

    def run(self):
        try:
            time.sleep(2.0)
            left, top, width, height = self.window()
            time.sleep(2.0)
            for y in range(top + 60, top + height - 20, 34):
                for x in range(left + 24, left + width - 20, 34):
                    before = self.values()
                    drag(x, y, -30)
                    after = self.values()
                    moved = [name for name in after if after[name] != before[name] and 0.0 < after[name] < 1.0]
                    if moved:
                        self.moved = moved[0]
                        return
        except Exception as error:
            self.error = error
        finally:
            self.close.set()


@unittest.skipUnless(os.environ.get("DISPLAY"), "no display")
@unittest.skipUnless(shutil.which("xdotool"), "xdotool is not installed")
class Editor(unittest.TestCase):
    def drag_moves_a_parameter(self, name):
        plugin, close = load(name), threading.Event()
        hand = Hand(plugin, close)
        hand.start()
        plugin.show_editor(close)
        hand.join()
        if hand.error:
            raise hand.error
        self.assertIsNotNone(hand.moved, f"{name}: no place where a drag moves a parameter")

    def test_a_drag_in_the_strip(self):
        self.drag_moves_a_parameter(STRIP)

    def test_a_drag_in_the_bus(self):
        self.drag_moves_a_parameter(BUS)

    def test_open_and_close_three_times(self):
        for name in (STRIP, BUS):
            plugin = load(name)
            for _ in range(3):
                close = threading.Event()
                threading.Timer(1.5, close.set).start()
                plugin.show_editor(close)


if __name__ == "__main__":
    unittest.main()
