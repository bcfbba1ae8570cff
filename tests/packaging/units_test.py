"""Every unit is one that systemd reads without a word, and every service's sandbox is as tight as it can be."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

UNITS = pathlib.Path(os.environ["TIJORI_PACKED_DIR"]) / "systemd"
PROGRAMS = pathlib.Path(os.environ["TIJORI_BIN_DIR"])
SERVICES = ["tijorid.service", "tijori-audit.service", "tijori-engine@.service"]
MOST_EXPOSURE = 0.5

# What no number says: each of these has to be in each service, whatever it does to the exposure.
DEMANDED = {
    "PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX", "MemorySwapMax=0", "LimitCORE=0",
    "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "MemoryDenyWriteExecute=yes", "Type=notify",
}


def lines_of(unit):
    return (UNITS / unit).read_text().splitlines()


class Units(unittest.TestCase):
    def test_are_read_without_a_word(self):
        with tempfile.TemporaryDirectory() as folder:
            for unit in UNITS.iterdir():
                # The programs of this build stand for those that are installed.
                text = re.sub(r"^ExecStart=\S*/(\S+)", rf"ExecStart={PROGRAMS}/\1", unit.read_text(), flags=re.MULTILINE)
                (pathlib.Path(folder) / unit.name).write_text(text)
            units = sorted(str(unit) for unit in pathlib.Path(folder).iterdir())
            verified = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=one", *units],
                                      capture_output=True, text=True)
        said = [line for line in (verified.stdout + verified.stderr).splitlines() if "tijori" in line]
        self.assertEqual((said, verified.returncode), ([], 0))

    def test_leave_no_service_exposed(self):
        for service in SERVICES:
            with self.subTest(service):
                looked = subprocess.run(
                    ["systemd-analyze", "security", "--offline=yes", f"--threshold={round(MOST_EXPOSURE * 10)}", "--no-pager",
                     str(UNITS / service)], capture_output=True, text=True)
                found = re.search(r"exposure level for \S+: ([0-9.]+)", looked.stdout)
                self.assertIsNotNone(found, looked.stdout + looked.stderr)
                self.assertLessEqual(float(found.group(1)), MOST_EXPOSURE, looked.stdout)

    def test_hold_what_the_design_demands(self):
        users = set()
        for service in SERVICES:
            with self.subTest(service):
                lines = lines_of(service)
                self.assertEqual(DEMANDED - set(lines), set())
                self.assertFalse([line for line in lines if line.startswith("PrivateUsers=")],
                                 "it makes every peer of a listener look like nobody")
                users |= {line for line in lines if line.startswith("User=")}
        self.assertEqual(len(users), len(SERVICES), "each process has a user of its own")

    def test_let_nothing_that_is_written_be_run(self):
        for service in SERVICES:
            lines = lines_of(service)
            written = {"/", "/tmp", "/var/tmp", "/dev/shm"}
            for line in lines:
                named = re.match(r"(StateDirectory|RuntimeDirectory|ReadWritePaths)=-?(\S+)$", line)
                if named:
                    written.add({"StateDirectory": "/var/lib/", "RuntimeDirectory": "/run/"}.get(named.group(1), "") + named.group(2))
            kept = next(line for line in lines if line.startswith("NoExecPaths="))
            self.assertLessEqual(written, {path.lstrip("-") for path in kept.partition("=")[2].split()}, service)
            self.assertIn("SystemCallFilter=~memfd_create", lines)

    def test_start_again_at_a_pace_that_grows(self):
        for service in ("tijorid.service", "tijori-audit.service"):
            # The program waits by itself (base/start_record.h), by a file that has to outlive it.
            self.assertLessEqual({"Restart=on-failure", "StartLimitIntervalSec=0", f"RuntimeDirectory={service.split('.')[0]}",
                                  "RuntimeDirectoryMode=0700", "RuntimeDirectoryPreserve=restart"}, set(lines_of(service)))
        # The daemon paces these (daemon/engine_channel.cpp).
        self.assertIn("Restart=no", lines_of("tijori-engine@.service"))

    def test_let_only_the_groups_connect(self):
        for socket, group in (("tijorid-api.socket", "tijori-api"), ("tijorid-admin.socket", "tijori-admin")):
            self.assertLessEqual({"SocketMode=0660", f"SocketGroup={group}", "RemoveOnStop=yes"}, set(lines_of(socket)))
        for socket in ("tijori-audit.socket", "tijori-engine@.socket"):
            self.assertLessEqual({"SocketMode=0600", "SocketUser=tijori", "RemoveOnStop=yes"}, set(lines_of(socket)))

    def test_name_users_and_groups_that_are_made(self):
        source = pathlib.Path(os.environ["TIJORI_SOURCE_DIR"]) / "packaging/systemd/tijori.sysusers"
        names = {line.split()[1] for line in source.read_text().splitlines() if re.match("[ug] ", line)}
        for unit in UNITS.iterdir():
            for line in unit.read_text().splitlines():
                named = re.match(r"(?:User|Group|SocketUser|SocketGroup)=(.+)", line)
                if named:
                    self.assertIn(named.group(1), names, f"{unit.name}: {line}")


if __name__ == "__main__":
    if shutil.which("systemd-analyze") is None:
        print("skipped: systemd-analyze is not here")
        sys.exit(77)
    unittest.main()
