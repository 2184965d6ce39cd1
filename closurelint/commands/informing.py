"""The commands that check nothing: manuals, settings, differentiators, cleaning up."""

from __future__ import annotations

import os
import sys

from closurelint.commands.output import say
from closurelint.configuration.settings import BY_NAME, SETTINGS, Setting, Settings, SettingsProblem, toml
from closurelint.report.lines import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from closurelint.commands.options import Arguments
    from closurelint.rule import Rule


def rule(arguments: Arguments) -> int:
    """`closurelint rule [CODE] [--all] [--replay]`."""
    from closurelint.rules import RULES

    rules = list(RULES) if arguments.name is None else [_named_rule(arguments.name)]
    if arguments.replay:
        return _retold(rules, arguments)
    if arguments.output_format == "json":
        _print_json([_rule_data(each) for each in rules] if arguments.name is None else _rule_data(rules[0]))
    elif arguments.name is None and not arguments.all:
        width = max(len(each.name) for each in rules)
        print("\n".join(f"{each.code}  {each.name:{width}}  {each.summary}" for each in rules))
    else:
        say("\n\n".join(f"{each.code} {each.name}\n\n{each.manual.strip()}" for each in rules), arguments)
    return 0


def _named_rule(name: str) -> Rule:
    from closurelint.configuration.selection import suggestion
    from closurelint.rules import RULES

    for each in RULES:
        if name in (each.code, each.name) or name.upper() == each.code:
            return each
    hint = suggestion(name, [word for each in RULES for word in (each.code, each.name)])
    hint = "`closurelint rule` lists them" if hint.startswith("use one of") else hint
    raise SettingsProblem(f"no rule is called `{name}`, {hint}")


def _retold(rules: list[Rule], arguments: Arguments) -> int:
    """`--replay`: the whole story for the aliased objective, the numbers of the manual's example for others."""
    if arguments.name is None or arguments.output_format != "text":
        raise SettingsProblem(
            "`--replay` tells the story of one rule as text, name one: `closurelint rule CLO201 --replay`"
        )
    (one,) = rules
    if one.name == "aliased-objective":
        from closurelint.replay.story import text

        print(text())
        return 0
    from closurelint.commands.explain import retold

    say(retold(one), arguments)
    return 0


def _rule_data(each: Rule) -> dict[str, str]:
    return {
        "code": each.code,
        "name": each.name,
        "summary": each.summary,
        "severity": each.severity,
        "manual": each.manual.strip(),
    }


def config(arguments: Arguments) -> int:
    """`closurelint config [KEY]`."""
    if arguments.name is None:
        settings = list(SETTINGS)
    elif arguments.name in BY_NAME:
        settings = [BY_NAME[arguments.name]]
    else:
        from closurelint.configuration.selection import suggestion

        raise SettingsProblem(f"no setting is called `{arguments.name}`, {suggestion(arguments.name, BY_NAME)}")
    if arguments.output_format == "json":
        _print_json({setting.name: _setting_data(setting) for setting in settings})
    elif arguments.name is None:
        width = max(len(setting.name) for setting in settings)
        print("\n".join(f"{setting.name:{width}}  {setting.doc}" for setting in settings))
    else:
        print(described(settings[0]))
    return 0


def differentiators(arguments: Arguments) -> int:
    """`closurelint differentiators [NAME]`."""
    from closurelint.catalogue import as_object, catalogue, describe, overview
    from closurelint.commands.run import configuration_of

    known = catalogue(dict(configuration_of(arguments).for_run().differentiators))
    found = known.entries if arguments.name is None else known.named(arguments.name)
    if found and arguments.output_format == "json":
        _print_json([as_object(entry) for entry in found])
        return 0
    if arguments.name is None:
        print(overview(known))
        return 0
    if not found:
        from closurelint.configuration.selection import suggestion

        hint = suggestion(arguments.name, [path for entry in known.entries for path in entry.paths])
        hint = "`closurelint differentiators` lists them" if hint.startswith("use one of") else hint
        raise SettingsProblem(f"no differentiator is called `{arguments.name}`, {hint}")
    print("\n\n".join(describe(entry) for entry in found))
    return 0


def described(setting: Setting) -> str:
    """The manual of one setting."""
    lines = [setting.name, "", setting.doc, "", f"default: {toml(setting.default)}", f"kind: {setting.kind}"]
    if setting.choices:
        lines.append(f"choices: {', '.join(setting.choices)}")
    if setting.option:
        lines.append(f"option: --{setting.name}" + (f", --no-{setting.name}" if setting.kind == "boolean" else ""))
    else:
        lines.append(f"option: --config '{setting.name}...'")
    scope = "each file follows its nearest configuration" if setting.scope == "file" else "one value for the whole run"
    return "\n".join([*lines, f"scope: {scope}", "", "[tool.closurelint]", setting.example])


def _setting_data(setting: Setting) -> dict[str, Any]:
    return {
        "doc": setting.doc,
        "default": setting.default,
        "kind": setting.kind,
        "choices": list(setting.choices),
        "scope": setting.scope,
        "example": setting.example,
    }


def shown_settings(settings: Settings) -> str:
    """Every value that holds, with where it comes from."""
    from closurelint.configuration.rule_names import RULE_NAMES

    lines = [f"# from {printable(settings.origin or 'the defaults, there is no configuration file')}"]
    lines.append(f"# paths: {printable(settings.root)}")
    lines += [f"{setting.name} = {toml(getattr(settings, setting.attribute))}" for setting in SETTINGS]
    enabled = [code for code in RULE_NAMES if settings.enables(code)]
    return "\n".join([*lines, f"# rules: {' '.join(enabled) or 'none'}"])


def clean(arguments: Arguments) -> int:
    """`closurelint clean`: remove the folder of kept results, if it is one."""
    import shutil

    from closurelint.cache import is_for_results
    from closurelint.commands.run import configuration_of

    directory = configuration_of(arguments).for_run().cache_dir
    if os.path.exists(directory) and not os.path.isdir(directory):
        raise SettingsProblem(f"{directory} is not a folder, so it is not removed: check `cache-dir`")
    if not os.path.isdir(directory):
        print(f"nothing to remove, {printable(directory)} does not exist", file=sys.stderr)
        return 0
    if not is_for_results(directory):
        raise SettingsProblem(f"{directory} holds no results of closurelint, so it is not removed: check `cache-dir`")
    try:
        shutil.rmtree(directory)
    except OSError as problem:
        raise SettingsProblem(f"{directory} cannot be removed: {problem.strerror}") from problem
    print(f"removed {printable(directory)}", file=sys.stderr)
    return 0


def version(arguments: Arguments) -> int:
    """`closurelint version`."""
    from closurelint import __version__

    print(f"closurelint {__version__}")
    return 0


def completion(arguments: Arguments) -> int:
    """`closurelint completion SHELL`."""
    from closurelint.commands.completion import script

    print(script(arguments.shell), end="")
    return 0


def server(arguments: Arguments) -> int:
    """`closurelint server`."""
    from closurelint.commands.server import served

    return served(arguments)


def scan(arguments: Arguments) -> int:
    """`closurelint scan SOURCE...`."""
    from closurelint.commands.scan import scan

    return scan(arguments)


def explain(arguments: Arguments) -> int:
    """`closurelint explain FILE:LINE`."""
    from closurelint.commands.explain import explained, place_of
    from closurelint.commands.run import configuration_of

    path, _, _ = place_of(arguments.place)
    settings = configuration_of(arguments).for_directory(os.path.dirname(os.path.abspath(path)))
    say(explained(arguments.place, settings, replay=arguments.replay), arguments)
    return 0


def _print_json(data: Any) -> None:
    import json

    print(json.dumps(data, indent=2, ensure_ascii=False))


COMMANDS: dict[str, Callable[[Arguments], int]] = {
    "rule": rule,
    "config": config,
    "differentiators": differentiators,
    "explain": explain,
    "scan": scan,
    "clean": clean,
    "server": server,
    "completion": completion,
    "version": version,
}
