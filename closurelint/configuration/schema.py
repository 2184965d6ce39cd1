"""The JSON schema of the configuration, for editors, and its page in the documentation.

Both are written from here by `pytest --bless`, and checked for freshness.
"""

from __future__ import annotations

import json
from typing import Any

from closurelint.configuration.settings import SETTINGS, Setting, toml
from closurelint.rule import Rule


def schema(rules: tuple[Rule, ...]) -> dict[str, Any]:
    """The schema of a `closurelint.toml`, and of the table `[tool.closurelint]`."""
    properties = {"extend": {"type": "string", "description": "another configuration file to start from"}}
    properties |= {setting.name: _property(setting) for setting in SETTINGS}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "closurelint",
        "description": "Settings of closurelint, in closurelint.toml or below [tool.closurelint] in pyproject.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": dict(sorted(properties.items())),
        "definitions": {"selector": {"type": "string", "enum": selectors(rules)}},
    }


def selectors(rules: tuple[Rule, ...]) -> list[str]:
    """Every word that stands for one or more rules."""
    codes = [rule.code for rule in rules]
    prefixes = {code[:length] for code in codes for length in range(len("CLO"), len(codes[0]))}
    return ["ALL", *sorted({*prefixes, *codes}), *sorted(rule.name for rule in rules)]


def _property(setting: Setting) -> dict[str, Any]:
    selector_list = {"type": "array", "items": {"$ref": "#/definitions/selector"}, "uniqueItems": True}
    kinds: dict[str, dict[str, Any]] = {
        "selectors": selector_list,
        "patterns": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "pattern selectors": {"type": "object", "additionalProperties": selector_list},
        "path": {"type": "string", "minLength": 1},
        "boolean": {"type": "boolean"},
        "count": {"type": "integer", "minimum": 0},
        "choice": {"type": "string", "enum": [*setting.choices, *setting.synonyms]},
        "table": {"type": "object", "additionalProperties": {"type": "object"}},
    }
    default: dict[str, Any] = {} if setting.default is None else {"default": _as_json(setting)}
    return {"description": setting.doc, **default, **kinds[setting.kind]}


def _as_json(setting: Setting) -> Any:
    if setting.kind in ("pattern selectors", "table"):
        return {}
    return list(setting.default) if isinstance(setting.default, tuple) else setting.default


def schema_text(rules: tuple[Rule, ...]) -> str:
    """The schema as the file has it."""
    return json.dumps(schema(rules), indent=2, ensure_ascii=False) + "\n"


def page() -> str:
    """The page of the documentation about settings, as Markdown."""

    lines = [
        "# Settings",
        "",
        "In `closurelint.toml`, or in `pyproject.toml` below `[tool.closurelint]`; the file nearest to a file wins.",
        "Each is also an option, which wins over every file, and can be given as `--config KEY=VALUE`.",
        "`closurelint config KEY` prints the same text, `closurelint --show-settings PATH` what holds for a file.",
        "",
        "## `extend`",
        "",
        "Another configuration file to start from: what it says holds unless this file says otherwise, and its paths",
        "and patterns are counted from its own folder. Only in a file.",
    ]
    for setting in SETTINGS:
        lines += ["", f"## `{setting.name}`", "", setting.doc[0].upper() + setting.doc[1:] + ".", ""]
        lines.append(f"* default: `{toml(setting.default)}`")
        if setting.choices:
            lines.append("* one of: " + ", ".join(f"`{choice}`" for choice in setting.choices))
        if setting.option:
            lines.append(
                f"* option: `--{setting.name}`" + (f", `--no-{setting.name}`" if setting.kind == "boolean" else "")
            )
        if setting.scope == "run":
            lines.append("* one value for the whole run, from the configuration of the working directory")
        lines += ["", "```toml", "[tool.closurelint]", setting.example, "```"]
    return "\n".join(lines) + "\n"
