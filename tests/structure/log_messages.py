#!/usr/bin/env python3
"""log_messages.py ROOT: every log line is of a kind of base/log_messages.h, every kind is used and explained once in each
language of packaging/journal, and what a line is put together from is none of what a request or an answer carries."""
import pathlib
import re
import sys
import unicodedata

KIND = re.compile(r'^inline constexpr LogMessage (\w+)\{"([^"]*)",\s*"([^"]*)"\};', re.M)
CALL = re.compile(r"\blog_(?:info|warning|error)\(")
CATALOGUES = {"tijori.catalog": "en", "tijori.hi.catalog": "hi"}
FOLDERS = ["base", "kernels", "engine", "audit", "protocol", "doctor", "daemon", "cli", "admin-ui"]
DEVANAGARI = re.compile(r"[\u0900-\u097f]")
WIDEST = 80
# Names that code of ours gives to what people and models say. That errors don't carry it either, tests/e2e/journal_test.py
# tries: no name tells.
SAID = {"answer", "argument", "arguments", "body", "chat", "chunk", "completion", "content", "contents", "conversation", "delta",
        "deltas", "document", "input", "messages", "output", "payload", "prompt", "prompts", "question", "request", "response",
        "text", "texts", "token", "tokens", "user"}
# A fault of a settings file: the file, the line, what is expected.
HARMLESS = {"fault.text()"}


def arguments_of(code, start):
    """The arguments of the call whose "(" ends before start, split at its own commas."""
    parts, depth, quoted, at = [""], 1, False, start
    while depth:
        letter = code[at]
        if quoted:
            at += letter == "\\"
            quoted = letter != '"'
        elif letter == '"':
            quoted = True
        depth += 0 if quoted else (letter in "({[") - (letter in ")}]")
        if letter == "," and depth == 1 and not quoted:
            parts.append("")
        elif depth:
            parts[-1] += code[at] if letter != "\\" else code[at - 1:at + 1]
        at += 1
    return [part.strip() for part in parts]


def faults_of_calls(root, kinds):
    used, calls, faults = set(), 0, []
    for file in sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.cpp")):
        if file == root / "base/log.cpp":
            continue
        code = file.read_text()
        for call in CALL.finditer(code):
            calls += 1
            place = f"{file.relative_to(root)}:{code.count(chr(10), 0, call.start()) + 1}"
            kind, *line = arguments_of(code, call.end())
            name = re.fullmatch(r"(?:tijori::)?message::(\w+)", kind)
            if not name or name.group(1) not in kinds:
                faults.append(f"{place}: expected a kind of base/log_messages.h, found {kind}")
                continue
            used.add(name.group(1))
            for part in line:
                names = set(re.findall(r"\b[a-z]\w*\b", re.sub(r'"(?:\\.|[^"\\])*"', "", part)))
                if part not in HARMLESS and names & SAID:
                    faults.append(f"{place}: the line is made from {', '.join(sorted(names & SAID))}")
    faults += [f"base/log_messages.h: {name} is the kind of no line" for name in sorted(set(kinds) - used)]
    if calls < 40:
        faults.append(f"{calls} log lines were found, which are too few")
    return faults


def faults_of_entry(language, entry, pages):
    head, _, body = entry.partition("\n\n")
    fields = re.findall(r"^([A-Z][A-Za-z-]*): (.+)$", head, flags=re.M)
    names = [name for name, _ in fields]
    if len(fields) != head.count("\n") + 1 or names[:2] != ["Subject", "Defined-By"] or set(names[2:]) != {"Documentation"}:
        yield f"expected Subject, Defined-By and Documentation, found {names}"
        return
    for page in (value for name, value in fields if name == "Documentation"):
        named = re.fullmatch(r"man:([a-z.-]+)\((\d)\)", page)
        if not named or f"# {named.group(1)}({named.group(2)})" not in pages:
            yield f"{page} is no page of docs/man"
    if len(body.split("\n\n")) < 2:
        yield "says what happened or what to do, but not both"
    text = fields[0][1] + "\n" + body
    if re.search(r"\b(?:TB[D]|PLACEHOLDER|lorem|\?\?\?)\b|@\w*@", text, flags=re.I):
        yield "has a placeholder"
    if any(len(line) > WIDEST for line in body.splitlines()):
        yield f"has a line of more than {WIDEST} characters"
    if text != unicodedata.normalize("NFC", text) or re.search(r"[\u0966-\u096f]", text):
        yield "is not normalised, or has Devanagari digits"
    if bool(DEVANAGARI.search(fields[0][1])) != (language == "hi"):
        yield "has a subject in another language"
    for paragraph in body.strip().split("\n\n"):
        if bool(DEVANAGARI.search(paragraph)) != (language == "hi"):
            yield f"has a paragraph in another language: {paragraph[:40]}"
        if not paragraph.endswith("।" if language == "hi" else "."):
            yield f"has a paragraph without an end: …{paragraph[-40:]}"


def main():
    root = pathlib.Path(sys.argv[1])
    header = (root / "base/log_messages.h").read_text()
    kinds, faults = {}, []
    for name, code, number in KIND.findall(header):
        if code != name.replace("_", "-"):
            faults.append(f"base/log_messages.h: {name} has the code {code}")
        if not re.fullmatch(r"[0-9a-f]{32}", number) or number in kinds.values():
            faults.append(f"base/log_messages.h: {name}: expected 32 hex digits that no other has")
        kinds[name] = number
    if len(kinds) != header.count("constexpr LogMessage"):
        faults.append("base/log_messages.h: a kind is not written as the others are")
    faults += faults_of_calls(root, kinds)
    pages = {page.read_text().split("\n", 1)[0] for page in (root / "docs/man").glob("*.md")}
    subjects = {}
    for file, language in CATALOGUES.items():
        parts = re.split(r"^-- (.*)\n", (root / "packaging/journal" / file).read_text(), flags=re.M)
        entries = list(zip(parts[1::2], parts[2::2]))
        for name, number in kinds.items():
            if [found for found, _ in entries].count(number) != 1:
                faults.append(f"{file}: {name} ({number}) is not explained once")
        for number, entry in entries:
            if number not in kinds.values():
                faults.append(f"{file}: {number} is the id of nothing")
            faults += [f"{file}: {number} {fault}" for fault in faults_of_entry(language, entry.rstrip("\n"), pages)]
        subjects[file] = [entry.split("\n", 1)[0] for _, entry in entries]
        if len(set(subjects[file])) != len(subjects[file]):
            faults.append(f"{file}: two entries have one subject")
    print("\n".join(faults) if faults else f"{len(kinds)} kinds of log lines are explained in {len(CATALOGUES)} languages")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
