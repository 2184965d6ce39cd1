"""One self-contained page: each finding with its code, and beside it the gradients that replay measured, drawn as SVG.

No scripts and no external resources; everything that comes from the checked code is escaped.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files

from closurelint import __version__
from closurelint.report.frame import frame
from closurelint.report.lines import printable, shown
from closurelint.report.text import position
from closurelint.report.wording import evidence, fixable, summary
from closurelint.rules import BY_CODE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from closurelint.diagnostic import Diagnostic
    from closurelint.evidence import Gradient
    from closurelint.report import Report

CELL = 54
"""Pixels of a heat map's cell, and of a pair's column."""


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
        f'<header><h1>closurelint</h1><p>{escape(summary(report))}</p><p class="quiet">{escape(fixable(report))}</p>'
        f"{navigation}</header>\n<main>\n{sections}</main>\n"
        f"<footer>closurelint {__version__}. dW is the gradient by central differences, on stand-ins: a small network "
        "holds the weights that the closure reads. Left of each bar pair f(x&minus;h), right f(x+h).</footer>\n"
        "</body>\n</html>\n"
    )


def _section(name: str, items: Sequence[Diagnostic], report: Report) -> str:
    cards = "".join(_card(item, report) for item in items)
    return f'<section id="{_anchor(name)}"><h2>{escape(name)}</h2>{cards}</section>\n'


def _anchor(name: str) -> str:
    return "file-" + "".join(char if char.isascii() and char.isalnum() else f"-{ord(char):x}-" for char in name)


def _card(item: Diagnostic, report: Report) -> str:
    rule = BY_CODE[item.code]
    lines = "\n".join(_frame_line(line) for line in frame(item, report))
    numbers = evidence(item)
    verdict = "" if item.evidence is None else item.evidence.verdict
    badge = f'<span class="verdict {verdict.replace(" ", "-")}">{escape(verdict)}</span>' if verdict else ""
    fixes = "".join(f"<li>{escape(fix.applicability)} fix: {escape(fix.message)}</li>" for fix in item.fixes)
    return (
        f'<article><h3><span class="code" title="{escape(rule.summary)}">{item.code}</span> '
        f"{escape(printable(item.message))}</h3>"
        f'<p class="quiet">{escape(item.name)}, at {escape(position(item.range))} {badge}</p>'
        f'<div class="sides"><pre>{lines}</pre>{_plots(item)}</div>'
        + (f'<p class="numbers">{escape(numbers)}</p>' if numbers else "")
        + (f'<ul class="fixes">{fixes}</ul>' if fixes else "")
        + "</article>"
    )


def _frame_line(line: str) -> str:
    _, bar, rest = line.partition(" | ")
    kind = "primary" if rest.lstrip().startswith("^") else "related" if rest.lstrip().startswith("-") else ""
    text = escape(line)
    return f'<span class="{kind}">{text}</span>' if kind and bar else text


def _plots(item: Diagnostic) -> str:
    found = item.evidence
    if found is None or found.copy is None:
        return ""
    shown_gradients = [("a copy", found.copy)]
    if found.alias is not None:
        shown_gradients.append(("the aliased array", found.alias))
    elif found.reference is not None:
        shown_gradients.append(("if it used its parameter", found.reference))
    largest = max(gradient.largest for _, gradient in shown_gradients)
    figures = "".join(
        f"<figure><figcaption>dW for {escape(label)}</figcaption>"
        f"{_heat_map(gradient, largest, label)}{_pairs(gradient, label)}</figure>"
        for label, gradient in shown_gradients
    )
    return f'<div class="plots">{figures}</div>'


def _heat_map(gradient: Gradient, largest: float, label: str) -> str:
    columns = gradient.shape[-1] if gradient.shape else 1
    rows = max(len(gradient.values) // max(columns, 1), 1)
    parts = []
    for index, value in enumerate(gradient.values):
        x, y = index % columns * CELL, index // columns * CELL * 0.6
        strength = 0.0 if largest <= 0 else abs(value) / largest
        sign = "positive" if value > 0 else "negative" if value < 0 else "zero"
        parts.append(
            f"<g><title>dW[{index // columns}, {index % columns}] = {value:.6g}</title>"
            f'<rect class="{sign}" x="{x + 1}" y="{y + 1:.1f}" width="{CELL - 2}" height="{CELL * 0.6 - 2:.1f}" rx="3" '
            f'fill-opacity="{0.12 + 0.78 * strength if strength else 0:.3f}"/>'
            f'<text x="{x + CELL / 2}" y="{y + CELL * 0.36:.1f}">{escape(_short(value))}</text></g>'
        )
    width, height = columns * CELL, rows * CELL * 0.6
    return (
        f'<svg role="img" aria-label="heat map of dW for {escape(label)}" viewBox="0 0 {width} {height:.1f}" '
        f'width="{width}" height="{height:.1f}">{"".join(parts)}</svg>'
    )


def _pairs(gradient: Gradient, label: str) -> str:
    """For each index, f(x-h) and f(x+h) as two dots on one scale, joined: a flat line is a zero derivative."""
    if not gradient.pairs:
        return ""
    values = [value for pair in gradient.pairs for value in pair]
    middle = sum(values) / len(values)
    reach = max((abs(value - middle) for value in values), default=0.0)
    height, width = 44, len(gradient.pairs) * CELL
    parts = [f'<line class="axis" x1="0" y1="{height / 2}" x2="{width}" y2="{height / 2}"/>']
    for index, (above, below) in enumerate(gradient.pairs):
        left, right = index * CELL + CELL * 0.28, index * CELL + CELL * 0.72
        y_left, y_right = (_height(value, middle, reach, height) for value in (below, above))
        kind = "flat" if above == below else "rising" if above > below else "falling"
        parts.append(
            f'<g class="{kind}"><title>index {index}: f(x+h) = {above:.10g}, f(x-h) = {below:.10g}</title>'
            f'<line x1="{left:.1f}" y1="{y_left:.1f}" x2="{right:.1f}" y2="{y_right:.1f}"/>'
            f'<circle cx="{left:.1f}" cy="{y_left:.1f}" r="3"/><circle cx="{right:.1f}" cy="{y_right:.1f}" r="3"/></g>'
        )
    return (
        f'<svg role="img" aria-label="f(x-h) and f(x+h) for each index, for {escape(label)}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">{"".join(parts)}</svg>'
    )


def _height(value: float, middle: float, reach: float, height: int) -> float:
    if reach <= 0:
        return height / 2
    return height / 2 - (value - middle) / reach * (height / 2 - 6)


def _short(value: float) -> str:
    """Two significant digits, which fit a cell; the title has them all."""
    return f"{value:.2g}" if abs(value) > 1e-12 else "0"
