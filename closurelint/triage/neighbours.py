"""What the project's other files mean for the one that is looked at: names that take functions, and functions."""

from __future__ import annotations

from closurelint.files import read_file
from closurelint.modules import Modules
from closurelint.recent import Recent
from closurelint.triage.circles import circles
from closurelint.triage.glance import Glance, Look
from closurelint.triage.imports import FOREIGN, Module
from closurelint.triage.vocabulary import ANY, Anchor

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Iterator

    from closurelint.triage.blocks import Blocks
    from closurelint.triage.survey import Survey, Use

LARGEST = 400_000
"""Bytes: a larger file is no module of helpers."""

_ROUNDS = 5


class Imported:
    """names: local name -> file and name there ("" for the module itself). stars: files all names come from."""

    __slots__ = ("files", "names", "stars")

    def __init__(self) -> None:
        self.names: dict[str, tuple[str, str]] = {}
        self.stars: list[str] = []
        self.files: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self.names or bool(self.stars)


class Neighbours:
    """The files around those that are looked at.

    extra: names of a user's own differentiators. read: gives a file's text, or None; by default the disk does.
    quiet: files that were looked over and of themselves hold nothing, with the project's files that they import.
    """

    def __init__(
        self,
        extra: tuple[str, ...] = (),
        modules: Modules | None = None,
        read: Callable[[str], str | None] | None = None,
    ) -> None:
        self.extra = extra
        self.modules = modules or Modules()
        self._read = read
        self.quiet: dict[str, tuple[str, ...]] = {}
        self._glances: dict[str, Glance] = {}
        self._looked: dict[str, tuple[str, ...]] = {}
        self._takers: dict[str, dict[str, Anchor]] = {}
        self._blocks = Recent()
        self._surveys: dict[str, Survey | None] = {}

    def glance(self, filename: str, data: bytes) -> Glance:
        """What the bytes of a file tell without any other file; it is the same as last time if they are."""
        path = self.modules.place(filename)[0]
        known = self._glances.get(path)
        if known is None or not known.is_of(data):
            known = self._glances[path] = Glance(data, self.extra)
        return known

    # -- files that hold nothing by themselves ----------------------------------------------------------------------

    def look_over(self, filename: str, data: bytes) -> tuple[str, tuple[str, ...]] | None:
        """The path of a file and the project's files that it imports, kept in mind, if of itself it holds nothing."""
        glance = self.glance(filename, data)
        if not glance.look.is_empty or len(data) > LARGEST:
            return None
        path = self.modules.place(filename)[0]
        del self._glances[path]
        self.quiet[path] = imports = self._imports(filename, glance.modules)
        return path, imports

    def imports_alone(self, filename: str) -> tuple[str, ...] | None:
        """The files of the project that a quiet file imports, if these make no more of it; None if it is to be read."""
        imports = self.quiet.get(self.modules.place(filename)[0])
        return None if imports is None or self._takers_by(imports) else imports

    # -- names that take functions --------------------------------------------------------------------------------

    def look(self, filename: str, data: bytes) -> Look:
        """What the bytes of a file tell, with the names that come by imports from the project."""
        glance = self.glance(filename, data)
        return self._with(self._takers_by(self._imports(filename, glance.modules)), data, glance.look)

    def _with(self, takers: dict[str, Anchor], data: bytes, look: Look) -> Look:
        """A look with those names of other files that stand in this one, or that it passes on unnamed."""
        if not takers:
            return look
        anchors = dict(look.anchors)
        passing_on = b"import *" in data
        for name, anchor in takers.items():
            if passing_on or name.encode() in data:
                anchors[name] = anchor.with_other(anchors[name]) if name in anchors else anchor
        return Look(anchors, look.own, look.loose)

    def _imports(self, filename: str, modules: set[Module]) -> tuple[str, ...]:
        """The files of the project that a file imports."""
        paths: set[str] = set()
        for module, names in modules:
            paths.update(self.modules.imported(module, names, filename))
        self._looked[filename] = found = tuple(sorted(paths))
        return found

    def looked_at(self, filename: str) -> tuple[str, ...]:
        """The files of the project that a file imports, as far as its quick look went."""
        return self._looked.get(filename, ())

    def _takers_by(self, paths: Iterable[str]) -> dict[str, Anchor]:
        """Names of the project's modules by which functions are handed to a differentiator."""
        found: dict[str, Anchor] = {}
        for path in paths:
            for name, anchor in self._takers_in(path).items():
                found[name] = anchor.with_other(found[name]) if name in found else anchor
        return found

    def _takers_in(self, path: str) -> dict[str, Anchor]:
        if path not in self._takers:
            for circle in circles(path, self._imports_of, self._takers):
                self._settle(circle)
        return self._takers[path]

    def _imports_of(self, path: str) -> tuple[str, ...]:
        if path in self.quiet:
            return self.quiet[path]
        data = self._bytes_of(path)
        return () if data is None else self._imports(path, self.glance(path, data).modules)

    def _settle(self, circle: list[str]) -> None:
        """Find what files that import each other pass on: again, until nothing more comes by going around."""
        # the way here has asked for the imports of each
        imports = {path: self.quiet.get(path, self.looked_at(path)) for path in circle}
        given: dict[str, dict[str, Anchor]] = {}
        self._takers.update((path, {}) for path in circle)
        for _ in range(_ROUNDS):
            settled = True
            for path in circle:
                now = self._takers_by(imports[path])
                if path not in given or not _holds_all(given[path], now):
                    given[path], settled = now, False
                    self._takers[path] = self._find_takers(path, now)
            if settled or len(circle) == 1:
                return

    def _find_takers(self, path: str, given: dict[str, Anchor]) -> dict[str, Anchor]:
        """What a file passes on, of what it is given by those that it imports and of its own."""
        known = self._glances.get(path)
        if not given and (known is None or not (known.look.anchors or known.look.own)):
            return {}
        data = self._bytes_of(path)
        if data is None:
            return {}
        look = self._with(given, data, self.glance(path, data).look)
        if not (look.anchors or look.own):
            return {}
        from closurelint.triage import surveyed

        survey = surveyed(text_of(data), path, look, self, exporting=True)
        if survey is None:
            return look.anchors | dict.fromkeys(look.own, ANY)
        survey.close()
        return survey.anchors

    # -- functions ------------------------------------------------------------------------------------------------

    def imported(self, filename: str, text: str) -> Imported:
        """What a file binds by imports from the project."""
        import ast

        found = Imported()
        for source in self._statements(text, filename):
            try:
                (statement,) = ast.parse(source).body
            except (SyntaxError, ValueError):
                continue
            if isinstance(statement, ast.Import):
                for alias in statement.names:
                    self._bind(found, alias.asname or alias.name.partition(".")[0], alias.name, filename, alias.asname)
            elif isinstance(statement, ast.ImportFrom):
                base = "." * statement.level + (statement.module or "")
                for alias in statement.names:
                    joint = base if base.endswith(".") else base + "."
                    if alias.name == "*":
                        located = self.modules.locate(base, filename)
                        if located is not None and not located[1]:
                            found.stars.append(located[0])
                            found.files.append(located[0])
                    else:
                        self._bind(found, alias.asname or alias.name, joint + alias.name, filename, "as")
        return found

    def _statements(self, text: str, filename: str) -> Iterator[str]:
        """The import statements that name something of the project."""
        from closurelint.triage.import_statements import statements

        for names, statement in statements(text):
            own = [name for name in names if name.partition(".")[0].encode() not in FOREIGN]
            if any(self.modules.locate(name, filename) for name in own):
                yield statement

    def _bind(self, found: Imported, name: str, dotted: str, filename: str, alias: str | None) -> None:
        located = self.modules.locate(dotted, filename)
        if located is None:
            return
        found.files.append(located[0])
        if alias is None and "." in dotted:
            located = self.modules.locate(dotted.partition(".")[0], filename) or located
        found.names[name] = located

    def functions(self, survey: Survey, node: ast.expr, called: bool) -> Iterator[Use]:
        """The functions of other files that a name, or a method of that name, may be."""
        import ast

        imported = survey.imported
        if not imported.files:
            return
        if isinstance(node, ast.Name):
            if node.id in imported.names:
                path, rest = imported.names[node.id]
                yield from self._in_file(path, rest.partition(".")[0], called, 0)
            else:
                for path in imported.stars:
                    yield from self._in_file(path, node.id, called, 0)
        elif isinstance(node, ast.Attribute):
            for path in dict.fromkeys(imported.files):
                other = self.survey(path)
                if other is None:
                    continue
                for home in other.blocks.defining(node.attr):
                    if home.name == node.attr:
                        yield from other._defined(home, node.attr, called)

    def _in_file(self, path: str, name: str, called: bool, depth: int) -> Iterator[Use]:
        other = self.survey(path)
        if other is None or not name or depth > 5:
            return
        found = False
        for home in other.blocks.binding(name):
            for each in other._defined(home, name, called):
                found = True
                yield each
        if found:
            return
        if name in other.imported.names:
            further, rest = other.imported.names[name]
            yield from self._in_file(further, rest.partition(".")[0], called, depth + 1)
            return
        for further in other.imported.stars:
            yield from self._in_file(further, name, called, depth + 1)

    def survey(self, path: str) -> Survey | None:
        """Another file's blocks, without a look at its own sites."""
        if path not in self._surveys:
            from closurelint.triage.survey import Survey

            self._surveys[path] = None
            data = self._bytes_of(path)
            if data is not None:
                self._surveys[path] = Survey(self.blocks(path, text_of(data)), path, {}, self)
        return self._surveys[path]

    def blocks(self, path: str, text: str) -> Blocks:
        """The blocks of a file, with what has been parsed of them if it is one of those that were imported last."""
        from closurelint.triage.blocks import Blocks

        known: Blocks | None = self._blocks.get(path)
        if known is None or known.text != text:
            known = Blocks(text)
            if path in self._takers or path in self._surveys:
                self._blocks.put(path, known, len(text))
        return known

    def tidy(self) -> None:
        """Forget the trees that were not used for longest. Nothing may be under way: nodes are known by identity."""
        for path in self._blocks.trim():
            self._surveys.pop(path, None)

    def _bytes_of(self, path: str) -> bytes | None:
        if self._read is None:
            return _read(path)
        text = self._read(path)
        return None if text is None or len(text) > LARGEST else text.encode("utf-8", "replace")


def _holds_all(known: dict[str, Anchor], now: dict[str, Anchor]) -> bool:
    """Whether nothing is known now that was not known."""
    return known.keys() == now.keys() and all(known[name].covers(anchor) for name, anchor in now.items())


def text_of(data: bytes) -> str:
    """The text of a file, whatever its encoding: names are looked for in it, and nothing is reported of it."""
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _read(path: str) -> bytes | None:
    try:
        return read_file(path, LARGEST)
    except OSError:
        return None
