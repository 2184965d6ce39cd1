"""Completion scripts for shells, written by shtab from the parsers themselves."""

from __future__ import annotations

import argparse
from typing import Any

from closurelint.commands.options import COMMANDS
from closurelint.commands.parser import Parser, check_parser, command_parser
from closurelint.configuration.settings import BY_NAME, SettingsProblem


def script(shell: str) -> str:
    """The completion script for `shell`; raises SettingsProblem without shtab."""
    try:
        import shtab
    except ModuleNotFoundError as missing:
        raise SettingsProblem(
            "`closurelint completion` needs shtab, install it with `pip install closurelint[completion]`"
        ) from missing
    parser = whole_parser(with_paths=shell != "zsh")
    _complete_paths(parser, shtab.FILE)
    return _with_files(str(shtab.complete(parser, shell)) + "\n", shell)


def _with_files(text: str, shell: str) -> str:
    """The script with files beside commands as the first word: shtab completes either the one or the other."""
    if shell == "bash":
        return text + "complete -o bashdefault -o default -F _shtab_closurelint closurelint\n"
    if shell == "fish":
        return text + "complete -c closurelint -n _shtab_closurelint_using -F\n"
    commands, last = "_describe 'closurelint commands' _commands", "version) _arguments -C -s"
    text = text.replace(commands, f"{commands}\n  _files")
    before, found, after = text.partition(last)
    line, end, rest = after.partition("\n")
    return f"{before}{found}{line}{end}        *) _arguments -C -s $_shtab_closurelint_check_options ;;\n{rest}"


def whole_parser(*, with_paths: bool = True) -> Parser:
    """One parser with every command, for programs that walk parsers."""
    parser = check_parser()
    parser.prog = "closurelint"
    commands: Any = parser.add_subparsers(title="commands", dest="command", parser_class=argparse.ArgumentParser)
    for name, doc in COMMANDS.items():
        commands.add_parser(name, help=doc)
        commands.choices[name] = command_parser(name)
    if not with_paths:
        parser._actions.remove(next(action for action in parser._actions if action.dest == "paths"))
        parser._positionals._group_actions.clear()
    # The first word can be a command or a path: completers take positional arguments in order.
    parser._actions.insert(0, parser._actions.pop(parser._actions.index(commands)))
    return parser


def _complete_paths(parser: argparse.ArgumentParser, files: Any) -> None:
    """Mark what stands for a file or folder."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                _complete_paths(below, files)
        elif action.dest in BY_NAME and BY_NAME[action.dest].choices:
            action.choices = BY_NAME[action.dest].choices
        elif action.metavar in ("PATH", "FILE", "FILE:LINE", "FILE|KEY=VALUE"):
            action.complete = files  # type: ignore[attr-defined]
