"""What the bytes of a file tell: the names by which functions are handed over, and functions that may be objectives.

Nearly every file is done with after this, so that it goes without regular expressions, which take longer to load.
"""

from __future__ import annotations

from closurelint.triage.imports import Imports
from closurelint.triage.vocabulary import Anchor, known_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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
        own, loose = definitions(data)
        loose += _lambdas(data)
        if loose and not _calls_loss(data):
            loose = []
        self.modules = imports.modules
        self.look = Look(known_names(imports.packages, data, extra), own, loose)

    def is_of(self, data: bytes) -> bool:
        """Whether these are the bytes."""
        return self.size == len(data) and self.key == hash(data)


def definitions(data: bytes) -> tuple[list[str], list[int]]:
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
            if data.find(b"def ", opening, end) >= 0:
                # what is broken does not hide the next one
                further = opening
            elif data[further:opening].strip(b" \t").replace(b"_", b"a").isalnum():
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
