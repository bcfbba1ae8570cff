#!/usr/bin/env python3
"""over_blocking_test.py [SEED]: how often the shipped policy stops or changes ordinary sentences that hold numbers."""
import collections
import os
import pathlib
import sys

import make_set
import scoring

SENTENCES = 5000
MAX_BLOCKED, MAX_MASKED = 0.001, 0.01
SKIPPED = 77


def main():
    program = pathlib.Path(os.environ["TIJORI_BIN_DIR"]) / "tijori"
    if not program.exists():
        print(f"skipped: {program} is not built")
        return SKIPPED
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20240614
    sentences = make_set.benign_set(seed, SENTENCES)
    counts = collections.Counter()
    for sentence, spans in zip(sentences, scoring.scanned(program, sentences), strict=True):
        actions = {span["action"] for span in spans}
        outcome = "blocked" if actions & {"block", "stop"} else "masked" if "mask" in actions else "passed"
        counts[outcome] += 1
        if outcome != "passed":
            found = ", ".join(f"{span['label']} {sentence['text'][span['start']:span['end']]!r}" for span in spans)
            print(f"{outcome} {sentence['id']}: {sentence['text']!r}: {found}")
    print(f"of {SENTENCES} benign sentences, {counts['blocked']} blocked, {counts['masked']} masked")
    within = counts["blocked"] <= MAX_BLOCKED * SENTENCES and counts["masked"] <= MAX_MASKED * SENTENCES
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
