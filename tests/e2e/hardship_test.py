"""A full disk, and other users of the machine. Needs root: for a small file system, and to be somebody else."""
import json
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile
import unittest

from appliance import PROGRAMS, SKIPPED, Appliance, main, wait_until

NOBODY = pwd.getpwnam("nobody")
AUDIT_DISK_BYTES = 192 << 20


def as_nobody():
    os.setgroups([])
    os.setgid(NOBODY.pw_gid)
    os.setuid(NOBODY.pw_uid)


class SmallDisk(Appliance):
    """Keeps its log on a file system of its own."""

    def make_keys(self):
        super().make_keys()
        self.disk = self.root / "audit"
        self.disk.mkdir(mode=0o700)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={AUDIT_DISK_BYTES},mode=0700", "tmpfs", self.disk],
                       check=True)

    def __exit__(self, *failure):
        if self.daemon and self.daemon.poll() is None:
            self.stop()
        subprocess.run(["umount", "-l", self.disk], check=False)
        super().__exit__(*failure)


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.box = self.enterContext(SmallDisk())

    def test_a_full_disk_refuses_requests_and_loses_nothing(self):
        box = self.box
        self.assertEqual(box.chat("Hello", max_tokens=2)[0], 200)
        before = {record["seq"]: record["leaf"] for record in box.records()}
        filler = box.disk / "filler"
        with open(filler, "wb", buffering=0) as out:
            try:
                while True:
                    out.write(bytes(64 << 10))
            except OSError:
                pass
        status, body, headers = wait_until(lambda: (lambda answer: answer if answer[0] != 200 else None)(
            box.chat("Hello", max_tokens=2)), 90, "requests are refused")
        self.assertEqual(status, 503, body)
        state = json.loads(box.cli("status", "--json", profile="admin").stdout)
        self.assertEqual(state["health"], "blocked")
        filler.unlink()
        wait_until(lambda: box.chat("Hello", max_tokens=2)[0] == 200, 90, "answers again once there is room")
        after = {record["seq"]: record["leaf"] for record in box.records()}
        self.assertEqual({seq: after.get(seq) for seq in before}, before)
        code, report = box.verify_export()
        self.assertEqual(code, 0, report)


class OtherUsers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = cls.enterClassContext(Appliance())
        os.chmod(cls.box.root, 0o755)
        # Where another user can run it from, whatever the folder of the build allows.
        cls.programs = pathlib.Path(tempfile.mkdtemp(prefix="tijori.", dir="/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.programs)
        shutil.copy(PROGRAMS / "tijori", cls.programs)
        os.chmod(cls.programs, 0o755)
        profile = cls.programs / "profile"
        shutil.copytree(cls.box.root / "admin", profile)
        for path in [profile, *profile.iterdir()]:
            os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)

    def as_other(self, *arguments):
        return subprocess.run([self.programs / "tijori", "--root", self.box.root, "--profile",
                               self.programs / "profile", *arguments], preexec_fn=as_nobody, capture_output=True,
                              text=True, timeout=60)

    def test_a_user_outside_the_group_cannot_connect_even_with_a_good_certificate(self):
        ended = self.as_other("status")
        self.assertEqual(ended.returncode, 4, ended.stderr)
        self.assertIn("group", ended.stderr)

    def test_a_user_of_the_group_can_and_is_recorded_by_uid(self):
        os.chown(self.box.socket("admin"), -1, NOBODY.pw_gid)
        self.addCleanup(os.chown, self.box.socket("admin"), -1, os.getgid())
        ended = self.as_other("audit", "list", "--json", "--limit", "1")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(json.loads(ended.stdout)["records"][0]["peer_uid"], NOBODY.pw_uid)

    def test_nobody_else_reads_what_the_appliance_keeps(self):
        for folder in ("audit", "state", "tls", "models", "run/private"):
            with self.subTest(folder=folder):
                listed = subprocess.run(["ls", self.box.root / folder], preexec_fn=as_nobody, capture_output=True)
                self.assertNotEqual(listed.returncode, 0)


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("skipped: needs root")
        sys.exit(SKIPPED)
    main()
