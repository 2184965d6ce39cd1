"""Which lines start a statement, without parsing: they may be the lines that keep a text from being parsed."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(r"\"\"\"|'''|\"(?:\\.|[^\"\\])*\"?|'(?:\\.|[^'\\])*'?|#.*|[()\[\]{}]|\\$")


class Nesting(NamedTuple):
    """Whether the next line starts a statement: open brackets, an open triple quote, a backslash at the line's end."""

    depth: int = 0
    quote: str = ""
    joined: bool = False

    @property
    def is_outside(self) -> bool:
        """Whether a statement can start on the next line."""
        return not (self.depth or self.quote or self.joined)

    def after(self, line: str) -> Nesting:
        """The state below `line`."""
        depth, quote, joined, at = self.depth, self.quote, False, 0
        while at <= len(line):
            if quote:
                end = line.find(quote, at)
                while end > 0 and line[end - 1] == "\\":
                    end = line.find(quote, end + 1)
                if end < 0:
                    return Nesting(depth, quote)
                quote, at = "", end + 3
            token = _TOKEN.search(line, at)
            if token is None:
                break
            at = token.end()
            if token[0] in ('"""', "'''"):
                quote = token[0]
            elif token[0] in "([{":
                depth += 1
            elif token[0] in ")]}":
                depth = max(depth - 1, 0)
            elif token[0] == "\\":
                joined = True
        return Nesting(depth, quote, joined)


def code_length(line: str) -> int:
    """How long `line` is without its comment; the line starts outside of strings."""
    for token in _TOKEN.finditer(line):
        if token[0].startswith("#"):
            return token.start()
    return len(line)
