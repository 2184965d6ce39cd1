"""Results as plain data that JSON can keep, and back; what does not fit the types of the vocabulary is refused."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

from closurelint.diagnostic import Diagnostic
from closurelint.evidence import Claim, Evidence
from closurelint.result import FileResult


class Unfit(Exception):
    """What was kept is not a result."""


_NAMES = {"Claim": Claim, "Evidence": Evidence}
"""What the vocabulary names without importing it."""

_KEPT = ("diagnostics", "suppressed", "refuted", "dependencies")


def stored(result: FileResult) -> dict[str, Any]:
    """A result without its file's name, as lists, strings and numbers."""
    return {name: _plain(getattr(result, name)) for name in _KEPT}


def restored(filename: str, data: Any) -> FileResult:
    """The result that `stored` made this of. Raises Unfit."""
    try:
        return FileResult(
            filename,
            _read(tuple[Diagnostic, ...], data["diagnostics"]),
            suppressed=_read(int, data["suppressed"]),
            refuted=_read(tuple[Diagnostic, ...], data["refuted"]),
            dependencies=_read(tuple[str, ...], data["dependencies"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Unfit from problem


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value


def _read(kind: Any, value: Any) -> Any:
    return _reader(kind)(value)


@lru_cache(maxsize=64)
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of a type of the vocabulary from plain data."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return _tuple_reader(arguments)
    if origin in (types.UnionType, typing.Union):
        (inner,) = (each for each in arguments if each is not type(None))
        return lambda value: None if value is None else _read(inner, value)
    if origin is typing.Literal:
        return lambda value: _checked(value, value in arguments)
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        parts = tuple(typing.get_type_hints(kind, localns=_NAMES).values())
        return lambda value: kind(*_parts(parts, value))
    if kind is float:
        return lambda value: float(_checked(value, isinstance(value, int | float)))
    return lambda value: _checked(value, type(value) is kind)


def _tuple_reader(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return lambda value: tuple(_read(arguments[0], each) for each in _checked(value, isinstance(value, list)))
    return lambda value: tuple(_parts(arguments, value))


def _parts(kinds: tuple[Any, ...], value: Any) -> list[Any]:
    return [_read(kind, each) for kind, each in zip(kinds, _checked(value, isinstance(value, list)), strict=True)]


def _checked(value: Any, fits: bool) -> Any:
    if not fits:
        raise Unfit
    return value
