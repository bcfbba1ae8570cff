#!/usr/bin/env python3
"""strings.py ROOT: the console's catalogues hold together: what stands for numbers and names is the same in both
languages, plural forms are all there, and Hindi is written as docs/console.md says, with the words of its glossary."""
import pathlib
import re
import sys
import unicodedata
import xml.etree.ElementTree as tree

FORMS = {"en": 2, "hi": 2}
PLACEHOLDER = re.compile(r"%(?:L?\d{1,2}|n)")
MNEMONIC = re.compile(r"&(?=[^\s&])")
DEVANAGARI = re.compile(r"[\u0900-\u097f]")
# Stay Latin in Hindi: units, names, codes, file names, what one types. Anything else of four letters and more that isn't
# translated was forgotten.
LATIN = re.compile(r"^(?:[^A-Za-z]|\b(?:Tijori|English|SHA-256|CSV|PNG|JSON|IST|UTC|GiB|MiB|CPU|KV|PKCS|PEM|USB|TLS|Qt|Inter|"
                   r"Enter|Ctrl\+Enter|JetBrains|Mono|Noto|Sans|Devanagari|Bootstrap|Icons|OpenSSL|[a-z]+[-_.:/][a-z._:/-]+|"
                   r"[A-Za-zµ]{1,3}\d*)\b)*$")
BANNED = re.compile(r"\b(?:[Pp]lease|[Ss]uccessfully|[Uu]nable to|[Ii]nvalid)\b|!(?=$|\s)")


def messages(path):
    for context in tree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            forms = [form.text or "" for form in translation.findall("numerusform")]
            yield (context.findtext("name"), message.findtext("source") or "", message.get("numerus") == "yes",
                   forms or [translation.text or ""], translation.get("type"))


def placeholders(text):
    return sorted(PLACEHOLDER.findall(text.replace("%L", "%")))


def faults_of(language, source, numerus, forms, kind):
    if kind:
        yield f"is {kind}"
    if any(not form.strip() for form in forms):
        yield "has an empty translation"
        return
    if numerus and len(forms) != FORMS[language]:
        yield f"has {len(forms)} plural forms, not {FORMS[language]}"
    wanted = placeholders(source)
    for number, form in enumerate(forms):
        # "one client" may do without its number.
        there = placeholders(form)
        if there != wanted and not (numerus and number == 0 and there == [name for name in wanted if name != "%n"]):
            yield f"has {wanted}, its translation {there}: {form}"
        if len(MNEMONIC.findall(form)) != len(MNEMONIC.findall(source)):
            yield f"gains or loses a mnemonic: {form}"
        if "..." in form or "..." in source:
            yield "has three dots in place of …"
        if ("…" in source) != ("…" in form):
            yield f"differs in …: {form}"
        if language == "hi":
            yield from hindi_faults(source, form)
    if BANNED.search(source):
        yield "is not how the console speaks"


def hindi_faults(source, form):
    if form != unicodedata.normalize("NFC", form):
        yield f"is not normalised: {form}"
    if re.search(r"[\u0966-\u096f]", form):
        yield f"has Devanagari digits: {form}"
    if not DEVANAGARI.search(form) and not LATIN.match(PLACEHOLDER.sub("", source)):
        yield f"is not translated: {form}"
    if DEVANAGARI.search(form):
        if source.endswith(".") and not form.endswith(("।", ".", ")")):
            yield f"is a sentence, its translation ends without a danda: {form}"
        if re.search(r"[\u0900-\u097f]\.(?:\s|$)", form):
            yield f"ends a Hindi sentence with a full stop: {form}"
        if form.endswith("।") and not source.endswith((".", "?", "।")):
            yield f"is no sentence, its translation ends with a danda: {form}"
        if re.search(r"\s।", form):
            yield f"has a space before the danda: {form}"
    if "!" in form:
        yield f"exclaims: {form}"


def glossary(root):
    """The pairs of the table of words in docs/console.md."""
    page = (root / "docs" / "console.md").read_text()
    words = {}
    for line in page.split("## Words", 1)[1].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for english, hindi in zip(cells[::2], cells[1::2]):
            if DEVANAGARI.search(hindi):
                words[english] = hindi
    return words


def main():
    root = pathlib.Path(sys.argv[1])
    faults, seen, plural, words = [], 0, {}, glossary(root)
    if len(words) < 20:
        faults.append("docs/console.md: the table of words is gone")
    for language in FORMS:
        path = root / "admin-ui" / "i18n" / f"tijori-console_{language}.ts"
        plural[language] = set()
        for context, source, numerus, forms, kind in messages(path):
            seen += 1
            if numerus:
                plural[language].add((context, source))
            faults += [f"{path.name}: {context}: \"{source}\" {fault}"
                       for fault in faults_of(language, source, numerus, forms, kind)]
            word = words.get(source.rstrip("…"))
            if language == "hi" and word and forms[0].rstrip("…") != word:
                faults.append(f"{path.name}: {context}: \"{source}\" is {forms[0]}, the glossary says {word}")
    for context, source in plural["en"] ^ plural["hi"]:
        faults.append(f"{context}: \"{source}\" has plural forms in one language only")
    print("\n".join(faults) if faults else f"{seen} strings are in order")
    sys.exit(1 if faults or seen < 100 else 0)


if __name__ == "__main__":
    main()
