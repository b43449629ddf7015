"""Rows of CSV and Excel files, one at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl

from datasources.files.examine import Facts, as_workbook_bytes, unpacked
from datasources.files.header import check_columns
from datasources.files.how import How
from datasources.source import Malformed

Row = Mapping[str, Any]


def csv_rows(file: Path, raw: BinaryIO, facts: Facts, how: How) -> Iterator[Row]:
    """Rows by the names of the header. A row of another width goes on, for parse to judge."""
    with unpacked(file, raw) as inside:
        text = io.TextIOWrapper(inside, encoding=facts.encoding, newline="")
        head = text.readline()
        text.seek(0)
        lines = csv.reader(text, delimiter=how.delimiter or _delimiter(head))
        header = _header(facts.name, next(lines, []), how)
        width = len(header)
        for number, cells in enumerate(lines, 2):
            if len(cells) == width:
                yield dict(zip(header, cells, strict=True))
            elif cells:
                yield _ragged(header, cells, number)


def _delimiter(head: str) -> str:
    """The most frequent of the usual ones; the sniffer of csv guesses letters, too."""
    return max(",;\t|", key=head.count)


def _header(name: str, cells: Sequence[str], how: How) -> list[str]:
    header = [cell.strip().lstrip("\ufeff") for cell in cells]
    check_columns(name, header, how.columns)
    return header


def _ragged(header: Sequence[str], cells: Sequence[str], number: int) -> Row:
    """A short row has what it has; a long one has lost its columns, so that parse refuses it."""
    beyond = cells[len(header) :]
    if any(cell.strip() for cell in beyond):
        return {"行号": number, "单元格过多": list(cells)}
    return dict(zip(header, cells, strict=False))


def excel_rows(file: Path, raw: BinaryIO, facts: Facts, how: How) -> Iterator[Row]:
    """Rows of a sheet by the names of its first row that is not empty."""
    with as_workbook_bytes(file, raw) as whole:
        book = openpyxl.load_workbook(whole, read_only=True, data_only=True)
        try:
            lines = _lines(facts.name, book, how)
            header = _header(facts.name, [_text(cell) for cell in next(lines, ())], how)
            for cells in lines:
                yield {
                    name: _plain(cell, how.time_formats.get(name))
                    for name, cell in zip(header, cells, strict=False)
                    if name
                }
        finally:
            book.close()


def _lines(name: str, book: Any, how: How) -> Iterator[tuple[Any, ...]]:
    """The rows of the sheet that hold anything."""
    if how.sheet is not None and how.sheet not in book.sheetnames:
        listed = ", ".join(book.sheetnames)
        raise Malformed(f'{name}: there is no sheet "{how.sheet}"; there are: {listed}')
    sheet = book[how.sheet] if how.sheet else book.worksheets[0]
    sheet.reset_dimensions()  # some programs write a wrong size, and rows would be cut off
    return (
        cells for cells in sheet.iter_rows(values_only=True) if any(c is not None for c in cells)
    )


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _plain(cell: Any, format_: str | None) -> Any:
    """A cell as JSON knows it; a real date is written as the field map reads it."""
    if isinstance(cell, datetime):
        return cell.strftime(format_) if format_ else cell.isoformat()
    if isinstance(cell, date):
        day = datetime.combine(cell, time())
        return day.strftime(format_) if format_ else cell.isoformat()
    if isinstance(cell, time | timedelta):
        return str(cell)
    return "" if cell is None else cell
