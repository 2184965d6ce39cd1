from __future__ import annotations

from closurelint.recent import Recent


def test_what_was_not_used_for_longest_goes_first() -> None:
    held = Recent(limit=10)
    held.put("a", 1, 4)
    held.put("b", 2, 4)
    assert held.trim() == []
    assert held.get("a") == 1
    held.put("c", 3, 4)
    assert held.get("b") == 2
    assert held.get("a") == 1
    assert held.get("c") == 3
    assert held.trim() == ["b"]
    assert [key for key in "abc" if key in held] == ["a", "c"]
    assert held.get("b") is None


def test_a_value_replaces_what_was_held_for_its_key_and_its_size() -> None:
    held = Recent(limit=10)
    held.put("a", 1, 9)
    held.put("a", 2, 1)
    held.put("b", 3, 9)
    assert held.trim() == []
    assert held.get("a") == 2


def test_what_is_too_large_is_held_alone() -> None:
    held = Recent(limit=10)
    held.put("a", 1, 3)
    held.put("b", 2, 30)
    assert held.trim() == ["a"]
    assert held.get("b") == 2


def test_nothing_is_held_for_what_was_forgotten() -> None:
    held = Recent(limit=10)
    held.put("a", 1, 9)
    held.pop("a")
    held.pop("never")
    assert "a" not in held
    held.put("b", 2, 9)
    held.put("c", 3, 1)
    assert held.trim() == []
