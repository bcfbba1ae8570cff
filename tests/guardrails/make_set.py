#!/usr/bin/env python3
"""make_set.py --seed N [--holdout | --benign COUNT] > set.jsonl: fills the templates of corpus/ (see its README.md).

Each line is {"id", "text", "spans": [{"label", "start", "end"}]}, half-open offsets in code points.
"""
import argparse
import json
import pathlib
import random
import re
import sys

import fillers
import identifiers

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"
LABELLED_FILES = ("aadhaar", "pan", "gstin", "card", "ifsc", "phone", "email", "vpa", "mixed", "lookalikes")
HOLDOUT_FILES = ("holdout", "holdout_second")
PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z_0-9]*)(?::([^{}\s\"]*))?\}")


def templates(name):
    """Pairs of line number and template."""
    lines = (CORPUS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [(at, line) for at, line in enumerate(lines, 1) if line and not line.startswith("#")]


def filled(template, source):
    template = template.replace("\\n", "\n").replace("\\t", "\t")
    text, spans, at = "", [], 0
    for found in PLACEHOLDER.finditer(template):
        name, options = found.group(1), [entry for entry in (found.group(2) or "").split(",") if entry]
        text += template[at:found.start()]
        if name in identifiers.LABELLED:
            value = identifiers.LABELLED[name](source, options)
            spans.append({"label": name, "start": len(text), "end": len(text) + len(value)})
        else:
            value = fillers.FILLERS[name](source, options)
        text += value
        at = found.end()
    return text + template[at:], spans


def sentences(names, seed, count=None):
    """One filling of every template of the files, or `count` fillings shared among them."""
    listed = [(name, at, template) for name in names for at, template in templates(name)]
    for turn in range(count if count is not None else len(listed)):
        name, at, template = listed[turn % len(listed)]
        identity = f"{name}-{at}" + (f"-{turn // len(listed)}" if count is not None else "")
        # A source of its own for each sentence: a new template leaves the others as they were.
        text, spans = filled(template, random.Random(f"{seed}:{identity}"))
        yield {"id": identity, "text": text, "spans": spans}


def labelled_set(seed):
    return list(sentences(LABELLED_FILES, seed))


def holdout_set(seed):
    return list(sentences(HOLDOUT_FILES, seed))


def benign_set(seed, count):
    return list(sentences(["benign"], seed, count))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, required=True)
    arguments.add_argument("--holdout", action="store_true")
    arguments.add_argument("--benign", type=int, metavar="COUNT")
    options = arguments.parse_args()
    if options.benign is not None:
        chosen = benign_set(options.seed, options.benign)
    else:
        chosen = holdout_set(options.seed) if options.holdout else labelled_set(options.seed)
    for sentence in chosen:
        print(json.dumps(sentence, ensure_ascii=False))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    main()
