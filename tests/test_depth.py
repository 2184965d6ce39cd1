"""Depth is bounded from the tokens, so that no nesting ends the process, whatever is nested."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from closurelint.analysis.depth import DEEPEST, depth
from closurelint.analysis.facts import ModuleFacts, SyntaxProblem

CHAINS: dict[str, Callable[[int], str]] = {
    "strings": lambda count: "x = (" + " ".join(["'a'"] * count) + ")\n",
    "formatted strings": lambda count: "x = (" + " ".join(["f'{a}'"] * count) + ")\n",
    "format specifications": lambda count: "x = f'" + "{w:" * count + "}" * count + "'\n",
    "sets in a formatted string": lambda count: "x = f'{ " + "{" * count + "w" + "}" * count + " }'\n",
    "minus": lambda count: "x = " + "-" * count + "w\n",
    "not": lambda count: "x = " + "not " * count + "w\n",
    "attributes": lambda count: "x = w" + ".a" * count + "\n",
    "calls": lambda count: "x = w" + "(a, b)" * count + "\n",
    "subscripts": lambda count: "x = w" + "[0]" * count + "\n",
    "sum": lambda count: "x = w" + " + w" * count + "\n",
    "powers": lambda count: "x = w" + " ** w" * count + "\n",
    "and": lambda count: "x = w" + " and w" * count + "\n",
    "comparisons": lambda count: "x = w" + " < w" * count + "\n",
    "conditions": lambda count: "x = " + "w if w else " * count + "w\n",
    "lambdas": lambda count: "x = " + "lambda a, b: " * count + "w\n",
    "elif": lambda count: "if a:\n    pass\n" + "elif b:\n    pass\n" * count,
    "parentheses": lambda count: "x = " + "(" * count + "w" + ")" * count + "\n",
    "lists": lambda count: "x = " + "[" * count + "w" + "]" * count + "\n",
    "dicts": lambda count: "x = " + "{w:" * count + "w" + "}" * count + "\n",
    "comprehension": lambda count: "x = [w " + "for w in w " * count + "]\n",
    "imported": lambda count: "import a" + ".a" * count + "\n",
    "targets": lambda count: "a = " * count + "w\n",
    "patterns": lambda count: "match w:\n    case 1" + "|1" * count + ": pass\n",
    "blocks": lambda count: "".join(f"{' ' * row}if a:\n" for row in range(count)) + " " * count + "pass\n",
    "joined lines": lambda count: "x = w" + " + \\\n  w" * count + "\n",
}


@pytest.mark.parametrize("name", CHAINS)
def test_each_level_counts(name: str) -> None:
    for count in (10, 150, 1000):
        assert depth(CHAINS[name](count)).levels >= count


@pytest.mark.parametrize(
    "text",
    [
        "x = [" + "w, " * 5000 + "]\n",
        "f(" + "a=b, " * 5000 + ")\n",
        "x = [" + "f(w), " * 5000 + "]\n",
        "f(w)\n" * 5000,
        "x = y\n" * 5000,
        "x; " * 5000 + "\n",
        "@decorated\n" * 5000 + "def f(): ...\n",
        "try:\n    pass\n" + "except E:\n    pass\n" * 5000,
        "match w:\n" + "    case 1: pass\n" * 5000,
        "x = '''" + "(" * 5000 + "'''\n",
        "# " + "(" * 5000 + "\n",
        "if a:\n    pass\nelif b:\n    pass\n" * 5000,
        "with a as b" + ", c as d" * 5000 + ": pass\n",
    ],
)
def test_what_stands_side_by_side_is_not_deep(text: str) -> None:
    assert depth(text).levels < 30


def test_the_row_of_the_deepest_place() -> None:
    assert depth("x = 1\n\ny = '''\n'''\nz = a" + ".b" * 50 + "\n").row == 5
    assert depth("x = 1  # one\n# two\nz = a" + ".b" * 50 + "\n").row == 3
    assert depth("x = 1 + \\\n  2\nz = a" + ".b" * 50 + "\n").row == 3


@pytest.mark.parametrize(
    "text", ["'''", "'", '"\\', "x = 'a\\", "))))", "((((", "f'{", "\\", "é = 'ü", "\t\tx", "a\0b"]
)
def test_any_text_has_a_depth(text: str) -> None:
    assert depth(text).levels >= 0


@pytest.mark.parametrize("name", CHAINS)
def test_no_nesting_ends_the_process(name: str) -> None:
    """Just below the limit the parser has to bear it, and far above it is not asked."""
    code = """
import sys
sys.setrecursionlimit(1000)
from closurelint.analysis.facts import ModuleFacts, SyntaxProblem, TOO_DEEP
for text in sys.stdin.read().split("\\f"):
    try:
        ModuleFacts(text, "m.py").read()
        print("read")
    except SyntaxProblem as problem:
        print(problem.message)
"""
    texts = [CHAINS[name](count) for count in (60, 600, 20_000 if name != "blocks" else 1000)]
    done = subprocess.run(
        [sys.executable, "-c", code], input="\f".join(texts), capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr[-500:]
    said = done.stdout.splitlines()
    assert len(said) == 3
    if name not in ("targets", "imported", "format specifications"):
        assert said[0] == "read"
    assert said[2] == "the code is nested too deeply to be read: exclude the file"


def test_the_limit() -> None:
    text = CHAINS["attributes"](DEEPEST + 10)
    with pytest.raises(SyntaxProblem, match="nested too deeply"):
        ModuleFacts("x = 1\n" + text, "m.py").read()
    with pytest.raises(SyntaxProblem) as caught:
        ModuleFacts("x = 1\n" + text, "m.py").read()
    assert caught.value.position.row == 2
