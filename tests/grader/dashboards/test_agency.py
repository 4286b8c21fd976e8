"""The agency's dashboard shows the report's own figures, hides what is hidden, and names nobody's markup."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from grader.dashboards import agency
from netralitas import content, reports, roster
from netralitas.store import Store, open_store
from netralitas.web.board_desk import BOARDS, BoardDesk
from netralitas.web.board_tables import View
from netralitas.web.desk import Owner
from netralitas.widgets.board import Draw, Shown, Tables

TODAY = date(2026, 3, 10)
EVIL = '<img src=x onerror="alert(1)">'
HEAD = "nip,nama,instansi,unit,jabatan,jenis\n"


def person(number: int, unit: str) -> str:
    jenis = "pns" if number % 3 else "pppk"
    return f'19000101202001{number % 2 + 1}{number + 1:03},Orang,Dinas Contoh,"{unit}",Guru,{jenis}\n'


PEOPLE = [
    *(person(n, "Bidang A / Seksi 1") for n in range(8)),
    *(person(n, "Bidang A") for n in range(8, 20)),
    *(person(n, EVIL.replace('"', '""')) for n in range(20, 23)),
    *(person(n, "-Bidang B") for n in range(23, 53)),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    clock = datetime(2026, 3, 10, 3, tzinfo=UTC)
    with closing(open_store(f"sqlite:///{tmp_path}/a.db", clock=lambda: clock)) as opened:
        opened.migrate()
        found = roster.parse((HEAD + "".join(PEOPLE)).encode(), made_up_allowed=True)
        opened.import_roster(found, content.current().course, today=date(2026, 1, 15), by="uji")
        yield opened


@pytest.fixture
def shown(store: Store) -> Callable[..., Shown]:
    """Draw a part as its kernel does, for an officer of everybody."""
    who = next(one.learner for one in store.people_under(None))
    store.grant(who, "agency", None, "uji")
    desk = BoardDesk(BOARDS["penyelesaian"], View(store, content.current(), date(2026, 2, 15)))
    desk.owner = Owner(learner=who, session="uji")
    tables = Tables(lambda question: asyncio.run(desk.answer(question)))

    def draw(part: Draw, **question: str) -> Shown:
        return part(tables, question)

    return draw


def of_report(store: Store, **options: Any) -> dict[str, Any]:
    told = {"as_of": TODAY, "shared": False, "deadline": date(2026, 2, 15)} | options
    return reports.completion(store, content.current().course, **told)


def test_files_hold_the_figures_of_the_report(store: Store, shown: Callable[..., Shown]) -> None:
    found = shown(agency._unit, unit="Dinas Contoh")
    report = of_report(store, by="2", under="Dinas Contoh")
    text, book = (found.files[f"penyelesaian-2026-03-10.{kind}"]() for kind in ("csv", "xlsx"))
    rows = [*csv.reader(io.StringIO(text.decode("utf-8-sig")))][1:]
    assert [(row[0].lstrip("'"), int(row[1])) for row in rows] == [
        (one["name"], one["people"]) for one in report["rows"]
    ]
    loaded = load_workbook(io.BytesIO(book))
    about = dict(loaded["Asal data"].iter_rows(values_only=True))
    assert about["Sidik angka (SHA-256)"] == report["digest"]
    assert loaded.worksheets[0].cell(loaded.worksheets[0].max_row, 2).value == len(PEOPLE)


def test_names_of_units_are_words_and_never_markup(shown: Callable[..., Shown]) -> None:
    for part in (agency._unit, agency._trend, agency._compared):
        for question in ({"unit": "Dinas Contoh"}, {"unit": f"Dinas Contoh / {EVIL}"}):
            html = shown(part, **question).html
            assert "<img" not in html
            assert "Dinas Contoh" in html or "&lt;img src=x" in html
    assert "&lt;img src=x" in shown(agency._unit, unit="Dinas Contoh").html
    book = load_workbook(io.BytesIO(shown(agency._compared).files["perbandingan-unit-2026-03-10.xlsx"]()))
    assert {cell.data_type for cell in book.worksheets[0]["A"]} == {"s"}


def test_what_is_to_be_shared_is_masked_and_of_a_month_s_end(
    store: Store, shown: Callable[..., Shown]
) -> None:
    found = shown(agency._unit, unit="Dinas Contoh", bentuk="bagi")
    assert "28 Februari 2026" in found.html
    report = of_report(store, by="2", under="Dinas Contoh", as_of=date(2026, 2, 28), shared=True)
    assert any(one["people"] is None for one in report["rows"])
    text = found.files["penyelesaian-2026-02-28.csv"]().decode("utf-8-sig")
    rows = {row[0].lstrip("'"): row[1] for row in csv.reader(io.StringIO(text))}
    assert rows[f"Dinas Contoh / {EVIL}"] == ""
    compared = shown(agency._compared, unit="Dinas Contoh", bentuk="bagi").html
    assert "angka disembunyikan" in compared


def test_a_day_it_has_no_report_of_becomes_the_usual_one(shown: Callable[..., Shown]) -> None:
    for day in ("2026-03-11", "besok", "9999-12-31", "' OR 1=1"):
        assert "10 Maret 2026" in shown(agency._unit, unit="Dinas Contoh", hari=day).html


def test_months_before_anybody_stood_on_the_roster_are_left_out(shown: Callable[..., Shown]) -> None:
    book = load_workbook(io.BytesIO(shown(agency._trend).files["tren-penyelesaian.xlsx"]()))
    days = [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert days == ["31 Januari 2026", "28 Februari 2026", "10 Maret 2026"]
