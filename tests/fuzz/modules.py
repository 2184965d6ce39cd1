"""Whole modules with one objective, differentiated once, and the truth about it."""

from __future__ import annotations

import random
import textwrap
from dataclasses import dataclass

from .dialects import Dialect
from .expressions import Callee, Kind, Scope, Slot
from .statements import CAPTURED_PLACES, Block, Statement, Statements
from .taints import HELD, NOTHING, PARAMETER, POINT, State, Taint

COMMON = "import contextlib\nimport functools\nfrom types import SimpleNamespace\n"
POINT_VALUES = ("0.3, -1.2, 0.7", "1.4, 0.2, 0.9")


@dataclass(frozen=True, slots=True)
class Module:
    """text: the source, which can be run where its library is installed. truth: what the objective's value depends on.
    taken: what it depends on where the module's flags are as the module has them.

    The name `found` holds what the site gives. leaked: the parameter was written into captured state, from where the
    static half must expect it back.
    """

    text: str
    truth: Taint
    taken: Taint
    leaked: bool
    dialect: Dialect
    form: str


class Modules(Statements):
    """Draws modules."""

    def __init__(self, rng: random.Random, dialect: Dialect) -> None:
        super().__init__(rng)
        self.dialect = dialect
        self.counter = [0]

    def module(self) -> Module:
        """A module."""
        where = self.rng.choice(("module", "module", "function", "method"))
        form = self.rng.choice(_FORMS[where])
        if form == "argument" and not any("{a}" in site for site in self.dialect.sites):
            form = "function"
        point, captured, state = self._captured(where)
        helpers = self._helpers(state)
        scope = Scope(self.dialect, captured, counter=self.counter)
        scope.callees += [callee for callee, _ in helpers]
        scope.slots += [Slot("memo.k", "memo", "k", "number"), Slot("slots['l']", "slots", "l", "vector")]
        parameter = self.rng.choice(("w", "p", "params_", "theta", "q0"))
        if form == "lambda":
            scope.names[parameter] = "vector"
            state.names[parameter] = PARAMETER
            value = self.draw(scope, "number", 4)
            taken = value.depends(_decided(state))
            truth, definition, name = value.depends(state), Block(), f"lambda {parameter}: {value.text}"
        else:
            definition, truth, taken, name = self._objective(form, scope, state, parameter, point)
        given = "self.xs" if where == "method" else "xs"
        site = self._site(name, point, self.dialect.arguments.format(given) if form == "argument" else "")
        body = self._placed(where, form, definition, site)
        parts = [COMMON + self.dialect.header, self._state(), *(text for _, text in helpers), self._noise(), body]
        return Module("\n".join(parts), truth, taken, state.leaked, self.dialect, f"{where} {form}")

    # -- what is around it -----------------------------------------------------------------------------------------

    def _captured(self, where: str) -> tuple[str, list[tuple[str, Kind, str]], State]:
        """The point's path, the captured state that can be read, and the state in which all is as it was made."""
        prefix = "self." if where == "method" else ""
        point = prefix + self.rng.choice(
            ("params", "store['params']", "net.W") if where != "function" else ("params", "net.W")
        )
        captured: list[tuple[str, Kind, str]] = []
        if self.rng.random() < 0.6:
            captured.append((point, "vector", "@point"))
        captured += [(prefix + "xs", "vector", "@held"), ("table['rate']", "number", "@written")]
        if self.rng.random() < 0.3:
            captured.append(("config.offset", "number", "@written"))
        # numbers that are written out in the source are no state: an objective of nothing else is a constant
        names = {"@point": POINT, "@held": HELD, "@written": NOTHING}
        heap = {"memo": {"k": NOTHING}, "slots": {"l": HELD}}
        return point, captured, State(names, {place: place for place in CAPTURED_PLACES}, heap)

    def _state(self) -> str:
        first, second = (self.dialect.array.format(values) for values in POINT_VALUES)
        return (
            f"FLAG = True\nMODE = 'train'\nparams = {first}\nxs = {second}\nnet = SimpleNamespace(W={first})\n"
            f"store = {{'params': {first}}}\ntable = {{'rate': {self.dialect.literal.format(0.7)}}}\n"
            f"config = SimpleNamespace(offset={self.dialect.literal.format(1.3)})\n"
            f"memo = SimpleNamespace(k={self.dialect.literal.format(0.4)})\nslots = {{'l': {second}}}\n"
        )

    def _helpers(self, state: State) -> list[tuple[Callee, str]]:
        made: list[tuple[Callee, str]] = []
        for _ in range(self.rng.choice((0, 1, 2, 3))):
            made.append(self._helper(made))
        return made

    def _helper(self, others: list[tuple[Callee, str]]) -> tuple[Callee, str]:
        """A function of the module: plain, decorated, of many or named arguments, partially applied, or an object."""
        form = self.rng.choice(("plain", "plain", "starred", "named", "decorated", "object", "partial", "default"))
        takes: tuple[Kind, ...] = ("vector", "number") if form != "plain" else (self._kind(), self._kind())
        gives, name = self._kind(), self._fresh("helper")
        captured: list[tuple[str, Kind, str]] = [("table['rate']", "number", "@written"), ("xs", "vector", "@held")]
        scope = Scope(self.dialect, captured, counter=self.counter)
        scope.callees += [callee for callee, _ in others]
        parameters = [self._fresh("h"), self._fresh("h")]
        scope.names.update(zip(parameters, takes, strict=True))
        body = self.block(scope, self.rng.choice((0, 0, 1, 2)), 1)
        value = self.draw(scope, gives, 2)
        first, second = parameters
        body.append(Statement((f"return {value.text}",), lambda state: None))

        def depends(state: State, arguments: tuple[Taint, ...]) -> Taint:
            inside = State({**state.names, first: arguments[0], second: arguments[1]}, dict(state.places), state.heap)
            inside.decided = state.decided
            for statement in body:
                statement.run(inside)
            return value.depends(inside) | inside.returned

        opening = {"starred": f"{first}, *rest", "named": f"{first}, **named", "default": f"{first}, {second}=2.0"}
        opened = {"starred": f"    ({second},) = rest\n", "named": f"    {second} = named['extra']\n"}
        head = opening.get(form, f"{first}, {second}")
        calls: tuple[str, ...] = ("{name}({0})",)
        if form == "starred":
            calls = ("{name}({0})", "{name}(*[{0}])", "{name}({0}, *({1},))")
        elif form == "named":
            calls = ("{name}({0}, extra={1})", "{name}({0}, **{{'extra': {1}}})")
        elif form == "default":
            calls = ("{name}({0})", "{name}({0}, " + second + "={1})")
        elif form == "partial":
            calls = ("functools.partial({name}, {0})({1})", "functools.partial({name}, " + second + "={1})({0})")
        elif form == "plain":
            calls = ("{name}({0})", "{name}(" + second + "={1}, " + first + "={0})", "{name}(*[{0}, {1}])")
        text = f"def {name}({head}):\n{opened.get(form, '')}{body.text('    ')}\n"
        if form == "decorated":
            text = f"{_DECORATORS[self.rng.choice(list(_DECORATORS))].format(name)}\n{text}"
        elif form == "object":
            kind = name.title()
            method = textwrap.indent(text.replace(f"def {name}(", "def __call__(self, "), "    ")
            header = f"class {kind}:\n    def __init__(self, size):\n        self.size = size\n"
            text = f"{header}\n{method}\n\n{name} = {kind}(3)\n"
        return Callee(name, takes, gives, depends, calls), text

    def _fresh(self, stem: str) -> str:
        self.counter[0] += 1
        return f"{stem}{self.counter[0]}"

    def _noise(self) -> str:
        """What has nothing to do with it."""
        return "\n".join(self.rng.sample(_NOISE, self.rng.choice((0, 1, 2, 3))))

    # -- the objective ---------------------------------------------------------------------------------------------

    def _objective(
        self, form: str, scope: Scope, state: State, parameter: str, point: str
    ) -> tuple[Block, Taint, Taint, str]:
        """The objective's definition, what its value depends on on any way and on the one taken, and how it is named.

        That is how it is spelled where it is handed over.
        """
        scope = scope.inner({parameter: "vector"})
        state.names[parameter] = PARAMETER
        extra = self._fresh("given") if form in ("partial", "argument") else None
        if extra:
            scope.names[extra] = "vector"
            state.names[extra] = HELD
        body = Block()
        if self.rng.random() < 0.12:
            body.append(self._written_through(parameter, point))
        if self.rng.random() < 0.1:
            text, _, key = next(item for item in scope.captured if item[1] == "vector")
            body.append(_rebound(parameter, text, key))
        body += self.block(scope, self.rng.choice((0, 1, 2, 3, 4)), 2)
        value = self.draw(scope, "number", 3)
        body.append(Statement((f"return {value.text}",), lambda state: None))
        decided = _decided(state)
        for statement in body:
            statement.run(state)
            statement.run(decided)
        truth, taken = value.depends(state) | state.returned, value.depends(decided) | decided.returned
        receiver = "self, " if form in ("method", "object") else ""
        first, last = (f"{extra}, ", "") if form == "partial" else ("", f", {extra}" if extra else "")
        name = {"method": "objective", "object": "__call__"}.get(form, "objective")
        text = f"def {name}({receiver}{first}{parameter}{last}):\n{body.text('    ')}"
        if form == "decorated":
            text = f"{_DECORATORS[self.rng.choice(list(_DECORATORS))].format(name)}\n{text}"
        spelled = {"method": "self.objective", "object": "Objective()", "partial": "functools.partial(objective, xs)",
                   "jit": "jax.jit(objective)", "wrapped": "lambda v: objective(v)"}.get(form, "objective")  # fmt: skip
        if form == "object":
            text = f"class Objective:\n{textwrap.indent(text, '    ')}\n"
        if form == "renamed":
            text, spelled = f"{text}\n\nchosen = objective", "chosen"
        return Block([Statement(tuple(text.split("\n")), lambda state: None)]), truth, taken, spelled

    def _written_through(self, parameter: str, point: str) -> Statement:
        """The parameter is written into the captured state, which then varies."""
        slice_ = self.dialect.name.startswith(("numpy", "scipy"))
        ways = ["{0}[:] = {1}"] if slice_ else []
        if not point.isidentifier():
            ways += ["{0} = {1}", "{0} = {1} * 1.0"]
        if not ways:
            return Statement(("pass",), lambda state: None)

        def run(state: State) -> None:
            state.names["@point"] = PARAMETER
            state.leaked = True

        return Statement((self.rng.choice(ways).format(point, parameter),), run)

    # -- the site --------------------------------------------------------------------------------------------------

    def _site(self, name: str, point: str, argument: str) -> str:
        dialect = self.dialect
        if dialect.deferred and self.rng.random() < 0.3:
            made = self.rng.choice(dialect.deferred).replace("{f}", name)
            return f"differentiate = {made}\nfound = differentiate({point}{argument})"
        chosen = self.rng.choice(dialect.sites).replace("{a}", argument).replace("{p}", point)
        return f"found = {chosen.replace('{f}', name)}"

    def _placed(self, where: str, form: str, definition: Block, text: str) -> str:
        made = definition.text() if definition else ""
        if where == "module":
            return f"{made}\n\n{text}\n"
        if where == "function":
            inside = textwrap.indent(f"{made}\n\n{text}\nreturn found", "    ").lstrip("\n")
            return f"def train(params, xs, net):\n{inside}\n\n\nfound = train(params, xs, net)\n"
        method = definition.text("    ") if form == "method" else ""
        local = "" if form == "method" else made
        inside = textwrap.indent(f"{local}\n{text}\nreturn found", "        ")
        return (
            "class Trainer:\n    def __init__(self, params, xs, net, store):\n        self.params = params\n"
            "        self.xs = xs\n        self.net = net\n        self.store = store\n\n"
            f"{method}\n\n    def step(self):\n{inside}\n\n\nfound = Trainer(params, xs, net, store).step()\n"
        )


def _decided(state: State) -> State:
    made = state.copy()
    made.decided = True
    return made


def _rebound(parameter: str, text: str, key: str) -> Statement:
    def run(state: State) -> None:
        state.names[parameter] = state.names[key]

    return Statement((f"{parameter} = {text}",), run)


_FORMS = {
    "module": (
        "lambda",
        "lambda",
        "function",
        "function",
        "object",
        "partial",
        "argument",
        "decorated",
        "renamed",
        "wrapped",
    ),
    "function": ("lambda", "function", "function", "partial", "decorated", "renamed", "argument", "wrapped"),
    "method": ("lambda", "function", "method", "method", "wrapped"),
}
_DECORATORS = {
    "passes on": """\
def through{0}(f):
    def call(*args, **kwargs):
        return f(*args, **kwargs)

    return call


@through{0}""",
    "wraps": """\
def through{0}(f):
    @functools.wraps(f)
    def call(*args, **kwargs):
        value = f(*args, **kwargs)
        return value * 2.0

    return call


@through{0}""",
    "with arguments": """\
def through{0}(factor):
    def decorate(f):
        @functools.wraps(f)
        def call(*args, **kwargs):
            return factor * f(*args, **kwargs)

        return call

    return decorate


@through{0}(1.5)""",
}
_NOISE = (
    "def unrelated(a, b):\n    return a if a else b\n",
    "class Unrelated:\n    def loss(self, x):\n        return 0.0\n\n    def names(self):\n        return [x]\n",
    "names = sorted(['b', 'a'], key=lambda name: name)\n",
    "def read(path):\n    with open(path) as stream:\n        return stream.read()\n",
    "# a comment, and nothing else\n",
    "def callback(step, loss):\n    print(step)\n",
    "if __name__ == 'main':\n    unrelated = None\n",
    "@functools.lru_cache\ndef cached(n):\n    return n + 1\n",
    "rates = [0.1 * k for k in range(4)]\n",
    "async def fetch(url):\n    return url\n",
)


def module(rng: random.Random, dialect: Dialect) -> Module:
    """A random module in the words of a library."""
    return Modules(rng, dialect).module()
