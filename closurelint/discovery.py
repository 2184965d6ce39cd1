"""Which files to check: from the paths that were named to a sorted list, each real file once.

Folders are walked with `os.scandir`; nothing here opens a file, except `.gitignore` files.
"""

from __future__ import annotations

import os
import stat

from closurelint.configuration.layers import FILE_NAMES
from closurelint.configuration.patterns import Patterns
from closurelint.files import read_file
from closurelint.modules import repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from closurelint.configuration.layers import Configuration
    from closurelint.configuration.settings import Settings
    from closurelint.gitignore import Ignored

CONFIGURATION_NAMES = frozenset(FILE_NAMES)


class Found:
    """What discovery found.

    files: path as it is to be shown, with the settings that hold there; sorted by path.
    problems: one line for each named path that cannot be checked.
    skipped: path and reason, only if they were asked for.
    excluded: how many of the named paths `force-exclude` left out.
    """

    __slots__ = ("excluded", "files", "problems", "skipped")

    def __init__(
        self, files: list[tuple[str, Settings]], problems: list[str], skipped: list[tuple[str, str]], excluded: int
    ) -> None:
        self.files, self.problems, self.skipped, self.excluded = files, problems, skipped, excluded


def discover(paths: Iterable[str], configuration: Configuration, *, with_skipped: bool = False) -> Found:
    """The files under `paths`; raises SettingsProblem when a configuration file on the way cannot be followed."""
    walk = _Walk(configuration, with_skipped)
    for path in sorted(set(paths)):
        walk.named(path)
    walk.follow_links()
    walk.files.sort(key=lambda found: found[0])
    return Found(walk.files, walk.problems, sorted(walk.skipped), walk.excluded)


def excluded(path: str, settings: Settings) -> bool:
    """Whether the absolute `path`, or a folder between it and the root of the configuration, is excluded."""
    return _Filter(settings).excludes_below_root(path, settings.root)


class _Walk:
    """The state of one discovery. Real paths decide what has been seen, shown paths are what the user gets."""

    def __init__(self, configuration: Configuration, with_skipped: bool) -> None:
        self.configuration = configuration
        self.files: list[tuple[str, Settings]] = []
        self.problems: list[str] = []
        self.skipped: list[tuple[str, str]] = []
        self.excluded = 0
        self._with_skipped = with_skipped
        self._seen: set[str] = set()
        self._links: list[tuple[str, str, Settings]] = []
        self._roots: list[str] = []
        self._filters: dict[int, tuple[Settings, _Filter]] = {}

    def named(self, path: str) -> None:
        """Take a path that the user named."""
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError) as problem:
            self.problems.append(f"{path}: {_because(problem)}, name an existing file or folder")
            return
        shown = os.path.normpath(path)
        real = os.path.realpath(path)
        directory = stat.S_ISDIR(mode)
        if not directory and not stat.S_ISREG(mode):
            self.problems.append(f"{path}: {_sort_of_file(mode)}, name a regular file or a folder")
            return
        absolute = os.path.abspath(path)
        settings = self.configuration.for_directory(absolute if directory else os.path.dirname(absolute))
        if settings.force_exclude and self._filter(settings).excludes_below_root(absolute, settings.root):
            self.excluded += 1
            self._skip(shown, "excluded, and `force-exclude` is on")
        elif directory:
            self._roots.append(repository(real) or real)
            self._folder("" if shown == os.curdir else shown, real, settings)
        else:
            self._file(shown, real, settings)

    def _file(self, shown: str, real: str, settings: Settings) -> None:
        if real in self._seen:
            self._skip(shown, "already checked under another name")
            return
        self._seen.add(real)
        self.files.append((shown, settings))

    def _folder(self, shown: str, real: str, settings: Settings) -> None:
        """Walk a folder and everything below it."""
        ignored = self._ignored_above(real) if settings.respect_gitignore else None
        if ignored is not None and ignored.matches(real, folder=True):
            # Who names an ignored folder wants to see what is in it.
            ignored = None
        waiting = [(shown, real, settings, ignored)]
        while waiting:
            shown, real, settings, ignored = waiting.pop()
            if real in self._seen:
                continue
            self._seen.add(real)
            try:
                with os.scandir(real) as entries:
                    listed = list(entries)
            except OSError as problem:
                self.problems.append(f"{shown or os.curdir}: {_because(problem)}, give permission or exclude it")
                continue
            names = {entry.name for entry in listed}
            if not names.isdisjoint(CONFIGURATION_NAMES):
                settings = self.configuration.for_directory(real)
            if not settings.respect_gitignore:
                ignored = None
            elif ".gitignore" in names and _has_patterns(os.path.join(real, ".gitignore")):
                from closurelint.gitignore import Ignored

                ignored = Ignored.read(real, ignored)
            waiting.extend(self._entries(listed, shown, real, settings, ignored))

    def _entries(
        self, listed: list[os.DirEntry[str]], shown: str, real: str, settings: Settings, ignored: Ignored | None
    ) -> list[tuple[str, str, Settings, Ignored | None]]:
        """Take the files of one folder, and give back the folders in it that are to be walked."""
        folders = []
        choice = self._filter(settings)
        for entry in listed:
            name = entry.name
            path, below = f"{real}{os.sep}{name}", f"{shown}{os.sep}{name}" if shown else name
            if entry.is_symlink():
                if not self._left_out(choice, ignored, path, below, name, folder=False):
                    self._links.append((below, path, settings))
            elif entry.is_dir(follow_symlinks=False):
                if not self._left_out(choice, ignored, path, below, name, folder=True):
                    folders.append((below, path, settings, ignored))
            elif choice.included.matches(path, name):
                if self._left_out(choice, ignored, path, below, name, folder=False):
                    continue
                if entry.is_file(follow_symlinks=False):
                    self._file(below, path, settings)
                else:
                    self._skip(below, "not a regular file")
            elif self._with_skipped:
                self._skip(below, "not matched by `include`")
        return folders

    def _left_out(
        self, choice: _Filter, ignored: Ignored | None, path: str, shown: str, name: str, *, folder: bool
    ) -> bool:
        """Whether an entry is excluded or ignored."""
        if choice.excluded.matches(path, name):
            self._skip(shown, "excluded")
            return True
        if ignored is not None and ignored.matches(path, folder=folder):
            self._skip(shown, "named by a .gitignore")
            return True
        return False

    def follow_links(self) -> None:
        """Take what symbolic links lead to, unless it was found under its own name.

        A link that leads out of the repositories and folders that were named is not followed: a checked repository
        could have files read, shown and mended that are none of its own.
        """
        while self._links:
            links, self._links = sorted(self._links, key=lambda link: link[0]), []
            for shown, path, settings in links:
                real = os.path.realpath(path)
                try:
                    mode = os.stat(real).st_mode
                except OSError:
                    self._skip(shown, "a symbolic link that leads nowhere")
                    continue
                if not self._is_inside(real):
                    self._skip(shown, "a symbolic link that leads out of what was named, name it to check it")
                elif stat.S_ISDIR(mode):
                    if real in self._seen:
                        self._skip(shown, "already checked under another name")
                    self._folder(shown, real, settings)
                elif not stat.S_ISREG(mode):
                    self._skip(shown, "not a regular file")
                elif self._filter(settings).included.matches(path, os.path.basename(path)):
                    self._file(shown, real, settings)

    def _is_inside(self, real: str) -> bool:
        return any(real == root or real.startswith(root.rstrip(os.sep) + os.sep) for root in self._roots)

    def _filter(self, settings: Settings) -> _Filter:
        found = self._filters.get(id(settings))
        if found is None:
            found = self._filters[id(settings)] = (settings, _Filter(settings))
        return found[1]

    def _ignored_above(self, real: str) -> Ignored | None:
        """The `.gitignore` files between the top of the repository and `real`, which itself comes later."""
        top = repository(real)
        if top is None:
            return None
        folders = [real]
        while folders[-1] != top:
            folders.append(os.path.dirname(folders[-1]))
        ignored = None
        sources = [os.path.join(folders[-1], ".git", "info", "exclude")]
        sources += [os.path.join(folder, ".gitignore") for folder in reversed(folders[1:])]
        for source, base in zip(sources, [folders[-1], *reversed(folders[1:])], strict=True):
            if _has_patterns(source):
                from closurelint.gitignore import Ignored

                ignored = Ignored.read(base, ignored, source)
        return ignored

    def _skip(self, shown: str, reason: str) -> None:
        if self._with_skipped:
            self.skipped.append((shown, reason))


class _Filter:
    """The patterns of one Settings, compiled."""

    __slots__ = ("excluded", "included")

    def __init__(self, settings: Settings) -> None:
        self.excluded = Patterns((*settings.exclude, *settings.extend_exclude))
        self.included = Patterns((*settings.include, *settings.extend_include))

    def excludes_below_root(self, path: str, root: str) -> bool:
        """Whether `path` or a folder between it and `root` is excluded."""
        while path != root:
            directory, name = os.path.split(path)
            if self.excluded.matches(path, name):
                return True
            if directory == path or not path.startswith(root):
                return False
            path = directory
        return False


def _has_patterns(source: str) -> bool:
    """Whether an ignore file names anything: the one that `git init` writes has only comments."""
    if not os.path.isfile(source):
        return False
    try:
        return any(line.strip() and not line.startswith(b"#") for line in read_file(source).splitlines())
    except OSError:
        return False


def _because(problem: OSError | ValueError) -> str:
    """Why a path cannot be had, in lower case."""
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror[0].lower() + problem.strerror[1:]
    return str(problem)


def _sort_of_file(mode: int) -> str:
    kinds = (
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((word for is_kind, word in kinds if is_kind(mode)), "no regular file") + " cannot be checked"
