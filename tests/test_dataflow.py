from __future__ import annotations

import pytest
from static_half import objective_site, site, sites, subjects

from closurelint.subjects import Site

CALLS_THAT_LACK_ARGUMENTS = (
    "getattr(p)",
    "setattr(p)",
    "functools.partial()",
    "zip()",
    "enumerate()",
    "sorted()",
    "dict()",
    "iter()",
    "types.SimpleNamespace(p)",
    "{}.get()",
)


def flow(body: str, before: str = "", call: str = "jax.grad(objective)(params)") -> str:
    return objective_site(body, before, call).parameter.flow


REACHES = {
    "directly": "return p",
    "arithmetic": "return 2 * p + 1 - state.w @ p",
    "unary": "return -p",
    "power of an item": "return p[0] ** 2",
    "an attribute": "return p.weight",
    "a slice": "return p[1:].sum()",
    "as an index of something varied": "return (p * 2)[0]",
    "an unseen function": "return unseen(p)",
    "an unseen method": "return state.predict(p)",
    "a keyword": "return unseen(weights=p)",
    "a starred argument": "return unseen(*p)",
    "a doubly starred argument": "return unseen(**p)",
    "a conditional expression": "return p if state.on else 0.0",
    "the condition itself": "return 1.0 if p > 0 else 0.0",
    "or": "return state.w or p",
    "a tuple": "return (p, 1)[0]",
    "a list": "values = [1.0, p]\nreturn values[1]",
    "a starred list": "values = [*[p], 2.0]\nreturn values[0]",
    "an unknown starred list": "values = [*state.rows, p]\nreturn sum(values)",
    "a set": "return sum({p, 1.0})",
    "concatenated tuples": "pair = (1.0,) + (p,)\nreturn pair[1]",
    "a dictionary": "entries = {'w': p, 'b': 1.0}\nreturn entries['w']",
    "a merged dictionary": "entries = {**{'w': p}, 'b': 1.0}\nreturn entries['w']",
    "a dictionary of unknown keys": "entries = {state.name: p}\nreturn unseen(entries)",
    "dict(...)": "entries = dict(w=p)\nreturn entries['w']",
    "values()": "return sum({'w': p}.values())",
    "items()": "total = 0.0\nfor name, value in {'w': p}.items():\n    total += value\nreturn total",
    "get": "return {'w': p}.get('w')",
    "an entry after those of another dictionary": "entries = {**{'w': state.w}, 'b': p}\nreturn entries['b']",
    "an attribute of what something unseen returns": "state.vector().w = p\nreturn state.loss()",
    "an attribute that has a default": "class Box:\n    w = 1.0\nbox = Box()\nbox.w = p\nreturn box.w",
    "a part of an array": "rows = np.zeros(3)\nrows[:] = p\nrows[1:] = state.w\nreturn rows.sum()",
    "an item after an unknown number of others": "values = [*state.rows, p, 1.0]\nreturn values[2]",
    "a helper that is yet to be written": "def helper(q):\n    out = 0.0\n    return out\nreturn helper(p) * state.w",
    "an attribute that is set": "box = Box()\nsetattr(box, 'w', p)\nreturn box.w",
    "unpacking": "a, (b, c) = 1.0, (p, 2.0)\nreturn b",
    "starred unpacking": "first, *rest = p\nreturn sum(rest)",
    "unpacking after a star": "first, *middle, last = p\nreturn last",
    "before a star": "[a, *_, b] = p, state.w, state.b\nreturn a",
    "the middle of a starred unpacking": "a, *rest, b = state.w, p, state.b\nreturn rest[0]",
    "after a star in a nested target": "a, (*rest, b) = state.w, (state.b, p)\nreturn b",
    "after a star, of a list that grew": "rows = [state.w, p]\nrows.append(state.b)\n*_, a, b = rows\nreturn a",
    "after a star, of a list that shrank": "rows = [state.w, p, state.b]\nrows.pop()\n*_, a = rows\nreturn a",
    "items that change places": "rows = [state.w, p]\nrows[0], rows[1] = rows[1], rows[0]\nreturn rows[0]",
    "an item that is written to from the end": "rows = [state.w, state.b]\nrows[-1] = p\nreturn rows[1]",
    "an item that a slice is written over": "rows = [state.w, state.b]\nrows[0:1] = [p]\nreturn rows[0]",
    "an item that is written by another name": "rows = [state.w]\nother = rows\nother[0] = p\nreturn rows[0]",
    "an item of a list whose copy is written to": "rows = [p]\nother = list(rows)\nother[0] = state.w\nreturn rows[0]",
    "an entry of a dictionary whose copy is written to": (
        "rows = {'w': p}\nother = dict(rows)\nother['w'] = state.w\nreturn rows['w']"
    ),
    "an entry that is added to a copy": "rows = dict({'w': state.w}, w=p)\nreturn rows['w']",
    "an item from the end of a list that grew": "rows = [state.w, p]\nrows.append(state.b)\nreturn rows[-2]",
    "an item after one that is put before it": "rows = [p, state.w]\nrows.insert(0, state.b)\nreturn rows[1]",
    "an item after one that is taken out": "rows = [state.w, p]\nrows.pop(0)\nreturn rows[0]",
    "an item after one that is deleted": "rows = [state.w, p]\ndel rows[0]\nreturn rows[0]",
    "an item of a reversed list": "rows = [state.w, p]\nrows.reverse()\nreturn rows[0]",
    "an item of a list read backwards": "rows = list(reversed([state.w, p]))\nreturn rows[0]",
    "a slice of a list": "rows = [state.w, p][1:]\nreturn rows[0]",
    "the dictionary of an object": (
        "import types\nbox = types.SimpleNamespace(w=1.0)\nbox.__dict__.update(w=p)\nreturn box.w"
    ),
    "an item of one of several lists": "rows = [[state.w], [state.b]]\nfor r in rows:\n    r[0] = p\nreturn rows[1][0]",
    "an item by the second of two names": "a = b = [state.w]\na[0] = p\nreturn b[0]",
    "a starred list that was written to": "rows = [state.w, state.b]\nrows[1] = p\nreturn (lambda a, b: b)(*rows)",
    "a starred dictionary that was written to": "rows = {'b': state.w}\nrows['b'] = p\nreturn (lambda b: b)(**rows)",
    "a method that is named by its class": "rows = [p]\nlist.insert(rows, 0, state.w)\nreturn rows[1]",
    "a walrus in a comprehension": "[(last := v) for v in (state.w, p)]\nreturn last",
    "an attribute of a class that is set": "class Box:\n    w = state.w\nBox.w = p\nreturn Box.w",
    "an attribute that is made up": ("class Box:\n    def __getattr__(self, name):\n        return p\nreturn Box().w"),
    "an attribute that is set by way of the dictionary": (
        "class Box:\n    def __init__(self):\n        self.__dict__['w'] = p\nreturn Box().w"
    ),
    "a loop that is left before its else": (
        "for name in state.names:\n    if name:\n        q = p\n        break\nelse:\n    q = state.w\nreturn q"
    ),
    "what a pattern takes out of a tuple": "match (state.w, p):\n    case (a, b):\n        return b\nreturn 0.0",
    "what a pattern takes out of the middle": (
        "match [state.w, p, state.b]:\n    case [a, *rest, b]:\n        return rest[0]\nreturn 0.0"
    ),
    "what a pattern takes out of a dictionary": (
        "match {'w': p, 'b': state.b}:\n    case {'w': w}:\n        return w\nreturn 0.0"
    ),
    "what a pattern takes out of an object": (
        "from types import SimpleNamespace\nmatch SimpleNamespace(w=p):\n    case SimpleNamespace(w=q):\n"
        "        return q\nreturn 0.0"
    ),
    "one of several patterns": ("match (state.kind, p):\n    case ('a', q) | (q, 'b'):\n        return q\nreturn 0.0"),
    "map": "return sum(map(lambda v: v * 2, p))",
    "map of an unseen function": "return sum(map(unseen, p))",
    "what a mapped function closes over": "return sum(map(lambda v: v * p, state.rows))",
    "an annotated assignment": "value: float = p * 2\nreturn value",
    "chained assignment": "a = b = p\nreturn a",
    "augmented assignment": "total = 0.0\ntotal += p\nreturn total",
    "augmented floor division of state": "total = state.w\ntotal //= 2\nreturn total + p",
    "walrus": "return (q := p) + q",
    "a comprehension": "return sum(v * 2 for v in p)",
    "a filtered comprehension": "return sum(v for v in state.rows if v > p)",
    "a dictionary comprehension": "return unseen({k: p for k in state.rows})",
    "a nested comprehension": "return sum([v for row in p for v in row])",
    "enumerate": "return sum(v for i, v in enumerate(p))",
    "what enumerate counts from": "return sum(i * v for i, v in enumerate(state.rows, p))",
    "what enumerate counts from, by keyword": "return sum(i * v for i, v in enumerate(state.rows, start=p))",
    "pairs of a number that is counted from it": "return unseen(enumerate(state.rows, p))",
    "zip": "return sum(a * b for a, b in zip(state.rows, p))",
    "sorted and reversed": "return sum(sorted(reversed(list(p))))",
    "a loop over it": "total = 0.0\nfor v in p:\n    total = total + v\nreturn total",
    "a loop that carries it": "a, b = 0.0, 0.0\nfor _ in range(3):\n    a = b\n    b = p\nreturn a",
    "a loop that breaks": "for v in p:\n    if v > 0:\n        break\nreturn v",
    "a loop with else": "for v in state.rows:\n    pass\nelse:\n    return p\nreturn p",
    "while": "total = p\nwhile total < 10:\n    total = total * 2\nreturn total",
    "how often a loop runs": "n = 0.0\nwhile p > n:\n    n = n + 1.0\nreturn n",
    "as a context": "with p.applied():\n    return state.loss()",
    "with": "with state.context() as c:\n    return c.run(p)",
    "try": "try:\n    value = p\nexcept ValueError as error:\n    value = 0.0\nreturn value",
    "try with else": (
        "try:\n    a = 1\nexcept ValueError:\n    return 0.0\nelse:\n    a = p\nfinally:\n    print(1)\nreturn a"
    ),
    "only in the handler": "try:\n    value = state.w\nexcept ValueError:\n    value = p\nreturn value",
    "a match": "match state.kind:\n    case 'a':\n        value = p\n    case _:\n        value = 0.0\nreturn value",
    "the choice of a case": "match p:\n    case 1:\n        q = 1.0\n    case _:\n        q = 2.0\nreturn q",
    "the subject of a match": (
        "match p:\n    case [first, *rest]:\n        return first\n"
        "    case {'w': w, **others} if w:\n        return w\nreturn 0.0"
    ),
    "a nested function": "def inner():\n    return p\nreturn inner()",
    "a default": "def inner(q=p):\n    return q\nreturn inner()",
    "a keyword-only default": "def inner(*, q=p):\n    return q\nreturn inner()",
    "a lambda": "return (lambda q: q * p)(2.0)",
    "a lambda that something unseen calls": "return unseen(lambda q: q * p)",
    "a star parameter": "def inner(*rest):\n    return sum(rest)\nreturn inner(1.0, p)",
    "a double star parameter": "def inner(**named):\n    return named['q']\nreturn inner(q=p)",
    "forwarded arguments": "def inner(*a, **k):\n    return unseen(*a, **k)\nreturn inner(p, q=1)",
    "a known tuple that is starred": "pair = (1.0, p)\ndef inner(a, b):\n    return b\nreturn inner(*pair)",
    "a known dictionary that is starred": (
        "named = {'b': p}\ndef inner(a, b):\n    return b\nreturn inner(1.0, **named)"
    ),
    "an unknown starred argument": "def inner(a, b):\n    return b\nreturn inner(*p)",
    "nonlocal": "total = 0.0\ndef add():\n    nonlocal total\n    total = p\nadd()\nreturn total",
    "nonlocal of further out": (
        "total = 0.0\ndef outer():\n    def add():\n        nonlocal total\n        total = p\n    add()\n"
        "outer()\nreturn total"
    ),
    "global": "global kept\nkept = p\nreturn kept",
    "a generator": "def inner():\n    yield p\nreturn sum(inner())",
    "yield from": "def inner():\n    yield from p\nreturn sum(inner())",
    "an inner class": "class Holder:\n    value = p\nreturn Holder.value",
    "partial": "f = functools.partial(unseen, p)\nreturn f(1.0)",
    "partial of a function": "def g(a, b):\n    return b\nreturn functools.partial(g, b=p)(1.0)",
    "jit": "return jax.jit(lambda q: q * 2)(p)",
    "vmap": "return jax.vmap(lambda q: q * 2)(p).sum()",
    "scan": "return jax.lax.scan(lambda c, t: (c * p, None), 1.0, None)[0]",
    "a derivative of it": "return jax.grad(lambda q: q ** 3)(p)",
    "a derivative that closes over it": "return jax.grad(lambda q: q * p)(2.0)",
    "getattr": "return getattr(p, 'w')",
    "getattr by a variable": "return getattr(p, state.name)",
    "vars": "return unseen(locals())",
    "a written attribute": "state.w = p\nreturn state.loss()",
    "a written item": "state.params['w'] = p\nreturn state.loss()",
    "a written item of a loop": "for name in state.names:\n    state.params[name] = p[name]\nreturn state.loss()",
    "a written slice": "state.w[:] = p\nreturn state.loss()",
    "setattr": "setattr(state, 'w', p)\nreturn state.w",
    "what another attribute than it may be set": (
        "import types\nbox = types.SimpleNamespace(w=p)\nsetattr(box, state.name, 1.0)\nreturn box.w"
    ),
    "setattr by a variable": "setattr(state, state.name, p)\nreturn state.loss()",
    "a setter": "state.set_params(p)\nreturn state.loss()",
    "an array that it is copied into": "rows = np.zeros(3)\nnp.copyto(rows, p)\nreturn rows.sum()",
    "an array beside it": "rows = np.zeros(3)\ninstall(p, rows)\nreturn rows.sum()",
    "what is sent away": "(p * 2.0).send('place')\nreturn received('place')",
    "what is written to a file": "p.tofile('name')\nreturn load('name')",
    "a container of the outside": "log.append(p)\nreturn log[-1]",
    "an unseen function that keeps it": "install(p)\nreturn evaluate()",
    "an object made of it": "m = Model(p)\nreturn m.loss()",
    "a list that grows": "rows = []\nrows.append(p)\nreturn sum(rows)",
    "an assert beside it": "assert p > 0\nreturn p",
    "del of something else": "q = p\ndel p\nreturn q",
    "several at once": "a, b = p, 1.0\ndel (b)\nreturn a",
    "await": "async def inner():\n    return p\nreturn unseen(inner())",
    "an early return": "if state.on:\n    return 0.0\nreturn p",
    "np.r_": "return np.r_[p, 1.0].sum()",
    "a doubly indexed item": "return p[0, 1]",
    "an ellipsis": "return p[...].sum()",
}


@pytest.mark.parametrize("body", REACHES.values(), ids=REACHES)
def test_reaches(body: str) -> None:
    assert flow(body) == "reaches"


LOST = {
    "never": ("never read", "return state.loss()"),
    "only a name like it": ("never read", "return state.p"),
    "another's keyword": ("never read", "return jnp.sum(state.w, p=2)"),
    "shadowed in a lambda": ("never read", "return (lambda p: p)(state.w)"),
    "shadowed in a comprehension": ("never read", "return sum(p for p in state.rows)"),
    "assigned first": ("overwritten", "p = state.w\nreturn p"),
    "assigned in both branches": ("overwritten", "if state.on:\n    p = 1\nelse:\n    p = 2\nreturn p * state.w"),
    "a loop variable": ("overwritten", "for p in state.rows:\n    last = p\nreturn last"),
    "an except target": ("overwritten", "try:\n    q = state.w\nexcept E as p:\n    return state.of(p)\nreturn q"),
    "a with target": ("overwritten", "with state.open() as p:\n    return p.loss()"),
    "an unpacking target": ("overwritten", "p, q = state.w, 1.0\nreturn p + q"),
    "annotated": ("overwritten", "p: float = state.w\nreturn p"),
    "walrus": ("overwritten", "return (p := state.w) + p"),
    "kept of printing": ("dead", "said = print(p)\nreturn jnp.sum(state.w) + unseen(said)"),
    "printed": ("dead", "print(p)\nreturn state.loss()"),
    "measured": ("dead", "n = p.shape[0]\nreturn jnp.sum(state.w) * n"),
    "counted": ("dead", "return jnp.sum(state.w) * len(p)"),
    "kept in an unused local": ("dead", "q = p * 2\nreturn jnp.sum(state.w)"),
    "compared by identity": ("dead", "return jnp.sum(state.w) * (p is None)"),
    "replaced by zeros": ("dead", "return jnp.sum(jnp.zeros_like(p) + state.w)"),
    "the other entry": ("dead", "pair = (p, state.w)\nreturn pair[1]"),
    "the other key": ("dead", "entries = {'w': p, 'b': state.w}\nreturn entries['b']"),
    "the last of a starred unpacking": ("dead", "[a, *_, b] = p, p, state.w\nreturn b"),
    "the first of a starred unpacking": ("dead", "[a, *_, b] = state.w, p, p\nreturn a"),
    "the middle of a starred unpacking": ("dead", "a, *rest, b = p, state.w, p\nreturn rest[0]"),
    "the last of a starred unpacking of one": ("dead", "*rest, b = [p, state.w]\nreturn b"),
    "the last of a starred unpacking in a loop": (
        "dead",
        "total = 0.0\nfor a, *_, b in [(p, p, state.w), (p, state.w)]:\n    total = total + b\nreturn total",
    ),
    "the other part of a slice": ("dead", "rows = [p, state.w][1:]\nreturn rows[0]"),
    "the other item of a reversed list": ("dead", "rows = list(reversed([p, state.w]))\nreturn rows[0]"),
    "what a pattern leaves of a tuple": (
        "dead",
        "match (p, state.w):\n    case (a, b):\n        return b\nreturn state.b",
    ),
    "what a pattern leaves of a dictionary": (
        "dead",
        "match {'w': p, 'b': state.b}:\n    case {'w': w, **rest}:\n        return rest['b']\nreturn state.b",
    ),
    "what the handler of nothing leaves": (
        "dead",
        "try:\n    q = p\nfinally:\n    q = state.w\nreturn q",
    ),
    "mapped to what is no matter of it": ("dead", "return sum(map(lambda v: state.w, p))"),
    "an attribute of an object of its own": (
        "dead",
        "import types\nbox = types.SimpleNamespace(w=1.0)\nbox.w = p\nreturn state.loss()",
    ),
    "what an error keeps from the result": (
        "dead",
        "for v in state.rows:\n    if v > 0:\n        q = p\n        raise E\n    q = state.w\nreturn jnp.sum(q)",
    ),
    "the elements of a list beside it": (
        "dead",
        "rows = [state.w * 2.0, 1.0]\nkept = unseen(p, rows)\nreturn jnp.sum(rows[0])",
    ),
    "the keys of a dictionary": (
        "dead",
        "total = 0.0\nfor name, value in {'w': p}.items():\n    total += state.table[name]\nreturn total",
    ),
    "another attribute beside a default": (
        "dead",
        "class Box:\n    w = state.w\n    b = 1.0\nbox = Box()\nbox.b = p\nreturn box.w",
    ),
    "an object that is made and not used": (
        "dead",
        "def helper(q):\n    made = Model(q)\n    return jnp.sum(state.w)\nreturn helper(p)",
    ),
    "a function that an object holds": (
        "never read",
        "class Holder:\n    f: object\nreturn Holder(lambda q: jnp.sum(state.w)).f(p)",
    ),
    "a function that an object holds by name": (
        "never read",
        "class Holder:\n    f: object\nreturn Holder(f=lambda q: jnp.sum(state.w)).f(p)",
    ),
    "another attribute that is set": (
        "dead",
        "import types\nbox = types.SimpleNamespace(w=1.0, b=state.b)\nsetattr(box, 'w', p)\nreturn box.b",
    ),
    "beside a function that does not read it": ("never read", "return unseen(lambda: state.w)"),
    "a method of what was computed before": ("dead", "kept = unseen(p)\nreturn (state.w * 2.0).norm()"),
    "a helper that ignores it": ("never read", "def helper(a, b):\n    return jnp.sum(b)\nreturn helper(p, state.w)"),
    "a helper that rebinds it": (
        "never read",
        "def helper(a):\n    a = state.w\n    return jnp.sum(a)\nreturn helper(p)",
    ),
    "a helper's default": ("never read", "def helper(a, b=state.w):\n    return jnp.sum(b)\nreturn helper(p)"),
    "asserted": ("dead", "assert p is not None\nreturn jnp.sum(state.w)"),
    "a loop over it that ignores it": (
        "dead",
        "t = 0.0\nfor v in range(len(p)):\n    t = t + 1\nreturn t * jnp.sum(state.w)",
    ),
    "after the return": ("dead", "return jnp.sum(state.w)\nreturn p"),
    "stopped": ("severed", "return jnp.sum(jax.lax.stop_gradient(p))"),
    "argmax": ("severed", "return jnp.argmax(p)"),
    "float": ("severed", "return float(p)"),
    "an f-string": ("severed", "return jnp.asarray(hash_of[f'{p}'])"),
    "a comparison": ("severed", "return jnp.mean(p > state.w)"),
    "not": ("severed", "return jnp.mean(not p)"),
    "floor division": ("severed", "return p // 2"),
    "floor division in place": ("severed", "q = p\nq //= 2\nreturn q"),
    "an index": ("severed", "return state.table[p]"),
    "a dictionary's key": ("severed", "return jnp.sum(unseen({p: 1.0}))"),
    "under no_grad": ("severed", "with torch.no_grad():\n    q = p * 2\nreturn q"),
    "a decorated helper": ("severed", "@torch.no_grad()\ndef helper(q):\n    return q\nreturn helper(p)"),
    "detached": ("severed", "return p.detach()"),
}


@pytest.mark.parametrize(("expected", "body"), LOST.values(), ids=LOST)
def test_is_lost(expected: str, body: str) -> None:
    assert flow(body) == expected


@pytest.mark.parametrize("call", CALLS_THAT_LACK_ARGUMENTS)
def test_a_call_that_lacks_arguments_is_no_trouble(call: str) -> None:
    assert flow(f"unseen({call})\nreturn p") == "reaches"


def test_the_best_way_counts() -> None:
    assert flow("return p + jax.lax.stop_gradient(p)") == "reaches"
    assert flow("q = jax.lax.stop_gradient(p)\nreturn q if state.on else float(p)") == "severed"
    assert flow("print(p)\np = state.w\nreturn p") == "dead"


def test_a_helper_that_returns_a_constant_of_the_outside_is_written() -> None:
    helper = "SCALE = 2.0\ndef helper(q):\n    return SCALE"
    assert flow("return helper(p) * jnp.sum(state.w)", helper) == "never read"


def test_a_name_that_is_deleted_means_again_what_it_meant_before() -> None:
    assert flow("print(p)\nreturn jnp.sum(state.w)", "print = state.show\ndel print") == "dead"
    assert flow("print(p)\nreturn jnp.sum(state.w)", "print = state.show") == "reaches"


def test_the_operation_that_severs_is_named() -> None:
    assert objective_site("return jnp.argmax(p)").parameter.cut == "`jax.numpy.argmax`"
    assert objective_site("return p.item()").parameter.cut == "`.item()`"
    assert objective_site("return int(p)").parameter.cut == "`int`"
    assert objective_site("return state.table[p]").parameter.cut == "its use as an index"
    assert objective_site("return p // 2").parameter.cut == "`//`"
    assert objective_site("with torch.no_grad():\n    q = p * 2\nreturn q").parameter.cut == "`torch.no_grad`"


def test_gradients_may_be_switched_on() -> None:
    assert flow("with torch.set_grad_enabled(True):\n    q = p * 2\nreturn q") == "reaches"
    assert flow("with torch.set_grad_enabled(False):\n    q = p * 2\nreturn q") == "severed"


def test_what_cuts_a_trace_does_not_cut_differences() -> None:
    call = "approx_fprime(params, objective)"
    assert flow("return float(p)", call=call) == "reaches"
    assert flow("return p.detach().sum().item()", call=call) == "reaches"
    assert flow("return int(p)", call=call) == "severed"


def test_what_a_vector_is_written_into_holds_it_past_the_graph() -> None:
    body = "torch.nn.utils.vector_to_parameters(p, {})\nreturn net(x).sum()"
    for where in ("net.parameters()", "[net.w, net.b]", "(net.w,)"):
        assert flow(body.format(where), call="torch.func.grad(objective)(params)") == "severed", where
        assert flow(body.format(where), call="approx_fprime(params, objective)") == "reaches", where


def test_data_detaches_in_pytorch_alone() -> None:
    assert flow("return p.data", call="torch.func.grad(objective)(params)") == "severed"
    assert flow("return p.data") == "reaches"


def test_only_the_first_element_counts_with_auxiliary_output() -> None:
    call = "jax.grad(objective, has_aux=True)(params)"
    assert flow("return state.loss(), p", call=call) == "dead"
    assert flow("return p, state.loss()", call=call) == "reaches"
    assert flow("pair = unseen(p)\nreturn pair", call=call) == "reaches"


class TestTerms:
    """Terms of a sum that hold the point, and not the parameter."""

    def test_of_a_sum(self) -> None:
        assert objective_site("return jnp.sum(params) + p").terms == ("params",)
        assert objective_site("return p + jnp.sum(params)").terms == ("params",)
        assert objective_site("total = jnp.sum(params)\ntotal += p\nreturn total").terms == ("params",)

    def test_not_of_a_difference_a_product_or_a_joint_term(self) -> None:
        assert objective_site("return p - jnp.sum(params)").terms == ()
        assert objective_site("return p * jnp.sum(params)").terms == ()
        assert objective_site("return jnp.sum(p - params) + p").terms == ()

    def test_not_of_other_state(self) -> None:
        assert objective_site("return jnp.sum(state.w) + p").terms == ()

    def test_not_inside_of_what_is_called(self) -> None:
        assert objective_site("def helper(q):\n    return q + jnp.sum(params)\nreturn helper(p)").terms == ()


class TestCaptured:
    """What the result depends on besides the parameter."""

    def paths(self, found: Site) -> list[str]:
        return [capture.path for capture in found.captures]

    def test_the_point_first_then_in_the_order_of_reading(self) -> None:
        found = objective_site("return state.loss(x, t, params)")
        assert self.paths(found)[0] == "params"
        assert self.paths(found)[1:] == ["state", "x", "t"]
        assert found.captures[0].kind == "point"

    def test_the_common_part_of_several_paths(self) -> None:
        assert self.paths(objective_site("return state.net.w + state.net.b")) == ["state.net"]
        assert self.paths(objective_site("return state.net.w.data.x")) == ["state.net.w"]

    def test_computed_before_from_the_point(self) -> None:
        found = objective_site("return loss", "loss = cost(params)")
        assert found.finished
        assert [(capture.path, capture.kind, capture.of_point) for capture in found.captures] == [
            ("loss", "precomputed", True)
        ]

    def test_computed_through_several_steps(self) -> None:
        found = objective_site("return 2 * loss", "logits = net(params)\nloss, aux = cost(logits), 1")
        assert not found.finished
        assert found.captures[0].of_point

    def test_computed_from_something_else(self) -> None:
        found = objective_site("return 2 * loss", "loss = cost(other)")
        assert not found.captures[0].of_point

    def test_its_own_other_argument(self) -> None:
        (found,) = sites("def objective(p, q):\n    return jnp.sum(q)\njax.grad(objective)(params, other)")
        assert [(capture.path, capture.kind) for capture in found.captures] == [("q", "argument")]

    def test_literals_are_not_captured_unless_they_are_the_point(self) -> None:
        assert self.paths(objective_site("return scale * 2", "scale = 3.0")) == []
        assert self.paths(objective_site("return state.loss(name)", "for name in {'a': 1.0}:\n    pass")) == ["state"]
        assert self.paths(site("start = [1.0, 2.0]\nminimize(lambda p: cost(start), start)")) == ["start", "cost"]

    def test_not_what_was_overwritten_as_a_whole(self) -> None:
        for key, left in (
            ("1:", ["state"]),
            ("0", ["state"]),
            (":", []),
            ("...", []),
            (":, :", []),
            (":, 1:", ["state"]),
        ):
            body = f"rows = state.rows.copy()\nrows[{key}] = 0.0\nreturn rows.sum()"
            assert [path.partition(".")[0] for path in self.paths(objective_site(body))] == left, key

    def test_the_elements_of_what_was_zipped_before(self) -> None:
        (found,) = self.paths(objective_site("return sum(b for a, b in pairs)", "pairs = zip(state.rows, make())"))
        assert found.startswith("pairs")

    def test_the_default_of_what_is_called(self) -> None:
        before = "def helper(q, scale=make()):\n    return scale * 2"
        assert self.paths(objective_site("return helper(1.0)", before)) == ["scale"]

    def test_the_point_alone_of_what_holds_it(self) -> None:
        assert site("jax.grad(lambda w: cost(net.w, net.b))(net.w)").captures[0].path == "net.w"

    def test_a_function_without_result_gives_a_constant(self) -> None:
        before = "def quiet():\n    print(1)\nkept = quiet()"
        assert objective_site("return unseen_too(kept)", before).constants == ("kept",)

    @pytest.mark.parametrize(
        "value",
        [
            "jax.grad(cost)(start)",
            "unseen(1.0)",
            "state.w",
            "-state.w",
            "state.w + 1.0",
            "state.w > 1.0",
            "state.w or 1.0",
            "state.w if state.on else 1.0",
            "1.0 if state.on else state.w",
            "[state.w, 1.0]",
            "{'w': state.w, 'b': 1.0}",
            "{state.w, 1.0}",
            "f'{state.w}'",
            "np.zeros_like(state.w)",
            "int(state.w)",
            "state.w.item()",
            "(lambda q: q)(state.w)",
            "np.array([state.w])",
            "Model(1.0)",
        ],
    )
    def test_what_was_computed_of_anything_is_no_literal(self, value: str) -> None:
        assert objective_site("return unseen_too(kept)", f"kept = {value}").constants == ()

    @pytest.mark.parametrize(
        "value",
        [
            "3.0",
            "-1",
            "2 * 3.0",
            "1.0 < 2.0",
            "'text'",
            "None",
            "[1.0, 2.0]",
            "(1.0, 2.0)[0]",
            "{1.0, 2.0}",
            "{'w': 1.0}",
            "{'w': 1.0}['w']",
            "[1.0 for _ in (1, 2)]",
            "1.0 if True else 2.0",
            "int('3')",
            "[1.0][0]",
        ],
    )
    def test_what_is_written_out_is_a_constant(self, value: str) -> None:
        found = objective_site("return kept * 2.0", f"kept = {value}")
        assert (found.constants, self.paths(found)) == (("kept",), [])

    @pytest.mark.parametrize(
        "pattern",
        ["[a, b]", "[1, [a, *b]]", "{'w': a, **b}", "Point(a, y=b)", "Point(x=(a, b))", "[a] as b", "[[a]] | [a, 1]"],
    )
    def test_what_a_pattern_binds_is_not_captured(self, pattern: str) -> None:
        body = f"b = 1.0\nmatch p:\n    case {pattern}:\n        return a + b\nreturn 0.0"
        assert [path for path in self.paths(objective_site(body)) if path in "ab"] == []

    def test_code_is_not_captured(self) -> None:
        assert self.paths(objective_site("return helper(state.w)", "def helper(q):\n    return jnp.sum(q)")) == [
            "state.w"
        ]

    def test_what_a_factory_closes_over(self) -> None:
        (found,) = sites("def make(net):\n    return lambda p: net.loss(x)\njax.grad(make(model))(params)")
        assert self.paths(found)[0] in ("net", "model")

    def test_what_a_partial_binds(self) -> None:
        (found,) = sites("def loss(w, p):\n    return jnp.sum(w)\njax.grad(functools.partial(loss, state.w))(params)")
        assert found.parameter.name == "p"
        assert self.paths(found) == ["state.w"]

    def test_reads_inside_of_what_is_called(self) -> None:
        found = objective_site("return helper()", "def helper():\n    return jnp.sum(state.w)")
        assert self.paths(found) == ["state.w"]
        assert found.captures[0].range is None


class TestBudgets:
    """Large and deep code ends quickly, and never in an error."""

    def test_ten_thousand_statements(self) -> None:
        body = "".join(f"    q = q + {i}\n" for i in range(10_000))
        text = f"import jax\ndef objective(p):\n    q = state.w\n{body}    return q\njax.grad(objective)(params)\n"
        found = subjects(text).sites
        assert all(item.parameter.flow in ("never read", "reaches") for item in found)

    def test_deeply_nested_calls(self) -> None:
        text = f"import jax\njax.grad(lambda p: {'f(' * 80}p{')' * 80})(params)\n"
        assert [item.parameter.flow for item in subjects(text).sites] in ([], ["reaches"])

    def test_a_thousand_functions_that_call_the_next(self) -> None:
        functions = "".join(f"def f{i}(q):\n    return f{i + 1}(q) + f{i + 2}(q)\n" for i in range(1000))
        text = f"import jax\n{functions}\njax.grad(f0)(params)\n"
        assert [item.parameter.flow for item in subjects(text).sites] in ([], ["reaches"])

    def test_recursion(self) -> None:
        assert flow("return depth(p, 3)", "def depth(q, n):\n    return q if n == 0 else depth(q, n - 1)") == "reaches"
        assert flow("return depth(p, 3)", "def depth(q, n):\n    return state.w if n == 0 else depth(q, n - 1)") in (
            "reaches",
            "dead",
        )

    def test_mutual_recursion(self) -> None:
        before = "def even(q, n):\n    return q if n == 0 else odd(q, n - 1)\ndef odd(q, n):\n    return even(q, n - 1)"
        assert flow("return even(p, 4)", before) == "reaches"

    def test_a_function_that_calls_itself_with_itself(self) -> None:
        assert flow("f = lambda g: g(g)\nreturn f(f) + p") == "reaches"

    def test_a_long_sum(self) -> None:
        assert flow("return " + " + ".join(["p"] * 400)) == "reaches"

    def test_nested_loops(self) -> None:
        body = "total = 0.0\n"
        for depth in range(12):
            body += "    " * depth + f"for i{depth} in state.rows:\n"
        body += "    " * 12 + "total = total + p\nreturn total"
        found = sites(
            "def objective(p):\n"
            + "".join(f"    {line}\n" for line in body.split("\n"))
            + "jax.grad(objective)(params)"
        )
        assert all(item.parameter.flow == "reaches" for item in found)


MEMO = "from types import SimpleNamespace\nmemo = SimpleNamespace(k=0.4)"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("memo.k = p @ p\nif state.on:\n    memo.k = 0.5 * state.w\nreturn memo.k", "reaches"),
        (
            "memo.k = p @ p\ntry:\n    check(state)\nexcept ValueError:\n    memo.k = 0.5 * state.w\nreturn memo.k",
            "reaches",
        ),
        ("memo.k = p @ p\nif state.bad:\n    memo.k = 0.0\n    return state.w\nreturn memo.k", "reaches"),
        ("memo.k = p @ p\nmemo.k = 0.5 * state.w\nreturn memo.k", "dead"),
        ("memo.k = p @ p\nif state.on:\n    memo.k = 0.5 * state.w\n    return memo.k\nreturn state.v", "dead"),
    ],
    ids=["in a branch", "where something fails", "in a branch that leaves", "for good", "read in the branch itself"],
)
def test_what_may_never_be_written_hides_nothing(body: str, expected: str) -> None:
    assert flow(body, MEMO) == expected


BOX = "from types import SimpleNamespace"
HELPER = "def keep(v):\n    box.k = v\n    return 1\nbox = SimpleNamespace(k=p)\n"
LATER = "def keep():\n    nonlocal q\n    q = state.w\n    return 1\nq = p\n"


@pytest.mark.parametrize(
    "body",
    {
        "a loop over nothing": "box = SimpleNamespace(k=p)\nfor v in state.rows:\n    box.k = v\nreturn box.k",
        "a while": "box = SimpleNamespace(k=p)\nwhile state.on:\n    box.k = state.w\nreturn box.k",
        "a loop that goes on early": (
            "box = SimpleNamespace(k=p)\nfor v in (1, 2):\n    if state.on:\n        continue\n    box.k = state.w\n"
            "return box.k"
        ),
        "the else of a loop that is left": (
            "box = SimpleNamespace(k=p)\nfor v in state.rows:\n    break\nelse:\n    box.k = state.w\nreturn box.k"
        ),
        "after what fails": (
            "box = SimpleNamespace(k=p)\ntry:\n    check(state)\n    box.k = state.w\nexcept ValueError:\n    pass\n"
            "return box.k"
        ),
        "after what fails, on the way": (
            "q = state.w\ntry:\n    q = p\n    check(state)\n    q = state.w\nexcept ValueError:\n    pass\nreturn q"
        ),
        "where something does not fail": (
            "box = SimpleNamespace(k=p)\ntry:\n    check(state)\nexcept ValueError:\n    pass\nelse:\n"
            "    box.k = state.w\nreturn box.k"
        ),
        "where failing is suppressed": (
            "import contextlib\nq = p\nwith contextlib.suppress(ValueError):\n    check(state)\n    q = state.w\n"
            "return q"
        ),
        "after an early return": (
            "def keep(v):\n    if state.on:\n        return\n    box.k = v\nbox = SimpleNamespace(k=p)\nkeep(state.w)\n"
            "return box.k"
        ),
        "one side of a choice": HELPER + "z = 1 if state.on else keep(state.w)\nreturn box.k",
        "the right side of or": HELPER + "z = state.on or keep(state.w)\nreturn box.k",
        "a comprehension": HELPER + "z = [keep(v) for v in state.rows]\nreturn box.k",
        "a map that nobody asks": HELPER + "z = map(keep, state.rows)\nreturn box.k",
        "what another one may call": HELPER + "unseen(lambda: keep(state.w))\nreturn box.k",
        "a walrus in a choice": "q = p\nz = 1 if state.on else (q := state.w)\nreturn q",
        "a walrus after and": "q = p\nz = state.on and (q := state.w)\nreturn q",
        "a walrus in a chained comparison": "q = p\nz = 1 < state.n < (q := state.w)\nreturn q",
        "a variable of further out": LATER + "def maybe():\n    if state.on:\n        keep()\nmaybe()\nreturn q",
        "a variable of further out, in a loop": LATER
        + "def maybe():\n    for _ in state.rows:\n        keep()\nmaybe()\nreturn q",
        "a case": "box = SimpleNamespace(k=p)\nmatch state.on:\n    case True:\n        box.k = state.w\nreturn box.k",
    }.items(),
    ids=lambda item: item[0],
)
def test_what_may_never_run_hides_nothing(body: tuple[str, str]) -> None:
    assert flow(body[1], BOX) == "reaches"


@pytest.mark.parametrize(
    "body",
    [
        "box = SimpleNamespace(k=p)\nfor v in range(2):\n    box.k = state.w\nreturn box.k",
        "box = SimpleNamespace(k=p)\nfor v in (1.0, 2.0):\n    box.k = state.w\nreturn box.k",
        "def keep(v):\n    box.k = v\n    return 1\nbox = SimpleNamespace(k=p)\nkeep(state.w)\nreturn box.k",
    ],
    ids=["a loop over some numbers", "a loop over what is written out", "a helper"],
)
def test_what_surely_runs_hides_what_was_there(body: str) -> None:
    assert flow(body, BOX) == "dead"


def test_what_is_kept_in_a_branch_is_no_count_of_evaluations() -> None:
    found = objective_site("if state.on:\n    memo.k = jnp.sum(state.w)\nreturn memo.k", MEMO)
    assert found.parameter.flow == "never read"
