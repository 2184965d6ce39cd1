"""One self-contained page: each finding with its code, and beside it the gradients that replay measured, drawn as SVG.

No scripts and no external resources; everything that comes from the checked code is escaped.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files

from closurelint import __version__
from closurelint.report.frame import frame, pieces
from closurelint.report.lines import printable, shown
from closurelint.report.text import position
from closurelint.report.wording import compares_with_reference, evidence, fixable, summary
from closurelint.rules import BY_CODE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from closurelint.diagnostic import Diagnostic
    from closurelint.evidence import Gradient
    from closurelint.report import Report

CELL, BOX, STRIP = 60, 30, 34
"""Pixels: the width of a cell, the height of its number, the height of its pair below that."""

LEGEND = (
    "How to read it: dW is the gradient by central differences, on stand-ins: a small network holds the weights "
    "that the closure reads. Each cell is one weight: its dW, and below it f(x\N{MINUS SIGN}h) on the left and f(x+h) "
    "on the right, all on one scale. A level line is a derivative of zero."
)


def render(report: Report) -> str:
    """The page, findings grouped by file."""
    groups: dict[str, list[Diagnostic]] = {}
    for item in report.diagnostics():
        groups.setdefault(shown(item.filename, report.directory), []).append(item)
    sections = "".join(_section(name, items, report) for name, items in groups.items())
    style = files("closurelint.report").joinpath("html.css").read_text(encoding="utf-8")
    contents = "".join(
        f'<li><a href="#{_anchor(name)}">{escape(name)}</a> <span class="count">{len(items)}</span></li>'
        for name, items in groups.items()
    )
    navigation = f'<nav aria-label="files"><ul>{contents}</ul></nav>' if len(groups) > 1 else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>closurelint: {escape(summary(report))}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<header><h1>closurelint</h1><p>{escape(summary(report))}</p>"
        f'<p class="quiet">{_prose(fixable(report).removeprefix("[*] "))}</p>'
        f'<p class="quiet legend">{LEGEND} <span class="key negative">below zero</span> '
        f'<span class="key positive">above zero</span></p>{navigation}</header>\n<main>\n{sections}</main>\n'
        f"{_rules(report)}<footer>closurelint {__version__}</footer>\n</body>\n</html>\n"
    )


def _section(name: str, items: Sequence[Diagnostic], report: Report) -> str:
    cards = "".join(_card(item, report) for item in items)
    return f'<section id="{_anchor(name)}"><h2>{escape(name)}</h2>{cards}</section>\n'


def _anchor(name: str) -> str:
    return "file-" + "".join(char if char.isascii() and char.isalnum() else f"-{ord(char):x}-" for char in name)


def _card(item: Diagnostic, report: Report) -> str:
    rule = BY_CODE[item.code]
    found = frame(item, report)
    lines = "\n".join(_frame_line(line, above) for above, line in zip(("", *found), found, strict=False))
    numbers = evidence(item)
    verdict = "" if item.evidence is None else item.evidence.verdict
    badge = f'<span class="verdict {verdict.replace(" ", "-")}">{escape(verdict)}</span>' if verdict else ""
    fixes = "".join(f"<li>{escape(fix.applicability)} fix: {_prose(fix.message)}</li>" for fix in item.fixes)
    return (
        f'<article><h3><a class="code" href="#{item.code}" title="{escape(rule.summary)}">{item.code}</a> '
        f"{_prose(item.message)}</h3>"
        f'<p class="quiet">{escape(item.name)}, at {escape(position(item.range))} {badge}</p>'
        f'<div class="sides"><pre>{lines}</pre>{_plots(item)}</div>'
        + (f'<p class="numbers">{_prose(numbers)}</p>' if numbers else "")
        + (f'<ul class="fixes">{fixes}</ul>' if fixes else "")
        + "</article>"
    )


def _prose(text: str) -> str:
    """A sentence with what stands in backticks as code."""
    parts = escape(printable(text)).split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))


def _frame_line(line: str, above: str) -> str:
    return "".join(f'<span class="{kind}">{escape(text)}</span>' for kind, text in pieces(line, above) if text)


def _rules(report: Report) -> str:
    """The manuals of the rules that were broken, folded."""
    codes = sorted({item.code for item in report.diagnostics()})
    manuals = "".join(
        f'<details id="{code}"><summary><span class="code">{code}</span> {escape(BY_CODE[code].name)}: '
        f"{_prose(BY_CODE[code].summary)}</summary>{_manual(BY_CODE[code].manual)}</details>"
        for code in codes
    )
    return f"<section><h2>What the rules say</h2>{manuals}</section>\n" if manuals else ""


def _manual(text: str) -> str:
    """A manual's Markdown: headings, paragraphs, lists and fenced code."""
    parts = []
    for index, piece in enumerate(text.strip().split("```")):
        if index % 2:
            parts.append(f"<pre>{escape(piece.partition(chr(10))[2].rstrip())}</pre>")
            continue
        for block in filter(None, (each.strip() for each in piece.split("\n\n"))):
            if block.startswith("## "):
                parts.append(f"<h4>{_prose(block[3:])}</h4>")
            elif block.startswith(("* ", "- ")):
                items = " ".join(block.split()).lstrip("*- ").split(f" {block[0]} ")
                parts.append(f"<ul>{''.join(f'<li>{_prose(item)}</li>' for item in items)}</ul>")
            else:
                parts.append(f"<p>{_prose(' '.join(block.split()))}</p>")
    return "".join(parts)


def _plots(item: Diagnostic) -> str:
    found = item.evidence
    if found is None or found.copy is None:
        return ""
    compared = [("a copy", found.copy)]
    if compares_with_reference(found) and found.reference is not None:
        compared.append(("if it used its parameter", found.reference))
    elif found.alias is not None:
        compared.append(("the aliased array", found.alias))
    largest = max(gradient.largest for _, gradient in compared)
    values = [value for _, gradient in compared for pair in gradient.pairs for value in pair]
    figures = "".join(
        f"<figure><figcaption>dW{'' if label.startswith('if') else ' for'} {escape(label)}</figcaption>"
        f"{_heat_map(gradient, largest, values, label)}</figure>"
        for label, gradient in compared
    )
    return f'<div class="plots">{figures}</div>'


def _heat_map(gradient: Gradient, largest: float, values: Sequence[float], label: str) -> str:
    """A cell for each weight: its number on a colour, and below it the pair that it was made of."""
    columns = max(gradient.shape[-1] if gradient.shape else 1, 1)
    rows = max(-(-len(gradient.values) // columns), 1)
    cells = []
    for index, value in enumerate(gradient.values):
        x, y = index % columns * CELL, index // columns * (BOX + STRIP)
        strength = 0.0 if largest <= 0 else abs(value) / largest
        sign = "positive" if value > 0 else "negative" if value < 0 else "zero"
        strong = " strong" if strength > 0.6 else ""
        pair = gradient.pairs[index] if index < len(gradient.pairs) else None
        cells.append(
            f"<g><title>{_cell_title(index, columns, value, pair)}</title>"
            f'<rect class="{sign}" x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{BOX - 2}" rx="3" '
            f'fill-opacity="{0.15 + 0.85 * strength if strength else 0:.3f}"/>'
            f'<text class="{strong.strip()}" x="{x + CELL / 2}" y="{y + BOX * 0.62:.1f}">{escape(_short(value))}</text>'
            f"{_pair(pair, values, x, y + BOX)}</g>"
        )
    width, height = columns * CELL, rows * (BOX + STRIP)
    return (
        f'<svg role="img" aria-label="heat map of dW, with f(x-h) and f(x+h) for each index, for {escape(label)}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">{"".join(cells)}</svg>'
    )


def _cell_title(index: int, columns: int, value: float, pair: tuple[float, float] | None) -> str:
    said = f"dW[{index // columns}, {index % columns}] = {value:.6g}"
    return said if pair is None else f"{said}: f(x+h) = {pair[0]:.10g}, f(x-h) = {pair[1]:.10g}"


def _pair(pair: tuple[float, float] | None, values: Sequence[float], x: float, top: float) -> str:
    """f(x-h) and f(x+h) as two dots on the scale of all `values`, joined."""
    if pair is None:
        return ""
    above, below = pair
    left, right = x + CELL * 0.25, x + CELL * 0.75
    y_left, y_right = (top + _height(value, values) for value in (below, above))
    kind = "flat" if above == below else "rising" if above > below else "falling"
    return (
        f'<g class="{kind}"><line x1="{left:.1f}" y1="{y_left:.1f}" x2="{right:.1f}" y2="{y_right:.1f}"/>'
        f'<circle cx="{left:.1f}" cy="{y_left:.1f}" r="2.5"/><circle cx="{right:.1f}" cy="{y_right:.1f}" r="2.5"/></g>'
    )


def _height(value: float, values: Sequence[float]) -> float:
    """Where a value stands in its strip; equal values, but for rounding, stand in the middle."""
    middle = (max(values) + min(values)) / 2
    reach = (max(values) - min(values)) / 2
    if reach <= 1e-12 * max(abs(middle), 1.0):
        return STRIP / 2
    return STRIP / 2 - (value - middle) / reach * (STRIP / 2 - 6)


def _short(value: float) -> str:
    """Two significant digits, which fit a cell; the title has them all."""
    return f"{value:.2g}" if abs(value) > 1e-12 else "0"
