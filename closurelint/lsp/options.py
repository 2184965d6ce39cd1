"""What the client asks for: settings that override those of files, and what only an editor can want."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from closurelint.configuration.selection import suggestion
from closurelint.configuration.settings import BY_NAME

SECTION = "closurelint"
CLIENTS_OWN = frozenset({"path", "args", "interpreter", "trace", "enable", "import-strategy", "show-notifications"})
"""Keys that concern the editor's own half, which it may send along."""

_SWITCHES = ("inlay-hints", "code-lens", "check-workspace")


@dataclass(frozen=True)
class Options:
    """The options of one workspace folder, or of all.

    settings: raw values by key, as a configuration file would have them. configuration: a file to follow instead of
    the nearest. inlay_hints, code_lens: whether the numbers of replay stand at the calls. debounce: seconds of quiet
    that end a burst of changes, after which the text is checked. check_workspace: whether files that are not open are
    checked too. problems: what cannot be followed, one sentence each.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    configuration: str | None = None
    inlay_hints: bool = True
    code_lens: bool = False
    check_workspace: bool = False
    debounce: float = 0.02
    problems: tuple[str, ...] = ()


def options_of(raw: Any) -> Options:
    """The options in what a client sent: keys in camelCase or with dashes, also under `closurelint` or `settings`."""
    for key in (SECTION, "settings"):
        if isinstance(raw, dict) and isinstance(raw.get(key), dict):
            raw = {**{name: value for name, value in raw.items() if name != key}, **raw[key]}
    if not isinstance(raw, dict):
        return Options()
    values: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    problems = []
    for given, value in raw.items():
        name = _dashed(str(given))
        if _is_of_another(name, value):
            continue
        if value is None or name in CLIENTS_OWN or name.partition(".")[0] in CLIENTS_OWN:
            continue
        if name in BY_NAME:
            settings[name] = value
        elif name in _SWITCHES and isinstance(value, bool):
            values[name.replace("-", "_")] = value
        elif name == "debounce" and isinstance(value, int | float) and 0 <= value <= 10_000:
            values["debounce"] = value / 1000
        elif name == "configuration" and isinstance(value, str):
            values["configuration"] = value or None
        else:
            problems.append(_complaint(str(given), name, value))
    return Options(settings, problems=tuple(problems), **values)


def concern_us(raw: Any) -> bool:
    """Whether settings that a client sent say anything of closurelint: some clients send all servers' to each."""
    if not isinstance(raw, dict):
        return False
    return any(not _is_of_another(_dashed(str(given)), value) for given, value in raw.items())


def _is_of_another(name: str, value: Any) -> bool:
    """Whether a key is the section of another server."""
    return isinstance(value, dict) and name not in (SECTION, "settings", *BY_NAME)


def _dashed(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower().replace("_", "-")


def _complaint(given: str, name: str, value: Any) -> str:
    wanted = {"debounce": "a number of milliseconds", "configuration": "a path"} | dict.fromkeys(
        _SWITCHES, "true or false"
    )
    if name in wanted:
        return f"the editor's option `{given}` is {wanted[name]}, not {value!r}"
    return f"the editor's option `{given}` is not known, {suggestion(name, (*wanted, *BY_NAME))}"
