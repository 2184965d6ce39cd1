"""Which blocks hold a loss closure that never reads its one parameter."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from closurelint.triage.blocks import Block
from closurelint.triage.walking import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.triage.survey import Survey

_WEIGHTS = frozenset("W w weight weights params param theta p beta b coef coeffs parameters Theta".split())


def loose_blocks(survey: Survey, positions: Iterable[int]) -> Iterator[Block]:
    """The blocks around given places in which a loss closure never reads its one parameter."""
    for position in positions:
        block = survey.blocks.at(position)
        for node in block.index.functions:
            if len(node.args.args) == 1 and node.args.args[0].arg in _WEIGHTS:
                name = node.args.args[0].arg
                body = [node.body] if isinstance(node, ast.Lambda) else node.body
                if not any(isinstance(each, ast.Name) and each.id == name for part in body for each in walk(part)):
                    yield block
                    break
