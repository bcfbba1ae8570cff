#!/usr/bin/env python3
"""console_page.py ROOT: the tables of docs/console.md are those of admin-ui/theme, and the colours reach the contrast that
the page promises (WCAG 2)."""
import pathlib
import re
import sys

LOOKS = ["light", "dark", "on black", "on white"]
FILLS = ["surface", "canvas", "rail", "sunken", "hover", "raised", "accent_soft"]
METRICS = ["rail_width", "narrow_rail_width", "drawer_width", "control_height", "compact_height", "icon", "radius_badge",
           "radius_compact", "radius_control", "radius_panel", "radius_raised"]


def table_below(page, heading, first_cell):
    """The rows of the first table below a heading whose head starts with that cell, head left out."""
    lines = page.split(f"## {heading}\n", 1)[1].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first_cell}"))
    rows = []
    for line in lines[start + 2:]:
        if not line.startswith("|"):
            return rows
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def luminance(colour):
    channels = [int(colour[place:place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def contrast_faults(colours):
    pairs = [(role, fill, 4.5) for role in ("text", "text2", "text3", "accent") for fill in FILLS]
    pairs += [(role, f"{role}_soft", 4.5) for role in ("ok", "warn", "danger")]
    pairs += [("text2", "warn_soft", 4.5), ("text2", "danger_soft", 4.5), ("surface", "danger", 4.5)]
    pairs += [("on_accent", fill, 4.5) for fill in ("accent", "accent_hover", "accent_press")]
    pairs += [(role, fill, 3) for role in ("edge", "focus") for fill in FILLS]
    for role, fill, needed in pairs:
        for look, name in enumerate(LOOKS):
            reached = contrast(colours[role][look], colours[fill][look])
            if reached < needed:
                yield f"{role} on {fill}, {name}: {reached:.2f} : 1, {needed} is needed"


def main():
    root = pathlib.Path(sys.argv[1])
    page = (root / "docs" / "console.md").read_text()
    theme = root / "admin-ui" / "theme"
    faults = []

    code = {role: [f"#{value}" for value in re.findall(r"0xFF([0-9A-F]{6})", row)]
            for row, role in re.findall(r"\{((?:0xFF[0-9A-F]{6}(?:, )?){4})\},\s*// (\w+)", (theme / "colour.cpp").read_text())}
    written = {row[0].strip("`"): [cell.strip("`") for cell in row[2:]]
               for row in table_below(page, "Colours by role", "role")}
    if len(code) < 20:
        faults.append("colour.cpp: its table can't be read")
    for role in sorted(code.keys() | written.keys()):
        if code.get(role) != written.get(role):
            faults.append(f"colour {role}: {code.get(role)} in the code, {written.get(role)} on the page")
    if not faults:
        faults += contrast_faults(code)

    rows = re.findall(r"case Type::(\w+):\s*return (?:hindi \? )?Row\{(\d+), (\d+), (\d+)\} : Row\{(\d+), (\d+), (\d+)\}",
                      (theme / "type.cpp").read_text())
    types = {name: [f"{e[0]}/{e[1]} {e[2]}", f"{h[0]}/{h[1]} {h[2]}"]
             for name, *numbers in rows for h, e in [(numbers[:3], numbers[3:])]}
    written = {re.search(r"`(\w+)`", row[0]).group(1): row[1:] for row in table_below(page, "Type", "use")}
    for name in sorted(types.keys() | written.keys()):
        if types.get(name) != written.get(name):
            faults.append(f"type {name}: {types.get(name)} in the code, {written.get(name)} on the page")

    header = (theme / "theme.h").read_text()
    metrics = [re.search(rf"\b{name} = (\d+);", header).group(1) for name in METRICS]
    if metrics != table_below(page, "Spacing", "rail")[0]:
        faults.append(f"spacing: {metrics} in the code, {table_below(page, 'Spacing', 'rail')[0]} on the page")

    print("\n".join(faults) if faults else f"{len(code)} colours, {len(types)} types, {len(metrics)} measures agree")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
