"""Our adapters keep the contract that strangers are asked to keep."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from datasources.contract import DataSourceContract, Make, Outside
from datasources.file_drop import FileDrop
from datasources.simulated import Simulated
from tests.datasources.make import NOW, around, source

FIELDS = {"key": "编号", "received_at": "时间", "title": "内容"}
SIMULATED = {"key": "工单编号", "received_at": "登记时间", "source_version": "版本"}
HEADER = ("编号", "时间", "内容")
ROWS = [(f"A-{n}", f"2026-06-01 08:{n % 60:02d}:00", f"路灯不亮，第{n}盏") for n in range(45)]


class TestSimulatedDistrict(DataSourceContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Make:
        return _simulated(tmp_path, {"cases_per_day": 20, "start": "2026-06-08"})


class TestSimulatedMunicipalLevel(DataSourceContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Make:
        extra = {"cases_per_day": 5, "municipal": True, "mailboxes": 60, "start": "2026-06-12"}
        return _simulated(tmp_path, extra, unit="510100")


def _simulated(tmp_path: Path, connection: dict[str, Any], unit: str = "510107") -> Make:
    def make(name: str) -> Outside:
        outage = tmp_path / f"{name}.outage"
        words = {**connection, "outage_file": str(outage)}
        config = source("simulated", words, fields=SIMULATED, unit=unit)
        return Outside(
            source=Simulated(config, around()),
            now=NOW,
            unreachable=outage.touch,
            restart=lambda: Simulated(config, around()),
            config=config,
            city=around().city,
        )

    return make


class TestCsvInPlace(DataSourceContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Make:
        def make(name: str) -> Outside:
            file = tmp_path / f"{name}.csv"
            file.write_text(_csv(ROWS), encoding="utf-8-sig")
            return _files({"path": file.name}, tmp_path, file.unlink)

        return make


class TestPackedJsonLinesInPlace(DataSourceContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Make:
        lines = "\n".join(json.dumps(dict(zip(HEADER, row, strict=True))) for row in ROWS)

        def make(name: str) -> Outside:
            file = tmp_path / f"{name}.jsonl.gz"
            file.write_bytes(gzip.compress(lines.encode(), mtime=0))
            return _files({"path": file.name}, tmp_path, file.unlink)

        return make


class TestExcelInPlace(DataSourceContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Make:
        def make(name: str) -> Outside:
            file = tmp_path / f"{name}.xlsx"
            book = openpyxl.Workbook()
            for row in (HEADER, *ROWS):
                book.active.append(row)
            book.save(file)
            return _files({"path": file.name}, tmp_path, file.unlink)

        return make


class TestDropFolder(DataSourceContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Make:
        def make(name: str) -> Outside:
            folder = tmp_path / name
            folder.mkdir()
            (folder / "1.csv").write_text(_csv(ROWS[:30]), encoding="gb18030")
            (folder / "2.csv").write_text(_csv(ROWS[30:]), encoding="utf-8")
            gone = tmp_path / f"{name}-gone"
            return _files({"folder": name}, tmp_path, lambda: _rename(folder, gone), looks=2)

        return make


def _rename(folder: Path, to: Path) -> None:
    folder.rename(to)


def _csv(rows: list[tuple[str, str, str]]) -> str:
    return "\n".join(",".join(cells) for cells in (HEADER, *rows)) + "\n"


def _files(
    connection: dict[str, Any], data: Path, unreachable: Callable[[], None], looks: int = 1
) -> Outside:
    config = source("file_drop", {**connection, "batch_rows": 10}, fields=FIELDS)
    return Outside(
        source=FileDrop(config, around(data)),
        now=NOW,
        unreachable=unreachable,
        restart=lambda: FileDrop(config, around(data)),
        looks=looks,
        config=config,
        city=around(data).city,
    )
