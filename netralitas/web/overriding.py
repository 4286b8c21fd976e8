"""Ubah nilai: a trainer gives an attempt another mark, with a reason, or takes that back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from tornado.web import HTTPError

from ..attempts import Attempt, attempts
from ..i18n import moment
from ..overriding import LONGEST_REASON, OverrideError, overriding, undoing
from ..quizzes import Quiz
from ..record import Event, Given
from ..store import Person
from .base import Page
from .officer import people_of


class Override(Page):
    """One attempt: its mark, the form, and what was changed before."""

    role = "trainer"

    async def get(self) -> None:
        """Show the form for `?orang=&kuis=&percobaan=`."""
        person, quiz, attempt = await self._asked(self.get_query_argument)
        self._form(person, quiz, attempt)

    async def post(self) -> None:
        """Change the mark, or take the change back; who did it, and why, is recorded."""
        person, quiz, attempt = await self._asked(self.get_body_argument)
        reason, step = self.get_body_argument("alasan", ""), self.get_body_argument("langkah", "")
        if step not in {"ubah", "batal"}:
            raise HTTPError(400)
        decide: Callable[[Sequence[Event]], list[Given]] = partial(
            undoing, quiz, number=attempt.number, by=self.learner, reason=reason
        )
        if step == "ubah":
            mark = whole(self.get_body_argument("nilai", ""))
            decide = partial(
                overriding, quiz, number=attempt.number, mark=mark, by=self.learner, reason=reason
            )
        store = self.site.store
        try:
            done = await self.call(
                store.amend, person.learner, quiz.root, decide, self.site.content.course, session="situs"
            )
        except OverrideError as error:
            self._form(person, quiz, attempt, fault=str(error), status=400)
            return
        for event in done:
            detail = {"quiz": quiz.root, "attempt": attempt.number} | {
                name: event.result[name] for name in ("kind", "was", "mark")
            }
            await self.call(store.note, self.learner, "mengubah_nilai", person.learner, detail)
        self.redirect(f"/pelatih?orang={person.learner}", status=303)

    async def _asked(self, told: Callable[[str, str], str]) -> tuple[Person, Quiz, Attempt]:
        """Return whose attempt at which quiz is meant: one of the trainer's learners, never themselves."""
        wanted, number = told("orang", ""), told("percobaan", "")
        quiz = self.site.content.quizzes.get(told("kuis", ""))
        person = next((one for one in await people_of(self, "trainer") if one.learner == wanted), None)
        if person is None or quiz is None:
            raise HTTPError(404)
        if wanted == self.learner:
            raise HTTPError(403)
        events = await self.call(self.site.store.events_of, wanted, [quiz.root])
        found = next((one for one in attempts(quiz, events) if str(one.number) == number), None)
        if found is None or found.marked is None:
            raise HTTPError(404)
        return person, quiz, found

    def _form(
        self, person: Person, quiz: Quiz, attempt: Attempt, *, fault: str = "", status: int = 200
    ) -> None:
        self.show(
            "nilai.html.j2", status=status, person=person, quiz=quiz, attempt=attempt, fault=fault,
            longest=LONGEST_REASON, moment=moment, zone=self.account.zone if self.account else "WIB",
        )  # fmt: skip


def whole(text: str) -> int:
    """Return a mark as it was typed, -1 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else -1  # noqa: PLR2004  (0 to 100)
