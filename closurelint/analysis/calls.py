"""What a call does to abstract values: what kind of thing is called, under what name, and behind which decorators."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.dataflow import Interpreter
from closurelint.analysis.expectations import compared
from closurelint.analysis.facts import dotted_name
from closurelint.analysis.inlining import Inlining
from closurelint.analysis.library_calls import LibraryCalls
from closurelint.analysis.syntax import decorator_names
from closurelint.analysis.unseen_calls import UnseenCalls
from closurelint.analysis.values import (
    CODE,
    CUT_LEVELS,
    LIVE,
    NOTHING,
    TRACE_CUT,
    UNKNOWN,
    Applied,
    Argument,
    Arguments,
    Class,
    Cut,
    Derivative,
    Entries,
    Frame,
    Function,
    Imported,
    Instance,
    Items,
    LibraryObject,
    Member,
    OneOf,
    Place,
    Probe,
    Shape,
    Value,
    alternatives,
    depending,
    imported_name,
    joined,
    united,
    weakened,
)

if TYPE_CHECKING:
    from closurelint.analysis.facts import ModuleFacts
    from closurelint.analysis.probe import ProbeNotes
    from closurelint.analysis.recorder import Recorder
    from closurelint.analysis.resolve import Project
    from closurelint.catalogue import Catalogue


_FAILURE_CONTEXTS = frozenset(
    "raises assertRaises assertRaisesRegex check_raises assertRaisesWithLiteralMatch warns assertWarns "
    "assertWarnsRegex deprecated_call".split()
)


class Calls:
    """The calls of one interpreter."""

    def __init__(self, run: Interpreter, catalogue: Catalogue, project: Project) -> None:
        self.run = run
        self.catalogue = catalogue
        self.project = project
        self.recorder: Recorder | None = None
        self.failing: set[cst.CSTNode] = set()
        self.passed: set[cst.CSTNode] = set()
        self.probe: ProbeNotes | None = None
        self.made: list[tuple[Value, Arguments]] | None = None
        self.met: dict[str, Function | Class] = {}
        self.inlining = Inlining(self)
        self.library = LibraryCalls(self)
        self.unseen = UnseenCalls(self)
        run.calls = self

    # -- what the interpreter asks ------------------------------------------------------------------------------

    def evaluate(self, node: cst.Call, frame: Frame, discarded: bool = False) -> Value:
        """The value of a call; `discarded` when it stands as a statement of its own."""
        callee = self.run.expression(node.func, frame)
        expected = compared(node)
        with self.run.expecting(expected) if expected else nullcontext():
            items = self._given(node, callee, frame)
        arguments = self._spread(items)
        if self.made is not None:
            self.made.append((callee, arguments))
        if self.expects_failure(node):
            self.failing.update(function.node for item in items for function in _functions_in(item.value))
        value = self.call(callee, arguments, node, frame, discarded)
        if self.run.epoch and value.deps and items:
            value = self.library.converted(value, callee, arguments)
        filled = arguments.keywords.get("out")
        if filled is not None and self.run.epoch:
            # `np.multiply(w, w, out=buffer)`
            self.run.taint(filled.value, united(*(item.value.deps for item in arguments.items)))
        if discarded and self.run.epoch and not isinstance(callee.shape, Function | Class):
            self.unseen.discard(callee, arguments, node)
        return value

    def given(self, node: cst.Call, callee: Value, frame: Frame) -> Arguments:
        """The arguments of a call, evaluated."""
        return self._spread(self._given(node, callee, frame))

    def _given(self, node: cst.Call, callee: Value, frame: Frame) -> list[Argument]:
        """The arguments of a call, as they are written."""
        items = []
        looked_into = self.run.epoch > 0 and self._is_project_code(callee)
        for arg in node.args:
            if looked_into and isinstance(arg.value, cst.Name):
                value = self._handed(arg.value, callee, frame)
            else:
                value = self.run.expression(arg.value, frame)
            keyword = None if arg.keyword is None else arg.keyword.value
            items.append(Argument(value, keyword, arg.star, arg.value))
        return items

    def _spread(self, items: list[Argument]) -> Arguments:
        """The arguments of a call, with what is known of `*values` and `**options` put in their place."""
        found: list[Argument] = []
        for item in items:
            shape = item.value.shape
            if item.star == "*" and isinstance(shape, Items) and self.run.keeps_its_length(item.value):
                found.extend(Argument(part, None, "", _expression(part)) for part in shape.values)
            elif item.star == "**" and isinstance(shape, Entries):
                entries = self.run.entries(item.value)
                found.extend(Argument(part, key, "", _expression(part)) for key, part in entries.items())
            else:
                found.append(item)
        return Arguments(tuple(found))

    def _is_project_code(self, callee: Value) -> bool:
        """Whether a call goes to code of the project, which is looked into."""
        return isinstance(self.shape_elsewhere(callee.shape), Function | Class | Instance)

    def elsewhere(self, dotted: str, origin: ModuleFacts | None) -> Value | None:
        """The value of a name that another file of the project defines; None if it is a library's."""
        if origin is None or not self.is_unknown(dotted):
            return None
        found = self.project.resolve(dotted, origin, self)
        if found is not None and isinstance(found.shape, Function | Class):
            self.met[dotted] = found.shape
        return found

    def shape_elsewhere(self, shape: Shape | None) -> Shape | None:
        """What something imported is where it is defined, if that is in the project; anything else as it is."""
        if not isinstance(shape, Imported):
            return shape
        found = self.elsewhere(shape.dotted, shape.origin)
        return None if found is None else found.shape

    def understood(self, value: Value) -> Value:
        """An object of a class that another file of the project defines, as an instance of that class."""
        shape = value.shape
        if not isinstance(shape, LibraryObject) or shape.origin is None or not self.run.epoch:
            return value
        cls = self.shape_elsewhere(Imported(shape.dotted, shape.origin))
        return replace(value, shape=Instance(cls)) if isinstance(cls, Class) else value

    def _handed(self, node: cst.Name, callee: Value, frame: Frame) -> Value:
        """An argument of a call that is looked into: handing the parameter on is not yet reading it."""
        before = set(self.run.varied_reads)
        value = self.run.expression(node, frame)
        for root in self.run.varied_reads - before:
            self.run.handed_to.setdefault(root, _called_name(callee))
        self.run.varied_reads = before
        return value

    def call(
        self, callee: Value, arguments: Arguments, node: cst.CSTNode, frame: Frame, discarded: bool = False
    ) -> Value:
        """Call a value."""
        callee = self.understood(callee)
        shape = callee.shape
        if isinstance(shape, OneOf):
            return joined(self.call(option, arguments, node, frame, discarded) for option in shape.values)
        if isinstance(shape, Function):
            return self._call_project(callee, shape, arguments, node, frame)
        if isinstance(shape, Class):
            return self.inlining.construct(shape, arguments, node, frame)
        if isinstance(shape, Applied):
            return self.call(shape.callee, shape.arguments.then(arguments), node, frame, discarded)
        if isinstance(shape, Imported):
            return self.library.call_imported(shape, arguments, node, frame, discarded)
        if isinstance(shape, Derivative):
            return self._call_derivative(shape, arguments, node, frame)
        if isinstance(shape, LibraryObject):
            return self.library.call_object(callee, shape, arguments, node, frame)
        if isinstance(shape, Member):
            return self.library.call_method(callee, shape, arguments, node, frame)
        method = self.called_method(callee, node)
        if method is not None:
            return self.call(method, arguments, node, frame, discarded)
        if isinstance(shape, Probe):
            return self._call_probe(shape, arguments, node)
        return self.unseen.opaque(callee, arguments, node)

    def called_method(self, value: Value, node: cst.CSTNode) -> Value | None:
        """The method that a call of an object runs; None for what is no object of the project."""
        shape = self.understood(value).shape
        if isinstance(shape, Instance):
            for name in ("__call__", "forward"):
                if name in shape.cls.members:
                    return self.run.attribute(value, name, node)
        return None

    def annotated(self, annotation: cst.BaseExpression, frame: Frame) -> Shape | None:
        """What an argument is by its annotation, if that is a class whose methods are known: `optuna.Study`."""
        if not isinstance(annotation, cst.Name | cst.Attribute):
            return None
        dotted = imported_name(self.run.expression(annotation, frame))
        owner = self.catalogue.returns.get(dotted, dotted)
        return LibraryObject(owner, Arguments()) if owner in self.catalogue.owners else None

    def attribute(self, base: Value, name: str, node: cst.CSTNode | None = None) -> Value | None:
        """An attribute that follows from what the base is; None if nothing special is known."""
        shape = base.shape
        if name == "imag" and self.probe is not None:
            self.probe.imaginary(base)
        if isinstance(shape, Imported):
            return Value(shape=Imported(f"{shape.dotted}.{name}", shape.origin))
        if isinstance(shape, Class):
            member = shape.members.get(name)
            if member is None:
                return None
            method = member.shape
            if isinstance(method, Function) and "classmethod" in decorator_names(method.node):
                # `Settings.load(path)`
                return replace(member, shape=replace(method, args=(base, *method.args)))
            if isinstance(method, CODE):
                return member
            held = self.run.captured(member, name, node) if self.run.epoch and member.place is not None else member
            # it may have been given another value since
            return depending(held, self.run.escaped)
        if isinstance(shape, Function | Derivative | Applied):
            return Value(shape=shape) if name in ("__wrapped__", "func", "construct") else None
        operation = None if isinstance(shape, Instance) else self.catalogue.operation("." + name)
        if operation is not None and operation.kind == "attribute":
            if operation.cuts == "always":
                return Value(NOTHING, fresh=True)
            cut = Cut(CUT_LEVELS[operation.cuts], f"`.{name}`")
            place = base.place if self.catalogue.shares_storage("." + name) else None
            return Value(weakened(base.deps, cut), place, None, base.literal, base.node)
        if self.catalogue.shares_storage("." + name) is True and name in ("T", "mT", "real", "flat", "H"):
            return Value(base.deps, base.place, None, base.literal, base.node, base.fresh)
        return None

    def decorated(self, decorator: cst.Decorator, value: Value, frame: Frame) -> Value:
        """What a decorator makes of a function: decorators that are not known leave it what it is."""
        node = decorator.decorator
        maker = self.run.expression(node, frame)
        arguments = Arguments((Argument(value, None, "", None),))
        shape = maker.shape
        # `@partial(jax.custom_vjp, nondiff_argnums=(1,))`
        dotted = imported_name(shape.callee if isinstance(shape, Applied) else maker)
        if isinstance(node, cst.Call):
            dotted = dotted or imported_name(self.run.expression(node.func, frame))
        if dotted in self.catalogue.definition_decorators:
            # its gradient is what other code says, so it is not looked into
            return Value(shape=Imported(f"{dotted}.__wrapped__"), node=value.node)
        if dotted in self.catalogue.spreading_decorators and isinstance(value.shape, Function):
            return replace(value, shape=replace(value.shape, spread=True))
        if isinstance(node, cst.Call) and dotted in self.catalogue.wrappers:
            # what it was called with configures it: `@qml.qnode(device)`
            return self.wrapped_by(dotted, value)
        context = self.context_cut(node, frame)
        if context is not None and isinstance(value.shape, Function):
            return replace(value, shape=replace(value.shape, cut=context))
        target = shape.callee.shape if isinstance(shape, Applied) else shape
        if isinstance(target, Imported) and (
            self.catalogue.function(target.dotted) is not None or target.dotted in self.catalogue.wrappers
        ):
            return self.call(maker, arguments, node, frame)
        return self._wrapped(maker, value, arguments, node, frame)

    def wrapped_by(self, dotted: str, value: Value) -> Value:
        """What a library's wrapper makes of a function: one like it."""
        if dotted in self.catalogue.recorders and isinstance(value.shape, Function):
            return replace(value, shape=replace(value.shape, recorded=True))
        return value

    def _wrapped(
        self, maker: Value, value: Value, arguments: Arguments, node: cst.BaseExpression, frame: Frame
    ) -> Value:
        """What a decorator of the project makes of a function: the function still, but called by way of another."""
        shape = self.shape_elsewhere(maker.shape)
        if not isinstance(shape, Function | Class) or not isinstance(value.shape, Function):
            return value
        made = self.call(Value(shape=shape), arguments, node, frame)
        if isinstance(made.shape, Derivative):
            return made
        if isinstance(made.shape, Instance) and "__call__" in made.shape.cls.members:
            made = self.run.attribute(made, "__call__", node)
        if not isinstance(made.shape, Function) or made.shape.node is value.shape.node:
            return value
        return replace(value, shape=replace(value.shape, wrapper=made.shape))

    def expects_failure(self, node: cst.BaseExpression) -> bool:
        """Whether this is `pytest.raises(...)`, `self.assertWarns(...)` or a like of it."""
        if not isinstance(node, cst.Call):
            return False
        name = dotted_name(node.func).rpartition(".")[2]
        if name == "catch_warnings":
            # whoever records warnings waits for one
            return any(arg.keyword is not None and arg.keyword.value == "record" for arg in node.args)
        return name in _FAILURE_CONTEXTS

    def suppresses(self, node: cst.BaseExpression, frame: Frame) -> bool:
        """Whether this is `contextlib.suppress(...)`, after which the program goes on."""
        if not isinstance(node, cst.Call) or not dotted_name(node.func):
            return False
        return imported_name(self.run.expression(node.func, frame)) == "contextlib.suppress"

    def context_cut(self, node: cst.BaseExpression, frame: Frame) -> Cut | None:
        """What a context manager does to gradients: `torch.no_grad()` cuts them."""
        callee = node.func if isinstance(node, cst.Call) else node
        dotted = imported_name(self.run.expression(callee, frame)) if dotted_name(callee) else ""
        operation = self.catalogue.operation(dotted) if dotted else None
        if operation is None or operation.kind != "context":
            return None
        if isinstance(node, cst.Call) and node.args:
            switch = node.args[0].value
            if isinstance(switch, cst.Name) and switch.value == "True" and "set_grad_enabled" in dotted:
                return None
        return Cut(CUT_LEVELS.get(operation.cuts, TRACE_CUT), f"`{dotted}`")

    def bind_import(self, node: cst.Import | cst.ImportFrom, frame: Frame) -> None:
        """Bind what an import statement binds."""
        module = frame.module
        if isinstance(node, cst.Import):
            for alias in node.names:
                dotted = dotted_name(alias.name)
                if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                    self._bind_import(alias.asname.name.value, dotted, frame)
                else:
                    top = dotted.partition(".")[0]
                    self._bind_import(top, top, frame)
            return
        base = "." * len(node.relative) + dotted_name(node.module)
        if isinstance(node.names, cst.ImportStar):
            known = self.project.exports(base, module, self)
            if known is None:
                module.star_imports.append(base)
            else:
                frame.variables.update(known.public(module.words))
            return
        for alias in node.names:
            name = alias.name.value if isinstance(alias.name, cst.Name) else ""
            dotted = base + name if base.endswith(".") else f"{base}.{name}"
            bound = alias.asname.name if alias.asname is not None else alias.name
            if isinstance(bound, cst.Name):
                self._bind_import(bound.value, dotted, frame)

    def _bind_import(self, name: str, dotted: str, frame: Frame) -> None:
        frame.variables[name] = Value(shape=Imported(dotted, frame.module))
        frame.module.imports.setdefault(name, dotted)

    def unbound(self, name: str, frame: Frame) -> Value | None:
        """What a name that nothing here binds is, as far as star imports and the catalogue tell."""
        for base in frame.module.star_imports:
            dotted = f"{base}.{name}"
            if self.catalogue.function(dotted) or self.catalogue.operation(dotted) or dotted in self.catalogue.wrappers:
                return Value(shape=Imported(dotted, frame.module))
        if self.catalogue.by_name(name):
            # a helper of a book: a star import of a project's file brought it, or a fragment takes it for granted
            return Value(shape=Imported(name, frame.module))
        return None

    def _call_project(
        self, callee: Value, function: Function, arguments: Arguments, node: cst.CSTNode, frame: Frame
    ) -> Value:
        if self.recorder is not None and self.run.epoch == 0:
            inferred = self.recorder.own.inferred(function, arguments)
            if inferred is not None:
                return self.recorder.apply(inferred, arguments, node, frame)
            kept = self.recorder.own.inferred_of_kept(function)
            if kept is not None:
                return self.recorder.apply_to(*kept, arguments, node, frame)
        return self.inlining.call_function(function, arguments, node, frame)

    def is_unknown(self, dotted: str) -> bool:
        """Whether a dotted name is of no library that the catalogue knows."""
        return dotted.startswith(".") or dotted.partition(".")[0] not in self.catalogue.libraries

    def _call_derivative(self, shape: Derivative, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
        if self.recorder is not None and self.run.epoch == 0:
            self.recorder.called(shape, arguments, node, frame)
        given = united(*(item.value.deps for item in arguments.items))
        if self.run.epoch:
            result = self.call(shape.objective, arguments, node, frame)
            return Value(united(result.deps, given), None, None, False, node)
        return Value(given, None, None, False, node)

    # -- the probe: does a function of the project differentiate? -------------------------------------------------

    def _call_probe(self, probe: Probe, arguments: Arguments, node: cst.CSTNode) -> Value:
        probe.calls.append(arguments)
        if self.probe is None:
            return UNKNOWN
        result = self.probe.called(arguments)
        return Value({result: LIVE}, None, None, False, node, fresh=True)

    def mutated(self, place: Place) -> None:
        """An item of the array at `place` was assigned."""
        if self.probe is not None:
            self.probe.mutated.append(place)

    def difference(self, node: cst.CSTNode, left: Value, right: Value) -> None:
        """Two numbers were combined by an operator."""
        if self.probe is not None:
            self.probe.combined(node, left, right)


def _expression(value: Value) -> cst.BaseExpression | None:
    return value.node if isinstance(value.node, cst.BaseExpression) else None


def _functions_in(value: Value) -> Iterator[Function]:
    """The functions that a value may be, or be the derivative of."""
    for option in alternatives(value):
        if isinstance(option.shape, Function):
            yield option.shape
        elif isinstance(option.shape, Derivative):
            yield from _functions_in(option.shape.objective)


def _called_name(callee: Value) -> str:
    """The last part of the name of what is called."""
    shape = callee.shape
    if isinstance(shape, Imported):
        return shape.dotted.rpartition(".")[2]
    if isinstance(shape, Function):
        return shape.scope.rpartition(".")[2]
    return shape.cls.scope if isinstance(shape, Instance) else shape.scope if isinstance(shape, Class) else ""
