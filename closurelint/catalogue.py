"""What closurelint knows of the world: differentiators, zero-gradient operations, what shares storage and what copies.

The knowledge is data: `catalogue.toml` and `operations.toml` are its source, `catalogue_data` is generated from them so
that nothing is parsed at run time. Users add differentiators in `[tool.closurelint.differentiators]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal, NamedTuple, cast

from closurelint.evidence import Delivery

_DIFFERENTIATES = frozenset({"autodiff", "numeric-diff", "gradient-check"})
_DELIVERIES = ("in-place", "copy", "trace", "model", "trial")
_USER_KEYS = ("like", "objective", "parameter", "point", "delivery", "consequence", "keywords", "aux")
_USER_FAMILIES = {
    "trace": ("autodiff", "the gradient is zero"),
    "trial": ("hyperparameter", "every candidate gets the same value, so the best one is arbitrary"),
}


class CatalogueError(Exception):
    """An entry of a user's configuration that means nothing: what is wrong with it, and what to write."""


class PointOf(NamedTuple):
    """Where the point comes from.

    kind: "returned" (the call of what is returned), "argument" (`position` or a keyword), "rest" (the arguments from
    `position` on, one for each parameter), "none".
    """

    kind: Literal["returned", "argument", "rest", "none"]
    position: int | None = None
    keywords: tuple[str, ...] = ()


class Differentiated(NamedTuple):
    """Which of the objective's parameters are differentiated.

    kind: "positions", "argnums" (a keyword of the call says which, `default` if it is not there), "argname",
    "trainable" (like "all" without the keyword), "all", "from" (a keyword of the call may name those that
    are data), "model" (none of them).
    """

    kind: str
    positions: tuple[int, ...] = ()
    keyword: str = ""
    position: int | None = None
    names_keyword: str = ""


class Slope(NamedTuple):
    """How a search comes by the slope that it follows.

    unless: methods, in lower case, that compare values instead. given: keyword and position by which the caller may
    hand in a gradient of its own.
    """

    unless: tuple[str, ...] = ()
    given: str = ""
    given_position: int | None = None


@dataclass(frozen=True, slots=True)
class Differentiator:
    """One callable that takes an objective and a point.

    name: canonical dotted name; paths: it and its other import paths. origin: how its delivery is known: "catalogue",
    "settings", "name" (a helper of a course whose body was not found) or "body" (inferred). identity: it watches the
    very object that it is given. model: position and keyword of the module whose parameters it varies. distinctive:
    its method name alone tells what it is; told_by: its method name with one of these keywords does. source: its own
    text, if it is of the project. aux: the keyword by which only the first element of what the objective returns
    counts, "always" without one. result: the key of the entry that counts, where the objective may return a dict.
    kind: "function", "class", "method", "decorator factory", "attribute", to which the objective is assigned, or
    "overridden": a method that a user's classes override, which is the objective itself. writes: position of the
    objective's own parameter into which it puts its results.
    beside: other methods to override that are given the same parameter.
    reports: an objective that returns nothing may report its value while it runs.
    first: what its first argument has to be, "" for anything.
    each: the keys of the point, or keywords of the call, name parameters that are searched one by one.
    held: how the words start that take one of these out of the search, which a file may do in many ways.
    entries: keys of a dict, of which one holds the objective, where it is handed over in one.
    makers: pieces of the names of what makes the object, of which one stands in every file that uses it.
    takes: how many arguments the objective is called with, if one that takes others is called in another way.
    tries: position and keyword of the number of candidates; one alone is no search.
    slope: of a search, how it comes by the slope that it follows, None if it may do without.
    """

    name: str
    paths: tuple[str, ...]
    objective_position: int | None
    objective_keywords: tuple[str, ...]
    differentiated: Differentiated
    point: PointOf
    delivery: Delivery
    family: str
    kind: str
    consequence: str
    aux: str = ""
    result: str = ""
    tolerated_by: tuple[str, ...] = ()
    report: str = "always"
    identity: bool = False
    distinctive: bool = False
    told_by: tuple[str, ...] = ()
    first: str = ""
    each: bool = False
    held: str = ""
    entries: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    takes: int | None = None
    tries: tuple[int, str] | None = None
    writes: int | None = None
    beside: tuple[str, ...] = ()
    model: tuple[int, str] | None = None
    slope: Slope | None = None
    reports: bool = False
    origin: str = "catalogue"
    verified: str = ""
    version: str = ""
    source: str = field(default="", repr=False)

    @property
    def takes_gradient(self) -> bool:
        """Whether it differentiates, instead of comparing values."""
        return self.family in _DIFFERENTIATES

    def needs_slope(self, positional: tuple[object, ...], keywords: Mapping[str, object]) -> bool:
        """Whether the objective's own gradient is what this call goes by.

        positional, keywords: the literal arguments of the call, `...` for those that are no literals.
        """
        if self.slope is None:
            return self.takes_gradient
        method, position = keywords.get("method", ""), self.slope.given_position
        if method is ... or str(method).lower() in self.slope.unless:
            return False
        own = keywords.get(self.slope.given)
        if own is None and position is not None and position < len(positional):
            own = positional[position]
        # `jac="3-point"` says how to take differences
        return own is None or own is False or isinstance(own, str)

    @property
    def traces(self) -> bool:
        """Whether operations that automatic differentiation cannot follow end the gradient."""
        return self.delivery in ("trace", "model")

    def positions(
        self, positional: tuple[object, ...], keywords: Mapping[str, object], count: int
    ) -> tuple[int | str, ...] | None:
        """The differentiated parameters of an objective with `count` positional ones; None if it cannot be known.

        positional, keywords: the literal arguments of the call, `...` for those that are no literals.
        """
        what = self.differentiated
        if what.kind == "positions":
            return what.positions
        if what.kind == "all":
            return tuple(range(max(count, 1)))
        if what.kind == "from":
            return tuple(range(what.positions[0], max(count, what.positions[0] + 1)))
        if what.kind == "model":
            return ()
        given = keywords.get(what.keyword, _ABSENT)
        if given is _ABSENT and what.position is not None and what.position < len(positional):
            given = positional[what.position]
        named = keywords.get(what.names_keyword) if what.names_keyword else None
        if given is _ABSENT and named is not None:
            return _chosen(named)
        if what.kind == "trainable" and (given is _ABSENT or given is None):
            return tuple(range(max(count, 1)))
        return (0,) if given is _ABSENT else _chosen(given)

    def data(self, positional: tuple[object, ...], keywords: Mapping[str, object]) -> tuple[str, ...] | None:
        """The objective's parameters that the call declares to be data of a fit; None if it cannot be known which."""
        what = self.differentiated
        if what.kind != "from" or not what.keyword:
            return ()
        named = keywords.get(what.keyword, ())
        if what.position is not None and what.position < len(positional):
            named = positional[what.position]
        if isinstance(named, str):
            return (named,)
        return named if isinstance(named, tuple) and all(isinstance(name, str) for name in named) else None

    def is_meant(self, positional: tuple[object, ...]) -> bool:
        """Whether a call does what is said of it here, and hands the objective over as it is."""
        return not self.first or (len(positional) == 2 and positional[0] == self.first)

    def returns_aux(self, keywords: Mapping[str, object]) -> bool:
        """Whether only the first element of what the objective returns is differentiated."""
        if self.aux == "always":
            return True
        given = keywords.get(self.aux, False) if self.aux else False
        # `jac=gradient` names a function, `has_aux=flag` a switch
        return given is True or (given is ... and self.aux != "jac")

    def tolerates(self, keywords: Iterable[str]) -> str:
        """The keyword that makes a constant objective legitimate here, "" if there is none."""
        return next((name for name in keywords if name in self.tolerated_by), "")


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation cuts. kind: "function", "attribute", "method" or "context"; positions: None for all."""

    name: str
    kind: str
    cuts: Literal["always", "gradient", "trace"]
    positions: tuple[int, ...] | None = None


_ABSENT = object()


def _chosen(given: object) -> tuple[int | str, ...] | None:
    if isinstance(given, bool) or given is ...:
        return None
    if isinstance(given, int | str):
        return None if isinstance(given, int) and given < 0 else (given,)
    if isinstance(given, tuple) and all(isinstance(item, int | str) for item in given):
        return cast("tuple[int | str, ...]", given)
    return None


class Catalogue:
    """Look-up by dotted name, by class and method, and by bare name."""

    def __init__(self, entries: Iterable[Differentiator], operations: Mapping[str, Any]) -> None:
        self.entries = tuple(entries)
        self._functions: dict[str, Differentiator] = {}
        self._methods: dict[tuple[str, str], Differentiator] = {}
        self._by_method: dict[str, list[Differentiator]] = {}
        self._overridden: dict[tuple[str, str], Differentiator] = {}
        self._attributes: dict[tuple[str, str], Differentiator] = {}
        self._bare: dict[str, Differentiator] = {}
        self._names_of: dict[str, set[str]] = {}
        for entry in self.entries:
            self._add(entry)
        self._operations = {item.name: item for item in _operations(operations)}
        self._raw = operations
        self.wrappers: Mapping[str, int] = operations["wrappers"]
        self.converters = frozenset(operations["conversions"]["calls"])
        self.whole_types = frozenset(operations["conversions"]["whole"])
        self.callers = frozenset(operations["callers"]["always"])
        self.repeating_callers = frozenset(operations["callers"]["repeated"])
        self.definition_decorators = frozenset(operations["definitions"]["decorators"])
        self.recorders = frozenset(operations["definitions"]["recording"])
        self.spreading_decorators = frozenset(operations["definitions"]["spreading"])
        self.reporters = frozenset(operations["effects"]["reporters"])
        self.consumers = frozenset(operations["effects"]["consumers"])
        self.readers = frozenset(operations["effects"]["readers"])
        self.writers = frozenset(operations["effects"]["writers"])
        self.functional = frozenset(operations["effects"]["functional"])
        self.owners = frozenset(owner for owner, _ in self._methods)
        self.returns: Mapping[str, str] = operations["returns"]
        self.libraries = frozenset(operations["libraries"]["known"])
        self._shared = frozenset(operations["storage"]["shared"])
        self._copied = frozenset(operations["storage"]["copied"])
        self._only: Mapping[str, list[str]] = operations["only"]

    def _add(self, entry: Differentiator) -> None:
        for path in entry.paths:
            if entry.kind == "method":
                owner, _, name = path.rpartition(".")
                self._methods[owner, name] = entry
                self._by_method.setdefault(name, []).append(entry)
            elif entry.kind == "attribute":
                owner, _, name = path.rpartition(".")
                self._attributes[owner, name] = entry
            elif entry.kind == "overridden":
                owner, _, name = path.rpartition(".")
                self._overridden[owner, name] = entry
            elif entry.origin == "name":
                self._bare[path] = entry
            else:
                self._functions[path] = entry

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that a call of a differentiator ends with, sorted: what a search of a text looks for.

        Where that is the name of a library (`pymanopt.function.numpy`), it is the package instead.
        """
        last = {(_called_by(entry, path), path.partition(".")[0]) for entry in self.entries for path in entry.paths}
        return tuple(sorted({package if name in self.libraries else name for name, package in last}))

    def function(self, dotted: str) -> Differentiator | None:
        """The differentiator at an import path."""
        return self._functions.get(dotted)

    def method(self, owner: str, name: str) -> Differentiator | None:
        """The differentiator that is a method of a library's class."""
        return self._methods.get((owner, name))

    def overridden(self, owner: str, name: str) -> Differentiator | None:
        """The differentiator for which a method of a class derived from a library's is the objective."""
        return self._overridden.get((owner, name))

    def attribute(self, owner: str, name: str) -> Differentiator | None:
        """The differentiator that an attribute of a library's object is set for."""
        return self._attributes.get((owner, name))

    def methods_named(self, name: str) -> tuple[Differentiator, ...]:
        """The differentiators among methods of that name, whatever their class."""
        return tuple(self._by_method.get(name, ()))

    def by_name(self, name: str) -> Differentiator | None:
        """The helper of a book or course that goes by that bare name."""
        return self._bare.get(name)

    @property
    def bare_names(self) -> frozenset[str]:
        """The helpers of books and courses, which are known by their name alone."""
        return frozenset(self._bare)

    def names_of(self, package: str) -> frozenset[str]:
        """The names of a package's differentiators, as a call of one ends."""
        if not self._names_of:
            for entry in self.entries:
                own = (path.rpartition(".")[0] if entry.kind == "overridden" else path for path in entry.paths)
                for path in (*own, *self.returns):
                    names = self._names_of.setdefault(path.partition(".")[0], set())
                    names.add(path.rpartition(".")[2].removesuffix("[]"))
        return frozenset(self._names_of.get(package, ()))

    def required_words(self, entry: Differentiator, path: str) -> tuple[str, ...]:
        """Words of which one stands in every file that comes by an import path: its module's, or its class's makers."""
        parts = path.split(".")
        if entry.kind == "overridden":
            parts.pop()
        if entry.makers:
            return tuple(sorted(entry.makers))
        if entry.kind in ("method", "attribute"):
            owner = path.rpartition(".")[0]
            makers = [made for made, cls in self.returns.items() if cls == owner]
            # a method that is told by a keyword counts whatever its object is
            return tuple(
                sorted({name.rpartition(".")[2].removesuffix("[]") for name in (owner, *makers, *entry.told_by)})
            )
        public = [part for part in parts[1:-1] if not part.startswith("_")]
        return (public[-1],) if public else ()

    @property
    def operation_names(self) -> tuple[str, ...]:
        """Every operation's last name: `argmax`, `detach`, `shape`."""
        return tuple(_last_names(name.removesuffix("()") for name in self._operations))

    def operation(self, name: str) -> Operation | None:
        """The operation of a dotted name, `.attribute` or `.method()`."""
        return self._operations.get(name)

    def loses(self, differentiator: Differentiator, operation: str) -> bool:
        """Whether an operation that is known to cut does so in the differentiator's own library.

        `.data` detaches a tensor of PyTorch, and is any attribute of that name elsewhere.
        """
        libraries = self._only.get(operation)
        return libraries is None or differentiator.name.partition(".")[0] in libraries

    def named(self, word: str) -> tuple[Differentiator, ...]:
        """The differentiators that a person means by `word`: an import path, or else the end of one."""
        exact = tuple(entry for entry in self.entries if word in entry.paths)
        ending = "." + word
        return exact or tuple(entry for entry in self.entries if any(path.endswith(ending) for path in entry.paths))

    def shares_storage(self, name: str) -> bool | None:
        """Whether a method (`.ravel`) or function (`numpy.asarray`) returns the same array; None if not known."""
        if name in self._shared:
            return True
        return False if name in self._copied else None

    def inferred(
        self,
        name: str,
        objective: tuple[str, int | None],
        point: tuple[str, int | None] | None,
        delivery: Delivery,
        source: str = "",
    ) -> Differentiator:
        """A function of the project that was seen to differentiate.

        objective, point: the parameter's name, and its position if it has one. Without a point it returns a function
        that differentiates at its first argument.
        """
        return Differentiator(
            name,
            (name,),
            objective[1],
            (objective[0],),
            Differentiated("positions", (0,)),
            PointOf("returned") if point is None else PointOf("argument", point[1], (point[0],)),
            delivery,
            "numeric-diff",
            "function",
            "the gradient is zero",
            origin="body",
            source=source,
        )

    def extended(self, tables: Mapping[str, Mapping[str, object]]) -> Catalogue:
        """This catalogue with a user's differentiators. Raises CatalogueError."""
        added = [self._of_user(name, table) for name, table in tables.items()]
        return Catalogue((*self.entries, *added), self._raw) if added else self

    def _of_user(self, name: str, table: Mapping[str, object]) -> Differentiator:
        where = f'differentiators."{name}"'
        for key in table:
            if key not in _USER_KEYS:
                raise CatalogueError(f"{where} has an unknown key `{key}`{_suggested(key, _USER_KEYS)}")
        like = table.get("like")
        base = self.function(like) or self.by_name(like) if isinstance(like, str) else None
        if like is not None and base is None:
            raise CatalogueError(f"{where}.like names no known differentiator{_suggested(str(like), self._functions)}")
        changes = _user_changes(where, table)
        if base is None:
            base = _plain(where, name, changes.get("delivery", "copy"))
        kind = "function" if base.kind == "method" else base.kind
        return replace(base, name=name, paths=(name,), kind=kind, origin="settings", **changes)


def _plain(where: str, name: str, delivery: Delivery) -> Differentiator:
    """What a user's differentiator is before anything is said of it but its delivery."""
    if delivery == "model":
        raise CatalogueError(f'{where} varies a model: say which with `like = "mlx.nn.value_and_grad"`')
    family, consequence = _USER_FAMILIES.get(delivery, ("numeric-diff", "the gradient is zero"))
    return Differentiator(
        name,
        (name,),
        0,
        (),
        Differentiated("positions", (0,)),
        PointOf("none" if delivery == "trial" else "argument", None if delivery == "trial" else 1),
        delivery,
        family,
        "function",
        consequence,
    )


def _user_changes(where: str, table: Mapping[str, object]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for key, field_name in (("objective", "objective_position"), ("parameter", "differentiated"), ("point", "point")):
        if key not in table:
            continue
        number = table[key]
        if key == "point" and number == "returned":
            changes["point"] = PointOf("returned")
            continue
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise CatalogueError(f"{where}.{key} must be the position of an argument, from 0 on")
        changes[field_name] = {
            "objective": number,
            "parameter": Differentiated("positions", (number,)),
            "point": PointOf("argument", number),
        }[key]
    if "delivery" in table:
        if table["delivery"] not in _DELIVERIES:
            hint = _suggested(str(table["delivery"]), _DELIVERIES) or f", use one of {', '.join(_DELIVERIES)}"
            raise CatalogueError(f"{where}.delivery cannot be {table['delivery']!r}{hint}")
        changes["delivery"] = table["delivery"]
    for key, field_name in (("consequence", "consequence"), ("aux", "aux")):
        if key in table:
            if not isinstance(table[key], str):
                raise CatalogueError(f"{where}.{key} must be a string")
            changes[field_name] = table[key]
    if "keywords" in table:
        words = table["keywords"]
        if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
            raise CatalogueError(f"{where}.keywords must be a list of argument names")
        changes["objective_keywords"] = tuple(words)
    return changes


def _suggested(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), 1)
    return f", did you mean `{close[0]}`?" if close else ""


def _operations(data: Mapping[str, Any]) -> Iterator[Operation]:
    for cuts in ("always", "gradient", "trace"):
        for name in data["cuts"][cuts]:
            kind = "function" if not name.startswith(".") else "method" if name.endswith("()") else "attribute"
            yield Operation(name, kind, cuts)
    for name in data["cuts"]["context"]:
        yield Operation(name, "context", "trace")
    for name, chosen in data["positions"]["always"].items():
        yield Operation(name, "function", "always", tuple(chosen))
    for name, chosen in data["positions"]["gradient"].items():
        yield Operation(name, "function", "gradient", tuple(chosen))


def _entry(table: Mapping[str, Any]) -> Differentiator:
    return Differentiator(
        name=table["name"],
        paths=(table["name"], *table.get("aliases", ())),
        objective_position=table.get("objective"),
        objective_keywords=tuple(table.get("keywords", ())),
        differentiated=_differentiated(table),
        point=_point(table["point"]),
        delivery=table["delivery"],
        family=table["family"],
        kind=table["kind"],
        consequence=table["consequence"],
        aux=table.get("aux", ""),
        result=table.get("result", ""),
        tolerated_by=tuple(table.get("tolerates", ())),
        report=table.get("report", "always"),
        identity=table.get("identity", False),
        distinctive=table.get("distinctive", False),
        told_by=tuple(table.get("told_by", ())),
        first=table.get("first", ""),
        each=table.get("each", False),
        held=table.get("held", ""),
        entries=tuple(table.get("entries", ())),
        makers=tuple(table.get("makers", ())),
        takes=table.get("takes"),
        tries=tuple(table["tries"]) if "tries" in table else None,
        writes=table.get("writes"),
        beside=tuple(table.get("beside", ())),
        model=tuple(table["model"]) if "model" in table else None,
        reports=table.get("reports", False),
        slope=_slope(table.get("slope", {})) if "slope" in table else None,
        origin="name" if table.get("bare") else "catalogue",
        verified=table["verified"],
        version=table["version"],
    )


def _differentiated(table: Mapping[str, Any]) -> Differentiated:
    what = table["differentiated"]
    if isinstance(what, list | tuple):
        return Differentiated("positions", tuple(what))
    if what == "from 1":
        return Differentiated("from", (1,), table.get("data", ""), table.get("data_position"))
    keyword, position = table.get("argnums", ""), table.get("argnums_position")
    return Differentiated(what, (), keyword, position, table.get("argnames", ""))


def _point(what: Any) -> PointOf:
    if isinstance(what, str):
        return PointOf("returned" if what == "returned" else "none")
    if "from" in what:
        return PointOf("rest", what["from"])
    keywords = (what["keyword"],) if "keyword" in what else ()
    return PointOf("argument", what.get("argument"), keywords)


def _slope(table: Mapping[str, Any]) -> Slope:
    return Slope(tuple(table.get("unless", ())), table.get("given", ""), table.get("given_position"))


@lru_cache(maxsize=1)
def _own() -> Catalogue:
    from closurelint.catalogue_data import DIFFERENTIATORS, OPERATIONS

    return Catalogue((_entry(table) for table in DIFFERENTIATORS), OPERATIONS)


@lru_cache(maxsize=16)
def _with(tables: tuple[tuple[str, Any], ...]) -> Catalogue:
    return _own().extended({name: dict(table) for name, table in tables})


def catalogue(differentiators: Mapping[str, Any] | None = None) -> Catalogue:
    """The catalogue that closurelint comes with, and a user's differentiators. Raises CatalogueError.

    differentiators: tables by dotted name, each a mapping or the pairs of one, as settings keep it.
    """
    if not differentiators:
        return _own()
    return _with(tuple((name, _frozen(dict(table))) for name, table in differentiators.items()))


def _frozen(table: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((key, _hashable(value)) for key, value in table.items())


def _hashable(value: Any) -> Any:
    """A value as it is looked up by: what a user wrote may hold tables and lists of them, wrong as that is."""
    if isinstance(value, Mapping):
        return _frozen(value)
    return tuple(_hashable(item) for item in value) if isinstance(value, list | tuple) else value


def generate(differentiators: Mapping[str, Any], operations: Mapping[str, Any]) -> str:
    """The text of `catalogue_data.py` for the two parsed TOML files."""
    lines = [
        '"""Generated from `catalogue.toml` and `operations.toml` by `pytest --bless`: edit those."""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Any",
        "",
        "DIFFERENTIATORS: tuple[dict[str, Any], ...] = (",
        *(f"    {table!r}," for table in differentiators["differentiator"]),
        ")",
        "",
        "OPERATIONS: dict[str, Any] = {",
        *(f"    {name!r}: {table!r}," for name, table in operations.items()),
        "}",
        "",
    ]
    return "\n".join(lines)


_HEADING = (
    '"""Generated from `catalogue.toml` by `pytest --bless`: edit that."""',
    "",
    "from __future__ import annotations",
    "",
)


def generate_names(known: Catalogue) -> str:
    """The text of `triage/vocabulary_names.py`: what every file is searched for, without what it means where found."""
    packages, always = _vocabulary(known)
    lines = [
        *_HEADING,
        f"PACKAGES: frozenset[bytes] = frozenset({[name.encode() for name in sorted(packages)]!r})",
        "",
        f"PIECES: tuple[bytes, ...] = {_pieces(always)!r}",
        '"""Pieces of names that count in any file, of which one has to occur."""',
        "",
        f"LIBRARIES: frozenset[bytes] = frozenset({[name.encode() for name in sorted(known.libraries)]!r})",
        "",
    ]
    return "\n".join(lines)


_Named = dict[str, list[Differentiator]]


def _vocabulary(known: Catalogue) -> tuple[dict[str, dict[tuple[str, ...], _Named]], _Named]:
    """The entries by package, by the words that make them count and by name; those that count in any file by name."""
    packages: dict[str, dict[tuple[str, ...], _Named]] = {}
    always: _Named = {}
    for entry in known.entries:
        if entry.report == "never":
            continue
        for path in entry.paths:
            package, _, rest = path.partition(".")
            name = _called_by(entry, path)
            if entry.origin == "name" or entry.distinctive:
                always.setdefault(name, []).append(entry)
            if rest:
                groups = packages.setdefault(package, {})
                groups.setdefault(known.required_words(entry, path), {}).setdefault(name, []).append(entry)
    return packages, always


def generate_vocabulary(known: Catalogue) -> str:
    """The text of `triage/vocabulary_data.py`: the names that a search of a file's bytes looks for, by package.

    Each name stands with what makes it count, where the objective is among its arguments, and what selects the
    parameters; a name that contains another one of its group is found by that one first.
    """
    packages, always = _vocabulary(known)
    lines = [
        *_HEADING,
        "Entry = tuple[str, tuple[int, ...], tuple[str, ...], tuple[str, ...], bool, bool, bool, tuple[str, ...]]",
        '"""Name, positions and keywords of the objective, keywords that select, first only, certain, together,',
        'methods of a class that are overridden."""',
        "",
        "Group = tuple[tuple[bytes, ...], tuple[bytes, ...], dict[bytes, Entry]]",
        '"""Words of which one has to occur, pieces of which one has to, and the names themselves."""',
        "",
        "PACKAGES: dict[str, tuple[Group, ...]] = {",
    ]
    for package in sorted(packages):
        lines.append(f"    {package!r}: (")
        for required, names in sorted(packages[package].items()):
            words = tuple(word.encode() for word in required)
            lines.append(f"        ({words!r}, {_stems(names)!r}, {_vocabulary_entries(names)!r}),")
        lines.append("    ),")
    lines += [
        "}",
        "",
        f"ALWAYS: dict[bytes, Entry] = {_vocabulary_entries(always)!r}",
        "",
        f"CUTTING: frozenset[str] = frozenset({sorted(known.operation_names)!r})",
        '"""Last names of operations after which nothing, or no gradient, is left of what they are given."""',
        "",
        f"CONVERTERS: frozenset[str] = frozenset({_converter_names(known)!r})",
        '"""Last names of what converts numbers to the type that it is told."""',
        "",
        f"WHOLE_TYPES: frozenset[str] = frozenset({sorted(known.whole_types)!r})",
        "",
        f"CALLERS: frozenset[str] = frozenset({sorted(_last_names(known.callers | known.repeating_callers))!r})",
        '"""Last names of functions that call the one that they are given on their other arguments."""',
        "",
        f"WRAPPERS: frozenset[str] = frozenset({_wrapper_names(known)!r})",
        '"""Last names of functions that return a function like the one that they are given."""',
        "",
    ]
    return "\n".join(lines)


def _wrapper_names(known: Catalogue) -> list[str]:
    return sorted(_last_names(known.wrappers) | {"partial", "Partial"})


def _called_by(entry: Differentiator, path: str) -> str:
    """The name by which a file comes by an entry: the last of its path, or the class whose method is overridden."""
    path = path.rpartition(".")[0] if entry.kind == "overridden" else path
    return path.rpartition(".")[2]


def _converter_names(known: Catalogue) -> list[str]:
    return sorted(_last_names(name.removesuffix("()") for name in known.converters))


def _last_names(dotted: Iterable[str]) -> set[str]:
    return {name.rpartition(".")[2] for name in dotted}


def _stems(names: Iterable[str]) -> tuple[bytes, ...]:
    """The fewest of the names that all others contain."""
    kept: list[str] = []
    for name in sorted(names, key=len):
        if not any(stem in name for stem in kept):
            kept.append(name)
    return tuple(sorted(stem.encode() for stem in kept))


def _pieces(names: Iterable[str]) -> tuple[bytes, ...]:
    """Pieces that stand in all of the names, and hardly anywhere else: fewer than names that have one in common."""
    kept: list[bytes] = []
    for stem in _stems(names):
        common = max((_common(stem, piece) for piece in kept), key=len, default=b"")
        if len(common) >= _RARE:
            kept = [piece for piece in kept if common not in piece]
        kept.append(common if len(common) >= _RARE else stem)
    return tuple(kept)


_RARE = 10
"""Bytes by which few words are alike that are not meant."""


def _common(one: bytes, other: bytes) -> bytes:
    """The longest piece that stands in both."""
    pieces = (one[start:end] for start in range(len(one)) for end in range(start + 1, len(one) + 1))
    return max((piece for piece in pieces if piece in other), key=len, default=b"")


def _vocabulary_entries(names: Mapping[str, list[Differentiator]]) -> dict[bytes, tuple[Any, ...]]:
    found: dict[bytes, tuple[Any, ...]] = {}
    for name, entries in sorted(names.items()):
        derived = [entry for entry in entries if entry.kind == "overridden"]
        methods = {path.rpartition(".")[2] for entry in derived for path in entry.paths}
        methods.update(*(entry.beside for entry in derived))
        anywhere = any(
            entry.objective_position is None
            and not entry.objective_keywords
            and entry.kind not in ("overridden", "attribute")
            for entry in entries
        )
        positions = {entry.objective_position for entry in entries if entry.objective_position is not None}
        selecting = {entry.differentiated.keyword for entry in entries} | {
            entry.differentiated.names_keyword for entry in entries
        }
        first = all(
            entry.differentiated.kind in ("argnums", "argname") or entry.differentiated.positions == (0,)
            for entry in entries
        )
        certain = any(entry.model is not None or entry.family == "closure-step" for entry in entries)
        together = all(entry.differentiated.kind in ("all", "trainable") and not entry.each for entry in entries)
        found[name.encode()] = (
            name,
            () if anywhere else tuple(sorted(positions)) or (-1,),
            # what limits the search is judged as well
            tuple(sorted({word for each in entries for word in (*each.objective_keywords, *each.tolerated_by)})),
            tuple(sorted(selecting - {""})),
            first,
            certain,
            together,
            tuple(sorted(methods)),
        )
    return found


def describe(entry: Differentiator) -> str:
    """An explanation of one differentiator, for a person."""
    where = {
        "returned": "the call of the function that it returns",
        "argument": _argument_text(entry.point.position, entry.point.keywords),
        "rest": f"its arguments from {_ordinal(entry.point.position or 0)} on",
        "none": "given elsewhere",
    }[entry.point.kind]
    names = " or ".join(f"`{word}=`" for word in entry.objective_keywords)
    inside = " or ".join(f"`{key!r}`" for key in entry.entries)
    otherwise = "what is assigned to it" if entry.kind == "attribute" else "what overrides it"
    position = "" if entry.objective_position is None else f"its {_ordinal(entry.objective_position)} argument"
    lines = [
        entry.name,
        f"  objective:      {' or '.join(part for part in (position, names) if part) or otherwise}"
        + (f", in a dict its entry {inside}" if inside else ""),
        f"  differentiated: {_differentiated_text(entry.differentiated)}",
        f"  point:          {where}",
        f"  delivery:       {entry.delivery}{_DELIVERY_TEXT[entry.delivery]}",
        f"  when ignored:   {entry.consequence}",
    ]
    if entry.report != "always":
        lines.append(f"  reported:       {_REPORTED[entry.report]}")
    if entry.tolerated_by:
        lines.append(f"  tolerated:      a constant objective with {', '.join(f'`{k}=`' for k in entry.tolerated_by)}")
    if len(entry.paths) > 1:
        lines.append(f"  also as:        {', '.join(entry.paths[1:])}")
    if entry.verified:
        lines.append(f"  known from:     {_VERIFIED[entry.verified]} ({entry.version})")
    return "\n".join(lines)


def as_object(entry: Differentiator) -> dict[str, Any]:
    """One differentiator as plain data, for a program."""
    return {
        "name": entry.name,
        "paths": list(entry.paths),
        "kind": entry.kind,
        "family": entry.family,
        "objective": {"position": entry.objective_position, "keywords": list(entry.objective_keywords)},
        "differentiated": _differentiated_text(entry.differentiated),
        "point": {"kind": entry.point.kind, "position": entry.point.position, "keywords": list(entry.point.keywords)},
        "delivery": entry.delivery,
        "consequence": entry.consequence,
        "reported": entry.report != "never",
        "tolerated_by": list(entry.tolerated_by),
        "origin": entry.origin,
        "verified": entry.verified or None,
        "version": entry.version or None,
    }


_DELIVERY_TEXT = {
    "in-place": ": it perturbs the caller's own array",
    "copy": ": the objective gets fresh arrays",
    "trace": ": the objective gets traced values",
    "model": ": it varies a module's own parameters",
    "trial": ": the objective gets a candidate",
}
_REPORTED = {
    "never": "no, because a constant objective is usual here",
    "severed": "only cuts, because captured state may stand in for the parameter here",
}
_VERIFIED = {"ran": "running it", "signature": "its signature", "documentation": "its documentation"}


def _ordinal(position: int) -> str:
    return ("first", "second", "third", "fourth", "fifth")[position] if position < 5 else f"{position + 1}th"


def _argument_text(position: int | None, keywords: tuple[str, ...]) -> str:
    parts = [] if position is None else [f"its {_ordinal(position)} argument"]
    return " or ".join([*parts, *(f"`{word}=`" for word in keywords)])


def _differentiated_text(what: Differentiated) -> str:
    if what.kind == "positions":
        listed = ", ".join(_ordinal(position) for position in what.positions)
        return f"the objective's {listed} parameter" if listed else "no parameter of the objective"
    return {
        "argnums": f"the parameters that `{what.keyword}=` selects, by default the first",
        "argname": f"the parameter that `{what.keyword}=` names",
        "trainable": f"the parameters that `{what.keyword}=` selects, by default every trainable one",
        "all": "all positional parameters",
        "from": f"the parameters from the {_ordinal(what.positions[0]) if what.positions else 'second'} on",
        "model": "the model's own parameters, none of the objective's",
    }[what.kind]


def overview(known: Catalogue) -> str:
    """All differentiators, by package, for a person."""
    groups: dict[str, list[Differentiator]] = {}
    for entry in known.entries:
        group = "books and courses" if entry.origin == "name" else entry.name.partition(".")[0]
        groups.setdefault(group, []).append(entry)
    lines: list[str] = []
    for group in sorted(groups):
        lines.append(f"{group} ({len(groups[group])})")
        lines.extend(f"  {entry.name:<58} {entry.delivery}" for entry in groups[group])
        lines.append("")
    lines.append(f"{len(known.entries)} differentiators")
    return "\n".join(lines)
