"""A module as a learner would see it, for trainers: answers are judged, nothing is recorded.

    page of nobody ─► line ─► judge, in memory ─► view and receipt

A line has its own memory, which ends with the tab. It knows no kernel and asks the store for the session
alone, so there is no way from here into a record.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup
from tornado.web import HTTPError

from ..course import Module
from ..judge import Draft, judge, parse
from ..record import AnsweredError, RefusedError
from ..store import Standing
from ..widgets.learning import model_id
from ..widgets.recorder import MemoryRecorder
from .base import Page
from .generations import Generation
from .kernels import KernelFailedError
from .learner import as_script, duration, page_state, states_of
from .tab import ENDED, Tab

WHO = "pratinjau"
"""Under whose name the browser keeps what is typed here: no learner's, so it never meets their own work."""


async def open_to(page: Page, module: Module) -> bool:
    """Say whether a trainer may preview a part.

    A preview shows keys. Only in the exam do they matter to who sees them: so whoever is still to sit it,
    does so first.
    """
    if module.part != "exam":
        return True
    known = await page.call(page.site.store.progress_of, page.learner)
    return module.slug in known and known[module.slug].status == "completed"


class Previews(Page):
    """Pratinjau: the parts of the course."""

    role = "trainer"

    async def get(self) -> None:
        """List them; those that are shut say why."""
        modules = self.site.content.course.modules
        shut = {module.slug for module in modules if not await open_to(self, module)}
        self.show("pratinjau.html.j2", modules=modules, shut=shut, duration=duration)


class Preview(Page):
    """One module, as nobody has begun it."""

    role = "trainer"

    async def get(self, slug: str) -> None:
        """Show it. Who looks at the exam is noted."""
        generation = self.site.generations.current
        try:
            module = generation.content.course.module(slug)
        except KeyError:
            raise HTTPError(404) from None
        if not await open_to(self, module):
            raise HTTPError(403)
        if module.part == "exam":
            await self.call(self.site.store.note, self.learner, "exam.previewed", slug, {})
        try:
            page = await generation.page(module)
        except KernelFailedError as error:
            raise HTTPError(500, "%s", error) from error
        states = Rehearsal(generation, module).states()
        widgets = [{"id": slot.id, "widget": slot.widget, "state": states[slot.root]} for slot in page.slots]
        line = {"channel": f"/pelatih/pratinjau/{slug}/saluran", "generation": generation.id, "seq": 0}
        self.show(
            "modul.html.j2",
            module=module,
            body=Markup(page.body),  # noqa: S704  (our own notebook, rendered by us)
            preview=True,
            state=as_script(page_state(self, widgets) | line | {"who": WHO}),
        )


class Rehearsal:
    """Nobody at a module: what was done, in memory."""

    def __init__(self, generation: Generation, module: Module) -> None:
        self._generation, self._module, self._recorder = generation, module, MemoryRecorder()

    def states(self) -> dict[str, dict[str, Any]]:
        """Return the states of the module's widgets by object."""
        now = self._recorder.state()
        standing = Standing(events=now.events, drafts=now.drafts, seq=len(now.events))
        states = states_of(self._generation, self._module, standing)
        return {root: state | {"preview": True} for root, state in states.items()}

    def take(self, root: str, content: dict[str, Any]) -> list[dict[str, Any]]:
        """Return what a widget's page is told of a message it sent: the frames a kernel would send."""
        sent = content.get("event")
        try:
            told = self._settled(root, content)
        except RefusedError:
            told = {"kind": "refused", "event": sent if isinstance(sent, str) else None}
        if told is None:
            return []
        frames = [{"method": "custom", "content": told}]
        if told["kind"] == "receipt":
            frames.insert(0, {"method": "update", "state": self.states()[root]})
        return frames

    def _settled(self, root: str, content: dict[str, Any]) -> dict[str, Any] | None:
        """Judge a message. Raises RefusedError."""
        item, message = self._generation.content.item(root), parse(content)
        if isinstance(message, Draft):
            self._recorder.draft(message.place(root), message.value.model_dump(mode="json"))
            return {"kind": "kept", "mark": message.mark} if message.mark else None
        receipt = {"kind": "receipt", "event": message.event}
        events = [event for event in self._recorder.state().events if event.root == root]
        if any(event.id == message.event for event in events):
            return receipt
        try:
            self._recorder.commit(judge(item, events, message, now=datetime.now(UTC)), item)
        except AnsweredError:
            return receipt | {"moved": True}
        return receipt


class PreviewLine(Tab):
    """A tab's line to its rehearsal."""

    role = "trainer"
    person = True

    async def shut(self) -> bool:
        """Say whether the part is shut to this trainer."""
        return not await open_to(self, self.module)

    def open(self, *_args: str, **_kwargs: str) -> None:
        """Begin with nothing done."""
        self.begin()
        self.rehearsal = Rehearsal(self.generation, self.module)
        if self.get_query_argument("seq", "") != "0":
            # It comes back: what was done before ended with the line.
            for root, state in self.rehearsal.states().items():
                self.tell({"comm_id": model_id(root), "data": {"method": "update", "state": state}})

    async def on_message(self, message: str | bytes) -> None:
        """Judge what was sent; what does not fit ends the line."""
        try:
            name, content = self.admit(message)
        except ValueError:
            self.close(1008)
            return
        if name is None:
            return
        if not await self.still(touch=True):
            self.close(ENDED)
            return
        for data in self.rehearsal.take(self.names[name], content):
            self.tell({"comm_id": name, "data": data})
