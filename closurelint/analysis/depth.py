"""How deep the tree of a text can get, from its tokens: LibCST's parser recurses on the C stack, and would overrun it.

Each level of a tree takes a token of its own, so the tokens of one element (between commas, within a statement), with
those of the elements around it, bound the depth from above. Python's own parser cannot be asked instead: it gives up at
depths that differ by version, and is content with chains that LibCST nests.
"""

from __future__ import annotations

import re
from typing import NamedTuple

DEEPEST = 3_000
"""Levels; the deepest place of the standard library has 800. Parsing takes the square of them, here a few seconds."""

MOST_BRACKETS = 200
"""Python itself reads no more within one another."""

_TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\n]*)
    | (?P<string> [A-Za-z]{0,2} (?:
          \"\"\" [^\\"]*  (?: (?: \\(?:.|\Z) | "(?!"") ) [^\\"]*  )* (?:\"\"\"|\Z)
        | '''    [^\\']*  (?: (?: \\(?:.|\Z) | '(?!'') ) [^\\']*  )* (?:'''|\Z)
        | "      [^\\"\n]* (?: \\(?:.|\Z) [^\\"\n]* )* (?:"|(?=\n)|\Z)
        | '      [^\\'\n]* (?: \\(?:.|\Z) [^\\'\n]* )* (?:'|(?=\n)|\Z)
      ))
    | (?P<line> \n[ \t\f]*)
    | (?P<word> \w+)
    | (?P<joined> \\\r?\n)
    | (?P<mark> [^\w\s])
    """,
    re.VERBOSE | re.DOTALL,
)
_NESTING_WORDS = frozenset("and as async await else for from if in is lambda not or yield".split())
_INDENT = 3
"""What a block counts: a statement within a statement is several calls deep."""


class Depth(NamedTuple):
    """The deepest place of a text: an upper bound of its depth, and its row."""

    levels: int
    row: int


def depth(text: str) -> Depth:
    """The depth of the deepest place in `text`, which need not be Python."""
    scan = _Scan()
    for token in _TOKEN.finditer("\n" + text):
        scan.take(token.lastgroup, token.group())
    return Depth(scan.deepest, scan.place)


class _Scan:
    """One walk over the tokens: brackets around the place, tokens of the element in each, and the blocks around."""

    def __init__(self) -> None:
        self.deepest, self.place, self.row = 0, 1, 0
        self.outer: list[tuple[int, bool]] = []
        self.around = self.count = 0
        self.lambdas = self.after_string = False
        self.blocks = [[0, 0]]
        self.starts = True

    def take(self, kind: str | None, text: str) -> None:
        if kind == "line":
            self._line(text)
        elif kind == "word":
            self._word(text)
        elif kind == "mark":
            self._mark(text)
        elif kind == "string":
            self._more(_braces(text) + 1 if self.after_string or "{" in text else 0)
            self.after_string = True
            self.row += text.count("\n")
        elif kind == "joined":
            self.row += 1

    def _line(self, text: str) -> None:
        self.row += 1
        if not self.outer:
            self.width = len(text) - 1
            self.starts = True
            self._next_element()

    def _word(self, text: str) -> None:
        self._begin(text)
        if text in _NESTING_WORDS:
            self.lambdas |= text == "lambda"
            self._more(1)
        self.after_string = False

    def _mark(self, text: str) -> None:
        self._begin("")
        self.after_string = False
        if text in "([{":
            self._more(1)
            self.outer.append((self.count, self.lambdas))
            self.around += self.count
            self.count, self.lambdas = 0, False
            if len(self.outer) == MOST_BRACKETS + 1:
                self._more(DEEPEST)
        elif text in ")]}":
            if self.outer:
                self.count, self.lambdas = self.outer.pop()
                self.around -= self.count
        elif (text == "," and not self.lambdas) or (text == ";" and not self.outer):
            self._next_element()
        else:
            self._more(1)

    def _begin(self, word: str) -> None:
        """The first token of a statement says which block it stands in; each `elif` nests in the one before."""
        if not self.starts:
            return
        self.starts = False
        while self.blocks[-1][0] > self.width:
            self.blocks.pop()
        if not self.blocks or self.blocks[-1][0] < self.width:
            self.blocks.append([self.width, 0])
        if word == "elif":
            self.blocks[-1][1] += 1
        elif word != "else":
            self.blocks[-1][1] = 0
        self.base = sum(_INDENT + chained for _, chained in self.blocks)
        self._more(0)

    def _next_element(self) -> None:
        self.count, self.lambdas, self.after_string = 0, False, False

    def _more(self, levels: int) -> None:
        self.count += levels
        total = self.base + self.around + self.count
        if total > self.deepest:
            self.deepest, self.place = total, self.row

    width = base = 0


def _braces(text: str) -> int:
    """How deep the replacement fields of an f-string can get."""
    deepest = opened = count = 0
    for mark in re.findall(r"[^\w\s]", text[text.find("{") :]) if "{" in text else ():
        if mark == "{":
            opened += 1
            count += 1
        elif mark == "}":
            opened = max(opened - 1, 0)
            count = count if opened else 0
        elif opened:
            count += 1
        deepest = max(deepest, count)
    return deepest
