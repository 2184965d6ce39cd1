from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from closurelint.configuration.layers import Configuration, Layer
from closurelint.discovery import Found, discover
from closurelint.gitignore import Ignored


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def found(*paths: str, **overrides: object) -> Found:
    layer = Layer({name.replace("_", "-"): value for name, value in overrides.items()}, "test", str(Path.cwd()))
    return discover(paths, Configuration([layer], isolated=True), with_skipped=True)


def names(*paths: str, **overrides: object) -> list[str]:
    return [path.replace(os.sep, "/") for path, _ in found(*paths, **overrides).files]


def test_folders_give_python_and_notebooks_sorted(tree: Path) -> None:
    make(tree, "b.py", "a/z.py", "a/n.ipynb", "a/w.pyw", "a/s.pyi", "a/t.md", "a/data.csv", "c.txt")
    assert names(".") == ["a/n.ipynb", "a/w.pyw", "a/z.py", "b.py"]
    assert names("a") == ["a/n.ipynb", "a/w.pyw", "a/z.py"]
    assert names(str(tree / "a")) == [f"{tree}/a/n.ipynb", f"{tree}/a/w.pyw", f"{tree}/a/z.py"]


def test_include_and_extend_include(tree: Path) -> None:
    make(tree, "a.py", "docs/b.md", "docs/c.py")
    assert names(".", extend_include=["*.md"]) == ["a.py", "docs/b.md", "docs/c.py"]
    assert names(".", include=["docs/*.py"]) == ["docs/c.py"]


def test_default_and_own_exclusions(tree: Path) -> None:
    make(tree, "a.py", ".venv/b.py", "node_modules/c.py", "gen/d.py", "e_pb2.py", "keep/gen.py")
    assert names(".") == ["a.py", "e_pb2.py", "gen/d.py", "keep/gen.py"]
    assert names(".", extend_exclude=["gen", "*_pb2.py"]) == ["a.py", "keep/gen.py"]
    assert names(".", exclude=["gen"]) == [".venv/b.py", "a.py", "e_pb2.py", "keep/gen.py", "node_modules/c.py"]
    assert names(".", extend_exclude=["./gen/d.py"]) == ["a.py", "e_pb2.py", "keep/gen.py"]


def test_a_named_path_is_checked_although_it_is_excluded_unless_forced(tree: Path) -> None:
    make(tree, "venv/a.py", "venv/deep/b.py", "notes.txt")
    assert names("venv/a.py", "notes.txt") == ["notes.txt", "venv/a.py"]
    assert names("venv") == ["venv/a.py", "venv/deep/b.py"]
    forced = found("venv/deep/b.py", "venv", "notes.txt", force_exclude=True)
    assert [path for path, _ in forced.files] == ["notes.txt"]
    assert forced.excluded == 2
    assert ("venv/deep/b.py", "excluded, and `force-exclude` is on") in forced.skipped


def test_exclusions_above_the_root_of_the_configuration_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "dist/project/a.py")
    monkeypatch.chdir(tmp_path / "dist" / "project")
    assert names("a.py", force_exclude=True) == ["a.py"]
    assert names(".") == ["a.py"]


def test_each_real_file_once(tree: Path) -> None:
    make(tree, "a/b/c.py", "a/d.py")
    assert names(".", "a", "a/b", "a/d.py", "./a/../a/d.py") == ["a/b/c.py", "a/d.py"]
    assert names("a/d.py", ".") == names(".", "a/d.py")


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege there")
def test_symbolic_links_are_followed_once_and_never_in_a_circle(
    tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    make(outside, "o.py")
    inside = tree / ".hidden"
    make(inside, "m.py", "sub/n.py")
    make(tree, "z.py")
    (tree / "circle").symlink_to(tree, target_is_directory=True)
    (tree / "again.py").symlink_to(tree / "z.py")
    (tree / "linked").symlink_to(inside, target_is_directory=True)
    (tree / "linked2").symlink_to(inside, target_is_directory=True)
    (tree / "led_out").symlink_to(outside, target_is_directory=True)
    (tree / "led_out.py").symlink_to(outside / "o.py")
    (inside / "back").symlink_to(tree, target_is_directory=True)
    (tree / "broken.py").symlink_to(tree / "nowhere.py")
    (tree / "self.py").symlink_to(tree / "self.py")
    result = found(".", extend_exclude=[".hidden"])
    assert [path for path, _ in result.files] == ["linked/m.py", "linked/sub/n.py", "z.py"]
    reasons = dict(result.skipped)
    for name in ("led_out", "led_out.py"):
        assert reasons[name] == "a symbolic link that leads out of what was named, name it to check it"
        assert names(name) == [name if name.endswith("py") else f"{name}/o.py"]
    assert reasons["again.py"] == "already checked under another name"
    assert reasons["broken.py"] == "a symbolic link that leads nowhere"
    assert reasons["self.py"] == "a symbolic link that leads nowhere"


def test_gitignore_files_nest_and_can_take_back(tree: Path) -> None:
    make(tree, "a.py", "gen/b.py", "sub/c_gen.py", "sub/keep_gen.py", "sub/d.py", "sub/only/e.py", "other/only/f.py")
    (tree / ".gitignore").write_text("# comment\ngen/\n*_gen.py\n")
    (tree / "sub" / ".gitignore").write_text("!keep_gen.py\n/only\n")
    assert names(".") == ["a.py", "other/only/f.py", "sub/d.py", "sub/keep_gen.py"]
    assert len(names(".", respect_gitignore=False)) == 7
    assert ("gen", "named by a .gitignore") in found(".").skipped


def test_gitignore_above_the_named_folder_holds_up_to_the_top_of_the_repository(tree: Path) -> None:
    make(tree, "repo/sub/a.py", "repo/sub/b_gen.py", "repo/sub/c_out.py", "repo/sub/d_info.py")
    (tree / "repo/.git/info").mkdir(parents=True)
    (tree / ".gitignore").write_text("a.py\n")
    (tree / "repo/.gitignore").write_text("*_gen.py\n")
    (tree / "repo/.git/info/exclude").write_text("*_info.py\n")
    assert names("repo/sub") == ["repo/sub/a.py", "repo/sub/c_out.py"]


def test_an_ignored_folder_that_is_named_is_checked(tree: Path) -> None:
    make(tree, "repo/gen/a.py")
    (tree / "repo/.git").mkdir()
    (tree / "repo/.gitignore").write_text("gen/\n")
    assert names("repo") == []
    assert names("repo/gen") == ["repo/gen/a.py"]
    assert names("repo/gen/a.py") == ["repo/gen/a.py"]


WORDS = st.sampled_from(["a", "b", "ab", ".a", "a.py", "b.pyc", "x.egg-info", "a b", "a#"])
PARTS = WORDS | st.sampled_from(
    ["*", "**", "*.py", "*b", "a*", "?", "*.py[co]", "[ab]", "[!a]b", "[ab", "a[a-b]", "\\a"]
)
PATTERNS = st.builds(
    lambda taken_back, top, parts, end: taken_back + top + "/".join(parts) + end,
    st.sampled_from(["", "", "", "!"]),
    st.sampled_from(["", "", "", "/"]),
    st.lists(PARTS, min_size=1, max_size=3),
    st.sampled_from(["", "", "/", " "]),
)


@given(st.lists(PATTERNS, max_size=4), st.lists(WORDS, min_size=1, max_size=3), st.booleans())
def test_a_look_at_names_alone_agrees_with_pathspec(lines: list[str], path: list[str], folder: bool) -> None:
    relative = "/".join(path)
    wanted = GitIgnoreSpec.from_lines(lines).check_file(f"{relative}/" if folder else relative).include
    ignored = Ignored(os.sep, lines, None)
    assert ignored.matches(f"{os.sep}{relative}", folder=folder) is bool(wanted)


def test_a_gitignore_that_is_no_text_or_no_pattern_does_no_harm(tree: Path) -> None:
    make(tree, "a.py", "b1.py", "a" * 200 + ".py")
    (tree / ".gitignore").write_bytes(b"\xff\xfe\n[z-a]\n!\nb*.py\n" + b"*a" * 60 + b"b\n")
    assert names(".") == ["a.py", "a" * 200 + ".py"]


def test_a_missing_path_is_a_problem_and_the_others_are_found(tree: Path) -> None:
    make(tree, "a.py")
    result = found("nowhere", "a.py", "nul\0byte")
    assert [path for path, _ in result.files] == ["a.py"]
    assert result.problems[0] == "nowhere: no such file or directory, name an existing file or folder"
    assert "embedded null" in result.problems[1]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders there")
def test_a_pipe_or_device_is_no_file(tree: Path) -> None:
    os.mkfifo(tree / "pipe.py")
    result = found("pipe.py", "/dev/null")
    assert result.files == []
    assert result.problems == [
        "/dev/null: a device cannot be checked, name a regular file or a folder",
        "pipe.py: a pipe cannot be checked, name a regular file or a folder",
    ]
    assert dict(found(".").skipped)["pipe.py"] == "not a regular file"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_a_problem(tree: Path) -> None:
    make(tree, "locked/a.py", "b.py")
    (tree / "locked").chmod(0)
    try:
        result = found(".")
    finally:
        (tree / "locked").chmod(0o700)
    assert [path for path, _ in result.files] == ["b.py"]
    assert result.problems == ["locked: permission denied, give permission or exclude it"]


def test_each_folder_follows_its_own_configuration(tree: Path) -> None:
    make(tree, "a/x.py", "a/gen/y.py", "b/gen/z.py")
    (tree / "a/closurelint.toml").write_text('extend-exclude = ["gen"]\nreplay = false\n')
    result = discover(["."], Configuration())
    assert [(path, settings.replay) for path, settings in result.files] == [("a/x.py", False), ("b/gen/z.py", True)]


def test_reasons_for_skipping(tree: Path) -> None:
    make(tree, "a.csv", ".git/b.py")
    assert found(".").skipped == [(".git", "excluded"), ("a.csv", "not matched by `include`")]


def test_names_with_newlines_and_undecodable_bytes_are_kept(tree: Path) -> None:
    make(tree, "new\nline.py")
    with Path(os.fsdecode(os.fsencode(tree) + b"/\xff.py")).open("wb"):
        pass
    assert names(".") == ["new\nline.py", os.fsdecode(b"\xff.py")]


def test_deep_folders_do_not_recurse(tree: Path) -> None:
    make(tree, "/".join(["d"] * 400) + "/a.py")
    assert len(names(".")) == 1
