"""What EL 10 lacks is packed and found there, nothing newer than it has is asked of it, and its units are Debian's but for
the folders of libraries. tests/packaging/rpm.sh tries the packages themselves."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["TIJORI_SOURCE_DIR"])
PROGRAMS = pathlib.Path(os.environ["TIJORI_BIN_DIR"])
PACKED = pathlib.Path(os.environ["TIJORI_PACKED_DIR"])
FLOOR = SOURCE / "packaging/rpm/el10.provides"
PRIVATE = "/usr/lib/tijori"
APPLIANCE = ["tijori", "tijori-ca", "tijori-audit-verify", "tijorid", "tijori-audit", "tijori-engine"]


def private_libraries(floor, *programs):
    return subprocess.run([SOURCE / "packaging/rpm/private_libraries.sh", floor, *[PROGRAMS / name for name in programs]],
                          capture_output=True, text=True)


def listed():
    """The private libraries of the list that packages are held against."""
    contents = (SOURCE / "tests/packaging/rpm/tijori.contents").read_text()
    return re.findall(rf" {PRIVATE}/(\S+)$", contents, flags=re.MULTILINE)


class Rpm(unittest.TestCase):
    def test_packs_the_libraries_that_are_listed(self):
        found = private_libraries(FLOOR, *APPLIANCE)
        self.assertEqual((found.returncode, found.stderr), (0, ""))
        self.assertEqual(found.stdout.split(), listed())
        self.assertTrue(listed())

    def test_packs_none_for_the_console(self):
        if not (PROGRAMS / "tijori-console").exists():
            self.skipTest("the console is not built")
        found = private_libraries(FLOOR, "tijori-console")
        self.assertEqual((found.returncode, found.stdout, found.stderr), (0, "", ""))

    def test_refuses_a_symbol_that_the_system_would_be_too_old_for(self):
        newest = "libc.so.6(GLIBC_2.34)(64bit)"
        with tempfile.NamedTemporaryFile("w", suffix=".provides") as older:
            older.write(FLOOR.read_text().replace(newest + "\n", ""))
            older.flush()
            refused = private_libraries(older.name, "tijori-ca")
        self.assertEqual(refused.returncode, 1)
        self.assertIn(f"tijori-ca needs {newest}", refused.stderr)

    def test_finds_its_libraries_and_no_program_looks_elsewhere(self):
        for name in APPLIANCE:
            with self.subTest(name):
                dynamic = subprocess.run(["readelf", "-dW", PROGRAMS / name], capture_output=True, text=True, check=True).stdout
                # Only what a program itself names holds for the libraries of its libraries.
                paths = re.findall(r"\((RPATH|RUNPATH)\).*\[(.*)\]", dynamic)
                wanted = [("RPATH", PRIVATE)] if private_libraries(FLOOR, name).stdout else []
                self.assertEqual(paths, wanted)

    def test_has_debians_units_with_its_own_folders_of_libraries(self):
        units = sorted((PACKED / "rpm/systemd").iterdir())
        self.assertEqual([unit.name for unit in units], ["tijori-audit.service", "tijori-engine@.service", "tijorid.service"])
        for unit in units:
            ours = unit.read_text().splitlines()
            debians = (PACKED / "systemd" / unit.name).read_text().splitlines()
            changed = [(a, b) for a, b in zip(debians, ours, strict=True) if a != b]
            self.assertEqual(len(changed), 1, unit.name)
            self.assertEqual(re.sub(r"/usr/lib/\S*linux-gnu", f"/usr/lib64 -{PRIVATE}", changed[0][0]), changed[0][1])

    def test_enables_the_sockets_that_its_scriptlets_start(self):
        preset = (SOURCE / "packaging/rpm/tijori.preset").read_text()
        spec = (PACKED / "rpm/tijori.spec").read_text()
        sockets = re.search(r"^%global sockets (.*)$", spec, flags=re.MULTILINE).group(1).split()
        self.assertEqual(re.findall(r"^enable (\S+)$", preset, flags=re.MULTILINE), sockets)

    def test_has_a_spec_that_systems_of_the_family_can_read(self):
        if shutil.which("rpmspec") is None:
            self.skipTest("rpmspec is not here")
        for release in ("9", "10"):
            read = subprocess.run(["rpmspec", "-P", "--define", f"rhel {release}", PACKED / "rpm/tijori.spec"],
                                  capture_output=True, text=True)
            self.assertEqual((read.returncode, read.stderr), (0, ""))
            self.assertEqual("gcc-toolset" in read.stdout, release == "9")


if __name__ == "__main__":
    if shutil.which("dpkg-query") is None or shutil.which("objdump") is None:
        print("skipped: dpkg-query or objdump is not here")
        sys.exit(77)
    unittest.main()
