"""One cohort: its people and how far they are, its deadline, what is said to it, who did what.

Whoever manages it changes it; extending and reopening are for any trainer of the person. Each has a name in
the audit; a reopening is an event of the learner's record too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial

from tornado.web import HTTPError

from ..due import Due
from ..i18n import ZONES, _, day, moment
from ..limits import may_reopen, reopening
from ..quizzes import Quiz, attempts
from ..record import Event, RefusedError
from ..store import AuditRow, Person, StoreError
from .base import Page
from .cohorts import Sight, sight
from .officer import summary
from .tab import AGAIN

LONGEST_REASON = 200
_OF_PEOPLE = ("deadline.set", "attempt.reopened")


def source(due: Due) -> str:
    """Return what a deadline comes from, in words."""
    names = {
        "site": _("tenggat situs"),
        "unit": _("tenggat unit"),
        "cohort": _("tenggat angkatan"),
        "learner": _("diperpanjang"),
    }
    return names[due.source]


class CohortPage(Page):
    """One cohort, or (`?orang=`) one person in it."""

    role = "trainer"

    async def get(self, number: str) -> None:
        """Show it."""
        await self._show(await sight(self, number), self.get_query_argument("orang", ""))

    async def post(self, number: str) -> None:
        """Do what was asked for; a mistake is told on the page."""
        seen = await sight(self, number)
        whole: dict[str, Callable[[Sight], Awaitable[None]]] = {
            "nama": self._rename, "hapus": self._remove, "tenggat": self._deadline, "pesan": self._send,
            "tarik": self._withdraw,
        }  # fmt: skip
        single: dict[str, Callable[[Sight, Person], Awaitable[None]]] = {
            "keluar": self._out, "perpanjang": self._extend, "buka": self._reopen,
        }  # fmt: skip
        act, who = self.get_body_argument("langkah", ""), self.get_body_argument("orang", "")
        person = next((one for one in seen.inside if one.learner == who), None)
        if (act in whole and not seen.manages) or (act in single and person is None):
            raise HTTPError(404)
        try:
            if act in whole:
                await whole[act](seen)
            elif act in single and person is not None:
                await single[act](seen, person)
            else:
                raise HTTPError(400)
        except StoreError as error:
            await self._show(seen, who, fault=str(error))
            return
        if act == "hapus":
            self.redirect("/pelatih/angkatan", status=303)
        elif act in {"perpanjang", "buka"}:
            self.redirect(f"/pelatih/angkatan/{number}?orang={who}", status=303)
        else:
            self.redirect(f"/pelatih/angkatan/{number}#{act}", status=303)

    async def _show(self, seen: Sight, who: str, *, fault: str = "") -> None:
        person = next((one for one in seen.inside if one.learner == who), None)
        if person is not None:
            await self._person(seen, person, fault)
            return
        if who:
            raise HTTPError(404)
        store, number = self.site.store, seen.cohort.id
        said = await self.call(store.deadlines_said, "cohort", number)
        self.show(
            "angkatan-satu.html.j2", seen=seen, fault=fault, day=day, moment=moment, source=source,
            due=said[0].day if said else None, messages=await self.call(store.messages_of, number),
            history=await self._history(seen), today=self._today().isoformat(),
            **await summary(self, seen.inside),
        )  # fmt: skip

    async def _person(self, seen: Sight, person: Person, fault: str) -> None:
        store = self.site.store
        (row,) = (await summary(self, [person]))["people"]
        events = await self.call(store.events_of, person.learner)
        now = store.clock()
        quizzes = [
            {"quiz": quiz, "tries": done, "shut": _shut(quiz, events, now)}
            for quiz in self.site.content.quizzes.values()
            if (done := attempts(quiz, events))
        ]
        said = await self.call(store.deadlines_said, "learner", person.learner)
        self.show(
            "angkatan-orang.html.j2", seen=seen, person=person, row=row, quizzes=quizzes, fault=fault,
            day=day, moment=moment, source=source, said=said, names=await self._names(seen),
            today=self._today().isoformat(),
        )  # fmt: skip

    async def _rename(self, seen: Sight) -> None:
        await self.call(
            self.site.store.rename_cohort, seen.cohort.id, self.get_body_argument("nama", ""), by=self.learner
        )

    async def _remove(self, seen: Sight) -> None:
        await self.call(self.site.store.remove_cohort, seen.cohort.id, by=self.learner)

    async def _deadline(self, seen: Sight) -> None:
        await self.call(
            self.site.store.set_deadline, "cohort", seen.cohort.id, self._wanted_day(), by=self.learner
        )

    async def _send(self, seen: Sight) -> None:
        text = self.get_body_argument("isi", "")
        await self.call(self.site.store.send_message, seen.cohort.id, text, by=self.learner)

    async def _withdraw(self, seen: Sight) -> None:
        wanted = self.get_body_argument("nomor", "")
        found = {str(one.id): one.id for one in await self.call(self.site.store.messages_of, seen.cohort.id)}
        if wanted not in found:
            raise HTTPError(404)
        await self.call(self.site.store.withdraw_message, seen.cohort.id, found[wanted], by=self.learner)

    async def _out(self, seen: Sight, person: Person) -> None:
        await self.call(self.site.store.remove_members, seen.cohort.id, [person.learner], by=self.learner)

    async def _extend(self, _seen: Sight, person: Person) -> None:
        await self.call(
            self.site.store.set_deadline, "learner", person.learner, self._wanted_day(), by=self.learner
        )

    async def _reopen(self, _seen: Sight, person: Person) -> None:
        """Let somebody begin one more attempt; their kernels and tabs begin anew, so that they hear of it."""
        site, reason = self.site, " ".join(self.get_body_argument("alasan", "").split())
        quiz = site.content.quizzes.get(self.get_body_argument("kuis", ""))
        if quiz is None:
            raise HTTPError(404)
        if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
            raise StoreError(_("Tulis alasannya dahulu, paling banyak {n} huruf.").format(n=LONGEST_REASON))
        decide = partial(reopening, quiz, by=self.learner, reason=reason, now=site.store.clock())
        session = self.visit.session.ref if self.visit else ""
        try:
            await self.call(
                site.store.amend, person.learner, quiz.root, decide, site.content.course, session=session
            )
        except RefusedError:
            raise StoreError(_("Percobaan itu tidak perlu dibuka lagi; muat ulang halaman.")) from None
        await self.call(site.store.note, self.learner, "attempt.reopened", person.learner, {"quiz": quiz.id})
        await site.kernels.forget(person.learner)
        for line in tuple(site.lines.get(person.learner, ())):
            line.close(AGAIN)

    def _wanted_day(self) -> date | None:
        """Return the day that was typed, None to take one away. Raises StoreError."""
        if self.get_body_argument("tanpa", ""):
            return None
        try:
            wanted = date.fromisoformat(self.get_body_argument("hari", ""))
        except ValueError:
            raise StoreError(_("Tanggalnya tidak terbaca; pilih satu tanggal.")) from None
        if wanted < self._today():
            raise StoreError(_("Tanggal itu sudah lewat; pilih hari ini atau sesudahnya."))
        return wanted

    def _today(self) -> date:
        zone = self.account.zone if self.account else "WIB"
        return datetime.now(UTC).astimezone(ZONES[zone]).date()

    async def _names(self, seen: Sight) -> dict[str, str]:
        """Return names by learner id: of my people, and of who holds an office."""
        held = {one.learner: one.name for one in await self.call(self.site.store.roles)}
        return held | {one.learner: one.name for one in seen.mine.values()}

    async def _history(self, seen: Sight) -> list[dict[str, str]]:
        """Return what was done to the cohort and to my people in it, newest first, in words."""
        people = [one.learner for one in seen.inside]
        store, names = self.site.store, await self._names(seen)
        rows = await self.call(store.audit_of, f"cohort/{seen.cohort.id}", people, _OF_PEOPLE)
        zone = self.account.zone if self.account else "WIB"
        titles = {quiz.id: quiz.title for quiz in self.site.content.quizzes.values()}
        return [
            {"at": moment(row.at, zone), "who": names.get(row.who, _("pelatih lain")), "what": what}
            for row in rows
            if (what := told(row, names, titles))
        ]


def told(row: AuditRow, names: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """Return an entry of the audit in words, empty for one that says nothing here."""
    detail = row.detail
    whom = names.get(str(detail.get("learner", row.subject)), _("seseorang"))
    last = day(date.fromisoformat(str(detail["day"]))) if detail.get("day") else ""
    values = {
        "n": detail.get("n", 0),
        "was": detail.get("was", ""),
        "name": detail.get("name", ""),
        "whom": whom,
        "day": last,
        "quiz": titles.get(str(detail.get("quiz", "")), ""),
    }
    words = {
        "cohort.created": _("membuat angkatan ini"),
        "cohort.members_added": _("menambahkan {n} orang"),
        "cohort.member_removed": _("mengeluarkan {whom}"),
        "cohort.renamed": _("mengganti nama dari «{was}» menjadi «{name}»"),
        "cohort.removed": _("menghapus angkatan ini"),
        "cohort.restored": _("mengembalikan angkatan ini"),
        "message.sent": _("mengirim pesan"),
        "message.withdrawn": _("menarik pesan"),
        "attempt.reopened": _("membuka lagi «{quiz}» untuk {whom}"),
    }
    single = detail.get("of") == "learner"
    if row.act == "deadline.set" and single:
        text = _("memperpanjang tenggat {whom} sampai {day}") if last else _("menarik perpanjangan {whom}")
    elif row.act == "deadline.set":
        text = _("menetapkan tenggat {day}") if last else _("menghapus tenggat angkatan")
    else:
        text = words.get(row.act, "")
    return text.format(**values)


def _shut(quiz: Quiz, events: Sequence[Event], now: datetime) -> bool:
    """Say whether a quiz can be reopened: no attempt may begin."""
    try:
        may_reopen(quiz, events, now)
    except RefusedError:
        return False
    return True
