"""Span-exact recall and precision per type, and the programs that scan texts."""
import json
import subprocess

TYPES = ("AADHAAR", "PAN", "GSTIN", "PAYMENT_CARD", "IFSC", "PHONE_MOBILE", "EMAIL", "UPI_VPA")


def scanned(program, sentences, arguments=()):
    """What `tijori guardrails scan` finds: one list of spans for each sentence."""
    lines = "".join(json.dumps({"id": s["id"], "text": s["text"]}, ensure_ascii=False) + "\n" for s in sentences)
    run = subprocess.run([program, "guardrails", "scan", *arguments], input=lines.encode(), capture_output=True, timeout=300)
    if run.returncode:
        raise SystemExit(f"{program} guardrails scan ended with {run.returncode}: {run.stderr.decode()}")
    answers = [json.loads(line) for line in run.stdout.decode().splitlines()]
    if [answer["id"] for answer in answers] != [sentence["id"] for sentence in sentences]:
        raise SystemExit("the answers of guardrails scan are not those of the texts given, in their order")
    return [answer["spans"] for answer in answers]


def keys(spans):
    return {(span["label"], span["start"], span["end"]) for span in spans if span["label"] in TYPES}


def tolerated(key, wanted):
    """A mobile inside a VPA is neither asked for nor counted (corpus/README.md)."""
    label, start, end = key
    return label == "PHONE_MOBILE" and any(name == "UPI_VPA" and first <= start and end <= last for name, first, last in wanted)


def shown(text, part):
    return ", ".join(f"{label} {text[start:end]!r}" for label, start, end in sorted(part)) or "nothing"


class Score:
    """Counts per type; `faults` names each sentence that is not found exactly."""

    def __init__(self):
        self.found, self.missed, self.wrong = ({name: 0 for name in TYPES} for _ in range(3))
        self.faults = []

    def add(self, sentence, spans):
        wanted, seen = keys(sentence["spans"]), keys(spans)
        seen = {key for key in seen if key in wanted or not tolerated(key, wanted)}
        for counts, part in ((self.found, wanted & seen), (self.missed, wanted - seen), (self.wrong, seen - wanted)):
            for label, _, _ in part:
                counts[label] += 1
        if wanted != seen:
            text = sentence["text"]
            self.faults.append(f"{sentence['id']}: {text!r}; missed: {shown(text, wanted - seen)}; "
                               f"wrong: {shown(text, seen - wanted)}")

    def ratios(self, names):
        found, missed, wrong = (sum(counts[name] for name in names) for counts in (self.found, self.missed, self.wrong))
        return found / max(1, found + missed), found / max(1, found + wrong)

    def recall(self):
        return self.ratios(TYPES)[0]

    def precision(self):
        return self.ratios(TYPES)[1]


def score(sentences, spans):
    result = Score()
    for sentence, found in zip(sentences, spans, strict=True):
        result.add(sentence, found)
    return result


def table(scores):
    """A Markdown table; `scores` maps a column's title to its Score, all of the same set."""
    first = next(iter(scores.values()))
    lines = ["| Type | Spans | " + " | ".join(f"{title}: recall | precision" for title in scores) + " |",
             "| --- | ---: |" + " ---: | ---: |" * len(scores)]
    for title, names in [*((name, (name,)) for name in TYPES), ("all", TYPES)]:
        count = sum(first.found[name] + first.missed[name] for name in names)
        cells = []
        for each in scores.values():
            found = sum(each.found[name] + each.wrong[name] for name in names)
            recall, precision = each.ratios(names)
            cells.append(f"{recall:.3f} | {precision:.3f}" if found else f"{recall:.3f} | –")
        lines.append(f"| {title} | {count} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
