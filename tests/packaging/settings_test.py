"""The settings file that is installed, and the page about it, tell of every setting, with the value that holds without it."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["TIJORI_SOURCE_DIR"])
TIJORID = pathlib.Path(os.environ["TIJORI_BIN_DIR"]) / "tijorid"
INSTALLED = SOURCE / "packaging/config/tijorid.toml"


def settings_of(text):
    """{name: value} as tijorid reads the text; the source of a value is left out."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "tijorid.toml"
        file.write_text(text)
        read = subprocess.run([TIJORID, "check-config", "--config", file], capture_output=True, text=True)
    assert read.returncode == 0, read.stderr
    return dict(re.findall(r"^(\S+) = (.*?)  \(", read.stdout, flags=re.MULTILINE))


class Settings(unittest.TestCase):
    def test_as_installed_change_nothing(self):
        self.assertEqual(settings_of(INSTALLED.read_text()), settings_of(""))

    def test_uncommented_are_all_there_are_with_what_holds_without_them(self):
        text = re.sub(r"^#(?=[a-z_]+ = )", "", INSTALLED.read_text(), flags=re.MULTILINE)
        self.assertEqual(settings_of(text), settings_of(""))
        section, named = "", set()
        for line in text.splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif re.match(r"[a-z_]+ = ", line):
                named.add(f"{section}.{line.split(' ')[0]}")
        self.assertEqual(named, set(settings_of("")))

    def test_are_all_on_their_page(self):
        page = (SOURCE / "docs/man/tijorid.toml.md").read_text()
        self.assertEqual(set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", page, flags=re.MULTILINE)), set(settings_of("")))


if __name__ == "__main__":
    unittest.main()
