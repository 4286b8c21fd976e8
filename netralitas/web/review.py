"""A module once more: to read without changing anything, and as a summary to print or keep.

/modul/<slug>/baca        the page with what was finished last; no line, no kernel, no button that sends
/modul/<slug>/ringkasan   what there is to remember, on paper or as a PDF
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from tornado.web import HTTPError

from ..content import Content
from ..course import Module
from ..judge import Item
from ..pledges import Pledge
from ..quizzes import Quiz, attempts
from ..record import Event
from ..scenarios import runs
from ..store import Standing
from .base import Page
from .kernels import KernelFailedError
from .learner import Step, as_script, page_state, states_of, step_of
from .pledging import plain_forms


def finished(item: Item, events: Sequence[Event]) -> list[Event]:
    """Return the events up to the last attempt that was brought to its end, none when there is none."""
    if isinstance(item, Pledge):
        done = [event.attempt for event in events if "ending" in event.result]
    elif isinstance(item, Quiz):
        done = [one.number for one in attempts(item, events) if one.finished]
    else:
        done = [run.number for run in runs(item, events) if item.ending(run.place) is not None]
    last = max(done, default=0)
    return [event for event in events if event.attempt <= last]


async def completed(page: Page, slug: str) -> tuple[Module, Step]:
    """Return a module and how far the learner is. Raises HTTPError 404 for a module there is not."""
    content = page.site.content
    try:
        module = content.course.module(slug)
    except KeyError:
        raise HTTPError(404) from None
    known = await page.call(page.site.store.progress_of, page.learner)
    return module, step_of(page, content, module, known)


class Reading(Page):
    """A finished module, open for reading: nothing here can change the mark."""

    async def get(self, slug: str) -> None:
        """Show it; a module that is not finished is opened as always."""
        module, step = await completed(self, slug)
        if step.progress.status != "completed":
            self.redirect(f"/modul/{slug}", status=303)
            return
        generation = self.site.generations.current
        try:
            page = await generation.page(module)
        except KernelFailedError as error:
            raise HTTPError(500, "%s", error) from error
        standing = await self.call(self.site.store.standing, self.learner, module.roots)
        done = [
            event
            for root in module.roots
            for event in finished(
                generation.content.item(root), [one for one in standing.events if one.root == root]
            )
        ]
        states = states_of(
            generation, module, Standing(events=done, drafts={}, seq=standing.seq), reading=True
        )
        widgets = [{"id": slot.id, "widget": slot.widget, "state": states[slot.root]} for slot in page.slots]
        self.show(
            "modul.html.j2",
            module=module,
            body=Markup(page.filled(plain_forms(self, module, states))),  # noqa: S704  (our own templates)
            reading=True,
            state=as_script(page_state(self, widgets)),
        )


class Summary(Page):
    """What to remember of a module, to be printed; what it teaches stands there once it is finished."""

    async def get(self, slug: str) -> None:
        """Show it."""
        module, step = await completed(self, slug)
        if module.part != "module":
            self.redirect("/hasil", status=303)
            return
        done = step.progress.status == "completed"
        told = lessons(self.site.content, module) if done else {}
        self.show("ringkasan.html.j2", module=module, step=step, done=done, **told)


def lessons(content: Content, module: Module) -> dict[str, Any]:
    """Return what a finished module leaves: what to do tomorrow, what was explained, what the law says."""
    stories = [content.scenarios[slug] for slug in module.scenarios]
    quiz = content.quizzes[module.quiz] if module.quiz else None
    taught = [root for root in module.roots if not root.startswith("pledge/")]
    rows = [row for root in taught for cited in content.citations(root).values() for row in cited]
    return {
        "tomorrow": [
            (story.title, dict.fromkeys(one.tomorrow for one in story.endings if one.tone == "tepat"))
            for story in stories
        ],
        "points": [question.explanation for question in quiz.questions] if quiz else [],
        "rules": list({(row["act"], row["status"]): row for row in rows}.values()),
    }
