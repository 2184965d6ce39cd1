from __future__ import annotations

import libcst as cst
import pytest

from closurelint.analysis.facts import ModuleFacts, SyntaxProblem, children, dotted_name, parse, statements
from closurelint.diagnostic import Position, Range


def function(text: str) -> tuple[ModuleFacts, cst.FunctionDef]:
    module = ModuleFacts(text, "a.py")
    node = next(node for node in statements(module.read()) if isinstance(node, cst.FunctionDef))
    return module, node


def expression(text: str) -> cst.BaseExpression:
    return cst.parse_expression(text)


class TestNames:
    """What a body does with names."""

    @pytest.mark.parametrize(
        ("body", "loads", "stores"),
        [
            ("return a + b.c[d]", "a b d", ""),
            ("a = b", "b", "a"),
            ("a.x = b", "a b", ""),
            ("a[i] = b", "a i b", ""),
            ("a += b", "a b", "a"),
            ("a: int = b", "b", "a"),
            ("(a := b)", "b", "a"),
            ("a, (b, *c) = d", "d", "a b c"),
            ("for a in b:\n        c\n    else:\n        d", "b c d", "a"),
            ("with a as b:\n        c", "a c", "b"),
            ("try:\n        a\n    except B as c:\n        d", "a B d", "c"),
            ("import a.b, c as d", "", "a d"),
            ("from a import b as c, d", "", "c d"),
            ("f(a, key=b, *c, **d)", "f a b c d", ""),
            ("return [a for a in b if a]", "b", ""),
            ("return [a for a in a]", "a", ""),
            ("return {a: c for a in b for c in a}", "b", ""),
            ("return sum(w for x in y if (z := x))", "sum w y", "z"),
            ("return lambda a, b=c: a + b + d", "c d", ""),
            ("def g(a=b):\n        return a + c", "b c", "g"),
            ("def g():\n        nonlocal a\n        a = 1", "", "a g"),
            ("@d\n    class A(B):\n        x = y", "d B y", "A"),
            (
                (
                    "match a:\n        case {'k': b, **c}:\n            d\n        case [e, *g]:\n"
                    "            h\n        case i:\n            pass"
                ),
                "a d h",
                "b c e g i",
            ),
            ("global a\n    a = 1", "", "a"),
            ("return 1, 2.0, 'a', 3j, ...", "", ""),
            ("yield a", "a", ""),
            ("from a import *", "", ""),
        ],
    )
    def test_loads_and_stores(self, body: str, loads: str, stores: str) -> None:
        module, node = function(f"def f():\n    {body}\n")
        names = module.names(node)
        assert names.loads == set(loads.split())
        assert names.stores == set(stores.split())
        assert module.names(node) is names

    def test_what_is_declared_outer(self) -> None:
        module, node = function("def f():\n    global a\n    nonlocal b\n")
        assert module.names(node).outer == {"a": "global", "b": "nonlocal"}

    @pytest.mark.parametrize(
        ("body", "dynamic", "yields"),
        [
            ("return locals()", True, False),
            ("return [eval(a) for a in b]", True, False),
            ("return (lambda: vars())()", True, False),
            ("class A:\n        x = locals()", True, False),
            ("return a", False, False),
            ("yield a", False, True),
            ("return [a for a in b]", False, False),
        ],
    )
    def test_dynamic_and_yielding(self, body: str, dynamic: bool, yields: bool) -> None:
        module, node = function(f"def f():\n    {body}\n")
        assert (module.names(node).dynamic, module.names(node).yields) == (dynamic, yields)


class TestModule:
    def test_parameters_in_order(self) -> None:
        module, node = function("def f(a, /, b, *c, d=1, **e):\n    pass\n")
        parameters = module.parameters(node)
        assert [(item.star + item.name, item.keyword_only) for item in parameters] == [
            ("a", False),
            ("b", False),
            ("*c", False),
            ("d", True),
            ("**e", False),
        ]
        assert [item.default is None for item in parameters] == [True, True, True, False, True]
        assert module.parameters(node) is parameters

    def test_ranges_count_from_one(self) -> None:
        module, node = function("x = 1\ndef f(a):\n    return a\n")
        assert module.range(node.name) == Range(Position(2, 5), Position(2, 6))

    def test_a_node_of_elsewhere_has_the_first_place(self) -> None:
        module, _ = function("def f(a):\n    return a\n")
        assert module.range(expression("a")) == Range(Position(1, 1), Position(1, 1))

    def test_ranges_in_a_very_long_sum(self) -> None:
        module = ModuleFacts("x = " + " + ".join(["a"] * 700) + "\ny = 1\n", "a.py")
        last = list(statements(module.read()))[-1]
        assert module.range(last).start == Position(2, 1)

    def test_no_ranges_where_even_that_is_too_deep(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("closurelint.analysis.facts.DEEPEST_WALK", 1)
        module = ModuleFacts("x = " + " + ".join(["a"] * 900) + "\ny = 1\n", "a.py")
        last = list(statements(module.read()))[-1]
        assert module.range(last) == Range(Position(1, 1), Position(1, 1))

    def test_source_of_a_definition_is_dedented_and_bare(self) -> None:
        module = ModuleFacts("if x:\n    # before\n    @d\n    def f(a):\n        return a\n\n    # after\n", "a.py")
        (outer,) = statements(module.read())
        assert isinstance(outer, cst.If)
        (node,) = statements(outer.body)
        assert module.source(node) == "def f(a):\n    return a"

    def test_source_of_a_line_and_of_an_expression(self) -> None:
        module = ModuleFacts("# c\nx = a  +  1  # d\n", "a.py")
        line = module.read().body[0]
        assert module.source(line) == "x = a  +  1  # d"
        (statement,) = statements(module.read())
        assert isinstance(statement, cst.Assign)
        assert module.source(statement.value) == "a  +  1"

    def test_statements_that_share_a_line(self) -> None:
        assert len(list(statements(parse("a = 1; b = 2\nif a: pass\n")))) == 3


class TestSyntax:
    @pytest.mark.parametrize(
        ("text", "message", "row"),
        [
            ("x = 1\nprint 'a'\n", "missing parentheses", 2),
            ("def f(:\n    pass\n", "", 1),
            ("x = (\n", "'(' was never closed", 1),
            ("x = 1\n  y = 2\n", "unexpected indent", 2),
            ("x = " + "(" * 3000 + ")" * 3000, "nested too deeply", 1),
            ("x = " + "not " * 20_000 + "1\n", "nested too deeply", 1),
            ("x = '\ud800'\n", "", 1),
        ],
    )
    def test_what_is_wrong_and_where(self, text: str, message: str, row: int) -> None:
        with pytest.raises(SyntaxProblem) as problem:
            parse(text)
        assert message in problem.value.message
        assert problem.value.position.row == row
        assert problem.value.message[0] == problem.value.message[0].lower()
        assert "\n" not in problem.value.message

    def test_where_python_has_nothing_against_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("closurelint.analysis.facts.complaint", lambda text: None)
        with pytest.raises(SyntaxProblem) as problem:
            parse("x = 1\ny = = 2\n")
        assert problem.value.message == "this syntax is not known to the parser"
        assert problem.value.position.row == 2


def test_dotted_names() -> None:
    assert dotted_name(expression("a.b.c")) == "a.b.c"
    assert dotted_name(expression("a().b")) == ""
    assert dotted_name(None) == ""


def test_children_mean_something_and_come_in_order() -> None:
    call = expression("f(a, b = c)")
    assert [type(child).__name__ for child in children(call)] == ["Name", "Arg", "Arg"]
    assert list(children(expression("a"))) == []
