#!/usr/bin/env python3
"""cuda_resources.py FOLDER [--write]: what each kernel takes of a multiprocessor, against cuda_resources.tsv.

FOLDER holds the objects of target tijori-cuda; cmake/nvcc_report.sh leaves what ptxas says beside each. Fewer registers than in the
table are as good; more, or any stack or spills that the table doesn't have, are a fault, as are kernels that are in one of the two
only. --write makes the table of what was found. Skipped, by status 77, where the plug-in hasn't been built.
"""
import pathlib
import re
import subprocess
import sys

TABLE = pathlib.Path(__file__).with_name("cuda_resources.tsv")
COLUMNS = ["kernel", "architecture", "registers", "shared", "stack", "spills"]
TYPES = {0: "f32", 1: "f16", 2: "q4_0", 8: "q8_0", 12: "q4_k", 14: "q6_k"}


def short(names):
    """tijori::cuda::(anonymous namespace)::wide_kernel<(tijori::DType)12>(…) becomes wide_kernel<q4_k>."""
    for tool in ("cu++filt", "/usr/local/cuda/bin/cu++filt", "c++filt"):
        try:
            plain = subprocess.run([tool], input="\n".join(names), capture_output=True, text=True, check=True).stdout.splitlines()
            break
        except FileNotFoundError:
            continue
    else:
        sys.exit("there is neither cu++filt nor c++filt")
    out = {}
    for name, text in zip(names, plain):
        text = re.sub(r"\(tijori::DType\)(\d+)", lambda match: TYPES[int(match.group(1))], text)
        text = re.sub(r"\(unsigned int\)|(?<=\d)u\b|__half\b", lambda match: "half" if match.group() == "__half" else "", text)
        match = re.search(r"(\w+_kernel)(<[^()]*>)?\(", text)
        out[name] = match.group(1) + (match.group(2) or "").replace(" ", "") if match else text
    return out


def reported(folder):
    """(kernel, architecture) -> [registers, shared, stack, spills]"""
    found, key = {}, None
    for report in sorted(folder.rglob("*.ptxas")):
        for line in report.read_text().splitlines():
            if match := re.search(r"Compiling entry function '(\w+)' for '(\w+)'", line):
                key = match.groups()
                found[key] = [0, 0, 0, 0]
            elif match := re.search(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads", line):
                # Said of the kernel and of each function that isn't inlined into it.
                said = int(match.group(1)), int(match.group(2)) + int(match.group(3))
                found[key][2:] = [max(before, now) for before, now in zip(found[key][2:], said)]
            elif match := re.search(r"Used (\d+) registers", line):
                found[key][0] = int(match.group(1))
                shared = re.search(r"(\d+) bytes smem", line)
                found[key][1] = int(shared.group(1)) if shared else 0
    names = short(sorted({name for name, _ in found}))
    return {(names[name], architecture): numbers for (name, architecture), numbers in found.items()}


def main():
    folder = pathlib.Path(sys.argv[1])
    found = reported(folder) if folder.is_dir() else {}
    if not found:
        print(f"there is no *.ptxas below {folder}: the plug-in hasn't been built here")
        sys.exit(77)
    if "--write" in sys.argv[2:]:
        lines = ["\t".join(COLUMNS)] + ["\t".join([*key, *map(str, numbers)]) for key, numbers in sorted(found.items())]
        TABLE.write_text("\n".join(lines) + "\n")
        return
    lines = TABLE.read_text().splitlines()[1:]
    table = {tuple(cells[:2]): [int(cell) for cell in cells[2:]] for cells in (line.split("\t") for line in lines)}
    architectures = {architecture for _, architecture in found}
    faults = [f"{' for '.join(key)}: not in the table" for key in sorted(found.keys() - table.keys())]
    faults += [f"{' for '.join(key)}: in the table only" for key in sorted(table.keys() - found.keys()) if key[1] in architectures]
    for key in sorted(found.keys() & table.keys()):
        for what, has, may in zip(COLUMNS[2:], found[key], table[key]):
            if has > may:
                faults.append(f"{' for '.join(key)}: {what} {has}, {may} in the table")
    print("\n".join(faults) or f"{len(found)} kernels take no more than the table says")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
