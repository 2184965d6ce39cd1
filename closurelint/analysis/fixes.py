"""The edits that can mend a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.syntax import expressions_in, functions_in, names_in, parameter_node
from closurelint.diagnostic import Edit, Fix, Range
from closurelint.subjects import Capture

if TYPE_CHECKING:
    from closurelint.analysis.findings import Finding


class Fixes:
    """The edits that can mend a site, each None where it is not one clear change."""

    def __init__(self, finding: Finding, captures: tuple[Capture, ...]) -> None:
        self.finding = finding
        self.captures = captures
        self.function = finding.objective
        self.module = finding.objective.module
        self.node = finding.objective.node

    def rename(self) -> Fix | None:
        """`W` to `_`: says that the parameter is known to be unused."""
        name = self.finding.parameter
        if not name or self.finding.model:
            return None
        names = self.module.names(self.node)
        others = [item.name for item in self.module.parameters(self.node)]
        if self.finding.flow != "never read" or name == "_" or "_" in others or "_" in names.loads | names.stores:
            return None
        param = parameter_node(self.function, name)
        if param.annotation is not None or name in names.stores | names.loads:
            return None
        edit = Edit(self.module.range(param.name), "_")
        return Fix(f"rename `{name}` to `_`", (edit,), "safe")

    def use_parameter(self) -> Fix | None:
        """The parameter in the place of the point's own variable."""
        point = self.finding.point
        if self.finding.flow == "reaches" or point is None or point.node is None:
            return None
        text = self.module.source(point.node)
        if self.finding.frame.module is not self.module or text == self.finding.parameter:
            return None
        nodes = [node for node in expressions_in(self.node.body) if self.module.source(node) == text]
        name = self.finding.parameter
        if not nodes or "\n" in text or self._is_hidden(name, nodes):
            return None
        edits = tuple(Edit(self.module.range(node), name) for node in nodes)
        return Fix(f"use the parameter `{name}` instead of `{text}`", edits, "unsafe")

    def _is_hidden(self, name: str, nodes: list[cst.BaseExpression]) -> bool:
        """Whether one of these stands in a function inside the objective that has a parameter of that name itself."""
        for inner in functions_in(self.node.body):
            own = {item.name for item in self.module.parameters(inner)}
            within = {id(node) for node in expressions_in(inner.body)} if name in own else set()
            if any(id(node) in within for node in nodes):
                return True
        return False

    def write_through(self) -> Fix | None:
        """Put the parameter where the captured state holds the point, before it is read."""
        point = self.finding.point
        if (
            point is None
            or not isinstance(self.node, cst.FunctionDef)
            or not isinstance(self.node.body, cst.IndentedBlock)
        ):
            return None
        place = point.value.place
        if self.finding.shared is not True or place is None or not place.path or point.node is None:
            return None
        if self.finding.differentiator.delivery not in ("in-place", "copy"):
            return None
        if not isinstance(point.node, cst.Attribute | cst.Subscript) or self.finding.frame.module is not self.module:
            return None
        first = next(iter(self.node.body.body))
        start = self.module.range(first).start
        text = f"{self.module.source(point.node)} = {self.finding.parameter}\n{' ' * (start.column - 1)}"
        edit = Edit(Range(start, start), text)
        return Fix(f"write `{self.finding.parameter}` to `{self.module.source(point.node)}` first", (edit,), "unsafe")

    def recompute(self) -> Fix | None:
        """Compute the value inside the objective, of the parameter, instead of before it."""
        point = self.finding.point
        if not isinstance(self.node, cst.Lambda) or point is None or not isinstance(point.node, cst.Name):
            return None
        body = self.node.body
        if not isinstance(body, cst.Name):
            return None
        value = self.function.frame.visible(body.value)
        computed = None if value is None else value.node
        if not isinstance(computed, cst.Call | cst.BinaryOperation):
            return None
        names = [name for name in names_in(computed) if name.value == point.node.value]
        if not names or any(isinstance(node, cst.Lambda) for node in expressions_in(computed)):
            return None
        # a closure that is differentiated by a model takes nothing: the model is the same inside
        name = self.finding.parameter
        replaced = computed.visit(_Rename(point.node.value, name)) if name else computed
        assert isinstance(replaced, cst.BaseExpression)
        text = self.module.source(replaced)
        if "\n" in text:
            return None
        edit = Edit(self.module.range(body), text)
        return Fix(f"compute `{body.value}` inside the objective", (edit,), "unsafe")


class _Rename(cst.CSTTransformer):
    """Renames a variable where it is read; attributes and keywords of that name stay."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__()
        self.old, self.new = old, new

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        """Restore the attribute's own name."""
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        """Restore the keyword."""
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        """Rename."""
        return updated_node.with_changes(value=self.new) if updated_node.value == self.old else updated_node
