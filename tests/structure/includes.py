#!/usr/bin/env python3
"""includes.py ROOT: holds every #include of the tree against the table "Who may include whom" of docs/architecture.md.

A row names a target (a folder; the longest one that fits a file counts), the targets or single headers it may use
besides itself, and its third-party headers by their first path component or file name. `–` is nothing, `everything`
anything.
"""
import pathlib
import re
import sys

STANDARD_FOLDERS = {"sys", "linux", "netinet", "arpa", "bits", "asm"}
SYSTEM_HEADERS = set("""alloca.h cpuid.h dirent.h dlfcn.h errno.h execinfo.h fcntl.h fenv.h float.h grp.h immintrin.h
    inttypes.h limits.h link.h malloc.h math.h poll.h pthread.h pwd.h sched.h semaphore.h signal.h stdint.h stdio.h
    stdlib.h string.h syslog.h termios.h time.h unistd.h x86intrin.h ucontext.h spawn.h""".split())
INCLUDE = re.compile(r'^\s*#\s*include\s*(<[^>]+>|"[^"]+")', re.M)


def read_table(page):
    lines = page.read_text().split("## Who may include whom", 1)[1].split("\n## ", 1)[0].splitlines()
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if line.startswith("|")]
    table = {}
    for target, uses, third in rows[2:]:
        names = lambda cell: set() if cell == "–" else set(re.split(r"[,\s]+", cell))
        table[target] = (names(uses), names(third))
    return table


def target_of(path, table):
    fitting = [target for target in table if path.startswith(target + "/")]
    return max(fitting, key=len, default=None)


def third_party(name):
    """The table's name for a <header>, None for the standard library and the system."""
    first = name.split("/")[0]
    if "/" in name:
        return None if first in STANDARD_FOLDERS else first
    if "." not in name:
        return name if name[0].isupper() else None  # <QObject>
    return None if name in SYSTEM_HEADERS else name.removesuffix(".h")


def faults_of(path, text, table, root):
    target = target_of(path, table)
    if target is None:
        return [f"{path}: its folder is in no row of the table"]
    uses, third = table[target]
    faults = []
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        name = match.group(1)[1:-1]
        place = f"{path}:{line}: {name}"
        if match.group(1)[0] == "<":
            library = third_party(name)
            if library and library not in third and "everything" not in third:
                faults.append(f"{place}: {target} may not include {library}")
            continue
        if name.endswith(".moc"):
            continue
        if not (root / name).is_file():
            faults.append(f"{place}: includes are \"folder/file.h\" from the root, and there is no such file")
            continue
        other = target_of(name, table)
        if other != target and other not in uses and name not in uses and "everything" not in uses:
            faults.append(f"{place}: {target} may not use {other}")
    return faults


def main():
    root = pathlib.Path(sys.argv[1])
    table = read_table(root / "docs" / "architecture.md")
    folders = sorted({target.split("/")[0] for target in table})
    files = [file for folder in folders for file in sorted((root / folder).rglob("*"))
             if file.suffix in {".h", ".cpp", ".cu", ".cuh", ".inc"}]
    faults = []
    for file in files:
        faults += faults_of(str(file.relative_to(root)), file.read_text(), table, root)
    for other in sorted(root.iterdir()):
        if other.is_dir() and other.name not in folders and not other.name.startswith(".") and other.name != "build":
            faults += [f"{file.relative_to(root)}: its folder is in no row of the table"
                       for file in other.rglob("*.cpp")]
    print("\n".join(faults) if faults else f"{len(files)} files keep to the table of {len(table)} targets")
    if len(files) < 100 or len(table) < 8:
        faults.append("")
        print("too few files or rows: is this the right folder?")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
