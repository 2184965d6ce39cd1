"""Random statements of a function's body, each with what it does to the state."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from .expressions import Callee, Expression, Expressions, Kind, Scope, Slot
from .taints import NOTHING, State, Taint

CAPTURED_PLACES = ("memo", "slots")
"""Containers of the module, into which an objective can write."""

_ROUNDS = 4
"""Times that a loop is gone through: enough for what a body of few statements carries from one round to the next."""


@dataclass(frozen=True, slots=True)
class Statement:
    """lines: its source. run: what it does."""

    lines: tuple[str, ...]
    run: Callable[[State], None]


class Block(list[Statement]):
    """Statements in a row."""

    def run(self, state: State) -> None:
        """Run each."""
        for statement in self:
            statement.run(state)

    def text(self, indent: str = "") -> str:
        """The source, `pass` if there is none."""
        lines = [line for statement in self for line in statement.lines] or ["pass"]
        return textwrap.indent("\n".join(lines), indent)

    def nested(self) -> tuple[str, ...]:
        """The lines, indented once."""
        return tuple(self.text("    ").split("\n"))


class Statements(Expressions):
    """Draws blocks."""

    def block(self, scope: Scope, length: int, depth: int) -> Block:
        """`length` statements, which add to the scope what they bind."""
        return Block(self._statement(scope, depth) for _ in range(length))

    def _statement(self, scope: Scope, depth: int) -> Statement:
        forms = _FLAT if depth <= 0 else _FLAT + _NESTED
        return self.rng.choice(forms)(self, scope, depth)

    def _kind(self) -> Kind:
        return "vector" if self.rng.random() < 0.5 else "number"

    # -- flat ------------------------------------------------------------------------------------------------------

    def _assign(self, scope: Scope, depth: int) -> Statement:
        kind = self._kind()
        value = self.draw(scope, kind, 2)
        rebound = [name for name, its in scope.names.items() if its == kind]
        name = self.rng.choice(rebound) if rebound and self.rng.random() < 0.3 else scope.fresh("a")
        scope.names[name] = kind

        def run(state: State) -> None:
            state.names[name] = value.depends(state)

        return Statement((self.rng.choice(("{0} = {1}", "{0}: object = {1}")).format(name, value.text),), run)

    def _augmented(self, scope: Scope, depth: int) -> Statement:
        own = [name for name in scope.names if name.startswith("n")]
        if not own:
            name = scope.fresh("n")
            value = self.draw(scope, "number", 2)
            scope.names[name] = "number"
            return Statement(
                (f"{name} = {value.text}",), lambda state: state.names.update({name: value.depends(state)})
            )
        name, value = self.rng.choice(own), self.draw(scope, "number", 2)

        def run(state: State) -> None:
            taint = value.depends(state)
            state.names[name] |= taint

        ways = ("{0} = {0} + {1}",) if scope.dialect.in_place_sums else ("{0} += {1}", "{0} -= {1}", "{0} *= {1}")
        return Statement((self.rng.choice(ways).format(name, value.text),), run)

    def _unpack(self, scope: Scope, depth: int) -> Statement:
        kinds = [self._kind() for _ in range(3)]
        values = [self.draw(scope, kind, 2) for kind in kinds]
        names = [scope.fresh("u") for _ in range(3)]
        target, source = self.rng.choice(
            (("{0}, {1}, {2}", "{0}, {1}, {2}"), ("({0}, {1}), {2}", "({0}, {1}), {2}"),
             ("[{0}, *_, {1}]", "{0}, {2}, {1}"), ("{0}, ({1}, {2})", "[{0}, [{1}, {2}]]"))
        )  # fmt: skip
        taken = [name for index, name in enumerate(names) if f"{{{index}}}" in target]
        scope.names.update({name: kind for name, kind in zip(names, kinds, strict=True) if name in taken})

        def run(state: State) -> None:
            found = [value.depends(state) for value in values]
            state.names.update({name: taint for name, taint in zip(names, found, strict=True) if name in taken})

        text = f"{target.format(*names)} = {source.format(*(value.text for value in values))}"
        return Statement((text,), run)

    def _chained(self, scope: Scope, depth: int) -> Statement:
        kind, first, second = self._kind(), scope.fresh("c"), scope.fresh("c")
        value = self.draw(scope, kind, 2)
        scope.names.update({first: kind, second: kind})

        def run(state: State) -> None:
            taint = value.depends(state)
            state.names.update({first: taint, second: taint})

        return Statement((f"{first} = {second} = {value.text}",), run)

    def _idle(self, scope: Scope, depth: int) -> Statement:
        """Something is done with a value, and nothing comes of it."""
        value = self.draw(scope, self._kind(), 2)
        template = self.rng.choice(
            ("{0}", "str({0})", "f'{{{0}}}'", "assert {0} is not None", "print(end='')", "_ = {0}", "repr(({0},))")
        )
        if template.startswith("f'") and ("'" in value.text or ":=" in value.text or "lambda" in value.text):
            template = "{0}"

        def run(state: State) -> None:
            value.depends(state)

        return Statement((template.format(value.text),), run)

    def _container(self, scope: Scope, depth: int) -> Statement:
        """A container is made, under one or two names."""
        kinds = (self._kind(), self._kind())
        values = [self.draw(scope, kind, 2) for kind in kinds]
        name = scope.fresh("box")
        made, read, keys = self.rng.choice(
            (("{{'k': {0}, 'l': {1}}}", "{0}['{1}']", "kl"), ("[{0}, {1}]", "{0}[{1}]", "01"),
             ("SimpleNamespace(k={0}, l={1})", "{0}.{1}", "kl"), ("dict(k={0}, l={1})", "{0}['{1}']", "kl"))
        )  # fmt: skip
        names = [name, scope.fresh("box")] if self.rng.random() < 0.4 else [name]
        lines = [f"{name} = {made.format(*(value.text for value in values))}"]
        lines += [f"{other} = {name}" for other in names[1:]]
        for each in names:
            scope.slots += [
                Slot(read.format(each, key), each, key, kind) for key, kind in zip(keys, kinds, strict=True)
            ]

        def run(state: State) -> None:
            state.heap[name] = {key: value.depends(state) for key, value in zip(keys, values, strict=True)}
            state.places.update(dict.fromkeys(names, name))

        return Statement(tuple(lines), run)

    def _write(self, scope: Scope, depth: int) -> Statement:
        """A place of a container, made here or captured, gets another value."""
        if not scope.slots:
            return self._container(scope, depth)
        slot = self.rng.choice(scope.slots)
        value = self.draw(scope, slot.kind, 2)

        def run(state: State) -> None:
            place = state.places[slot.container]
            state.heap[place][slot.key] = taint = value.depends(state)
            state.leaked |= place in CAPTURED_PLACES and taint.own > 0

        return Statement((f"{slot.text} = {value.text}",), run)

    def _grow(self, scope: Scope, depth: int) -> Statement:
        """A list that grows, and what is in it."""
        name, total = scope.fresh("rows"), scope.fresh("n")
        values = [self.draw(scope, "number", 2) for _ in range(2)]
        way = self.rng.choice(("{0}.append({1})", "{0} += [{1}]", "{0}.extend([{1}])", "{0}.insert(0, {1})"))
        lines = (f"{name} = [{values[0].text}]", way.format(name, values[1].text), f"{total} = sum({name})")
        scope.names[total] = "number"

        def run(state: State) -> None:
            taint = values[0].depends(state)
            state.names[total] = taint | values[1].depends(state)

        return Statement(lines, run)

    def _rows(self, scope: Scope, depth: int) -> Statement:
        """An item of a list whose items have changed places, or were written to by another name."""
        kind, name, taken = self._kind(), scope.fresh("rows"), scope.fresh("a")
        values = [self.draw(scope, kind, 2) for _ in range(3)]
        change, read, index = self.rng.choice(
            (("{0}.append({1})", "{0}[-2]", 1), ("{0}.insert(0, {1})", "{0}[1]", 0), ("{0}.reverse()", "{0}[0]", 1),
             ("{0}.pop(0)", "{0}[0]", 1), ("del {0}[0]", "{0}[0]", 1), ("{0}[-1] = {1}", "{0}[1]", 2),
             ("{0}[0], {0}[1] = {0}[1], {0}[0]", "{0}[0]", 1), ("{0}[0:1] = [{1}]", "{0}[0]", 2),
             ("other = {0}; other[0] = {1}", "{0}[0]", 2), ("other = list({0}); other[0] = {1}", "{0}[0]", 0))
        )  # fmt: skip
        scope.names[taken] = kind

        def run(state: State) -> None:
            found = [value.depends(state) for value in values[: 2 + ("{1}" in change)]]
            state.names[taken] = found[index]
            state.leaked |= max(taint.own for taint in found) > found[index].own

        lines = (f"{name} = [{values[0].text}, {values[1].text}]", change.format(name, values[2].text))
        return Statement((*lines, f"{taken} = {read.format(name)}"), run)

    def _yielded(self, scope: Scope, depth: int) -> Statement:
        """What a generator gives."""
        name, total = scope.fresh("each"), scope.fresh("n")
        values = [self.draw(scope, "number", 1) for _ in range(2)]
        if any(":=" in value.text for value in values):
            return self._assign(scope, depth)
        scope.names[total] = "number"

        def run(state: State) -> None:
            state.names[total] = values[0].depends(state) | values[1].depends(state)

        lines = (f"def {name}():", *(f"    yield {value.text}" for value in values), f"{total} = sum({name}())")
        return Statement(lines, run)

    def _matched(self, scope: Scope, depth: int) -> Statement:
        """The parts that a pattern takes out of what is written out."""
        kinds = (self._kind(), self._kind())
        values = [self.draw(scope, kind, 2) for kind in kinds]
        names = [scope.fresh("u") for _ in kinds]
        subject, pattern = self.rng.choice(
            (("({0}, {1})", "({0}, {1})"), ("[{0}, 1.0, {1}]", "[{0}, *_, {1}]"),
             ("{{'a': {0}, 'b': {1}}}", "{{'b': {1}, 'a': {0}}}"))
        )  # fmt: skip
        scope.names.update(zip(names, kinds, strict=True))

        def run(state: State) -> None:
            found = [value.depends(state) for value in values]
            state.names.update(zip(names, found, strict=True))

        texts = [value.text for value in values]
        lines = (f"match {subject.format(*texts)}:", f"    case {pattern.format(*names)}:", "        pass")
        return Statement(lines, run)

    # -- nested ----------------------------------------------------------------------------------------------------

    def _forked(self, scope: Scope, depth: int, first: str, second: str, *, binds: str | None = None) -> Statement:
        """Two blocks, of which one runs; what they bind for themselves is not used after them."""
        left = self.block(scope.inner({binds: "number"} if binds else None), 1 + (self.rng.random() < 0.5), depth - 1)
        right = self.block(scope.inner(), 1, depth - 1)

        def run(state: State) -> None:
            if state.decided:
                (right if first == "if not FLAG:" else left).run(state)
                return
            other = state.copy()
            if binds:
                state.names[binds] = NOTHING
            left.run(state)
            right.run(other)
            state.join(other)

        return Statement((first, *left.nested(), second, *right.nested()), run)

    def _branch(self, scope: Scope, depth: int) -> Statement:
        return self._forked(scope, depth, self.rng.choice(("if FLAG:", "if MODE == 'train':", "if not FLAG:")), "else:")

    def _attempt(self, scope: Scope, depth: int) -> Statement:
        """The handler may run after some of the block did."""
        inside = self.block(scope.inner(), 2, depth - 1)
        handler = self.block(scope.inner(), 1, depth - 1)
        final = self.rng.random() < 0.3
        after = self.block(scope.inner(), 1, depth - 1) if final else Block()

        def run(state: State) -> None:
            for path in _left_anywhere(inside, state):
                handler.run(path)
                state.join(path)
            after.run(state)

        lines = ("try:", *inside.nested(), "except ZeroDivisionError:", *handler.nested())
        return Statement((*lines, "finally:", *after.nested()) if final else lines, run)

    def _with(self, scope: Scope, depth: int) -> Statement:
        inside = self.block(scope, 2, depth - 1)
        return Statement(("with contextlib.nullcontext():", *inside.nested()), inside.run)

    def _suppressed(self, scope: Scope, depth: int) -> Statement:
        """Left after any of its statements, as if nothing had happened."""
        inside = self.block(scope.inner(), 2, depth - 1)

        def run(state: State) -> None:
            for path in _left_anywhere(inside, state):
                state.join(path)

        return Statement(("with contextlib.suppress(ZeroDivisionError):", *inside.nested()), run)

    def _searched(self, scope: Scope, depth: int) -> Statement:
        """A loop that is left early, or else goes on to its `else`."""
        inside, otherwise = self.block(scope.inner(), 1, depth - 1), self.block(scope.inner(), 1, depth - 1)

        def run(state: State) -> None:
            inside.run(state)
            if state.decided:
                return
            other = state.copy()
            for _ in range(_ROUNDS):
                inside.run(other)
            otherwise.run(other)
            state.join(other)

        header = ("for _ in range(3):", *inside.nested(), "    if FLAG:", "        break")
        return Statement((*header, "else:", *otherwise.nested()), run)

    def _loop(self, scope: Scope, depth: int) -> Statement:
        index = scope.fresh("i")
        over = self._leaf(scope, "vector")
        header, binds = self.rng.choice(
            ((f"for {index} in range(3):", False), (f"for {index} in {over.text}:", True),
             (f"for {index} in (1.0, 2.0):", False), (f"for _, {index} in enumerate({over.text}):", True))
        )  # fmt: skip
        inside = self.block(scope.inner({index: "number"}), 1 + (self.rng.random() < 0.6), depth - 1)
        stop = self.rng.random() < 0.2

        def run(state: State) -> None:
            taint = over.depends(state) if binds else NOTHING
            for _ in range(_ROUNDS):
                round = state.copy()
                round.names[index] = taint
                inside.run(round)
                state.join(round)

        ending = ("    if FLAG:", f"        {self.rng.choice(('break', 'continue'))}") if stop else ()
        return Statement((header, *inside.nested(), *ending), run)

    def _while(self, scope: Scope, depth: int) -> Statement:
        count = scope.fresh("k")
        inside = self.block(scope.inner(), 1, depth - 1)

        def run(state: State) -> None:
            for _ in range(_ROUNDS):
                round = state.copy()
                inside.run(round)
                state.join(round)

        return Statement((f"{count} = 0", f"while {count} < 2:", f"    {count} += 1", *inside.nested()), run)

    def _function(self, scope: Scope, depth: int) -> Statement:
        """A nested function, which sees the variables around it as they are when it is called."""
        name, gives = scope.fresh("inner"), self._kind()
        takes: tuple[Kind, ...] = tuple(self._kind() for _ in range(self.rng.choice((1, 2))))
        parameters = [scope.fresh("p") for _ in takes]
        inside = scope.inner(dict(zip(parameters, takes, strict=True)))
        body = self.draw(inside, gives, 2)
        callee = Callee(name, takes, gives, _applied(parameters, body), local=True)
        scope.callees.append(callee)
        head = ", ".join(parameters)
        lines = (
            (f"{name} = lambda {head}: {body.text}",)
            if self.rng.random() < 0.4
            else (f"def {name}({head}):", f"    return {body.text}")
        )
        return Statement(lines, lambda state: None)

    def _nonlocal(self, scope: Scope, depth: int) -> Statement:
        """A nested function that binds a variable of the function around it, and is called."""
        name, kept, value = scope.fresh("keep"), scope.fresh("n"), self.draw(scope, "number", 2)
        scope.names[kept] = "number"

        def run(state: State) -> None:
            state.names[kept] = value.depends(state)

        lines = (f"{kept} = 0.0", f"def {name}():", f"    nonlocal {kept}", f"    {kept} = {value.text}", f"{name}()")
        return Statement(lines, run)

    def _early(self, scope: Scope, depth: int) -> Statement:
        """A return on one path."""
        value = self.draw(scope, "number", 2)

        def run(state: State) -> None:
            if not state.decided:
                state.returned |= value.depends(state.copy())

        return Statement(("if MODE == 'early':", f"    return {value.text}"), run)


def _left_anywhere(inside: Block, state: State) -> list[State]:
    """Run statements, and give what the state was before and after each; nothing if the way is known."""
    paths = [state.copy()]
    for statement in inside:
        statement.run(state)
        paths.append(state.copy())
    return [] if state.decided else paths


def _applied(parameters: list[str], body: Expression) -> Callable[[State, tuple[Taint, ...]], Taint]:
    def depends(state: State, arguments: tuple[Taint, ...]) -> Taint:
        return body.depends(state.inner(dict(zip(parameters, arguments, strict=True))))

    return depends


_Form = Callable[[Statements, Scope, int], Statement]
_FLAT: tuple[_Form, ...] = (
    Statements._assign,
    Statements._assign,
    Statements._assign,
    Statements._augmented,
    Statements._augmented,
    Statements._unpack,
    Statements._chained,
    Statements._idle,
    Statements._container,
    Statements._write,
    Statements._write,
    Statements._grow,
    Statements._rows,
    Statements._yielded,
    Statements._matched,
)
_NESTED: tuple[_Form, ...] = (
    Statements._branch,
    Statements._branch,
    Statements._attempt,
    Statements._with,
    Statements._suppressed,
    Statements._searched,
    Statements._loop,
    Statements._while,
    Statements._function,
    Statements._function,
    Statements._nonlocal,
    Statements._early,
)
