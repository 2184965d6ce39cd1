"""The names by which functions are handed to a differentiator, for a search of bytes that loads nothing else.

They are generated from the catalogue: `vocabulary_names` has what every file is searched for, `vocabulary_data` what
only files with some of that need. A name counts only where its package is imported and, for a submodule's, where the
submodule's name stands somewhere too: `minimize` of SciPy needs `scipy` and `optimize`.
"""

from __future__ import annotations

from closurelint.triage.vocabulary_names import PIECES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


class Anchor:
    """How a function is handed to whatever goes by one name.

    positions, keywords: which arguments may be the objective; `positions` None for any of them. selecting: keywords by
    which a call says which parameters are differentiated. first_only: without them it is the first. certain: no look
    at the objective alone can tell that a use is fine. together: all parameters are differentiated at once, so that a
    use is fine if one of them reaches the result. returns: it gives back something that takes an objective.
    library: it is a library's function, which counts only where it comes by an import. methods: it is a class, of which
    these methods are objectives where they are overridden. names, attributes: whether a name in a function's code may
    mean it, as no name means an attribute, and whether an attribute may, as none means a local name.
    """

    __slots__ = (
        "attributes", "certain", "first_only", "keywords", "library", "methods", "names", "positions", "returns",
        "selecting", "together",
    )  # fmt: skip

    def __init__(
        self,
        positions: frozenset[int] | None = None,
        keywords: frozenset[str] = frozenset(),
        selecting: frozenset[str] = frozenset(),
        *,
        first_only: bool = False,
        certain: bool = False,
        together: bool = False,
        returns: bool = False,
        library: bool = False,
        methods: frozenset[str] = frozenset(),
        names: bool = True,
        attributes: bool = True,
    ) -> None:
        self.names, self.attributes = names, attributes
        self.methods = methods
        self.positions, self.keywords, self.selecting = positions, keywords, selecting
        self.first_only, self.certain, self.together = first_only, certain, together
        self.returns, self.library = returns, library

    def with_other(self, other: Anchor) -> Anchor:
        """What holds where it is not known which of two a name means."""
        positions = None if self.positions is None or other.positions is None else self.positions | other.positions
        return Anchor(
            positions,
            self.keywords | other.keywords,
            self.selecting | other.selecting,
            first_only=self.first_only and other.first_only,
            certain=self.certain or other.certain,
            together=self.together and other.together,
            returns=self.returns or other.returns,
            library=self.library and other.library,
            methods=self.methods | other.methods,
            names=self.names or other.names,
            attributes=self.attributes or other.attributes,
        )

    def read_as(self, *, names: bool = True, attributes: bool = True) -> Anchor:
        """The same, where it is known by what it can be read."""
        same = Anchor()
        for field in self.__slots__:
            setattr(same, field, getattr(self, field))
        same.names, same.attributes = names, attributes
        return same

    def covers(self, other: Anchor) -> bool:
        """Whether knowing `other` too changes nothing."""
        joint = self.with_other(other)
        return all(getattr(joint, name) == getattr(self, name) for name in self.__slots__)


ANY = Anchor()
"""What is known of a name that was seen to take functions in the project: nothing."""

_Entry = tuple[str, tuple[int, ...], tuple[str, ...], tuple[str, ...], bool, bool, bool, tuple[str, ...]]


def known_names(packages: Collection[str], data: bytes, extra: Iterable[str] = ()) -> dict[str, Anchor]:
    """The names in `data` by which the packages that it imports, or anything anywhere, take an objective.

    extra: names of a user's own differentiators, which are looked for everywhere.
    """
    found: dict[str, Anchor] = {}
    told = _Told(data)
    always = _any(PIECES, told)
    if packages or always:
        from closurelint.triage.vocabulary_data import ALWAYS, PACKAGES
    for package in packages:
        for required, stems, entries in PACKAGES[package]:
            if required and not _any(required, told):
                continue
            if _any(stems, told):
                _collect(entries, told, found, library=not required or required[0].islower())
    if always:
        _collect(ALWAYS, told, found, library=False)
    for name in extra:
        if name.encode() in data:
            found[name] = ANY
    return found


class _Told(dict[bytes, bool]):
    """Whether each word stands in some bytes: several packages have the same, which are looked for once."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __missing__(self, word: bytes) -> bool:
        told = self[word] = word in self.data
        return told


def _any(words: tuple[bytes, ...], told: _Told) -> bool:
    for word in words:  # noqa: SIM110  # half the time of any() over a generator, for every file
        if told[word]:
            return True
    return False


def _collect(entries: Mapping[bytes, _Entry], told: _Told, found: dict[str, Anchor], *, library: bool) -> None:
    for word, (name, positions, keywords, selecting, first_only, certain, together, methods) in entries.items():
        if told[word]:
            anchor = Anchor(
                frozenset(positions) if positions else None,
                frozenset(keywords),
                frozenset(selecting),
                first_only=first_only,
                certain=certain,
                together=together,
                library=library,
                methods=frozenset(methods),
            )
            found[name] = anchor.with_other(found[name]) if name in found else anchor
