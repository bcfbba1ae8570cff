"""A program that keeps ending is started again at a pace that grows: tijori-audit, by hand in systemd's place."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from appliance import PATIENCE, PROGRAMS, SKIPPED, wait_until
from watchdog_test import Notices


class Restarts(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tijori.", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.notices = Notices(self.folder)
        self.run_folder = self.folder / "run"
        self.run_folder.mkdir(mode=0o700)
        self.process = None
        self.addCleanup(self.end)

    def start(self):
        environment = self.notices.environment(None) | {"RUNTIME_DIRECTORY": str(self.run_folder)}
        self.ready_before = self.notices.count("READY=1")
        self.process = subprocess.Popen(
            [PROGRAMS / "tijori-audit", "serve", "--folder", self.folder / "audit", "--socket", self.folder / "audit.sock",
             "--ballast-mib", "0"], env=environment, stderr=subprocess.DEVNULL)
        self.started = time.monotonic()

    def end(self, how=signal.SIGKILL):
        if self.process is None:
            return None
        self.process.send_signal(how)
        process, self.process = self.process, None
        return process.wait(60)

    def ready(self):
        """How long it took."""
        wait_until(lambda: self.notices.count("READY=1") > self.ready_before, 30, "READY=1")
        return time.monotonic() - self.started

    def waits(self):
        self.notices.count()
        return sum(said.startswith("EXTEND_TIMEOUT_USEC=") for said in self.notices.said)

    def test_the_first_restart_is_at_once_and_the_next_ones_wait_longer_each_time(self):
        for _ in range(2):
            self.start()
            self.ready()
            self.end()
        self.assertEqual(self.waits(), 0)
        for pause_s in (1, 2):
            self.start()
            self.assertGreaterEqual(self.ready(), pause_s)
            # For the pause, and for the start itself.
            self.assertIn(f"EXTEND_TIMEOUT_USEC={(pause_s + 90) * 1_000_000}", self.notices.said)
            self.assertTrue([said for said in self.notices.said if said.startswith("STATUS=") and f"waits {pause_s} s" in said])
            self.end()
        self.assertEqual(self.waits(), 2)

    def test_told_to_stop_while_it_waits_it_ends_and_the_next_start_is_at_once(self):
        now_us = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
        (self.run_folder / "start").write_text(f"9 {now_us}\n")
        self.start()
        wait_until(lambda: self.waits() == 1, 10, "it waits")
        asked = time.monotonic()
        self.assertEqual(self.end(signal.SIGTERM), 0)
        self.assertLess(time.monotonic() - asked, 5 * PATIENCE)
        self.assertEqual(self.notices.count("READY=1"), 0)
        self.assertEqual(list(self.run_folder.iterdir()), [])
        self.start()
        self.ready()
        self.assertEqual(self.waits(), 1)

    def test_a_run_that_stops_as_told_counts_for_nothing(self):
        for _ in range(4):
            self.start()
            self.ready()
            self.assertEqual(self.end(signal.SIGTERM), 0)
            self.assertEqual(list(self.run_folder.iterdir()), [])
        self.assertEqual(self.waits(), 0)


if __name__ == "__main__":
    if not (PROGRAMS / "tijori-audit").exists():
        sys.exit(SKIPPED)
    unittest.main(verbosity=2, warnings="ignore")
