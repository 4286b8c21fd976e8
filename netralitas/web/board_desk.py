"""What the site answers a dashboard's kernel: tables by name, of the looker's own subtree only.

    {"ask": "table", "name": …, "arguments": {…}} ─► role held now? ─► arguments fit? ─► inside the subtree?
                                                  ─► noted in the audit log ─► board_tables ─► {"table": …}

Who looks, the desk knows from the kernel's owner; roles are read anew for every table, so that one taken back
holds at once. A table this dashboard does not have, or a unit outside, is refused in one sentence.
"""

from __future__ import annotations

import asyncio
import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..i18n import _, speaking
from ..model import Value
from ..reports import ReportError
from ..store import StoreError
from ..store.roles import RoleName
from .board_tables import TABLES, OutsideError, View, Viewer
from .desk import Owner

_log = logging.getLogger(__name__)
# Found, never imported: the site does without the office.
_spec = find_spec("grader")
OFFICE = Path(_spec.origin).parent if _spec is not None and _spec.origin else Path("/nonexistent")


class Board(Value):
    """A dashboard: the role it is for, its parts in the order of its notebook, the tables it may ask for."""

    slug: str
    role: RoleName
    parts: tuple[str, ...]
    tables: frozenset[str]

    @property
    def notebook(self) -> Path:
        """Where its cells stand."""
        return OFFICE / "dashboards" / f"{self.slug}.ipynb"

    @property
    def roots(self) -> tuple[str, ...]:
        """What its parts are called among widgets."""
        return tuple(f"dasbor/{self.slug}/{part}" for part in self.parts)


_ALL = (
    Board(
        slug="penyelesaian",
        role="agency",
        parts=("unit", "tren", "banding"),
        tables=frozenset(("places", "completion", "trend")),
    ),
    Board(
        slug="kelas",
        role="trainer",
        parts=("kemajuan", "macet", "terlambat", "soal", "yakin", "alur"),
        tables=frozenset(("places", "people", "events", "certainty")),
    ),
)
BOARDS = {board.slug: board for board in _ALL if board.notebook.is_file()}
"""Every dashboard there is; none where the office is not installed."""


class BoardDesk:
    """Answers one dashboard's kernel."""

    def __init__(self, board: Board, view: View) -> None:
        self._board, self._view = board, view
        self.owner: Owner | None = None
        self.busy = 0
        """Tables being made."""

    def expect(self, event: str, session: str) -> None:
        """Nothing of a dashboard is committed."""

    async def state(self, _owner: Owner) -> dict[str, Any]:
        """Return that there is nothing to take up: what is shown follows from the question."""
        return {"events": [], "drafts": {}}

    async def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return a table, or why not. Raises what the store raises: then the kernel must end."""
        name = str(asked.get("name"))
        if asked.get("ask") != "table" or self.owner is None or name not in self._board.tables:
            _log.warning("dashboard %s: refused what it has no table for", self._board.slug)
            return {"refused": _("Tabel itu tidak ada di dasbor ini.")}
        self.busy += 1
        try:
            # A dashboard speaks Indonesian, whatever language the page around it has.
            with speaking("id"):
                return await asyncio.to_thread(self._table, name, asked.get("arguments"), self.owner.learner)
        finally:
            self.busy -= 1

    def _table(self, name: str, arguments: Any, learner: str) -> dict[str, Any]:
        store = self._view.store
        held = [one.unit for one in store.roles_of(learner) if one.role == self._board.role]
        if not held:
            return {"refused": _("Peran untuk dasbor ini sudah dicabut.")}
        scopes = None if None in held else tuple(unit for unit in held if unit is not None)
        viewer = Viewer(self._view, scopes)
        table = TABLES[name]
        try:
            question = table.asked.model_validate(arguments)
            viewer.must_see(question)
        except (ValidationError, OutsideError):
            _log.warning("dashboard %s: table %s refused", self._board.slug, name)
            return {"refused": _("Yang diminta tidak ada di unit Anda. Mulailah lagi dari awal dasbor.")}
        detail = {"table": name, **question.model_dump(mode="json", exclude_none=True)}
        store.note(learner, f"melihat_dasbor_{self._board.slug}", viewer.words(question), detail)
        try:
            return {"table": table.made(viewer, question)}
        except (ReportError, StoreError) as reason:
            return {"refused": str(reason)}
