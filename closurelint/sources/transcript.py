"""Interactive sessions: the statements behind `>>>` and `In [1]:`, without the output between them.

Sessions in articles have often lost the indentation of their `...` lines; it is put back where only that makes them
parse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from closurelint.sources.grammar import complaint
from closurelint.sources.magics import PythonLine, python_lines
from closurelint.sources.nesting import Nesting, code_length

_START = re.compile(r"(?P<indent>\s*)(?:>>>(?: |$|(?=[^\s>]))|In ?\[\d*\]: ?)")
_MORE = re.compile(r"(?P<indent>\s*)(?:\.{3,}: ?|\.\.\.(?: |$|(?=[^\s.]))|… ?)")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d*)?(?:e[-+]?\d+)?(?!\w)|(?<![\w.])\.\d+")
_BLANK = PythonLine("", state="blank")
_INDENT = 4

# Which block a line that starts with this word continues.
_CONTINUES = {
    "elif": {"if", "elif"},
    "else": {"if", "elif", "for", "while", "try", "except"},
    "except": {"try", "except"},
    "finally": {"try", "except", "else"},
}
_LEAVES = {"return", "raise", "break", "continue"}


class _Line(NamedTuple):
    """A line of a session behind its prompt; `place` is its index among all lines."""

    place: int
    text: str
    removed: int
    continuation: str


def has_prompt(line: str) -> bool:
    """Whether `line` starts a statement of a session."""
    return _START.match(line) is not None


def session_lines(lines: Sequence[str], *, as_examples: bool = False) -> list[PythonLine]:
    """One entry per line: the Python behind a prompt, nothing for output and for statements that do not parse.

    What raised is left out. as_examples: what gave nothing but zeros is, too, since an example shows that on purpose.
    """
    result = [_BLANK] * len(lines)
    statements = [each for each in _statements(lines) if not _is_left_out(_output(lines, each), as_examples)]
    plain = complaint("\n".join(line.text for statement in statements for line in statement)) is None
    for statement in statements if plain else _joined(statements):
        texts = [line.text for line in statement]
        for line, python in zip(statement, map(PythonLine, texts) if plain else _python_of(texts), strict=True):
            removed = line.removed + python.removed
            result[line.place] = python._replace(removed=removed, continuation=line.continuation)
    return result


def _statements(lines: Sequence[str]) -> list[list[_Line]]:
    """The lines of each statement; a continuation without a prompt (as IDLE writes it) counts if it is needed."""
    statements: list[list[_Line]] = []
    previous = -2
    for index, line in enumerate(lines):
        start, more = _START.match(line), _MORE.match(line)
        if start is not None:
            is_console = line.lstrip().startswith("In")
            prompt = " " * (start.end() - len(start["indent"]) - 5) + "...: " if is_console else "... "
            statements.append([_Line(index, line[start.end() :], start.end(), start["indent"] + prompt)])
        elif previous != index - 1:
            continue
        elif more is not None:
            statements[-1].append(_Line(index, line[more.end() :], more.end(), line[: more.end()]))
        elif _goes_on(statements[-1], line):
            statements[-1].append(_Line(index, line, 0, ""))
        else:
            continue
        previous = index
    return statements


def _output(lines: Sequence[str], statement: Sequence[_Line]) -> str:
    """What is written below a statement, up to the next prompt or empty line."""
    start = end = statement[-1].place + 1
    while end < len(lines) and lines[end].strip() and not has_prompt(lines[end]):
        end += 1
    return "\n".join(lines[start:end]).strip()


def _is_left_out(output: str, as_examples: bool) -> bool:
    if not output:
        return False
    return output.startswith("Traceback (most recent call last)") or (as_examples and _is_zero(output))


def _is_zero(output: str) -> bool:
    numbers = _NUMBER.findall(output)
    return bool(numbers) and not any(map(float, numbers))


def _goes_on(statement: list[_Line], line: str) -> bool:
    """Whether `line`, which has no prompt, belongs to a statement: a bracket is open, or a body is missing."""
    state = Nesting()
    for each in statement:
        state = state.after(each.text)
    if not state.is_outside:
        return True
    return line[:1] in (" ", "\t") and complaint("\n".join(each.text for each in statement)) is not None


def _joined(statements: list[list[_Line]]) -> list[list[_Line]]:
    """Statements whose indented continuation was given the first prompt again are one statement."""
    result: list[list[_Line]] = []
    for statement in statements:
        goes_on = result and statement[0].text[:1] in (" ", "\t")
        if goes_on and complaint("\n".join(line.text for line in result[-1])) is not None:
            result[-1] += statement
        else:
            result.append(statement)
    return result


def _python_of(lines: list[str]) -> list[PythonLine]:
    plain = python_lines(lines)
    for candidate in (plain, _body_shifted(lines), _reindented(lines)):
        if candidate is not None and complaint("\n".join(line.text for line in candidate)) is None:
            return candidate
    return [_BLANK] * len(lines)


def _body_shifted(lines: list[str]) -> list[PythonLine] | None:
    """Everything below the first header moved to the right by one level: its own indentation is still there."""
    headers = [index for index, line in enumerate(lines) if line[: code_length(line)].rstrip().endswith(":")]
    if not headers:
        return None
    kept = [PythonLine(line) for line in lines[: headers[0] + 1]]
    rest = lines[headers[0] + 1 :]
    return kept + [PythonLine(" " * _INDENT + line, added=_INDENT) if line.strip() else PythonLine("") for line in rest]


def _reindented(lines: list[str]) -> list[PythonLine]:
    """Indentation inferred from the words alone: a header opens a level, `return` closes those up to its function.

    After the last `return` of a function comes what stands beside it. Where a loop ends without a word for it, the
    lines below stay in the loop.
    """
    result: list[PythonLine] = []
    levels: list[str] = []
    state = Nesting()
    word = header = ""
    for index, line in enumerate(lines):
        text = line.lstrip()
        if not state.is_outside or not text:
            result.append(PythonLine(line if text else ""))
        else:
            if header:
                levels.append(header)
            is_first = bool(header) or not result
            word = _first_word(text)
            levels = levels if is_first else _levels_at(word, levels, is_last=not any(lines[index + 1 :]))
            width = _INDENT * len(levels)
            result.append(PythonLine(" " * width + text, len(line) - len(text), width))
        state = state.after(text)
        if not state.is_outside or not text:
            continue
        opens = line[: code_length(line)].rstrip().endswith(":")
        header = word if opens else ""
        if word in _LEAVES and levels:
            levels = levels[:-1]
    return result


def _levels_at(word: str, levels: list[str], *, is_last: bool) -> list[str]:
    """The open levels that a line starting with `word` stands in."""
    if word in _CONTINUES:
        while levels and levels[-1] not in _CONTINUES[word]:
            levels = levels[:-1]
        return levels[:-1]
    if word == "def" and "class" in levels:
        return levels[: len(levels) - levels[::-1].index("class")]
    if word == "return" and is_last and "def" in levels:
        return levels[: len(levels) - levels[::-1].index("def")]
    return levels


def _first_word(text: str) -> str:
    found = re.match(r"(?:async\s+)?(\w*)", text)
    return found[1] if found is not None else ""
