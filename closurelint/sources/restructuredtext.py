"""Blocks of code in reStructuredText and plain text: directives, literal blocks after `::`, doctest blocks.

A scanner of lines, no parser: what it needs to know of the rest of a document is where indentation ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from closurelint.sources.blocks import (
    Block,
    DocumentLine,
    Language,
    dedented,
    directive_language,
    named_language,
    without_options,
)
from closurelint.sources.transcript import has_prompt

_DIRECTIVE = re.compile(r"(?P<indent>\s*)\.\.\s+(?:[\w-]+:)?(?P<name>[\w-]+)::\s*(?P<argument>.*)$")
_UNDERLINE = re.compile(r"([=\-~^\"'`#*+.:_<>])\1{2,}\s*$")


def restructuredtext_blocks(lines: Sequence[DocumentLine]) -> Iterator[Block]:
    """The blocks in order; those in another language are left out."""
    section = 0
    usual: Language = "unlabelled"
    at = 0
    while at < len(lines):
        text = lines[at].text
        section += at > 0 and _UNDERLINE.match(text) is not None and bool(lines[at - 1].text.strip())
        directive = _DIRECTIVE.match(text)
        if directive is not None and directive["name"] == "highlight":
            usual = "unlabelled" if named_language(directive["argument"].strip()) == "python" else "other"
        language: Language = "container"
        if directive is not None:
            language = directive_language(directive["name"], directive["argument"])
        elif has_prompt(text):
            end = _paragraph_end(lines, at)
            yield Block(dedented(lines[at:end]), "session", section)
            at = end
            continue
        elif text.rstrip().endswith("::"):
            language = usual
        end = at + 1
        if language != "container":
            end = _body_end(lines, at)
            body = lines[at + 1 : end]
            if language != "other":
                yield Block(dedented(without_options(body) if directive is not None else body), language, section)
        at = end


def _body_end(lines: Sequence[DocumentLine], start: int) -> int:
    """Where the lines below `start` that are indented more than it end."""
    end = start + 1
    for at in range(start + 1, len(lines)):
        if lines[at].text.strip():
            if lines[at].indent <= lines[start].indent:
                break
            end = at + 1
    return end


def _paragraph_end(lines: Sequence[DocumentLine], at: int) -> int:
    while at < len(lines) and lines[at].text.strip():
        at += 1
    return at
