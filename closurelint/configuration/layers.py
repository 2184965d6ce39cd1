"""Where settings come from: configuration files, nearest first, and the command line on top.

A file is `closurelint.toml`, or a `pyproject.toml` that has a `[tool.closurelint]` table. Configuration is only ever
read as TOML: it can name files and patterns, and nothing in it is run.
"""

from __future__ import annotations

import os
import sys

from closurelint.configuration.settings import BY_NAME, Settings, SettingsProblem
from closurelint.files import read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from closurelint.configuration.settings import Setting

FILE_NAMES = ("closurelint.toml", "pyproject.toml")
LARGEST_FILE = 10_000_000


class Layer:
    """The raw values of one file or of the command line, with what names them in messages."""

    __slots__ = ("directory", "values", "where")

    def __init__(self, values: Mapping[str, Any], where: str, directory: str) -> None:
        self.values, self.where, self.directory = values, where, directory


class Configuration:
    """Finds the settings for each directory, once.

    overrides: layers from the command line, which win over every file; a `file` given there replaces the search, and
    `isolated` leaves out all files.
    """

    def __init__(
        self,
        overrides: Iterable[Layer] = (),
        *,
        file: str | None = None,
        isolated: bool = False,
        settings: Settings | None = None,
    ) -> None:
        self._working = os.getcwd()
        self._overrides = tuple(overrides)
        self._found: dict[str, Settings] = {}
        self._fixed = settings
        if file is not None:
            self._fixed = self._settings(os.path.join(self._working, file))
        elif isolated:
            self._fixed = self._settings(None)

    def for_directory(self, directory: str) -> Settings:
        """The settings for files in the absolute `directory`; raises SettingsProblem."""
        if self._fixed is not None:
            return self._fixed
        settings = self._found.get(directory)
        if settings is None:
            found = configuration_in(directory)
            parent = os.path.dirname(directory)
            if found is not None:
                settings = self._settings(*found)
            elif parent == directory:
                settings = self._settings(None)
            else:
                settings = self.for_directory(parent)
            self._found[directory] = settings
        return settings

    def for_run(self) -> Settings:
        """The settings of the working directory, which decide what a run has only one of."""
        return self.for_directory(self._working)

    def _settings(self, origin: str | None, values: dict[str, Any] | None = None) -> Settings:
        layers = [] if origin is None else _layers(origin, (), values)
        root = self._working if origin is None else os.path.dirname(origin)
        return merged((*layers, *self._overrides), root, origin)


def configuration_in(directory: str) -> tuple[str, dict[str, Any]] | None:
    """The configuration file that stands in `directory` itself, and its raw settings; None without one."""
    for name in FILE_NAMES:
        path = os.path.join(directory, name)
        if not os.path.isfile(path):
            continue
        data = _bytes(path)
        # the TOML reader is loaded only if there may be something of ours
        if name == "pyproject.toml" and b"closurelint" not in data:
            continue
        values = raw_settings(path, data)
        if values is not None:
            return path, values
    return None


def merged(layers: Iterable[Layer], root: str, origin: str | None) -> Settings:
    """The settings that result from `layers`, the last one winning."""
    values: dict[str, Any] = {"cache_dir": os.path.join(root, BY_NAME["cache-dir"].default)}
    codes: frozenset[str] | None = None
    for layer in layers:
        read = {name: value_of(layer, name, raw) for name, raw in layer.values.items() if name != "extend"}
        if read.keys() & {"select", "ignore", "extend-select"}:
            from closurelint.configuration.selection import selected

            codes = selected(
                codes, read.get("select"), read.get("extend-select", ()), read.get("ignore", ()), layer.where
            )
            if "select" in read:
                values["ignore"] = values["extend_select"] = ()
        for name, value in read.items():
            setting = BY_NAME[name]
            if name.startswith("extend-") or (name == "ignore" and "select" not in read):
                value = (*values.get(setting.attribute, ()), *value)
            values[setting.attribute] = value
    ignores = (*values.get("per_file_ignores", ()), *values.get("extend_per_file_ignores", ()))
    if ignores:
        from closurelint.configuration.selection import codes_of

        values["per_file_codes"] = tuple((pattern, codes_of(selectors, "")) for pattern, selectors in ignores)
    return Settings(root, origin, codes=codes, **values)


def value_of(layer: Layer, name: str, raw: Any) -> Any:
    """The value of the setting `name` from what a file or the command line gives for it; raises SettingsProblem."""
    setting = BY_NAME.get(name)
    if setting is None:
        from closurelint.configuration.selection import suggestion

        if name in ("tool", "closurelint"):
            hint = "a `closurelint.toml` has its keys at the top level, without `[tool.closurelint]`"
        else:
            hint = suggestion(name, (*BY_NAME, "extend"))
        raise SettingsProblem(f"{layer.where}: no setting is called `{name}`, {hint}")
    reader = READERS[setting.kind]
    return reader(setting, raw, layer)


def wrong_kind(setting: Setting, layer: Layer, wanted: str, raw: Any, part: str = "") -> SettingsProblem:
    """The problem of a value, or of a part of it, that is not of the setting's kind."""
    where = f"{layer.where}: `{setting.name}`{part}"
    return SettingsProblem(f"{where} is {wanted}, not {raw!r}; for example `{setting.example}`")


def _strings(setting: Setting, raw: Any, layer: Layer) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise wrong_kind(setting, layer, "a list of strings", raw)
    return tuple(raw)


def _selectors(setting: Setting, raw: Any, layer: Layer, pattern: str = "") -> tuple[str, ...]:
    from closurelint.configuration.selection import codes_of

    if pattern and not isinstance(raw, list):
        raise wrong_kind(setting, layer, "a list of strings", raw, f" of {pattern!r}")
    names = _strings(setting, raw, layer)
    codes_of(names, f"{layer.where}: `{setting.name}`")
    return names


def _patterns(setting: Setting, raw: Any, layer: Layer) -> tuple[str, ...]:
    return tuple(_pattern(setting, pattern, layer) for pattern in _strings(setting, raw, layer))


def _pattern(setting: Setting, pattern: str, layer: Layer) -> str:
    from closurelint.configuration.patterns import absolute_pattern, excess

    too_much = excess(pattern)
    if too_much or not pattern or "\0" in pattern:
        shown = pattern if len(pattern) < 100 else pattern[:100] + "..."
        reason = f"it has {too_much}" if too_much else "it names nothing"
        raise SettingsProblem(f"{layer.where}: `{setting.name}` has the pattern {shown!r}, {reason}: leave it out")
    return absolute_pattern(pattern, layer.directory)


def _pattern_selectors(setting: Setting, raw: Any, layer: Layer) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(raw, dict):
        raise wrong_kind(setting, layer, "a table of file patterns", raw)
    pairs = []
    for pattern, selectors in raw.items():
        inverted = "!" if pattern.startswith("!") else ""
        absolute = _pattern(setting, pattern.removeprefix("!"), layer)
        pairs.append((inverted + absolute, _selectors(setting, selectors, layer, pattern)))
    return tuple(pairs)


def _path(setting: Setting, raw: Any, layer: Layer) -> str:
    if not isinstance(raw, str) or not raw or "\0" in raw:
        raise wrong_kind(setting, layer, "a path", raw)
    return os.path.normpath(os.path.join(layer.directory, os.path.expanduser(raw)))


def _boolean(setting: Setting, raw: Any, layer: Layer) -> bool:
    if not isinstance(raw, bool):
        raise wrong_kind(setting, layer, "true or false", raw)
    return raw


def _count(setting: Setting, raw: Any, layer: Layer) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < 0:
        raise wrong_kind(setting, layer, "a whole number from 0 on", raw)
    return raw


def _choice(setting: Setting, raw: Any, layer: Layer) -> str:
    if isinstance(raw, str) and setting.synonyms.get(raw, raw) in setting.choices:
        return setting.synonyms.get(raw, raw)
    from closurelint.configuration.selection import suggestion

    hint = suggestion(str(raw), setting.choices)
    raise SettingsProblem(f"{layer.where}: `{setting.name}` cannot be {raw!r}, {hint}")


def _table(setting: Setting, raw: Any, layer: Layer) -> tuple[tuple[str, Any], ...]:
    if not isinstance(raw, dict) or not all(isinstance(entry, dict) for entry in raw.values()):
        raise wrong_kind(setting, layer, "a table of tables", raw)
    from closurelint.catalogue import CatalogueError, catalogue

    try:
        catalogue(raw)
    except CatalogueError as problem:
        raise SettingsProblem(f"{layer.where}: {problem}") from problem
    return tuple((name, frozen(entry)) for name, entry in raw.items())


def frozen(value: Any) -> Any:
    """TOML data as tuples, so that settings can be compared and hashed; tables become tuples of pairs."""
    if isinstance(value, dict):
        return tuple((key, frozen(item)) for key, item in value.items())
    return tuple(frozen(item) for item in value) if isinstance(value, list) else value


READERS = {
    "selectors": _selectors,
    "patterns": _patterns,
    "pattern selectors": _pattern_selectors,
    "path": _path,
    "boolean": _boolean,
    "count": _count,
    "choice": _choice,
    "table": _table,
}


def _layers(path: str, above: tuple[str, ...], values: dict[str, Any] | None = None) -> list[Layer]:
    """The layers of a file, those that it extends first; `values` are its raw settings where it has been read."""
    name = displayed(path)
    if os.path.realpath(path) in above:
        raise SettingsProblem(f"{name}: `extend` leads back to this file, take it out of one of the files")
    if values is None:
        values = raw_settings(path, _bytes(path)) or {}
    directory = os.path.dirname(path)
    layer = Layer(values, name, directory)
    if "extend" not in values:
        return [layer]
    base = values["extend"]
    if not isinstance(base, str) or not base or "\0" in base:
        raise SettingsProblem(f"{name}: `extend` is the path of another configuration file, not {base!r}")
    target = os.path.normpath(os.path.join(directory, os.path.expanduser(base)))
    if not os.path.isfile(target):
        raise SettingsProblem(f"{name}: `extend` names {displayed(target)}, which is not a file")
    return [*_layers(target, (*above, os.path.realpath(path))), layer]


def raw_settings(path: str, data: bytes) -> dict[str, Any] | None:
    """What a configuration file sets, None for a `pyproject.toml` without our table; raises SettingsProblem."""
    name = displayed(path)
    document = parsed(data, name)
    if os.path.basename(path) != "pyproject.toml":
        return document
    tables = document.get("tool")
    if not isinstance(tables, dict) or "closurelint" not in tables:
        return None
    settings = tables["closurelint"]
    if not isinstance(settings, dict):
        raise SettingsProblem(f"{name}: `tool.closurelint` is a table, not {settings!r}")
    return settings


def configured(assignment: str) -> dict[str, Any]:
    """The raw settings in `KEY=VALUE`; a value that is no TOML is taken for a string, as shells eat quotes."""
    key, _, value = assignment.partition("=")
    where = f"--config {assignment}"
    try:
        values = parsed(assignment.encode(), where)
    except SettingsProblem:
        import json

        values = parsed(f"{key} = {json.dumps(value.strip())}".encode(), where)
    if "extend" in values:
        raise SettingsProblem(f"{where}: only a file can `extend` another, use `--config FILE`")
    return values


def parsed(data: bytes, where: str) -> dict[str, Any]:
    """The TOML document in `data`."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise SettingsProblem(f"{where}: not valid TOML: {problem or type(problem).__name__}") from problem


def _bytes(path: str) -> bytes:
    name = displayed(path)
    try:
        if not os.path.isfile(path):
            raise SettingsProblem(f"{name}: no such configuration file, name a TOML file")
        return read_file(path, LARGEST_FILE)
    except OSError as problem:
        raise SettingsProblem(f"{name}: cannot be read: {problem.strerror}") from problem


def displayed(path: str) -> str:
    """`path` as it is shown: relative where it lies below the working directory."""
    try:
        relative = os.path.relpath(path)
    except (ValueError, OSError):
        return path
    return path if relative.startswith(os.pardir) else relative
