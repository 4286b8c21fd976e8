"""Marks given back: one row a learner and quiz, overwritten when a trainer publishes again."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from netralitas.published import Published

from . import audit
from .base import Base
from .tables import account, published, upsert

_CHUNK = 200
_OF = select(published.c.root, published.c.value).where(published.c.learner == bindparam("learner"))
_ON = select(published.c.learner, published.c.value).where(
    published.c.root == bindparam("root"),
    published.c.learner.in_(bindparam("learners", expanding=True)),
)


class Grades(Base):
    """What trainers gave back, in and out."""

    def publish(self, root: str, marks: Mapping[str, Published], *, by: str) -> int:
        """Keep the marks of learners on a quiz (`quiz/<slug>`); return how many are new or differ.

        Those that stand already are left alone, and so are students nobody here knows. A few hundred to a
        transaction, each noted in the audit with its number.
        """
        changed = 0
        names = sorted(marks)
        for start in range(0, len(names), _CHUNK):
            changed += self._publish(root, {name: marks[name] for name in names[start : start + _CHUNK]}, by)
        return changed

    def _publish(self, root: str, marks: Mapping[str, Published], by: str) -> int:
        with self.writing() as connection:
            wanted = {"root": root, "learners": list(marks)}
            known = set(
                connection.scalars(select(account.c.learner).where(account.c.learner.in_(list(marks))))
            )
            stands = {row.learner: row.value for row in connection.execute(_ON, wanted)}
            now = self.clock()
            rows = [
                {"learner": learner, "root": root, "value": value, "at": now}
                for learner, mark in marks.items()
                if learner in known and stands.get(learner) != (value := mark.model_dump(mode="json"))
            ]
            upsert(connection, published, rows)
            if rows:
                audit.write(
                    connection, now, who=by, act="marks.published", subject=root, detail={"n": len(rows)}
                )
        return len(rows)

    def published_of(self, learner: str) -> dict[str, Published]:
        """Return what a learner was given back, by root object."""
        return {
            row.root: Published.model_validate(row.value, strict=False)
            for row in self.ask(_OF, learner=learner)
        }
