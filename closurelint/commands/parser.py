"""The argparse form of the command line, for everything that is more than paths and switches."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from closurelint.commands import options
from closurelint.commands.options import CHECK_OPTIONS, COLOR_OPTION, COMMANDS, CONFIGURATION_OPTIONS, Arguments, Option
from closurelint.configuration.selection import suggestion
from closurelint.configuration.settings import BY_NAME, SETTINGS, Setting, SettingsProblem

EPILOG = "\n".join(
    (
        "commands:",
        *(f"  {name:16} {doc}" for name, doc in COMMANDS.items()),
        "",
        "`closurelint COMMAND --help` says more about one.",
        "exit status: 0 nothing found, 1 findings, 2 could not run",
    )
)


class _Formatter(argparse.HelpFormatter):
    """Keeps the line ends of the text around the options."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "".join(indent + line for line in text.splitlines(keepends=True))


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, and that suggests what was meant."""

    def __init__(self, command: str, **more: Any) -> None:
        super().__init__(
            prog=f"closurelint {command}",
            description=COMMANDS[command],
            allow_abbrev=False,
            formatter_class=lambda prog: _Formatter(prog, max_help_position=30, width=100),
            **more,
        )
        self._sections: dict[str, Any] = {}

    def error(self, message: str) -> NoReturn:
        """Raise SettingsProblem."""
        option, surplus, value = message.removeprefix("argument ").partition(": ignored explicit argument ")
        if surplus:
            raise SettingsProblem(f"{option} takes no value, leave out {value}")
        raise SettingsProblem(message.removeprefix("argument "))

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Raise SettingsProblem with the nearest choice."""
        if action.choices is not None and value not in action.choices:
            name = "/".join(action.option_strings) or action.metavar or action.dest
            raise SettingsProblem(f"{name} cannot be `{value}`, {suggestion(str(value), action.choices)}")

    def section(self, title: str) -> Any:
        """The group of options under `title`."""
        if title not in self._sections:
            self._sections[title] = self.add_argument_group(title)
        return self._sections[title]

    def add_option(self, option: Option) -> None:
        """An option that is no setting."""
        names = [*([f"-{option.letter}"] if option.letter else []), f"--{option.name}"]
        more: dict[str, Any] = {"help": option.doc.replace("%", "%%"), "dest": option.attribute}
        if option.kind == "switch":
            more["action"] = "store_true"
        else:
            more |= {"metavar": option.metavar, "choices": option.choices or None}
        if option.kind == "repeated":
            more["action"] = "append"
        if option.kind == "optional value":
            more |= {"nargs": "?", "const": ""}
        self.section(option.group).add_argument(*names, default=argparse.SUPPRESS, **more)

    def add_setting(self, setting: Setting) -> None:
        """A setting, as an option that overrides it."""
        section = self.section(options.GROUPS.get(setting.name, "files"))
        names = [*([f"-{setting.letter}"] if setting.letter else []), f"--{setting.name}"]
        action: Any = _Override
        more: dict[str, Any] = {}
        if setting.kind == "boolean":
            names = [f"--{setting.name}", f"--no-{setting.name}"]
            names += [f"-{setting.letter}"] if setting.letter else []
            more["nargs"] = 0
        else:
            more["metavar"] = options.METAVARS.get(setting.kind, "PATH")
            if setting.choices:
                more["metavar"] = "FORMAT"
        doc = setting.doc + (": " + ", ".join(setting.choices) if setting.choices else "")
        section.add_argument(
            *names, action=action, dest=setting.name, default=argparse.SUPPRESS, help=doc.replace("%", "%%"), **more
        )

    def parse(self, words: Sequence[str], arguments: Arguments) -> Arguments:
        """Fill `arguments`; raises SettingsProblem for a word that is not understood."""
        _, unknown = self.parse_known_args(words, namespace=arguments)
        if unknown:
            word = unknown[0].partition("=")[0]
            if not word.startswith("-"):
                raise SettingsProblem(f"`{word}` is one word too many for `{self.prog}`")
            known = [name for name in self._option_string_actions if name.startswith("--")]
            hint = suggestion(word, known)
            hint = f"`{self.prog} --help` lists the options" if hint.startswith("use one") else hint
            raise SettingsProblem(f"no option is called `{word}`, {hint}")
        return arguments


class _Override(argparse.Action):
    """Keeps what an option says about a setting as a configuration file would have it."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: Any, values: Any, option_string: str | None = None
    ) -> None:
        setting = BY_NAME[self.dest]
        namespace.settings[setting.name] = _raw(
            setting, values, option_string or "", namespace.settings.get(setting.name)
        )


def _raw(setting: Setting, value: Any, option: str, before: Any) -> Any:
    """A setting's value as TOML would give it; `before` is what an earlier occurrence of the option gave."""
    if setting.kind == "boolean":
        return option == f"--{setting.name}"
    if setting.kind in ("selectors", "patterns"):
        words = [word.strip() for word in value.split(",") if word.strip()]
        if not words and setting.kind == "selectors":
            raise SettingsProblem(f"{option} names no rule, `closurelint rule` lists them")
        return [*(before or ()), *words]
    if setting.kind == "pattern selectors":
        return _pattern_selectors(value, option, before or {})
    if setting.kind == "count":
        if not value.isdecimal():
            raise SettingsProblem(f"{option} is a whole number from 0 on, not `{value}`")
        return int(value)
    return value


def _pattern_selectors(value: str, option: str, before: dict[str, list[str]]) -> dict[str, list[str]]:
    """`tests/*:CLO201,docs/*:CLO1` as a table."""
    table = {pattern: list(selectors) for pattern, selectors in before.items()}
    for pair in value.split(","):
        pattern, colon, selector = pair.rpartition(":")
        if not colon or not pattern.strip() or not selector.strip():
            raise SettingsProblem(f"{option} has pairs of the form PATTERN:RULE, not `{pair}`")
        table.setdefault(pattern.strip(), []).append(selector.strip())
    return table


def check_parser() -> Parser:
    """The parser of `closurelint check`."""
    parser = Parser("check", epilog=EPILOG, usage="closurelint [OPTIONS] PATH...")
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders, or `-` for standard input (default: .)"
    )
    for title in ("rules", "files", "fixes", "suppression", "output", "configuration", "speed"):
        parser.section(title)
    for setting in SETTINGS:
        if setting.option:
            parser.add_setting(setting)
    for option in CHECK_OPTIONS:
        parser.add_option(option)
    return parser


def command_parser(command: str) -> Parser:
    """The parser of one command."""
    if command == "check":
        return check_parser()
    parser = Parser(command)
    if command == "scan":
        _add_scan(parser)
    if command in ("rule", "differentiators", "config"):
        operand = {"rule": "CODE", "differentiators": "NAME", "config": "KEY"}[command]
        parser.add_argument("name", nargs="?", metavar=operand, default=None, help="leave it out for a list")
        parser.add_argument(
            "--output-format", choices=("text", "json"), default="text", help="text for people, JSON for programs"
        )
    if command == "rule":
        parser.add_argument("--all", action="store_true", help="the manuals of all rules")
        parser.add_argument(
            "--replay", action="store_true", help="retell the rule on the bundled network, with numbers"
        )
    elif command == "explain":
        parser.add_argument("place", metavar="FILE:LINE", help="a line of the call, or of the function handed to it")
        parser.add_argument("--no-replay", dest="replay", action="store_false", help="leave out the numbers")
    elif command == "completion":
        parser.add_argument("shell", metavar="SHELL", choices=options.SHELLS, help=", ".join(options.SHELLS))
    if command in ("rule", "explain"):
        parser.add_option(COLOR_OPTION)
    if command in ("explain", "differentiators", "scan", "clean", "server"):
        for option in CONFIGURATION_OPTIONS:
            parser.add_option(option)
    if command == "clean":
        parser.add_setting(BY_NAME["cache-dir"])
    return parser


def _add_scan(parser: Parser) -> None:
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="folders, archives, Parquet files, git directories, and URLs of archives and Parquet files",
    )
    for title in ("rules", "files", "sources", "output", "configuration", "speed"):
        parser.section(title)
    for name in options.SCAN_SETTINGS:
        parser.add_setting(BY_NAME[name])
    for option in options.SCAN_OPTIONS:
        parser.add_option(option)


def parsed(command: str, words: Sequence[str]) -> Arguments:
    """The values of a command line."""
    # `--add-ignore PATH` names a path, not a reason: that takes an equals sign.
    words = [f"{word}=" if word == "--add-ignore" else word for word in words]
    return command_parser(command).parse(words, Arguments(command))
