"""When what is checked: after each change, one check at a time for each text, the newest version only.

The static half answers first. Its claims are replayed in another process; what was replayed before is known. Findings
are told with their numbers if these come soon, and otherwise without them first, so that nothing waits for replay.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from closurelint.configuration.settings import Settings
from closurelint.diagnostic import Diagnostic
from closurelint.engine import UNREADABLE, reported
from closurelint.evidence import Claim, Evidence
from closurelint.lsp.carrying import carried, change_between
from closurelint.lsp.documents import Notebook, TextDocument, Unit
from closurelint.lsp.folders import Folders
from closurelint.lsp.process import Lost, Process
from closurelint.lsp.understanding import Understood
from closurelint.result import FileResult

GRACE = 0.3
"""Seconds that findings wait for their numbers before they are told without."""

SLOWEST_REPLAY = 10.0
REMEMBERED_CLAIMS = 500


@dataclass(frozen=True)
class Findings:
    """What is known of one state of a unit.

    generation: of the unit's state. edition: of its text. settled: every claim has been replayed.
    """

    generation: int
    edition: int
    result: FileResult
    settled: bool


@dataclass
class _State:
    """One open unit. `generation` counts everything that can change what is found in it."""

    unit: Unit
    generation: int = 0
    findings: Findings | None = None
    good: FileResult | None = None
    good_texts: tuple[tuple[int | None, str], ...] = ()
    understood: tuple[int, tuple[Understood, ...]] = (-1, ())
    spread: int = 0
    changed: float = 0.0
    task: asyncio.Task[None] | None = None
    told: asyncio.Event = field(default_factory=asyncio.Event)


class Checker:
    """Keeps the findings of everything that is open.

    tell: called with a unit whenever there is something new to tell of it.
    """

    def __init__(self, folders: Folders, tell: Callable[[Unit, Findings], None]) -> None:
        self._folders, self._tell = folders, tell
        self._states: dict[str, _State] = {}
        self._evidence: OrderedDict[Claim, Evidence] = OrderedDict()
        self.reader, self.replayer = Process(), Process()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Load what the first check will need."""
        for process, half in ((self.reader, "static"), (self.replayer, "numeric")):
            with contextlib.suppress(Lost):
                await process.run("load", half)

    async def close(self) -> None:
        """End everything that runs."""
        for state in self._states.values():
            if state.task is not None:
                state.task.cancel()
        await asyncio.gather(self.reader.close(), self.replayer.close())

    def changed(self, unit: Unit) -> None:
        """A unit is new, or its text has changed."""
        state = self._states.get(unit.uri)
        if state is None or state.unit is not unit:
            if state is not None:
                self.forget(state.unit)
            state = self._states[unit.uri] = _State(unit)
        self._again(state)

    def forget(self, unit: Unit) -> None:
        """A unit was closed."""
        state = self._states.pop(unit.uri, None)
        if state is not None:
            if state.task is not None:
                state.task.cancel()
            state.told.set()
            self._background(self.reader.run("release", unit.filename))
            self.recheck([unit.filename])

    def files_changed(self, filenames: Iterable[str], *, appeared: bool) -> None:
        """Files have changed on disk; `appeared`: some have come or gone, and imports may lead elsewhere."""
        if appeared:
            self._background(self.reader.run("look_again"))
        self.recheck(None if appeared else filenames)

    def recheck(self, filenames: Iterable[str] | None = None) -> list[Unit]:
        """Check again what depends on these files, or everything; gives the units that are."""
        changed = None if filenames is None else set(filenames)
        found = []
        for state in self._states.values():
            known = state.findings.result.dependencies if state.findings is not None else ()
            own = changed is not None and state.unit.filename in changed
            if changed is None or not (own or changed.isdisjoint(known)):
                self._again(state)
                found.append(state.unit)
        return found

    async def findings(self, unit: Unit, *, settled: bool = False) -> Findings | None:
        """What is found in the unit as it is now; None if it is closed meanwhile."""
        while True:
            state = self._states.get(unit.uri)
            if state is None or state.unit is not unit:
                return None
            known = state.findings
            if known is not None and known.generation == state.generation and (known.settled or not settled):
                return known
            await state.told.wait()

    async def understood(self, unit: Unit) -> tuple[Understood, ...]:
        """What is understood of every call in the unit as it is now; nothing of what cannot be read."""
        state = self._states.get(unit.uri)
        if state is None or not unit.is_checked:
            return ()
        generation = state.generation
        if state.understood[0] != generation:
            settings = self._folders.settings_of(unit.filename)
            try:
                found = await self.reader.run("understand", unit.content(), unit.filename, settings)
            except Lost:
                found = ()
            state.understood = (generation, found)
        return state.understood[1]

    async def file(self, filename: str, settings: Settings) -> FileResult:
        """What is found in a file on disk; raises Lost."""
        result: FileResult = await self.reader.run("check_file", filename, settings)
        claims = [each.claim for each in result.diagnostics if each.claim is not None] if settings.replay else []
        await self._replay([claim for claim in dict.fromkeys(claims) if claim not in self._evidence])
        return self._with_evidence(result, claims)

    async def evidence(self, claim: Claim) -> Evidence | None:
        """What replay says of a claim."""
        if claim not in self._evidence:
            await self._replay([claim])
        return self._evidence.get(claim)

    def _background(self, job: Awaitable[Any]) -> None:
        """Have something done whose result nobody waits for."""

        async def done() -> None:
            with contextlib.suppress(Lost):
                await job

        task = asyncio.ensure_future(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _again(self, state: _State) -> None:
        state.generation += 1
        if state.task is not None:
            state.task.cancel()
        state.task = asyncio.ensure_future(self._check(state, state.generation))

    async def _check(self, state: _State, generation: int) -> None:
        unit, edition = state.unit, state.unit.edition
        options = self._folders.options_of(unit.filename)
        now = asyncio.get_running_loop().time()
        # a keystroke alone is answered at once, a burst of changes when it is over
        quiet, state.changed = now - state.changed, now
        await asyncio.sleep(options.debounce if quiet < options.debounce else 0)
        result = await self._found(unit, state)
        if state.spread != edition:
            # others may import it, and have to be read against what it says now
            state.spread = edition
            self.recheck([unit.filename])
        claims = [each.claim for each in result.diagnostics if each.claim is not None]
        if not self._folders.settings_of(unit.filename).replay:
            claims = []
        unknown = [claim for claim in dict.fromkeys(claims) if claim not in self._evidence]
        if unknown:
            replaying = asyncio.ensure_future(self._replay(unknown))
            try:
                done, _ = await asyncio.wait([replaying], timeout=GRACE)
                if not done:
                    self._told(state, Findings(generation, edition, self._with_evidence(result, claims), False))
                    await replaying
            finally:
                replaying.cancel()
        self._told(state, Findings(generation, edition, self._with_evidence(result, claims), True))

    def _told(self, state: _State, findings: Findings) -> None:
        state.findings = findings
        told, state.told = state.told, asyncio.Event()
        told.set()
        self._tell(state.unit, findings)

    async def _found(self, unit: Unit, state: _State) -> FileResult:
        """What the static half finds now, with what was found before where the text is half typed."""
        if not unit.is_checked or self._folders.excludes(unit.filename):
            return FileResult(unit.filename)
        settings = self._folders.settings_of(unit.filename)
        content, texts = unit.content(), _texts(unit)
        try:
            checked: tuple[FileResult, bool] = await self.reader.run("check", content, unit.filename, settings)
        except Lost as problem:
            message = f"this file could not be checked, {problem}: exclude it and report this as a bug of closurelint"
            return FileResult(unit.filename, reported(settings, unit.filename, message))
        result, broken = checked
        if not broken:
            state.good, state.good_texts = result, texts
            return result
        if state.good is None:
            return result
        kept = _still(state.good, dict(state.good_texts), dict(texts), result)
        return result.changed(diagnostics=tuple(sorted((*result.diagnostics, *kept), key=lambda each: each.sort_key)))

    async def _replay(self, claims: Iterable[Claim]) -> None:
        for claim in claims:
            try:
                evidence = await self.replayer.run("replay", claim, limit=SLOWEST_REPLAY)
            except Lost as problem:
                evidence = Evidence("not replayed", str(problem))
            self._evidence[claim] = evidence
            while len(self._evidence) > REMEMBERED_CLAIMS:
                self._evidence.popitem(last=False)

    def _with_evidence(self, result: FileResult, claims: Iterable[Claim]) -> FileResult:
        """The result with the evidence that is there; what is refuted is told no more."""
        wanted = set(claims)
        kept: list[Diagnostic] = []
        refuted = list(result.refuted)
        for diagnostic in result.diagnostics:
            claim = diagnostic.claim
            evidence = self._evidence.get(claim) if claim is not None and claim in wanted else None
            if claim is not None and evidence is not None:
                self._evidence.move_to_end(claim)
                diagnostic = replace(diagnostic, evidence=evidence)
            (refuted if evidence is not None and evidence.verdict == "refuted" else kept).append(diagnostic)
        return result.changed(diagnostics=tuple(kept), refuted=tuple(refuted))


def _texts(unit: Unit) -> tuple[tuple[int | None, str], ...]:
    """The text of the unit, or of each of its cells by number."""
    if isinstance(unit, TextDocument):
        return ((None, unit.text),)
    assert isinstance(unit, Notebook)
    return tuple((number, text.text) for number, text in enumerate(unit.code, 1))


def _still(
    good: FileResult, before: dict[int | None, str], now: dict[int | None, str], result: FileResult
) -> list[Diagnostic]:
    """The earlier diagnostics that still apply, of texts that cannot be read at the moment."""
    unreadable = {each.range.cell for each in result.diagnostics if each.code == UNREADABLE} or set(now)
    kept: list[Diagnostic] = [each for each in good.diagnostics if each.code != UNREADABLE]
    kept = [each for each in kept if each.range.cell in unreadable]
    for cell, old in before.items():
        with contextlib.suppress(KeyError):
            kept = carried(kept, change_between(old.split("\n"), now[cell].split("\n")), cell)
    return [each for each in kept if each.range.cell in now]
