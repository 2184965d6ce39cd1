"""Whether a file can hold a finding, and which part of it: nearly every file is done with after a look at its bytes.

Each stage discards only what is surely fine. `first_look` reads bytes: is there a name by which functions are handed to
a differentiator, or a function that may be one? `relevant` follows names through those blocks of the file that mention
one, with Python's own parser, and keeps what is not certainly fine. Only that is read closely, by LibCST.
"""

from __future__ import annotations

from closurelint.triage.glance import Look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.triage.neighbours import Neighbours
    from closurelint.triage.part import Part
    from closurelint.triage.survey import Survey


def first_look(data: bytes, filename: str, neighbours: Neighbours) -> Look | None:
    """What the bytes of a Python file tell; None if it cannot hold a finding."""
    look = neighbours.look(filename, data)
    if look.is_empty:
        return None
    # without functions of its own it may hand over another file's
    return look if b"lambda" in data or b"def" in data or neighbours.looked_at(filename) else None


def surveyed(text: str, filename: str, look: Look, neighbours: Neighbours, *, exporting: bool = False) -> Survey | None:
    """The survey of a file; None if Python cannot follow it. `exporting`: for what other files can make of it."""
    from closurelint.triage.blocks import Blocks, NoBlocks
    from closurelint.triage.loose import loose_blocks
    from closurelint.triage.survey import Survey

    for way in ({}, {"exact": True}, {"lenient": True}):
        try:
            blocks = Blocks(text, **way) if way else neighbours.blocks(filename, text)
            survey = Survey(blocks, filename, look.anchors, neighbours, exporting=exporting)
            survey.note_own(look.own)
            survey.run()
            for block in loose_blocks(survey, _characters(text, [] if exporting else look.loose)):
                survey.suspect(block)
                survey.sites.add(id(block))
        except (SyntaxError, NoBlocks):
            continue
        except (RecursionError, ValueError, MemoryError):
            return None
        return survey
    return None


def _characters(text: str, positions: list[int]) -> list[int]:
    if not positions or text.isascii():
        return positions
    data = text.encode("utf-8", "replace")
    return [len(data[:position].decode("utf-8", "replace")) for position in positions]


def relevant(text: str, filename: str, look: Look, neighbours: Neighbours) -> Part | None:
    """The part of a text that can matter, None if nothing can; all of it if Python cannot parse it."""
    from closurelint.triage.part import Part

    survey = surveyed(text, filename, look, neighbours)
    if survey is None:
        return Part(text)
    try:
        if not survey.suspects:
            return None
        from closurelint.triage.excerpt import excerpt

        return excerpt(survey)
    except (SyntaxError, RecursionError, ValueError):
        return Part(text)
    finally:
        survey.close()


__all__ = ["Look", "first_look", "relevant", "surveyed"]
