"""The model of SECURITY.md, point by point: what a checked repository tries, and what comes of it.

What hostile objectives try in replay is in `test_replay_attacks.py`, hostile messages to the server in
`test_lsp_processes.py`, regular expressions in `test_expressions.py`, nesting in `test_depth.py`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest
from command_harness import ALIASED, CLEAN, DETACHED
from lsp_client import Client

import closurelint
from closurelint.lsp import hover
from closurelint.report import FORMATS

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links, pipes and devices as on Unix")

MARK = "mark-of-what-ran"
RUNS = f"open({MARK!r}, 'w').close()\n"
HOSTILE = "a\n::error::planted\r##[error]\x1b[31m\x9b2J\u202e<script>alert(1)</script>.py"
"""A file's name that would be an annotation, a colour, a reversed line and a script."""
IMPORTING = "from {} import loss\nimport jax\n\n\ndef run(p):\n    return jax.grad(loss)(p)\n"
HOOK = """\
import os, sys
tree, python = os.getcwd(), (sys.prefix, sys.base_prefix)
writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
def hook(event, arguments):
    if event.startswith(("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "socket.")):
        print("audited", event, arguments, file=sys.__stderr__)
    if event == "open" and arguments[2] & writing and str(arguments[0]) != os.devnull:
        print("audited", event, arguments, file=sys.__stderr__)
    if event == "exec" and arguments[0].co_filename.startswith(tree):
        print("audited", event, arguments, file=sys.__stderr__)
from closurelint.commands.cli import main
sys.addaudithook(hook)
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository in a folder of its own, beside which a victim has a file."""
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    (folder / "train.py").write_text(ALIASED)
    return folder


def run(
    tree: Path, *words: str, program: tuple[str, ...] = ("-m", "closurelint"), **more: str
) -> subprocess.CompletedProcess[str]:
    """One command line in the repository; that it comes to an end within the time is part of every test."""
    return subprocess.run(
        [sys.executable, *program, *words],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(Path(closurelint.__file__).parent.parent), **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
        timeout=60,
    )


def found(outcome: subprocess.CompletedProcess[str]) -> bool:
    """Whether the finding in `train.py` was reported, whatever stands beside it."""
    assert "Traceback" not in outcome.stderr, outcome.stderr
    return "train.py" in outcome.stdout and "CLO201" in outcome.stdout


# -- nothing of the checked code runs ---------------------------------------------------------------------------------


def test_neither_modules_nor_notebooks_nor_documents_nor_codecs_run(tree: Path) -> None:
    (tree / "module.py").write_text(f"{RUNS}{ALIASED}\n@eval({RUNS!r})\nclass A(metaclass=exec({RUNS!r})): pass\n")
    (tree / "coded.py").write_text(f"# coding: planted\n{ALIASED}")
    (tree / "planted.py").write_text(RUNS)
    (tree / "documented.py").write_text(f'def f():\n    """\n    >>> {RUNS}    >>> grad(f)\n    """\n')
    (tree / "page.md").write_text(f"```python\n{RUNS}{ALIASED}```\n")
    cell: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    sources = (f"!touch {MARK}\n%run planted.py\n%%bash\ntouch {MARK}\n", RUNS + ALIASED)
    cells = [{**cell, "source": source} for source in sources]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tree / "book.ipynb").write_text(json.dumps(notebook))
    outcome = run(tree, "--no-cache", "--jobs", "1", ".", "page.md", program=("-c", HOOK), PYTHONDONTWRITEBYTECODE="1")
    assert found(outcome)
    assert "audited" not in outcome.stderr
    assert not (tree / MARK).exists()


def test_modules_beside_the_code_are_not_imported_by_the_command_or_its_workers(tree: Path) -> None:
    for name in ("numpy", "libcst", "json", "pathspec", "multiprocessing", "pickle", "sitecustomize", "re", "ast"):
        (tree / f"{name}.py").write_text(RUNS)
    for number in range(130):
        (tree / f"module{number}.py").write_text(ALIASED if number == 100 else CLEAN)
    outcome = run(tree, "--no-cache", "--jobs", "2", ".")
    assert found(outcome)
    assert "max |dW| is" in outcome.stdout
    assert not (tree / MARK).exists()


# -- nothing configures more than what is checked ---------------------------------------------------------------------


@pytest.mark.parametrize("key", ["plugins", "load-plugins", "require", "output-file", "command", "watch", "add-ignore"])
def test_there_is_no_setting_that_loads_runs_or_writes(tree: Path, key: str) -> None:
    (tree / "closurelint.toml").write_text(f'{key} = "planted.py"\n')
    outcome = run(tree, ".")
    assert outcome.returncode == 2
    assert f"no setting is called `{key}`" in outcome.stderr


@pytest.mark.parametrize("target", ["pipe", "/dev/zero", "/dev/stdin", "https://example.org/base.toml", "data:,jobs=1"])
@pytest.mark.parametrize("key", ["extend", "baseline"])
def test_devices_pipes_and_addresses_are_refused(tree: Path, key: str, target: str) -> None:
    os.mkfifo(tree / "pipe")
    (tree / "closurelint.toml").write_text(f'{key} = "{target}"\n')
    outcome = run(tree, ".")
    assert outcome.returncode == 2
    assert len(outcome.stderr.splitlines()) == 1
    assert "Traceback" not in outcome.stderr


def test_a_file_elsewhere_is_read_as_configuration_and_not_shown(tree: Path) -> None:
    (tree.parent / "secrets").write_text('PASSWORD = "swordfish"\n')
    (tree.parent / "other").write_text("password: swordfish\n")
    for name in ("secrets", "other"):
        (tree / "closurelint.toml").write_text(f'extend = "../{name}"\n')
        outcome = run(tree, ".")
        assert outcome.returncode == 2
        assert "swordfish" not in outcome.stderr + outcome.stdout


def test_a_baseline_is_never_written_over_another_kind_of_file(tree: Path) -> None:
    precious = tree.parent / "precious.json"
    precious.write_text('{"precious": true}')
    (tree / "closurelint.toml").write_text('baseline = "../precious.json"\n')
    assert run(tree, "--write-baseline", ".").returncode == 2
    assert precious.read_text() == '{"precious": true}'


@pytest.mark.parametrize("linked", [False, True])
def test_results_are_kept_only_in_a_folder_for_them_and_no_other_is_removed(tree: Path, linked: bool) -> None:
    precious = tree.parent / "precious"
    precious.mkdir()
    (precious / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n# of somebody else\n")
    if linked:
        (tree / ".closurelint_cache").symlink_to(precious)
    else:
        (tree / "closurelint.toml").write_text('cache-dir = "../precious"\n')
    assert found(run(tree, "."))
    assert run(tree, "clean").returncode == 2
    assert [path.name for path in precious.iterdir()] == ["CACHEDIR.TAG"]


def test_links_in_the_folder_of_kept_results_lead_nothing_out(tree: Path) -> None:
    assert found(run(tree, "."))
    (kept,) = (tree / ".closurelint_cache").glob("*.json")
    outside = tree.parent / "outside"
    for path in (kept, tree / ".closurelint_cache/.gitignore"):
        path.unlink()
        path.symlink_to(outside)
    (tree / "train.py").write_text(ALIASED + "\n")
    assert found(run(tree, "."))
    assert not outside.exists()
    assert not kept.is_symlink()


@pytest.mark.parametrize("data", [b"\x80\x04cposix\nsystem\n(S'touch mark'\ntR.", b"[" * 100_000, b'{"about": NaN}'])
def test_a_planted_cache_is_data(tree: Path, data: bytes) -> None:
    assert found(run(tree, "."))
    (kept,) = (tree / ".closurelint_cache").glob("*.json")
    kept.write_bytes(b"%08x\n" % crc32(data) + data)
    assert found(run(tree, "."))


# -- only what was named is read and mended ---------------------------------------------------------------------------


def test_a_link_that_leads_out_is_neither_read_nor_mended(tree: Path) -> None:
    victim = tree.parent / "victim.py"
    victim.write_text(ALIASED)
    (tree / "linked.py").symlink_to(victim)
    outcome = run(tree, "--fix", "--no-cache", ".")
    assert "linked" not in outcome.stdout + outcome.stderr
    assert victim.read_text() == ALIASED
    assert "def f(_)" in (tree / "train.py").read_text()


def test_an_import_does_not_follow_a_link_that_leads_out(tree: Path) -> None:
    outside = tree.parent / "outside"
    outside.mkdir()
    (outside / "helpers.py").write_text("def loss(p):\n    return secret\n")
    (outside / "__init__.py").touch()
    (tree / "user.py").write_text(IMPORTING.format("helpers"))
    (tree / "other.py").write_text(IMPORTING.format("package.helpers"))

    def codes() -> list[str]:
        outcome = run(tree, "--no-cache", "--no-replay", "--output-format", "json", "user.py", "other.py")
        return [item["code"] for item in json.loads(outcome.stdout)]

    (tree / "helpers.py").symlink_to(outside / "helpers.py")
    (tree / "package").symlink_to(outside)
    assert codes() == []
    for name in ("helpers.py", "package"):
        (tree / name).unlink()
    shutil.copytree(outside, tree / "inside")
    (tree / "helpers.py").symlink_to("inside/helpers.py")
    (tree / "package").symlink_to("inside")
    assert len(codes()) == 2


# -- nothing waits or grows without end -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["helpers.py", "helpers/__init__.py", ".gitignore", "closurelint.toml", "named.py"])
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "device"])
def test_no_pipe_or_device_is_read(tree: Path, name: str, make: Callable[[Path], None]) -> None:
    (tree / name).parent.mkdir(exist_ok=True)
    make(tree / name)
    (tree / "user.py").write_text(IMPORTING.format("helpers"))
    assert found(run(tree, "."))


def test_no_pipe_is_read_as_a_cache(tree: Path) -> None:
    assert found(run(tree, "."))
    (kept,) = (tree / ".closurelint_cache").glob("*.json")
    for path in (kept, tree / ".closurelint_cache/CACHEDIR.TAG"):
        path.unlink()
        os.mkfifo(path)
        assert found(run(tree, "."))


@pytest.mark.parametrize("name", ["large.py", "large.ipynb", "helpers.py", ".gitignore"])
def test_no_file_of_more_than_100_mb_is_read(tree: Path, name: str) -> None:
    with (tree / name).open("wb") as stream:
        stream.truncate(100_000_001)
    (tree / "user.py").write_text(IMPORTING.format("helpers"))
    outcome = run(tree, ".")
    assert found(outcome)
    assert ("larger than 100 MB" in outcome.stdout) is (name != ".gitignore")


@pytest.mark.parametrize("pattern", ["*a" * 30 + "b", "[a-z]*" * 30 + "!", "**/" * 4 + "*a" * 20 + "b"])
def test_patterns_are_limited_in_what_they_cost(tree: Path, pattern: str) -> None:
    deep = tree / ("a" * 200)
    deep.mkdir()
    (deep / ("a" * 200 + ".py")).write_text(CLEAN)
    (tree / ".gitignore").write_text(f"{pattern}\n")
    (tree / "closurelint.toml").write_text(f'extend-exclude = ["{pattern}"]\n')
    outcome = run(tree, ".")
    assert outcome.returncode == 2 or found(outcome)


# -- output is escaped ------------------------------------------------------------------------------------------------


@pytest.fixture
def hostile(tree: Path) -> Path:
    try:
        (tree / HOSTILE.replace("/", "_")).write_text(DETACHED.replace("net.loss", "net['\x1b[31m</script>']"))
    except OSError:
        pytest.skip("there are no such names there")
    return tree


@pytest.mark.parametrize(
    "words",
    [
        *(["--output-format", name] for name in FORMATS),
        ["--verbose"],
        ["--show-files"],
        ["--show-settings"],
        ["--statistics"],
        ["--fix", "--unsafe-fixes", "--show-fixes"],
        ["--add-ignore"],
    ],
    ids=" ".join,
)
def test_no_control_character_of_a_name_or_a_text_gets_out(hostile: Path, words: list[str]) -> None:
    outcome = run(hostile, "--no-cache", *words, ".", GITHUB_ACTIONS="true")
    written = outcome.stdout + outcome.stderr
    assert "planted" in written or "--statistics" in words or "--show-settings" in words or "--add-ignore" in words
    escaped_as_json = {"json", "jsonl", "sarif", "gitlab"} & set(words)
    assert not set(written) & ({"\x1b", "\r"} if escaped_as_json else {"\x1b", "\x9b", "\r", "\u202e"})
    assert not [line for line in written.splitlines() if line.startswith(("::error::planted", "##[error]"))]
    if "html" in words:
        assert "<script" not in written


def test_what_is_explained_has_no_control_character(hostile: Path) -> None:
    (path,) = (each for each in hostile.glob("*.py") if each.name != "train.py")
    shutil.copyfile(path, hostile / "plain.py")
    row = DETACHED.splitlines().index("dW = numerical_gradient(lambda W: net.loss(x, t), net.W.copy())") + 1
    outcome = run(hostile, "explain", f"plain.py:{row}")
    assert "captured" in outcome.stdout
    assert "\x1b" not in outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("`q` is never read", "`q` is never read"),
        ("`x[0](y) < 1`, state", "`x[0](y) < 1`, state"),
        ("`net['`<img src=x>`']`, state", "`` `net['`<img src=x>`']`, state ``"),
        ("`a``<b>`", "``` `a``<b>` ```"),
        ("![](https://example.org/seen)", "` ![](https://example.org/seen) `"),
        ("`a`\n\n`b`", "`a`\n\n`b`"),
    ],
)
def test_the_checked_code_makes_no_markup_of_a_hover(said: str, shown: str) -> None:
    assert hover._safe(said) == shown


def test_an_editor_gets_no_markup_of_the_checked_code(client: Client) -> None:
    client.initialize()
    text = 'import jax\n\ng = jax.grad(lambda q: net["`![x](https://example.org/seen)<img>`"] * 2)(w)\n'
    uri = client.open("train.py", text)
    client.diagnostics(uri, 1)
    place = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 8}}
    value = client.request("textDocument/hover", place)["contents"]["value"]
    (line,) = (each for each in value.split("\n") if "example.org" in each)
    assert line.startswith("- captured: `` ")
    assert line.endswith(" ``")
