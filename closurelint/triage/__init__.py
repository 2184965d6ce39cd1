"""Whether a file can hold a finding, and which part of it: nearly every file is done with after a look at its bytes.

Each stage discards only what is surely fine. `first_look` reads bytes: is there a name by which functions are handed to
a differentiator, or a function that may be one? `relevant` follows names through those blocks of the file that mention
one, with Python's own parser, and keeps what is not certainly fine. Only that is read closely, by LibCST.
"""

from __future__ import annotations

import re

from closurelint.triage.imports import Imports
from closurelint.triage.part import Part
from closurelint.triage.vocabulary import ANY, Anchor, known_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.triage.neighbours import Neighbours
    from closurelint.triage.survey import Survey

_DEFINITION = re.compile(rb"def[ \t]+(\w+)[ \t]*\(([^)]*)\)")
_WEIGHTS = frozenset(b"W w weight weights params param theta Theta p beta b coef coeffs parameters".split())
_MINUS = re.compile(rb"(?<!return )-=?[ \t\n\\]*[^\W\d]|-=?[ \t\n\\]*[(\[]")
"""A minus before what may be a result: no number, no arrow."""
_PARAMETER = re.compile(rb"(?:^|,)[\s*]*(\w+)\s*(?=[,:=]|$)")
_RECEIVERS = ([b"self"], [b"cls"])
_TIMES = re.compile(rb"[\w)\]][ \t\n\\]*(?:/|\*(?!\*))=?[ \t\n\\]*[\w(\[+-]")
_LAMBDA = re.compile(rb"lambda[ \t]+(\w+)[ \t]*[:=]")
_LOSS = re.compile(
    rb"\.(?:loss|cost|objective|error|nll|energy|neg_log_likelihood|loss_fn|loss_func|compute_loss)[ \t]*\("
)


class Look:
    """What the bytes of a file tell: names that take functions, and where loss closures may stand that nobody takes."""

    __slots__ = ("anchors", "loose", "own")

    def __init__(self, anchors: dict[str, Anchor], own: list[str], loose: list[int]) -> None:
        self.anchors, self.own, self.loose = anchors, own, loose


class Glance:
    """What a file's bytes tell without any other file: a look, and the modules of the project that are imported.

    size, key: of the bytes, to know them again.
    """

    __slots__ = ("key", "look", "modules", "size")

    def __init__(self, data: bytes, extra: tuple[str, ...]) -> None:
        self.size, self.key = len(data), hash(data)
        imports = Imports(data)
        own, loose = _definitions(data)
        loose += [match.start() for match in _LAMBDA.finditer(data) if match[1] in _WEIGHTS]
        if loose and _LOSS.search(data) is None:
            loose = []
        self.modules = imports.modules
        self.look = Look(known_names(imports.packages, data, extra), own, loose)

    def is_of(self, data: bytes) -> bool:
        """Whether these are the bytes."""
        return self.size == len(data) and self.key == hash(data)


def first_look(data: bytes, filename: str, neighbours: Neighbours) -> Look | None:
    """What the bytes of a Python file tell; None if it cannot hold a finding."""
    if b"lambda" not in data and b"def" not in data:
        return None
    glance = neighbours.glance(filename, data)
    look = glance.look
    anchors = look.anchors
    if glance.modules:
        for name, anchor in neighbours.takers(glance.modules, filename).items():
            if name.encode() in data:
                if anchors is look.anchors:
                    anchors = dict(anchors)
                anchors[name] = anchor.with_other(anchors[name]) if name in anchors else anchor
    if not anchors and not look.own and not look.loose:
        return None
    return Look(anchors, look.own, look.loose)


def _definitions(data: bytes) -> tuple[list[str], list[int]]:
    """Functions that may take differences of one of their parameters, and where functions of weights alone stand.

    Whoever takes differences has the function and its point as parameters, beside the instance of a method, calls the
    one twice or in a loop, subtracts something and divides or multiplies.
    """
    differences: list[str] = []
    of_weights: list[int] = []
    for match in _DEFINITION.finditer(data):
        listed = match[2]
        if b"," not in listed:
            if listed.partition(b"=")[0].partition(b":")[0].strip() in _WEIGHTS:
                of_weights.append(match.start())
            continue
        names = _PARAMETER.findall(listed)
        if names[:1] in _RECEIVERS:
            del names[0]
        if len(names) < 2:
            continue
        body = _body(data, match)
        for name in names:
            if name + b"(" not in body:
                continue
            calls = _calls(body, name)
            if calls:
                repeats = calls > 1 or b"for " in body or b"while " in body
                if repeats and _MINUS.search(body) and _TIMES.search(body):
                    differences.append(match[1].decode("utf-8", "replace"))
                break
    return differences, of_weights


def _calls(body: bytes, name: bytes) -> int:
    """How often a name is called, which is the whole word and no method."""
    called, count = name + b"(", 0
    at = body.find(called)
    while at >= 0:
        before = body[at - 1 : at]
        count += not (before == b"." or before == b"_" or before.isalnum() or body.endswith(b"def ", 0, at))
        at = body.find(called, at + len(called))
    return count


def _body(data: bytes, match: re.Match[bytes]) -> bytes:
    """The text from a definition to the next one that is indented like it."""
    start = match.start()
    line = data.rfind(b"\n", 0, start) + 1
    end = data.find(b"\n" + data[line:start].removesuffix(b"async ") + b"def ", match.end())
    return data[match.end() : end] if end >= 0 else data[match.end() :]


def surveyed(text: str, filename: str, look: Look, neighbours: Neighbours, *, exporting: bool = False) -> Survey | None:
    """The survey of a file; None if Python cannot follow it. `exporting`: for what other files can make of it."""
    from closurelint.triage.blocks import Blocks, NoBlocks
    from closurelint.triage.loose import loose_blocks
    from closurelint.triage.survey import Survey

    for way in ({}, {"exact": True}, {"lenient": True}):
        try:
            blocks = Blocks(text, **way) if way else neighbours.blocks(filename, text)
            survey = Survey(blocks, filename, look.anchors, neighbours, exporting=exporting)
            survey.note_own(look.own)
            survey.run()
            for block in loose_blocks(survey, _characters(text, [] if exporting else look.loose)):
                survey.suspect(block)
                survey.sites.add(id(block))
        except (SyntaxError, NoBlocks):
            continue
        except (RecursionError, ValueError, MemoryError):
            return None
        return survey
    return None


def _characters(text: str, positions: list[int]) -> list[int]:
    if not positions or text.isascii():
        return positions
    data = text.encode("utf-8", "replace")
    return [len(data[:position].decode("utf-8", "replace")) for position in positions]


def relevant(text: str, filename: str, look: Look, neighbours: Neighbours) -> Part | None:
    """The part of a text that can matter, None if nothing can; all of it if Python cannot parse it."""
    survey = surveyed(text, filename, look, neighbours)
    if survey is None:
        return Part(text)
    try:
        if not survey.suspects:
            return None
        from closurelint.triage.excerpt import excerpt

        return excerpt(survey)
    except (SyntaxError, RecursionError, ValueError):
        return Part(text)
    finally:
        survey.close()


__all__ = ["ANY", "Glance", "Look", "first_look", "relevant", "surveyed"]
