"""The widgets of scenarios, quizzes and pledges, and the moment a learner arrives.

Traits go down only: `view` is what the learner may see, `object` which item it is. What comes up is one
custom message, parsed and judged by the pure rooms; state updates from a browser are ignored. Model ids
are derived from the object, so the page, made once, fits every kernel.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from .. import content
from ..course import Renewal
from ..judge import CaseText, Draft, Item, Open, Sent, begins, first_step, judge, parse, refusal, shown
from ..pledges import Pledge
from ..quizzes import Quiz
from ..record import AnsweredError, Event, RefusedError
from .recorder import MemoryRecorder, MovedError, Recorder, State

_HERE = Path(__file__).parent
_NAMESPACE = uuid.UUID("5f0c9d0e-6c3b-4c1e-9d0b-6e6574726173")
_log = logging.getLogger(__name__)
_waiting: dict[str, LearningWidget] = {}


def joined(name: str, suffix: str) -> str:
    """Return a widget's own file with the shared one in front (a blob resolves no relative import)."""
    return "\n".join(own(part, suffix) for part in ("common", name))


_BEFORE = {"quiz.js": ("fields.js",)}
"""Files a widget's own one is made of, besides itself."""


def own(name: str, suffix: str) -> str:
    """Return the text of one widget's own file, with the parts it is made of in front."""
    file = f"{name}.{suffix}"
    return "\n".join((_HERE / one).read_text(encoding="utf-8") for one in (*_BEFORE.get(file, ()), file))


def model_id(root: str) -> str:
    """Return the widget model id of an object: the same in every kernel and page."""
    return uuid.uuid5(_NAMESPACE, root).hex


class LearningWidget(anywidget.AnyWidget):
    """Draws one item for one learner and forwards what they do.

    Attributes:
        object: id of the quiz, scenario or pledge.
        view: what may be seen now (`quizzes.view`, `scenarios.view`, `pledges.view`).
        preview: nothing is recorded here.

    """

    object = traitlets.Unicode().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    preview = traitlets.Bool(True).tag(sync=True)

    def __init__(
        self,
        item: Item,
        pass_mark: int,
        citations: dict[str, list[dict[str, str]]],
        pictures: Mapping[str, str] | None = None,
        renewal: Renewal | None = None,
    ) -> None:
        self.item, self._pass_mark, self._citations, self._pictures = item, pass_mark, citations, pictures
        self._renewal = renewal
        self._recorder: Recorder = MemoryRecorder()
        self._events: list[Event] = []
        self._untaken: State | None = None
        self._drafts: dict[str, dict[str, Any]] = {}
        super().__init__(object=item.root, view=self._view(), model_id=model_id(item.root))
        self.on_msg(self._received)
        _waiting[item.root] = self
        # Made here, before any fork, they are shared; made at the first answer, each learner would pay.
        parts = item.questions if isinstance(item, Quiz) else item.points if isinstance(item, Pledge) else ()
        for part in (item, *parts):
            part.fingerprint  # noqa: B018  (kept by being asked for)

    def begin(self, recorder: Recorder, state: State) -> None:
        """Take up a learner; their events are replayed at their first message to this widget."""
        self._recorder = recorder
        self.preview = recorder.preview
        self._untaken = state

    def send_state(self, key: str | Iterable[str] | None = None) -> None:
        """Send traits to the tabs as they are.

        There is no buffer in them to look for, and looking was a quarter of what an answer cost.
        """
        if state := self.get_state(key=key):
            self._send({"method": "update", "state": state, "buffer_paths": []})

    def set_state(self, sync_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Ignore state from a browser: traits go down only."""
        _log.warning("state from a browser ignored")

    def _take(self, state: State) -> None:
        self._untaken = None
        self._events = [event for event in state.events if event.root == self.item.root]
        self._drafts = dict(state.drafts)
        self.view = self._view()

    def _replay(self) -> None:
        """Show what stands, to tabs that may show something older even where nothing changes here."""
        before = self.view
        self._take(self._recorder.state())
        if self.view == before:
            self.send_state("view")

    def _view(self) -> dict[str, Any]:
        return shown(
            self.item,
            self._events,
            citations=self._citations,
            pass_mark=self._pass_mark,
            pictures=self._pictures,
            drafts=self._drafts,
            renewal=self._renewal,
        )

    def _received(self, _widget: Any, content: Any, _buffers: Any) -> None:
        # Whatever changes is sent once, in front of the receipt.
        with self.hold_sync():
            told = self._settle(content)
        if told is not None:
            self.send(told)

    def _settle(self, content: Any) -> dict[str, Any] | None:
        """Act on a message; return what its sender is told."""
        try:
            message = parse(content)
        except RefusedError as reason:
            return self._refuse(content, reason)
        if isinstance(message, Draft):
            self._keep(message)
            return {"kind": "kept", "mark": message.mark} if message.mark else None
        if self._untaken is not None:
            self._take(self._untaken)
        receipt = {"kind": "receipt", "event": message.event}
        try:
            if all(event.id != message.event for event in self._events):
                # A kernel runs on the server: this is the server's clock, whatever the browser's says.
                given = judge(self.item, self._events, message, now=datetime.now(UTC), renewal=self._renewal)
                event = self._recorder.commit(given, self.item)
                self._events.append(event)
                self._drafts.pop(self.item.root, None)
                self.view = self._view()
        except (AnsweredError, MovedError):
            self._replay()
            return receipt | {"moved": True}
        except RefusedError as reason:
            return self._refuse(content, reason)
        except Exception as error:  # noqa: BLE001  (a message that breaks us must not come again for ever)
            _log.error("%s while judging", type(error).__name__)
            if all(event.id != message.event for event in self._events):
                return self._refuse(content, RefusedError("galat"))
            # It is committed; only showing it failed. The next page shows it.
        return receipt

    def _keep(self, draft: Draft) -> None:
        place, value = draft.place(self.item.root), draft.value.model_dump(mode="json")
        if isinstance(draft.value, CaseText):
            # Another screen may come before it is sent; a tick belongs to the screen it was made on.
            (self._untaken.drafts if self._untaken else self._drafts)[place] = value
        self._recorder.draft(place, value)

    def _refuse(self, content: Any, reason: RefusedError) -> dict[str, Any]:
        with suppress(RefusedError, MovedError):
            self._recorder.commit(refusal(self.item, str(reason)), self.item)
        sent = content.get("event") if isinstance(content, dict) else None
        return {"kind": "refused", "event": sent if isinstance(sent, str) else None}


class QuizWidget(LearningWidget):
    """A quiz, one question at a time."""

    _esm = joined("quiz", "js")
    _css = joined("quiz", "css")


class ScenarioWidget(LearningWidget):
    """A story, one scene at a time."""

    _esm = joined("scenario", "js")
    _css = joined("scenario", "css")


class PledgeWidget(LearningWidget):
    """A pledge, one point after the other."""

    _esm = joined("pledge", "js")
    _css = joined("pledge", "css")


def quiz(slug: str) -> QuizWidget:
    """Show the quiz of that name. Raises KeyError when the course has none."""
    return QuizWidget(*_handed(f"quiz/{slug}"))


def scenario(slug: str) -> ScenarioWidget:
    """Show the scenario of that name. Raises KeyError when the course has none."""
    return ScenarioWidget(*_handed(f"scenario/{slug}"))


def pledge(slug: str) -> PledgeWidget:
    """Show the pledge of that name. Raises KeyError when the course has none."""
    return PledgeWidget(*_handed(f"pledge/{slug}"))


def begin(recorder: Recorder, state: State) -> None:
    """Hand recorder and state to every widget made so far: the learner has arrived."""
    for widget in _waiting.values():
        widget.begin(recorder, state)


def rehearsal() -> list[dict[str, Any]]:
    """Return the frames of the first messages, from nobody, to each kind of widget made so far.

    First the arrival, then for each kind a beginning and an answer, each with what the site says to what it
    makes the widget ask. Empty where there is no widget.
    """
    frames: list[dict[str, Any]] = [{"begin": {"events": [], "drafts": {}}}] if _waiting else []
    for widget in {type(widget.item): widget for widget in _waiting.values()}.values():
        item, site = widget.item, MemoryRecorder()
        message: Sent | None = begins(item)
        while message is not None:
            events = site.state().events
            event = site.commit(judge(item, events, message), item)
            sent = {"method": "custom", "content": message.model_dump(mode="json")}
            frames.append({"comm": {"comm_id": widget.model_id, "data": sent}})
            frames.append({"answer": {"event": event.model_dump(mode="json")}})
            opened = isinstance(message, Open) and not isinstance(item, Pledge)
            message = first_step(item, [event]) if opened else None  # type: ignore[arg-type]
    return frames


_Handed = tuple[Item, int, dict[str, list[dict[str, str]]], Mapping[str, str], Renewal | None]


def _handed(root: str) -> _Handed:
    known = content.current()
    course = known.course
    cited = known.citations(root)
    return known.item(root), course.pass_mark(root), cited, known.pictures, course.renewal(root)
