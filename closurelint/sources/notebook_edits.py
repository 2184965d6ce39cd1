"""A cell's text after an edit, written the way the notebook writes its texts.

Works on the JSON literals themselves: a character outside the edit keeps its escape, a line keeps its separator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from json.encoder import encode_basestring

from closurelint.diagnostic import Edit
from closurelint.sources.json_spans import Strings
from closurelint.sources.splice import Replacement, replacements, spliced

# One character of a JSON literal; a surrogate pair is one character.
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)
_ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[01])[0-9a-fA-F]{4}")
_PLAIN_SLASH = re.compile(r"(?<!\\)(?:\\\\)*/")
_ESCAPED_HTML = re.compile(r"(?<!\\)(?:\\\\)*\\u00(?:3[cCeE]|26)")
_ESCAPED_BY_SOME = "<>&'\x7f"


def edited_strings(document: str, source: Strings, edits: Iterable[Edit], others: Sequence[Strings]) -> str:
    """JSON for `source` after `edits`; `document` is the notebook's text, `others` all its cells' texts."""
    characters: list[str] = []
    for number, literal in enumerate(source.literals):
        characters += ["\\n"] * (len(source.glue) if number else 0)
        characters += _CHARACTER.findall(document, literal.start + 1, literal.end - 1)
    found = replacements(source.text, edits)
    for start, end, text in reversed(found):
        characters[start:end] = [_escaped(character, document) for character in text]
    if not source.is_list:
        return f'"{"".join(characters)}"'
    elements, at = [], 0
    for size in _sizes_after(source, found):
        elements.append(f'"{"".join(characters[at : at + size])}"')
        at += size + len(source.glue)
    return _list(document, source, elements, others)


def _sizes_after(source: Strings, found: list[Replacement]) -> list[int]:
    """How many characters each element of the list has after the edits.

    A list that holds one line in each element goes on doing so; any other keeps the borders that are not edited away.
    An emptied list keeps one empty string if it has any spacing to keep, so that undoing finds it again.
    """
    values = [literal.value for literal in source.literals]
    old, new = source.text, spliced(source.text, found)
    if source.glue:
        return [len(line) for line in new.split(source.glue)]
    if values in ([], [""], old.splitlines(keepends=True)):
        return [len(line) for line in new.splitlines(keepends=True)] or [0] * bool(values)
    if values == _lines(old):
        return [len(line) for line in _lines(new)] or [0]
    borders, at = [], 0
    for value in values[:-1]:
        at += len(value)
        if not any(start < at < end for start, end, _ in found):
            borders.append(at + sum(len(each) - (end - start) for start, end, each in found if end <= at))
    return [end - start for start, end in zip([0, *borders], [*borders, len(new)], strict=True)]


def _lines(text: str) -> list[str]:
    """`text` in lines that keep their `\\n`, and end at nothing else."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _list(document: str, source: Strings, elements: list[str], others: Sequence[Strings]) -> str:
    """The list with its own spacing: what stands between elements that stay is not touched."""
    old = source.literals
    if not old:
        return f"[{_usual(document).join(elements)}]"
    lead, separators, tail = _spacing(document, source, others)
    if elements == ['""'] and not lead + tail:
        return "[]"
    written = [document[literal.start : literal.end] for literal in old]
    same = 0
    while same < min(len(written), len(elements)) and written[same] == elements[same]:
        same += 1
    grown = len(elements) - len(written)
    usual = separators[0]
    between = separators[: len(old) - 1]
    if grown > 0:
        at = min(same, len(between))
        between = [*between[:at], *[usual] * grown, *between[at:]]
    elif grown < 0:
        at = min(same, len(between) + grown)
        between = [*between[:at], *between[at - grown :]]
    return (
        f"[{lead}" + "".join(f"{element}{gap}" for element, gap in zip(elements, [*between, tail], strict=True)) + "]"
    )


def _spacing(document: str, source: Strings, others: Sequence[Strings]) -> tuple[str, list[str], str]:
    """What stands before, between and after the elements of a list that has some; there is always one separator."""
    first, last = source.literals[0], source.literals[-1]
    lead = document[source.start + 1 : first.start]
    separators = [document[before.end : after.start] for before, after in pairwise(source.literals)]
    if not separators:
        pairs = (other.literals[:2] for other in others if other.is_list and len(other.literals) > 1)
        alike = (document[before.end : after.start] for before, after in pairs)
        # Python 2 put a blank behind every comma, at the end of a line too
        usual = (", " if ", \n" in document else ",") + lead if lead else _usual(document)
        separators = [next((gap for gap in alike if (gap.endswith(lead) if lead else "\n" not in gap)), usual)]
    return lead, separators, document[last.end : source.end - 1]


def _usual(document: str) -> str:
    """What separates elements on one line in a JSON text of this style."""
    return ", " if '": ' in document else ","


def _escaped(character: str, document: str) -> str:
    """`character` inside a JSON literal, escaped where the rest of the notebook escapes it."""
    if character == "/":
        return "\\/" if "/" in document and _PLAIN_SLASH.search(document) is None else "/"
    if character.isascii() and character not in _ESCAPED_BY_SOME:
        return encode_basestring(character)[1:-1]
    units = character.encode("utf-16-be", "surrogatepass")
    form = "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
    if 0xD800 <= ord(character) < 0xE000:
        return form
    if character in document:
        return character
    known = re.search(r"(?<!\\)(?:\\\\)*(" + re.escape(form) + ")", document, re.IGNORECASE)
    if known is not None:
        return known[1]
    if character in "<>&" and _ESCAPED_HTML.search(document) is not None:
        # who escapes one of these, so that the text can stand in a page, escapes them all
        return form
    if character.isascii() or not document.isascii():
        return character
    return form if _ESCAPED.search(document) else character
