"""The rows of Parquet files whose texts are programs, a batch at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from closurelint.scan.output import needs
from closurelint.scan.shard import Reading, ShardProblem

WORTH_A_SHARD = 32_000_000
"""Bytes of packed text."""

BATCH = 8_000_000
"""Bytes of text, as far as the file tells, that are read at a time."""

MOST_EXPANSION = 250


def pieces(stream: BinaryIO, reading: Reading) -> list[tuple[int, ...]]:
    """The row groups of a Parquet file, divided into what is worth a shard; raises ShardProblem."""
    file, column = _file(stream, reading)
    about = file.metadata
    found: list[list[int]] = [[]]
    size = 0
    for number in range(about.num_row_groups):
        if size >= WORTH_A_SHARD:
            found.append([])
            size = 0
        found[-1].append(number)
        size += about.row_group(number).column(column).total_compressed_size
    return [tuple(numbers) for numbers in found]


def rows(
    stream: BinaryIO,
    reading: Reading,
    groups: tuple[int, ...],
    wanted: Callable[[str], bool],
    skipped: Counter[str],
) -> Iterator[tuple[str, bytes]]:
    """Name and text of each wanted row; a row without a name is called after its number. Raises ShardProblem."""
    file, column = _file(stream, reading)
    sizes = [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]
    columns = [reading.text_column, *([reading.path_column] if reading.path_column else [])]
    for group in groups:
        about = file.metadata.row_group(group).column(column)
        if about.total_uncompressed_size > max(BATCH, MOST_EXPANSION * about.total_compressed_size):
            raise ShardProblem(f"it unpacks to more than {MOST_EXPANSION} times its size, as no table of programs does")
        count = max(1, BATCH * sizes[group] // max(BATCH // 1024 * sizes[group], about.total_uncompressed_size, 1))
        number = sum(sizes[:group])
        for batch in file.iter_batches(count, row_groups=[group], columns=columns, use_threads=False):
            texts = batch.column(reading.text_column)
            paths = batch.column(reading.path_column) if reading.path_column else None
            for index, text in enumerate(texts):
                name = None if paths is None else paths[index].as_py()
                name = f"row-{number + index}.py" if name is None else str(name)
                if wanted(name):
                    data = _bytes_of(text)
                    if data is None:
                        skipped["empty"] += 1
                    elif data.size > reading.largest:
                        skipped["too large"] += 1
                    else:
                        yield name, data.to_pybytes()
            number += len(texts)


def _bytes_of(text: Any) -> Any:
    """The buffer of a text, None for none."""
    return getattr(text, "value", text).as_buffer() if text.is_valid else None


def _file(stream: BinaryIO, reading: Reading) -> tuple[Any, int]:
    """The file, and the number of its column of texts."""
    needs("parquet")
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile, read_metadata

    try:
        about = read_metadata(stream)
        column = _number_of(about, reading.text_column)
        if reading.path_column is not None:
            _number_of(about, reading.path_column)
        # a text that many rows share is held once
        return ParquetFile(stream, metadata=about, read_dictionary=[reading.text_column]), column
    except ArrowException as problem:
        raise ShardProblem(f"it is not valid Parquet ({problem})") from problem


def _number_of(about: Any, column: str) -> int:
    """The number of a column; raises ShardProblem if there is none, or if it holds no text."""
    known = {about.schema.column(number).path: number for number in range(about.num_columns)}
    if column not in known:
        names = ", ".join(f"`{name}`" for name in list(known)[:20])
        raise ShardProblem(f"it has no column `{column}`, but {names}: name another")
    if about.schema.column(known[column]).physical_type != "BYTE_ARRAY":
        raise ShardProblem(f"its column `{column}` holds no text: name another")
    return known[column]
