from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from closurelint.configuration.layers import Configuration, Layer, parsed
from closurelint.configuration.patterns import Patterns, absolute_pattern
from closurelint.configuration.schema import page, schema, schema_text
from closurelint.configuration.settings import BY_NAME, SETTINGS, Settings, SettingsProblem
from closurelint.rules import RULES

Blessed = Callable[[Path, str], None]
ROOT = Path(__file__).parent.parent


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def settings_in(directory: Path) -> Settings:
    return Configuration().for_directory(str(directory))


def test_every_setting_has_an_annotated_attribute_and_an_example_that_is_accepted(tmp_path: Path) -> None:
    annotated = set(Settings.__annotations__) - {"root", "origin", "codes", "per_file_codes"}
    assert annotated == {setting.attribute for setting in SETTINGS}
    for setting in SETTINGS:
        write(tmp_path / "closurelint.toml", setting.example)
        assert settings_in(tmp_path) != Settings(), setting.name
        assert setting.example.startswith(setting.name)


def test_defaults_without_any_file(tmp_path: Path) -> None:
    settings = Configuration(isolated=True).for_directory(str(tmp_path))
    assert settings.select == ("ALL",)
    assert settings.codes is None
    assert settings.origin is None
    assert settings.enables("CLO101")


def test_nearest_file_wins_and_is_not_merged(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[tool.closurelint]\nignore = ["CLO301"]\nreplay = false\n')
    write(tmp_path / "inner/closurelint.toml", 'ignore = ["CLO201"]\n')
    (tmp_path / "inner" / "deeper").mkdir()
    outer, inner = settings_in(tmp_path), settings_in(tmp_path / "inner" / "deeper")
    assert (outer.ignore, outer.replay) == (("CLO301",), False)
    assert (inner.ignore, inner.replay) == (("CLO201",), True)
    assert inner.root == str(tmp_path / "inner")
    assert inner.origin == str(tmp_path / "inner" / "closurelint.toml")


def test_closurelint_toml_is_preferred_to_pyproject_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.closurelint]\njobs = 3\n")
    write(tmp_path / "closurelint.toml", "jobs = 4\n")
    assert settings_in(tmp_path).jobs == 4


@pytest.mark.parametrize("text", ["[tool.other]\n", '[project]\ndependencies = ["closurelint"]\n'])
def test_a_pyproject_without_the_table_is_passed_over(tmp_path: Path, text: str) -> None:
    write(tmp_path / "closurelint.toml", "jobs = 4\n")
    write(tmp_path / "inner/pyproject.toml", text)
    assert settings_in(tmp_path / "inner").jobs == 4


def test_a_broken_pyproject_that_is_not_about_closurelint_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "= broken")
    write(tmp_path / "inner/closurelint.toml", "jobs = 1")
    assert settings_in(tmp_path).origin != str(tmp_path / "pyproject.toml")


def test_extend_goes_through_several_files_and_extend_keys_add_up(tmp_path: Path) -> None:
    write(tmp_path / "base.toml", 'exclude = ["a"]\nextend-exclude = ["b/c"]\njobs = 2\nreplay = false\n')
    write(tmp_path / "team/team.toml", 'extend = "../base.toml"\nextend-exclude = ["d/e"]\njobs = 3\n')
    write(tmp_path / "repo/closurelint.toml", 'extend = "../team/team.toml"\nextend-exclude = ["f"]\n')
    settings = settings_in(tmp_path / "repo")
    assert settings.exclude == ("a",)
    assert settings.extend_exclude == (f"{tmp_path}/b/c", f"{tmp_path}/team/d/e", "f")
    assert (settings.jobs, settings.replay) == (3, False)


def test_extend_reads_the_table_of_a_pyproject(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.closurelint]\njobs = 7\n")
    write(tmp_path / "inner/closurelint.toml", 'extend = "../pyproject.toml"\n')
    assert settings_in(tmp_path / "inner").jobs == 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('selct = ["CLO101"]', "no setting is called `selct`, did you mean `select`?"),
        ("[tool.closurelint]\njobs = 1", "has its keys at the top level"),
        ('select = "CLO101"', "`select` is a list of strings, not 'CLO101'"),
        ("select = [1]", "`select` is a list of strings"),
        ('per-file-ignores = ["x"]', "`per-file-ignores` is a table of file patterns"),
        ('exclude = "x"', "`exclude` is a list of strings"),
        ("jobs = -1", "`jobs` is a whole number from 0 on, not -1"),
        ("jobs = true", "`jobs` is a whole number"),
        ('replay = "no"', "`replay` is true or false, not 'no'"),
        ('output-format = "sarfi"', "`output-format` cannot be 'sarfi', did you mean `sarif`?"),
        ("output-format = 3", "`output-format` cannot be 3, use one of `text`"),
        ('baseline = ""', "`baseline` is a path"),
        ("differentiators = 1", "`differentiators` is a table of tables"),
        ('extend = "nowhere.toml"', "`extend` names nowhere.toml, which is not a file"),
        ("extend = 1", "`extend` is the path of another configuration file, not 1"),
        ('exclude = ["a/**/b/**/c/**/d/**/e/**/f"]', "more than 4 times `**/`"),
        ('include = ["' + "{a,b}" * 40 + '"]', "more than 1000 choices in braces"),
        ('exclude = [""]', "it names nothing"),
        ("jobs =", "not valid TOML"),
    ],
)
def test_wrong_configuration_names_file_key_and_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "closurelint.toml", text)
    with pytest.raises(SettingsProblem) as caught:
        settings_in(tmp_path)
    assert str(caught.value).startswith("closurelint.toml: ")
    assert message in str(caught.value)


def test_extend_in_a_circle(tmp_path: Path) -> None:
    write(tmp_path / "closurelint.toml", 'extend = "other.toml"\n')
    write(tmp_path / "other.toml", 'extend = "closurelint.toml"\n')
    with pytest.raises(SettingsProblem, match="leads back to this file"):
        settings_in(tmp_path)


def test_the_table_must_be_a_table(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool]\nclosurelint = 1\n")
    with pytest.raises(SettingsProblem, match=r"`tool\.closurelint` is a table, not 1"):
        settings_in(tmp_path)


def test_a_configuration_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "closurelint.toml").write_bytes(b"jobs = 1 # \xff")
    with pytest.raises(SettingsProblem, match="not valid TOML"):
        settings_in(tmp_path)


def test_deep_nesting_does_not_end_in_a_traceback(tmp_path: Path) -> None:
    write(tmp_path / "closurelint.toml", "select = " + "[" * 100_000)
    with pytest.raises(SettingsProblem, match="not valid TOML"):
        settings_in(tmp_path)


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "closurelint.toml").write_bytes(b"\xef\xbb\xbfjobs = 5\n")
    assert settings_in(tmp_path).jobs == 5


def test_paths_are_counted_from_the_file_that_names_them(tmp_path: Path) -> None:
    write(tmp_path / "base/base.toml", 'baseline = "known.json"\n')
    write(tmp_path / "repo/closurelint.toml", 'extend = "../base/base.toml"\ncache-dir = "kept"\n')
    settings = settings_in(tmp_path / "repo")
    assert settings.baseline == str(tmp_path / "base" / "known.json")
    assert settings.cache_dir == str(tmp_path / "repo" / "kept")


def test_layers_of_the_command_line_win(tmp_path: Path) -> None:
    write(tmp_path / "closurelint.toml", 'jobs = 2\noutput-format = "json"\n')
    layer = Layer({"jobs": 9}, "command line", str(tmp_path))
    settings = Configuration([layer]).for_directory(str(tmp_path))
    assert (settings.jobs, settings.output_format) == (9, "json")


def test_settings_can_be_compared_hashed_pickled_and_changed(tmp_path: Path) -> None:
    write(tmp_path / "closurelint.toml", '[differentiators."lib.grad"]\ndelivery = "copy"\nkeywords = ["f", "fun"]\n')
    settings = settings_in(tmp_path)
    assert pickle.loads(pickle.dumps(settings)) == settings
    assert hash(settings.changed(jobs=0)) == hash(settings)
    assert settings.changed(jobs=5) != settings
    assert settings.differentiators == (("lib.grad", (("delivery", "copy"), ("keywords", ("f", "fun")))),)
    with pytest.raises(TypeError, match="unknown settings: nothing"):
        Settings(nothing=1)


def test_a_differentiator_that_means_nothing_is_named_with_its_file(tmp_path: Path) -> None:
    write(tmp_path / "closurelint.toml", '[differentiators."lib.grad"]\ndeliver = "copy"\n')
    with pytest.raises(SettingsProblem, match=r"closurelint\.toml: .*unknown key `deliver`, did you mean `delivery`"):
        settings_in(tmp_path)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("build", "/r/x/build", True),
        ("build", "/r/x/builder", False),
        ("build/", "/r/x/build", True),
        ("*_pb2.py", "/r/a_pb2.py", True),
        ("*.md", "/r/a.md", True),
        ("a?.py", "/r/ab.py", True),
        ("docs/*.py", "/r/docs/a.py", True),
        ("docs/*.py", "/r/docs/deep/a.py", True),
        ("docs/*.py", "/r/other/docs/a.py", False),
        ("./docs/a.py", "/r/docs/a.py", True),
        ("src/**/old.py", "/r/src/old.py", True),
        ("src/**/old.py", "/r/src/a/b/old.py", True),
        ("src/**/old.py", "/r/src/a/bold.py", False),
        ("**/tests/*", "/r/a/tests/x.py", True),
        ("{a,b}.py", "/r/b.py", True),
        ("{a,{b,c}}.py", "/r/c.py", True),
        ("{a,b}.py", "/r/c.py", False),
        ("/abs/x.py", "/abs/x.py", True),
        ("[ab].py", "/r/b.py", True),
    ],
)
def test_patterns(pattern: str, path: str, expected: bool) -> None:
    patterns = Patterns([absolute_pattern(pattern, "/r")])
    assert patterns.matches(path, path.rpartition("/")[2]) is expected


def test_a_directory_with_special_characters_matches_only_itself() -> None:
    patterns = Patterns([absolute_pattern("x/*.py", "/a[b]*{c}")])
    assert patterns.matches("/a[b]*{c}/x/m.py", "m.py")
    assert not patterns.matches("/abc/x/m.py", "m.py")


def test_options_and_keys_are_the_same_words() -> None:
    assert all(name == name.lower() and "_" not in name for name in BY_NAME)


# -- generated --------------------------------------------------------------------------------------------------------


def test_the_names_that_selectors_know_are_fresh(blessed: Blessed) -> None:
    lines = (f'    "{rule.code}": "{rule.name}",\n' for rule in RULES)
    about = "The codes and names of all rules: selectors need them, and to load the rules takes longer than a run."
    text = f'"""{about}\n\nGenerated from `rules` by `pytest --bless`.\n"""\n\nfrom __future__ import annotations\n\n'
    text += f"RULE_NAMES = {{\n{''.join(lines)}}}\n"
    blessed(ROOT / "closurelint" / "configuration" / "rule_names.py", text)


def test_the_schema_is_fresh(blessed: Blessed) -> None:
    blessed(ROOT / "closurelint" / "configuration" / "settings.schema.json", schema_text(RULES))


def test_the_page_of_the_documentation_is_fresh(blessed: Blessed) -> None:
    blessed(ROOT / "docs" / "settings.md", page())


def test_the_schema_is_one_and_accepts_every_example() -> None:
    validator = jsonschema.validators.validator_for(schema(RULES))
    validator.check_schema(schema(RULES))
    for setting in SETTINGS:
        validator(schema(RULES)).validate(parsed(setting.example.encode(), "example"))
    mistakes: list[Any] = [{"selct": []}, {"select": ["CLO999"]}, {"jobs": -1}, {"replay": "no"}]
    for wrong in (*mistakes, {"output-format": "xml"}):
        assert not validator(schema(RULES)).is_valid(wrong)
