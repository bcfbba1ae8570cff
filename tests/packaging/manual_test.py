"""Every program has a page, every page is one that man shows without a complaint, and no page names an option that the
program doesn't take."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

SOURCE = pathlib.Path(os.environ["TIJORI_SOURCE_DIR"])
PROGRAMS = pathlib.Path(os.environ["TIJORI_BIN_DIR"])
PAGES = SOURCE / "docs/man"
# Options of other programs, which pages show in commands to be typed.
OTHERS = {"--help", "--version"}


def page_of(file):
    made = subprocess.run([SOURCE / "packaging/man/page.sh", file, "0"], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return made.stdout


def help_of(program, *verbs):
    return subprocess.run([PROGRAMS / program, *verbs, "--help"], capture_output=True, text=True,
                          env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}).stdout


def verbs_below(program, *verbs):
    """Every verb of the program, as a tuple of words, itself first."""
    yield verbs
    listed = re.search(r"^Subcommands:\n((?:  .*\n)+)", help_of(program, *verbs), flags=re.MULTILINE)
    for verb in re.findall(r"^  ([a-z-]+)", listed.group(1), flags=re.MULTILINE) if listed else []:
        yield from verbs_below(program, *verbs, verb)


class Manual(unittest.TestCase):
    def test_has_a_page_for_every_program_that_is_installed(self):
        lists = (SOURCE / "packaging/CMakeLists.txt").read_text()
        programs = set(re.findall(r"^ *install_program\(([a-z-]+) ", lists, flags=re.MULTILINE))
        self.assertGreaterEqual(len(programs), 7)
        self.assertLessEqual(programs, {page.stem for page in PAGES.glob("*.md")})

    @unittest.skipUnless(shutil.which("man") and shutil.which("groff"), "man and groff are not here")
    def test_is_shown_without_a_complaint(self):
        for page in sorted(PAGES.glob("*.md")):
            with self.subTest(page.name):
                text = page_of(page)
                self.assertRegex(text, r"\.SH NAME\n\S+ \\?- \S")
                shown = subprocess.run(["man", "--warnings=mac", "-E", "UTF-8", "-l", "-Tutf8", "-"], input=text, text=True,
                                       capture_output=True, env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
                self.assertEqual((shown.stderr, shown.returncode), ("", 0))

    def test_names_only_options_that_there_are(self):
        for page in sorted(PAGES.glob("*.md")):
            program = {"tijori-guardrails": "tijori"}.get(page.stem, page.stem)
            if not (PROGRAMS / program).exists():
                continue
            known = set(OTHERS)
            for verbs in verbs_below(program):
                known |= set(re.findall(r"--[a-z][a-z0-9-]*", help_of(program, *verbs)))
            # Other programs are spoken of too, but an option in a table or in the synopsis is the program's own.
            text = page.read_text()
            synopsis = re.search(r"```\n(.*?)```", text, flags=re.DOTALL).group(1)
            table = "\n".join(re.findall(r"^\| (`.*?`) \|", text, flags=re.MULTILINE))
            with self.subTest(page.name):
                self.assertLessEqual(set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", synopsis + table)), known)


if __name__ == "__main__":
    if shutil.which("lowdown") is None:
        print("skipped: lowdown is not here")
        sys.exit(77)
    unittest.main()
