"""Every setting, declared once.

From the table `SETTINGS` come the keys of `[tool.closurelint]`, their validation, the command-line options,
`closurelint config`, `--show-settings`, the JSON schema and the page in the documentation.

This module is on the path of every run: it imports nothing that a run without findings does not need, which is
why its classes are written out instead of being dataclasses.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    Kind = Literal["selectors", "patterns", "pattern selectors", "path", "boolean", "count", "choice", "table"]
    Scope = Literal["file", "run"]

DEFAULT_EXCLUDE = (
    ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox", ".pants.d",
    ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", ".vscode", "__pypackages__", "_build",
    "buck-out", "dist", "node_modules", "site-packages", "venv",
)  # fmt: skip
DEFAULT_INCLUDE = ("*.py", "*.pyw", "*.ipynb")
FORMATS = ("text", "concise", "grouped", "json", "jsonl", "sarif", "github", "gitlab", "junit", "html")


class SettingsProblem(Exception):
    """A configuration that cannot be followed; the message names the file or option, the key and the remedy."""


class Setting:
    """One setting.

    name: the key in `[tool.closurelint]`, and with two dashes the option.
    kind: what a value looks like; see `closurelint.configuration.layers` for how each kind is read.
    scope: "file" if each checked file follows its own nearest configuration, "run" if the whole run has one value,
    taken from the configuration of the working directory.
    option: whether it can be given as an option of its own (all can be given as `--config KEY=VALUE`).
    letter: the short option; that of a boolean stands for its `--no-` form.
    synonyms: what ruff calls a choice, and the choice.
    """

    __slots__ = (
        *("attribute", "choices", "default", "doc", "example", "kind", "letter", "name", "option", "scope"),
        "synonyms",
    )

    def __init__(
        self,
        name: str,
        kind: Kind,
        default: Any,
        doc: str,
        *,
        example: str,
        scope: Scope = "file",
        choices: tuple[str, ...] = (),
        letter: str = "",
        option: bool = True,
        synonyms: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.name, self.kind, self.default, self.doc = name, kind, default, doc
        self.example, self.scope, self.choices, self.letter, self.option = example, scope, choices, letter, option
        self.synonyms = dict(synonyms)
        self.attribute = name.replace("-", "_")


SETTINGS = (
    Setting(
        "select",
        "selectors",
        ("ALL",),
        "rules to enable: codes, prefixes of codes (`CLO1`), names (`captured-point`) or `ALL`",
        example='select = ["CLO1", "aliased-objective"]',
    ),
    Setting(
        "ignore",
        "selectors",
        (),
        "rules to disable; of two selectors that both match, the longer one decides, and `ignore` in a tie",
        example='ignore = ["CLO301"]',
    ),
    Setting(
        "extend-select",
        "selectors",
        (),
        "rules to enable on top of those that are already selected",
        example='extend-select = ["CLO301"]',
    ),
    Setting(
        "per-file-ignores",
        "pattern selectors",
        (),
        "file patterns, each with the rules to disable there; a pattern that starts with `!` means all other files",
        example='per-file-ignores = { "tests/**/*.py" = ["CLO201"] }',
    ),
    Setting(
        "extend-per-file-ignores",
        "pattern selectors",
        (),
        "like `per-file-ignores`, on top of those that are already given",
        example='extend-per-file-ignores = { "notebooks/*" = ["CLO301"] }',
    ),
    Setting(
        "exclude",
        "patterns",
        DEFAULT_EXCLUDE,
        "files and folders that are not checked: names, or paths relative to this file",
        example='exclude = [".venv", "vendor/**"]',
    ),
    Setting(
        "extend-exclude",
        "patterns",
        (),
        "files and folders that are not checked, on top of `exclude`",
        example='extend-exclude = ["generated", "*_pb2.py"]',
    ),
    Setting(
        "include",
        "patterns",
        DEFAULT_INCLUDE,
        "files that are checked when a folder is named; a file that is named itself is always checked",
        example='include = ["src/**/*.py"]',
    ),
    Setting(
        "extend-include",
        "patterns",
        (),
        "files that are checked on top of `include`, such as documents with Python in them",
        example='extend-include = ["*.md", "*.rst"]',
    ),
    Setting(
        "force-exclude",
        "boolean",
        False,
        "apply the exclusions also to files that are named on the command line, as pre-commit does",
        example="force-exclude = true",
    ),
    Setting(
        "respect-gitignore",
        "boolean",
        True,
        "leave out what `.gitignore` files and `.git/info/exclude` name",
        example="respect-gitignore = false",
    ),
    Setting(
        "differentiators",
        "table",
        (),
        "differentiators of your own: tables as in the built-in catalogue, keyed by dotted name",
        example='differentiators."mylib.gradient" = { delivery = "copy" }',
        option=False,
    ),
    Setting(
        "replay",
        "boolean",
        True,
        "replay each finding on stand-ins and drop what the numbers refute",
        example="replay = false",
    ),
    Setting(
        "baseline",
        "path",
        None,
        "file of known findings, which are counted and not shown",
        example='baseline = "closurelint-baseline.json"',
        scope="run",
    ),
    Setting(
        "output-format",
        "choice",
        "text",
        "how findings are printed",
        example='output-format = "github"',
        scope="run",
        choices=FORMATS,
        synonyms=(("full", "text"), ("json-lines", "jsonl")),
    ),
    Setting("fix", "boolean", False, "apply the fixes that are safe", example="fix = true", scope="run"),
    Setting(
        "unsafe-fixes",
        "boolean",
        False,
        "apply and show also the fixes that change what the program does",
        example="unsafe-fixes = true",
        scope="run",
    ),
    Setting(
        "fix-only",
        "boolean",
        False,
        "apply fixes and report nothing that is left; implies `fix`",
        example="fix-only = true",
        scope="run",
    ),
    Setting(
        "show-fixes", "boolean", False, "list the fixes that were applied", example="show-fixes = true", scope="run"
    ),
    Setting(
        "jobs",
        "count",
        0,
        "worker processes at most; 0 decides by the amount of work and the number of processors",
        example="jobs = 2",
        scope="run",
        letter="j",
    ),
    Setting(
        "cache",
        "boolean",
        True,
        "keep the results of files for the next run",
        example="cache = false",
        scope="run",
        letter="n",
    ),
    Setting(
        "cache-dir",
        "path",
        ".closurelint_cache",
        "folder for the kept results",
        example='cache-dir = "~/.cache/closurelint"',
        scope="run",
    ),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


class Settings:
    """One value for each setting, as it holds for the files below `root`.

    Paths and patterns are absolute (patterns without a slash stay names). `root` is the directory of the
    configuration file, or the working directory if there is none; `origin` is that file. `codes` is the set of rules
    that the selectors enable, None if no selector was given and every rule is enabled. `per_file_codes` are the
    per-file ignores with their selectors resolved to codes. Frozen by convention; `changed` makes a variant.
    """

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    extend_select: tuple[str, ...]
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...]
    extend_per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...]
    exclude: tuple[str, ...]
    extend_exclude: tuple[str, ...]
    include: tuple[str, ...]
    extend_include: tuple[str, ...]
    force_exclude: bool
    respect_gitignore: bool
    differentiators: tuple[tuple[str, Any], ...]
    replay: bool
    baseline: str | None
    output_format: str
    fix: bool
    unsafe_fixes: bool
    fix_only: bool
    show_fixes: bool
    jobs: int
    cache: bool
    cache_dir: str
    root: str
    origin: str | None
    codes: frozenset[str] | None
    per_file_codes: tuple[tuple[str, frozenset[str]], ...]

    __slots__ = (*(setting.attribute for setting in SETTINGS), "codes", "origin", "per_file_codes", "root")

    def __init__(self, root: str = "", origin: str | None = None, **values: Any) -> None:
        self.root, self.origin = root, origin
        self.codes, self.per_file_codes = values.pop("codes", None), values.pop("per_file_codes", ())
        for setting in SETTINGS:
            setattr(self, setting.attribute, values.pop(setting.attribute, setting.default))
        if values:
            raise TypeError(f"unknown settings: {', '.join(sorted(values))}")

    def changed(self, **changes: Any) -> Settings:
        """A copy with some values replaced."""
        return Settings(**{name: changes.pop(name, getattr(self, name)) for name in self.__slots__}, **changes)

    def __eq__(self, other: object) -> bool:
        """Equal if every value is."""
        return isinstance(other, Settings) and self.key == other.key

    def __hash__(self) -> int:
        """Hash of every value."""
        return hash(self.key)

    @property
    def key(self) -> tuple[Any, ...]:
        """Every value, in the order of the slots: what two equal settings have in common."""
        return tuple(getattr(self, name) for name in self.__slots__)

    def ignored_codes(self, path: str) -> frozenset[str]:
        """The rules that per-file ignores disable for the file at the absolute `path`."""
        if not self.per_file_codes:
            return frozenset()
        from closurelint.configuration.patterns import Patterns

        name = path.replace("\\", "/").rpartition("/")[2]
        ignored: frozenset[str] = frozenset()
        for pattern, codes in self.per_file_codes:
            if Patterns((pattern.removeprefix("!"),)).matches(path, name) is not pattern.startswith("!"):
                ignored |= codes
        return ignored

    @property
    def own_names(self) -> tuple[str, ...]:
        """What calls of the user's own differentiators end with, sorted."""
        return tuple(sorted({name.rpartition(".")[2] for name, _ in self.differentiators}))

    def enables(self, code: str, path: str = "") -> bool:
        """Whether the rule `code` is to be reported, in the file at the absolute `path` if one is given."""
        return (self.codes is None or code in self.codes) and code not in self.ignored_codes(path)


def toml(value: Any) -> str:
    """A setting's value as TOML would have it; `none` for a value that is not set."""
    import json

    if value is None:
        return "none"
    if isinstance(value, tuple) and value and all(isinstance(item, tuple) and len(item) == 2 for item in value):
        return "{ " + ", ".join(f"{json.dumps(name)} = {toml(item)}" for name, item in value) + " }"
    if isinstance(value, tuple):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
