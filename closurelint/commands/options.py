"""The command line as data: commands, options, and what turns an argument list into values.

Options come from two tables: the settings, which every run can override, and `CHECK_OPTIONS`, which have no meaning
in a file. Command lines that only name paths and switches, as hooks write them, are read without argparse.
"""

from __future__ import annotations

from closurelint.configuration.settings import SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Literal

    Kind = Literal["switch", "value", "optional value", "repeated"]

COMMANDS = {
    "check": "check files and folders (this is what `closurelint PATH...` does)",
    "rule": "print the manual of one rule, or of all",
    "differentiators": "list the differentiators that are known, or explain one",
    "config": "list the settings, or explain one",
    "explain": "print what is understood of the calls on one line, and replay it",
    "scan": "check archives, git repositories, Parquet files and folders in bulk",
    "clean": "remove the kept results",
    "server": "run the language server for an editor (needs `closurelint[lsp]`)",
    "completion": "print the completion script for a shell",
    "version": "print the version",
}
COLORS = ("auto", "always", "never")
SHELLS = ("bash", "zsh", "fish")


class Option:
    """One option of the command line that is no setting."""

    __slots__ = ("choices", "doc", "group", "kind", "letter", "metavar", "name")

    def __init__(
        self,
        name: str,
        kind: Kind,
        doc: str,
        *,
        group: str = "output",
        letter: str = "",
        metavar: str = "",
        choices: tuple[str, ...] = (),
    ) -> None:
        self.name, self.kind, self.doc, self.group = name, kind, doc, group
        self.letter, self.metavar, self.choices = letter, metavar, choices

    @property
    def attribute(self) -> str:
        """The name of the value."""
        return self.name.replace("-", "_")


CONFIGURATION_OPTIONS = (
    Option(
        "config",
        "repeated",
        "a configuration file to follow instead of the nearest, or KEY=VALUE to override one setting",
        group="configuration",
        metavar="FILE|KEY=VALUE",
    ),
    Option("isolated", "switch", "follow no configuration file", group="configuration"),
)
COLOR_OPTION = Option("color", "value", "colour the output; `auto` does on a terminal", choices=COLORS, metavar="WHEN")
CHECK_OPTIONS = (
    *CONFIGURATION_OPTIONS,
    Option("show-settings", "switch", "print the settings that hold for the given paths", group="configuration"),
    Option("show-files", "switch", "print the files that would be checked", group="files"),
    Option("stdin-filename", "value", "the name of the file that `-` reads", group="files", metavar="FILE"),
    Option("diff", "switch", "print what the fixes would change and change nothing", group="fixes"),
    Option(
        "add-ignore",
        "optional value",
        "write a comment that silences it at each finding; `--add-ignore=REASON` says why",
        group="suppression",
        metavar="REASON",
    ),
    Option("write-baseline", "switch", "write all findings to the file of `--baseline`", group="suppression"),
    Option("output-file", "value", "write to a file instead of standard output", letter="o", metavar="FILE"),
    Option("show-refuted", "switch", "also print what replay refutes"),
    Option("statistics", "switch", "print how often each rule was broken instead of the findings"),
    Option("watch", "switch", "check again whenever a file changes (needs `closurelint[watch]`)", letter="w"),
    Option("exit-zero", "switch", "exit with 0 although there are findings", letter="e"),
    Option("exit-non-zero-on-fix", "switch", "exit with 1 if anything was fixed, although nothing is left"),
    Option("quiet", "switch", "print findings and nothing else", letter="q"),
    Option("silent", "switch", "print nothing, the exit status says whether there are findings", letter="s"),
    Option("verbose", "switch", "say why files are skipped and what is understood of each call", letter="v"),
    COLOR_OPTION,
)
SCAN_OPTIONS = (
    Option("output", "value", "folder for the results, which the same command goes on with", letter="o", metavar="DIR"),
    Option("output-format", "value", "how findings are written", choices=("jsonl", "parquet"), metavar="FORMAT"),
    Option("quiet", "switch", "say nothing of what was scanned", letter="q"),
    Option("history", "switch", "check every blob of a git repository, not those of HEAD", group="sources"),
    Option(
        "text-column", "value", "column of Parquet files with the text (`content`)", group="sources", metavar="NAME"
    ),
    Option("path-column", "value", "column of Parquet files with file names", group="sources", metavar="NAME"),
    Option(
        "size-limit", "value", "size from which a file is left out, in megabytes (10)", group="sources", metavar="N"
    ),
    Option(
        "scheduler", "value", "Dask scheduler to work with (needs `closurelint[scan]`)", group="speed", metavar="URL"
    ),
)
SCAN_SETTINGS = (
    *("select", "ignore", "extend-select", "per-file-ignores", "extend-per-file-ignores", "replay"),
    *("exclude", "extend-exclude", "include", "extend-include", "jobs"),
)
GROUPS = {
    "select": "rules",
    "ignore": "rules",
    "extend-select": "rules",
    "per-file-ignores": "rules",
    "extend-per-file-ignores": "rules",
    "replay": "rules",
    "baseline": "suppression",
    "output-format": "output",
    "fix": "fixes",
    "unsafe-fixes": "fixes",
    "fix-only": "fixes",
    "show-fixes": "fixes",
    "jobs": "speed",
    "cache": "speed",
    "cache-dir": "speed",
}
METAVARS = {"selectors": "RULE,...", "patterns": "PATTERN,...", "pattern selectors": "PATTERN:RULE,...", "count": "N"}


class Arguments:
    """The values of one command line; `settings` are the overrides by key, as a configuration file would hold them."""

    def __init__(self, command: str) -> None:
        self.command = command
        self.paths: list[str] = []
        self.settings: dict[str, Any] = {}
        for option in (*CHECK_OPTIONS, *(SCAN_OPTIONS if command == "scan" else ())):
            setattr(
                self, option.attribute, [] if option.kind == "repeated" else False if option.kind == "switch" else None
            )
        self.color = "auto"

    def __getattr__(self, name: str) -> Any:
        """Options are set by name; mypy learns of that here."""
        raise AttributeError(name)

    def __eq__(self, other: object) -> bool:
        """Equal if every value is."""
        return isinstance(other, Arguments) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


def arguments_of(words: Sequence[str]) -> Arguments:
    """The values that the words of a command line stand for; raises SettingsProblem, or SystemExit for `--help`."""
    words = list(words)
    command = words.pop(0) if words and words[0] in COMMANDS else "check"
    if command == "check":
        quick = _quick(words)
        if quick is not None:
            return quick
    from closurelint.commands.parser import parsed

    return parsed(command, words)


def _quick(words: Sequence[str]) -> Arguments | None:
    """The values of a command line of paths and switches only, None if there is more to it."""
    arguments = Arguments("check")
    for word in words:
        if not word.startswith("-") or word == "-":
            arguments.paths.append(word)
        elif word in SWITCHES:
            setattr(arguments, SWITCHES[word], True)
        elif word in SETTING_SWITCHES:
            name, value = SETTING_SWITCHES[word]
            arguments.settings[name] = value
        else:
            return None
    return arguments


SWITCHES = {f"--{option.name}": option.attribute for option in CHECK_OPTIONS if option.kind == "switch"}
SWITCHES |= {
    f"-{option.letter}": option.attribute for option in CHECK_OPTIONS if option.kind == "switch" and option.letter
}
SETTING_SWITCHES = {f"--{setting.name}": (setting.name, True) for setting in SETTINGS if setting.kind == "boolean"}
SETTING_SWITCHES |= {
    f"-{setting.letter}": (setting.name, False) for setting in SETTINGS if setting.kind == "boolean" and setting.letter
}
SETTING_SWITCHES |= {f"--no-{setting.name}": (setting.name, False) for setting in SETTINGS if setting.kind == "boolean"}
