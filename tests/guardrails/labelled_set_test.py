#!/usr/bin/env python3
"""labelled_set_test.py [SEED…]: the detectors on the labelled set and on the hold-out, span by span.

The set is filled from two seeds, one of them today's, so that no detector can be fitted to one filling. TIJORI_BIN_DIR says
where `tijori` lies.
"""
import datetime
import os
import pathlib
import sys

import make_set
import scoring

FIXED_SEED = 20240614
# Recall and precision; the hold-out is hard on purpose.
MIN_LABELLED, MIN_HOLDOUT = (0.98, 0.97), (0.97, 0.97)
MIN_SENTENCES, MIN_SPANS_PER_TYPE = 900, 100
SKIPPED = 77


def offsets_disagree(sentence, spans):
    """Spans whose byte offsets are not those of their code points."""
    text = sentence["text"]
    return [span for span in spans
            if not 0 <= span["start"] < span["end"] <= len(text)
            or span["start_byte"] != len(text[:span["start"]].encode()) or span["end_byte"] != len(text[:span["end"]].encode())]


def checked(program, title, sentences, minimum):
    found = scoring.scanned(program, sentences)
    score = scoring.score(sentences, found)
    print(f"\n{title}: {len(sentences)} sentences\n\n{scoring.table({'Tijori': score})}\n")
    print("\n".join(score.faults))
    faults = [f"{title}: offsets of {span} in {sentence['id']}"
              for sentence, spans in zip(sentences, found) for span in offsets_disagree(sentence, spans)]
    for what, ratio, least in zip(("recall", "precision"), (score.recall(), score.precision()), minimum):
        if ratio < least:
            faults.append(f"{title}: {what} {ratio:.4f} is under {least}")
    return faults


def set_faults(sentences):
    counts = {name: sum(span["label"] == name for s in sentences for span in s["spans"]) for name in scoring.TYPES}
    faults = [f"only {count} spans of {name}" for name, count in counts.items() if count < MIN_SPANS_PER_TYPE]
    return faults + ([f"only {len(sentences)} sentences"] if len(sentences) < MIN_SENTENCES else [])


def main():
    program = pathlib.Path(os.environ["TIJORI_BIN_DIR"]) / "tijori"
    if not program.exists():
        print(f"skipped: {program} is not built")
        return SKIPPED
    seeds = [int(seed) for seed in sys.argv[1:]] or [FIXED_SEED, datetime.date.today().toordinal()]
    faults = set_faults(make_set.labelled_set(seeds[0]))
    for seed in seeds:
        faults += checked(program, f"labelled set, seed {seed}", make_set.labelled_set(seed), MIN_LABELLED)
        faults += checked(program, f"hold-out, seed {seed}", make_set.holdout_set(seed), MIN_HOLDOUT)
    print("\n".join(faults) or "recall, precision and offsets are as promised")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
