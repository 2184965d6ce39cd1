"""Diagnostics as records that programs read: JSON lines, or a Parquet file with one schema for all."""

from __future__ import annotations

import json
from typing import Any

from closurelint.configuration.settings import SettingsProblem

FORMATS = ("jsonl", "parquet")


def rendered(records: list[dict[str, Any]], form: str) -> bytes:
    """The records of one shard as the contents of a file; raises SettingsProblem without pyarrow."""
    return _parquet(records) if form == "parquet" else "".join(map(line, records)).encode()


def line(record: dict[str, Any]) -> str:
    """A record as a line; characters that no encoding has are escaped."""
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace").decode() + "\n"


def needs(form: str) -> None:
    """Raise SettingsProblem if `form` cannot be written here."""
    if form != "parquet":
        return
    try:
        import pyarrow.parquet  # noqa: F401
    except ModuleNotFoundError as missing:
        raise SettingsProblem("Parquet needs pyarrow, install it with `pip install closurelint[scan]`") from missing


def _parquet(records: list[dict[str, Any]]) -> bytes:
    import pyarrow
    from pyarrow.parquet import write_table

    text, number, real = pyarrow.string(), pyarrow.int32(), pyarrow.float64()
    columns = {
        **dict.fromkeys(("shard", "filename", "sha256", "code", "name", "severity", "message"), text),
        "copies": pyarrow.list_(text),
        **dict.fromkeys(("cell", "row", "column", "end_row", "end_column"), number),
        "verdict": text,
        **dict.fromkeys(("copy", "alias", "reference"), real),
        "json": text,
    }
    sink = pyarrow.BufferOutputStream()
    rows = [_flat(record, columns) for record in records]
    write_table(pyarrow.Table.from_pylist(rows, schema=pyarrow.schema(list(columns.items()))), sink)
    return bytes(sink.getvalue().to_pybytes())


def _flat(record: dict[str, Any], columns: dict[str, Any]) -> dict[str, Any]:
    """The row of a record: what one asks for most in columns of their own, and the whole as text."""
    start, end, evidence = record["location"], record["end_location"], record["evidence"] or {}
    flat = record | evidence | start | {"end_row": end["row"], "end_column": end["column"], "json": json.dumps(record)}
    return {name: _writable(flat.get(name)) for name in columns}


def _writable(value: Any) -> Any:
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
