"""Which blocks of a file hold a use of a differentiator whose objective is not certainly fine.

A survey starts from the names by which functions are handed over, looks at the blocks that mention them, and follows
names: to the functions that are handed over, and to functions of the project that hand on what they are given.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from closurelint.triage.blocks import DEFINITIONS, FUNCTIONS, Block, Blocks, FunctionNode, assignments
from closurelint.triage.differences import takes_differences
from closurelint.triage.imports import aliases, imported_words
from closurelint.triage.reach import NONE, Names, Summary, summary
from closurelint.triage.vocabulary import ANY, Anchor
from closurelint.triage.vocabulary_data import WRAPPERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.triage.neighbours import Imported, Neighbours

_CALLED = ("__call__", "forward", "__init__")
_WEIGHTS = frozenset("W w weight weights params param theta p beta b coef coeffs parameters Theta".split())

Use = tuple["Survey", Block, FunctionNode]
"""A function, where it stands, and the file that this is in."""


class Survey:
    """The survey of one file. `anchors` grows while it goes on; `suspects` are the blocks to be looked at closely.

    blind: blocks of the file do not parse, so that nothing is known.
    """

    def __init__(
        self, text: str, filename: str, anchors: dict[str, Anchor], neighbours: Neighbours, blocks: Blocks | None = None
    ) -> None:
        self.text, self.filename, self.neighbours = text, filename, neighbours
        self.blocks = blocks or Blocks(text)
        self.anchors = dict(anchors)
        self.suspects: list[Block] = []
        self.sites: set[int] = set()
        self.summaries: dict[FunctionNode, Summary | None] = {}
        self._waiting: list[tuple[str, Block | None]] = [(name, None) for name in anchors]
        self._reads: dict[tuple[str, int], Names] = {}
        self._local: dict[int, dict[str, Anchor]] = {}
        self._seen: set[tuple[int, str, int]] = set()
        for name, alias in aliases(text) if anchors else ():
            if name in anchors:
                self.learn(alias, anchors[name])

    @cached_property
    def imported(self) -> Imported:
        """What the file binds by imports from the project."""
        return self.neighbours.imported(self.filename, self.text)

    @cached_property
    def words(self) -> frozenset[str] | None:
        """Every word of the file's import statements; None if one imports everything."""
        return imported_words(self.text)

    def run(self) -> None:
        """Follow all names to the end. Raises SyntaxError where a block does not parse, RecursionError if too deep."""
        while self._waiting:
            name, only = self._waiting.pop()
            blocks = self.blocks.mentioning(name) if only is None else [only]
            for block in blocks:
                anchor = self._anchor(name, block)
                if block.broken:
                    self.sites.add(id(block))
                    self.suspect(block)
                elif anchor is not None:
                    _Visit(self, block, name, anchor).run()

    def note_own(self, names: Iterable[str], *, exporting: bool = False) -> None:
        """Functions of the file that may take differences of one that they are given; those that do are anchors.

        exporting: what other files can make of them matters too.
        """
        for name in dict.fromkeys(names):
            defining = self.blocks.defining(name)
            if not exporting and self.text.count(name) <= len(defining) and name != "__call__":
                # nobody here calls it
                continue
            for block in defining:
                for node in block.index.definitions.get(name, ()):
                    if takes_differences(node):
                        self.learn(name, ANY)
                        if name == "__call__" and block.owner is not None:
                            self.learn(block.owner.name, Anchor(returns=True))

    # -- anchors --------------------------------------------------------------------------------------------------

    def _anchor(self, name: str, block: Block) -> Anchor | None:
        return self._local.get(id(block), {}).get(name) or self.anchors.get(name)

    def learn(self, name: str, anchor: Anchor, block: Block | None = None) -> None:
        """A name takes functions too, in the whole file or in one block."""
        if not name or name in ("self", "cls", "_"):
            return
        known = self.anchors if block is None else self._local.setdefault(id(block), {})
        old = known.get(name)
        if old is not None and old.covers(anchor):
            return
        known[name] = anchor if old is None else old.with_other(anchor)
        self._waiting.append((name, block))

    def is_local(self, name: str, block: Block) -> bool:
        """Whether it was in this very block that a name was learned."""
        return name in self._local.get(id(block), ())

    # -- judging functions ----------------------------------------------------------------------------------------

    def suspect(self, *blocks: Block) -> None:
        """Look at these blocks closely."""
        for block in blocks:
            if block.text is self.text and block not in self.suspects:
                self.suspects.append(block)

    def judged(self, node: FunctionNode, block: Block) -> Summary | None:
        """What a function does with its parameters; None while that is being found out, and where it is too deep."""
        if node not in self.summaries:
            self.summaries[node] = None
            self.summaries[node] = summary(
                node, lambda callee: self._helpers(callee, block), lambda name: self.read_by(name, block)
            )
        return self.summaries[node]

    def _helpers(self, callee: ast.expr, block: Block) -> list[Summary] | None:
        """What the project's functions do that a callee may be; None if it is none of them."""
        found: list[Summary] = []
        known = False
        for survey, home, node in self.may_be(callee, block):
            known = True
            judged = survey.judged(node, home)
            if judged is None:
                return []
            found.append(judged)
        return found if known else None

    def read_by(self, name: str, block: Block) -> Names:
        """The names that a function of the file reads, for what is added to a result by calling it."""
        inside = block.index.definitions.get(name, ())
        key = (name, id(block) if inside else 0)
        if key not in self._reads:
            self._reads[key] = NONE
            found: set[str] = set()
            for node in inside:
                found |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            if not inside:
                for home in self.blocks.binding(name) if self.blocks.defining(name) else ():
                    found |= home.index.mentions.keys()
            self._reads[key] = frozenset(found)
        return self._reads[key]

    # -- what a name may be ---------------------------------------------------------------------------------------

    def functions(self, node: ast.expr, block: Block, *, called: bool) -> Iterator[Use]:
        """The functions of the project that an expression may be; of a call, those that it may return."""
        if isinstance(node, ast.Lambda):
            yield self, block, node
        elif isinstance(node, ast.Name):
            yield from self._named(node.id, block, called)
        elif isinstance(node, ast.Attribute):
            for home in self.blocks.members(node.attr):
                yield from self._defined(home, node.attr, called)
            yield from self.neighbours.functions(self, node, called)
        elif isinstance(node, ast.Call):
            yield from self.functions(node.func, block, called=True)

    def may_be(
        self, node: ast.expr, block: Block, seen: set[str] | None = None, unknown: Callable[[str], None] | None = None
    ) -> Iterator[Use]:
        """The functions that a value may be, or be made of: through what was assigned, wrapped, put into collections.

        unknown: told of each name that is no function of the project.
        """
        seen = set() if seen is None else seen
        found = False
        for use in self.functions(node, block, called=isinstance(node, ast.Call)):
            found = True
            yield use
        target = node.func if isinstance(node, ast.Call) else node
        if isinstance(node, ast.Call):
            parts = _given_to(node)
            if isinstance(target, ast.Attribute) and not found:
                # `losses.items()` gives back what was put there
                parts.append(target.value)
            elif isinstance(target, ast.Call):
                parts.append(target)
            for each in parts:
                for inner in _candidates(each):
                    yield from self.may_be(inner, block, seen, unknown)
        name = _last_name(target)
        if name and name not in seen and not found:
            seen.add(name)
            for value, home in self.bound(name, block):
                for inner in _candidates(value):
                    yield from self.may_be(inner, home, seen, unknown)
            if unknown is not None and isinstance(target, ast.Name):
                unknown(name)

    def bound(self, name: str, block: Block) -> list[tuple[ast.expr, Block]]:
        """What is assigned to a name, in a block or else at the top level, and where."""
        found = block.index.bindings.get(name)
        if found:
            return [(value, block) for value in found]
        return [
            (value, home)
            for home in self.blocks.binding(name)
            if not home.kind and home is not block
            for value in home.index.bindings.get(name, [])
        ]

    def _named(self, name: str, block: Block, called: bool) -> Iterator[Use]:
        inside = block.index.definitions.get(name, ())
        for node in inside:
            yield from _returned(self, block, node, called)
        if inside:
            return
        for home in self.blocks.binding(name):
            yield from self._defined(home, name, called)
        if name in self.imported:
            yield from self.neighbours.functions(self, ast.Name(name, ast.Load()), called)

    def _defined(self, home: Block, name: str, called: bool) -> Iterator[Use]:
        if home.kind == "class":
            for method in _CALLED if called else ("__init__",):
                for member in self.blocks.members(method):
                    if member.owner is home and member.function is not None:
                        yield self, member, member.function
            return
        for node in home.index.definitions.get(name, ()):
            yield from _returned(self, home, node, called)


def _returned(
    survey: Survey, block: Block, node: ast.FunctionDef | ast.AsyncFunctionDef, called: bool
) -> Iterator[Use]:
    if not called:
        yield survey, block, node
        return
    for each in ast.walk(node):
        if isinstance(each, FUNCTIONS) and each is not node:
            yield survey, block, each


class _Visit:
    """One look at one block for one name that takes functions."""

    def __init__(self, survey: Survey, block: Block, name: str, anchor: Anchor) -> None:
        self.survey, self.block, self.name, self.anchor = survey, block, name, anchor

    def run(self) -> None:
        """Look at every mention that is code."""
        for mention in self.block.index.mentions.get(self.name, ()):
            if self._counts(mention):
                self._mentioned(mention)

    def _counts(self, mention: ast.expr) -> bool:
        """Whether a mention can be what it says: a library's function only if it comes by an import."""
        index = self.block.index
        if isinstance(mention, ast.Name) and not self.survey.is_local(self.name, self.block):
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
        if isinstance(parent, ast.Call) and parent.func is mention:
            self._call(parent)
            if self.anchor.returns:
                outer = parents.get(parent)
                if isinstance(outer, ast.Call) and outer.func is parent:
                    self._objectives(_given_to(outer), None)
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

    def _decorated(self, function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call | None) -> None:
        """A function that the name decorates is handed to it."""
        self._hand(self.survey, self.block, function, call, self._first_only(call, decorated=True))

    # -- a call ---------------------------------------------------------------------------------------------------

    def _call(self, call: ast.Call) -> None:
        anchor = self.anchor
        if anchor.positions is None or any(isinstance(each, ast.Starred) for each in call.args):
            self._objectives(_given_to(call), call)
            return
        handed = [item.value for item in call.keywords if item.arg is None or item.arg in anchor.keywords]
        handed += [each for index, each in enumerate(call.args) if index in anchor.positions]
        self._objectives(handed, call)

    def _objectives(self, handed: Iterable[ast.expr], call: ast.Call | None) -> None:
        first_only = self._first_only(call)
        for each in handed:
            for node in _candidates(each):
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
        for survey, block, function in self.survey.may_be(node, self.block, None, self._passed_on):
            self._hand(survey, block, function, call, whole)

    def _passed_on(self, name: str) -> None:
        """A parameter of a function around is handed over: that function takes functions too."""
        for node in self.block.index.functions:
            if isinstance(node, ast.Lambda):
                continue
            positional = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
            others = {each.arg for each in (*node.args.kwonlyargs, node.args.vararg, node.args.kwarg) if each}
            if name not in positional and name not in others:
                continue
            method = positional[:1] in (["self"], ["cls"])
            positions = None if name in others else frozenset({positional.index(name) - method})
            certain = self.anchor.certain
            learned = Anchor(positions, frozenset({name}), certain=certain)
            own = self.block.function
            self.survey.learn(node.name, learned, None if node is own else self.block)
            if node.name == "__init__" and self.block.owner is not None:
                self.survey.learn(self.block.owner.name, learned)
            elif node.name == "__call__" and self.block.owner is not None:
                self.survey.learn(self.block.owner.name, Anchor(certain=certain, returns=True))

    def _hand(
        self, survey: Survey, block: Block, function: FunctionNode, call: ast.Call | None, first_only: bool
    ) -> None:
        """A function is handed over: unless it is certainly fine, it has to be looked at, and so has this use."""
        key = (id(self.block), f"{id(function)}", id(call))
        if key in self.survey._seen:
            return
        self.survey._seen.add(key)
        if not self.anchor.certain and self._is_fine(survey.judged(function, block), function, first_only):
            return
        self.survey.sites.add(id(self.block))
        self.survey.suspect(self.block, block)

    def _is_fine(self, judged: Summary | None, function: FunctionNode, first_only: bool) -> bool:
        if judged is None:
            return False
        parameters = [name for name in judged.parameters if name not in ("self", "cls")]
        needed = parameters[:1] if first_only else parameters
        if not parameters or not judged.reaching.issuperset(needed):
            return False
        terms = NONE.union(*(judged.terms.get(name, NONE) for name in needed))
        return not terms or self._made_of(terms).isdisjoint(self._points())

    def _made_of(self, names: Names) -> Names:
        """These names, and those that their values were computed of."""
        found, waiting = set(names), list(names)
        while waiting:
            for value, _ in self.survey.bound(waiting.pop(), self.block):
                new = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)} - found
                found |= new
                waiting += new
        return frozenset(found)

    def _points(self) -> Names:
        """The names that a point may be read by here: of whatever any call is given, and where that is from."""
        found: set[str] = set()
        for call in self.block.index.calls:
            for each in _given_to(call):
                root = _root(each)
                if root:
                    found.add(root)
        waiting = list(found)
        while waiting:
            name = waiting.pop()
            for value, _ in self.survey.bound(name, self.block):
                root = _root(value)
                if root and root not in found:
                    found.add(root)
                    waiting.append(root)
        return frozenset(found)

    # -- other mentions -------------------------------------------------------------------------------------------

    def _loose(self, mention: ast.expr) -> None:
        """The name is kept, passed or returned: what it gets to takes functions too."""
        index = self.block.index
        node: ast.AST = mention
        above = index.parents.get(node)
        while above is not None:
            if isinstance(above, ast.Call) and node is not above.func:
                self._passed(above)
                if _last_name(above.func) not in WRAPPERS:
                    return
            elif isinstance(above, ast.Compare | ast.Subscript | ast.Lambda | ast.BinOp) or (
                isinstance(above, ast.Attribute | ast.Call) and node is mention
            ):
                # what is read of it, or compared with it, takes no functions
                return
            if isinstance(node, ast.stmt):
                break
            if isinstance(above, ast.stmt | ast.comprehension | ast.NamedExpr):
                self._kept(above, node, mention)
                if isinstance(above, ast.stmt):
                    break
            node, above = above, index.parents.get(above)

    def _kept(self, statement: ast.AST, value: ast.AST, mention: ast.expr) -> None:
        anchor = self.anchor
        alias = (
            Anchor(anchor.positions, anchor.keywords, anchor.selecting, certain=anchor.certain)
            if value is mention and not anchor.returns
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
                self.survey.learn(around.name, Anchor(certain=anchor.certain, returns=True))

    def _learn_target(self, target: ast.expr, anchor: Anchor) -> None:
        inside = self.block.kind == "def"
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self.survey.learn(node.id, anchor, self.block if inside else None)
            elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                self.survey.learn(node.attr, anchor)

    def _passed(self, call: ast.Call) -> None:
        """The name is an argument: all that stands beside it may be handed to it, there or here."""
        self._objectives(_given_to(call), None)
        for survey, home, function in self.survey.functions(call.func, self.block, called=False):
            if survey is self.survey and not isinstance(function, ast.Lambda):
                for parameter in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
                    if parameter.arg not in ("self", "cls"):
                        self.survey.learn(parameter.arg, ANY, home)


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _given_to(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(item.value for item in call.keywords)]


def _candidates(node: ast.expr) -> Iterator[ast.expr]:
    """The parts of an expression that may be functions: not what is inside a lambda, and of a call only the whole."""
    if isinstance(node, ast.Name | ast.Lambda | ast.Attribute | ast.Call):
        yield node
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from _candidates(child)


def _root(node: ast.expr) -> str:
    """The name that an expression reads its value from: `net` of `net.params['W'].ravel()`; "" if there is none."""
    while True:
        if isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
            node = node.value
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                receiver = _root(node.func.value)
                if receiver and not node.args:
                    return receiver
            if not node.args:
                return ""
            node = node.args[0]
        elif isinstance(node, ast.Tuple | ast.List) and node.elts:
            node = node.elts[0]
        else:
            return node.id if isinstance(node, ast.Name) else ""


def loose_blocks(survey: Survey, positions: Iterable[int]) -> Iterator[Block]:
    """The blocks around given places in which a loss closure never reads its one parameter."""
    for position in positions:
        block = survey.blocks.at(position)
        for node in block.index.functions:
            if len(node.args.args) == 1 and node.args.args[0].arg in _WEIGHTS:
                name = node.args.args[0].arg
                body = [node.body] if isinstance(node, ast.Lambda) else node.body
                if not any(isinstance(each, ast.Name) and each.id == name for part in body for each in ast.walk(part)):
                    yield block
                    break
