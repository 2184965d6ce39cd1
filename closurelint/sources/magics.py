"""IPython's commands in Python's place: every line keeps its row, and what remains parses.

`%matplotlib inline`, `!pip install x` and `x?` become `pass`; `files = !ls` becomes an assignment of an unknown value;
`%time f(x)` becomes `f(x)`. A `%%time` cell keeps its body, a `%%bash` cell has none.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from closurelint.sources.grammar import complaint
from closurelint.sources.nesting import Nesting, code_length
from closurelint.sources.program import LineState


class PythonLine(NamedTuple):
    """One line of Python and what was done to the front of the line it stands for.

    The fields mean what they mean in `LineOrigin`.
    """

    text: str
    removed: int = 0
    added: int = 0
    state: LineState = "kept"
    continuation: str = ""


# Cell magics whose body is Python that runs in the notebook's own namespace.
_PYTHON_BODY = re.compile(
    r"capture|debug|heat|hide|ipytest|jit|local|lprun|manim|memit|mprun|notify|opts|output|prun|px|run_pytest|scalene|skip"
    r"|snakeviz|time|timeit|wandb"
)
# Those whose body is another language, or Python that runs elsewhere.
_FOREIGN_BODY = re.compile(
    r"!|bash|batch|bigquery|cmd|configure|cpp|cu|cuda|cython|file|fortran|groovy|haskell|html|javascript|js|julia|latex"
    r"|markdown|matlab|mermaid|octave|perl|powershell|pwsh|pypy|python|python2|python3|r|ruby|rust|script|sh|shell|sparksql"
    r"|sql|svg|sx|system|systemjs|typescript|writefile|writetemplate"
)
_AUTOMAGIC = (
    "pip|pip3|conda|mamba|cd|ls|cat|mkdir|rmdir|rm|cp|mv|less|more|run|load|load_ext|reload_ext|matplotlib|pylab|env|time|timeit"
    "|pwd"
)
# What a cell in Databricks starts with whose rest is another language; elsewhere it is a command of one line.
_OTHER_LANGUAGE = re.compile(r"%(?:fs|md|md-sandbox|r|scala|sh|sql)(?!\S)")
_CELL_MAGIC = re.compile(r"%%(!|\w[\w.\[\]-]*)?")
SKIPPED_ABOVE = re.compile(r"\s*(#.*)?$")
"""What may stand above the line that says how a cell is written."""
_COMMAND = re.compile(r"(?P<indent>[ \t]*)(?:[%!?]|[,;/](?=\w)|(?:" + _AUTOMAGIC + r")(?=\s+[-\w./~$*{'\"]|\s*$))")
_HELP = re.compile(r"(?P<indent>[ \t]*)%{0,2}[A-Za-z_*][\w*.\[\]'\"]*\s*\?{1,2}\s*$")
_ASSIGNED = re.compile(r"(?P<kept>[\w.,*\[\]'\"() \t]*?(?<![=!<>])=[ \t]*)(?P<mark>!|%\w)")
_TIMED = re.compile(r"(?P<indent>[ \t]*)%?(?:time|timeit|prun|memit)[ \t]+(?P<options>(?:-\w+[ \t]*\d*[ \t]+)*)")
_DECORATIONS = re.compile(r"@(savefig|suppress|verbatim|doctest|okexcept|okwarning)\b")
_PRINT = re.compile(
    r"(?P<before>[ \t]*(?:(?:if|elif|else|for|while|try|except|finally|with)\b.*:[ \t]*)?)print[ \t](?!=)"
)
_OPAQUE = "get_ipython().getoutput()"


def python_lines(lines: list[str]) -> list[PythonLine]:
    """`lines` of one cell as Python, as far as that goes: whether it parses is for the caller to ask."""
    if complaint("\n".join(lines)) is None:
        return [PythonLine(line) for line in lines]
    top, body = _cell_magic(lines)
    if body == "foreign":
        return [PythonLine("", state="blank")] * len(lines)
    rest = _commands_replaced(_without_first_indent(lines[top:]))
    faulty = complaint("\n".join(line.text for line in rest)) is not None
    if faulty and any("print" in line for line in lines):
        rest = _print_called(rest)
        faulty = complaint("\n".join(line.text for line in rest)) is not None
    if body == "unknown" and faulty:
        return [PythonLine("", state="blank")] * len(lines)
    return [PythonLine("", state="blank")] * top + rest


def _cell_magic(lines: list[str]) -> tuple[int, Literal["python", "foreign", "unknown"]]:
    """How many lines the cell's magics take, and what the rest of the cell is."""
    top = 0
    body: Literal["python", "foreign", "unknown"] = "python"
    for row, line in enumerate(lines):
        match = _CELL_MAGIC.match(line.lstrip())
        if match is None:
            if SKIPPED_ABOVE.match(line):
                continue
            if _OTHER_LANGUAGE.match(line):
                body = "unknown"
            break
        name = (match[1] or "").partition("[")[0].lower()
        if not name or _FOREIGN_BODY.fullmatch(name):
            return len(lines), "foreign"
        if not _PYTHON_BODY.fullmatch(name):
            body = "unknown"
        top = row + 1
    return top, body


def _without_first_indent(lines: list[str]) -> list[PythonLine]:
    """A cell whose first line is indented loses that indentation wherever a line has it, as in IPython."""
    first = next((line for line in lines if not SKIPPED_ABOVE.match(line)), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    return [
        PythonLine(line[len(indent) :], len(indent)) if line.startswith(indent) else PythonLine(line) for line in lines
    ]


def _commands_replaced(lines: list[PythonLine]) -> list[PythonLine]:
    """Each line that starts a statement and is a command is replaced; lines inside brackets and strings stay."""
    result: list[PythonLine] = []
    state = Nesting()
    continued = False
    for line in lines:
        if continued:
            result.append(PythonLine("", state="blank"))
            continued = line.text.rstrip().endswith("\\")
            continue
        new = _command(line) if state.is_outside else None
        if new is None:
            state = state.after(line.text)
            result.append(line)
        else:
            result.append(new)
            kept = new.state == "kept"
            state = state.after(new.text) if kept else state
            continued = not kept and line.text.rstrip().endswith("\\")
    return result


def _command(line: PythonLine) -> PythonLine | None:
    """What stands for `line` if it is a command, None if it is Python."""
    text = line.text
    timed = _TIMED.match(text)
    if timed is not None and complaint(text.strip()) is not None:
        indent = timed["indent"]
        statement = text[timed.end() :]
        # further lines of it, which only an open bracket can bring, are Python as they are
        if statement.strip() and (complaint(statement) is None or Nesting().after(statement).depth):
            removed = line.removed + timed.end() - len(indent)
            return PythonLine(indent + statement, removed + len(indent), len(indent))
    if _DECORATIONS.match(text.lstrip()):
        return PythonLine("", state="blank")
    found = _HELP.match(text) or _COMMAND.match(text)
    if found is not None and complaint(text.strip()) is not None:
        return PythonLine(found["indent"] + "pass", line.removed, state="rewritten")
    assigned = _ASSIGNED.match(text)
    if assigned is not None and complaint(assigned["kept"].strip() + " 0") is None:
        return PythonLine(assigned["kept"] + _OPAQUE, line.removed, state="rewritten")
    return None


def _print_called(lines: list[PythonLine]) -> list[PythonLine]:
    """Python 2's print statements as calls: the blank becomes a bracket, so that every column stays."""
    result: list[PythonLine] = []
    state = Nesting()
    printing = False
    for line in lines:
        text = line.text
        match = _PRINT.match(text) if state.is_outside else None
        if match is not None and complaint(text.strip()) is not None:
            printing = True
            text = f"{match['before']}print({text[match.end() :]}"
        state = state.after(text)
        if printing and state == Nesting(1):
            end = code_length(text)
            code = text[:end].rstrip(" \t;")
            text = f"{code}){text[len(code) : end].replace(';', '')}{text[end:]}"
            printing, state = False, Nesting()
        result.append(line if text == line.text else line._replace(text=text, state="rewritten"))
    return result
