"""Dashboards: a Voilà page of the office's notebooks, for those with the role, with a kernel of their own.

    /dasbor/<slug>            the kept page; roles are checked before anything is rendered
    /dasbor/<slug>/saluran    its line; a kernel is never made for anybody without the role

The kernel stands behind the same boundary as a learner's and asks the desk for tables (`board_desk.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup
from tornado.ioloop import PeriodicCallback
from tornado.web import HTTPError

from ..i18n import _
from ..widgets.learning import model_id
from .base import Page
from .board_desk import BOARDS, Board, BoardDesk
from .channel import Line
from .kernels import KernelFailedError
from .learner import as_script, page_state

if TYPE_CHECKING:
    from .kernels import Kernel
    from .ladder import Ladder

WORKING = 5_000
"""Milliseconds between two words to a tab that waits, so that it does not give its line up."""


class BoardPage(Page):
    """A dashboard, empty as yet: its parts ask their kernel."""

    async def get(self, slug: str) -> None:
        """Show it to who holds its role."""
        board = open_to(self, slug)
        generation = self.site.generations.current
        try:
            page = await generation.board(board)
        except KernelFailedError as error:
            raise HTTPError(500, "%s", error) from error
        widgets = [{"id": s.id, "widget": s.widget, "state": {"object": s.root}} for s in page.slots]
        line = {"channel": f"/dasbor/{slug}/saluran", "generation": generation.id, "seq": 0}
        self.show(
            "dasbor.html.j2",
            board=board,
            title=titles()[slug],
            body=Markup(page.body),  # noqa: S704  (our own notebook, rendered by us)
            state=as_script(page_state(self, widgets) | line),
        )


class BoardChannel(Line):
    """A tab's line to the kernel of a dashboard."""

    person = True
    board: Board

    async def enter(self) -> None:
        """Let in who holds the role."""
        self.board = open_to(self, self.path_args[0])
        self.roots = self.board.roots

    async def shut(self) -> bool:
        """Say no: who has not the role has not come this far."""
        return False

    @property
    def ladder(self) -> Ladder:
        """What makes the kernels of this dashboard."""
        return self.generation.boards[self.board.slug]

    async def greet(self) -> None:
        """Begin to say now and then that a table is being made; what is shown, the parts ask for."""
        self.ticking = PeriodicCallback(self._tick, WORKING)
        self.ticking.start()

    async def record(self, reason: str) -> None:
        """Note the refusal in the audit log."""
        await self.call(
            self.site.store.note, self.learner, "dasbor_ditolak", self.board.slug, {"why": reason}
        )

    def on_close(self) -> None:
        """Leave the kernel."""
        super().on_close()
        if hasattr(self, "ticking"):
            self.ticking.stop()

    def _tick(self) -> None:
        if self.kernel is not None and self.kernel.alive and _at_work(self.kernel):
            word = {"method": "custom", "content": {"kind": "working"}}
            self.tell({"comm_id": model_id(self.roots[0]), "data": word})


def titles() -> dict[str, str]:
    """Return what each dashboard is called."""
    return {"penyelesaian": _("Dasbor penyelesaian"), "kelas": _("Dasbor kelas")}


def open_to(page: Page, slug: str) -> Board:
    """Return a dashboard. Raises HTTPError: 404 where there is none, 403 without its role."""
    board = BOARDS.get(slug)
    if board is None:
        raise HTTPError(404)
    if board.role not in {held.role for held in page.roles}:
        raise HTTPError(403)
    return board


def _at_work(kernel: Kernel) -> bool:
    return kernel.at_work or (isinstance(kernel.desk, BoardDesk) and kernel.desk.busy > 0)
