"""One check, from the values of a command line to an exit status."""

from __future__ import annotations

import os
import sys

from closurelint.configuration.layers import Configuration, Layer, configured, displayed
from closurelint.configuration.settings import SettingsProblem
from closurelint.discovery import discover, excluded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.commands.options import Arguments
    from closurelint.configuration.settings import Settings
    from closurelint.discovery import Found

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2
STANDARD_INPUT = "-"


def configuration_of(arguments: Arguments) -> Configuration:
    """The configuration that `--config`, `--isolated` and the options for settings ask for."""
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
    return Configuration(layers, file=files[0] if files else None, isolated=arguments.isolated)


def check(arguments: Arguments) -> int:
    """`closurelint check`: everything that one command line asks for."""
    _refuse_contradictions(arguments)
    if arguments.watch:
        from closurelint.commands.watch import watch

        return watch(arguments.paths or [os.curdir], lambda: _once(arguments))
    return _once(arguments)


def _refuse_contradictions(arguments: Arguments) -> None:
    standard_input = STANDARD_INPUT in arguments.paths
    if standard_input and len(arguments.paths) > 1:
        raise SettingsProblem("`-` reads standard input and goes with no other path")
    if arguments.stdin_filename is not None and not standard_input:
        raise SettingsProblem("`--stdin-filename` names what `-` reads, give `-` as the path")
    if arguments.watch and standard_input:
        raise SettingsProblem("`--watch` needs files, standard input cannot change")
    if arguments.quiet and arguments.verbose:
        raise SettingsProblem("`--quiet` and `--verbose` contradict each other")


def _once(arguments: Arguments) -> int:
    configuration = configuration_of(arguments)
    settings = configuration.for_run()
    if arguments.write_baseline and settings.baseline is None:
        raise SettingsProblem("`--write-baseline` has no file to write, name the file with `--baseline FILE`")
    if STANDARD_INPUT in arguments.paths:
        return _standard_input(arguments, configuration)
    found = discover(arguments.paths or [os.curdir], configuration, with_skipped=arguments.verbose)
    for problem in found.problems:
        say(f"closurelint: error: {problem}")
    for path, reason in found.skipped:
        say(f"skipped {displayed(path)}: {reason}")
    if arguments.show_settings:
        print(_settings_of(found, settings))
        return COULD_NOT_RUN if found.problems else CLEAN
    if not found.files:
        return _nothing_to_check(arguments, found, settings)
    if arguments.show_files:
        print("\n".join(path for path, _ in found.files))
        return COULD_NOT_RUN if found.problems else CLEAN
    status = _checked(arguments, settings, found)
    return COULD_NOT_RUN if found.problems else status


def _checked(arguments: Arguments, settings: Settings, found: Found) -> int:
    """Check the files, and do with the results what the options say."""
    from closurelint.commands.conclude import conclude
    from closurelint.commands.progress import with_progress
    from closurelint.engine import check_files

    results = with_progress(check_files(found.files, settings.jobs, notes=arguments.verbose), len(found.files))
    return conclude(arguments, settings, list(results), dict(found.files))


def _standard_input(arguments: Arguments, configuration: Configuration) -> int:
    """Check what standard input holds, as if it stood in `--stdin-filename`."""
    from closurelint.commands.conclude import conclude
    from closurelint.engine import check_bytes

    filename = arguments.stdin_filename or "<stdin>"
    path = os.path.abspath(filename)
    settings = configuration.for_directory(os.path.dirname(path))
    data = sys.stdin.buffer.read()
    if settings.force_exclude and excluded(path, settings):
        return CLEAN
    result = check_bytes(data, filename, settings)
    return conclude(arguments, settings, [result], {filename: settings}, {filename: data})


def say(line: str) -> None:
    """Tell the user something that is no result."""
    print(line, file=sys.stderr)


def _nothing_to_check(arguments: Arguments, found: Found, settings: Settings) -> int:
    """A run that reads nothing must not look like one that finds nothing."""
    if found.problems:
        return COULD_NOT_RUN
    if found.excluded:
        if not arguments.quiet:
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
