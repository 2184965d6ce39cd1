"""One check, from the values of a command line to an exit status."""

from __future__ import annotations

import os
import sys

from closurelint.configuration.layers import Configuration, Layer, configured, displayed
from closurelint.configuration.settings import BY_NAME, SettingsProblem
from closurelint.discovery import discover, excluded
from closurelint.report.lines import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.commands.options import Arguments
    from closurelint.configuration.settings import Settings
    from closurelint.discovery import Found

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2
STANDARD_INPUT = "-"
CONTRADICTIONS = {
    "verbose": ("quiet", "silent"),
    "add-ignore": ("fix", "fix-only", "diff", "statistics", "watch", "write-baseline"),
    "write-baseline": ("fix", "fix-only", "diff", "statistics", "watch", "output-file"),
    "show-files": ("show-settings", "watch", "fix", "fix-only", "diff", "add-ignore", "write-baseline"),
    "show-settings": ("watch", "fix", "fix-only", "diff", "add-ignore", "write-baseline"),
    "diff": ("watch",),
}
"""Options that ask for different things; `--fix --diff` does not, it shows what `--fix` would do."""


def configuration_of(arguments: Arguments) -> Configuration:
    """The configuration that `--config`, `--isolated` and the options for settings ask for."""
    layers, file, isolated = wishes_of(arguments)
    return Configuration(layers, file=file, isolated=isolated)


def wishes_of(arguments: Arguments) -> tuple[list[Layer], str | None, bool]:
    """The layers over all files, the one file for all, and whether there is to be none; raises SettingsProblem."""
    working = os.getcwd()
    layers, files = [], []
    for given in arguments.config:
        if "=" in given and not os.path.isfile(given):
            layers.append(Layer(configured(given), "--config", working))
        else:
            files.append(given)
    if len(files) > 1:
        raise SettingsProblem(f"`--config` names {files[0]} and {files[1]}: name one file, which can `extend` another")
    if files and arguments.isolated:
        raise SettingsProblem(f"`--isolated` follows no file, but `--config` names {files[0]}: leave out one of them")
    if arguments.settings:
        layers.append(Layer(arguments.settings, "command line", working))
    return layers, files[0] if files else None, arguments.isolated


def check(arguments: Arguments) -> int:
    """`closurelint check`: everything that one command line asks for."""
    _refuse_contradictions(arguments)
    if arguments.watch:
        from closurelint.commands.watch import watch

        return watch(arguments.paths or [os.curdir], lambda: _once(arguments))
    return _once(arguments)


def _refuse_contradictions(arguments: Arguments) -> None:
    """Raise SettingsProblem for options that cannot both be meant."""
    if arguments.stdin_filename is not None and not arguments.paths:
        arguments.paths.append(STANDARD_INPUT)
    standard_input = STANDARD_INPUT in arguments.paths
    if standard_input and len(arguments.paths) > 1:
        raise SettingsProblem("`-` reads standard input and goes with no other path")
    if arguments.stdin_filename is not None and not standard_input:
        raise SettingsProblem("`--stdin-filename` names what `-` reads, give `-` as the path")
    if arguments.watch and standard_input:
        raise SettingsProblem("`--watch` needs files, standard input cannot change")
    for one, others in CONTRADICTIONS.items():
        for other in others if _is_given(arguments, one) else ():
            if _is_given(arguments, other):
                raise SettingsProblem(f"`--{one}` and `--{other}` contradict each other, leave out one of them")


def _is_given(arguments: Arguments, name: str) -> bool:
    if name in BY_NAME:
        return arguments.settings.get(name) is True
    return getattr(arguments, name.replace("-", "_")) not in (None, False)


def _once(arguments: Arguments) -> int:
    configuration = configuration_of(arguments)
    settings = configuration.for_run()
    _refuse_vain(arguments, settings)
    if STANDARD_INPUT in arguments.paths:
        return _standard_input(arguments, configuration)
    found = discover(arguments.paths or [os.curdir], configuration, with_skipped=arguments.verbose)
    for problem in found.problems:
        say(f"closurelint: error: {problem}{_meant(problem.partition(':')[0])}")
    if arguments.verbose:
        from closurelint.commands.notes import note_discovery

        note_discovery(found)
    if arguments.show_settings:
        print(_settings_of(found, settings))
        return COULD_NOT_RUN if found.problems else CLEAN
    if not found.files:
        return _nothing_to_check(arguments, found, settings)
    if arguments.show_files:
        print("\n".join(printable(path) for path, _ in found.files))
        return COULD_NOT_RUN if found.problems else CLEAN
    status = _checked(arguments, settings, found)
    return COULD_NOT_RUN if found.problems else status


def _refuse_vain(arguments: Arguments, settings: Settings) -> None:
    """Raise SettingsProblem for what cannot work with these settings."""
    if arguments.write_baseline and settings.baseline is None:
        raise SettingsProblem("`--write-baseline` has no file to write, name the file with `--baseline FILE`")
    if arguments.statistics:
        from closurelint.commands.counting import FORMATS

        if settings.output_format not in FORMATS:
            formats = ", ".join(f"`{name}`" for name in FORMATS)
            raise SettingsProblem(f"`--statistics` has no `{settings.output_format}` format, use one of {formats}")
    if settings.cache and os.path.exists(settings.cache_dir) and not os.path.isdir(settings.cache_dir):
        raise SettingsProblem(f"`cache-dir` is {displayed(settings.cache_dir)}, which is not a folder, name another")


def _checked(arguments: Arguments, settings: Settings, found: Found) -> int:
    """Check the files, and do with the results what the options say."""
    from closurelint.commands.conclude import conclude
    from closurelint.commands.progress import with_progress
    from closurelint.engine import check_files
    from closurelint.garbage import collect_rarely

    if arguments.verbose:
        from closurelint.commands.notes import note_understanding

        note_understanding(found.files)
    collect_rarely()
    paths = arguments.paths or [os.curdir]
    if settings.cache and any(os.path.isdir(path) for path in paths):
        from closurelint import cache

        results = cache.check_files(found.files, paths, settings.cache_dir, settings.jobs)
    else:
        results = check_files(found.files, settings.jobs)
    return conclude(arguments, settings, list(with_progress(results, len(found.files))), dict(found.files))


def _standard_input(arguments: Arguments, configuration: Configuration) -> int:
    """Check what standard input holds, as if it stood in `--stdin-filename`."""
    from closurelint.commands.conclude import conclude
    from closurelint.engine import check_bytes

    filename = arguments.stdin_filename or "<stdin>"
    path = os.path.abspath(filename)
    settings = configuration.for_directory(os.path.dirname(path))
    left_out = settings.force_exclude and excluded(path, settings)
    if arguments.show_settings or arguments.show_files:
        from closurelint.commands.informing import shown_settings

        print(shown_settings(settings) if arguments.show_settings else "" if left_out else printable(filename))
        return CLEAN
    data = sys.stdin.buffer.read()
    if left_out:
        if settings.fix or settings.fix_only or arguments.add_ignore is not None:
            sys.stdout.buffer.write(data)
        return CLEAN
    if arguments.verbose:
        from closurelint.commands.notes import note_understanding

        note_understanding([(filename, settings)], {filename: data})
    result = check_bytes(data, filename, settings)
    return conclude(arguments, settings, [result], {filename: settings}, {filename: data})


def _meant(path: str) -> str:
    """A hint for a command that is spelled almost right, and taken for a path."""
    from difflib import get_close_matches

    from closurelint.commands.options import COMMANDS

    near = get_close_matches(path, COMMANDS, n=1, cutoff=0.75)
    return f", or did you mean the command `{near[0]}`?" if near else ""


def say(line: str) -> None:
    """Tell the user something that is no result, on one line whatever names are in it."""
    print(printable(line), file=sys.stderr)


def _nothing_to_check(arguments: Arguments, found: Found, settings: Settings) -> int:
    """A run that reads nothing must not look like one that finds nothing."""
    if found.problems:
        return COULD_NOT_RUN
    if found.excluded:
        if not arguments.quiet and not arguments.silent:
            say(f"closurelint: nothing to check, `force-exclude` leaves out all {found.excluded} named paths")
        return CLEAN
    places = " ".join(arguments.paths) or os.curdir
    patterns = ", ".join((*settings.include, *settings.extend_include))
    say(
        f"closurelint: error: there is no file to check under {places}: `include` is {patterns}, and what `exclude` or"
        " a .gitignore names is left out; `--verbose` says why each file is skipped"
    )
    return COULD_NOT_RUN


def _settings_of(found: Found, fallback: Settings) -> str:
    """Each distinct Settings that holds for a file that was found, once."""
    from closurelint.commands.informing import shown_settings

    distinct = list({id(settings): settings for _, settings in found.files}.values()) or [fallback]
    return "\n\n".join(shown_settings(settings) for settings in distinct)
