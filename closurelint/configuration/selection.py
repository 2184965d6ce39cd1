"""From selectors (`CLO1`, `captured-point`, `ALL`) to the codes of rules."""

from __future__ import annotations

from closurelint.configuration.rule_names import RULE_NAMES
from closurelint.configuration.settings import SettingsProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

EXACT = 100


def suggestion(word: str, valid: Iterable[str]) -> str:
    """The end of a message about an unknown `word`: the nearest valid one, or else all of them."""
    from difflib import get_close_matches

    valid = list(valid)
    folded = {candidate.casefold(): candidate for candidate in valid}
    longer = [candidate for candidate in folded if word and candidate.startswith(word.casefold())]
    near = longer[:1] or get_close_matches(word.casefold(), list(folded), n=1)
    return f"did you mean `{folded[near[0]]}`?" if near else "use one of " + ", ".join(f"`{name}`" for name in valid)


def matching(selector: str, where: str) -> frozenset[str]:
    """The codes that one selector stands for; `where` names the file or option in the message of SettingsProblem."""
    if selector == "ALL":
        return frozenset(RULE_NAMES)
    found = frozenset(
        code for code, name in RULE_NAMES.items() if name == selector or (selector and code.startswith(selector))
    )
    if not found:
        hint = suggestion(selector, ["ALL", *RULE_NAMES, *RULE_NAMES.values()])
        if hint.startswith("use one of"):
            hint = "`closurelint rule` lists them"
        raise SettingsProblem(f"{where}: no rule is called `{selector}`, {hint}")
    return found


def codes_of(selectors: Iterable[str], where: str) -> frozenset[str]:
    """The codes that any of `selectors` stands for."""
    return frozenset().union(*(matching(selector, where) for selector in selectors))


def selected(
    base: frozenset[str] | None,
    select: tuple[str, ...] | None,
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    where: str,
) -> frozenset[str]:
    """The codes that are enabled after one layer of configuration.

    `base` is what the layer below enables, None for every rule; a `select` starts afresh. The more specific selector
    decides, as in ruff: `ALL`, then longer and longer prefixes, then codes and names.
    """
    if select is not None:
        enabled: set[str] = set()
    else:
        enabled = set(RULE_NAMES if base is None else base)
    steps = [(_specificity(name), False, matching(name, where)) for name in (*(select or ()), *extend_select)]
    steps += [(_specificity(name), True, matching(name, where)) for name in ignore]
    for _, ignored, codes in sorted(steps, key=lambda step: step[:2]):
        enabled = enabled - codes if ignored else enabled | codes
    return frozenset(enabled)


def _specificity(selector: str) -> int:
    if selector == "ALL":
        return 0
    return len(selector) if len(selector) < len("CLO000") and selector.isupper() else EXACT
