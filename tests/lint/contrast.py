#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stylesheet colours can be read: WCAG 2.1, 1.4.3 and 1.4.11, in light and dark.

Text stands out from a card, and from the window, by 4.5 to 1; a symbol by 3 to 1. libadwaita's colours are those of 1.2.
"""

import re

from source_tree import ROOT, Report

SHEET = ROOT / "src" / "ui" / "style.css"
PALETTE = {"red_3": "#e01b24", "purple_1": "#dc8add", "purple_3": "#9141ac", "blue_3": "#3584e4"}
STYLES = {
    "light": {"window": "#fafafa", "card": "#ffffff", "window_fg_color": "#323232", "view_fg_color": "#333333", "accent_color": "#1c71d8",
              "warning_color": "#9c6e03", "error_color": "#c01c28"},
    "dark": {"window": "#242424", "card": "#363636", "window_fg_color": "#ffffff", "view_fg_color": "#ffffff", "accent_color": "#78aeed",
             "warning_color": "#f8e45c", "error_color": "#ff7b63"},
}
TEXT, GRAPHICS = 4.5, 3.0
CHART = ("accent_color", "error_color")  # and a purple of its own in each style, as wf-history-chart.c has them
CHART_PURPLE = {"light": "purple_3", "dark": "purple_1"}


def parse_hex(text):
    return tuple(int(text[index:index + 2], 16) / 255 for index in (1, 3, 5))


def blend(colour, other, share):
    return tuple(a * (1 - share) + b * share for a, b in zip(colour, other))


def evaluate(text, style):
    """One colour of GTK's CSS, or None where there is none to look at."""
    text = text.strip()
    if text == "currentColor":
        return parse_hex(style["window_fg_color"])
    if text.startswith("@"):
        value = style.get(text[1:]) or PALETTE.get(text[1:])
        if value is None:
            raise KeyError(f"{text} is not known here")
        return parse_hex(value)
    mixed = re.fullmatch(r"mix\((\S+), (\S+), ([\d.]+)\)", text)
    if mixed:
        return blend(evaluate(mixed[1], style), evaluate(mixed[2], style), float(mixed[3]))
    return None


def luminance(colour):
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def rules():
    text = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        fields = dict(re.findall(r"([\w-]+):\s*([^;]+);", body))
        for selector in selectors.split(","):
            yield selector.strip(), fields


def judge(what, colour, style, least):
    found = []
    for ground in ("window", "card"):
        ratio = contrast(colour, parse_hex(style[ground]))
        if ratio < least:
            found.append(f"{what} on the {ground}: {ratio:.2f}, not {least}")
    return found


def main():
    report = Report()
    for name, style in STYLES.items():
        found, n_judged = [], 0
        for selector, fields in rules():
            least = GRAPHICS if selector.endswith(".symbol") else TEXT
            colour = evaluate(fields["color"], style) if "color" in fields else None
            if colour is None and "opacity" in fields:
                colour = parse_hex(style["window_fg_color"])
            if colour is None:
                continue
            shown = blend(parse_hex(style["card"]), colour, float(fields.get("opacity", 1)))
            found += judge(selector, shown, style, least)
            n_judged += 1
        for part in (*CHART, CHART_PURPLE[name]):
            found += judge(f"the chart's {part}", evaluate(f"@{part}", style), style, GRAPHICS)
        report.case(f"{name}: what is coloured can be read", found if n_judged > 8 else ["the rules were not found"])
    report.end()


main()
