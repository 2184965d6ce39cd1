"""Which blocks of a file hold a use of a differentiator whose objective is not certainly fine.

A survey starts from the names by which functions are handed over, looks at the blocks that mention them, and follows
names: to the functions that are handed over, and to functions of the project that hand on what they are given.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from closurelint.triage.blocks import FUNCTIONS, Block, Blocks, FunctionNode, positions
from closurelint.triage.differences import differenced, differenced_attributes, kept_as
from closurelint.triage.expressions import candidates, given_to, last_name
from closurelint.triage.import_statements import aliases, imported_words
from closurelint.triage.reach import NONE, Context, Names, Summary, summary
from closurelint.triage.visit import Visit
from closurelint.triage.vocabulary import Anchor
from closurelint.triage.vocabulary_data import CUTTING
from closurelint.triage.walking import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.triage.neighbours import Imported, Neighbours

_CALLED = ("__call__", "forward", "__init__")

_NO_NAME = (")", "]", "}", '"', "'")
"""What stands before the dot of an attribute that is not a name's."""

Use = tuple["Survey", Block, FunctionNode]
"""A function, where it stands, and the file that this is in."""


class Possible:
    """The functions that a value may be, and the names on the way to them that are no function of the project."""

    __slots__ = ("unknown", "uses")

    def __init__(self, uses: list[Use], unknown: list[str]) -> None:
        self.uses, self.unknown = uses, unknown


class _Step(Possible):
    """One step on that way; `further` are the values that come next."""

    __slots__ = ("further",)

    def __init__(self, uses: list[Use], further: list[tuple[ast.expr, Block]], unknown: Sequence[str] = ()) -> None:
        super().__init__(uses, list(unknown))
        self.further = further


class Survey:
    """The survey of one file. `anchors` grows while it goes on; `suspects` are the blocks to be looked at closely.

    exporting: only what other files can make of it matters: the names that take functions, and no suspects.
    """

    def __init__(
        self,
        blocks: Blocks,
        filename: str,
        anchors: dict[str, Anchor],
        neighbours: Neighbours,
        *,
        exporting: bool = False,
    ) -> None:
        self.blocks, self.filename, self.neighbours = blocks, filename, neighbours
        self.exporting = exporting
        self.text = blocks.text
        self.anchors = dict(anchors)
        self.suspects: list[Block] = []
        self.sites: set[int] = set()
        self.summaries: dict[FunctionNode, Summary | None] = {}
        self._waiting: dict[tuple[str, Block | None], None] = dict.fromkeys((name, None) for name in anchors)
        self._reads: dict[tuple[str, int], Names] = {}
        self._local: dict[int, dict[str, Anchor]] = {}
        self._possible: dict[tuple[object, Block], Possible] = {}
        self._kept: dict[str, list[tuple[ast.expr, Block]]] = {}
        self._steps: dict[tuple[object, Block], _Step] = {}
        self._inside: dict[ast.AST, list[FunctionNode]] = {}
        self.handed: set[tuple[object, ...]] = set()
        for name, alias in aliases(self.text) if anchors else ():
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
            (name, only), _ = self._waiting.popitem()
            for block in self.blocks.mentioning(name) if only is None else [only]:
                if block.broken:
                    self.sites.add(id(block))
                    self.suspect(block)
                    continue
                for anchor in self._anchors(name, block):
                    if self._may_count(name, anchor, block):
                        Visit(self, block, name, anchor).run()

    def close(self) -> None:
        """Let go of what leads back here, so that the trees go when this goes, and nobody has to look for them."""
        self._possible.clear()
        self._steps.clear()

    def note_own(self, names: Iterable[str]) -> None:
        """Functions of the file that may take differences of one that they are given; those that do are anchors."""
        for name in dict.fromkeys(names):
            defining = self.blocks.defining(name)
            if not self.exporting and self.text.count(name) <= len(defining) and name != "__call__":
                # nobody here calls it
                continue
            for block in defining:
                for node in block.index.definitions.get(name, ()):
                    called = differenced(node)
                    if called:
                        self.learn(name, handed_by(node, called))
                        if name == "__call__" and block.owner is not None:
                            self.learn(block.owner.name, Anchor(returns=True))
                    elif block.owner is not None:
                        self._note_kept(block.owner, differenced_attributes(node))
            if not defining:
                for block in self.blocks.mentioning(name):
                    for value in block.index.bindings.get(name, ()):
                        if isinstance(value, ast.Lambda):
                            self.learn(name, handed_by(value, differenced(value)))

    def _note_kept(self, owner: Block, attributes: frozenset[str]) -> None:
        """A class takes differences of what its objects keep: who makes one hands over a function."""
        for block in self.blocks.members("__init__") if attributes else ():
            if block.owner is owner and isinstance(block.function, ast.FunctionDef):
                keeping = kept_as(block.function)
                handed = frozenset(keeping[name] for name in attributes & keeping.keys())
                if handed:
                    self.learn(owner.name, handed_by(block.function, handed))

    def _may_count(self, name: str, anchor: Anchor, block: Block) -> bool:
        """Whether a block may mention a library's name by way of an import, as far as its text tells unparsed."""
        if not anchor.library or self.words is None:
            return True
        at = self.text.find(name, block.start, block.end)
        while at >= 0:
            root = _root(self.text, at, name)
            if root is None or root in self.words:
                return True
            at = self.text.find(name, at + len(name), block.end)
        return False

    # -- anchors --------------------------------------------------------------------------------------------------

    def _anchors(self, name: str, block: Block) -> list[Anchor]:
        """What a name may mean in a block: what is local there hides what is not, but for attributes."""
        local, shared = self._local.get(id(block), {}).get(name), self.anchors.get(name)
        if local is None:
            return [] if shared is None else [shared]
        if shared is None or not shared.attributes:
            return [local]
        return [local, shared.read_as(names=False)]

    def learn(self, name: str, anchor: Anchor, block: Block | None = None) -> None:
        """A name takes functions too, in the whole file or in one block."""
        if not name or name in ("self", "cls", "_"):
            return
        known = self.anchors if block is None else self._local.setdefault(id(block), {})
        old = known.get(name)
        if old is not None and old.covers(anchor):
            return
        known[name] = anchor if old is None else old.with_other(anchor)
        self._waiting[name, block] = None

    def injects(self, function: ast.FunctionDef | ast.AsyncFunctionDef, home: Block) -> bool:
        """Whether a decorator of the project may give a function an argument before those of the call."""
        return any(
            isinstance(call, ast.Call) and any(isinstance(each, ast.Starred) for each in call.args[1:])
            for decorator in function.decorator_list
            for _, _, node in self.functions(
                decorator.func if isinstance(decorator, ast.Call) else decorator, home, called=False
            )
            for call in walk(node)
        )

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
            context = Context(
                lambda callee: self._helpers(callee, block), lambda name: self.read_by(name, block), self._registers
            )
            self.summaries[node] = summary(node, context)
        return self.summaries[node]

    def _registers(self, callee: ast.expr) -> bool:
        """Whether it is a library's class: what is made of it alone is of use only where it registers itself."""
        name, root = last_name(callee), callee
        while isinstance(root, ast.Attribute):
            root = root.value
        imported = isinstance(root, ast.Name) and (self.words is None or root.id in self.words)
        return imported and name[:1].isupper() and name not in self.anchors and name not in CUTTING

    def _helpers(self, callee: ast.expr, block: Block) -> list[Summary] | None:
        """What the project's functions do that a callee may be; None if it is none of them.

        One that is not there by its own name may be a partial of it, or wrapped: which argument is which is not known.
        """
        found: list[Summary] = []
        known = False
        named = isinstance(callee, ast.Name | ast.Attribute)
        direct = {node for _, _, node in self.functions(callee, block, called=False)} if named else set()
        # `terms[0](x)`, `(f if exact else g)(x)`, and what `for term in (f, g)` calls
        for survey, home, node in (use for part in candidates(callee) for use in self.may_be(part, block).uses):
            known = True
            judged = survey.judged(node, home)
            if judged is None or not (judged.complete or node in direct):
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
                found |= {each.id for each in walk(node) if isinstance(each, ast.Name)}
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

    def may_be(self, node: ast.expr, block: Block) -> Possible:
        """The functions that a value may be or be made of: through what was assigned, wrapped, put into collections."""
        key = (node.id if isinstance(node, ast.Name) else node, block)
        known = self._possible.get(key)
        if known is None:
            known = self._possible[key] = self._followed(node, block)
        return known

    def _followed(self, start: ast.expr, block: Block) -> Possible:
        uses: dict[FunctionNode, Use] = {}
        names: dict[str, None] = {}
        seen: set[tuple[object, Block]] = set()
        waiting = [(start, block)]
        while waiting:
            node, home = waiting.pop()
            key = (node.id if isinstance(node, ast.Name) else node, home)
            if key in seen:
                continue
            seen.add(key)
            known = self._possible.get(key)
            if known is not None:
                uses.update((use[2], use) for use in known.uses)
                names.update(dict.fromkeys(known.unknown))
                continue
            step = self._steps.get(key)
            if step is None:
                step = self._steps[key] = self._step(node, home)
            uses.update((use[2], use) for use in step.uses)
            names.update(dict.fromkeys(step.unknown))
            waiting += step.further
        return Possible(list(uses.values()), list(names))

    def _step(self, node: ast.expr, block: Block) -> _Step:
        """What a value may be at once, and the values that it may come from."""
        uses = list(self.functions(node, block, called=isinstance(node, ast.Call)))
        target = node.func if isinstance(node, ast.Call) else node
        further: list[tuple[ast.expr, Block]] = []
        if isinstance(node, ast.Call):
            parts = given_to(node)
            if isinstance(target, ast.Attribute) and not uses:
                # `losses.items()` gives back what was put there
                parts.append(target.value)
            elif isinstance(target, ast.Call):
                parts.append(target)
            further += [(inner, block) for each in parts for inner in candidates(each)]
        name = last_name(target)
        # a parameter may go by the name of a function of the file
        is_parameter = isinstance(target, ast.Name) and name in block.index.parameters
        if not name or (uses and not is_parameter):
            return _Step(uses, further)
        is_kept = isinstance(target, ast.Attribute) and not self._is_of_module(target, block)
        found = [*self.bound(name, block), *(self.kept_as(name) if is_kept else ())]
        further += [(inner, home) for value, home in found for inner in candidates(value)]
        return _Step(uses, further, [name] if isinstance(target, ast.Name) else [])

    def _is_of_module(self, node: ast.expr, block: Block) -> bool:
        """Whether an attribute is read of what an import binds, and nothing else here: a module, or what it defines."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if not isinstance(node, ast.Name) or self.words is None or node.id not in self.words:
            return False
        is_own = node.id in block.index.parameters or self.bound(node.id, block)
        return not is_own

    def kept_as(self, name: str) -> list[tuple[ast.expr, Block]]:
        """What any part of the file keeps in an attribute of that name, and where."""
        known = self._kept.get(name)
        if known is None:
            homes = self.blocks.keeping(name)
            known = self._kept[name] = [(value, home) for home in homes for value in home.index.bindings.get(name, ())]
        return known

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
            yield from self._given(block, node, called)
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
            yield from self._given(home, node, called)

    def _given(self, block: Block, node: ast.FunctionDef | ast.AsyncFunctionDef, called: bool) -> Iterator[Use]:
        """The function itself, or those inside it, which its call may return."""
        if not called:
            yield self, block, node
            return
        if node not in self._inside:
            self._inside[node] = [each for each in walk(node) if isinstance(each, FUNCTIONS) and each is not node]
        for each in self._inside[node]:
            yield self, block, each


def handed_by(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, parameters: frozenset[str]) -> Anchor:
    """How functions are handed to a function that takes them by these parameters."""
    places = [place for name, place in positions(node.args).items() if name in parameters]
    certain = [place for place in places if place is not None]
    return Anchor(frozenset().union(*certain) if len(certain) == len(places) else None, parameters)


def _root(text: str, at: int, name: str) -> str | None:
    """The first of the names with dots between them that lead to one at a place; None where it cannot be told."""
    root = name
    while True:
        begin = max(at - 80, 0)
        before = text[begin:at].rstrip(" \t\n\\")
        if not before.endswith("."):
            # the dot may be hidden by a comment
            hidden = "\n" in text[begin + len(before) : at] and "#" in before[before.rfind("\n") + 1 :]
            return None if hidden or (begin and not before) else root
        before = before[:-1].rstrip(" \t")
        start = len(before)
        while start and (before[start - 1].isalnum() or before[start - 1] == "_"):
            start -= 1
        if start == len(before) or (begin and not start):
            return "" if before.rstrip().endswith(_NO_NAME) else None
        root, at = before[start:], begin + start
