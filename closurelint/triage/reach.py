"""Whether the parameters of a function surely reach what it returns, asked of Python's own tree.

What is surely so for this quick look is so for the close one, which follows the same flow with more knowledge. Where
the flow is not plain the answer is no, which only means: look closely.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from closurelint.triage.blocks import FunctionNode
from closurelint.triage.expressions import last_name
from closurelint.triage.vocabulary_data import CALLERS, CONVERTERS, CUTTING, WHOLE_TYPES
from closurelint.triage.walking import walk

Names = frozenset[str]
NONE: Names = frozenset()
RECEIVERS = ("self", "cls")
Terms = dict[str, Names]


class Summary:
    """What a function does with its parameters.

    parameters: positional ones in order, `*args` included. reaching: those of all parameters that surely reach the
    result. complete: whether all do. registering: those that surely get into what is made and thrown away, which
    registers itself, as the gates of a quantum circuit do, so that whatever is returned depends on it. terms: for a
    parameter, the captured names that are added to the result in terms which it does not enter. several: whether it may
    return several values, of which one may be taken out again.
    """

    __slots__ = ("complete", "parameters", "reaching", "registering", "several", "terms")

    def __init__(
        self,
        parameters: tuple[str, ...],
        every: Names,
        reaching: Names,
        terms: Terms,
        several: bool,
        registering: Names = NONE,
    ) -> None:
        self.parameters, self.reaching, self.terms, self.several = parameters, reaching, terms, several
        self.registering = registering
        self.complete = reaching.issuperset(every - {"self", "cls"})


class Context:
    """What a function can ask of the code around it.

    helper: what is known of the functions that a callee may be; None if it is nothing of the project's. reads: the
    captured names that a helper reads. registers: whether a library's object of this name registers itself.
    """

    __slots__ = ("helper", "reads", "registers")

    def __init__(
        self,
        helper: Callable[[ast.expr], Sequence[Summary] | None],
        reads: Callable[[str], Names],
        registers: Callable[[ast.expr], bool],
    ) -> None:
        self.helper, self.reads, self.registers = helper, reads, registers


def summary(node: FunctionNode, context: Context) -> Summary:
    """Follow a function's parameters to its result."""
    arguments = node.args
    positional = _positional(arguments)
    listed = (*positional, *(each.arg for each in arguments.kwonlyargs))
    stars = tuple(each.arg for each in (arguments.vararg, arguments.kwarg) if each is not None)
    flow = _Flow((*listed, *stars), context)
    flow.takes_several(arguments)
    if isinstance(node, ast.Lambda):
        flow.returns(node.body)
    else:
        flow.block(node.body)
        if any(_mentions(decorator, CUTTING) for decorator in node.decorator_list):
            flow.returned, flow.registered = set(), set()
    star = () if arguments.vararg is None else (arguments.vararg.arg,)
    every, registering = _parameters(arguments), frozenset(flow.registered)
    return Summary((*positional, *star), every, flow.reaching, flow.terms, flow.several, registering)


class _Flow:
    """The state while one function's statements are followed.

    carries: for each local name the parameters that it surely carries. captured: the captured names that it may carry.
    """

    def __init__(self, parameters: Iterable[str], context: Context) -> None:
        self.carries: dict[str, Names] = {name: frozenset({name}) for name in parameters}
        self.captured: dict[str, Names] = dict.fromkeys(self.carries, NONE)
        # what a method reads of its object it captures
        self.captured.update((name, frozenset({name})) for name in RECEIVERS if name in self.carries)
        self.added: dict[str, Terms] = {}
        self.returned: set[str] = set()
        self.registered: set[str] = set()
        self.returns_something = False
        self.terms: Terms = {}
        self.context = context
        self.ended = False
        self.several = False
        self.mappings: set[str] = set()
        self.containers: set[str] = set()
        self.local: dict[str, Summary] = {}
        self.made: dict[str, ast.expr] = {}

    def takes_several(self, arguments: ast.arguments) -> None:
        """Of what comes by a star, one may be used and the others not."""
        if arguments.vararg is not None:
            self.containers.add(arguments.vararg.arg)
        if arguments.kwarg is not None:
            self.mappings.add(arguments.kwarg.arg)

    @property
    def reaching(self) -> Names:
        """The names that surely get into the result."""
        return frozenset(self.returned | self.registered) if self.returns_something else NONE

    # -- statements -----------------------------------------------------------------------------------------------

    def block(self, body: Iterable[ast.stmt]) -> None:
        """Follow statements in order, up to a `return` or `raise`."""
        for statement in body:
            follow = _STATEMENTS.get(type(statement))
            if follow is not None:
                follow(self, statement)
            if self.ended:
                return

    def returns(self, value: ast.expr | None) -> None:
        """The value of a `return`; of a tuple only the first element is sure to count, of a dict none."""
        self.returns_something = self.returns_something or value is not None
        self.several = self.several or (value is not None and self._is_container(value))
        if isinstance(value, ast.Tuple) and value.elts:
            value = value.elts[0]
        if value is not None and not self._is_mapping(value):
            self.returned |= self.value(value)
            _merge(self.terms, self._terms_of(value))

    def _is_mapping(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self.mappings
        return _writes_mapping(node)

    def _is_container(self, node: ast.expr) -> bool:
        """Whether it is known what an item of it is, so that one counts and the others do not."""
        if isinstance(node, ast.Name):
            return node.id in self.containers or node.id in self.mappings
        if isinstance(node, ast.BinOp):
            return self._is_container(node.left) or self._is_container(node.right)
        if isinstance(node, ast.Call) and _rearranges(node):
            return self._is_container(node.args[0])
        if isinstance(node, ast.Call):
            return _writes_mapping(node) or any(each.several for each in self._known(node.func) or ())
        return isinstance(node, ast.Tuple | ast.List | ast.Dict)

    def _return(self, node: ast.Return) -> None:
        self.returns(node.value)
        self.ended = True

    def _raise(self, node: ast.Raise) -> None:
        self.ended = True

    def _assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._bind(target, node.value)

    def _annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._bind(node.target, node.value)

    def _augmented(self, node: ast.AugAssign) -> None:
        target = node.target
        if not isinstance(target, ast.Name):
            return
        mine, other = self.carries.get(target.id, NONE), self.value(node.value)
        added = dict(self.added.get(target.id, {}))
        _merge(added, self._terms_of(node.value))
        reads = self.reads(node.value)
        if isinstance(node.op, ast.Add | ast.Sub):
            self._note_terms(
                added, mine, reads, other, self.captured.get(target.id, NONE), isinstance(node.op, ast.Add)
            )
        self.carries[target.id] = mine | other
        self.captured[target.id] = self.captured.get(target.id, NONE) | reads
        self.added[target.id] = added

    @staticmethod
    def _note_terms(added: Terms, left: Names, right_reads: Names, right: Names, left_reads: Names, plus: bool) -> None:
        """A sum: what each side reads is a term for every parameter that only the other one carries."""
        if plus and right_reads:
            _merge(added, dict.fromkeys(left - right, right_reads))
        if left_reads:
            _merge(added, dict.fromkeys(right - left, left_reads))

    def _expression(self, node: ast.Expr) -> None:
        value = node.value
        if isinstance(value, ast.Yield | ast.YieldFrom) and value.value is not None:
            self.returns_something = True
            self.returned |= self.value(value.value)
            return
        carried = self.value(value)
        if isinstance(value, ast.Call):
            self._register(value, carried)
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            base = value.func.value
            if isinstance(base, ast.Name) and base.id in self.carries and value.func.attr in _GROWING:
                self.carries[base.id] |= carried
                self.captured[base.id] |= self.reads(value)

    def _register(self, call: ast.Call, carried: Names) -> None:
        """A call that stands alone: of a library's class, or of a function that makes such calls."""
        known = self._known(call.func)
        if known is None:
            if self.context.registers(call.func):
                self.registered |= carried
        elif known:
            self.registered |= frozenset.intersection(*(self._bound(call, each, each.registering) for each in known))

    def _if(self, node: ast.If) -> None:
        self._branches([node.body, node.orelse])

    def _branches(self, bodies: Iterable[Iterable[ast.stmt]]) -> None:
        """Each body from the same state; afterwards a name carries what it carries after any of them."""
        before = (self.carries, self.captured, self.added)
        ends: list[tuple[dict[str, Names], dict[str, Names], dict[str, Terms]]] = []
        for body in bodies:
            self.carries, self.captured, self.added = dict(before[0]), dict(before[1]), dict(before[2])
            self.block(body)
            if not self.ended:
                ends.append((self.carries, self.captured, self.added))
            self.ended = False
        if not ends:
            self.ended = True
            return
        self.carries, self.captured = _joined([end[0] for end in ends]), _joined([end[1] for end in ends])
        self.added = dict(ends[0][2])
        for _, _, added in ends[1:]:
            for name, terms in added.items():
                joint = dict(self.added.get(name, {}))
                _merge(joint, terms)
                self.added[name] = joint

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        for _ in range(2):
            if not isinstance(node, ast.While):
                self._bind(node.target, node.iter, whole=True)
            self._branches([node.body, []])
        self.block(node.orelse)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        cutting = any(_mentions(item.context_expr, CUTTING) for item in node.items)
        for item in node.items:
            if item.optional_vars is not None:
                self._bind(item.optional_vars, item.context_expr, whole=True)
        if not cutting:
            self.block(node.body)
            return
        known = dict(self.carries)
        returned = set(self.returned)
        self.block(node.body)
        self.returned = returned
        self.carries = {name: known.get(name, NONE) & carried for name, carried in self.carries.items()}

    def _try(self, node: ast.Try) -> None:
        self._branches([[*node.body, *node.orelse], *([*handler.body] for handler in node.handlers)])
        if not self.ended:
            self.block(node.finalbody)

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        inner = self._inner(node.args)
        inner.block(node.body)
        own = _parameters(node.args)
        self._note_local(node.name, node.args, inner.reaching, inner.several)
        self.carries[node.name] = inner.reaching - own
        self.captured[node.name] = self.reads(node) - own

    def _note_local(self, name: str, arguments: ast.arguments, reaching: Names, several: bool) -> None:
        own = _parameters(arguments)
        self.local[name] = Summary(_positional(arguments), own, reaching & own, {}, several)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.carries[target.id] = NONE

    def _bind(self, target: ast.expr, value: ast.expr, *, whole: bool = False) -> None:
        if isinstance(target, ast.Name):
            carried, reads = self.value(value), self.reads(value)
            self.added[target.id] = {} if whole else self._terms_of(value)
            self.carries[target.id], self.captured[target.id] = carried, reads
            self.local.pop(target.id, None)
            self.made[target.id] = value
            if isinstance(value, ast.Lambda):
                inner = self._inner(value.args)
                self._note_local(target.id, value.args, inner.value(value.body), inner._is_container(value.body))
            if self._is_mapping(value):
                self.mappings.add(target.id)
            elif not whole and self._is_container(value):
                self.containers.add(target.id)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, value, whole=True)
        elif isinstance(target, ast.Tuple | ast.List):
            parts = _elements(value) if whole else value.elts if isinstance(value, ast.Tuple | ast.List) else ()
            if len(parts) != len(target.elts):
                parts = [value] * len(target.elts)
            one_of_several = not whole and parts[:1] == [value] and self._is_container(value)
            bound = [(NONE if one_of_several else self.value(part), self.reads(part)) for part in parts]
            for each, part, (carried, reads) in zip(target.elts, parts, bound, strict=True):
                if isinstance(each, ast.Name):
                    self.carries[each.id], self.captured[each.id], self.added[each.id] = carried, reads, {}
                else:
                    self._bind(each, part, whole=whole or part is value)

    # -- expressions ----------------------------------------------------------------------------------------------

    def value(self, node: ast.expr) -> Names:
        """The parameters that surely get into an expression's value."""
        follow = _EXPRESSIONS.get(type(node))
        return NONE if follow is None else follow(self, node)

    def _name(self, node: ast.Name) -> Names:
        return self.carries.get(node.id, NONE)

    def _attribute(self, node: ast.Attribute) -> Names:
        return NONE if node.attr in CUTTING or self._is_mapping(node.value) else self.value(node.value)

    def _call(self, node: ast.Call) -> Names:
        callee = node.func
        name = callee.attr if isinstance(callee, ast.Attribute) else callee.id if isinstance(callee, ast.Name) else ""
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if name in CUTTING or (name in CALLERS and any(self._may_cut(each) for each in given)):
            return NONE
        if _converts_to_whole_numbers(node, name):
            return NONE
        if name == "map" and given and not self._uses_all(given[0]):
            return NONE
        known = self._known(callee)
        own = self.value(callee.value) if isinstance(callee, ast.Attribute) else self.value(callee)
        if known is None:
            return own.union(*(self.value(each) for each in given))
        if not known:
            return NONE
        through = frozenset.intersection(*(self._through(each, node) for each in known))
        # a function that is defined here brings what it reads of this one's names
        return through | own if isinstance(callee, ast.Name) else through

    def _known(self, callee: ast.expr) -> Sequence[Summary] | None:
        """What is known of the functions that a callee may be; None if it is nothing of the project's."""
        if isinstance(callee, ast.Name) and callee.id in self.carries:
            if callee.id in self.local:
                return [self.local[callee.id]]
            made = self.made.get(callee.id)
            # a partial of a function of the project, say
            return None if made is None or self.context.helper(made) is None else []
        return self.context.helper(callee)

    def _may_cut(self, node: ast.expr) -> bool:
        """Whether a function that is called on the rest, as `tree_map` does, may lose what it is given."""
        known = self.context.helper(node) if isinstance(node, ast.Name | ast.Attribute) else None
        lossy = known is not None and not (known and all(each.complete for each in known))
        return lossy or _mentions(node, CUTTING)

    def _uses_all(self, node: ast.expr) -> bool:
        """Whether a function surely makes its result of everything that it is given."""
        if isinstance(node, ast.Lambda):
            return _parameters(node.args) <= self._inner(node.args).value(node.body)
        known = self._known(node)
        return known is None or bool(known and all(each.complete for each in known))

    def _through(self, known: Summary, node: ast.Call) -> Names:
        """What gets through a call of a function of the project: the arguments of parameters that reach its result."""
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if known.complete:
            return NONE.union(*(self.value(each) for each in given))
        return self._bound(node, known, known.reaching)

    def _bound(self, node: ast.Call, known: Summary, names: Names) -> Names:
        """What gets into a function of the project by those of its parameters."""
        positions = known.parameters
        if isinstance(node.func, ast.Attribute) and positions[:1] in (("self",), ("cls",)):
            positions = positions[1:]
        named = [(keyword.arg or "", keyword.value) for keyword in node.keywords]
        if len(node.args) > len(positions) or any(isinstance(each, ast.Starred) for each in node.args):
            return NONE
        bound = [*zip(positions, node.args, strict=False), *named]
        return NONE.union(*(self.value(each) for name, each in bound if name in names))

    def _operation(self, node: ast.BinOp) -> Names:
        if isinstance(node.op, ast.FloorDiv):
            return NONE
        return self.value(node.left) | self.value(node.right)

    def _unary(self, node: ast.UnaryOp) -> Names:
        return NONE if isinstance(node.op, ast.Not) else self.value(node.operand)

    def _boolean(self, node: ast.BoolOp) -> Names:
        return NONE.union(*(self.value(each) for each in node.values))

    def _choice(self, node: ast.IfExp) -> Names:
        return self.value(node.body) | self.value(node.orelse)

    def _listed(self, node: ast.Tuple | ast.List | ast.Set) -> Names:
        return NONE.union(*(self.value(each) for each in node.elts))

    def _mapping(self, node: ast.Dict) -> Names:
        return NONE.union(*(self.value(each) for each in node.values))

    def _starred(self, node: ast.Starred | ast.Await) -> Names:
        return self.value(node.value)

    def _subscript(self, node: ast.Subscript) -> Names:
        # of a container that is written out, one part counts and the others do not
        carried = self.value(node.value)
        return NONE if self._is_container(node.value) else carried

    def _walrus(self, node: ast.NamedExpr) -> Names:
        self._bind(node.target, node.value)
        return self.value(node.target)

    def _closure(self, node: ast.Lambda) -> Names:
        return self._inner(node.args).value(node.body) - _parameters(node.args)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Names:
        kept = (dict(self.carries), dict(self.captured), dict(self.added))
        for part in node.generators:
            self._bind(part.target, part.iter, whole=True)
        found = self.value(node.value if isinstance(node, ast.DictComp) else node.elt)
        self.carries, self.captured, self.added = kept
        return found

    def _inner(self, arguments: ast.arguments) -> _Flow:
        """The flow of a function inside this one: it sees this one's names but for its own parameters."""
        inner = _Flow((), self.context)
        own = _parameters(arguments)
        inner.carries = {name: carried for name, carried in self.carries.items() if name not in own}
        inner.captured = {name: reads for name, reads in self.captured.items() if name not in own}
        inner.carries.update((name, frozenset({name})) for name in own)
        inner.captured.update((name, NONE) for name in own)
        inner.takes_several(arguments)
        inner.made = {name: value for name, value in self.made.items() if name not in own}
        inner.local = {name: known for name, known in self.local.items() if name not in own}
        return inner

    # -- what is read besides -------------------------------------------------------------------------------------

    def reads(self, node: ast.AST) -> Names:
        """The captured names that get into an expression, by way of local names and of helpers too."""
        found: set[str] = set()
        for each in walk(node):
            if isinstance(each, ast.Name):
                known = self.captured.get(each.id)
                if known is not None:
                    found |= known
                else:
                    found.add(each.id)
                    found |= self.context.reads(each.id)
        return frozenset(found)

    def _terms_of(self, node: ast.expr) -> Terms:
        """Captured names in terms of a sum, for each parameter that only another term carries."""
        found: Terms = {}
        for each in walk(node):
            if isinstance(each, ast.Name):
                _merge(found, self.added.get(each.id, {}))
            elif isinstance(each, ast.BinOp) and isinstance(each.op, ast.Add | ast.Sub):
                left, right = self.value(each.left), self.value(each.right)
                if left != right:
                    plus = isinstance(each.op, ast.Add)
                    self._note_terms(found, left, self.reads(each.right), right, self.reads(each.left), plus)
        return found


def _converts_to_whole_numbers(node: ast.Call, name: str) -> bool:
    """Whether a call may name a type that has no slope: `x.astype(int)`, `asarray(x, dtype="int32")`."""
    told = [each.value for each in node.keywords if each.arg == "dtype"]
    if name in CONVERTERS:
        told += node.args
    for each in told:
        kind = each.value if isinstance(each, ast.Constant) else last_name(each)
        if kind in WHOLE_TYPES:
            return True
    return False


def _writes_mapping(node: ast.expr) -> bool:
    """Whether several values are put together under names, of which one may be taken out again."""
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return called in ("dict", "SimpleNamespace", "Namespace")
    return isinstance(node, ast.Dict)


def _rearranges(node: ast.Call) -> bool:
    """Whether a call makes a container of the elements of another one."""
    return isinstance(node.func, ast.Name) and node.func.id in ("list", "tuple", "reversed") and len(node.args) == 1


def _elements(node: ast.expr) -> Sequence[ast.expr]:
    """What each element of an iterated value is made of, part by part; nothing where it cannot be told."""
    if not isinstance(node, ast.Call) or any(isinstance(each, ast.Starred) for each in node.args):
        return ()
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "zip":
        return node.args
    if name == "enumerate" and node.args:
        return (_COUNTER, node.args[0])
    return (_COUNTER, node.func.value) if name == "items" and isinstance(node.func, ast.Attribute) else ()


def _merge(into: Terms, terms: Terms) -> None:
    for name, names in terms.items():
        into[name] = into.get(name, NONE) | names


def _joined(states: list[dict[str, Names]]) -> dict[str, Names]:
    joint = dict(states[0])
    for state in states[1:]:
        for name, names in state.items():
            joint[name] = joint.get(name, NONE) | names
    return joint


def _positional(arguments: ast.arguments) -> tuple[str, ...]:
    return tuple(each.arg for each in (*arguments.posonlyargs, *arguments.args))


def _parameters(arguments: ast.arguments) -> Names:
    listed = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    return frozenset(each.arg for each in listed if each is not None)


def _mentions(node: ast.AST, names: Iterable[str]) -> bool:
    return any(
        (isinstance(each, ast.Name) and each.id in names) or (isinstance(each, ast.Attribute) and each.attr in names)
        for each in walk(node)
    )


_COUNTER = ast.Constant(0)

_GROWING = frozenset({"append", "add", "extend", "insert", "update", "setdefault", "push", "put"})

_STATEMENTS: dict[type, Callable[..., None]] = {
    ast.Return: _Flow._return,
    ast.Raise: _Flow._raise,
    ast.Assign: _Flow._assign,
    ast.AnnAssign: _Flow._annotated,
    ast.AugAssign: _Flow._augmented,
    ast.Expr: _Flow._expression,
    ast.If: _Flow._if,
    ast.For: _Flow._loop,
    ast.AsyncFor: _Flow._loop,
    ast.While: _Flow._loop,
    ast.With: _Flow._with,
    ast.AsyncWith: _Flow._with,
    ast.Try: _Flow._try,
    ast.FunctionDef: _Flow._define,
    ast.AsyncFunctionDef: _Flow._define,
    ast.Delete: _Flow._delete,
}
_EXPRESSIONS: dict[type, Callable[..., Names]] = {
    ast.Name: _Flow._name,
    ast.Attribute: _Flow._attribute,
    ast.Call: _Flow._call,
    ast.BinOp: _Flow._operation,
    ast.UnaryOp: _Flow._unary,
    ast.BoolOp: _Flow._boolean,
    ast.IfExp: _Flow._choice,
    ast.Tuple: _Flow._listed,
    ast.List: _Flow._listed,
    ast.Set: _Flow._listed,
    ast.Dict: _Flow._mapping,
    ast.Starred: _Flow._starred,
    ast.Subscript: _Flow._subscript,
    ast.Await: _Flow._starred,
    ast.NamedExpr: _Flow._walrus,
    ast.Lambda: _Flow._closure,
    ast.ListComp: _Flow._comprehension,
    ast.SetComp: _Flow._comprehension,
    ast.GeneratorExp: _Flow._comprehension,
    ast.DictComp: _Flow._comprehension,
}
