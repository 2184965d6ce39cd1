"""Follows one name that takes functions through one block: what is handed to it, and what it is handed on to."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from closurelint.triage.blocks import DEFINITIONS, FUNCTIONS, Block, FunctionNode, assignments, positions
from closurelint.triage.expressions import candidates, given_to, last_name
from closurelint.triage.reach import NONE, RECEIVERS, Names, Summary
from closurelint.triage.vocabulary import ANY, Anchor
from closurelint.triage.vocabulary_data import WRAPPERS
from closurelint.triage.walking import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.triage.survey import Survey

_SELF = frozenset({-1})
"""Where in a call the instance would be given."""

_NOWHERE = frozenset({-1})
"""Where in a call an objective is that no call is given: it overrides a method, or is assigned to an attribute."""


class Visit:
    """One look at one block for one name that takes functions."""

    def __init__(self, survey: Survey, block: Block, name: str, anchor: Anchor) -> None:
        self.survey, self.block, self.name, self.anchor = survey, block, name, anchor
        self._passed_names: set[tuple[str, FunctionNode | None]] = set()

    def run(self) -> None:
        """Look at every mention that is code."""
        for mention in self.block.index.mentions.get(self.name, ()):
            if self._counts(mention):
                self._mentioned(mention)
        if self.anchor.positions is not None and self.anchor.positions >= _NOWHERE:
            # `problem.function = f`
            self._objectives(self.block.index.bindings.get(self.name, ()), None)

    def _counts(self, mention: ast.expr) -> bool:
        """Whether a mention can be what it says: a library's function only if it comes by an import."""
        index = self.block.index
        is_name = isinstance(mention, ast.Name)
        if is_name and not self.anchor.names and self.block.kind == "def":
            # elsewhere a name may be an attribute: the body of a class reads its own by name
            return False
        if not is_name and not self.anchor.attributes:
            return False
        if is_name and not self.survey.is_local(self.name, self.block):
            shadowed = self.name in index.parameters or (
                self.block.kind == "def" and (self.name in index.bindings or self.name in index.definitions)
            )
            if shadowed and self.block.name != self.name:
                return False
        if not self.anchor.library or self.survey.words is None:
            return True
        while isinstance(mention, ast.Attribute):
            mention = mention.value
        return isinstance(mention, ast.Name) and mention.id in self.survey.words

    def _mentioned(self, mention: ast.expr) -> None:
        parents = self.block.index.parents
        parent = parents.get(mention)
        if self.anchor.methods:
            if isinstance(parent, ast.ClassDef) and mention in parent.bases:
                self._derived(parent)
            if self.anchor.positions == _NOWHERE:
                return
        while isinstance(parent, ast.Subscript) and parent.value is mention and not self.anchor.library:
            # `solvers[name]`: an entry of what the name was put into
            mention, parent = parent, parents.get(parent)
        if isinstance(parent, ast.Call) and parent.func is mention:
            self._call(parent)
            if self.anchor.returns:
                outer = parents.get(parent)
                if isinstance(outer, ast.Call) and outer.func is parent:
                    self._objectives(given_to(outer), None)
                else:
                    self._loose(parent)
            decorated = parents.get(parent)
            if isinstance(decorated, DEFINITIONS) and parent in decorated.decorator_list:
                self._decorated(decorated, parent)
            return
        above: ast.AST | None = mention
        while above is not None and not isinstance(above, ast.stmt):
            over = parents.get(above)
            if isinstance(over, DEFINITIONS) and above in over.decorator_list:
                self._decorated(over, above if isinstance(above, ast.Call) else None)
                return
            above = over
        self._loose(mention)

    def _derived(self, cls: ast.ClassDef) -> None:
        """A class that is derived from the one of that name: what it overrides is an objective."""
        first_only, methods = self.anchor.first_only, self.anchor.methods
        self.survey.learn(cls.name, Anchor(_NOWHERE, first_only=first_only, methods=methods))
        members = [each for name in methods for each in self.survey.blocks.members(name) if each.owner is self.block]
        for member in members:
            if member.function is not None:
                self._hand(self.survey, member, member.function, None, first_only)
        if any(member in self.survey.suspects for member in members):
            # what one of them leaves out another may use
            self.survey.suspect(*members)
        for node in cls.body:
            if isinstance(node, ast.FunctionDef) and node.name in methods:
                self._hand(self.survey, self.block, node, None, first_only)

    def _decorated(self, function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call | None) -> None:
        """A function that the name decorates is handed to it."""
        self._hand(self.survey, self.block, function, call, self._first_only(call, decorated=True))

    # -- a call ---------------------------------------------------------------------------------------------------

    def _call(self, call: ast.Call) -> None:
        anchor = self.anchor
        if anchor.positions is None or any(isinstance(each, ast.Starred) for each in call.args):
            self._objectives(given_to(call), call)
            return
        handed = [item.value for item in call.keywords if item.arg is None or item.arg in anchor.keywords]
        handed += [each for index, each in enumerate(call.args) if index in anchor.positions]
        self._objectives(handed, call)

    def _objectives(self, handed: Iterable[ast.expr], call: ast.Call | None) -> None:
        first_only = self._first_only(call)
        for each in handed:
            for node in candidates(each):
                self._follow(node, call, first_only)

    def _first_only(self, call: ast.Call | None, *, decorated: bool = False) -> bool:
        if not self.anchor.first_only:
            return False
        if call is None:
            return decorated
        if any(item.arg is None or item.arg in self.anchor.selecting for item in call.keywords):
            return False
        return not self.anchor.selecting or len(call.args) <= 1

    def _follow(self, node: ast.expr, call: ast.Call | None, first_only: bool) -> None:
        """A value may be handed over: find the functions that it may be."""
        whole = first_only and not isinstance(node, ast.Call)
        possible = self.survey.may_be(node, self.block)
        for survey, block, function in possible.uses:
            self._hand(survey, block, function, call, whole)
        for name in possible.unknown:
            self._passed_on(name, node)

    def _passed_on(self, name: str, handed: ast.expr) -> None:
        """A parameter of a function around is handed over: that function takes functions too."""
        owner = self._owner(handed, name)
        if (name, owner) in self._passed_names:
            return
        self._passed_names.add((name, owner))
        for node, places in self.block.index.taking(name):
            if owner not in (None, node) or places == _SELF:
                # what is called with itself is given no function
                continue
            certain, together = self.anchor.certain, self.anchor.together
            learned = Anchor(places, frozenset({name}), certain=certain, together=together)
            self._learn_function(node, learned)
            if node.name == "__init__" and self.block.owner is not None:
                self.survey.learn(self.block.owner.name, learned)
            elif node.name == "__call__" and self.block.owner is not None:
                self.survey.learn(self.block.owner.name, Anchor(certain=certain, returns=True))
        for function in self.block.index.lambdas_taking(name):
            if owner in (None, function):
                self._loose(function, by_name=False)

    def _owner(self, handed: ast.expr, name: str) -> FunctionNode | None:
        """The function whose parameter a name is; None where it may be any one's, on the way from what is handed."""
        above: ast.AST | None = handed if isinstance(handed, ast.Name) and handed.id == name else None
        while above is not None and not (isinstance(above, FUNCTIONS) and name in positions(above.args)):
            above = self.block.index.parents.get(above)
        return above

    def _hand(
        self, survey: Survey, block: Block, function: FunctionNode, call: ast.Call | None, first_only: bool
    ) -> None:
        """A function is handed over: unless it is certainly fine, it has to be looked at, and so has this use."""
        if self.survey.exporting:
            return
        key = (id(self.block), id(function), id(call), first_only, self.anchor.certain, self.anchor.together)
        if key in self.survey.handed:
            return
        self.survey.handed.add(key)
        if _only_constructs(function, block):
            return
        if not self.anchor.certain and self._is_fine(survey.judged(function, block), function, first_only):
            return
        self.survey.sites.add(id(self.block))
        self.survey.suspect(self.block, block)

    def _is_fine(self, judged: Summary | None, function: FunctionNode, first_only: bool) -> bool:
        if judged is None:
            return False
        parameters = [name for name in judged.parameters if name not in ("self", "cls")]
        if not parameters:
            return judged.complete
        needed = parameters[:1] if first_only else parameters
        past = NONE.union(*(judged.terms.get(name, NONE) for name in needed))
        if judged.parameters[:1] in (("self",), ("cls",)) and not past.isdisjoint(RECEIVERS):
            # its object goes by another name here
            return False
        if not judged.reaching.issuperset(needed):
            if not self.anchor.together or judged.reaching.isdisjoint(needed):
                return False
            # it may be indifferent to one of many, but not if it reads that one's point past its parameter
            past |= self._free(function)
        return not past or self._made_of(past).isdisjoint(self._points())

    def _free(self, function: FunctionNode) -> Names:
        """The names that a function reads, or a helper that it calls."""
        found = frozenset(each.id for each in walk(function) if isinstance(each, ast.Name))
        return found.union(*(self.survey.read_by(name, self.block) for name in found))

    def _made_of(self, names: Names) -> Names:
        """These names, and those that their values were computed of."""
        found, waiting = set(names), list(names)
        while waiting:
            for value, _ in self.survey.bound(waiting.pop(), self.block):
                new = {each.id for each in walk(value) if isinstance(each, ast.Name)} - found
                found |= new
                waiting += new
        return frozenset(found)

    def _points(self) -> Names:
        """The names that a point may be read by here: of whatever any call is given, and where that is from."""
        found: set[str] = set()
        for call in self.block.index.calls:
            for each in given_to(call):
                found.update(_roots(each))
        waiting = list(found)
        while waiting:
            for value, _ in self.survey.bound(waiting.pop(), self.block):
                new = set(_roots(value)) - found
                found |= new
                waiting += new
        return frozenset(found)

    # -- other mentions -------------------------------------------------------------------------------------------

    def _loose(self, mention: ast.expr, *, by_name: bool = True) -> None:
        """The name is kept, passed or returned: what it gets to takes functions too.

        by_name: it is the name itself, and no lambda that hands its own parameter to it.
        """
        index = self.block.index
        node: ast.AST = mention
        above = index.parents.get(node)
        alike = by_name
        while above is not None:
            if isinstance(above, ast.Call) and node is not above.func:
                self._passed(above, node)
                if last_name(above.func) not in WRAPPERS:
                    return
            elif isinstance(above, ast.Subscript) and isinstance(node, ast.Dict | ast.List | ast.Tuple):
                # `{"newton": newton}[name]` is what is in there
                pass
            elif isinstance(above, ast.Call) and isinstance(node, ast.Subscript | ast.IfExp | ast.BoolOp | ast.Lambda):
                # `{"newton": newton}[name](f, x)`
                self._objectives(given_to(above), None)
            elif isinstance(above, ast.Compare | ast.Subscript | ast.Lambda | ast.BinOp) or (
                isinstance(above, ast.Attribute | ast.Call) and node is mention
            ):
                # what is read of it, or compared with it, takes no functions
                return
            if isinstance(node, ast.stmt):
                break
            if isinstance(above, ast.stmt | ast.comprehension | ast.NamedExpr):
                self._kept(above, node, alike=alike)
                if isinstance(above, ast.stmt):
                    break
            # `solve = newton if exact else secant`: each of them is called as it is
            alike = alike and isinstance(above, ast.IfExp | ast.BoolOp)
            node, above = above, index.parents.get(above)

    def _kept(self, statement: ast.AST, value: ast.AST, *, alike: bool) -> None:
        """A value is bound or returned; `alike` if it is called just as the name is."""
        anchor = self.anchor
        alias = (
            Anchor(
                anchor.positions,
                anchor.keywords,
                anchor.selecting,
                certain=anchor.certain,
                together=anchor.together,
            )
            if alike and not anchor.returns
            else ANY
        )
        for assigned, targets in assignments(statement):
            if assigned is value:
                for target in targets:
                    self._learn_target(target, alias)
        if isinstance(statement, ast.Return):
            around: ast.AST | None = statement
            while around is not None and not isinstance(around, DEFINITIONS):
                around = self.block.index.parents.get(around)
            if around is not None:
                self._learn_function(around, Anchor(certain=anchor.certain, returns=True))

    def _learn_target(self, target: ast.expr, anchor: Anchor) -> None:
        inside = self.block.kind == "def"
        for node in walk(target):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                if inside:
                    self.survey.learn(node.id, anchor.read_as(attributes=False), self.block)
                else:
                    self.survey.learn(node.id, anchor)
            elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                self.survey.learn(node.attr, anchor.read_as(names=False))

    def _learn_function(self, function: ast.FunctionDef | ast.AsyncFunctionDef, anchor: Anchor) -> None:
        """A function that is defined in this block takes functions, or gives back what does."""
        block = self.block
        if block.kind == "def" and function is not block.function:
            is_member = isinstance(block.index.parents.get(function), ast.ClassDef)
            self.survey.learn(function.name, anchor if is_member else anchor.read_as(attributes=False), block)
        else:
            self.survey.learn(function.name, anchor if block.owner is None else anchor.read_as(names=False))

    def _passed(self, call: ast.Call, argument: ast.AST) -> None:
        """The name is in an argument: all that stands beside it may be handed to it, there or here."""
        self._objectives(given_to(call), None)
        known = False
        for survey, home, function in self.survey.functions(call.func, self.block, called=False):
            known = True
            if survey is self.survey and not isinstance(function, ast.Lambda):
                for parameter in _bound_to(call, argument, function, self.survey.injects(function, home)):
                    if parameter not in ("self", "cls"):
                        self.survey.learn(parameter, ANY.read_as(attributes=False), home)
        makes = last_name(call.func).lstrip("_")[:1].isupper()
        if makes and not known and isinstance(argument, ast.keyword) and argument.arg == self.name:
            # `SimpleNamespace(solve=solve)`
            self.survey.learn(self.name, ANY.read_as(names=False))


def _bound_to(
    call: ast.Call, argument: ast.AST, function: ast.FunctionDef | ast.AsyncFunctionDef, injected: bool
) -> Collection[str]:
    """The parameters of a function that may be given one argument of a call; all of them where it cannot be told.

    injected: whether the first argument may come from elsewhere.
    """
    places = positions(function.args)
    if isinstance(argument, ast.keyword) and argument.arg in places:
        return (argument.arg,)
    at = next((index for index, each in enumerate(call.args) if each is argument), None)
    if at is None or any(isinstance(each, ast.Starred) for each in call.args):
        return places
    possible = {at}
    if _SELF in places.values():
        # the instance may be given too: `Solver.run(solver, f)`
        possible.add(at - 1)
    if injected:
        possible.add(at + 1)
    by_place = [name for name, place in places.items() if place is not None and not possible.isdisjoint(place)]
    return by_place or ((function.args.vararg.arg,) if function.args.vararg is not None else ())


def _only_constructs(function: FunctionNode, block: Block) -> bool:
    """Whether it makes the object that is handed over, and the class has all that this may be called by."""
    if block.owner is None or block.name != "__init__" or function is not block.function:
        return False
    return not any(isinstance(node, ast.ClassDef) and node.bases for node in block.owner.tree)


def _roots(node: ast.expr) -> Iterator[str]:
    """The names that an expression reads its value from: `net` of `net.params['W'].ravel()`, all of a tuple's."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Tuple | ast.List):
        for each in node.elts:
            yield from _roots(each)
    elif isinstance(node, ast.Call) and node.args:
        yield from _roots(node.args[0])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from _roots(node.func.value)
