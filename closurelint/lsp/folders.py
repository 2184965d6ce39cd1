"""The settings that hold for each file: its nearest configuration file, and the client's options for its folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from closurelint.configuration.layers import FILE_NAMES, Configuration, Layer
from closurelint.configuration.patterns import Patterns
from closurelint.configuration.settings import Settings, SettingsProblem
from closurelint.discovery import excluded
from closurelint.lsp.options import Options
from closurelint.sources.source import kind_of

Stamp = tuple[tuple[str, int, int], ...]


class Folders:
    """The workspace's folders.

    say: told once about each configuration that cannot be followed; the last one that could be is followed meanwhile.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said: set[str] = set()
        self.roots: list[str] = []
        self.options = Options()
        self._options: dict[str, Options] = {}
        self._configurations: dict[str, Configuration] = {}
        self._stamps: dict[str, Stamp] = {}
        self._good: dict[str, Settings] = {}
        self._layers: tuple[Layer, ...] = ()
        self._file: str | None = None
        self._isolated = False

    def told(self, layers: Iterable[Layer], file: str | None, isolated: bool) -> None:
        """The command line that started the server says what holds where the client wants nothing else."""
        self._layers, self._isolated = tuple(layers), isolated
        self._file = None if file is None else os.path.abspath(file)
        self.reload()

    def add(self, roots: Iterable[str]) -> None:
        """Folders were added to the workspace."""
        self.roots += [root for root in roots if root not in self.roots]
        self.reload()

    def remove(self, roots: Iterable[str]) -> None:
        """Folders were removed from the workspace."""
        gone = set(roots)
        self.roots = [root for root in self.roots if root not in gone]
        self.reload()

    def follow(self, options: Options, root: str | None = None) -> None:
        """Use these options in one folder, or in all that have none of their own."""
        if root is None:
            self.options = options
        else:
            self._options[root] = options
        for problem in options.problems:
            self._tell(problem)
        self.reload()

    def reload(self) -> None:
        """Read configuration files again when they are needed next."""
        self._configurations.clear()
        self._stamps.clear()

    def root_of(self, filename: str) -> str | None:
        """The innermost folder of the workspace that a file is in."""
        around = [root for root in self.roots if filename.startswith(root.rstrip(os.sep) + os.sep)]
        return max(around, key=len, default=None)

    def options_of(self, filename: str) -> Options:
        """The options for one file."""
        root = self.root_of(filename)
        return self._options.get(root, self.options) if root is not None else self.options

    def settings_of(self, filename: str) -> Settings:
        """The settings for one file; never raises."""
        directory = os.path.dirname(filename)
        stamp = _stamp(directory)
        if self._stamps.get(directory) != stamp:
            self._stamps[directory] = stamp
            self._configurations.clear()
        try:
            settings = self.configuration_of(filename).for_directory(directory)
        except SettingsProblem as problem:
            self._tell(str(problem))
            return self._good.get(directory) or Settings(directory)
        self._good[directory] = settings
        return settings

    def excludes(self, filename: str) -> bool:
        """Whether the configuration leaves a file out, or reads files of its kind only where it says so."""
        settings = self.settings_of(filename)
        if kind_of(filename) == "document" and not Patterns((*settings.include, *settings.extend_include)).matches(
            filename, os.path.basename(filename)
        ):
            return True
        return excluded(filename, settings)

    def configuration_of(self, filename: str) -> Configuration:
        """The configuration of the folder that a file is in; raises SettingsProblem."""
        root = self.root_of(filename) or ""
        found = self._configurations.get(root)
        if found is None:
            options = self.options_of(filename)
            layers = list(self._layers)
            if options.settings:
                layers.append(Layer(options.settings, "the editor's settings", root or os.getcwd()))
            file = options.configuration
            if file is None:
                file = self._file
            elif root:
                file = os.path.join(root, os.path.expanduser(file))
            found = self._configurations[root] = Configuration(layers, file=file, isolated=self._isolated)
        return found

    def _tell(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            self._say(message)


def _stamp(directory: str) -> Stamp:
    """What tells whether a configuration file above `directory` has changed: not every client says so."""
    found = []
    while True:
        for name in FILE_NAMES:
            try:
                status = os.stat(os.path.join(directory, name))
            except (OSError, ValueError):
                continue
            found.append((os.path.join(directory, name), status.st_mtime_ns, status.st_size))
        parent = os.path.dirname(directory)
        if parent == directory:
            return tuple(found)
        directory = parent
