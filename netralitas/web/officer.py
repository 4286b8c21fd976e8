"""Officers' pages: pelatih (answers), operator (health, roles); those of petugas stand in `agency`.

Each look at personal data is noted in the audit log before the page is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tornado.web import HTTPError

from ..i18n import ZONES, _, moment
from ..quizzes import Answered, Attempt, Quiz, attempts, verdict, words
from ..record import course_status
from ..store import Person
from .base import Page

if TYPE_CHECKING:
    from .app import Site


def status_words() -> dict[str, str]:
    """Return what each status is called."""
    return {"not_started": _("belum mulai"), "in_progress": _("sedang berjalan"), "completed": _("selesai")}


class Trainer(Page):
    """Pelatih: names, marks and answers of their own units."""

    role = "trainer"

    async def get(self) -> None:
        """Show the cohort, or one learner's answers (`?orang=`)."""
        people = await people_of(self, "trainer")
        wanted = self.get_query_argument("orang", "")
        if not wanted:
            self.show("pelatih.html.j2", **await summary(self, people), person=None)
            return
        person = next((row for row in people if row.learner == wanted), None)
        if person is None:
            raise HTTPError(404)
        await self.call(self.site.store.note, self.learner, "melihat_jawaban", wanted, {})
        events = await self.call(self.site.store.events_of, wanted)
        tries = [
            {
                "title": quiz.title,
                "quiz": quiz.id,
                "computed": attempt.computed,
                "number": attempt.number,
                "mark": attempt.mark if attempt.finished else None,
                "answers": [answered(quiz, attempt, one) for one in attempt.answers],
            }
            for quiz in self.site.content.quizzes.values()
            for attempt in attempts(quiz, events)
        ]
        self.show("pelatih.html.j2", person=person, tries=tries,
                  **await summary(self, people))  # fmt: skip


class Operator(Page):
    """Operator: health, audit, roles; no answers, no completion."""

    role = "operator"

    async def get(self) -> None:
        """Show what runs and who changed what."""
        store = self.site.store
        await self.call(store.note, self.learner, "melihat_operator", "semua", {})
        self.show(
            "operator.html.j2",
            kernels=self.site.kernels.running(),
            cap=self.site.kernels.cap,
            boundary=self.site.boundary,
            generation=self.site.generations.current,
            refused=self.site.generations.refused,
            roles=await self.call(store.roles),
            audit=await self.call(store.audit_rows, 100),
            moment=moment,
        )


def answered(quiz: Quiz, attempt: Attempt, given: Answered) -> dict[str, Any]:
    """Return an answer in words: what was asked, what was chosen, how it was judged, how sure one was."""
    question = quiz.question(given.item)
    return {
        "prompt": question.prompt,
        "given": words(question, given.answer),
        "verdict": verdict(quiz, attempt, given),
        "certainty": given.certainty,
    }


async def people_of(page: Page, role: str) -> Sequence[Person]:
    """Return the people a role may see, noting the look."""
    scopes = page.scopes(role)
    await page.call(page.site.store.note, page.learner, f"melihat_{role}", "/".join(scopes or ("semua",)), {})
    return await page.call(page.site.store.people_under, scopes)


async def summary(page: Page, people: Sequence[Person]) -> dict[str, Any]:
    """Return rows with their status, days in their unit's zone, and the count of each status."""
    rows = await page.call(rows_of, page.site, people)
    counts = {state: sum(1 for row in rows if row["state"] == state) for state in status_words()}
    counts["late"] = sum(1 for row in rows if row["late"])
    return {"people": rows, "counts": counts, "total": len(rows)}


def rows_of(site: Site, people: Sequence[Person]) -> list[dict[str, Any]]:
    """Return people as tables show them: status, day of completion in their unit's zone, best mark."""
    course, zones, words_of = site.content.course, site.store.zones(), status_words()
    officers = {held.learner for held in site.store.roles()}
    deadlines = site.store.deadlines(site.deadline, learners=[person.learner for person in people])
    now = datetime.now(UTC)
    rows = []
    for person in people:
        done = max((p.completed_at for p in person.progress if p.completed_at), default=None)
        state = course_status(course, person.progress)
        due = deadlines.of(person.learner, person.unit)
        today = now.astimezone(ZONES[zones[person.unit]]).date()
        rows.append(
            {
                "learner": person.learner,
                "officer": person.learner in officers,
                "name": person.name,
                "instansi": person.instansi,
                "unit": person.unit,
                "jabatan": person.jabatan,
                "state": state,
                "status": words_of[state],
                "due": due,
                "late": state != "completed" and due is not None and due.over(today),
                "finished": moment(done, zones[person.unit]) if done and state == "completed" else "",
                "mark": max((p.mark for p in person.progress if p.mark is not None), default=None),
            }
        )
    return rows
