"""What the bytes of a file tell: the names by which functions are handed over, and functions that may be objectives.

Nearly every file is done with after this, so that it goes without regular expressions, which take longer to load.
"""

from __future__ import annotations

from closurelint.triage.definitions import definitions, lambdas
from closurelint.triage.imports import Imports
from closurelint.triage.vocabulary import Anchor, known_names

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
        (own, loose), (more, further) = definitions(data), lambdas(data)
        own, loose = own + more, loose + further
        if loose and not _calls_loss(data):
            loose = []
        self.modules = imports.modules
        self.look = Look(known_names(imports.packages, data, extra), own, loose)

    def is_of(self, data: bytes) -> bool:
        """Whether these are the bytes."""
        return self.size == len(data) and self.key == hash(data)


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
