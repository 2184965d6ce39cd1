"""JSON with places: where in the text the strings of a notebook's cells stand.

Only what is asked for is walked; everything else is skipped by the standard library's decoder, in C.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from json.decoder import scanstring  # type: ignore[attr-defined]  # public in all but the stubs
from typing import Any, NamedTuple, TypeVar

Element = TypeVar("Element")
Reader = Callable[[int], tuple[Any, int]]

_SPACE = re.compile(r"[ \t\n\r]*")


class Literal(NamedTuple):
    """A string literal: its value, and the offsets of its opening quote and of what follows its closing one."""

    value: str
    start: int
    end: int


class Strings(NamedTuple):
    """A string, or a list of strings: how notebooks write a text. `start` and `end` span the whole value.

    `glue` stands between the strings of a list: nothing where they bring their own line ends.
    """

    literals: tuple[Literal, ...]
    is_list: bool
    start: int
    end: int
    glue: str = ""

    @property
    def text(self) -> str:
        """The text that the strings make together."""
        return self.glue.join(literal.value for literal in self.literals)


class JsonText:
    """A JSON text to be walked; every method takes the offset of a value and gives that value and where it ends.

    Raises json.JSONDecodeError where the text is not JSON, RecursionError where it is nested too deeply.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._decode = json.JSONDecoder().raw_decode

    def document(self, reader: Reader) -> Any:
        """The one value that the whole text is."""
        value, end = reader(self._after_space(0))
        end = self._after_space(end)
        if end != len(self.text):
            raise json.JSONDecodeError("Extra data", self.text, end)
        return value

    def value(self, at: int) -> tuple[Any, int]:
        """Any value, without places."""
        return self._decode(self.text, at)

    def object(self, at: int, readers: Mapping[str, Reader]) -> tuple[Any, int]:
        """An object as a dict, with members read by `readers` where they name one; any other value as it is."""
        if self.text[at : at + 1] != "{":
            return self.value(at)
        members: dict[str, Any] = {}
        at = self._after_space(at + 1)
        while self.text[at : at + 1] != "}":
            if self.text[at : at + 1] != '"':
                raise json.JSONDecodeError("Expecting property name enclosed in double quotes", self.text, at)
            key, at = scanstring(self.text, at + 1, True)
            at = self._after_space(at)
            if self.text[at : at + 1] != ":":
                raise json.JSONDecodeError("Expecting ':' delimiter", self.text, at)
            members[key], at = readers.get(key, self.value)(self._after_space(at + 1))
            at = self._next_element(at, "}")
        return members, at + 1

    def array(self, at: int, reader: Callable[[int], tuple[Element, int]]) -> tuple[list[Element], int]:
        """An array, each element read by `reader`; anything that is no array counts as an empty one."""
        if self.text[at : at + 1] != "[":
            return [], self.value(at)[1]
        elements: list[Element] = []
        at = self._after_space(at + 1)
        while self.text[at : at + 1] != "]":
            element, at = reader(at)
            elements.append(element)
            at = self._next_element(at, "]")
        return elements, at + 1

    def strings(self, at: int) -> tuple[Strings | None, int]:
        """A string or a list of strings with the place of each; None for anything else."""
        if self.text[at : at + 1] == '"':
            literal, end = self._literal(at)
            return Strings((literal,), False, at, end), end
        if self.text[at : at + 1] != "[":
            return None, self.value(at)[1]
        elements, end = self.array(at, self._literal_or_none)
        literals = tuple(element for element in elements if element is not None)
        return (Strings(literals, True, at, end) if len(literals) == len(elements) else None), end

    def _literal(self, at: int) -> tuple[Literal, int]:
        value, end = scanstring(self.text, at + 1, True)
        return Literal(value, at, end), end

    def _literal_or_none(self, at: int) -> tuple[Literal | None, int]:
        return self._literal(at) if self.text[at : at + 1] == '"' else (None, self.value(at)[1])

    def _next_element(self, at: int, closing: str) -> int:
        """The offset of the next element after a comma, or of the closing bracket."""
        at = self._after_space(at)
        mark = self.text[at : at + 1]
        if mark == closing:
            return at
        if mark != ",":
            raise json.JSONDecodeError("Expecting ',' delimiter", self.text, at)
        at = self._after_space(at + 1)
        if self.text[at : at + 1] == closing:
            raise json.JSONDecodeError("Expecting value", self.text, at)
        return at

    def _after_space(self, at: int) -> int:
        return _SPACE.match(self.text, at).end()  # type: ignore[union-attr]  # it always matches
