"""The nodes that are made from Python's own tree mean what LibCST's parser would have made of the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libcst as cst
import pytest

from closurelint.analysis.facts import children
from closurelint.analysis.python_tree import Unfit, python_tree

ROOT = Path(__file__).parent.parent
SNIPPETS = """
x = y = 1
x: int = 1
x: list[int]
x += 1; x -= 1; x *= 1; x /= 1; x //= 1; x %= 1; x **= 1; x @= 1; x <<= 1; x >>= 1; x &= 1; x |= 1; x ^= 1
a + b - c * d / e // f % g ** h @ i << j >> k & l | m ^ n
+a, -b, ~c, not d
a and b and c or d or e
a < b <= c > d >= e == f != g is h is not i in j not in k
a if b else c
lambda: 0
lambda a, /, b, *, c=1, **d: (a, b, c, d)
lambda *args, e=2: args
f(a, *b, c=1, *d, **e)
f(x for x in y)
a.b.c[0].d
a[1, 2:3, ::4, :, ...]
a[(1, 2)]
a[()]
a[*b]
(a, *b), [c, *d], {e, *f}, {}, {g: h, **i}
[a for b in c if d if e for f in g]
{a for b in c}, {a: b for c, d in e}
'a' "b" 'c'
b'bytes', 1.5, 2j, 1e999, 0x1F, 1_000, True, False, None, ...
f'{a!r:>{width}} text {b}'
(y := f(x))
del a, b[0], c.d
del a
import a, b.c, d.e as f
from a.b import c as d, e
from .. import f
from .g import *
global a, b
assert a, b
raise A from b
raise
pass
while a:
    break
else:
    continue
for a, b in c:
    pass
else:
    pass
if a: b
elif c:
    d
else:
    e
with a as b, c, (d) as (e, f):
    pass
try:
    a
except B as c:
    d
except (E, F):
    pass
except:
    pass
else:
    g
finally:
    h
@a
@b.c(d)
def f(a: int, /, b: str = 'x', *args: int, c, d=1, **kwargs) -> None:
    '''Documented.'''
    nonlocal e
    return
    return 1
    yield
    yield a
    yield from b
async def f():
    await a
    async for b in c:
        pass
    async with d:
        pass
    return [e async for e in f]
@a
class A(B, *c, metaclass=D, **e):
    x = 1
    def f(self): pass
class A: ...
"""


def snippets() -> Iterator[str]:
    """The statements above, each with its indented lines, and with the `else` of a loop or the like."""
    lines: list[str] = []
    for line in SNIPPETS.strip("\n").split("\n"):
        if lines and not line.startswith((" ", "else", "elif", "except", "finally")) and not lines[-1].startswith("@"):
            yield "\n".join(lines) + "\n"
            lines = []
        lines.append(line)
    yield "\n".join(lines) + "\n"


def meaning(node: cst.CSTNode) -> object:
    """What the analysis sees of a tree: kinds, names, and what literals are worth."""
    if isinstance(node, cst.FormattedString):
        return None
    if isinstance(node, cst.ConcatenatedString | cst.SimpleString | cst.Integer | cst.Float | cst.Imaginary):
        return node.evaluated_value
    star = node.star if isinstance(node, cst.Arg | cst.Index) else None
    name = node.value if isinstance(node, cst.Name) else None
    below = [meaning(each) for each in children(node) if not isinstance(each, cst.Colon)]
    if isinstance(node, cst.SimpleStatementSuite):
        return "IndentedBlock", None, None, [("SimpleStatementLine", None, None, [each]) for each in below]
    if isinstance(node, cst.SimpleStatementLine) and len(below) > 1:
        return [("SimpleStatementLine", None, None, [each]) for each in below]
    return type(node).__name__, star or None, name, below


def flattened(found: Any) -> Any:
    """Statements that share a line, each on one of its own."""
    if isinstance(found, list):
        flat: list[Any] = []
        for each in found:
            flat += flattened(each) if isinstance(each, list) else [flattened(each)]
        return flat
    return tuple(flattened(each) for each in found) if isinstance(found, tuple) else found


def same(text: str) -> bool:
    return bool(flattened(meaning(python_tree(text))) == flattened(meaning(cst.parse_module(text))))


@pytest.mark.parametrize("text", list(snippets()))
def test_a_statement_means_the_same(text: str) -> None:
    try:
        compile(text, "", "exec", 0x400)
    except SyntaxError:
        pytest.skip("this Python does not read it")
    assert same(text)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "closurelint").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_module_means_the_same(path: Path) -> None:
    assert same(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "def f(:\n",
        "x = " + "(" * 300 + ")" * 300,
        "x = " + "-" * 5000 + "1\n",
        "x = " + "9" * 5000,
        "match x:\n    case 1:\n        pass\n",
    ],
    ids=["no Python", "brackets", "deep", "long number", "rare"],
)
def test_what_it_cannot_make_is_left_to_the_other_parser(text: str) -> None:
    with pytest.raises(Unfit):
        python_tree(text)


def test_the_code_of_a_tree_can_be_written() -> None:
    text = "def f(a, *, b = 1):\n    return g(a[1:2], *b, c = -1.5) + [x for x in y if x]\n"
    assert python_tree(text).code == text
