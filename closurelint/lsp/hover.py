"""What an editor shows over a call or a function that is handed to one: what it is, its numbers, the rule's manual."""

from __future__ import annotations

import os
from collections.abc import Iterable

from closurelint.diagnostic import Position, Range
from closurelint.evidence import Evidence
from closurelint.lsp.understanding import Understood
from closurelint.rules import BY_CODE
from closurelint.telling import evidence_facts, matters


def at(place: Position, cell: int | None, found: Iterable[Understood]) -> Understood | None:
    """What the place belongs to: the innermost call or function."""
    around = [
        (where, each)
        for each in found
        for where in (each.call, each.objective)
        if where is not None and where.cell == cell and where.start <= place <= where.end
    ]
    return max(around, key=lambda pair: (pair[0].start, _reversed(pair[0].end)), default=(None, None))[1]


def _reversed(end: Position) -> tuple[int, int]:
    return -end.row, -end.column


def text(understood: Understood, evidence: Evidence | None, enabled: Iterable[str], root: str | None = None) -> str:
    """The text as Markdown.

    enabled: the codes of the rules that object and are not switched off here. root: the folder from which paths are
    told; an editor starts the server anywhere.
    """
    facts = [(name, _from(root, said)) for name, said in understood.facts]
    if evidence is not None:
        facts += evidence_facts(evidence) if understood.codes else matters(evidence)
    parts = [f"**closurelint**: {_safe(understood.headline)}", "\n".join(_item(name, said) for name, said in facts)]
    refuted = evidence is not None and evidence.verdict == "refuted"
    rules = [BY_CODE[code] for code in enabled if not refuted]
    if not rules:
        refuted = refuted and bool(understood.codes)
        parts.append("Replay refutes what the rules object to." if refuted else "No rule objects.")
    parts += [f"---\n\n### {rule.code} {rule.name}\n\n{_deeper(rule.manual.strip())}" for rule in rules]
    if understood.differentiator and not rules:
        fence = _longer("``", understood.differentiator)
        parts.append(f"{fence}text\n{understood.differentiator}\n{fence}")
    return "\n\n".join(parts)


def _from(root: str | None, said: str) -> str:
    return said if root is None else said.replace(root.rstrip(os.sep) + os.sep, "")


def _item(name: str, said: str) -> str:
    """One fact of the list; one without a name goes on with the fact above it."""
    return f"- {name}: {_safe(said)}" if name else f"  - {_safe(said)}"


def _safe(said: str) -> str:
    """Words with names in code spans, as Markdown: what the checked code would make markup of is code as a whole."""
    pieces = said.split("`")
    if len(pieces) % 2 and "``" not in said and not any(set(piece) & _MARKUP for piece in pieces[::2]):
        return said
    fence = _longer("`", said)
    return f"{fence} {' '.join(said.split())} {fence}"


def _longer(fence: str, text: str) -> str:
    """A run of backticks that nothing in `text` ends."""
    while fence in text:
        fence += "`"
    return fence


_MARKUP = frozenset("<>[]!&\\")
"""Never in words of our own, outside of code spans."""


def _deeper(manual: str) -> str:
    """A manual whose headings stand below that of its rule."""
    return "\n".join(f"##{line}" if line.startswith("## ") else line for line in manual.split("\n"))


def range_of(understood: Understood, place: Position) -> Range:
    """What the editor may mark while it shows the text."""
    call, objective = understood.call, understood.objective
    inside = objective is not None and objective.start <= place <= objective.end
    return objective if inside and objective is not None else call
