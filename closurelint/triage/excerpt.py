"""The part of a file that has to be read closely: all other text is blanked, line for line, so that positions stay."""

from __future__ import annotations

import ast

from closurelint.triage.blocks import DEFINITIONS, Block
from closurelint.triage.part import Part
from closurelint.triage.survey import Survey

_CONSTRUCTORS = ("__init__", "__call__", "forward", "setUp", "setup", "setup_method", "build", "reset", "__post_init__")


def excerpt(survey: Survey) -> Part:
    """The text of the blocks that are suspect, and of all that their names come from."""
    return _Excerpt(survey).part()


class _Excerpt:
    def __init__(self, survey: Survey) -> None:
        self.survey, self.blocks = survey, survey.blocks
        self.kept: set[int] = set()
        self.waiting: list[Block] = []
        self.wanted: set[str] = set()
        self.classes: set[str] = set()
        self.scopes: set[str] = set()

    def part(self) -> Part:
        for block in self.blocks.blocks:
            if _imports(block):
                self._keep(block)
        for block in self.blocks.binding("*"):
            self._keep(block)
        for block in self.survey.suspects:
            self._keep(block)
            self.scopes |= _scopes(block)
            if id(block) in self.survey.sites:
                self._keep_users(block)
        while self.waiting:
            self._needs(self.waiting.pop())
        text, pieces = self._blanked()
        return Part(text, pieces, frozenset(self.scopes))

    def _keep(self, block: Block) -> None:
        if id(block) not in self.kept:
            self.kept.add(id(block))
            self.waiting.append(block)
            if block.kind == "class":
                self.classes.add(block.name)
            if block.owner is not None:
                self._keep(block.owner)

    def _belongs(self, member: Block) -> bool:
        """Whether it is a member of a class that is kept, or of one that is derived from such a class."""
        owner = member.owner
        return owner is not None and (id(owner) in self.kept or not self.classes.isdisjoint(_names(owner)))

    def _keep_users(self, home: Block) -> None:
        """What is made at a site may be used elsewhere: that is where the point is."""
        names = _given(home)
        seen: set[str] = set()
        while names:
            name = names.pop()
            if name in seen:
                continue
            seen.add(name)
            for user in self.blocks.mentioning(name):
                if not _mentions(user, name):
                    continue
                self.scopes |= _scopes(user)
                if id(user) not in self.kept:
                    self._keep(user)
                    if not user.kind:
                        names |= _given(user)

    def _needs(self, block: Block) -> None:
        names = _names(block) - self.wanted
        if block.kind == "class":
            for constructor in _CONSTRUCTORS:
                for member in self.blocks.members(constructor):
                    if member.owner is block:
                        self._keep(member)
        self.wanted |= names
        for name in names:
            for binder in self.blocks.binding(name):
                self._keep(binder)
        for name in self.wanted if block.kind == "class" else names:
            for member in self.blocks.members(name):
                if self._belongs(member):
                    self._keep(member)
        if block.kind == "class":
            # plain statements in the body of a class are few, and may be what its methods read
            for member in self.blocks.blocks:
                if member.owner is block and not member.kind:
                    self._keep(member)

    def _blanked(self) -> tuple[str, tuple[tuple[int, int], ...]]:
        text, parts = self.survey.text, []
        pieces: list[tuple[int, int]] = []
        at = size = 0
        for index, block in enumerate(self.blocks.blocks):
            end = block.end if index + 1 < len(self.blocks.blocks) else len(text)
            kept = id(block) in self.kept
            part = text[at:end] if kept else "\n" * text.count("\n", at, end)
            if kept and block.kind == "class" and not self._has_body(index):
                # a class of which nothing is kept needs something on a line of its own
                part += " pass"
            parts.append(part)
            if kept and block.owner is not None:
                pieces[-1] = pieces[-1][0], size + len(part)
            elif kept:
                pieces.append((size, size + len(part)))
            at, size = end, size + len(part)
        return "".join(parts), tuple(pieces)

    def _has_body(self, index: int) -> bool:
        block = self.blocks.blocks[index]
        for member in self.blocks.blocks[index + 1 :]:
            if member.owner is not block:
                break
            if id(member) in self.kept:
                return True
        return not block.source.rstrip().endswith(":") and not any(
            member.owner is block for member in self.blocks.blocks[index + 1 : index + 2]
        )


def _imports(block: Block) -> bool:
    return block.owner is None and not block.kind and block.source.lstrip().startswith(("import ", "from ", "import\t"))


def _scopes(block: Block) -> set[str]:
    """The qualified names of the functions in a block, or of what is around them."""
    if block.broken:
        return set(block.index.mentions)
    if block.owner is not None:
        return {f"{block.owner.name}.{block.name}"} if block.name else {block.owner.name}
    if block.kind:
        return {block.name}
    return {node.name for node in block.nodes if isinstance(node, (*DEFINITIONS, ast.ClassDef))}


def _given(block: Block) -> set[str]:
    """The names that the rest of the file can see a block's results by."""
    block.check()
    found: set[str] = {block.name} if block.kind == "def" else set()
    for node in block.nodes:
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            found.add(node.attr)
        elif not block.kind and isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
    return found - {"_", "__init__", "__call__"}


def _names(block: Block) -> set[str]:
    block.check()
    return set(block.index.mentions) | {name for node in block.nodes for name in _stored(node)}


def _stored(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.Name):
        return (node.id,)
    return (node.attr,) if isinstance(node, ast.Attribute) else ()


def _mentions(block: Block, name: str) -> bool:
    block.check()
    return name in block.index.mentions
