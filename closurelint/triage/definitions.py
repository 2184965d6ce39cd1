"""Functions that may take differences, or that are of weights alone, as far as the bytes of a file tell.

Every file is searched for them, so that it goes without regular expressions, which take longer to load.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_WEIGHTS = frozenset(b"W w weight weights params param theta Theta p beta b coef coeffs parameters".split())
_RECEIVERS = (b"self", b"cls")
_ALONE = frozenset({b"(", b"(self", b"(cls"})
_BLANKS = (b" ", b"\t")
_CONSTRUCTOR = b"def __init__("
_BEGINNINGS = (b"def ", b"async def ", b"class ", b"@")
_REPEATING = (b"for ", b"while ", b"imag")
_LAMBDA = 400
_FUNCTION = 1000
_CLASS = 4000
"""Bytes in which calls of what they are given are looked for: a lambda, a function that makes one, and a class."""


def definitions(data: bytes) -> tuple[list[str], list[int]]:
    """Functions that may take differences of one of their parameters, and where functions of weights alone stand.

    Whoever takes differences calls the function that it has as a parameter twice or in a loop, subtracts something and
    divides or multiplies. The point is another parameter, or one of a function that it makes. An object may have kept
    its function.
    """
    differences: list[str] = []
    of_weights: list[int] = []
    lists: dict[bytes, list[bytes]] = {}
    kept: list[bytes] = []
    for start, opening, end in _signatures(data):
        listed = data[opening + 1 : end]
        names = lists.get(listed)
        if names is None:
            names = lists[listed] = _parameters(listed)
        if b"," in listed:
            asked = names if len(names) > 1 else []
        elif names and names[0] in _WEIGHTS:
            of_weights.append(start)
            continue
        else:
            # it may make a function that does so
            asked = [each for each in names if data.find(each + b"(", end, end + _FUNCTION) >= 0]
        if data.startswith(_CONSTRUCTOR, start):
            kept = [b"self." + each for each in names if data.find(b"self." + each + b"(", end, end + _CLASS) >= 0]
        elif (asked or kept) and _takes_differences(data, asked, kept, start, end):
            differences.append(data[start + 4 : opening].strip().decode("utf-8", "replace"))
    return differences, of_weights


def _takes_differences(data: bytes, names: list[bytes], kept: list[bytes], start: int, end: int) -> bool:
    """Whether the first of the names that a body calls is called twice or in a loop, and something is a quotient.

    The definition begins at `start`, its parameters end at `end`. A complex step makes do with one call.
    """
    indent = data[data.rfind(b"\n", 0, start) + 1 : start].removesuffix(b"async ")
    stop = _before(data, b"\n" + indent + b"def ", end, len(data))
    if data.find(b"-", end, stop) < 0 and data.find(b"imag", end, stop) < 0:
        return False
    for name in (*names, *kept):
        if _calls(data, name, end, stop):
            from closurelint.triage.formulas import is_quotient

            for width in range(len(indent)):
                for word in _BEGINNINGS:
                    stop = _before(data, b"\n" + indent[:width] + word, end, stop)
            body = data[end:stop]
            if len(names) == 1 and not kept and not (b"def " in body or b"lambda" in body):
                # nowhere to differentiate at
                return False
            repeated = any(word in body for word in _REPEATING) or _calls(data, name, end, stop) > 1
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


def lambdas(data: bytes) -> tuple[list[str], list[int]]:
    """The names of lambdas that may take differences, and where lambdas of weights alone stand."""
    differences: list[str] = []
    of_weights: list[int] = []
    at = data.find(b"lambda")
    while at >= 0:
        head = data[at + 6 : at + 40].partition(b":")[0]
        if head.partition(b"=")[0].strip(b" \t") in _WEIGHTS:
            of_weights.append(at)
        else:
            line = data.rfind(b"\n", 0, at) + 1
            name = data[line:at].rstrip().removesuffix(b"=").strip()
            if name.replace(b"_", b"a").isalnum() and _is_difference(data, at):
                differences.append(name.decode("utf-8", "replace"))
        at = data.find(b"lambda", at + 6)
    return differences, of_weights


def _is_difference(data: bytes, at: int) -> bool:
    """Whether a lambda may take differences of one of its parameters."""
    end = data.find(b":", at)
    stop = _before(data, b"\n\n", end, end + _LAMBDA)
    for name in _parameters(data[at + 6 : end]):
        calls = _calls(data, name, end, stop)
        if calls > 1 or (calls and data.find(b"imag", end, stop) >= 0):
            from closurelint.triage.formulas import is_quotient

            return is_quotient(data[end:stop])
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
