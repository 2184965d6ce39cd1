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
_RECEIVERS = (b"self", b"cls")
_ALONE = frozenset({b"(", b"(self", b"(cls"})
_BEGINNINGS = (b"def ", b"async def ", b"class ", b"@")
_BLANKS = (b" ", b"\t")
_LOSSES = tuple(
    b".loss .cost .objective .error .nll .energy .neg_log_likelihood .loss_fn .loss_func .compute_loss".split()
)


class Look:
    """What the bytes of a file tell: names that take functions, and where loss closures may stand that nobody takes."""

    __slots__ = ("anchors", "loose", "own")

    def __init__(self, anchors: dict[str, Anchor], own: list[str], loose: list[int]) -> None:
        self.anchors, self.own, self.loose = anchors, own, loose

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of all that."""
        return not (self.anchors or self.own or self.loose)


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
    lists: dict[bytes, list[bytes]] = {}
    for start, opening, end in _signatures(data):
        listed = data[opening + 1 : end]
        if b"," not in listed:
            if listed.partition(b"=")[0].partition(b":")[0].strip() in _WEIGHTS:
                of_weights.append(start)
            continue
        names = lists.get(listed)
        if names is None:
            names = lists[listed] = _parameters(listed)
        if len(names) > 1 and _takes_differences(data, names, start, end):
            differences.append(data[start + 4 : opening].strip().decode("utf-8", "replace"))
    return differences, of_weights


def _takes_differences(data: bytes, names: list[bytes], start: int, end: int) -> bool:
    """Whether the first of the names that a body calls is called twice or in a loop, and something is a quotient.

    The definition begins at `start`, its parameters end at `end`.
    """
    indent = data[data.rfind(b"\n", 0, start) + 1 : start].removesuffix(b"async ")
    stop = _before(data, b"\n" + indent + b"def ", end, len(data))
    if data.find(b"-", end, stop) < 0:
        return False
    for name in names:
        if _calls(data, name, end, stop):
            from closurelint.triage.formulas import is_quotient

            for width in range(len(indent)):
                for word in _BEGINNINGS:
                    stop = _before(data, b"\n" + indent[:width] + word, end, stop)
            body = data[end:stop]
            repeated = b"for " in body or b"while " in body or _calls(data, name, end, stop) > 1
            return repeated and is_quotient(body)
    return False


def _before(data: bytes, what: bytes, start: int, stop: int) -> int:
    """Where something is found between two places, or the second of them."""
    found = data.find(what, start, stop)
    return found if found >= 0 else stop


def _signatures(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Where definitions begin that have parameters other than an instance, and where their parameters do and end.

    Nearly every file has some, and for nearly every file nothing else would need regular expressions, which take longer
    to load than to go without.
    """
    at = data.find(b"def")
    while at >= 0:
        further = at + 3
        if data[further : further + 1] in _BLANKS:
            opening = data.find(b"(", further)
            end = data.find(b")", opening)
            if opening < 0 or end < 0:
                return
            if data.find(b"def ", opening, end) >= 0:
                # what is broken does not hide the next one
                further = opening
            elif data[further:opening].strip(b" \t").replace(b"_", b"a").isalnum():
                further = end
                if data[opening:end] not in _ALONE:
                    yield at, opening, end
        at = data.find(b"def", further)


def _parameters(listed: bytes) -> list[bytes]:
    """The names of parameters, as far as commas tell them apart, without the instance of a method."""
    names = [part.partition(b"=")[0].partition(b":")[0].strip(b" \t\r\n*") for part in listed.split(b",")]
    if names[0] in _RECEIVERS:
        del names[0]
    return [name for name in names if name.replace(b"_", b"a").isalnum()]


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


def _calls(data: bytes, name: bytes, start: int, stop: int) -> int:
    """How often a name is called between two places, which is the whole word and no method."""
    called, count = name + b"(", 0
    at = data.find(called, start, stop)
    while at >= 0:
        before = data[at - 1 : at]
        count += not (before == b"." or before == b"_" or before.isalnum() or data.endswith(b"def ", start, at))
        at = data.find(called, at + len(called), stop)
    return count
