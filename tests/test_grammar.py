"""Files are read in the grammar that they are written in, whichever Python closurelint runs on."""

from __future__ import annotations

import pytest

from closurelint import check_source

FAULT = "gradient = jax.grad(lambda p: state.loss(x))(params)"

NEW = {
    "3.8, :=": "if (n := len(params)) > 3:\n    pass\n",
    "3.9, any decorator": "@buttons[0].clicked.connect\ndef clicked(): pass\n",
    "3.10, with in parentheses": "with (open('a') as a, open('b') as b):\n    pass\n",
    "3.10, match": "match params:\n    case {'w': [1, *rest], **others} if rest: pass\n    case Point(x=0): pass\n",
    "3.11, except*": "try:\n    pass\nexcept* ValueError:\n    pass\n",
    "3.11, star in an index": "def many(*args: *Ts): pass\nparams[*rest, 0]\n",
    "3.12, type parameters": "type Pair[T: (int, str), *Ts, **P] = tuple[T, T]\nclass Box[T](list[T]): pass\n",
    "3.12, functions of a type": "def first[T](pair: Pair[T]) -> T:\n    return pair[0]\n",
    "3.12, f-strings": 'message = f"{"a" + f"{1 + 1}"}"\nother = f"{\n    1 + 2  # three\n}"\n',
    "3.13, defaults of type parameters": "class Box[T = int, *Ts = *tuple[int, ...]]: pass\n",
    "3.14, t-strings": "message = t'hello {name!r:>{width}}'\n",
    "3.14, except without parentheses": "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n",
    "3.14, return in finally": "def f():\n    try:\n        return 1\n    finally:\n        return 2\n",
}


def indented(text: str) -> str:
    return "".join(f"    {line}" for line in text.splitlines(keepends=True))


@pytest.mark.parametrize("text", NEW.values(), ids=NEW)
@pytest.mark.parametrize("place", ["before", "behind", "around"])
def test_new_grammar_hides_nothing(text: str, place: str) -> None:
    if place == "around":
        text = f"import jax\ndef train(params, x):\n{indented(text)}    {FAULT}\n    return gradient\n"
    else:
        parts = (text, f"{FAULT}\n") if place == "before" else (f"{FAULT}\n", text)
        text = "import jax\n" + "".join(parts)
    line = next(number for number, each in enumerate(text.splitlines(), 1) if FAULT in each)
    found = check_source(text, filename="train.py").diagnostics
    assert [(each.code, each.range.start.row) for each in found] == [("CLO103", line)]


@pytest.mark.parametrize(
    "text",
    [
        "def train(params):\n    loss = f\"{'a'}\"\n    return jax.grad(lambda p: loss, argnums=)(params)\n",
        "type = = 3\n",
        "match:\n    case\n",
        "except* :\n",
    ],
)
def test_what_is_of_no_grammar_is_said(text: str) -> None:
    found = check_source(f"import jax\n{FAULT}\n{text}", filename="train.py").diagnostics
    assert "CLO900" in [each.code for each in found]
