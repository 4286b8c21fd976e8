"""A learner's pages: beranda, module, hasil. Light ones start no kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from markupsafe import Markup
from tornado.web import HTTPError

from ..content import Content
from ..course import Module, Renewal
from ..i18n import LANGUAGE, ZONES, _, day, moment
from ..judge import shown
from ..model import Value
from ..quizzes import Written
from ..record import Progress, awaited, course_status, outdated
from ..store import Standing, Visit
from ..tally import day_of
from ..widgets.learning import model_id
from .base import Page
from .generations import Generation
from .kernels import KernelFailedError
from .pledging import plain_forms
from .privacy import informed
from .waiting import AGAIN


class Step(Value):
    """A part of the course on the beranda; `waits` for what has to be completed before it opens.

    `renewal` asks for a completed part once more; then `done` is what need not be done again.
    """

    module: Module
    progress: Progress
    parts: int
    done: int
    finished: str = ""
    waits: tuple[Module, ...] = ()
    renewal: Renewal | None = None

    @property
    def settled(self) -> bool:
        """Whether it is completed and stands."""
        return self.progress.status == "completed" and self.renewal is None

    @property
    def percent(self) -> int:
        """How far, 0–100."""
        if self.settled:
            return 100
        return round(100 * self.done / self.parts) if self.parts else 0

    @property
    def todo(self) -> tuple[str, ...]:
        """The activities to go on with, in their order; a quiz can always be begun again."""
        if self.renewal:
            return (f"quiz/{self.module.quiz}",) if self.module.quiz else self.module.roots
        ended = self.progress.ended
        return tuple(
            root
            for root in self.module.roots
            if root.startswith("quiz/") or root.partition("/")[2] not in ended
        )

    @property
    def anchor(self) -> str:
        """The activity to go on with, as the end of an address: the first that is not done."""
        todo = self.todo if self.renewal or self.progress.status == "in_progress" else ()
        return f"#w-{model_id(todo[0])}" if todo else ""

    @property
    def graded(self) -> str:
        """What the mark of this part is called."""
        names = {"pretest": _("Nilai tes awal"), "exam": _("Nilai ujian terbaik")}
        return names.get(self.module.part, _("Nilai kuis terbaik"))

    @property
    def minutes_left(self) -> int:
        """What is left, in minutes, never less than one while something is."""
        if self.settled:
            return 0
        return max(1, round(self.module.minutes * (100 - self.percent) / 100))


def step(content: Content, module: Module, known: Mapping[str, Progress], zone: str) -> Step:
    """Return how far a learner is in a part; `known` is their progress by module."""
    now = known.get(module.slug) or Progress(module=module.slug)
    items = content.quizzes[module.quiz].size if module.quiz else 0
    items += len(content.pledges[module.pledge].points) if module.pledge else 0
    # A quiz item, a point of a pledge and a scenario's ending are the steps a learner feels.
    answered = items if now.mark is not None else min(now.answered, items)
    old = outdated(now, content.course, day_of(datetime.now(UTC)))
    told = 2 * len(set(now.ended) & set(module.scenarios))
    return Step(
        module=module,
        progress=now,
        parts=items + 2 * len(module.scenarios),
        done=told + (0 if old else answered),
        finished=moment(now.completed_at, zone) if now.completed_at else "",
        waits=awaited(content.course, module, known),
        renewal=content.course.renewal(module.roots[0]) if old else None,
    )


def duration(minutes: int) -> str:
    """Return a time to be spent in words: «12 menit», «1 jam 40 menit»."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{n} menit").format(n=rest)
    if not rest:
        return _("{n} jam").format(n=hours)
    return _("{hours} jam {n} menit").format(hours=hours, n=rest)


def next_part(content: Content, step: Step) -> str:
    """Return the title of what a learner goes on with; empty for none, or when it is the part's own."""
    if step.settled or not step.todo:
        return ""
    title = content.item(step.todo[0]).title
    return "" if title == step.module.title else title


def next_step(steps: Sequence[Step]) -> Step | None:
    """Return the part to go on with: the one begun, else the next that is open, None when all is done.

    What has to be renewed comes last: it was done once. A part nobody has to do is offered only before
    anything has begun: who has passed it by need not hear of it again.
    """
    begun = next((one for one in steps if one.progress.status == "in_progress"), None)
    fresh = all(one.progress.status == "not_started" for one in steps)
    todo = (
        one
        for one in steps
        if one.progress.status != "completed" and not one.waits and (one.module.required or fresh)
    )
    return begun or next(todo, None) or next((one for one in steps if one.renewal), None)


async def due(page: Page) -> dict[str, Any] | None:
    """Return the learner's deadline in words, whether it was extended for them, and the days left; or None.

    A day is over when it is in the zone of their unit.
    """
    unit = page.account.unit if page.account else None
    last = (await page.call(page.site.store.deadlines, page.site.deadline, learners=[page.learner])).of(
        page.learner, unit
    )
    if last is None:
        return None
    zone = page.account.zone if page.account else "WIB"
    today = datetime.now(UTC).astimezone(ZONES[zone]).date()
    return {
        "day": day(last.day),
        "time": f"23.59 {zone}",
        "left": (last.day - today).days,
        "extended": last.source == "learner",
    }


class Home(Page):
    """Beranda: where am I, what is next, how long, by when."""

    async def get(self) -> None:
        """Show the modules, the progress and the next step."""
        steps = await steps_of(self)
        following = next_step(steps)
        state = course_status(self.site.content.course, [s.progress for s in steps])
        if any(one.renewal for one in steps):
            state = "in_progress"
        self.show(
            "beranda.html.j2", steps=steps, following=following, state=state, duration=duration,
            next_part=next_part(self.site.content, following) if following else "", due=await due(self),
            letters=await self.call(self.site.store.letters_of, self.learner), moment=moment,
            minutes=sum(s.minutes_left for s in steps),
        )  # fmt: skip

    async def post(self) -> None:
        """Note that a message was read."""
        wanted = self.get_body_argument("dibaca", "")
        if wanted.isascii() and wanted.isdigit() and len(wanted) <= 9:  # noqa: PLR2004  (a row's number)
            await self.call(self.site.store.mark_read, self.learner, int(wanted))
        self.redirect("/", status=303)


class Results(Page):
    """Hasil: one's own record, and what trainers gave back."""

    async def get(self) -> None:
        """Show marks and completion, why a mark was computed anew, and what trainers gave back."""
        course = self.site.content.course
        zone = self.account.zone if self.account else "WIB"
        regrades = await self.call(self.site.store.regrades_of, self.learner)
        # The newest of each quiz says why its mark is what it is.
        anew = {
            one.root: {
                "kind": one.result.get("kind", "regrade"),
                "when": moment(one.received_at, zone),
                "why": one.said or _("alasan sudah dihapus"),
            }
            for one in regrades
        }
        given = await self.call(self.site.store.published_of, self.learner)
        steps = await steps_of(self)
        marks = {one.module.part: one.progress.mark for one in steps if one.progress.mark is not None}
        self.show("hasil.html.j2", steps=steps, anew=anew, given=given, marks=marks,
                  prompts=prompts(self.site.content), pass_mark=course.completion.pass_mark)  # fmt: skip


def prompts(content: Content) -> dict[str, str]:
    """Return what each written case of the course asks, by the id of its object."""
    return {
        f"{quiz.root}/{question.id}": question.prompt
        for quiz in content.quizzes.values()
        for question in quiz.questions
        if isinstance(question, Written)
    }


async def steps_of(page: Page) -> list[Step]:
    """Return the course's modules with the learner's progress."""
    content = page.site.content
    known = await page.call(page.site.store.progress_of, page.learner)
    return [step_of(page, content, module, known) for module in content.course.modules]


def step_of(page: Page, content: Content, module: Module, known: Mapping[str, Progress]) -> Step:
    """Return how far the learner is in one module; `known` is their progress by module."""
    return step(content, module, known, page.account.zone if page.account else "WIB")


class ModulePage(Page):
    """A module: the kept page with this learner's state put in; no kernel is asked."""

    generation: Generation
    known: dict[str, Progress]
    standing: Standing

    def look(self, token: str) -> Visit | None:
        """Read with the session how far its learner is and where they stand in the module."""
        visit = super().look(token)
        self.generation = self.site.generations.current
        if visit is not None:
            store, learner = self.site.store, visit.session.learner
            modules = self.generation.content.course.modules
            self.known = store.progress_of(learner)
            self.standing = store.standing(
                learner, [root for one in modules if one.slug == self.path_args[0] for root in one.roots]
            )
        return visit

    async def get(self, slug: str) -> None:
        """Show the module where the learner left it, or their place in line when the server is full."""
        generation, standing = self.generation, self.standing
        try:
            module = generation.content.course.module(slug)
        except KeyError:
            raise HTTPError(404) from None
        if not informed(self):
            self.redirect(f"/privasi?lanjut=/modul/{slug}", status=303)
            return
        now = step_of(self, generation.content, module, self.known)
        if now.waits:
            rest = [step_of(self, generation.content, one, self.known) for one in now.waits]
            self.show("tertutup.html.j2", module=module, rest=rest, duration=duration)
            return
        if place := self.site.queue.ask(self.learner):
            self.set_header("Retry-After", str(AGAIN))
            self.show("tunggu.html.j2", status=503, place=place, module=module, again=AGAIN)
            return
        try:
            page = await generation.page(module)
        except KernelFailedError as error:
            raise HTTPError(500, "%s", error) from error
        states = states_of(generation, module, standing)
        widgets = [{"id": slot.id, "widget": slot.widget, "state": states[slot.root]} for slot in page.slots]
        # The browser asks for these before it has read a line of the page; a modulepreload waits for some.
        style, script = self.site.asset_url("site.css"), self.site.asset_url("modul.js")
        told = f"<{style}>; rel=preload; as=style, <{script}>; rel=preload; as=script; crossorigin"
        self.set_header("Link", told)
        line = {"channel": f"/modul/{slug}/saluran", "generation": generation.id, "seq": standing.seq}
        self.show(
            "modul.html.j2",
            module=module,
            body=Markup(page.filled(plain_forms(self, module, states))),  # noqa: S704  (our own templates)
            step=now,
            duration=duration,
            state=as_script(page_state(self, widgets) | line),
        )


def page_state(page: Page, widgets: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the script of a module page is told, without the line: a page that only shows has none."""
    language = LANGUAGE.get()
    return {
        "widgets": widgets,
        "who": page.who,
        **({} if language == "id" else {"catalogue": page.site.asset_url(f"{language}.json")}),
        "texts": {
            "offline": _("Sambungan terputus. Pekerjaan Anda aman; kami menyambung lagi."),
            "ended": _("Sesi Anda berakhir. Muat ulang halaman, lalu masuk lagi. Jawaban Anda aman."),
        },
    }


def states_of(
    generation: Generation, module: Module, standing: Standing, *, reading: bool = False
) -> dict[str, dict[str, Any]]:
    """Return the widget states of a module by object: what `view` shows a learner who stands there.

    Who only reads (`reading`) is asked to renew nothing, and no widget sends.
    """
    course = generation.content.course
    return {
        root: {
            "object": root,
            "preview": False,
            "view": shown(
                generation.content.item(root),
                [event for event in standing.events if event.root == root],
                citations=generation.citations(root),
                pass_mark=course.pass_mark(root),
                pictures=generation.content.pictures,
                drafts=standing.drafts,
                renewal=None if reading else course.renewal(root),
            ),
            **({"reading": True} if reading else {}),
        }
        for root in module.roots
    }


def as_script(data: dict[str, Any]) -> Markup:
    """Return JSON that cannot leave its script element."""
    text = orjson.dumps(data).decode()
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704
