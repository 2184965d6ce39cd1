"""What a call does to abstract values: project functions are looked into, known library functions do what the
catalogue says of them, and anything unseen passes everything that it is given through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.dataflow import Interpreter, OutOfBudget
from closurelint.analysis.expectations import compared
from closurelint.analysis.facts import dotted_name, statements
from closurelint.analysis.unfinished import is_unfinished
from closurelint.analysis.values import (
    ANY_ITEM,
    CODE,
    GRADIENT_CUT,
    LIVE,
    NOTHING,
    TRACE_CUT,
    UNKNOWN,
    Applied,
    Argument,
    Arguments,
    Class,
    Cut,
    Dependences,
    Derivative,
    Entries,
    Frame,
    Function,
    Imported,
    Instance,
    Items,
    Iteration,
    LibraryObject,
    Member,
    OneOf,
    Place,
    Probe,
    Root,
    Shape,
    Value,
    alternatives,
    depending,
    joined,
    united,
    weakened,
)

if TYPE_CHECKING:
    from closurelint.analysis.facts import ModuleFacts
    from closurelint.analysis.probe import ProbeNotes
    from closurelint.analysis.recorder import Recorder
    from closurelint.analysis.resolve import Project
    from closurelint.catalogue import Catalogue, Operation

DEPTH_LIMIT = 12
INLINE_STEPS = (800, 2_500)
"""What looking into one call may cost, outside of an objective and in one; a costlier one is taken as unseen."""

_LEVELS = {"trace": TRACE_CUT, "gradient": GRADIENT_CUT}
_FAILURE_CONTEXTS = frozenset(
    "raises assertRaises assertRaisesRegex check_raises assertRaisesWithLiteralMatch warns assertWarns "
    "assertWarnsRegex deprecated_call".split()
)
_PURE = frozenset(
    "numpy jax torch tensorflow math scipy autograd mlx cmath statistics operator itertools functools builtins "
    "types optax jaxlib chex einops functorch".split()
)
"""Packages whose functions keep nothing of what they are given and read nothing else."""

_PURE_METHODS = frozenset(
    "dot matmul mm bmm mv sum mean std var max min prod cumsum cumprod norm pow sqrt exp log abs add sub mul div "
    "reshape view ravel flatten transpose permute squeeze unsqueeze expand repeat astype to float double half "
    "clip clamp softmax sigmoid tanh relu format join split get keys values items copy clone index count".split()
)
_WRITING = ("tofile", "to_", "save", "dump", "write", "export")
_GROWING = frozenset({"append", "add", "extend", "insert", "update", "setdefault", "push", "put"})


class Calls:
    """The calls of one interpreter."""

    def __init__(self, run: Interpreter, catalogue: Catalogue, project: Project) -> None:
        self.run = run
        self.catalogue = catalogue
        self.project = project
        self.recorder: Recorder | None = None
        self.stack: list[cst.CSTNode] = []
        self.outermost: list[tuple[cst.CSTNode, Frame]] = []
        self.failing: set[cst.CSTNode] = set()
        self.passed: set[cst.CSTNode] = set()
        self.costly: set[tuple[cst.CSTNode, int]] = set()
        self.probe: ProbeNotes | None = None
        self.made: list[tuple[Value, Arguments]] | None = None
        self.met: dict[str, Function | Class] = {}
        self._unfinished: dict[cst.CSTNode, bool] = {}
        run.calls = self

    # -- what the interpreter asks ------------------------------------------------------------------------------

    def evaluate(self, node: cst.Call, frame: Frame, discarded: bool = False) -> Value:
        """The value of a call; `discarded` when it stands as a statement of its own."""
        callee = self.run.expression(node.func, frame)
        items = []
        looked_into = self.run.epoch > 0 and self._is_project_code(callee)
        with self.run.expecting(compared(node)):
            for arg in node.args:
                if looked_into and isinstance(arg.value, cst.Name):
                    value = self._handed(arg.value, callee, frame)
                else:
                    value = self.run.expression(arg.value, frame)
                keyword = None if arg.keyword is None else arg.keyword.value
                items.append(Argument(value, keyword, arg.star, arg.value))
        arguments = _spread(items)
        if self.made is not None:
            self.made.append((callee, arguments))
        if self.expects_failure(node, frame):
            self.failing.update(function.node for item in items for function in _functions_in(item.value))
        value = self.call(callee, arguments, node, frame, discarded)
        filled = arguments.keywords.get("out")
        if filled is not None and self.run.epoch:
            # `np.multiply(w, w, out=buffer)`
            self.run.taint(filled.value, united(*(item.value.deps for item in arguments.items)))
        if discarded and self.run.epoch and not isinstance(callee.shape, Function | Class):
            self._discard(callee, arguments, node)
        return value

    def _is_project_code(self, callee: Value) -> bool:
        """Whether a call goes to code of the project, which is looked into."""
        return isinstance(self._shape_elsewhere(callee.shape), Function | Class | Instance)

    def _elsewhere(self, dotted: str, origin: ModuleFacts | None) -> Value | None:
        """The value of a name that another file of the project defines; None if it is a library's."""
        if origin is None or not self._is_unknown(dotted):
            return None
        found = self.project.resolve(dotted, origin, self)
        if found is not None and isinstance(found.shape, Function | Class):
            self.met[dotted] = found.shape
        return found

    def _shape_elsewhere(self, shape: Shape | None) -> Shape | None:
        """What something imported is where it is defined, if that is in the project; anything else as it is."""
        if not isinstance(shape, Imported):
            return shape
        found = self._elsewhere(shape.dotted, shape.origin)
        return None if found is None else found.shape

    def understood(self, value: Value) -> Value:
        """An object of a class that another file of the project defines, as an instance of that class."""
        shape = value.shape
        if not isinstance(shape, LibraryObject) or shape.origin is None or not self.run.epoch:
            return value
        cls = self._shape_elsewhere(Imported(shape.dotted, shape.origin))
        return replace(value, shape=Instance(cls)) if isinstance(cls, Class) else value

    def _handed(self, node: cst.Name, callee: Value, frame: Frame) -> Value:
        """An argument of a call that is looked into: handing the parameter on is not yet reading it."""
        before = set(self.run.varied_reads)
        value = self.run.expression(node, frame)
        for root in self.run.varied_reads - before:
            self.run.handed_to.setdefault(root, _called_name(callee))
        self.run.varied_reads = before
        return value

    def _discard(self, callee: Value, arguments: Arguments, node: cst.Call) -> None:
        """A call that stands alone is made for what it does: what it was given may turn up anywhere."""
        dotted = _imported_name(callee)
        name = callee.shape.name if isinstance(callee.shape, Member) else dotted.rpartition(".")[2]
        consumed = dotted in self.catalogue.consumers or "." + name + "()" in self.catalogue.consumers
        if consumed and "file" not in arguments.keywords:
            return
        if dotted in self.catalogue.functional or _is_functional_update(node.func):
            return
        given = united(*(item.value.deps for item in arguments.items))
        receiver = _receiver(callee)
        is_parameter = receiver is not None and receiver.place is not None and receiver.place.root.kind == "varied"
        if receiver is not None and (name.startswith(_WRITING) if is_parameter else name not in _PURE_METHODS):
            # `frame.to_csv(path)`: what a thing is made of goes where it is written to
            given = united(given, receiver.deps)
        self.run.escape(weakened(given, _cut_of_write(node.func)))
        grows = name in _GROWING and receiver is not None and isinstance(receiver.shape, Items | Entries)
        if dotted.partition(".")[0] not in _PURE and name not in _PURE_METHODS and not grows:
            self.run.stirred = bool(self.run.escaped)

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
            return self._construct(shape, arguments, node)
        if isinstance(shape, Applied):
            return self.call(shape.callee, shape.arguments.then(arguments), node, frame, discarded)
        if isinstance(shape, Imported):
            return self._call_imported(shape, arguments, node, frame, discarded)
        if isinstance(shape, Derivative):
            return self._call_derivative(shape, arguments, node, frame)
        if isinstance(shape, LibraryObject):
            return self._call_library_object(callee, shape, arguments, node, frame, discarded)
        if isinstance(shape, Member):
            return self._call_member(callee, shape, arguments, node, frame, discarded)
        method = self.called_method(callee, node)
        if method is not None:
            return self.call(method, arguments, node, frame, discarded)
        if isinstance(shape, Probe):
            return self._call_probe(shape, arguments, node)
        return self.opaque(callee, arguments, node)

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
        dotted = _imported_name(self.run.expression(annotation, frame))
        owner = self.catalogue.returns.get(dotted, dotted)
        return LibraryObject(owner, Arguments()) if owner in self.catalogue.owners else None

    def attribute(self, base: Value, name: str) -> Value | None:
        """An attribute that follows from what the base is; None if nothing special is known."""
        shape = base.shape
        if isinstance(shape, Imported):
            return Value(shape=Imported(f"{shape.dotted}.{name}", shape.origin))
        if isinstance(shape, Class):
            return shape.members.get(name)
        if isinstance(shape, Function | Derivative | Applied):
            return Value(shape=shape) if name in ("__wrapped__", "func", "construct") else None
        operation = None if isinstance(shape, Instance) else self.catalogue.operation("." + name)
        if operation is not None and operation.kind == "attribute":
            if operation.cuts == "always":
                return Value(NOTHING, fresh=True)
            cut = Cut(_LEVELS[operation.cuts], f"`.{name}`")
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
        dotted = _imported_name(maker)
        if isinstance(node, cst.Call):
            dotted = dotted or _imported_name(self.run.expression(node.func, frame))
        if dotted in self.catalogue.definition_decorators:
            # its gradient is what other code says, so it is not looked into
            return Value(shape=Imported(f"{dotted}.__wrapped__"), node=value.node)
        if dotted in self.catalogue.spreading_decorators and isinstance(value.shape, Function):
            return replace(value, shape=replace(value.shape, spread=True))
        if isinstance(node, cst.Call) and dotted in self.catalogue.wrappers:
            # what it was called with configures it: `@qml.qnode(device)`
            return value
        context = self.context_cut(node, frame)
        if context is not None and isinstance(value.shape, Function):
            return replace(value, shape=replace(value.shape, cut=context))
        target = shape.callee.shape if isinstance(shape, Applied) else shape
        if isinstance(target, Imported) and (
            self.catalogue.function(target.dotted) is not None or target.dotted in self.catalogue.wrappers
        ):
            return self.call(maker, arguments, node, frame)
        return self._wrapped(maker, value, arguments, node, frame)

    def _wrapped(
        self, maker: Value, value: Value, arguments: Arguments, node: cst.BaseExpression, frame: Frame
    ) -> Value:
        """What a decorator of the project makes of a function: the function still, but called by way of another."""
        shape = self._shape_elsewhere(maker.shape)
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

    def expects_failure(self, node: cst.BaseExpression, frame: Frame) -> bool:
        """Whether this is `pytest.raises(...)`, `self.assertWarns(...)` or a like of it."""
        if not isinstance(node, cst.Call):
            return False
        name = dotted_name(node.func).rpartition(".")[2]
        if name == "catch_warnings":
            # whoever records warnings waits for one
            return any(arg.keyword is not None and arg.keyword.value == "record" for arg in node.args)
        return name in _FAILURE_CONTEXTS

    def context_cut(self, node: cst.BaseExpression, frame: Frame) -> Cut | None:
        """What a context manager does to gradients: `torch.no_grad()` cuts them."""
        callee = node.func if isinstance(node, cst.Call) else node
        dotted = _imported_name(self.run.expression(callee, frame)) if dotted_name(callee) else ""
        operation = self.catalogue.operation(dotted) if dotted else None
        if operation is None or operation.kind != "context":
            return None
        if isinstance(node, cst.Call) and node.args:
            switch = node.args[0].value
            if isinstance(switch, cst.Name) and switch.value == "True" and "set_grad_enabled" in dotted:
                return None
        return Cut(_LEVELS.get(operation.cuts, TRACE_CUT), f"`{dotted}`")

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
                frame.variables.update(known)
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

    # -- functions and classes of the project -------------------------------------------------------------------

    def _call_project(
        self, callee: Value, function: Function, arguments: Arguments, node: cst.CSTNode, frame: Frame
    ) -> Value:
        if self.recorder is not None and self.run.epoch == 0:
            inferred = self.recorder.own.inferred(function, arguments)
            if inferred is not None:
                return self.recorder.apply(inferred, arguments, node, frame)
        return self.call_function(function, arguments, node, frame)

    def call_function(
        self, function: Function, arguments: Arguments, node: cst.CSTNode, frame: Frame | None = None
    ) -> Value:
        """Look into a function of the project with these arguments."""
        if function.wrapper is not None:
            wrapper = function.wrapper
            function = replace(
                wrapper,
                args=(*wrapper.args, *function.args),
                keywords=(*wrapper.keywords, *function.keywords),
            )
        given = united(*(item.value.deps for item in arguments.items), *(value.deps for value in function.args))
        unfinished = self.is_unfinished(function)
        if self.stack.count(function.node) >= 2 or len(self.stack) >= DEPTH_LIMIT or unfinished:
            if unfinished and self.run.epoch:
                self.run.escape(given)
            return self._unseen(function, given, arguments, node)
        facts = function.module.names(function.node)
        inner = Frame(
            function.frame, function.module, self.run.epoch, function.scope, outer_names=facts.outer, inlined=True
        )
        self.bind_parameters(function, arguments, inner)
        result = self._looked_into(function, inner, node, frame)
        if result is None:
            return self._unseen(function, given, arguments, node)
        if self.run.epoch:
            result = _finished(result, given, inner)
        if result.place is None and result.shape is None:
            # computed by this call, whatever computed it inside
            result = replace(result, node=node)
        receiver = function.args[0] if function.args else None
        if receiver is not None and self.run.epoch and isinstance(receiver.shape, Instance):
            # what an object was made of comes back through its methods, by ways that are not followed here
            result = depending(result, self.run.varied(receiver.deps))
        return replace(result, deps=weakened(result.deps, function.cut)) if function.cut.level else result

    def is_unfinished(self, function: Function) -> bool:
        """Whether the function is still to be written."""
        known = self._unfinished.get(function.node)
        if known is None:
            known = self._unfinished[function.node] = is_unfinished(function.module, function.node)
        return known

    def _unseen(self, function: Function, given: Dependences, arguments: Arguments, node: cst.CSTNode) -> Value:
        """What a function that is not looked into returns: of all that it is given, and of all that it can see."""
        if self.made is not None:
            self.made.append((UNKNOWN, Arguments()))
        seen = self.run.closed_over(function.node, function.frame)
        return Value(united(given, seen, self._code_dependences(arguments)), None, None, False, node)

    def _looked_into(self, function: Function, inner: Frame, node: cst.CSTNode, frame: Frame | None) -> Value | None:
        """The result of a body; None where looking into it costs too much."""
        run, outermost = self.run, frame is not None and not frame.inlined
        steps, depth, stacked = run.steps_left, run.depth, len(self.stack)
        limited = depth == 0
        if limited:
            if (function.node, run.epoch) in self.costly:
                return None
            run.steps_left = min(steps, INLINE_STEPS[min(run.epoch, 1)])
        self.stack.append(function.node)
        run.depth += 1
        if outermost and frame is not None:
            self.outermost.append((node, frame))
        try:
            return self.body(function, inner)
        except OutOfBudget:
            if not limited:
                raise
            self.costly.add((function.node, run.epoch))
            return None
        finally:
            del self.stack[stacked:]
            run.depth = depth
            if outermost:
                self.outermost.pop()
            if limited:
                run.steps_left = steps - 1

    def body(self, function: Function, inner: Frame) -> Value:
        """What a function returns, its parameters being bound in `inner` already."""
        if isinstance(function.node, cst.Lambda):
            return self.run.expression(function.node.body, inner)
        before, self.run.registered = self.run.registered, NOTHING
        given = NOTHING
        if self.run.epoch and function.module.names(function.node).dynamic:
            # `globals()[name] = w`, `eval("w")`: what it is given may be written or read under any name
            given = self.run.varied(united(*(value.deps for value in inner.variables.values())))
            self.run.escape(given)
            self.run.stirred = bool(self.run.escaped)
        self.run.execute(function.node.body, inner)
        registered, self.run.registered = self.run.registered, united(before, self.run.registered)
        if not inner.returns:
            return Value(literal=True, node=function.node)
        value = joined(inner.returns)
        return depending(value, united(registered, given))

    def bind_parameters(self, function: Function, arguments: Arguments, inner: Frame) -> None:
        """Bind arguments to parameters as a call does; what no argument reaches gets its default."""
        positional, rest, named = self._expanded(function, arguments)
        for parameter in function.module.parameters(function.node):
            name = parameter.name
            if parameter.star == "*":
                value = Value(
                    united(*(item.deps for item in positional), rest.deps if rest else NOTHING),
                    rest.place if rest is not None and not positional else None,
                    None if rest is not None else Items(tuple(positional)),
                )
                positional = []
            elif parameter.star == "**":
                value = Value(united(*(item.deps for item in named.values())), shape=Entries(dict(named)))
            elif positional and not parameter.keyword_only:
                value = positional.pop(0)
            elif name in named:
                value = named.pop(name)
            elif rest is not None:
                value = rest
            elif name in function.defaults:
                value = function.defaults[name]
                if function.frame.epoch < self.run.epoch:
                    value = self.run.captured(value, name)
            else:
                value = UNKNOWN
            inner.variables[name] = self.run.placed(name, value, inner)

    def _expanded(self, function: Function, arguments: Arguments) -> tuple[list[Value], Value | None, dict[str, Value]]:
        positional = list(function.args)
        named = dict(function.keywords)
        rest: Value | None = None
        for item in arguments.items:
            if item.star == "*" and isinstance(item.value.shape, Items):
                positional.extend(item.value.shape.values)
            elif item.star == "**" and isinstance(item.value.shape, Entries):
                named.update(item.value.shape.values)
            elif item.star:
                part = self.run.element(item.value, item.node)
                rest = part if rest is None else joined((rest, part))
            elif item.keyword is not None:
                named[item.keyword] = item.value
            else:
                positional.append(item.value)
        return positional, rest, named

    def _construct(self, cls: Class, arguments: Arguments, node: cst.CSTNode) -> Value:
        given = united(*(item.value.deps for item in arguments.items))
        root = Root("", "object", node, frozenset(given), fresh=True, module=cls.module)
        place = Place(root)
        made = Value(united({place: LIVE}, given), place, Instance(cls), node=node)
        init = cls.members.get("__init__")
        if init is not None and isinstance(init.shape, Function):
            self.call_function(replace(init.shape, args=(made,)), arguments, node)
        else:
            fields = [
                item.target.value
                for item in statements(cls.node.body)
                if isinstance(item, cst.AnnAssign) and isinstance(item.target, cst.Name)
            ]
            for name, item in zip(fields, arguments.positional, strict=False):
                self.run.write(place.step("." + name), item.value, strong=True)
            for name, item in arguments.keywords.items():
                self.run.write(place.step("." + name), item.value, strong=True)
        return made

    # -- libraries ----------------------------------------------------------------------------------------------

    def _call_imported(
        self, imported: Imported, arguments: Arguments, node: cst.CSTNode, frame: Frame, discarded: bool
    ) -> Value:
        dotted = imported.dotted
        catalogue = self.catalogue
        special = _SPECIAL.get(dotted)
        if special is not None:
            return special(self, arguments, node, frame)
        differentiator = catalogue.function(dotted)
        if differentiator is not None and self.recorder is not None:
            return self.recorder.apply(differentiator, arguments, node, frame)
        if dotted in catalogue.wrappers:
            wrapped = arguments.find(catalogue.wrappers[dotted], ("fun", "f", "fn", "func", "model"))
            if wrapped is None:
                return Value(shape=Applied(Value(shape=imported), arguments))
            return wrapped.value
        operation = catalogue.operation(dotted)
        if operation is not None and operation.kind == "function":
            return self._operate(operation, dotted, arguments, node)
        if dotted in catalogue.reporters:
            self.run.registered = united(self.run.registered, *(item.value.deps for item in arguments.items))
            return Value(literal=True, node=node)
        if dotted in catalogue.consumers:
            return Value(literal=True, node=node)
        returned = catalogue.returns.get(dotted)
        if returned is not None:
            return self._library_object(returned, arguments, node)
        project = self._project_value(imported, arguments)
        if project is not None:
            return self.call(project, arguments, node, frame, discarded)
        by_name = catalogue.by_name(dotted.rpartition(".")[2])
        if by_name is not None and self.recorder is not None and self._is_unknown(dotted):
            return self.recorder.apply(by_name, arguments, node, frame)
        if dotted.rpartition(".")[2][:1].isupper():
            made = self._library_object(dotted, arguments, node, imported.origin)
            if discarded and self.run.epoch:
                # made and thrown away: it registers itself, as the gates of a quantum circuit do
                self.run.registered = united(self.run.registered, made.deps)
            return made
        shared = catalogue.shares_storage(dotted)
        if shared is not None and arguments.items:
            first = arguments.items[0].value
            deps = united(*(item.value.deps for item in arguments.items))
            return Value(deps, first.place if shared else None, None, False, node, fresh=not shared or first.fresh)
        return self.opaque(Value(shape=imported), arguments, node)

    def _is_unknown(self, dotted: str) -> bool:
        return dotted.startswith(".") or dotted.partition(".")[0] not in self.catalogue.libraries

    def _project_value(self, imported: Imported, arguments: Arguments) -> Value | None:
        takes_code = any(isinstance(item.value.shape, Function | OneOf | Probe) for item in arguments.items)
        return self._elsewhere(imported.dotted, imported.origin) if self.run.epoch or takes_code else None

    def _library_object(
        self, dotted: str, arguments: Arguments, node: cst.CSTNode, origin: ModuleFacts | None = None
    ) -> Value:
        self._pass_on(arguments)
        given = united(*(item.value.deps for item in arguments.items))
        if dotted.partition(".")[0] not in _PURE:
            # it may register itself somewhere, as the operations of a quantum circuit do
            self.run.escape(given)
        return Value(given, None, LibraryObject(dotted, arguments, node, origin), node=node, fresh=True)

    def _operate(self, operation: Operation, name: str, arguments: Arguments, node: cst.CSTNode | None) -> Value:
        positional = arguments.items
        if operation.positions is not None:
            chosen = [item for index, item in enumerate(positional) if index in operation.positions]
        else:
            chosen = list(positional)
        cut_deps = united(*(item.value.deps for item in chosen))
        kept = united(*(item.value.deps for item in positional if item not in chosen))
        if operation.cuts == "always":
            deps = kept
        else:
            deps = united(kept, weakened(cut_deps, Cut(_LEVELS[operation.cuts], f"`{_short(name)}`")))
        return Value(deps, None, None, all(item.value.literal for item in positional), node, fresh=True)

    def _call_library_object(
        self,
        callee: Value,
        shape: LibraryObject,
        arguments: Arguments,
        node: cst.CSTNode,
        frame: Frame,
        discarded: bool,
    ) -> Value:
        method = self.catalogue.method(shape.dotted, "__call__")
        if method is not None and self.recorder is not None:
            return self.recorder.apply(method, arguments, node, frame, shape)
        return self.opaque(callee, arguments, node)

    def _call_derivative(self, shape: Derivative, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
        if self.recorder is not None and self.run.epoch == 0:
            self.recorder.called(shape, arguments, node, frame)
        given = united(*(item.value.deps for item in arguments.items))
        if self.run.epoch:
            result = self.call(shape.objective, arguments, node, frame)
            return Value(united(result.deps, given), None, None, False, node)
        return Value(given, None, None, False, node)

    # -- methods ------------------------------------------------------------------------------------------------

    def _call_member(
        self, callee: Value, member: Member, arguments: Arguments, node: cst.CSTNode, frame: Frame, discarded: bool
    ) -> Value:
        receiver, name = member.receiver, member.name
        if self.recorder is not None:
            applied = self.recorder.apply_method(receiver, name, arguments, node, frame)
            if applied is not None:
                return applied
        if name in ("items", "keys") and not arguments.items:
            parts: tuple[Value | None, ...] = (None,)
            if name == "items":
                parts = (None, _values_of(receiver))
            return Value(receiver.deps, receiver.place, Iteration(parts), node=node)
        if name == "values" and not arguments.items:
            return _values_of(receiver)
        if name == "get" and arguments.items:
            return (
                self.run.element(receiver, node)
                if not isinstance(receiver.shape, Entries)
                else joined((*receiver.shape.values.values(),))
            )
        operation = self.catalogue.operation("." + name + "()")
        if operation is not None and operation.kind == "method":
            return self._operate_method(operation, receiver, arguments, node)
        shared = self.catalogue.shares_storage("." + name)
        if shared is not None:
            deps = united(receiver.deps, *(item.value.deps for item in arguments.items))
            copied = shared is False or _asks_for_copy(arguments)
            fresh = copied or receiver.fresh
            return Value(deps, None if copied else receiver.place, None, receiver.literal, node, fresh)
        return self.opaque(callee, arguments, node)

    def _operate_method(self, operation: Operation, receiver: Value, arguments: Arguments, node: cst.CSTNode) -> Value:
        rest = united(*(item.value.deps for item in arguments.items))
        if operation.cuts == "always":
            return Value(rest, None, None, False, node, fresh=True)
        name = operation.name.strip(".()")
        deps = weakened(receiver.deps, Cut(_LEVELS[operation.cuts], f"`.{name}()`"))
        shared = self.catalogue.shares_storage("." + name)
        place, fresh = (receiver.place, receiver.fresh) if shared else (None, shared is False)
        return Value(united(deps, rest), place, None, receiver.literal, node, fresh)

    # -- anything else ------------------------------------------------------------------------------------------

    def opaque(self, callee: Value, arguments: Arguments, node: cst.CSTNode) -> Value:
        """A call of something unseen: it passes on all that it is given and may keep it anywhere it can reach."""
        run = self.run
        self._pass_on(arguments)
        given = self._returned_by(callee, arguments)
        if given is None:
            given = united(*(item.value.deps for item in arguments.items), self._code_dependences(arguments))
        receiver = _receiver(callee)
        own = self._of_imported(callee.shape, node) if isinstance(callee.shape, Imported) else callee.deps
        if receiver is not None:
            # a method stands for its object: its own name is no place that a number is stored in
            own = united(receiver.deps, {place: cut for place, cut in own.items() if place != callee.place})
        dotted = _imported_name(callee)
        pure = dotted.partition(".")[0] in _PURE or dotted in self.catalogue.functional
        pure = pure and dotted not in self.catalogue.readers
        back = NOTHING if pure or self._is_arithmetic(callee, receiver) else run.escaped
        if not pure and not (isinstance(callee.shape, Member) and callee.shape.name in _PURE_METHODS):
            run.opened.update(own, given)
        if run.epoch and dotted not in self.catalogue.functional:
            if not dotted.startswith("builtins."):
                self._effects(receiver, arguments, given, node)
            if receiver is None and not pure:
                run.escape(given)
        elif isinstance(callee.shape, Member) and callee.shape.name in _GROWING:
            place = callee.shape.receiver.place
            if place is not None:
                run.write(place, Value(given, node=node), strong=False)
                for item in arguments.items:
                    if isinstance(item.value.shape, CODE):
                        run.write(place.step(ANY_ITEM), item.value, strong=False)
        return Value(united(own, given, back), None, None, False, node, fresh=pure)

    def _of_imported(self, imported: Imported, node: cst.CSTNode) -> Dependences:
        """What a function of a project's file that cannot be seen may read there: state that goes by its own name."""
        if not self.run.epoch or not self._is_unknown(imported.dotted):
            return NOTHING
        spelled = dotted_name(node.func) if isinstance(node, cst.Call) else ""
        name = spelled.partition(".")[0] or imported.dotted.rpartition(".")[2]
        return {Place(self.run.unknown_root(name, imported.origin)): LIVE}

    def _is_arithmetic(self, callee: Value, receiver: Value | None) -> bool:
        """Whether this is a method like `.sum()` of a number that was computed just now, which nothing can change."""
        if receiver is None or receiver.place is not None or not isinstance(callee.shape, Member):
            return False
        return receiver.shape is None and callee.shape.name in _PURE_METHODS

    def _pass_on(self, arguments: Arguments) -> None:
        """Remember the functions that something unseen was given to call."""
        self.passed.update(
            option.shape.node
            for item in arguments.items
            if item.keyword is None
            for option in alternatives(item.value)
            if isinstance(option.shape, Function)
        )

    def _effects(self, receiver: Value | None, arguments: Arguments, given: Dependences, node: cst.CSTNode) -> None:
        callee = node.func if isinstance(node, cst.Call) else None
        if callee is not None and _is_functional_update(callee):
            return
        given = weakened(given, _cut_of_write(callee))
        method = callee.attr.value if isinstance(callee, cst.Attribute) else ""
        if receiver is not None and method not in _PURE_METHODS:
            self.run.taint(receiver, given)
        elif receiver is not None:
            return
        pure = False
        if receiver is None and callee is not None:
            pure = dotted_name(callee).partition(".")[0] in (
                "np",
                "jnp",
                "torch",
                "math",
                "F",
                "jax",
                "tf",
                "pnp",
                "mx",
            )
        if pure and not method.endswith("_") and method not in self.catalogue.writers:
            return
        if pure and method in ("vector_to_parameters", "copyto"):
            for item in arguments.items:
                self.run.taint(item.value, given)
            return
        for item in arguments.items:
            if item.value.place is not None and not isinstance(item.value.shape, Items | Entries):
                self.run.taint(item.value, given)

    def _code_dependences(self, arguments: Arguments) -> Dependences:
        """What functions among the arguments would return, were they called with the other arguments."""
        found: list[Dependences] = []
        others = united(*(item.value.deps for item in arguments.items))
        for item in arguments.items:
            for option in alternatives(item.value):
                if isinstance(option.shape, Function | Derivative | Applied) and self.run.epoch:
                    found.append(self._called_anyhow(option, others).deps)
        return united(*found)

    def _returned_by(self, callee: Value, arguments: Arguments) -> Dependences | None:
        """What comes back from one that calls the function that it is given; None for any other callee.

        What the function closes over counts for as much as it uses, and no more.
        """
        dotted = _imported_name(callee)
        repeating = dotted in self.catalogue.repeating_callers
        if not self.run.epoch or not (repeating or dotted in self.catalogue.callers):
            return None
        code = [item.value for item in arguments.items if _is_followed(item.value)]
        others = united(*(item.value.deps for item in arguments.items if item.value not in code))
        if not code:
            return None
        returned = united(*(self._called_anyhow(option, others).deps for each in code for option in alternatives(each)))
        return united(returned, others) if repeating else returned

    def _called_anyhow(self, value: Value, given: Dependences) -> Value:
        shape = value.shape
        if isinstance(shape, Imported):
            operation = self.catalogue.operation(shape.dotted)
            known = operation is not None and operation.kind == "function"
            one = Arguments((Argument(Value(given), None, "", None),))
            return self._operate(operation, shape.dotted, one, None) if operation and known else Value(given)
        if isinstance(shape, Derivative):
            return joined(self._called_anyhow(option, given) for option in alternatives(shape.objective))
        if isinstance(shape, Function):
            anything = Argument(Value(given), None, "*", None)
            return self.call_function(shape, Arguments((anything,)), shape.node)
        if isinstance(shape, Applied):
            return Value(united(given, *(item.value.deps for item in shape.arguments.items)))
        return UNKNOWN

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


def _spread(items: list[Argument]) -> Arguments:
    """The arguments of a call, with what is known of `*values` and `**options` put in their place."""
    found: list[Argument] = []
    for item in items:
        shape = item.value.shape
        if item.star == "*" and isinstance(shape, Items):
            found.extend(Argument(part, None, "", _expression(part)) for part in shape.values)
        elif item.star == "**" and isinstance(shape, Entries):
            found.extend(Argument(part, key, "", _expression(part)) for key, part in shape.values.items())
        else:
            found.append(item)
    return Arguments(tuple(found))


def _expression(value: Value) -> cst.BaseExpression | None:
    return value.node if isinstance(value.node, cst.BaseExpression) else None


def _finished(value: Value, given: Dependences, inner: Frame) -> Value:
    """What a function returns: where it is a literal of its own, the body is yet to be written, and may use it all."""
    shape = value.shape
    if isinstance(shape, Items | OneOf):
        parts = tuple(_finished(part, given, inner) for part in shape.values)
        return replace(value, shape=replace(shape, values=parts))
    own = all(place.root.kind == "literal" and place.root.name in inner.variables for place in value.deps)
    return Value(given, None, None, False, value.node) if value.literal and shape is None and own else value


def _receiver(callee: Value) -> Value | None:
    """The object whose method is called; None for a function that was only put into an attribute."""
    if not isinstance(callee.shape, Member):
        return None
    receiver = callee.shape.receiver
    if receiver.place is None or callee.place in (None, receiver.place.step("." + callee.shape.name)):
        return receiver
    return None


def _is_followed(value: Value) -> bool:
    """Whether it is a function for sure, whose result can be told."""
    return all(isinstance(option.shape, Function | Imported | Applied) for option in alternatives(value))


def _functions_in(value: Value) -> Iterator[Function]:
    """The functions that a value may be, or be the derivative of."""
    for option in alternatives(value):
        if isinstance(option.shape, Function):
            yield option.shape
        elif isinstance(option.shape, Derivative):
            yield from _functions_in(option.shape.objective)


def _values_of(container: Value) -> Value:
    """A dict's values, to be iterated over."""
    if isinstance(container.shape, Entries):
        return replace(container, shape=Items(tuple(container.shape.values.values())))
    return replace(container, shape=None)


def _is_functional_update(callee: cst.BaseExpression) -> bool:
    """Whether this is `x.at[i].set`, which returns a new array and leaves `x` as it was."""
    base = callee.value if isinstance(callee, cst.Attribute) else None
    at = base.value if isinstance(base, cst.Subscript) else None
    return isinstance(at, cst.Attribute) and at.attr.value == "at"


def _cut_of_write(callee: cst.BaseExpression | None) -> Cut:
    """What a method loses of the number that it writes: PyTorch's parameters are written past the graph."""
    name = dotted_name(callee).rpartition(".")[2]
    if name in ("vector_to_parameters", "load_state_dict"):
        return Cut(TRACE_CUT, f"`{name}`")
    receiver = callee.value if isinstance(callee, cst.Attribute) else None
    if isinstance(receiver, cst.Attribute) and receiver.attr.value == "data" and name.endswith("_"):
        return Cut(TRACE_CUT, "`.data`")
    return LIVE


def _called_name(callee: Value) -> str:
    """The last part of the name of what is called."""
    shape = callee.shape
    if isinstance(shape, Imported):
        return shape.dotted.rpartition(".")[2]
    if isinstance(shape, Function):
        return shape.scope.rpartition(".")[2]
    return shape.cls.scope if isinstance(shape, Instance) else shape.scope if isinstance(shape, Class) else ""


def _imported_name(value: Value) -> str:
    return value.shape.dotted if isinstance(value.shape, Imported) else ""


def _short(dotted: str) -> str:
    return dotted.removeprefix("builtins.")


def _asks_for_copy(arguments: Arguments) -> bool:
    copy = arguments.keywords.get("copy")
    return copy is not None and isinstance(copy.node, cst.Name) and copy.node.value == "True"


def _partial(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    if not arguments.items:
        return UNKNOWN
    callee, rest = arguments.items[0].value, Arguments(arguments.items[1:])
    options = []
    for option in alternatives(callee):
        if isinstance(option.shape, Function):
            bound = replace(
                option.shape,
                args=(*option.shape.args, *(item.value for item in rest.positional if not item.star)),
                keywords=(*option.shape.keywords, *((key, item.value) for key, item in rest.keywords.items())),
            )
            deps = united(option.deps, *(item.value.deps for item in rest.items))
            options.append(replace(option, shape=bound, deps=deps))
        else:
            options.append(Value(shape=Applied(option, rest), node=node))
    return joined(options)


def _enumerate(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    parts = tuple(item.value for item in arguments.positional[:1])
    return Value(united(*(part.deps for part in parts)), shape=Iteration((None, *parts)), node=node)


def _zip(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    parts = tuple(item.value for item in arguments.positional)
    return Value(united(*(part.deps for part in parts)), shape=Iteration(parts), node=node)


def _same(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    return arguments.items[0].value if arguments.items else Value(literal=True, node=node)


def _rebuilt(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    if not arguments.items:
        return Value(literal=False, node=node, fresh=True)
    if arguments.items[0].keyword is not None:
        entries = {key: item.value for key, item in arguments.keywords.items()}
        return Value(united(*(part.deps for part in entries.values())), shape=Entries(entries), node=node)
    value = arguments.items[0].value
    # a new container, but of the same elements
    return replace(value, node=node)


def _namespace(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    """An object that holds what it is given under the names of the keywords, and nothing else."""
    if len(arguments.keywords) < len(arguments.items):
        return calls.opaque(UNKNOWN, arguments, node)
    calls._pass_on(arguments)
    given = united(*(item.value.deps for item in arguments.items))
    place = Place(Root("", "object", node, frozenset(given), fresh=True, module=frame.module))
    for name, item in arguments.keywords.items():
        calls.run.write(place.step("." + name), item.value, strong=True)
    return Value(united({place: LIVE}, given), place, node=node)


def _names_in_frame(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    return Value(united(*(value.deps for value in frame.variables.values())), node=node)


def _get_attribute(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    if len(arguments.items) < 2:
        return UNKNOWN
    base, name = arguments.items[0], arguments.items[1]
    if isinstance(name.node, cst.SimpleString):
        return calls.run.attribute(base.value, str(name.node.raw_value), node)
    return calls.run.element(base.value, node)


def _set_attribute(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    if len(arguments.items) >= 3 and arguments.items[0].value.place is not None:
        place, name = arguments.items[0].value.place, arguments.items[1].node
        if isinstance(name, cst.SimpleString):
            calls.run.write(place.step(f".{name.raw_value}"), arguments.items[2].value, strong=True)
        else:
            calls.run.write(place, arguments.items[2].value, strong=False)
    return Value(literal=True, node=node)


_SPECIAL: dict[str, Callable[[Calls, Arguments, cst.CSTNode, Frame], Value]] = {
    "functools.partial": _partial,
    "jax.tree_util.Partial": _partial,
    "equinox.Partial": _partial,
    "builtins.enumerate": _enumerate,
    "tqdm.tqdm": _same,
    "builtins.zip": _zip,
    "builtins.iter": _same,
    "builtins.reversed": _same,
    "builtins.list": _rebuilt,
    "builtins.tuple": _rebuilt,
    "builtins.dict": _rebuilt,
    "builtins.sorted": _rebuilt,
    "types.SimpleNamespace": _namespace,
    "argparse.Namespace": _namespace,
    "builtins.locals": _names_in_frame,
    "builtins.vars": _names_in_frame,
    "builtins.getattr": _get_attribute,
    "builtins.setattr": _set_attribute,
}
