"""Settings: checked before they are used, taken in while the daemon runs, and what was in force stays when they are wrong."""
import json
import os
import signal
import subprocess
import sys
import unittest

from appliance import PROGRAMS, SKIPPED, Appliance, wait_until
from watchdog_test import Notices


class Reload(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Appliance(config="[limits]\nmax_requests = 7\n", models=False)
        cls.box.__enter__()
        cls.addClassCleanup(cls.box.__exit__, None, None, None)
        cls.box.stop()
        cls.notices = Notices(cls.box.root)
        with open(cls.box.log_path, "ab") as log:
            cls.box.daemon = subprocess.Popen([PROGRAMS / "tijorid", "--root", cls.box.root], stderr=log,
                                              env=cls.notices.environment(limit_us=None))
        wait_until(lambda: cls.notices.count("READY=1"), 60, "READY=1")
        cls.file = cls.box.root / "etc" / "tijorid.toml"

    def check_config(self, *options):
        return self.box.run("tijorid", "--root", self.box.root, "check-config", *options, check=False)

    def status(self):
        return json.loads(self.box.cli("status", "--json", profile="admin").stdout)

    def condition(self):
        return next((each for each in self.status()["conditions"] if each["code"] == "reload-failed"), None)

    def settings(self):
        listed = json.loads(self.box.cli("settings", "--json", profile="admin").stdout)["settings"]
        return {each["name"]: each["value"] for each in listed}

    def hup(self):
        """As systemctl reload does: back when the daemon says that it is done."""
        ready = self.notices.count("READY=1")
        self.box.daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: self.notices.count("READY=1") > ready, 20, "READY=1 after a reload")
        self.assertEqual(self.notices.count("RELOADING=1"), self.notices.count("READY=1") - 1)

    def test_check_config_prints_every_fault_with_its_place_and_every_setting_with_its_source(self):
        other = self.box.root / "other.toml"
        other.write_text("[limits]\nmax_requets = 7\ndrain_s = -1\n[engine]\nbackend = \"gpu\"\n")
        ended = self.check_config("--config", other)
        self.assertEqual(ended.returncode, 1)
        self.assertEqual(ended.stdout, "")
        self.assertEqual(ended.stderr.splitlines(), [
            f"{other}:2: limits.max_requets: unknown setting",
            f"{other}:3: limits.drain_s: expected an integer from 0 to 600",
            f"{other}:5: engine.backend: expected one of \"auto\", \"reference\", \"avx2\", \"avx512\", "
            "\"cuda\""])
        self.assertEqual(self.check_config("--config", "/nonexistent/t.toml").stderr,
                         "/nonexistent/t.toml: can't be read: No such file or directory\n")
        good = self.check_config()
        self.assertEqual((good.returncode, good.stderr), (0, ""))
        self.assertIn(f"limits.max_requests = 7  ({self.file}:2)\n", good.stdout)
        self.assertIn("limits.drain_s = 20  (default)\n", good.stdout)
        self.assertIn("engine.threads = 0  (default; a new value takes effect at a restart)\n", good.stdout)

    def test_a_reload_that_fails_changes_nothing_and_stands_until_a_good_one(self):
        good = self.file.read_text()
        try:
            self.file.write_text("[limits]\nmax_requests = 8\ndrain_s = true\n")
            self.hup()
            found = self.condition()
            self.assertIn(f"{self.file}:3: limits.drain_s: expected an integer", found["message"])
            self.assertEqual(found["severity"], "warning")
            self.assertEqual(self.settings()["limits.max_requests"], "7")
            self.assertIn("[reload-failed]", self.box.cli("status", profile="admin").stdout)
            refused = self.box.cli("reload", profile="admin", check=False)
            self.assertEqual(refused.returncode, 1)
            self.assertIn(f"{self.file}:3:", refused.stderr)
            self.assertEqual(self.condition()["since_us"], found["since_us"])

            self.file.write_text("[limits]\nmax_requests = 9\n[engine]\nthreads = 1\n")
            self.hup()
            self.assertIsNone(self.condition())
            self.assertEqual(self.settings()["limits.max_requests"], "9")
            self.assertEqual(self.settings()["engine.threads"], "0")  # what is in force
            self.assertIn("engine.threads has a new value, which takes effect at a restart", self.box.log_path.read_text())
            self.assertIn("needs a restart: engine.threads", self.box.cli("reload", profile="admin").stdout)
            outcomes = [record["outcome"] for record in self.box.records(event="config.reloaded")]
            self.assertEqual(outcomes.count("failed"), 2)
        finally:
            self.file.write_text(good)
            self.hup()

    def test_a_start_with_wrong_settings_says_what_and_where(self):
        other = self.box.root / "other.toml"
        other.write_text("a = 1\nb = 2\n")
        ended = self.box.run("tijorid", "--root", self.box.root, "--config", other, check=False)
        self.assertEqual(ended.returncode, 1)
        for place in (f"{other}:1: a: unknown setting", f"{other}:2: b: unknown setting"):
            self.assertIn(place, ended.stderr)


if __name__ == "__main__":
    if not (PROGRAMS / "tijorid").exists():
        sys.exit(SKIPPED)
    unittest.main(verbosity=2, warnings="ignore")
