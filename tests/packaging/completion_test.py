"""What bash offers at each place of a command is what the program's --help says of that place: no more and no less."""
import os
import pathlib
import re
import shlex
import subprocess
import unittest

from manual_test import PROGRAMS, SOURCE, help_of, verbs_below

TYPED = ["tijori", "tijori-ca", "tijori-audit-verify", "tijorid"]


class Completion(unittest.TestCase):
    def completion_of(self, program):
        made = subprocess.run([SOURCE / "packaging/completion/make.sh", PROGRAMS / program], capture_output=True, text=True)
        self.assertEqual((made.stderr, made.returncode), ("", 0))
        return made.stdout

    def offered(self, completion, *words):
        """What Tab offers behind these words; the last one is being typed."""
        script = (f"{completion}\nCOMP_WORDS=({shlex.join(words)})\nCOMP_CWORD={len(words) - 1}\n"
                  f"_{words[0].replace('-', '_')}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"")
        ended = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
        self.assertEqual((ended.stderr, ended.returncode), ("", 0))
        return set(ended.stdout.split())

    def test_offers_what_help_says(self):
        for program in TYPED:
            completion = self.completion_of(program)
            own = set(re.findall(r"^ +(?:-\w, ?)?(--[a-z][a-z0-9-]*)", help_of(program), flags=re.MULTILINE))
            places = list(verbs_below(program))
            for verbs in places:
                with self.subTest(" ".join([program, *verbs])):
                    said = own | set(re.findall(r"^ +(?:-\w, ?)?(--[a-z][a-z0-9-]*)", help_of(program, *verbs), re.MULTILINE))
                    below = {place[-1] for place in places if place[:-1] == verbs and place != verbs}
                    offered = self.offered(completion, program, *verbs, "")
                    self.assertEqual({word for word in offered if not word.startswith("-")}, below)
                    # --version shares its line with --help where help is written by hand.
                    self.assertEqual({word for word in offered if word.startswith("-")} | {"--version"}, said | {"--version"})

    def test_goes_on_with_what_was_begun(self):
        completion = self.completion_of("tijori")
        self.assertEqual(self.offered(completion, "tijori", "mod"), {"models"})
        self.assertEqual(self.offered(completion, "tijori", "models", "--pro"), {"--profile"})
        self.assertEqual(self.offered(completion, "tijori", "--profile", "here", "models", "unl"), {"unload"})

    def test_leaves_values_to_the_names_of_files(self):
        completion = self.completion_of("tijori")
        self.assertEqual(self.offered(completion, "tijori", "--profile", ""), set())


if __name__ == "__main__":
    unittest.main()
