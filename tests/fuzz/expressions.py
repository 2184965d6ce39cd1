"""Random expressions, each with what its value depends on."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .dialects import Dialect
from .taints import NOTHING, State, Taint

Kind = Literal["vector", "number"]


@dataclass(frozen=True, slots=True)
class Expression:
    """text: its source, in brackets where it needs them. depends: what its value depends on in a state.

    A walrus inside changes the state.
    """

    text: str
    depends: Callable[[State], Taint]


@dataclass(frozen=True, slots=True)
class Callee:
    """A function that can be called: the kinds of what it takes, and what its result makes of theirs."""

    name: str
    takes: tuple[Kind, ...]
    gives: Kind
    depends: Callable[[State, tuple[Taint, ...]], Taint]
    calls: tuple[str, ...] = ("{name}({0})",)
    local: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a container: `text` reads and writes it."""

    text: str
    container: str
    key: str
    kind: Kind


@dataclass(slots=True)
class Scope:
    """What generated code can name where it stands. `captured`: texts of captured state, with their keys."""

    dialect: Dialect
    captured: list[tuple[str, Kind, str]]
    names: dict[str, Kind] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    callees: list[Callee] = field(default_factory=list)
    counter: list[int] = field(default_factory=lambda: [0])

    def fresh(self, stem: str) -> str:
        """A name that nothing else has."""
        self.counter[0] += 1
        return f"{stem}{self.counter[0]}"

    def inner(self, names: Mapping[str, Kind] | None = None) -> Scope:
        """The scope of a block or function in this one, which binds `names`."""
        bound = {**self.names, **(names or {})}
        return Scope(self.dialect, self.captured, bound, list(self.slots), list(self.callees), self.counter)


class Expressions:
    """Draws expressions from a source of random choices."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def draw(self, scope: Scope, kind: Kind, depth: int) -> Expression:
        """An expression of a kind; `depth` bounds how deep it nests."""
        if depth <= 0 or self.rng.random() < 0.15:
            return self._leaf(scope, kind)
        form = self.rng.choice(_VECTORS if kind == "vector" else _NUMBERS)
        return form(self, scope, depth - 1)

    # -- leaves ----------------------------------------------------------------------------------------------------

    def _leaf(self, scope: Scope, kind: Kind) -> Expression:
        names = [name for name, its in scope.names.items() if its == kind]
        slots = [slot for slot in scope.slots if slot.kind == kind]
        captured = [item for item in scope.captured if item[1] == kind]
        roll = self.rng.random()
        if names and roll < 0.6:
            return self.name(self.rng.choice(names))
        if slots and roll < 0.75:
            return self.slot(self.rng.choice(slots))
        if captured and roll < 0.92:
            return self.captured(*self.rng.choice(captured))
        if kind == "number":
            number = self.rng.choice(("0.5", "2.0", "3.0", "1.25"))
            return Expression(scope.dialect.literal.format(number), lambda state: NOTHING)
        if names:
            return self.name(self.rng.choice(names))
        return self.captured(*self.rng.choice(captured))

    @staticmethod
    def name(name: str) -> Expression:
        """A variable."""
        return Expression(name, lambda state: state.names[name])

    @staticmethod
    def captured(text: str, kind: Kind, key: str) -> Expression:
        """Captured state, which the state knows by a key."""
        return Expression(text, lambda state: state.names[key])

    @staticmethod
    def slot(slot: Slot) -> Expression:
        """A place of a container."""
        return Expression(slot.text, lambda state: state.heap[state.places[slot.container]][slot.key])

    # -- both kinds ------------------------------------------------------------------------------------------------

    def _joined(self, template: str, *parts: Expression) -> Expression:
        def depends(state: State) -> Taint:
            found = NOTHING
            for part in parts:
                found |= part.depends(state)
            return found

        return Expression(template.format(*(part.text for part in parts)), depends)

    def _arithmetic(self, scope: Scope, depth: int, kind: Kind) -> Expression:
        template = self.rng.choice(
            ("({0} + {1})", "({0} - 0.3 * {1})", "({0} * {1})", "({0} / (1.5 + {1} ** 2))", "({0} + 2.0 * {1})")
        )
        other: Kind = self.rng.choice((kind, "number"))
        return self._joined(template, self.draw(scope, kind, depth), self.draw(scope, other, depth))

    def _unary(self, scope: Scope, depth: int, kind: Kind) -> Expression:
        template = self.rng.choice(("(-{0})", "({0} ** 2)", "(+{0})", "({0})", *scope.dialect.smooth))
        return self._joined(template, self.draw(scope, kind, depth))

    def _cut(self, scope: Scope, depth: int, kind: Kind) -> Expression:
        inner = self.draw(scope, kind, depth)
        text = self.rng.choice(scope.dialect.cuts).format(inner.text)
        return Expression(text, lambda state: inner.depends(state).cut())

    def _choice(self, scope: Scope, depth: int, kind: Kind) -> Expression:
        template = self.rng.choice(
            ("({0} if FLAG else {1})", "({0} if MODE == 'train' else {1})", "({0} if 0 < len(MODE) < 9 else {1})")
        )
        first, second = self.draw(scope, kind, depth), self.draw(scope, kind, depth)

        def depends(state: State) -> Taint:
            if state.decided:
                return first.depends(state)
            other = state.copy()
            found = first.depends(state) | second.depends(other)
            state.join(other)
            return found

        return Expression(template.format(first.text, second.text), depends)

    def _walrus(self, scope: Scope, depth: int, kind: Kind) -> Expression:
        name = scope.fresh("seen")
        inner = self.draw(scope, kind, depth)

        def depends(state: State) -> Taint:
            state.names[name] = taint = inner.depends(state)
            return taint

        return Expression(f"(({name} := {inner.text}) + 0.1 * {name})", depends)

    def _immediate(self, scope: Scope, depth: int, kind: Kind) -> Expression:
        """A lambda that is called where it stands; its parameter may hide a name from outside."""
        visible = [name for name, its in scope.names.items() if its == kind]
        parameter = self.rng.choice([*visible, scope.fresh("q")])
        inside = scope.inner({parameter: kind})
        # a function from outside sees the outer variable, not the one that hides it
        inside.callees = [callee for callee in inside.callees if not callee.local]
        body, argument = self.draw(inside, kind, depth), self.draw(scope, kind, depth)
        if ":=" in body.text:
            return argument

        def depends(state: State) -> Taint:
            return body.depends(state.inner({parameter: argument.depends(state)}))

        return Expression(f"(lambda {parameter}: {body.text})({argument.text})", depends)

    def _call(self, scope: Scope, depth: int, kind: Kind) -> Expression:
        callees = [callee for callee in scope.callees if callee.gives == kind]
        if not callees:
            return self._unary(scope, depth, kind)
        return self.call(scope, self.rng.choice(callees), depth)

    def call(self, scope: Scope, callee: Callee, depth: int) -> Expression:
        """A call of a function."""
        parts = [self.draw(scope, its, depth) for its in callee.takes]
        template = self.rng.choice(callee.calls)
        if "{0}" in template and "{1}" not in template:
            text = template.format(", ".join(part.text for part in parts), name=callee.name)
        else:
            text = template.format(*(part.text for part in parts), name=callee.name)

        def depends(state: State) -> Taint:
            return callee.depends(state, tuple(part.depends(state) for part in parts))

        return Expression(text, depends)

    def _tuple(self, scope: Scope, depth: int, kind: Kind) -> Expression:
        """One element of a container that is made where it stands."""
        kept, lost = self.draw(scope, kind, depth), self.draw(scope, kind, depth)
        template = self.rng.choice(
            ("({0}, {1})[0]", "[{1}, {0}][1]", "({1}, {0})[-1]", "{{'a': {0}, 'b': {1}}}['a']", "[*[{1}], {0}][1]",
             "dict(a={0}, b={1})['a']", "(lambda *r: r[1])(*[{1}, {0}])", "(lambda **k: k['a'])(a={0}, b={1})",
             "functools.partial(lambda a, b: a, {0})({1})", "(lambda a, *, b={1}: a)({0})", "({1}, {0}, {1})[1:][0]",
             "list(reversed([{0}, {1}]))[1]")
        )  # fmt: skip

        if template.startswith("(lambda a") and (":=" in lost.text or "lambda" in lost.text):
            template = "({0}, {1})[0]"

        def depends(state: State) -> Taint:
            lost.depends(state)
            return kept.depends(state)

        return Expression(template.format(kept.text, lost.text), depends)

    # -- vectors ---------------------------------------------------------------------------------------------------

    def _reversed(self, scope: Scope, depth: int) -> Expression:
        template = self.rng.choice(("{0}.reshape(-1)", "{0}[:]", "({0} * 1.0)"))
        return self._joined(template, self.draw(scope, "vector", depth))

    def _where(self, scope: Scope, depth: int) -> Expression:
        chosen = [self.draw(scope, "vector", depth) for _ in range(3)]
        template = scope.dialect.where.format("{0} > 0", "{1}", "{2}")
        condition, first, second = chosen

        def depends(state: State) -> Taint:
            return condition.depends(state).cut() | first.depends(state) | second.depends(state)

        return Expression(template.format(*(part.text for part in chosen)), depends)

    def _like(self, scope: Scope, depth: int) -> Expression:
        lost, kept = self.draw(scope, "vector", depth), self.draw(scope, "vector", depth)
        text = f"({self.rng.choice(scope.dialect.drops).format(lost.text)} + {kept.text})"

        def depends(state: State) -> Taint:
            lost.depends(state)
            return kept.depends(state)

        return Expression(text, depends)

    # -- numbers ---------------------------------------------------------------------------------------------------

    def _total(self, scope: Scope, depth: int) -> Expression:
        return self._joined(self.rng.choice(scope.dialect.total), self.draw(scope, "vector", depth))

    def _item(self, scope: Scope, depth: int) -> Expression:
        return self._joined(self.rng.choice(("{0}[0]", "{0}[1]", "{0}[-1]")), self.draw(scope, "vector", depth))

    def _dot(self, scope: Scope, depth: int) -> Expression:
        return self._joined(scope.dialect.dot, self.draw(scope, "vector", depth), self.draw(scope, "vector", depth))

    def _size(self, scope: Scope, depth: int) -> Expression:
        lost, kept = self.draw(scope, "vector", depth), self.draw(scope, "number", depth)
        text = self.rng.choice(("({0} / {1}.shape[0])", "({0} * len({1}))")).format(kept.text, lost.text)

        def depends(state: State) -> Taint:
            first = kept.depends(state)
            lost.depends(state)
            return first

        return Expression(text, depends)

    def _convert(self, scope: Scope, depth: int) -> Expression:
        if not scope.dialect.converts:
            return self._total(scope, depth)
        return self._joined(self.rng.choice(scope.dialect.converts), self.draw(scope, "number", depth))

    def _comprehension(self, scope: Scope, depth: int) -> Expression:
        over = self.draw(scope, "vector", depth)
        if ":=" in over.text:
            over = self._leaf(scope, "vector")
        name = scope.fresh("v")
        body = self.draw(scope.inner({name: "number"}), "number", depth)
        while ":=" in body.text:
            body = self._leaf(scope.inner({name: "number"}), "number")
        template = self.rng.choice(
            ("sum([{1} for {2} in {0}])", "sum({1} for {2} in {0})", "sum({1} for {2}, _ in zip({0}, range(3)))",
             "sum({{i: {1} for i, {2} in enumerate({0})}}.values())", "sum([{1} for {2} in {0} if FLAG or True])",
             "sum(map(lambda {2}: {1}, {0}))")
        )  # fmt: skip

        def depends(state: State) -> Taint:
            return body.depends(state.inner({name: over.depends(state)}))

        return Expression(template.format(over.text, body.text, name), depends)


def _of(form: Callable[[Expressions, Scope, int, Kind], Expression], kind: Kind) -> _Form:
    return lambda self, scope, depth: form(self, scope, depth, kind)


_Form = Callable[[Expressions, Scope, int], Expression]
_BOTH = (
    Expressions._arithmetic,
    Expressions._arithmetic,
    Expressions._unary,
    Expressions._cut,
    Expressions._choice,
    Expressions._walrus,
    Expressions._immediate,
    Expressions._call,
    Expressions._call,
    Expressions._tuple,
)
_VECTORS: tuple[_Form, ...] = (
    *(_of(form, "vector") for form in _BOTH),
    Expressions._reversed,
    Expressions._where,
    Expressions._like,
)
_NUMBERS: tuple[_Form, ...] = (
    *(_of(form, "number") for form in _BOTH),
    Expressions._total,
    Expressions._total,
    Expressions._item,
    Expressions._dot,
    Expressions._size,
    Expressions._convert,
    Expressions._comprehension,
)
