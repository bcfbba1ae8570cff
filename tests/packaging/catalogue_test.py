"""systemd itself takes in what "journalctl -x" is to say of the log lines, in both languages."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["TIJORI_SOURCE_DIR"])
CATALOGUES = sorted((SOURCE / "packaging/journal").glob("*.catalog"))
HINDI = "hi_IN.UTF-8"


class Catalogue(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="tijori."))
        self.addCleanup(shutil.rmtree, self.root)
        for folder in ("usr/lib/systemd/catalog", "var/lib/systemd/catalog"):
            (self.root / folder).mkdir(parents=True)
        for file in CATALOGUES:
            shutil.copy(file, self.root / "usr/lib/systemd/catalog")

    def journalctl(self, *arguments, **environment):
        ended = subprocess.run(["journalctl", f"--root={self.root}", *arguments], capture_output=True, text=True,
                               env={**os.environ, "LC_ALL": "C.UTF-8", **environment})
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        return ended.stdout

    def test_is_read_without_a_word_and_explains_every_id(self):
        self.journalctl("--update-catalog")
        header = (SOURCE / "base/log_messages.h").read_text()
        ids = re.findall(r'"([0-9a-f]{32})"\}', header)
        self.assertGreaterEqual(len(ids), 40)
        listed = self.journalctl("--list-catalog").splitlines()
        self.assertEqual(sorted(ids), sorted(line.split()[0] for line in listed))
        for line in listed:
            self.assertRegex(line, r"^\w+ Tijori: \S")

    def test_speaks_hindi_where_the_reader_does(self):
        self.journalctl("--update-catalog")
        if not shutil.which("localedef") or not pathlib.Path("/usr/share/i18n/locales/hi_IN").exists():
            self.skipTest("no Hindi locale can be made here (localedef, the package locales)")
        subprocess.run(["localedef", "-i", "hi_IN", "-f", "UTF-8", self.root / HINDI], check=True, capture_output=True)
        listed = self.journalctl("--list-catalog", LOCPATH=str(self.root), LC_ALL=HINDI).splitlines()
        self.assertGreaterEqual(len(listed), 40)
        for line in listed:
            self.assertRegex(line, "[\u0900-\u097f]")


if __name__ == "__main__":
    if shutil.which("journalctl") is None:
        print("skipped: journalctl is not here")
        sys.exit(77)
    unittest.main()
