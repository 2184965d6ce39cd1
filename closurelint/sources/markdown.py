"""Blocks of code in Markdown, MyST, Quarto and R Markdown: fences, indented code, bare sessions.

A scanner of lines, no parser: a fence may stand at any indentation, in a list, in a quotation or in another directive.
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
from closurelint.sources.restructuredtext import restructuredtext_blocks
from closurelint.sources.transcript import has_prompt

_FENCE = re.compile(
    r"(?P<before>[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<mark>`{3,}|~{3,}|:{3,}(?=\{|\s*$))(?P<info>.*)$"
)
_DIRECTIVE = re.compile(r"\{\s*\.?(?P<name>[\w-]+)(?![\w-])[^}]*\}\s*(?P<argument>.*)")
_WORD = re.compile(r"[\w-]+")
_HEADING = re.compile(r"#{1,6}\s|(=+|-+)\s*$")
_INDENTED = re.compile(r" {4}|\t| {1,3}\t")


def markdown_blocks(lines: Sequence[DocumentLine]) -> Iterator[Block]:
    """The blocks in order; those in another language are left out."""
    section = 0
    containers: list[str] = []
    at = _below_front_matter(lines)
    while at < len(lines):
        text = lines[at].text
        fence = _FENCE.match(text)
        if fence is None or ("`" in fence["info"] and fence["mark"][0] == "`"):
            section += _HEADING.match(text) is not None
            end = _bare_end(lines, at)
            if end > at:
                language: Language = "session" if has_prompt(text) else "unlabelled"
                yield Block(dedented(lines[at:end]), language, section)
            at = max(end, at + 1)
            continue
        info = fence["info"].strip()
        language = _language(info) if info or fence["mark"][0] != ":" else "container"
        if containers and not info and _closes(fence["mark"], containers[-1]):
            containers.pop()
            at += 1
        elif language == "container":
            containers += [fence["mark"]] * bool(info)
            at += 1
        else:
            end = _fence_end(lines, at, fence["mark"])
            body = [_without_front(line, fence.start("mark")) for line in lines[at + 1 : end]]
            yield from _block(body, language, info, section)
            at = end + 1


def _block(body: list[DocumentLine], language: Language, info: str, section: int) -> Iterator[Block]:
    lines = without_options(body) if info.startswith("{") else body
    if language == "rst":
        yield from (block._replace(section=section) for block in restructuredtext_blocks(lines))
    elif language != "other":
        yield Block(tuple(lines), language, section)


def _language(info: str) -> Language:
    """What the words after a fence say: `python`, `{code-cell} ipython3`, `{.python .numberLines}`, `py:train.py`."""
    directive = _DIRECTIVE.match(info)
    if directive is not None:
        return directive_language(directive["name"], directive["argument"])
    word = _WORD.match(info)
    return named_language(word[0] if word is not None else "")


def _fence_end(lines: Sequence[DocumentLine], start: int, mark: str) -> int:
    """Index of the line that closes the fence opened at `start`, or the number of lines if none does."""
    for at in range(start + 1, len(lines)):
        text = lines[at].text.strip(" \t>")
        if text and not text.strip(mark[0]) and len(text) >= len(mark):
            return at
    return len(lines)


def _closes(mark: str, opened: str) -> bool:
    return mark[0] == opened[0] and len(mark) >= len(opened)


def _without_front(line: DocumentLine, count: int) -> DocumentLine:
    """A fenced line without the indentation and the quotation marks that its fence has."""
    front = 0
    while front < min(count, len(line.text)) and line.text[front] in " \t>":
        front += 1
    return line.without(front)


def _bare_end(lines: Sequence[DocumentLine], at: int) -> int:
    """Where the session or the indented code that starts at `at` ends; `at` itself if neither does."""
    if has_prompt(lines[at].text):
        while at < len(lines) and lines[at].text.strip() and not _FENCE.match(lines[at].text):
            at += 1
        return at
    if not _INDENTED.match(lines[at].text) or (at and lines[at - 1].text.strip()):
        return at
    end = at
    while at < len(lines) and (not lines[at].text.strip() or _INDENTED.match(lines[at].text)):
        if _FENCE.match(lines[at].text):
            break
        at += 1
        end = at if lines[at - 1].text.strip() else end
    return end


def _below_front_matter(lines: Sequence[DocumentLine]) -> int:
    if not lines or lines[0].text.rstrip() != "---":
        return 0
    closing = (at for at in range(1, len(lines)) if lines[at].text.rstrip() in ("---", "..."))
    return next(closing, -1) + 1
