#!/usr/bin/env python3
"""planted_bugs.py BUILD_DIR [--tsan BUILD_DIR] [--only NAME …] [--write PAGE]: what the tests of the CUDA kernels are worth.

Each planted_bugs/*.patch, whose first line says what it is, is applied to a copy of the kernels; the host executor's plug-in is
built of it and the tests run until one fails: the small half, all of it, three orders of threads, ThreadSanitizer with three. A bug that calls itself a race is
also given to ThreadSanitizer alone.
Prints a table; fails when a bug isn't caught, or when anything is "caught" where there is no bug. --write puts the table into a
page, between its marks. Without --tsan a build folder for ThreadSanitizer is made inside of BUILD_DIR.
"""
import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = ["attention", "product", "routing", "rows", "sampling"]
# The test that is likeliest to catch a bug in a file goes first.
NEAREST = {"attention": "attention", "product": "product", "fragments": "product", "rotate": "routing", "routing": "routing",
           "kv_cache": "routing", "sampling": "sampling"}
MARKS = ("<!-- planted bugs -->\n", "<!-- planted bugs end -->\n")


def run(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **more)
    return done.returncode, done.stdout


def must(command, **more):
    status, text = run(command, **more)
    if status:
        sys.exit(f"{text}\n{shlex.join(map(str, command))} failed")
    return text


class Build:
    """A build folder whose plug-in can be built of changed kernels."""

    def __init__(self, folder):
        self.folder = folder
        must(["cmake", "--build", folder, "--target", "tijori-cuda-host", *(f"kernels_cuda_{test}_test" for test in TESTS)])
        entries = json.loads((folder / "compile_commands.json").read_text())
        self.commands = {pathlib.Path(entry["file"]).name: shlex.split(entry["command"])
                         for entry in entries if "tijori-cuda-host.dir" in entry["command"]}
        commands = must(["ninja", "-C", folder, "-t", "commands", "tijori-cuda-host"]).splitlines()
        # "cd … && c++ … && :"
        self.link = next(line for line in reversed(commands) if "-shared" in line and "libtijori-cuda-host.so" in line)
        dependencies = must(["ninja", "-C", folder, "-t", "deps"])
        self.sources_of = {}
        for match in re.finditer(r"^kernels/host/\S*tijori-cuda-host\.dir\S*/(\S+\.cu)\.o:.*\n((?: .*\n)+)", dependencies, re.M):
            self.sources_of[match.group(1)] = {pathlib.Path(line.strip()).name for line in match.group(2).splitlines()}

    def plug_in(self, tree, changed, out):
        """The plug-in of the kernels in `tree`, of whose files `changed` differ from ours; or None and the compiler's complaint."""
        link = self.link
        for source, names in self.sources_of.items():
            if not names & changed:
                continue
            old = self.commands[source][self.commands[source].index("-o") + 1]
            new = out / (source + ".o")
            command, skip = [], False
            for word in self.commands[source]:
                if skip or word in ("-MD", "-MT", "-MF"):
                    skip = word in ("-MT", "-MF")
                    continue
                word = word.replace(str(ROOT / "kernels/cuda"), str(tree / "kernels/cuda"))
                command += [f"-I{tree}", word] if word == f"-I{ROOT}" else [str(new)] if word == old else [word]
            status, text = run(command + ["-w", "-fdiagnostics-color=never"], cwd=self.folder)
            if status:
                return None, text
            link = link.replace(f" {old} ", f" {new} ")
        made = out / "plug-in.so"
        link = re.sub(r"-o \S+libtijori-cuda-host\.so", f"-o {made}", link)
        must(["bash", "-c", link], cwd=self.folder)
        return made, ""


def what_failed(status, text):
    """Who caught it, from a failed test's output."""
    executor = re.search(r"^cuda-host: .*?\.(?:cu|cuh):\d+: (.*)$", text, re.M)
    if executor:
        message = re.sub(r", \S*/kernels/", ", kernels/", executor.group(1))
        message = re.sub(r"^index \d+ is out of bounds.*", "an index is out of bounds", message)
        return "the host executor: " + message
    if "ThreadSanitizer: data race" in text:
        return "ThreadSanitizer: a data race"
    failed = re.search(r"^FAIL!  : \w+::(\w+)\(", text, re.M)
    if failed:
        return failed.group(1).replace("_", " ")
    return f"status {status}"


SMALL = {"TIJORI_CUDA_SMALL": "1"}


def seeded(build):
    return [(f" (seed {seed})", build, SMALL | {"TIJORI_CUDA_HOST_SEED": str(seed)}) for seed in (1, 2, 3)]


def caught_by(tree, changed, stages):
    """What failed in the first of the stages (a remark, a build, an environment) in which anything did, or None."""
    nearest = next((test for stem, test in NEAREST.items() if any(name.startswith(stem) for name in changed)), "rows")
    made = {}
    with tempfile.TemporaryDirectory() as scratch:
        for suffix, build, environment in stages:
            if build not in made:
                folder = pathlib.Path(scratch) / str(len(made))
                folder.mkdir()
                made[build], complaint = build.plug_in(tree, changed, folder)
                if made[build] is None:
                    raise RuntimeError(f"{complaint}\nthe bug doesn't compile")
            for test in [nearest] + [test for test in TESTS if test != nearest]:
                status, text = run([build.folder / "tests" / f"kernels_cuda_{test}_test"], timeout=900, env=os.environ | environment | {
                    "TIJORI_CUDA_PLUGIN": str(made[build]),
                    "TSAN_OPTIONS": f"halt_on_error=1:suppressions='{ROOT}/tests/support/tsan.supp'"})
                if status:
                    return what_failed(status, text) + suffix
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--tsan", type=pathlib.Path)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--write", type=pathlib.Path)
    told = parser.parse_args()
    plain = Build(told.build.resolve())
    if told.tsan is None:
        told.tsan = plain.folder / "planted_bugs"
        must(["cmake", "--preset", "tsan", "-B", told.tsan], cwd=ROOT)
    tsan = Build(told.tsan.resolve())

    patches = sorted((ROOT / "tests/kernels/planted_bugs").glob("*.patch"))
    if told.only:
        patches = [patch for patch in patches if patch.stem in told.only]
    stages = [("", plain, SMALL), ("", plain, {}), *seeded(plain), *seeded(tsan)]
    rows, missed = [], []
    with tempfile.TemporaryDirectory() as scratch:
        tree = pathlib.Path(scratch)
        for patch in [None] + patches:
            shutil.rmtree(tree / "kernels", ignore_errors=True)
            shutil.copytree(ROOT / "kernels/cuda", tree / "kernels/cuda")
            if patch is None:
                if told.only:
                    continue
                found = caught_by(tree, {path.name for path in (tree / "kernels/cuda").iterdir()}, stages)
                if found:
                    sys.exit(f"without a bug the tests fail: {found}")
                continue
            text = patch.read_text()
            must(["patch", "-p1", "-s", "-F0", "-d", tree, "-i", patch])
            changed = {pathlib.Path(name).name for name in re.findall(r"^\+\+\+ b/(\S+)", text, re.M)}
            what = text.splitlines()[0]
            found = [caught_by(tree, changed, stages)]
            if what.startswith("race: "):
                found.append(caught_by(tree, changed, seeded(tsan)))
            if not all(found):
                missed.append(patch.stem)
            cells = [f"{', '.join(sorted(changed))}: {what.removeprefix('race: ')}", *(by or "**nothing**" for by in found), ""]
            rows.append(f"| {' | '.join(cells[:3])} |\n")
            print(rows[-1], end="", flush=True)
    if told.write:
        before, rest = told.write.read_text().split(MARKS[0])
        after = rest.split(MARKS[1])[1]
        head = "| bug | caught by | a race, by ThreadSanitizer alone |\n|---|---|---|\n"
        told.write.write_text(before + MARKS[0] + head + "".join(rows) + MARKS[1] + after)
    print(f"{len(rows)} bugs, not caught: {', '.join(missed) or 'none'}")
    sys.exit(1 if missed or not rows else 0)


if __name__ == "__main__":
    main()
