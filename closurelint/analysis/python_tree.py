"""LibCST's nodes, made from the tree of Python's own parser, at a fraction of what LibCST's parser costs.

They mean what LibCST's own would mean, and lack what matters only where something is shown: white space, comments,
the way that numbers and strings are written, places. So they tell whether there is anything to show.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeVar

import libcst as cst

T = TypeVar("T", bound=cst.CSTNode)


class Unfit(Exception):
    """The text has to be left to LibCST's parser: this Python cannot read it, or what is in it is rare."""


def python_tree(text: str) -> cst.Module:
    """The tree of a text. Raises Unfit."""
    try:
        return _made(cst.Module, body=_statements(ast.parse(text).body))
    except (SyntaxError, ValueError, RecursionError, MemoryError, KeyError) as problem:
        raise Unfit from problem


_plans: dict[type, list[tuple[str, Callable[[object, object], None], object]]] = {}
"""For a kind of node, its fields: their names, what sets them, and their defaults."""


def _made(kind: type[T], **given: object) -> T:
    """A node of these fields; for the others, all nodes share one default.

    The constructors of LibCST make white space for each node, and check what Python's parser has checked already.
    """
    node = object.__new__(kind)
    plan = _plans.get(kind)
    if plan is None:
        plan = _plans[kind] = [
            (field.name, getattr(kind, field.name).__set__, _default(field)) for field in fields(kind)
        ]
    for name, put, default in plan:
        put(node, given.get(name, default))
    return node


def _default(field: Any) -> object:
    if field.default is not MISSING:
        return field.default
    return None if field.default_factory is MISSING else field.default_factory()


def _expression(node: ast.expr) -> cst.BaseExpression:
    return _EXPRESSIONS[type(node)](node)  # type: ignore[no-any-return]


def _perhaps(node: ast.expr | None) -> cst.BaseExpression | None:
    return None if node is None else _EXPRESSIONS[type(node)](node)


# -- statements -------------------------------------------------------------------------------------------------------


def _statements(body: Iterable[ast.stmt]) -> list[Any]:
    found = []
    for node in body:
        compound = _COMPOUND.get(type(node))
        found.append(
            _made(cst.SimpleStatementLine, body=[_SIMPLE[type(node)](node)]) if compound is None else compound(node)
        )
    return found


def _block(body: Iterable[ast.stmt]) -> cst.IndentedBlock:
    return _made(cst.IndentedBlock, body=_statements(body))


def _assign(node: ast.Assign) -> cst.Assign:
    targets = [_made(cst.AssignTarget, target=_expression(target)) for target in node.targets]
    return _made(cst.Assign, targets=targets, value=_expression(node.value))


def _annotated(node: ast.AnnAssign) -> cst.AnnAssign:
    annotation = _made(cst.Annotation, annotation=_expression(node.annotation))
    return _made(cst.AnnAssign, target=_expression(node.target), annotation=annotation, value=_perhaps(node.value))


def _augmented(node: ast.AugAssign) -> cst.AugAssign:
    operator = _AUGMENTING[type(node.op)]
    return _made(cst.AugAssign, target=_expression(node.target), operator=operator, value=_expression(node.value))


def _raise(node: ast.Raise) -> cst.Raise:
    cause = None if node.cause is None else _made(cst.From, item=_expression(node.cause))
    return _made(cst.Raise, exc=_perhaps(node.exc), cause=cause)


def _delete(node: ast.Delete) -> cst.Del:
    one = len(node.targets) == 1
    target = _expression(node.targets[0]) if one else _made(cst.Tuple, elements=_elements(node.targets))
    return _made(cst.Del, target=target)


def _dotted(name: str) -> Any:
    first, *others = name.split(".")
    node: Any = _identifier(first)
    for other in others:
        node = _made(cst.Attribute, value=node, attr=_identifier(other))
    return node


def _identifier(name: str) -> cst.Name:
    return _made(cst.Name, value=name)


def _as(name: str | None) -> cst.AsName | None:
    return None if name is None else _made(cst.AsName, name=_identifier(name))


def _aliases(names: Iterable[ast.alias]) -> list[cst.ImportAlias]:
    return [_made(cst.ImportAlias, name=_dotted(alias.name), asname=_as(alias.asname)) for alias in names]


def _import_from(node: ast.ImportFrom) -> cst.ImportFrom:
    names: object = cst.ImportStar() if node.names[0].name == "*" else _aliases(node.names)
    module = None if node.module is None else _dotted(node.module)
    return _made(cst.ImportFrom, module=module, names=names, relative=[cst.Dot()] * node.level)


def _scoped(kind: type, names: Iterable[str]) -> Any:
    return _made(kind, names=[_made(cst.NameItem, name=_identifier(name)) for name in names])


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[cst.Decorator]:
    return [_made(cst.Decorator, decorator=_expression(each)) for each in node.decorator_list]


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> cst.FunctionDef:
    if getattr(node, "type_params", None):
        raise Unfit
    returns = None if node.returns is None else _made(cst.Annotation, annotation=_expression(node.returns))
    return _made(
        cst.FunctionDef,
        name=_identifier(node.name),
        params=_parameters(node.args),
        body=_block(node.body),
        decorators=_decorators(node),
        returns=returns,
        asynchronous=_asynchronous(node),
    )


def _asynchronous(node: ast.AST) -> cst.Asynchronous | None:
    return cst.Asynchronous() if type(node).__name__.startswith("Async") else None


def _parameters(arguments: ast.arguments) -> cst.Parameters:
    positional = [*arguments.posonlyargs, *arguments.args]
    first_default = len(positional) - len(arguments.defaults)
    made = [
        _parameter(each, arguments.defaults[index - first_default] if index >= first_default else None)
        for index, each in enumerate(positional)
    ]
    keyword_only = [
        _parameter(each, default) for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    star: object = cst.MaybeSentinel.DEFAULT
    if arguments.vararg is not None:
        star = _parameter(arguments.vararg, None, "*")
    elif keyword_only:
        star = cst.ParamStar()
    return _made(
        cst.Parameters,
        params=made[len(arguments.posonlyargs) :],
        star_arg=star,
        kwonly_params=keyword_only,
        star_kwarg=None if arguments.kwarg is None else _parameter(arguments.kwarg, None, "**"),
        posonly_params=made[: len(arguments.posonlyargs)],
        posonly_ind=cst.ParamSlash() if arguments.posonlyargs else cst.MaybeSentinel.DEFAULT,
    )


def _parameter(node: ast.arg, default: ast.expr | None, star: str = "") -> cst.Param:
    annotation = None if node.annotation is None else _made(cst.Annotation, annotation=_expression(node.annotation))
    return _made(cst.Param, name=_identifier(node.arg), annotation=annotation, default=_perhaps(default), star=star)


def _class(node: ast.ClassDef) -> cst.ClassDef:
    if getattr(node, "type_params", None):
        raise Unfit
    return _made(
        cst.ClassDef,
        name=_identifier(node.name),
        body=_block(node.body),
        bases=[_argument(base) for base in node.bases],
        keywords=[_keyword(keyword) for keyword in node.keywords],
        decorators=_decorators(node),
    )


def _else(body: Sequence[ast.stmt]) -> cst.Else | None:
    return _made(cst.Else, body=_block(body)) if body else None


def _if(node: ast.If) -> cst.If:
    otherwise = node.orelse
    elif_ = len(otherwise) == 1 and isinstance(otherwise[0], ast.If)
    orelse = _statements(otherwise)[0] if elif_ else _else(otherwise)
    return _made(cst.If, test=_expression(node.test), body=_block(node.body), orelse=orelse)


def _for(node: ast.For | ast.AsyncFor) -> cst.For:
    return _made(
        cst.For,
        target=_expression(node.target),
        iter=_expression(node.iter),
        body=_block(node.body),
        orelse=_else(node.orelse),
        asynchronous=_asynchronous(node),
    )


def _while(node: ast.While) -> cst.While:
    return _made(cst.While, test=_expression(node.test), body=_block(node.body), orelse=_else(node.orelse))


def _with(node: ast.With | ast.AsyncWith) -> cst.With:
    items = []
    for item in node.items:
        bound = item.optional_vars
        asname = None if bound is None else _made(cst.AsName, name=_expression(bound))
        items.append(_made(cst.WithItem, item=_expression(item.context_expr), asname=asname))
    return _made(cst.With, items=items, body=_block(node.body), asynchronous=_asynchronous(node))


def _try(node: ast.Try) -> cst.Try:
    handlers = [
        _made(cst.ExceptHandler, body=_block(each.body), type=_perhaps(each.type), name=_as(each.name))
        for each in node.handlers
    ]
    last = _made(cst.Finally, body=_block(node.finalbody)) if node.finalbody else None
    return _made(cst.Try, body=_block(node.body), handlers=handlers, orelse=_else(node.orelse), finalbody=last)


# -- expressions ------------------------------------------------------------------------------------------------------


def _attribute(node: ast.Attribute) -> cst.Attribute:
    return _made(cst.Attribute, value=_expression(node.value), attr=_identifier(node.attr))


def _call(node: ast.Call) -> cst.Call:
    given: list[Any] = [*node.args, *node.keywords]
    if node.keywords and any(isinstance(each, ast.Starred) for each in node.args):
        given.sort(key=lambda each: (each.lineno, each.col_offset) if hasattr(each, "lineno") else (0, 0))
    args = [_keyword(each) if isinstance(each, ast.keyword) else _argument(each) for each in given]
    return _made(cst.Call, func=_expression(node.func), args=args)


def _argument(node: ast.expr) -> cst.Arg:
    if isinstance(node, ast.Starred):
        return _made(cst.Arg, value=_expression(node.value), star="*")
    return _made(cst.Arg, value=_expression(node))


def _keyword(node: ast.keyword) -> cst.Arg:
    if node.arg is None:
        return _made(cst.Arg, value=_expression(node.value), star="**")
    return _made(cst.Arg, value=_expression(node.value), keyword=_identifier(node.arg))


def _subscript(node: ast.Subscript) -> cst.Subscript:
    index = node.slice
    parts = index.elts if isinstance(index, ast.Tuple) and not _in_brackets(index) else [index]
    slices = [_made(cst.SubscriptElement, slice=_slice(part)) for part in parts]
    return _made(cst.Subscript, value=_expression(node.value), slice=slices)


def _in_brackets(node: ast.Tuple) -> bool:
    """Whether brackets stand around a tuple; those of its elements are no part of it."""
    if not node.elts:
        return True
    first, last = node.elts[0], node.elts[-1]
    begins = (node.lineno, node.col_offset) < (first.lineno, first.col_offset)
    return begins and (node.end_lineno, node.end_col_offset) > (last.end_lineno, last.end_col_offset)


def _slice(node: ast.expr) -> cst.BaseSlice:
    if isinstance(node, ast.Slice):
        lower, upper, step = _perhaps(node.lower), _perhaps(node.upper), _perhaps(node.step)
        colon = cst.MaybeSentinel.DEFAULT if step is None else cst.Colon()
        return _made(cst.Slice, lower=lower, upper=upper, step=step, second_colon=colon)
    if isinstance(node, ast.Starred):
        return _made(cst.Index, value=_expression(node.value), star="*")
    return _made(cst.Index, value=_expression(node))


def _operation(node: ast.BinOp) -> cst.BinaryOperation:
    left, right = _expression(node.left), _expression(node.right)
    return _made(cst.BinaryOperation, left=left, operator=_OPERATORS[type(node.op)], right=right)


def _unary(node: ast.UnaryOp) -> cst.UnaryOperation:
    return _made(cst.UnaryOperation, operator=_OPERATORS[type(node.op)], expression=_expression(node.operand))


def _boolean(node: ast.BoolOp) -> Any:
    operator = _OPERATORS[type(node.op)]
    first, *others = (_expression(each) for each in node.values)
    for other in others:
        first = _made(cst.BooleanOperation, left=first, operator=operator, right=other)
    return first


def _comparison(node: ast.Compare) -> cst.Comparison:
    comparisons = [
        _made(cst.ComparisonTarget, operator=_OPERATORS[type(operator)], comparator=_expression(other))
        for operator, other in zip(node.ops, node.comparators, strict=True)
    ]
    return _made(cst.Comparison, left=_expression(node.left), comparisons=comparisons)


def _choice(node: ast.IfExp) -> cst.IfExp:
    return _made(cst.IfExp, test=_expression(node.test), body=_expression(node.body), orelse=_expression(node.orelse))


def _lambda(node: ast.Lambda) -> cst.Lambda:
    return _made(cst.Lambda, params=_parameters(node.args), body=_expression(node.body))


def _elements(nodes: Iterable[ast.expr]) -> list[Any]:
    return [
        _starred(node) if isinstance(node, ast.Starred) else _made(cst.Element, value=_expression(node))
        for node in nodes
    ]


def _starred(node: ast.Starred) -> cst.StarredElement:
    return _made(cst.StarredElement, value=_expression(node.value))


def _collection(kind: type) -> Callable[[Any], Any]:
    return lambda node: _made(kind, elements=_elements(node.elts))


def _mapping(node: ast.Dict) -> cst.Dict:
    elements = [
        _made(cst.StarredDictElement, value=_expression(value))
        if key is None
        else _made(cst.DictElement, key=_expression(key), value=_expression(value))
        for key, value in zip(node.keys, node.values, strict=True)
    ]
    return _made(cst.Dict, elements=elements)


def _comprehension(kind: type) -> Callable[[Any], Any]:
    return lambda node: _made(kind, elt=_expression(node.elt), for_in=_clauses(node.generators))


def _dict_comprehension(node: ast.DictComp) -> cst.DictComp:
    key, value = _expression(node.key), _expression(node.value)
    return _made(cst.DictComp, key=key, value=value, for_in=_clauses(node.generators))


def _clauses(generators: Sequence[ast.comprehension]) -> cst.CompFor | None:
    clause: cst.CompFor | None = None
    for each in reversed(generators):
        clause = _made(
            cst.CompFor,
            target=_expression(each.target),
            iter=_expression(each.iter),
            ifs=[_made(cst.CompIf, test=_expression(test)) for test in each.ifs],
            inner_for_in=clause,
            asynchronous=cst.Asynchronous() if each.is_async else None,
        )
    return clause


def _constant(node: ast.Constant) -> Any:
    value = node.value
    if value is None or isinstance(value, bool):
        return _identifier(str(value))
    if value is ...:
        return cst.Ellipsis()
    written = repr(value)
    if isinstance(value, float | complex):
        # a number that overflows is written as one that does
        written = written.replace("inf", "1e999")
    return _made(_LITERALS[type(value)], value=written)


def _joined(node: ast.JoinedStr) -> cst.FormattedString:
    return _made(cst.FormattedString, parts=_formatted(node))


def _formatted(node: ast.expr) -> list[Any]:
    parts: list[Any] = []
    for part in node.values if isinstance(node, ast.JoinedStr) else [node]:
        if isinstance(part, ast.FormattedValue):
            spec = None if part.format_spec is None else _formatted(part.format_spec)
            parts.append(_made(cst.FormattedStringExpression, expression=_expression(part.value), format_spec=spec))
        else:
            parts.append(_made(cst.FormattedStringText, value=str(getattr(part, "value", ""))))
    return parts


def _yield_from(node: ast.YieldFrom) -> cst.Yield:
    return _made(cst.Yield, value=_made(cst.From, item=_expression(node.value)))


def _walrus(node: ast.NamedExpr) -> cst.NamedExpr:
    return _made(cst.NamedExpr, target=_expression(node.target), value=_expression(node.value))


_OPERATORS: dict[type, Any] = {
    ast.Add: cst.Add(),
    ast.Sub: cst.Subtract(),
    ast.Mult: cst.Multiply(),
    ast.Div: cst.Divide(),
    ast.FloorDiv: cst.FloorDivide(),
    ast.Mod: cst.Modulo(),
    ast.Pow: cst.Power(),
    ast.MatMult: cst.MatrixMultiply(),
    ast.LShift: cst.LeftShift(),
    ast.RShift: cst.RightShift(),
    ast.BitAnd: cst.BitAnd(),
    ast.BitOr: cst.BitOr(),
    ast.BitXor: cst.BitXor(),
    ast.UAdd: cst.Plus(),
    ast.USub: cst.Minus(),
    ast.Not: cst.Not(),
    ast.Invert: cst.BitInvert(),
    ast.And: cst.And(),
    ast.Or: cst.Or(),
    ast.Eq: cst.Equal(),
    ast.NotEq: cst.NotEqual(),
    ast.Lt: cst.LessThan(),
    ast.LtE: cst.LessThanEqual(),
    ast.Gt: cst.GreaterThan(),
    ast.GtE: cst.GreaterThanEqual(),
    ast.Is: cst.Is(),
    ast.IsNot: cst.IsNot(),
    ast.In: cst.In(),
    ast.NotIn: cst.NotIn(),
}
_AUGMENTING: dict[type, Any] = {
    ast.Add: cst.AddAssign(),
    ast.Sub: cst.SubtractAssign(),
    ast.Mult: cst.MultiplyAssign(),
    ast.Div: cst.DivideAssign(),
    ast.FloorDiv: cst.FloorDivideAssign(),
    ast.Mod: cst.ModuloAssign(),
    ast.Pow: cst.PowerAssign(),
    ast.MatMult: cst.MatrixMultiplyAssign(),
    ast.LShift: cst.LeftShiftAssign(),
    ast.RShift: cst.RightShiftAssign(),
    ast.BitAnd: cst.BitAndAssign(),
    ast.BitOr: cst.BitOrAssign(),
    ast.BitXor: cst.BitXorAssign(),
}
_LITERALS: dict[type, Any] = {
    int: cst.Integer,
    float: cst.Float,
    complex: cst.Imaginary,
    str: cst.SimpleString,
    bytes: cst.SimpleString,
}
_COMPOUND: dict[type, Callable[[Any], Any]] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
}
_SIMPLE: dict[type, Callable[[Any], Any]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Expr: lambda node: _made(cst.Expr, value=_expression(node.value)),
    ast.Return: lambda node: _made(cst.Return, value=_perhaps(node.value)),
    ast.Raise: _raise,
    ast.Assert: lambda node: _made(cst.Assert, test=_expression(node.test), msg=_perhaps(node.msg)),
    ast.Delete: _delete,
    ast.Import: lambda node: _made(cst.Import, names=_aliases(node.names)),
    ast.ImportFrom: _import_from,
    ast.Global: lambda node: _scoped(cst.Global, node.names),
    ast.Nonlocal: lambda node: _scoped(cst.Nonlocal, node.names),
    ast.Pass: lambda node: _made(cst.Pass),
    ast.Break: lambda node: _made(cst.Break),
    ast.Continue: lambda node: _made(cst.Continue),
}
_EXPRESSIONS: dict[type, Callable[[Any], Any]] = {
    ast.Name: lambda node: _identifier(node.id),
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Constant: _constant,
    ast.Subscript: _subscript,
    ast.BinOp: _operation,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _comparison,
    ast.IfExp: _choice,
    ast.Lambda: _lambda,
    ast.Tuple: _collection(cst.Tuple),
    ast.List: _collection(cst.List),
    ast.Set: _collection(cst.Set),
    ast.Dict: _mapping,
    ast.ListComp: _comprehension(cst.ListComp),
    ast.SetComp: _comprehension(cst.SetComp),
    ast.GeneratorExp: _comprehension(cst.GeneratorExp),
    ast.DictComp: _dict_comprehension,
    ast.JoinedStr: _joined,
    ast.NamedExpr: _walrus,
    ast.Await: lambda node: _made(cst.Await, expression=_expression(node.value)),
    ast.Yield: lambda node: _made(cst.Yield, value=_perhaps(node.value)),
    ast.YieldFrom: _yield_from,
    ast.Starred: _starred,
}
