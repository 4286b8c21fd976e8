"""Reports as they were issued: the bytes of every form, kept for ever, whatever is known later."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from . import audit
from .base import Base
from .tables import added, issued_file, issued_report

EVERYBODY = ""
"""What stands for the unit of a report of everybody."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A report of the month that ended on `month`, of a unit with all under it (`EVERYBODY`: of all).

    `total` are its figures without anything hidden, `digest` is SHA-256 of all such figures: what later
    ones are compared with. `files` are the SHA-256 of the bytes of each form.
    """

    id: int
    month: date
    unit: str
    at: datetime
    by: str
    digest: str
    total: dict[str, Any]
    files: dict[str, str] = field(default_factory=dict)


class Reports(Base):
    """Issuing once, reading for ever."""

    def issue(
        self,
        month: date,
        unit: str,
        *,
        by: str,
        digest: str,
        total: Mapping[str, Any],
        files: Mapping[str, bytes],
    ) -> bool:
        """Keep a month's report; False where that month's stands already, and nothing changes. Audited."""
        with self.writing() as connection:
            now = self.clock()
            values = {
                "month": month,
                "unit": unit,
                "at": now,
                "by": by,
                "digest": digest,
                "total": dict(total),
            }
            # Of several who issue at once the database lets one.
            number = added(connection, issued_report, values, unless=("month", "unit"))
            if number is None:
                return False
            rows = [
                {"report": number, "form": form, "digest": hashlib.sha256(body).hexdigest(), "body": body}
                for form, body in files.items()
            ]
            connection.execute(insert(issued_file), rows)
            detail = {"month": month.isoformat(), "report": number}
            audit.write(connection, now, who=by, act="report.issued", subject=unit or "semua", detail=detail)
        return True

    def issued(self, units: Collection[str] | None = None) -> list[Issued]:
        """Return the reports of these units (None: all there are), the newest month first."""
        query = select(issued_report).order_by(issued_report.c.month.desc(), issued_report.c.unit)
        if units is not None:
            query = query.where(issued_report.c.unit.in_(units))
        hashes = select(issued_file.c.report, issued_file.c.form, issued_file.c.digest)
        with self.reading() as connection:
            rows = connection.execute(query).mappings().all()
            numbers = [row["id"] for row in rows]
            files: dict[int, dict[str, str]] = {number: {} for number in numbers}
            for one in connection.execute(hashes.where(issued_file.c.report.in_(numbers))):
                files[one.report][one.form] = one.digest
        return [Issued(**row, files=files[row["id"]]) for row in rows]

    def issued_file(self, number: int, form: str) -> bytes | None:
        """Return a form of a report, byte by byte as it was issued; None where there is none."""
        query = select(issued_file.c.body).where(issued_file.c.report == number, issued_file.c.form == form)
        with self.reading() as connection:
            found = connection.scalar(query)
        return None if found is None else bytes(found)
