"""Whether a file can hold a finding, and which part of it: nearly every file is done with after a look at its bytes.

Each stage discards only what is surely fine. `first_look` reads bytes: is there a name by which functions are handed to
a differentiator, or a function that may be one? `relevant` follows names through those blocks of the file that mention
one, with Python's own parser, and keeps what is not certainly fine. Only that is read closely, by LibCST.
"""

from __future__ import annotations

from closurelint.triage.imports import Imports
from closurelint.triage.vocabulary import ANY, Anchor, known_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from closurelint.triage.neighbours import Neighbours
    from closurelint.triage.part import Part
    from closurelint.triage.survey import Survey

_WEIGHTS = frozenset(b"W w weight weights params param theta Theta p beta b coef coeffs parameters".split())
_RECEIVERS = ([b"self"], [b"cls"])
_LOSSES = tuple(
    b".loss .cost .objective .error .nll .energy .neg_log_likelihood .loss_fn .loss_func .compute_loss".split()
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
        loose += _lambdas(data)
        if loose and not _calls_loss(data):
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
    for start, opening, end in _signatures(data):
        listed = data[opening + 1 : end]
        if b"," not in listed:
            if listed.partition(b"=")[0].partition(b":")[0].strip() in _WEIGHTS:
                of_weights.append(start)
            continue
        body = _body(data, start, end)
        if b"-" not in body:
            continue
        names = _parameters(listed)
        if names[:1] in _RECEIVERS:
            del names[0]
        for name in names if len(names) > 1 else ():
            if name + b"(" not in body:
                continue
            calls = _calls(body, name)
            if calls:
                repeats = calls > 1 or b"for " in body or b"while " in body
                if repeats and _is_quotient(body):
                    differences.append(data[start + 4 : opening].strip().decode("utf-8", "replace"))
                break
    return differences, of_weights


def _signatures(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Where definitions begin, and where their parameters do and end.

    Nearly every file has some, and for nearly every file nothing else would need regular expressions, which take longer
    to load than to go without.
    """
    at = data.find(b"def")
    while at >= 0:
        further = at + 3
        if data[further : further + 1] in (b" ", b"\t"):
            opening = data.find(b"(", further)
            end = data.find(b")", opening)
            if opening < 0 or end < 0:
                return
            if data[further:opening].strip(b" \t").replace(b"_", b"a").isalnum():
                yield at, opening, end
                further = end
        at = data.find(b"def", further)


def _parameters(listed: bytes) -> list[bytes]:
    """The names of parameters, as far as commas tell them apart."""
    names = [part.partition(b"=")[0].partition(b":")[0].strip(b" \t\r\n*") for part in listed.split(b",")]
    return [name for name in names if name.replace(b"_", b"a").isalnum()]


def _is_quotient(body: bytes) -> bool:
    """Whether something is subtracted, and something divided or multiplied."""
    from closurelint.triage.formulas import MINUS, TIMES

    return MINUS.search(body) is not None and TIMES.search(body) is not None


def _lambdas(data: bytes) -> list[int]:
    """Where lambdas of weights alone stand."""
    found: list[int] = []
    at = data.find(b"lambda")
    while at >= 0:
        if data[at + 6 : at + 40].partition(b":")[0].partition(b"=")[0].strip(b" \t") in _WEIGHTS:
            found.append(at)
        at = data.find(b"lambda", at + 6)
    return found


def _calls_loss(data: bytes) -> bool:
    """Whether a method is called that goes by the name of a loss."""
    for name in _LOSSES:
        at = data.find(name)
        while at >= 0:
            end = at + len(name)
            if data[end : end + 9].lstrip(b" \t").startswith(b"("):
                return True
            at = data.find(name, end)
    return False


def _calls(body: bytes, name: bytes) -> int:
    """How often a name is called, which is the whole word and no method."""
    called, count = name + b"(", 0
    at = body.find(called)
    while at >= 0:
        before = body[at - 1 : at]
        count += not (before == b"." or before == b"_" or before.isalnum() or body.endswith(b"def ", 0, at))
        at = body.find(called, at + len(called))
    return count


def _body(data: bytes, start: int, end: int) -> bytes:
    """The text from a definition, whose parameters end at `end`, to the next one that is indented like it."""
    line = data.rfind(b"\n", 0, start) + 1
    following = data.find(b"\n" + data[line:start].removesuffix(b"async ") + b"def ", end)
    return data[end + 1 : following] if following >= 0 else data[end + 1 :]


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
    from closurelint.triage.part import Part

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
