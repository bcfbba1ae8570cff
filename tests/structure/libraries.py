#!/usr/bin/env python3
"""libraries.py ROOT PROGRAM…: holds the shared libraries that each program is linked with against the table "What each
program loads" of docs/architecture.md, both ways: what isn't listed may not be there, what is listed has to be. Needs
readelf."""
import pathlib
import re
import subprocess
import sys

EVERY = "every program"
OPTIONAL = {"tijori-console"}  # where Qt Widgets isn't


def read_table(page):
    lines = page.read_text().split("## What each program loads", 1)[1].split("\n## ", 1)[0].splitlines()
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if line.startswith("|")]
    table = {program: [] if names == "–" else names.split() for program, names in rows[2:]}
    return table, set(table.pop(EVERY))


def libraries_of(program):
    listed = subprocess.run(["readelf", "--dynamic", "--wide", program], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"\(NEEDED\).*\[([^\]]+)\.so(?:\.[0-9.]+)?\]", listed)
    assert len(names) == listed.count("(NEEDED)") > 0, f"{program}: readelf tells no libraries that this reads:\n{listed}"
    return set(names)


def main(root, programs):
    table, common = read_table(pathlib.Path(root) / "docs" / "architecture.md")
    faults = []
    for path in programs:
        name = pathlib.Path(path).name
        if name not in table:
            faults.append(f"{name}: no row of the table")
            continue
        listed = common | set(table[name])
        loaded = libraries_of(path)
        faults += [f"{name}: loads {library}, which its row doesn't list" for library in sorted(loaded - listed)]
        faults += [f"{name}: its row lists {library}, which it doesn't load" for library in sorted(listed - loaded)]
    built = {pathlib.Path(path).name for path in programs}
    faults += [f"{name}: has a row and isn't among the programs" for name in sorted(set(table) - built - OPTIONAL)]
    print("\n".join(faults) or f"{len(programs)} programs load what the table lists, and nothing else")
    return faults


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1], sys.argv[2:]) else 0)
