#!/usr/bin/env python3
"""Holds what clients were told against what the log says.

    held.py [--from-line N] TOLD RECORDS…

TOLD has the lines of asking.sh, each RECORDS a page of `tijori audit list --json`. Every answered request has to be there by
the two records of its receipt: number, leaf hash, event, request. Prints "FOUND ACKNOWLEDGED LINES"; what is missing goes to
standard error, and the exit code is 1.
"""
import argparse
import json
import sys


def records_of(pages):
    records = {}
    for page in pages:
        with open(page, encoding="utf-8") as file:
            records.update((record["seq"], record) for record in json.load(file)["records"])
    return records


def missing(request, receipt, records):
    """Why the receipt isn't borne out; None when it is."""
    for name in ("received", "released"):
        promised = receipt.get(name)
        if not promised:
            return f"its receipt has no {name} record"
        record = records.get(promised["seq"])
        if record is None:
            return f"record {promised['seq']} is not in the log"
        if record["leaf"] != promised["leaf"]:
            return f"record {promised['seq']} has leaf {record['leaf']}, and {promised['leaf']} was promised"
        if record["request_id"] not in request:
            return f"record {promised['seq']} is of request {record['request_id']}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--from-line", type=int, default=0)
    parser.add_argument("told")
    parser.add_argument("records", nargs="+")
    arguments = parser.parse_args()
    records = records_of(arguments.records)
    with open(arguments.told, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    acknowledged = lost = 0
    for line in lines[arguments.from_line:]:
        words = line.split(" ", 2)
        if words[0] != "answered":
            continue
        try:
            receipt = json.loads(words[2])
        except (IndexError, ValueError):
            continue  # the cut left it without its end: it was never told
        acknowledged += 1
        why = missing(words[1], receipt, records)
        if why:
            lost += 1
            print(f"request {words[1]}: {why}", file=sys.stderr)
    print(acknowledged - lost, acknowledged, len(lines))
    return 1 if lost else 0


sys.exit(main())
