#!/usr/bin/env python3
"""without_widgets.py ROOT: without Qt Widgets everything but tijori-console is built, tests included, and configuring says
so. Only configures, in a folder of its own."""
import pathlib
import subprocess
import sys
import tempfile

PROGRAMS = ["tijorid", "tijori-engine", "tijori-audit", "tijori-audit-verify", "tijori", "tijori-ca"]
SENTENCE = "tijori-console: not built, since Qt 6.4 Widgets"


def configured(root, folder, *options):
    return subprocess.run(["cmake", "-S", root, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DTIJORI_TESTS=ON",
                           *options], capture_output=True, text=True, check=False)


def main(root):
    with tempfile.TemporaryDirectory() as folder:
        run = configured(root, folder, "-DCMAKE_DISABLE_FIND_PACKAGE_Qt6Widgets=ON")
        faults = []
        if run.returncode != 0:
            return [f"configuring failed: {run.stderr[-2000:]}"]
        if SENTENCE not in run.stdout:
            faults.append(f"configuring doesn't say: {SENTENCE}")
        listed = subprocess.run(["ninja", "-C", folder, "-t", "targets", "all"], capture_output=True, text=True, check=True)
        targets = {line.split(":")[0] for line in listed.stdout.splitlines()}
        faults += [f"bin/{name} isn't among the targets" for name in PROGRAMS if f"bin/{name}" not in targets]
        faults += [f"{name} is a target" for name in targets
                   if name == "bin/tijori-console" or name.startswith("tests/console_")]
        if not any(name.startswith("tests/") and name.endswith("_test") for name in targets):
            faults.append("no test is among the targets")
        return faults


if __name__ == "__main__":
    found = main(pathlib.Path(sys.argv[1]).resolve())
    print("\n".join(found) or "tijori-console is left out, everything else is there")
    sys.exit(1 if found else 0)
