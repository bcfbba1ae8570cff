#!/usr/bin/env python3
"""tree.py ROOT: no test is left unregistered, nothing is left unfinished, nothing speaks of one machine."""
import pathlib
import re
import sys

SKIPPED_FOLDERS = {".git", "build", "out", ".cache", ".venv", "__pycache__"}
TEXT = {".h", ".cpp", ".py", ".sh", ".md", ".txt", ".cmake", ".json", ".yaml", ".toml", ".service", ".socket", ""}
# Put together from pieces, so that this file doesn't find itself.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b")
MACHINE_PATH = re.compile(r"(?<![\w./$}-])/(?:wo" + "rk|ro" + r"ot|home)/\w")
MAX_LINES = 700


def files_of(root):
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and not SKIPPED_FOLDERS.intersection(relative.parts):
            yield path, relative


def unregistered(path, relative):
    if relative.parts[0] != "tests" or not re.search(r"_(test|fuzz)\.(cpp|py)$", path.name):
        return None
    lists = path.parent / "CMakeLists.txt"
    text = lists.read_text() if lists.exists() else ""
    # By file name, or by what comes before _test in a helper's or a loop's arguments.
    stem = re.escape(re.sub(r"_test\.(py|cpp)$", "", path.name))
    known = path.name in text or re.search(rf"(foreach|_test)\([^)]*\b{stem}\b", text)
    return None if known else f"{relative}: not registered in {lists.relative_to(path.parents[len(relative.parts) - 1])}"


def main():
    root = pathlib.Path(sys.argv[1])
    faults, seen = [], 0
    for path, relative in files_of(root):
        fault = unregistered(path, relative)
        if fault:
            faults.append(fault)
        if path.suffix not in TEXT or "corpus" in relative.parts:
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        seen += 1
        for number, line in enumerate(text.splitlines(), 1):
            for what, pattern in (("unfinished", UNFINISHED), ("a path of one machine", MACHINE_PATH)):
                found = pattern.search(line)
                if found:
                    faults.append(f"{relative}:{number}: {what}: {found.group(0)}")
        if path.suffix in {".h", ".cpp", ".py"} and text.count("\n") > MAX_LINES:
            faults.append(f"{relative}: {text.count(chr(10))} lines; {MAX_LINES} is too long")
    print("\n".join(faults) if faults else f"{seen} files are in order")
    sys.exit(1 if faults or seen < 100 else 0)


if __name__ == "__main__":
    main()
