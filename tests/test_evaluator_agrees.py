# ruff: noqa: E501
"""The evaluator gives what Python gives: snippets of the language that objectives use, run by both."""

from __future__ import annotations

import copy
import functools
import itertools
import math
from collections import OrderedDict
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from closurelint.evidence import Claim
from closurelint.replay.cuts import Cuts
from closurelint.replay.evaluator import Evaluator
from closurelint.replay.experiment import Experiment
from closurelint.replay.limits import Limits, NotReplayable

W = np.array([[0.3, -1.2, 0.7], [1.4, 0.2, 0.9]])
LIBRARIES = {"np": np, "math": math, "functools": functools, "itertools": itertools, "OrderedDict": OrderedDict,
             "copy": copy, "SimpleNamespace": SimpleNamespace}  # fmt: skip
IMPORTS = (("np", "numpy"), ("math", "math"), ("functools", "functools"), ("itertools", "itertools"), ("copy", "copy"), ("jax", "jax"),
           ("OrderedDict", "collections.OrderedDict"), ("SimpleNamespace", "types.SimpleNamespace"))  # fmt: skip


def interpreted(source: str) -> Any:
    """What the evaluator makes of `f(w)`, with the statements before `f` as what ran before it."""
    prelude, _, body = source.rpartition("\ndef f(")
    claim = Claim(f"def f({body}", ("w",), "zero", "copy", "point", imports=IMPORTS, prelude=(prelude,))
    experiment = Experiment(claim, Limits())
    world = experiment.world(W.copy(), Cuts(severing=False), state=False)
    world.run_prelude()
    arguments, keywords = world.arguments(experiment.function(world), W.copy())
    with np.errstate(all="ignore"):
        return plain(world.machine, world.machine.invoke(experiment.function(world), arguments, keywords))


def plain(machine: Evaluator, value: Any) -> Any:
    """A result as lists, tuples, dicts and numbers."""
    if isinstance(value, dict):
        return {key: plain(machine, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(plain(machine, item) for item in value)
    if isinstance(value, np.ndarray | np.generic):
        return np.asarray(value).tolist()
    return sorted(value) if isinstance(value, set | frozenset) else list(value) if isinstance(value, range) else value


def executed(source: str) -> Any:
    """What Python makes of it."""
    names: dict[str, Any] = dict(LIBRARIES)
    exec(source, names)
    return plain(None, names["f"](W.copy()))  # type: ignore[arg-type]


EXPRESSIONS = """
w + 1 - 2 * w / 3
w @ w.T
w ** 2 % 1
w // 0.5
-w, +w, ~(w > 0), not True
7 // 2, 7 % 3, 2 ** 5, 1 << 3, 16 >> 2, 7 / 2, 2 - 5, 3.5 // 2, 2.0 ** 0.5
(w > 0) & (w < 1), (w > 0) | (w < -1), (w > 0) ^ (w > 1)
1 < 2 < 3, 1 < 2 > 3, 1 == 1.0, 1 != 2, 'a' == 'a', 'a' != 'b', None is None, w is not None
'a' in 'cat', 'a' not in {'b': 1}, 'a' in ['a'], 3 in range(5), 'x' in {'x'}, 1 in (2, 3)
w if w.shape[0] == 2 else 0
0 or 5, 1 and 2, None or 'a', 0 and 1
[1, 2] + [3], (1,) + (2,), 'a' + 'b', [0] * 3, 3 * (1, 2), 'ab' * 2
[v * 2 for v in range(4) if v % 2], {v: v + 1 for v in range(3)}, {v % 2 for v in range(4)}, sum(v for v in range(5))
[a * b for a in range(3) for b in range(a)]
[*range(2), 5], (*[1], 2), {**{'a': 1}, 'b': 2}, {'a': 1} | {'b': 2}
w[0], w[:, 1], w[..., 0], w[-1, ::2], w[None].shape, w[[0, 1], [1, 2]], w[w > 0.5]
[10, 20, 30][1], [10, 20, 30][-1], [10, 20, 30][1:], (1, 2, 3)[::2], 'abc'[1], 'abc'[1:], {'a': 5}['a'], range(9)[3]
(lambda a, b=2: a * b)(3), (lambda *a: sum(a))(1, 2), (lambda **k: k['z'])(z=4), (lambda a, /, b, *, c: a - b * c)(1, 2, c=3)
(y := 3) + y
1 + True, 1.5 - 1, 2 ** -1, (-2) ** 2, 0 ** 0, 1 ** 10 ** 6, (-1) ** 99999, 0 ** 5, True * 3
-16 >> 2, 5 ^ 3, 5 & 3, 5 | 3, ~5, -(2.5), +(2.5), +True, 7 // -2, 7 % -3, 7.5 % 2
'ab' * -1, [1] * -1, -1 * [1], [1] * True, [1, 2][True]
1 < 2 < 2, 2 > 1 >= 1, 1 <= 0 < 5, 3 >= 3, 3 <= 2
'a' < 'b', 'b' < 'a', 'a' >= 'a', 'b' > 'a', 'a' > 'b', 'a' <= 'b', 'b' <= 'a', 'a' == 'a'
(1, 2) < (1, 3), (1, 3) < (1, 2), [1, 'a'] <= [1, 'a'], (2,) > (1, 5), [1] >= [1, 0], (1, 2) >= (1, 2), [[1], 2] < [[1], 3], (1, 2) > (1, 2)
[1] == 1, 1 != [1], () == 0, [] != 0, (1,) != (1.0,), 1.5 == (1.5,), [] == [], [] == ()
None == 0, 'a' == 1, None != 0, 'a' != None, None == None, 1 == None, 'a' == ('a',)
[1, 2] == [1, 2], [1] != [2], (1, 2) == (1, 3), (1, 2) == [1, 2], [1] == [1, 2], [[1], 'a'] == [[1], 'a'], (1, None) == (1.0, None)
w.shape == (2, 3), w.shape == (2, 4), w.shape != (2, 4), w.shape in [(2, 3), (1, 1)], (2, 1) in [(2, 2)]
2.5 in [1.5, 2.5], 300 in [100, 300], 300 in (300.0,), 7 not in [3, 7], True in [1], 2.5 in range(5), 5 in range(5), 2 in range(5)
'-'.join('ab') in ['a-b'], ('-'.join('ab'), 1) == ('a-b', 1), ('-'.join('ab'), 1) == (None, 1)
'' in 'abc', 'd' in 'abc', None in [None], None in [1], 'a' in ('b', 'a'), 1 in 'a1'.split('a')
0 or '' or [] or 'x', 1 and 'a' and 2, [] and 1, 'a' or 1 / 0, not [], not 'a', not 0.0, not None
[v for v in range(10) if v % 2 if v > 4], [[a for a in range(b)] for b in range(3)], [a + b for a, (b, c) in [(1, (2, 3))]]
(lambda a, b=1, *c, d=2, **e: (a, b, c, d, e))(5, 6, 7, d=8, f=9), (lambda *a, **k: (a, k))(*[1, 2], **{'x': 3}, y=4)
w[0, 1], w[1:, 1:], w[:, ::-1], w[(0, 1)], [1, 2, 3][-2:], 'abc'[::-1], {1: 'x', (1, 2): 'y'}[(1, 2)]
3 - w, 3 / (1 + w ** 2), 2 ** w, w % 0.5, w == w, w != w, w >= 0.3, w <= 0.3, -w[0], not w[0].any()
sorted([3, 1, 2], reverse=True), sorted(['bb', 'a'], key=len), sorted(['b', 'a'], reverse=True), sorted([3, -4], key=abs), sorted({'b': 1, 'a': 2})
isinstance(3, object), isinstance('a', object), isinstance([], object), isinstance(w, object), isinstance('a', (bytes, list)), isinstance(2, (bytes, str))
isinstance(True, int), isinstance(True, bool), isinstance(1, bool), isinstance(True, str), isinstance((), tuple), isinstance(1.5, (str, int))
w.transpose(1, 0), w.T.transpose(1, 0), w.swapaxes(0, 1), w.sum(axis=1, keepdims=True), w.reshape((3, 2)), w.reshape(2, -1)
abs(-3), abs(w), min(3, 1, 2), max([1, 5, 2]), min('b', 'a'), max([], default=7), min([3, -4], key=abs), max([3, -4], key=abs)
len([1, 2]), len('abc'), len(w), len({'a': 1}), len(range(4))
sum([1, 2], 10), sum([[1], [2]], []), round(2.567, 2), round(3.4), pow(2, 3), divmod(7, 3)
int(3.9), int(), float('inf'), float(), float('-inf'), bool([]), bool(3), str(3), str(), repr(2.5)
list('ab'), list(), tuple([1]), tuple(), set(), set([1, 1]), dict(a=1), dict([('k', 2)]), dict({'z': 1}, y=2), dict()
sorted([3, 1, 2]), sorted(['b', 'a']), list(reversed([1, 2])), list(enumerate('ab')), list(enumerate('a', start=3))
list(zip([1, 2], 'ab')), list(zip()), list(map(lambda a, b: a + b, [1, 2], [3, 4])), list(filter(None, [0, 1])), list(filter(lambda v: v > 1, [1, 2]))
any([0, 1]), all([0, 1]), any([]), all([]), next(iter([5, 6])), next(iter([]), 9), range(1, 7, 2), list(range(2))
isinstance(3, int), isinstance(3.0, float), isinstance('a', str), isinstance([], (list, tuple)), isinstance({}, list), isinstance(w, list)
callable(len), callable(lambda: 0), hasattr(w, 'shape')
'a-b'.split('-'), ' a '.strip(), 'Ab'.lower(), 'Ab'.upper(), 'abc'.startswith('ab'), 'abc'.endswith('x'), 'aba'.replace('a', 'c')
'-'.join(['a', 'b']), 'abc'.isalpha(), '12'.isdigit(), 'ab'.title(), 'ab'.capitalize(), 'aB'.swapcase(), 'x.y'.removesuffix('.y')
f'{1}-{"a"}', f'{None}', f'{True}', b'ab' == b'ab'
'abc'.startswith(('x', 'a')), 'abc'.endswith(('x', 'a')), 'abcb'.startswith('b', 1), 'abc'.endswith('b', 0, 2), 'a-b-c'.split('-', 1), 'a-b-c'.rsplit('-', 1), 'a b  c'.split()
{'a': 1, 'b': 2}.get('a'), {'a': 1}.get('z'), {'a': 1}.get('z', 3), list({'a': 1}.items()), list({'a': 1}.keys()), list({'a': 1}.values())
{'a': 1}.copy(), [1, 2].copy(), {1, 2}.copy()
w.sum(), w.mean(axis=0), w.T, w.reshape(3, 2), w.reshape(-1), w.ravel(), w.flatten(), w.shape, w.ndim, w.size, w.max(), w.min(), w.std()
w.dot(w.T), w.transpose(), w.copy(), w.astype(float), w.astype(int), w.tolist(), w.clip(0, 1), w.round(), w.argmax(), w.squeeze(), w.prod()
np.sum(w), np.mean(w, axis=1), np.exp(w), np.log(np.abs(w)), np.sqrt(np.abs(w)), np.tanh(w), np.maximum(w, 0), np.where(w > 0, w, -w)
np.dot(w, w.T), np.matmul(w, w.T), np.einsum('ij,ij->i', w, w), np.outer(w[0], w[1]), np.concatenate([w, w], axis=1), np.stack([w, w])
np.zeros((2, 2)), np.ones(3), np.full((2,), 7.0), np.eye(2), np.arange(5), np.arange(1, 2, 0.5), np.linspace(0, 1, 3), np.zeros_like(w), np.ones_like(w)
np.argmax(w), np.sort(w), np.cumsum(w), np.linalg.norm(w), np.var(w), np.clip(w, -0.5, 0.5), np.square(w), np.sign(w), np.floor(w)
np.array([1.0, 2.0]), np.asarray(w), np.copy(w), np.reshape(w, (3, 2)), np.transpose(w), np.expand_dims(w, 0), np.squeeze(w), np.tile(w, 2)
np.pi, np.e, np.inf, np.newaxis, math.sqrt(4.0), math.sin(1.0), math.pi, np.size(w), np.shape(w), np.ndim(w), np.log1p(1.0), np.hypot(3.0, 4.0)
list(np.ndindex(2, 2)), [(i, float(v)) for i, v in np.ndenumerate(w)]
functools.reduce(lambda a, b: a * b, [1, 2, 3]), functools.reduce(lambda a, b: a + b, [], 5), functools.partial(lambda a, b: a - b, 1)(2)
list(itertools.chain([1], [2])), list(itertools.product([1, 2], 'ab'))
list(OrderedDict({'a': 1}).items())
w.flat[4], w.real, w.T.tolist(), w[0].tolist(), np.array(2.5).tolist(), w.astype('float64'), w.astype(np.float32).shape, w.astype(bool)
w.repeat(2), w.swapaxes(1, 0).shape, w.cumsum(axis=1), w.var(), w.trace(), w.diagonal(), w.conj(), w.nonzero()[1], w.any(), w.all()
(1.5).real, (3).real, (2.0).conjugate(), True.real, np.float64(2.5), np.real(w), np.float32(1), np.int64(2.5) * 1.0
np.zeros(3, float), np.ones((2, 1), int), np.zeros_like(w, dtype=float), np.array([1, 2], float), np.ones_like([1, 2], float), np.array([0.5, -1.5], dtype=int), np.arange(3, dtype='float64'), np.asarray(w, np.int32), np.array(w, dtype=bool)
np.ones((40, 1000))[[0, 1]].shape, np.ones((1000, 40))[:, [0, 1]].shape, np.ones((40, 1000))[..., [0] * 9].shape, np.ones(90000)[np.ones(90000) > 0].shape, np.ones((300, 300))[np.ones((300, 300)) > 0].shape
w[None, [0, 1]].shape, w[..., None, [0]].shape, w[[0, 1], :2], w[[[0], [1]], [0, 2]], w[np.zeros((2, 0), int)].shape, np.bincount([3, 1, 1]), np.diff(w, 2), np.array_split(w[0], 2)[0], np.histogram(w, 2)[0], np.polyval([1, 2], 3)
np.full(2, np.inf), np.full((2,), 1e9), np.full_like(w, 10 ** 6), np.linspace(0, 10 ** 6, 3), np.roll(w, 10 ** 6), np.diag(w @ w.T), np.tril(w), np.zeros((2, 0)).shape, np.repeat(w, 2, axis=0), np.arange(0, 10 ** 9, 10 ** 8), np.full(shape=2, fill_value=3.0), np.clip(w, -1e9, 1e9), np.linspace(0, 1e6, num=4), np.linspace(0.0, 1.0).shape
np.take(w, [1, 0], 0), np.take(w, [[0, 2]], axis=1), np.take(w, 5), np.take(np.ones((9, 100)), np.arange(90), 1).shape, np.take([4, 5], [1]), np.quantile(w, [0.25, 0.5])
w[np.array([1, 0])], w[np.array(1)], w[np.array([1.0, 0.0]).astype(int)], w[[True, False]], [5, 6, 7][np.array(1)], w[1][np.argmax(w[1])]
[10, 20][-2], 'ab'[-2], [0, 1, 2, 3][1:3:2], (1, 2)[-1:], range(5)[1:3], [[1, 2], [3, 4]][1][0]
max(w[0], w[0], key=np.sum), min([[2, 1], [1, 5]], key=len), max([1.5, 2]), min(2, True), max(np.array(1.0), 2.0), min(np.array([1.0])), max(w.ravel())
pow(2.0, 3), divmod(-7, 2), round(-2.5), round(1234.5, -2), abs(-2.5), abs(True), sum([0.5], start=1), sum([w, w]), sum((1, 2, 3), -6)
list({'a': 1}), tuple({'b': 2}), set(), sorted({'b', 'a'}), dict(zip('ab', [1, 2])), dict([]), {**{}}, dict(a=1, **{'b': 2})
list(enumerate('ab', 1)), list(zip('ab', [1, 2, 3], 'xyz')), list(map(len, ['a', 'bc'])), [*map(lambda v: -v, (1, 2))], list(filter(None, ['', 'a']))
next(iter('ab')), next(iter([]), None), next((v for v in [3, 4] if v > 3), 0), list(reversed((1, 2, 3))), list(range(5, 0, -2)), list(range(3, 3))
all([1, 'a', [0]]), any([0, '', []]), any(v > 1 for v in [1, 2]), all(v > 1 for v in [1, 2]), bool(w.sum()), bool(0.0), bool('')
isinstance('a', (int, str)), isinstance(None, int), isinstance(w, (int, float)), isinstance(len, str), isinstance({}, dict), isinstance([], (tuple, dict)), isinstance(w, np.ndarray)
callable(3), callable(SimpleNamespace), callable('a'.upper), hasattr(3, 'nothing'), int('0'), int(True), int(-3.9), float(2), float(np.array(1.5))
copy.copy([1, [2]]), copy.deepcopy({'a': [1, w]}), copy.deepcopy((1, 'a')), copy.copy(w), copy.deepcopy(3), copy.copy('a')
[*itertools.chain([1], (2, 3), 'a')], list(itertools.product('ab', repeat=1)), list(itertools.product([1], [2], [3, 4]))
functools.reduce(lambda a, b: a - b, [10, 2, 3]), functools.reduce(lambda a, b: a - b, [2, 3], 20), functools.partial(lambda a, b=1, c=2: (a, b, c), 5, c=7)(6), functools.partial(max, 3)(2, 5)
list(np.ndindex((2, 1))), list(np.ndindex(3)), list(np.ndindex(w.shape)), [i for i, _ in np.ndenumerate(w[0])], np.arange(6).reshape(2, 3)[1], np.zeros(3)[1:]
np.zeros(w.shape), np.zeros(np.size(w)), np.ones((1, 3)), np.full(2, 1.5), np.empty((2, 0)).shape, np.eye(2, 3), np.arange(3, 0, -1), np.linspace(0.0, 1.0, num=5), np.tile([1, 2], 2), np.repeat([1, 2], 2)
np.arange(np.array(3)), np.zeros(np.array(2)), np.linspace(0, np.array(1.0), 3), np.full_like(w, 2.0), np.identity(2), np.diag([1.0, 2.0]), np.outer([1, 2], [3, 4]), np.kron([1, 2], [1, 1])
np.sum(w, axis=0, keepdims=True), np.max(w, 1), np.min(w), np.prod(w[0]), np.std(w, ddof=1), np.median(w), np.percentile(w, 50), np.average(w, axis=0), np.ptp(w), np.diff(w), np.cumprod(w[0])
np.linalg.norm(w, axis=1), np.linalg.norm(w[0], 1), np.linalg.norm(w, 'fro'), np.linalg.det(w @ w.T), np.linalg.inv(w @ w.T), np.linalg.solve(w @ w.T, w[:, 0])
np.dot(w[0], w[1]), np.inner(w, w), np.vdot(w, w), np.cross(w[0], w[1]), np.tensordot(w, w), np.convolve(w[0], w[1]), np.matmul(w, w[0]), np.trace(w), np.einsum('ij->', w)
np.vstack([w, w]), np.hstack((w, w)), np.concatenate((w, w)), np.append(w, 1.0), np.roll(w, 1), np.flip(w), np.pad(w, 1), np.split(w, 2)[1], np.meshgrid([1, 2], [3, 4])[0], np.atleast_2d(w[0]), np.rot90(w)
np.isclose(w, w), np.allclose(w, w + 1), np.array_equal(w, w), np.any(w > 1), np.all(w > 1), np.count_nonzero(w > 0), np.argsort(w), np.argmin(w, 0), np.nonzero(w[0])[0], np.isnan(w), np.logical_not(w > 0)
np.add(w, 1), np.subtract(w, 1), np.multiply(w, w), np.divide(w, 2), np.power(w, 2), np.minimum(w, 0.5), np.mod(w, 1), np.logaddexp(w, 1), np.floor_divide(w, 0.5), np.arctan2(w, 1), np.heaviside(w, 0.5), np.negative(w)
(w > 0) + 1, (w > 0) * w, True * w, (w > 0).sum(), (w > 0).mean(), ~(w > 0) * 1.0, (w > 0) == (w > 1), (w > 1) - 1.0, w.astype(int) ** 2, w[(w - w[0]).astype(bool)], w[:, np.array([1, 0, 2], dtype=bool)]
np.array([[1, 2], [3, 4]]) @ [1, 1], [1, 2] @ np.eye(2), np.array([1, 2]) + [3, 4], [1.0, 2.0] * np.array([3, 4]), (1, 2) + w[0][:2] * 0 if False else 0, w - w[0], w.T - w[:, 0]
""".strip().split("\n")  # fmt: skip

FUNCTIONS = {
    "augmented targets": "a = {'k': 1, 'l': [1, 2]}\na['k'] += 2\na['l'][0] *= 5\nb = 3\nb -= 1\nb /= 4\nv = w.copy()\nv[0] += 1\nv *= 2\nreturn a, b, v",
    "unpacking": "(a, b), *c = (1, 2), 3, 4\n*d, e = [5, 6, 7]\n[g, h] = 'xy'\nreturn a, b, c, d, e, g, h",
    "slices": "a = [1, 2, 3, 4]\na[1:3] = [9]\ndel a[0:0]\nb = {'x': 1, 'y': 2}\ndel b['x']\nc = 1\ndel c\nreturn a, b",
    "loops": "a = []\nfor i in range(6):\n    if i == 1:\n        continue\n    if i == 4:\n        break\n    a.append(i)\nelse:\n    a.append(99)\nfor j in []:\n    pass\nelse:\n    a.append(7)\nwhile len(a) < 6:\n    a.append(0)\nelse:\n    a.append(8)\nwhile True:\n    break\nwhile True:\n    if a:\n        return a\n",
    "lists": "a = [3]\na.append(1)\na.extend([4, 5])\na.insert(0, 2)\nb = a.pop()\nc = a.pop(0)\na.reverse()\nd = [1]\nd.clear()\ne = {1}\ne.add(2)\nreturn a, b, c, d, e",
    "dictionaries": "a = {}\na.update({'x': 1})\na.setdefault('y', 2)\nb = a.pop('x')\nc = a.setdefault('y', 5)\nd = a.pop('q', 9)\nreturn a, b, c, d",
    "closures": "def outer(a):\n    n = 0\n    def add(b):\n        nonlocal n\n        n = n + b\n        return a + n\n    add(1)\n    return add(2)\nreturn outer(10)",
    "defaults": "def g(a, b=2, *c, d=4, **e):\n    return a, b, c, d, e\nreturn g(1), g(1, 3, 5, d=6, z=7), g(*[1, 2], **{'d': 3})",
    "classes": (
        "class Base:\n    size = 3\n    def __init__(self, a):\n        self.a = a\n    def twice(self):\n        return self.a * 2\n"
        "    @property\n    def more(self):\n        return self.a + 1\n    @staticmethod\n    def fixed(b):\n        return b\n"
        "class Derived(Base):\n    scale: float = 2.0\n    def __init__(self, a):\n        super().__init__(a)\n        self.b = a - 1\n"
        "    def __call__(self, c):\n        return self.twice() + self.b * c\nd = Derived(5)\nd.a += 1\n"
        "return d(2), d.more, d.fixed(4), Derived.size, d.size, Derived.scale, d.b"
    ),
    "errors": (
        "a = []\ntry:\n    raise ValueError('x')\nexcept ValueError as error:\n    a.append(1)\nelse:\n    a.append(2)\nfinally:\n    a.append(3)\n"
        "try:\n    a.append(4)\nexcept ValueError:\n    a.append(5)\nelse:\n    a.append(6)\nfinally:\n    a.append(7)\n"
        "def g():\n    try:\n        return 1\n    finally:\n        a.append(8)\nreturn a, g(), a"
    ),
    "choosing a handler": "a = 0\ntry:\n    raise KeyError('x')\nexcept ValueError:\n    a = 1\nexcept (TypeError, KeyError):\n    a = 2\nexcept Exception:\n    a = 3\nreturn a",
    "nested handlers": "a = []\ntry:\n    try:\n        raise ValueError\n    finally:\n        a.append(1)\nexcept ValueError:\n    a.append(2)\nreturn a",
    "raised again": "a = []\ntry:\n    try:\n        raise ValueError\n    except ValueError:\n        a.append(1)\n        raise\nexcept ValueError:\n    a.append(2)\nreturn a",
    "idle statements": "'docstring'\npass\nassert w is not None\nx: int\nprint(w)\nimport math as m\nfrom math import sqrt\nreturn m.sin(1.0), sqrt(4.0)",
    "views": "v = w.reshape(-1)\nv[0] = 9.0\nu = w.T\nu[1, 0] += 1\nr = w[1]\nr[:] = 0\nreturn w",
    "iterators": "it = np.nditer(w, flags=['multi_index'], op_flags=['readwrite'])\na = []\nwhile not it.finished:\n    i = it.multi_index\n    a.append(w[i] * 2)\n    it.iternext()\nreturn a",
    "attributes by name": "class A:\n    pass\na = A()\nsetattr(a, 'x', 4)\na.y = getattr(a, 'x')\nreturn a.x, a.y",
    "recursion": "def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)\nreturn fact(6)",
    "early return": "for i in range(9):\n    for j in range(9):\n        if i * j == 12:\n            return i, j",
    "filling": "v = np.zeros((2, 2))\nv.fill(3.0)\nv[v > 2] = 1.0\nv[0, :] = [4.0, 5.0]\nreturn v",
    "chained": "a = b = [1]\na.append(2)\nreturn a, b, a is b",
    "leaving through finally": "a = []\nfor i in range(5):\n    try:\n        if i == 1:\n            continue\n        if i == 3:\n            break\n        a.append(i)\n    finally:\n        a.append('f')\nelse:\n    a.append('e')\ndef g():\n    try:\n        return 1\n    finally:\n        return 2\nreturn a, g()",
    "an error in a handler": "a = []\ntry:\n    try:\n        raise ValueError\n    except ValueError:\n        raise KeyError('k')\n    finally:\n        a.append(1)\nexcept KeyError as error:\n    a.append(2)\nreturn a",
    "raised again is what it was": "a = 0\ntry:\n    try:\n        raise ValueError('x')\n    except ValueError:\n        raise\nexcept KeyError:\n    a = 1\nexcept ValueError:\n    a = 2\nreturn a",
    "raised again by name": "a = 0\ntry:\n    try:\n        raise ValueError('x')\n    except ValueError as error:\n        raise error\nexcept KeyError:\n    a = 1\nexcept ValueError:\n    a = 2\nreturn a",
    "an error of a call": "def g(n):\n    if n == 0:\n        raise IndexError\n    return g(n - 1)\ntry:\n    g(3)\n    a = 1\nexcept LookupError:\n    a = 2\nreturn a",
    "any error": "try:\n    raise OSError\nexcept:\n    return 1\nreturn 2",
    "an error in else": "a = []\ntry:\n    try:\n        a.append(1)\n    except ValueError:\n        a.append(2)\n    else:\n        raise ValueError\nexcept ValueError:\n    a.append(3)\nreturn a",
    "contexts": "with np.errstate(all='ignore'):\n    v = w * 2\n    if v.shape[0] == 2:\n        return v\nreturn w",
    "stars": "a, *b, c = 1, 2, 3, 4\n*d, e = (5,)\nf, *g = [6]\nfor h, *i in [(7, 8, 9)]:\n    pass\nreturn a, b, c, d, e, f, g, h, i",
    "nested targets": "(a, (b, *c)), d = (1, (2, 3, 4)), 5\n[e, f] = {'x': 1, 'y': 2}\na, b = b, a\nv = [0, 0]\nv[0], v[1] = 1, 2\nfor v[0] in [7, 8]:\n    pass\nreturn a, b, c, d, e, f, v",
    "removed items": "a = [1, 2, 3, 4]\ndel a[0]\ndel a[-1]\nb = [1, 2, 3]\ndel b[1:]\nc = {'x': 1, 'y': 2}\ndel c['x'], c['y']\nreturn a, b, c",
    "augmented numbers": "a = 7\na //= 2\na **= 2\na %= 5\na <<= 3\na |= 1\na ^= 3\na &= 14\na >>= 1\nb = 1.5\nb += 1\nb *= 2\nb -= 0.5\nb /= 3\nreturn a, b",
    "augmented containers": "a = [1]\nb = a\na += [2]\na += (3,)\nc = (1,)\nd = c\nc += (2,)\ns = 'x'\ns += 'y'\ns *= 2\nl = [0]\nl *= 3\nreturn a, b, c, d, s, l",
    "augmented arrays": "a = np.ones(2)\nb = a\nb += 1\nc = a\nc = c + 1\nd = np.arange(3)\nd *= 2\ne = 1\ne += np.ones(2)\nf = np.ones((2, 2))\nf[0] *= 3\nf[:, 1] -= 1\ng = np.zeros(2)\ng[1] += 5\nreturn a, b, c, d, e, f, g",
    "arguments": "def g(a, /, b, *c, d=4, e=5, **f):\n    return a, b, c, d, e, f\nreturn g(1, 2), g(1, b=2), g(1, 2, 3, 4, e=6), g(*[1], *[2, 3], **{'d': 7}, **{'z': 8})",
    "keyword-only": "def g(*, a, b=2):\n    return a, b\nreturn g(a=1), g(b=3, a=4)",
    "defaults are made once": "def g(a=[]):\n    a.append(1)\n    return a\ng()\nn = 1\ndef h(b=n):\n    return b\nn = 2\nreturn g(), h()",
    "what closures see": "fs = []\nfor i in range(3):\n    fs.append(lambda j=i: (i, j))\nreturn [f() for f in fs], [g() for g in [lambda: k for k in range(2)]]",
    "nonlocal of further out": "n = 1\ndef a():\n    def b():\n        nonlocal n\n        n += 1\n    b()\n    return n\nm = 5\ndef c():\n    m = 6\n    return m\nreturn a(), n, c(), m",
    "generators are used up": "g = (v for v in [1, 2])\nit = iter([1, 2, 3])\na = next(it)\nz = zip([1, 2], [3, 4])\nreturn list(g), list(g), a, list(it), list(z), list(z)",
    "inheritance": "class A:\n    n = 1\n    def f(self, k=2):\n        return self.n * k\n    def g(self):\n        return self.f()\nclass B(A):\n    n = 3\n    def f(self, k=2):\n        return super().f(k) + 1\nclass C(B):\n    pass\nc = C()\nd = C()\nd.n = 10\nA.extra = 7\nreturn A().g(), c.g(), d.g(), c.f(5), A.f(c, 1), C.n, c.extra",
    "objects": "class P:\n    def __init__(self, x, y=2):\n        self.x, self.y = x, y\n        self.seen = []\n    def add(self, v):\n        self.seen.append(v)\n        return self\n    @property\n    def norm(self):\n        return self.x + self.y\n    @staticmethod\n    def of(v):\n        return P(v, v)\np = P(1)\nq = P(3, y=4)\nalias = p\nalias.x = 9\np.add(1).add(2)\ndel q.y\nq.y = 8\nreturn p.x, p.norm, p.seen, q.norm, P.of(5).norm, p is alias, p is q",
    "dataclass-like": "class P:\n    x: float\n    y: float = 2.0\n    def total(self):\n        return self.x + self.y\nreturn P.y",
    "callables in containers": "ops = {'double': lambda v: v * 2, 'neg': lambda v: -v}\nfor name in ['double', 'neg']:\n    w = ops[name](w)\nreturn w, [f(2) for f in (abs, lambda v: v + 1)]",
    "while": "n, a = 0, []\nwhile n < 10:\n    n += 1\n    if n % 2:\n        continue\n    if n > 6:\n        break\n    a.append(n)\nelse:\n    a.append('never')\nwhile (m := n) > 5:\n    n -= 3\nreturn a, n, m",
    "loops in loops": "a = []\nfor i in range(3):\n    for j in range(3):\n        if j == i:\n            break\n        a.append((i, j))\n    else:\n        a.append('e')\nreturn a",
    "conditions": "a = []\nif w.shape == (2, 3):\n    a.append(1)\nelif w.ndim == 2:\n    a.append(2)\nelse:\n    a.append(3)\nif not a:\n    a.append(4)\nif w.shape == (2, 4):\n    a.append(5)\nelif w.shape[1] > 2 and 'x' in 'xy':\n    a.append(6)\nif [] or {}:\n    a.append(7)\nreturn a",
    "globals": "global z\nz = 3\ndef g():\n    global z\n    z += 1\n    return z\nreturn g(), z",
    "writing into views": "v = w[0]\nv[1] = 5\nu = w.reshape(-1)[3:]\nu[:] = 0\nr = w.ravel()\nr[0] += 1\nc = w.copy()\nc[:] = 9\nf = w.flatten()\nf[0] = 100\nt = w.T\nt[0, 0] -= 1\nreturn w, c.sum()",
    "masks": "v = w.copy()\nv[v < 0] = 0\nv[[0, 1], [2, 2]] = 7\nv[:, 0] += v[:, 1]\nm = (v > 1) & (v < 8)\nreturn v, m, v[m]",
    "filled lists": "rows = []\nfor r in w:\n    rows.append(r * 2)\nout = np.array(rows)\nt = [0] * 3\nt[1] = 4\nt[-1] = 5\nt.insert(1, 9)\nm = [[0, 0], [0, 0]]\nm[0][1] = 3\nreturn out, t, m",
    "filled dictionaries": "g = {}\nfor i, k in enumerate('ab'):\n    g[k] = i\n    g[(i, k)] = k\nfor k in list(g):\n    if k == 'a':\n        del g[k]\ng.update(b=5)\ng.update({'c': 6})\nreturn g, len(g), 'b' in g, g.get('q', 0)",
    "functions as values": "def compose(f, g):\n    return lambda v: f(g(v))\ndef twice(f):\n    return compose(f, f)\ninc = lambda v: v + 1\nreturn twice(twice(inc))(0), (lambda f, *a: f(*a))(max, 1, 5), list(map(inc, [1]))",
    "imports": "import numpy as numbers\nimport numpy.linalg\nfrom math import sqrt as root, pi\nreturn numbers.sum(w), numpy.linalg.norm(w), root(9.0), pi",
    "nothing returned": "def g():\n    pass\ndef h():\n    return\nx = g()\nreturn x, h(), x is None",
    "unreached": "def g(v):\n    return v\n    v = 5\nfor i in []:\n    return 1\nwhile False:\n    return 2\nreturn g(3)",
    "text": "s = ''\nfor c in 'abc':\n    s = c + s\nreturn s, s.replace('b', ''), s.split('b'), '-'.join(reversed(['x', 'y'])), s[0] == 'c', 'abc'.startswith('b')",
    "comprehensions in functions": "n = 3\nm = [[i * j for j in range(n)] for i in range(n) if i]\nreturn m, {i: [j] for i, j in enumerate('ab')}, sum(v for r in m for v in r if v > 1), n",
    "sets": "s = {3, 1}\ns.add(2)\ns.add(1)\nreturn s, 2 in s, 5 in s, len(s)",
    "an attribute that is deleted": "class A:\n    n = 1\na = A()\na.n = 2\nb = a.n\ndel a.n\nreturn b, a.n",
    "many at once": "a, b = 1, 2\na, b = b, a\nreturn a, b",
    "statements that are expressions": "a = []\n[a.append(v) for v in range(3)]\n(b := 2)\na and a.append(9)\na.append(5) if b else None\n{k: a.append(k) for k in 'x'}\nreturn a, b",
    "copies": "a = [1, [2]]\nb = copy.copy(a)\nc = copy.deepcopy(a)\nb[1].append(3)\nb.append(4)\nc[1].append(9)\nd = {'k': [1], 'v': w}\ne = copy.deepcopy(d)\nf = copy.copy(d)\ng = dict(d)\nf['k'].append(2)\ne['k'].append(3)\ne['v'][0, 0] = 7\nh = copy.deepcopy((a, w))\nh[0].append(5)\nh[1][0] = 0\nreturn a, b, c, d, e, f, g, h, w",
    "copies of objects": "class P:\n    def __init__(self, x):\n        self.x = x\n        self.inner = [x]\n    def twice(self):\n        return self.x * 2\np = P(3)\np.q = P(w)\na, b = copy.copy(p), copy.deepcopy(p)\na.x = 5\nb.x = 7\na.inner.append(1)\nb.inner.append(2)\nb.q.x[0, 0] = 9\na.q.n = 4\nreturn p.x, a.x, b.x, p.inner, a.inner, b.inner, a.twice(), b.twice(), p.q.x, b.q.x, p.q.n",
    "namespaces": "s = SimpleNamespace(a=1, b=[2])\ns.c = s.a + 1\ns.b.append(3)\ns.a *= 10\nsetattr(s, 'd', w)\nreturn s.a, s.b, s.c, getattr(s, 'd')",
    "iterating with nditer": "it = np.nditer(w, flags=['multi_index'])\ntotal = []\nwhile not it.finished:\n    total.append(it[0] * 2)\n    total.append(it.multi_index)\n    it.iternext()\nfor v in np.nditer(w):\n    total.append(float(v))\nreturn total",
    "names of the module in functions": "def g(a):\n    b = a + 1\n    c = locals()\n    return c['b'], sorted(c)\nreturn g(1)",
    "arrays in place": "a = w.copy()\na.fill(2.0)\na.sort()\nb = np.zeros(3)\nb[:] = [1, 2, 3]\nb[1:] = 5\nb[-1] += 1\nc = np.zeros((2, 2))\nc[0] = 1\nc[..., 1] = 4\nc[(1, 0)] = 3\nd = np.arange(4.0)\nd[d > 1] *= 2\nd[[0, 1]] = [7, 8]\nreturn a, b, c, d",
    "integers in place": "a = np.arange(3)\nb = a\na += 2\na -= 1\nc = a * 0.5\nd = np.array([1, 2])\nd[0] = 7\ne = d.copy()\ne *= 3\nreturn a, b, c, d, e, a.dtype == b.dtype",
    "one that is not in place": "a = 2.0\nb = a\na += 1\nc = np.array(1.0)\nd = w[0].copy()\ne = d\ne = e + 1\nf = (1, 2)\ng = f\nf += (3,)\nh = 'a'\ni = h\nh += 'b'\nreturn a, b, d, e, f, g, h, i",
    "properties": "class A:\n    def __init__(self):\n        self._n = 2\n    @property\n    def n(self):\n        return self._n * 10\n    @staticmethod\n    def s(v, k=1):\n        return v + k\n    def call(self):\n        return self.n + self.s(1) + A.s(2, k=5)\nclass B(A):\n    @property\n    def n(self):\n        return super().call() if self._n > 5 else 1\nreturn A().n, A().call(), B().n, B().s(4), A.s(3)",
    "methods on their own": "class A:\n    def __init__(self, k):\n        self.k = k\n    def times(self, v):\n        return self.k * v\na, b = A(2), A(3)\nf = a.times\nfs = [x.times for x in (a, b)]\na.k = 10\nb.g = f\nreturn f(1), [g(1) for g in fs], list(map(b.times, [1, 2])), A.times(b, 5), b.g(4), {'f': a.times}['f'](7)",
    "real diamonds": "class A:\n    def f(self):\n        return ['A']\nclass B(A):\n    pass\nclass C(A):\n    def f(self):\n        return ['C'] + super().f()\nclass D(B, C):\n    def f(self):\n        return ['D'] + super().f()\nclass E(D, A):\n    pass\nreturn D().f(), E().f(), C().f(), B().f()",
    "cooperation": "class A:\n    def f(self):\n        return ['A']\nclass B(A):\n    def f(self):\n        return ['B'] + super().f()\nclass C(A):\n    def f(self):\n        return ['C'] + super().f()\nclass D(B, C):\n    def f(self):\n        return ['D'] + super().f()\nreturn D().f(), B().f()",
    "patterns": "a = []\nfor v in ([1, 2], (1, 2, 3), 'ab', {'k': 1, 'l': 2}, 5, 5.0, None, True, [], [[1], 2]):\n    match v:\n        case [p, q] if p == 1:\n            a.append(('two', p, q))\n        case [p, *q, r]:\n            a.append(('more', p, q, r))\n        case 'ab' | 'cd' as k:\n            a.append(k)\n        case {'k': p, **rest}:\n            a.append((p, rest))\n        case True:\n            a.append('true')\n        case 5:\n            a.append('five')\n        case None:\n            a.append('none')\n        case [] as e:\n            a.append(e)\nreturn a",
    "a class in a class": "class A:\n    class Inner:\n        def __init__(self, v):\n            self.v = v\n        def get(self):\n            return self.v\n    n = [1, 2]\n    m: int = 3\n    other = n[0] + m\n    def make(self, v):\n        return A.Inner(v)\na = A()\nA.n.append(4)\nreturn a.make(5).get(), A.Inner(6).v, a.n, A.other",
    "diamonds": "class A:\n    def f(self):\n        return ['A']\nclass B(A):\n    def f(self):\n        return ['B'] + super().f()\nclass C(B):\n    def g(self):\n        return self.f()\nclass D(C):\n    def f(self):\n        return ['D'] + super().f()\nreturn D().g(), C().g(), B().f()",
    "calls that run deep": "def leaf():\n    return 0\ndef down(n):\n    leaf()\n    return 1 + down(n - 1) if n else leaf()\nreturn down(15), [down(3) for _ in range(30)], down(15)",
    "recursion in a default": "def fib(n, seen={}):\n    if n < 2:\n        return n\n    if n not in seen:\n        seen[n] = fib(n - 1) + fib(n - 2)\n    return seen[n]\nreturn fib(12)",
    "imported by dots": "import numpy.linalg as la\nimport numpy as q, math\nfrom numpy import dot as d, sum\nfrom numpy.linalg import norm\nfrom math import e\nreturn la.norm(w), q.max(w), d(w, w.T), sum(w), norm(w[0]), e, math.tau",
    "what raises is caught": "a = []\nfor thing in ('key', 'index', 'none'):\n    try:\n        if thing == 'key':\n            raise KeyError(thing)\n        elif thing == 'index':\n            raise IndexError\n        a.append('fine')\n    except KeyError:\n        a.append('k')\n        continue\n    except (IndexError, TypeError):\n        a.append('i')\n    finally:\n        a.append(thing)\nreturn a",
    "finally goes on": "a = []\ndef g(v):\n    for i in range(3):\n        try:\n            if i == v:\n                raise ValueError\n        except ValueError:\n            a.append('caught')\n            return i\n        finally:\n            a.append(i)\n    return 'end'\nreturn g(1), g(5), a",
    "finally ends an error": "def g():\n    for i in range(3):\n        try:\n            raise ValueError\n        finally:\n            if i == 1:\n                break\n            continue\n    return i\ndef h():\n    try:\n        raise ValueError\n    finally:\n        return 'h'\nreturn g(), h()",
    "nested functions keep apart": "def make(k):\n    n = [0]\n    def step(by=k):\n        n[0] += by\n        return n[0]\n    return step\na, b = make(1), make(10)\na()\nreturn a(), b(), a(by=5), b()",
    "nonlocal and global": "global count\ncount = 0\ndef up():\n    global count\n    count += 1\n    def inner():\n        global count\n        count += 10\n    inner()\ndef local():\n    count = 99\n    def deeper():\n        nonlocal count\n        count += 1\n    deeper()\n    return count\nup()\nup()\nreturn count, local(), count",
    "dictionaries of all kinds": "d = {'a': 1, 2: 'b', (1, 2): 'c', None: 'n', 1.5: 'f', True: 't'}\ne = {**d, 'a': 5}\nd.update({'z': 1}, q=2)\nd.update(r=3)\nf = {'x': 1} | {'y': 2}\ng = d.pop('a')\nh = d.get((1, 2)), d.get('zz'), d.get('zz', 4), d[None], d[1.5], d[2]\ni = list(f.keys()), list(f.values()), list(f.items())\nj = [k for k in f], [v for k, v in f.items()], len(d), 'q' in d, 'a' in d\nreturn e['a'], f, g, h, i, j, f.pop('nope', None), f.setdefault('x', 9), f.setdefault('w'), f",
    "lists of all kinds": "a = [3, 1, 2]\nb = a.copy()\nb.append(4)\nb.insert(0, 9)\nb.insert(-1, 8)\nc = b.pop(-2), b.pop(0)\na.extend((5, 6))\na.extend('xy')\nd = a[::-1]\na.reverse()\ne = [0] * 2 + [1]\ne[0:1] = [7, 8]\ne[-1] = 5\ndel e[:1]\nf = sorted(b)\nb.clear()\nreturn a, b, c, d, e, f, [[]] * 2, (1,) * 3",
    "index and count": "a = ['x', 'y', 'z', 'y']\nb = (1, 2, 2)\nreturn a.index('y'), a.index('z'), a.count('y'), b.index(2), b.count(2), b.count(5), a.count('q'), [1.5].index(1.5)",
    "sets of all kinds": "s = set('abca')\ns.add('d')\nt = {1, 2} | {3} if False else {1, 2, 3}\nu = s.copy()\nu.add('e')\nreturn s, t, 'a' in u, 'z' in u, len(u), {v for v in (1, 1, 2)}, [v for v in sorted(t)]",
    "text of all kinds": "n = 3\ns = f'{n}:{n + 1}' + 'x' * 2\nt = s.replace('x', 'yz')\nu = t.split(':')\nreturn s, t, u, '+'.join(str(v) for v in range(3)), str(n) + 'k', f'{\"a\"}{True}{None}', s.upper(), t.startswith('3'), t.endswith('z'), t.strip('3'), t.lstrip('3'), t.rstrip('z'), 'W' + str(1), t.removeprefix('3'), 'aXb'.lower()",
    "one that unpacks too little": "a, *b = 'x'\n*c, d, e = [1, 2]\n(f, *g), h = [1], 2\nfor i, (j, *k) in enumerate([(1, 2, 3), (4,)]):\n    b.append((i, j, k))\nreturn a, b, c, d, e, f, g, h",
    "a walrus in each kind": "[(a := v) for v in [1, 2]]\n{(b := v) for v in [3, 4]}\n{v: (c := v) for v in [5, 6]}\nlist((d := v) for v in [7, 8])\n{(e := k): [(f := v) for v in range(k)] for k in [2, 3]}\nreturn a, b, c, d, e, f",
    "going on with nditer": "it = np.nditer(w, flags=['multi_index'])\na = []\nwhile True:\n    a.append(it.multi_index)\n    a.append(it[0] + 1)\n    if not it.iternext():\n        break\nreturn a, it.finished",
    "slices that are assigned": "a = [0, 1, 2, 3, 4]\na[::2] = 'xyz'\nb = [1, 2, 3]\nb[1:1] = (7, 8)\nb[:1] = []\nc = [1, 2, 3, 4]\ndel c[::2]\nc[5:] = [9]\nd = [1, 2, 3, 4]\nd[::-1] = [5, 6, 7, 8]\nreturn a, b, c, d",
    "writing into what was converted": "a = np.arange(3).astype(float)\na[0] = 0.5\nb = np.array([1, 2], dtype=float)\nb += 0.25\nc = (w > 0).astype(float)\nc[0] = w[0]\nd = np.zeros(2, np.float32)\nd[1] = 0.5\ne = np.array([1, 2])\nf = e.astype(float)\nf *= 0.5\nreturn a, b, c, d, e, f",
}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expressions(expression: str) -> None:
    source = f"\ndef f(w):\n    return {expression}\n"
    assert same(interpreted(source), executed(source))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name: str) -> None:
    body = "\n".join(f"    {line}" for line in FUNCTIONS[name].split("\n"))
    source = f"\ndef f(w):\n{body}\n"
    assert same(interpreted(source), executed(source))


def same(mine: Any, theirs: Any) -> bool:
    """Whether two results are equal up to rounding; a number and an array of no dimensions are one thing."""
    if isinstance(theirs, dict):
        return isinstance(mine, dict) and mine.keys() == theirs.keys() and all(same(mine[k], theirs[k]) for k in theirs)
    if isinstance(theirs, list | tuple):
        alike = isinstance(mine, list | tuple) and len(mine) == len(theirs)
        assert alike, (mine, theirs)
        return all(same(a, b) for a, b in zip(mine, theirs, strict=True))
    if isinstance(theirs, int | float) and not isinstance(theirs, bool):
        assert mine == pytest.approx(theirs), (mine, theirs)
        return True
    assert mine == theirs, (mine, theirs)
    return True


HOLDER = """class A:
    k = 2
    def __init__(self, n=2):
        self.n = n
    def times(self, q):
        return self.n * q
    def of(self, q, r=1):
        return q * r * self.k
    def __call__(self, q):
        return q - self.n
"""
ONE = [
    "a, *b = state.parts\nreturn sum(b), state.parts[1] + 0",
    "*a, b = state.parts\nreturn sum(a) * b, state.parts[0] * state.parts[1]",
    "a, b = state.parts\nreturn a - b, state.parts[0] - state.parts[1]",
    "return [v + 0 for v in state.rows], [state.rows[0] + 0, state.rows[1] + 0]",
    "return state.of(1.0), state.of(1.0)",
    "return [len(state.x), len(x), len(x[0])], [4, 4, 2]",
    "return [state.x.shape, state.x.ndim, state.x.size, state.scale.ndim, state.scale.shape], [(4, 2), 2, 8, 0, ()]",
    "return [state.x.sum(), state.x.mean(axis=0), state.x.T], [np.sum(state.x), np.mean(state.x, axis=0), np.transpose(state.x)]",
    "return state.x[1:, 0], np.asarray(state.x)[1:, 0]",
    "return state.x.data.sum() + state.x.detach().sum(), 2 * state.x.sum()",
    "return [x.dot(t[:2]), x @ t[:2]], [np.dot(x, t[:2]), np.matmul(x, t[:2])]",
    "return max(state.a, state.b), np.maximum(state.a, state.b)",
    "return sorted([state.a, state.b])[1] + 0, max(state.a, state.b)",
    "with state as s:\n    pass\nreturn s.scale + 0, state.scale + 0",
    "return state.eval().scale + 0, state.train().scale + 0",
    "return state.copy().scale + 0, state.scale + 0",
    "return state.part.scale + 0, getattr(getattr(state, 'part'), 'scale') + 0",
    "state.scale = 3.0\nreturn [state.scale, state.copy().scale, getattr(state, 'scale')], [3.0, 3.0, 3.0]",
    "state['a'] = 3.0\nstate.b = 4.0\nstate[0] = 5.0\nreturn [state['a'], state.b, state[0]], [3.0, 4.0, 5.0]",
    "state.a.b.c = 2.0\nstate.a['k'].d = 3.0\nreturn [state.a.b.c, state.a['k'].d], [2.0, 3.0]",
    "state.n = 1\nstate.n += 2\nstate['m'] = 3\nstate['m'] *= 4\nreturn [state.n, state['m']], [3, 12]",
    "w.tag = 5.0\nw.part.deep = 6.0\nreturn [w.tag, w.part.deep, w.sum()], [5.0, 6.0, np.sum(w)]",
    "w.f = lambda q: q * 2\nstate.f = lambda q: q * 3\nreturn [w.f(1.5), state.f(1.5)], [3.0, 4.5]",
    "w['a'] = 5.0\nreturn w['a'], 5.0",
    "return [[1.0, 2.0][state.k], (3.0,)[state.k], 'ab'[state.k] == 'a'], [1.0, 3.0, True]",
    "for k, v in state.items():\n    break\nreturn v + 0, state[k] + 0",
    "return [v + 0 for v in state.values()], [state[k] + 0 for k in state.keys()]",
    "state['a'] = 1.5\nreturn [list(state.keys()), list(state.values()), list(state.items())], [['a'], [1.5], [('a', 1.5)]]",
    "return dict(state)['a'] + 0, state['a'] + 0",
    "return {**state}['...']['a'] + 0, state['a'] + 0",
    "def g(v, *, k=1, **more):\n    return v * k + len(more)\nreturn g(2, **{'k': 3, 'z': 1}), 7",
    "def g(a, b):\n    return a + b\nreturn g(1.0, **state.options), 1.0 + state.options",
    "def g(a, b):\n    return b\nreturn g(1.0) + 0, b + 0",
    "return math.pi * state.a, state.a * np.pi",
    "return [state.a // 1, -state.a, +state.a, abs(-state.a)], [np.floor(state.a), 0 - state.a, state.a + 0, state.a + 0]",
    "return [not held, not held.a, bool(held), held is held, held.a is held.a], [False, False, True, True, True]",
    "return [state.a if state else 0, (state or 1).b, (state and 2)], [state.a, state.b, 2]",
    "return unseen(lambda q: q * 2, 3.0), unseen(6.0, 3.0)",
    "return unseen(lambda q, r=2: q * r, 3.0), unseen(6.0, 3.0)",
    "return unseen(lambda q, r: q * r, 3.0, 4.0), unseen(12.0, 3.0, 4.0)",
    "return unseen(lambda x: x.sum()), unseen(x.sum())",
    "return unseen(lambda: 5.0), unseen(5.0)",
    "return unseen(abs, -3.0), unseen(3.0, -3.0)",
    "return unseen(sum, [1.0, 2.0]), unseen(3.0, 1.0, 2.0)",
    HOLDER + "return unseen(A().times, 3.0), unseen(6.0, 3.0)",
    HOLDER + "return unseen(A().of, 3.0), unseen(6.0, 3.0)",
    HOLDER + "return unseen(A(5.0).times, 3.0), unseen(lambda q: 5.0 * q, 3.0)",
    HOLDER + "return unseen(A.k), unseen(2)",
    HOLDER + "a = A(7)\nreturn [a(10), a.__call__(10), getattr(a, 'times')(2), A.times(a, 2)], [3, 3, 14, 14]",
    HOLDER + "a = A()\na.times = lambda q: q\nreturn [a.times(5), A().times(5)], [5, 10]",
    HOLDER
    + "class B(A):\n    def times(self, q):\n        return super().times(q) + 1\nb = B(3)\nreturn [b.times(2), b.of(1), b(4)], [7, 2, 1]",
    "return unseen([1.0, (2.0, {'a': 3.0})]), unseen(1.0, 2.0, 'a', 3.0)",
    "return unseen(v for v in [1.0, 2.0]), unseen(1.0, 2.0)",
    "return unseen(zip([1.0], [2.0])), unseen((1.0, 2.0))",
    "return unseen(w), unseen(w.ravel())",
    "return unseen(np.array(2.0)), unseen(2.0)",
    "return state.f(1.0, k=2.0), state.f(1.0, 2.0)",
    "def g(v):\n    yield v\nreturn g(2.0), g(2.0)",
    "return jax.tree_util.tree_map(lambda v: v * 2, [1.0, {'a': (2.0, 3.0)}]), [2.0, {'a': (4.0, 6.0)}]",
    "return jax.tree.map(lambda u, v: u - v, {'a': 5.0, 'b': [1.0]}, {'a': 2.0, 'b': [3.0]}), {'a': 3.0, 'b': [-2.0]}",
    "return (1.5).conjugate() + 0, 1.5",
    "return range(0, 4, 0)[1], 1",
    "return [[1, 2, 3][::0], (1, 2)[::0], 'ab'[::0] == 'ab', w[::0].shape], [[1, 2, 3], (1, 2), True, (2, 3)]",
    "a = [1, 2, 3]\ndel a[::0]\nreturn a, []",
    "a = [1, 2, 3, 4]\na[::2] = [5.0]\nreturn [a[1], a[3], a[0]], [2, 4, a[2]]",
    "return ['a'.split('') == 'a', 'a'.strip('b', 'c') == 'a', 'a'.removeprefix() == 'a', 'a'.lower(1) == 'a'], [True] * 4",
    "return ['a'.startswith(state), 'ab'.split(state) == 'ab', 'a-b'.replace('-', state)], ['a', True, 'a-b']",
    "return np.ndindex(-1, 2), []",
    "return jax.tree.map(lambda a, b=5.0: a * b, [2.0], [1.0, 3.0]), [10.0]",
    "return jax.tree.map(lambda a, b=5.0: a * b, {'a': 2.0}, {'b': 3.0}), {'a': 10.0}",
    "return [np.random.rand(2, 3).shape, np.random.randn(4).shape, np.random.normal(size=5).shape, np.random.normal(0.0, 1.0, size=[2, 2]).shape], [(2, 3), (4,), (5,), (2, 2)]",
    "return [np.random.rand().shape, np.random.normal(0.0, 1.0, (2, 1)).shape, np.random.rand(w[0, 0]).shape, np.random.gamma(2.0, size=(3,)).shape], [(4, 3), (2, 1), (4, 3), (3,)]",
    "return [jax.random.normal(state.key, (3,)).shape, jax.random.uniform(state.key, shape=(2,)).shape, np.random.rand(2, True).shape, np.random.normal(size=-2).shape], [(3,), (2,), (4, 3), (0,)]",
    "return [10 ** 400 * w[0], w[0] - 10 ** 400, abs(-10 ** 400) * w[0]], [1e300 * w[0], w[0] - 1e300, 1e300 * w[0]]",
    "return [sorted([10 ** 400, 1.5])[0], 10 ** 400 < w.sum(), 10 ** 400 % 7, -10 ** 400 < 1], [1.5, False, 4, True]",
    "return [range(10 ** 30)[5], len(range(10 ** 30)) > 10 ** 4, 3 in range(-10 ** 30, 10 ** 30)], [5, True, True]",
    "n = 3.5\na = []\nreturn [n[0], a[0], next([]), next([], 5)], [3.5, 0.0, 0.0, 5]",
    "return next(state.batches) + 0, state.batches[0] + 0",
    "return w[state.k], w[0]",
    "return list(w).sum() + 0, w.sum()",
    "y = np.ones(2)\ny[0] = None\nreturn y, [0.0, 1.0]",
    "y = np.zeros(2)\ny[0] = 1j * w[0, 0] + w[0, 1]\nreturn y, [w[0, 1], 0.0]",
    "return [str(w) == str(w + 1), str(w) == str([w]), str(state) == str(state.a)], [True, False, True]",
    "return [ValueError == ValueError, ValueError == KeyError, KeyError in (ValueError, KeyError)], [True, False, True]",
    "return [1 if len else 2, bool(abs), not (lambda: 0), 1 if SimpleNamespace else 2, 1 if w.sum else 2], [1, True, False, 1, 1]",
    "return [(np.ones(65) + np.ones(64)).shape, (np.ones(64) + np.ones(63)).shape], [(), (64,)]",
    "return [(np.ones((2, 2, 2)) + np.ones(3)).shape, (np.ones((2, 3)) + np.ones(2)).shape], [(), (2, 3)]",
    "return unseen([1.0, w[0]] * np.ones(2)), unseen([1.0, w[0]] * np.ones(2))",
    "return unseen(1 / 0) + unseen(1 % 0) + unseen(0 ** -1), unseen(1 / 0) + unseen(1 % 0) + unseen(0 ** -1)",
    "return np.exp() + 0, np.exp() + 0",
    "return [np.sum(range(4)), np.sum(w, axis=[0, 1])], [6, np.sum(w)]",
    "return jax.scipy.special.erf([0.1, -0.2]), jax.scipy.special.erf(np.array([0.1, -0.2]))",
    "return jax.tree.map(lambda v: v, [state])[0].k + 0, state.k + 0",
    "return [state.suggest_categorical('k', [3.0, 3.0]), state.choice((4.0,)), state.Choice('k', (5.0,))], [3.0, 4.0, 5.0]",
    "return state.suggest_categorical('k', ['a', 'b']) in ('a', 'b'), True",
    "return state.suggest_categorical('k', choices=['a', 'b']) in ('a', 'b'), True",
    "return [float('x'), float('nan') == 1, int('12')], [1.0, False, 0]",
]
OTHER = [
    "state.a + 0, state.b + 0",
    "state['a'] + 0, state['b'] + 0",
    "state['a'] + 0, state.a + 0",
    "state[0] + 0, state[1] + 0",
    "state.a.c + 0, state.b.c + 0",
    "state.of(1.0), state.of(2.0)",
    "state.of(1.0), state.to_other(1.0)",
    "state.of(1.0), other.of(1.0)",
    "state.of(1.0, 2.0), state.of(2.0, 1.0)",
    "state.of(train=True), state.of(train=False)",
    "state.of(train=True), state.of(test=True)",
    "state.of('a'), state.of('b')",
    "unseen(x), other(x)",
    "unseen(x), unseen(t)",
    "unseen(x), unseen(x[::-1])",
    "unseen([1.0, 2.0]), unseen([2.0, 1.0])",
    "unseen({'a': 1.0}), unseen({'b': 1.0})",
    "unseen(True), unseen(False)",
    "unseen(1j), unseen(2j)",
    "unseen(2 ** 20), unseen(2 ** 21)",
    "unseen(1e5), unseen(1e6)",
    "unseen(1e5), unseen(-1e5)",
    "unseen(1 / 0), unseen(2 / 0)",
    "unseen([1.0, w[0]] * np.ones(2)), unseen([1.0, w[1]] * np.ones(2))",
    "unseen(state), unseen(other)",
    "unseen(state.a), unseen(state.b)",
    "unseen(lambda: 1.0), unseen(lambda: 2.0)",
    "unseen(1.0), unseen(1.0, 1.0)",
    "state.of([3.0, 3.0]), 3.0",
    "state.choice(), state.choice(1.0)",
    "state.scores(1.0)[0, 0], state.scores(1.0)[0, 1]",
    "np.random.rand(), np.random.rand()",
    "state.x[0, 0], state.x[0, 1]",
    "x[0, 0], state.x[0, 0]",
    "unseen(math.gcd), unseen(math.lcm)",
    "unseen(math.other), unseen(-math.other)",
    "unseen(-math.one), unseen(-math.other)",
    "unseen(-math.one), unseen(+math.one)",
]


@pytest.mark.parametrize("body", ONE)
def test_two_ways_to_one_value(body: str) -> None:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    first, second = interpreted(f"\ndef f(w):\n{lines}")
    assert same(first, second)


@pytest.mark.parametrize("pair", OTHER)
def test_what_is_spelled_in_two_ways_has_two_values(pair: str) -> None:
    first, second = (np.asarray(item, dtype=float) for item in interpreted(f"\ndef f(w):\n    return {pair}\n"))
    assert first.shape != second.shape or not np.allclose(first, second, rtol=1e-9, atol=0)


def test_numbers_drawn_at_random_are_as_large_and_as_many_as_the_real_ones() -> None:
    source = """
def f(w):
    a = np.random.randn(40, 50)
    b = np.random.rand(2000)
    c = np.random.normal(size=(2000,))
    d = np.random.uniform(0.0, 1.0, size=2000)
    e = np.random.default_rng(0)
    return a, b, c, d, np.random.randn(2, 3), np.random.randn(2, 3), np.random.standard_normal((2, 3))
"""
    normal, uniform, other, between, first, second, third = (np.asarray(item) for item in interpreted(source))
    assert normal.shape == (40, 50)
    assert first.shape == second.shape == third.shape == (2, 3)
    assert not np.array_equal(first, second)
    for drawn in (normal, other):
        assert abs(drawn.mean()) < 0.1
        assert abs(drawn.std() - 1) < 0.1
    for drawn in (uniform, between):
        assert 0 <= drawn.min() < 0.01
        assert 0.99 < drawn.max() <= 1
        assert abs(drawn.mean() - 0.5) < 0.03
    again = interpreted(source)
    assert np.array_equal(again[0], normal)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return (yield w)", "uses `yield`"),
        ("return w.__class__", "uses `__class__`"),
        ("w.__class__ = 3\nreturn w", "uses `__class__`"),
        ("w.__dict__['a'] = 1\nreturn w", "uses `__dict__`"),
        ("return w.__reduce__()", "uses `__reduce__`"),
        ("raise ValueError('w')", "raises `ValueError` on the stand-ins"),
        ("a, b = [], []\na.append(b)\nb.append(a)\nreturn a == b", "nests too deeply"),
        ("a, b = [], []\na.append(b)\nb.append(a)\nreturn a in [b]", "nests too deeply"),
        ("return 9 ** 9 ** 9", "makes an integer of more than 4,096 bits"),
        ("return 'a' * 10 ** 9", "makes a sequence longer than 100,000"),
        ("s = 'a'\nfor _ in range(40):\n    s = f'{s}{s}'\nreturn s", "makes a sequence longer than 100,000"),
        ("s = [1]\nfor _ in range(40):\n    s = s + s\nreturn s", "makes a sequence longer than 100,000"),
        ("s = 'a'\nfor _ in range(40):\n    s = ''.join([s, s])\nreturn s", "makes a sequence longer than 100,000"),
        (
            "s = 'a'\nfor _ in range(40):\n    s = s.replace('a', 'aa')\nreturn s",
            "makes a sequence longer than 100,000",
        ),
        ("s = 1 << 4000\nreturn s * s", "makes an integer of more than 4,096 bits"),
        ("s = 1 << 4095\nreturn s + s", "makes an integer of more than 4,096 bits"),
        ("return sum([1 << 4095, 1 << 4095])", "makes an integer of more than 4,096 bits"),
        ("return [0] * 10 ** 9", "makes a sequence longer than 100,000"),
        ("return 1 << 10 ** 6", "makes an integer of more than 4,096 bits"),
        ("return np.zeros((10 ** 4, 10 ** 4))", "makes an array of more than 100,000 elements"),
        ("for n in range(3):\n    yield n", "uses `yield`"),
        ("yield w", "uses `yield`"),
        ("with w as v:\n    yield v", "uses `yield`"),
        ("return [await v async for v in w if (yield)]", "uses `yield`"),
        ("return input()", "calls `input`"),
        ("return open('x')", "calls `open`"),
        ("w.__class__ = 3", "uses `__class__`"),
        ("return getattr(w, '__dict' + '_x__')", "uses `__dict_x__`"),
        ("raise", "raises `an exception` on the stand-ins"),
        ("raise errors.Wrong('x') from None", "raises `Wrong` on the stand-ins"),
        ("raise ValueError", "raises `ValueError` on the stand-ins"),
        ("try:\n    raise KeyError\nfinally:\n    w = 1", "raises `KeyError` on the stand-ins"),
        ("try:\n    raise KeyError\nexcept ValueError:\n    return 1", "raises `KeyError` on the stand-ins"),
        ("def g():\n    raise KeyError\nreturn g()", "raises `KeyError` on the stand-ins"),
        ("return 9 ** (1 << 21)", "makes an integer of more than 4,096 bits"),
        ("return (1 << 2000) * (1 << 2100)", "makes an integer of more than 4,096 bits"),
        ("return np.eye(1000)", "makes an array of more than 100,000 elements"),
        ("return np.linspace(0, 1, 10 ** 6)", "makes an array of more than 100,000 elements"),
        ("return np.arange(0, 10, 1e-6)", "makes an array of more than 100,000 elements"),
        ("return np.full(10 ** 6, 1.0)", "makes an array of more than 100,000 elements"),
        ("return np.tile(w, (1000, 1000))", "makes an array of more than 100,000 elements"),
        ("return np.outer(np.ones(1000), np.ones(1000))", "makes an array of more than 100,000 elements"),
        ("return np.ones((1000, 1)) @ np.ones((1, 1000))", "makes an array of more than 100,000 elements"),
        ("return np.random.randn(1000, 1000)", "makes an array of more than 100,000 elements"),
        ("return list(itertools.product(range(1000), range(1000)))", "makes a sequence longer than 100,000"),
        ("return [1] * 10 ** 6", "makes a sequence longer than 100,000"),
        ("return {n: n for n in range(10 ** 6)}", "exceeds 100,000 steps"),
        ("return list(range(10 ** 6))", "makes a sequence longer than 100,000"),
        ("return '{}'.format('a' * 99999)", "makes a sequence longer than 100,000"),
        ("return np.arange(10 ** 9)", "makes an array of more than 100,000 elements"),
        ("return np.ones(90000)[:, None] + np.ones(90000)", "makes an array of more than 100,000 elements"),
        ("return np.ones((9, 1000))[[0] * 1000]", "makes an array of more than 100,000 elements"),
        ("return np.ones((9, 1000))[np.zeros((99, 99), int), :]", "makes an array of more than 100,000 elements"),
        ("return np.ones((1000, 9))[..., [0] * 1000]", "makes an array of more than 100,000 elements"),
        ("return w[np.zeros((999, 1), int), [0] * 999]", "makes an array of more than 100,000 elements"),
        ("w[np.zeros((999, 1), int), [0] * 999] = 1.0", "makes an array of more than 100,000 elements"),
        ("return w.at[np.zeros((999, 1), int), [0] * 999].add(1.0)", "makes an array of more than 100,000 elements"),
        ("return np.zeros(np.array(10 ** 6))", "makes an array of more than 100,000 elements"),
        ("return np.eye(np.array(1000))", "makes an array of more than 100,000 elements"),
        ("return np.tile(w, np.array(10 ** 5))", "makes an array of more than 100,000 elements"),
        ("return np.take(np.ones((9, 1000)), [0] * 1000, 0)", "makes an array of more than 100,000 elements"),
        (
            "return np.take(np.ones((1000, 9)), np.arange(1000), axis=-1)",
            "makes an array of more than 100,000 elements",
        ),
        ("return np.percentile(np.ones((9, 1000)), np.ones(1000), 0)", "makes an array of more than 100,000 elements"),
        ("return np.quantile(np.ones((1000, 9)), np.ones(100))", "makes an array of more than 100,000 elements"),
        ("return np.maximum(np.ones((1000, 1)), np.ones((1, 1000)))", "makes an array of more than 100,000 elements"),
        (
            "return np.where(True, np.ones((1000, 1)), np.ones((1, 1000)))",
            "makes an array of more than 100,000 elements",
        ),
        ("return np.clip(np.ones((1000, 1)), 0, np.ones((1, 1000)))", "makes an array of more than 100,000 elements"),
        ("return np.isclose(np.ones((1000, 1)), np.ones((1, 1000)))", "makes an array of more than 100,000 elements"),
        (
            "return np.take_along_axis(np.ones((1, 1000)), np.ones((1000, 1)), 0)",
            "makes an array of more than 100,000 elements",
        ),
        ("return jax.numpy.diag(np.ones(1000))", "makes an array of more than 100,000 elements"),
        ("return np.tril(np.ones(1000))", "makes an array of more than 100,000 elements"),
        ("return np.vander(np.ones(1000))", "makes an array of more than 100,000 elements"),
        ("return np.stack([np.ones(9000)] * 90)", "makes an array of more than 100,000 elements"),
        ("return np.array([[np.ones(900)] * 90, [np.ones(900)] * 90])", "makes an array of more than 100,000 elements"),
        ("return np.vdot(np.ones(1000), np.ones(1000))", "makes an array of more than 100,000 elements"),
        ("return np.zeros(10 ** 30)", "makes an array of more than 100,000 elements"),
        ("return np.full(np.array(1e6), 1.0)", "makes an array of more than 100,000 elements"),
        ("return np.identity(1000)", "makes an array of more than 100,000 elements"),
        ("return np.repeat(w, 10 ** 6)", "makes an array of more than 100,000 elements"),
        ("return np.linspace(0, 1, num=10 ** 6)", "makes an array of more than 100,000 elements"),
        ("return np.full(shape=10 ** 6, fill_value=1.0)", "makes an array of more than 100,000 elements"),
        ("return np.logspace(0, 1, 10 ** 6)", "makes an array of more than 100,000 elements"),
        ("return np.pad(w, 1000)", "makes an array of more than 100,000 elements"),
        ("return np.broadcast_to(w[0], (10 ** 6, 3))", "makes an array of more than 100,000 elements"),
        ("a = []\nfor _ in range(60):\n    a = [a, a]\nreturn jax.tree.leaves(a)", "exceeds 100,000 steps"),
        ("a = {}\nfor _ in range(60):\n    a = {0: a, 1: a}\nreturn jax.tree.map(abs, a)", "exceeds 100,000 steps"),
        ("return np.ndindex(10 ** 400)", "makes a sequence longer than 100,000"),
        ("return np.bincount([10 ** 6])", "makes an array of more than 100,000 elements"),
        ("return np.histogram(w, 10 ** 6)", "makes an array of more than 100,000 elements"),
        ("return np.histogram(w, bins=10 ** 6)", "makes an array of more than 100,000 elements"),
        ("return np.array_split(w, 10 ** 6)", "makes an array of more than 100,000 elements"),
        ("return np.diff(w, 10 ** 6)", "makes an array of more than 100,000 elements"),
        ("return np.correlate(np.ones(1000), np.ones(1000))", "makes an array of more than 100,000 elements"),
        ("return np.polyval(np.ones(1000), np.ones(1000))", "makes an array of more than 100,000 elements"),
    ],
)
def test_what_is_not_evaluated_says_why(body: str, reason: str) -> None:
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    with pytest.raises(NotReplayable) as caught:
        interpreted(f"\ndef f(w):\n{lines}\n")
    assert str(caught.value) == reason
