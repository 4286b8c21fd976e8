"""Completion reports: right for a day, small groups hidden where shared, the same figures in every form."""

from __future__ import annotations

import base64
import csv
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from netralitas import content, layouts, reports, roster, sheets
from netralitas.completion import MEASURES, Group, Mask, groups
from netralitas.course import CompletionRule, EarlierRule
from netralitas.reports import By, ReportError
from netralitas.store import Store, open_store
from netralitas.store.tables import mask_group
from netralitas.tally import COURSE, Kind

JAN, FEB = date(2026, 1, 31), date(2026, 2, 28)
HEAD = "nip,nama,instansi,unit,jabatan,jenis\n"


def person(number: int, unit: str, instansi: str = "Dinas Contoh") -> str:
    jenis = "pns" if number % 3 else "pppk"
    return f"19000101202001{number % 2 + 1}{number + 1:03},Orang,{instansi},{unit},Guru,{jenis}\n"


PEOPLE = [
    *(person(n, "Bidang A") for n in range(8)),
    *(person(n, "Bidang B") for n in range(8, 20)),
    *(person(n, "-Bidang [red]C") for n in range(20, 23)),
    *(person(n, "Sekolah", "Dinas Lain") for n in range(23, 53)),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    clock = datetime(2026, 1, 15, 3, tzinfo=UTC)
    with closing(open_store(f"sqlite:///{tmp_path}/a.db", clock=lambda: clock)) as opened:
        opened.migrate()
        found = roster.parse((HEAD + "".join(PEOPLE)).encode(), made_up_allowed=True)
        opened.import_roster(found, content.current().course, today=date(2026, 1, 15), by="uji")
        yield opened


def made(store: Store, by: By = "instansi", **options: Any) -> dict[str, Any]:
    told = {"as_of": JAN, "shared": False, "command": "netralitas report completion"} | options
    return reports.completion(store, content.current().course, by=by, **told)


def people(report: dict[str, Any]) -> dict[str, int | None]:
    return {row["name"]: row["people"] for row in report["rows"]}


def test_every_shape_counts_everybody(store: Store) -> None:
    assert people(made(store)) == {"Dinas Contoh": 23, "Dinas Lain": 30}
    assert people(made(store, "jenis")) == {"pns": 35, "pppk": 18}
    assert people(made(store, "jabatan")) == {"fungsional": 53}
    assert people(made(store, "2", under="Dinas Contoh")) == {
        "Dinas Contoh / -Bidang [red]C": 3,
        "Dinas Contoh / Bidang A": 8,
        "Dinas Contoh / Bidang B": 12,
    }
    for by in reports.SHAPES:
        assert (
            made(store, by)["total"]["people"] == sum(row["people"] for row in made(store, by)["rows"]) == 53
        )
    assert made(store, as_of=date(2026, 1, 14))["rows"] == []


def test_a_shared_report_hides_the_small_unit_and_one_more(store: Store) -> None:
    shared = made(store, "2", shared=True)
    assert people(shared) == {
        "Dinas Contoh / -Bidang [red]C": None,
        "Dinas Contoh / Bidang A": None,
        "Dinas Contoh / Bidang B": 12,
        "Dinas Lain / Sekolah": 30,
    }
    # Nobody has begun: that all of a group are where they are is no count to share either.
    assert {row["completed"] for row in shared["rows"]} == {None}
    assert made(store, "2", shared=True, as_of=FEB, under="Dinas Contoh")["total"]["people"] == 23


def test_what_a_month_hides_is_made_once_when_it_is_over(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [made(store, by, shared=True) for by in ("2", "unit", "jenis")]
    masks = count_masks(monkeypatch)
    store.clock = lambda: datetime(2026, 1, 31, 16, tzinfo=UTC)
    assert made(store, "2", shared=True) == told[0]
    # That of December, when nobody was there, is made first.
    assert len(masks) == 2
    store.clock = lambda: datetime(2026, 1, 31, 19, tzinfo=UTC)
    assert made(store, "2", shared=True) == told[0]
    assert len(masks) == 4
    assert [made(store, by, shared=True) for by in ("2", "unit", "jenis")] == told
    assert len(masks) == 4
    # Another deadline, other people late: another mask.
    made(store, "2", shared=True, deadline=date(2026, 1, 20))
    assert len(masks) == 6


def test_a_group_no_mask_was_made_for_is_not_shown(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.clock = lambda: datetime(2026, 2, 1, 18, tzinfo=UTC)
    told = made(store, "2", shared=True)
    masks = count_masks(monkeypatch)
    assert made(store, "2", shared=True) == told
    assert masks == []
    with store.writing() as connection:
        connection.execute(mask_group.delete().where(mask_group.c.name == "Dinas Contoh / Bidang A"))
    assert made(store, "2", shared=True) == told
    assert masks


def count_masks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list with an entry for each mask that is made from now on."""
    masks: list[str] = []
    make = reports.joint_mask

    def counted(*told: Any, **options: Any) -> Mask:
        masks.append("")
        return make(*told, **options)

    monkeypatch.setattr(reports, "joint_mask", counted)
    return masks


@pytest.mark.parametrize(
    "options",
    [
        {"as_of": date(2026, 1, 30)},
        {"known_on": date(2026, 3, 1)},
        {"by": "jenis", "under": "Dinas Contoh"},
    ],
)
def test_other_shapes_are_not_shared(store: Store, options: dict[str, Any]) -> None:
    with pytest.raises(ReportError, match="--internal"):
        made(store, **({"shared": True} | options))


def test_the_same_figures_have_the_same_digest(store: Store) -> None:
    one, two = made(store), made(store, command="other")
    assert one["digest"] == two["digest"]
    assert made(store, "unit")["digest"] != one["digest"]


def test_after_the_deadline_who_has_not_completed_is_overdue(store: Store) -> None:
    late = made(store, deadline=date(2026, 1, 30))
    assert late["total"]["overdue"] == 53
    assert made(store, deadline=JAN)["total"]["overdue"] == 0
    assert [row["name"] for row in reports.overdue(late)["rows"]] == ["Dinas Lain", "Dinas Contoh"]


def late(report: dict[str, Any]) -> dict[str, int | None]:
    return {row["name"]: row["overdue"] for row in report["rows"]}


def test_the_nearest_deadline_decides_and_single_people_are_counted_one_by_one(store: Store) -> None:
    early, passed = date(2026, 1, 20), date(2026, 1, 30)
    store.set_deadline("unit", "Dinas Contoh / Bidang A", passed, by="uji")
    assert late(made(store)) == {"Dinas Contoh": 8, "Dinas Lain": 0}
    assert late(made(store, "jenis"))["pns"] + late(made(store, "jenis"))["pppk"] == 8  # type: ignore[operator]
    # Who has an extension is not late; a cohort's day makes late who otherwise has none.
    of = {
        unit: [one.learner for one in store.people_under([f"{agency} / {unit}"])]
        for agency, unit in (("Dinas Contoh", "Bidang A"), ("Dinas Lain", "Sekolah"))
    }
    store.set_deadline("learner", of["Bidang A"][0], JAN, by="uji")
    number = store.create_cohort("Angkatan I", [of["Sekolah"][0], of["Bidang A"][1]], by="uji")
    store.set_deadline("cohort", number, early, by="uji")
    assert late(made(store)) == {"Dinas Contoh": 7, "Dinas Lain": 1}
    assert made(store, "jenis")["total"]["overdue"] == made(store)["total"]["overdue"] == 8
    assert late(made(store, under="Dinas Lain")) == {"Dinas Lain": 1}
    assert made(store, "jenis", under="Dinas Lain")["total"]["overdue"] == 1
    # In the cohort all of the unit have time again, the one in it with an earlier day aside.
    store.set_deadline("cohort", number, FEB, by="uji")
    assert late(made(store)) == {"Dinas Contoh": 6, "Dinas Lain": 0}
    told = made(store)["deadlines"]
    assert told == {"units": {"Dinas Contoh / Bidang A": "2026-01-30"}, "people": True}
    assert "Bidang A: 2026-01-30; angkatan" in layouts.deadlines(made(store))


def test_what_was_due_is_told_as_it_was_known(store: Store) -> None:
    store.set_deadline("unit", "Dinas Lain", date(2026, 1, 20), by="uji")
    store.clock = lambda: datetime(2026, 2, 2, 3, tzinfo=UTC)
    store.set_deadline("unit", "Dinas Lain", FEB, by="uji")
    assert late(made(store))["Dinas Lain"] == 0
    assert late(made(store, known_on=JAN))["Dinas Lain"] == 30
    assert late(made(store, as_of=date(2026, 1, 14), known_on=date(2026, 1, 14))) == {}


def test_a_shared_report_tells_no_extension_of_one(store: Store) -> None:
    store.set_deadline("unit", "Dinas Contoh", date(2026, 1, 30), by="uji")
    store.set_deadline("unit", "Dinas Lain", date(2026, 1, 30), by="uji")
    assert late(made(store, shared=True)) == {"Dinas Contoh": None, "Dinas Lain": None}
    someone = store.people_under(["Dinas Lain"])[0].learner
    store.set_deadline("learner", someone, FEB, by="uji")
    assert late(made(store)) == {"Dinas Contoh": 23, "Dinas Lain": 29}
    assert late(made(store, shared=True)) == {"Dinas Contoh": None, "Dinas Lain": None}


def test_states_follow_from_counts_and_from_the_rule_of_the_day() -> None:
    def kind(state: Any, rule: str = "") -> Kind:
        return Kind(1, "", "", COURSE, state, rule)

    counts = [
        (kind("people"), 20), (kind("started"), 12), (kind("completed", "1"), 4), (kind("completed", "2"), 5)
    ]  # fmt: skip
    rule = CompletionRule(
        version="2",
        start=date(2026, 6, 1),
        pass_mark=70,
        renews=("a",),
        earlier=(EarlierRule(version="1", start=date(2026, 1, 1)),),
    )
    before, after = date(2026, 5, 31), date(2026, 6, 1)
    assert groups(counts, rule, before) == {1: Group(20, 8, 3, 9, 0, 0)}
    assert groups(counts, rule, after, late=lambda _kind: True) == {1: Group(20, 8, 3, 5, 4, 15)}


def test_a_workbook_read_back_has_the_report_s_figures(store: Store) -> None:
    report = made(store, "unit", shared=True, as_of=FEB)
    book = load_workbook(io.BytesIO(sheets.as_xlsx(report)))
    sheet, about = book.worksheets
    assert (sheet.title, about.title, sheet.freeze_panes) == ("Penyelesaian", "Asal data", "B2")
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    lines = [*report["rows"], report["total"] | {"name": "Jumlah"}]
    assert [row[0] for row in rows] == [line["name"] for line in lines]
    for row, line in zip(rows, lines, strict=True):
        for cell, measure in zip(row[1:], (*MEASURES, "rate"), strict=True):
            assert cell == ("–" if line[measure] is None else line[measure])
            assert line[measure] is None or isinstance(cell, int | float)
    name = next(cell for cell in sheet["A"] if str(cell.value).startswith("Dinas Contoh / -B"))
    assert name.data_type == "s"
    told = {row[0]: row[1] for row in about.iter_rows(values_only=True)}
    assert told["Sidik angka (SHA-256)"] == report["digest"]
    assert told["Perintah"] == "netralitas report completion"


def test_no_cell_is_a_formula(store: Store) -> None:
    report = made(store, "2", under="Dinas Contoh")
    name = "=Bidang [red]C"
    report["rows"][0]["name"] = name
    sheet = load_workbook(io.BytesIO(sheets.as_xlsx(report))).worksheets[0]
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].quotePrefix) == (name, "s", True)
    (first, *_rest) = csv.DictReader(io.StringIO(sheets.as_csv(report)))
    assert first["name"] == f"'{name}"
    assert "&lt;" not in sheets.as_html(report)
    assert f">{name}<" in sheets.as_html(report)
    assert name in sheets.as_table(report, width=160)


def pdf_text(content_: bytes) -> str:
    """What a PDF of ours says, as its content streams have it."""

    text = ""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content_, re.DOTALL):
        try:
            text += zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>"))).decode("latin-1")
        except (ValueError, zlib.error):
            continue
    return text


def test_an_office_sheet_has_table_origin_and_a_place_to_sign(store: Store) -> None:
    report = made(store)
    made_pdf = sheets.as_pdf(report)
    assert made_pdf.startswith(b"%PDF-")
    assert made_pdf == sheets.as_pdf(report)
    text = pdf_text(made_pdf)
    for word in (
        "Dinas Lain",
        "Jumlah",
        "(53)",
        "kop surat",
        "tanda tangan",
        "Tingkat selesai",
        report["digest"][:16],
    ):
        assert word in text, word
    many = report | {"rows": report["rows"] * 1001}
    with pytest.raises(ValueError, match="XLSX"):
        sheets.as_pdf(many)


def test_names_in_html_are_text(store: Store) -> None:
    report = made(store)
    report["rows"][0]["name"] = "<script>alert(1)</script>"
    assert "<script>" not in sheets.as_html(report)
    assert sheets.as_pdf(report)


def test_a_table_says_when_it_must_stay_inside(store: Store) -> None:
    assert "jangan dibagikan" in " ".join(sheets.as_table(made(store), width=160).split())
    assert "jangan dibagikan" not in sheets.as_table(made(store, shared=True), width=160)
