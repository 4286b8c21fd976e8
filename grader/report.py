"""Completion: everybody on the roster and how far they are, counted by a field of the roster.

    store.completion_rows()  ──completion──►  DataFrame  ──document──►  JSON ─┬─► table
                                                                             └─► CSV

Pure. Who never started has no progress and is counted all the same. No learner id and no name of a
person leaves this room.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, get_args

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from netralitas.course import Course
from netralitas.i18n import _, moment, number
from netralitas.record import Progress, Status, course_status
from netralitas.roster import neutral
from netralitas.store import CompletionRow

By = Literal["instansi", "unit", "jabatan", "jenis"]
FIELDS: tuple[By, ...] = get_args(By)
STATUSES: tuple[Status, ...] = get_args(Status)
COUNTS = ("people", *STATUSES)

_COLUMN: dict[By, Literal["instansi", "unit", "post_class", "jenis"]] = {
    "instansi": "instansi",
    "unit": "unit",
    "jabatan": "post_class",
    "jenis": "jenis",
}


def completion(rows: Iterable[CompletionRow], by: By, course: Course) -> pd.DataFrame:
    """Return people and their course status counted by `by`: `jabatan` is its closed class.

    `rows` are the store's, one a person on the roster. The frame is indexed by name, sorted, with the
    columns of COUNTS.
    """
    people = [(row[_COLUMN[by]], _status(course, row["progress"])) for row in rows]
    frame = pd.DataFrame(people, columns=["name", "status"])
    counted = pd.crosstab(frame["name"], frame["status"]).reindex(columns=list(STATUSES), fill_value=0)
    counted.insert(0, "people", counted.sum(axis="columns"))
    return counted.sort_index().astype(int)


def document(frame: pd.DataFrame, *, by: By, rule: str, as_of: datetime) -> dict[str, Any]:
    """Return the report as JSON-like data: `{as_of, rule, by, rows, total}`.

    `rule` is the version of the completion rule, `as_of` an aware instant; a `rate` is completed over
    people, to four decimals, 0.0 where there is nobody.
    """
    rows = [{"name": str(name), **_counts(values)} for name, values in frame.iterrows()]
    return {
        "as_of": as_of.isoformat(timespec="seconds"),
        "rule": rule,
        "by": by,
        "rows": rows,
        "total": _counts(frame.sum(axis="index")),
    }


def as_table(report: Mapping[str, Any], *, width: int) -> str:
    """Return the report as a table for a terminal of `width` columns, with a line of totals."""
    headings = {
        "instansi": _("Instansi"),
        "unit": _("Unit"),
        "jabatan": _("Kelas jabatan"),
        "jenis": _("Jenis"),
    }
    as_of = moment(datetime.fromisoformat(report["as_of"]))
    title = _("Penyelesaian per {as_of} (aturan {rule})").format(as_of=as_of, rule=report["rule"])
    table = Table(title=title)
    table.add_column(headings[report["by"]], overflow="fold")
    for heading in (
        _("Orang"),
        _("Belum mulai"),
        _("Sedang berjalan"),
        _("Selesai"),
        _("Tingkat selesai"),
    ):
        table.add_column(heading, justify="right")
    for row in report["rows"]:
        # Text, because a name in brackets would be read as markup.
        table.add_row(Text(row["name"]), *_cells(row))
    table.add_section()
    table.add_row(_("Jumlah"), *_cells(report["total"]), style="bold")
    sheet = io.StringIO()
    Console(file=sheet, width=width, force_terminal=False).print(table)
    return sheet.getvalue()


def as_csv(report: Mapping[str, Any]) -> str:
    """Return the rows as CSV, headed like the JSON; the total is left out, so that columns can be summed.

    A name a spreadsheet would read as a formula is neutral.
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    fields = ("name", *COUNTS, "rate")
    writer.writerow(fields)
    for row in report["rows"]:
        writer.writerow([neutral(row["name"]), *(row[field] for field in fields[1:])])
    return sheet.getvalue()


def _status(course: Course, begun: Iterable[tuple[str, Status]]) -> Status:
    return course_status(course, [Progress(module=module, status=status) for module, status in begun])


def _counts(values: pd.Series[Any]) -> dict[str, Any]:
    counts: dict[str, Any] = {field: int(values[field]) for field in COUNTS}
    people = counts["people"]
    return counts | {"rate": round(counts["completed"] / people, 4) if people else 0.0}


def _cells(row: Mapping[str, Any]) -> list[str]:
    return [*(number(row[field]) for field in COUNTS), f"{number(round(100 * row['rate'], 1))} %"]
