"""Scenarios and quizzes held to the law: what they cite and say, what may be graded, what was overturned."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from ..content import Parts
from ..course import Course, Tags
from ..i18n import _, day
from ..law import Law
from ..pledges import Pledge
from ..quizzes import Question, Quiz
from ..reading import Fault
from ..rules import Answer, rule
from ..scenarios import Scenario
from ..statements import Claim, Statement, differing, ungraded
from . import stories
from .fault import act_names, dead, fault


class Case(NamedTuple):
    """An act on a day that an item or an ending rests on, and what it says of it."""

    act: str
    on: date
    statement: Statement | None = None

    def answer(self, law: Law | None) -> Answer | None:
        """Return what the law says, None where faults told elsewhere keep it from being asked.

        Raises ValueError for dates out of order.
        """
        one = self.statement or Statement(act=self.act, verdict="dilarang")
        try:
            return rule(
                law, self.act, actor=one.actor, on=self.on, examined=one.examined, decided=one.decided
            ) if law else None  # fmt: skip
        except KeyError:
            return None

    def spoken(self, law: Law | None) -> Answer | None:
        """Return what the law says where it speaks; None also where `_cites` has told why it does not."""
        try:
            answer = self.answer(law)
        except ValueError:
            return None
        return answer if answer is not None and answer.in_force else None


def of_pledge(name: str, pledge: Pledge, parts: Parts) -> Iterator[Fault]:
    """Check that what a pledge rests on is a source."""
    if parts.sources is None:
        return
    for where, source in [("origin", pledge.origin)] + [
        (_("butir {id}").format(id=point.id), one.source) for point in pledge.points for one in point.basis
    ]:
        if source not in parts.sources:
            told = _("{where}: sumber '{source}' tidak ada di data/sources.yaml. Tambahkan atau betulkan.")
            yield fault(f"data/pledges/{name}.yaml", told, where=where, source=source)


def of_scenario(name: str, scenario: Scenario, parts: Parts, law: Law | None) -> Iterator[Fault]:
    """Check a scenario: its paths, its tags, what its endings cite and say."""
    file = f"data/scenarios/{name}.yaml"
    yield from stories.of_story(scenario, parts, file)
    if parts.course is not None:
        yield from _tags(scenario, parts.course.tags, file)
    for ending in scenario.endings:
        where = _("penutup {id}").format(id=ending.id)
        held = {one.act for one in ending.holds}
        for act in ending.rules:
            if act not in held:
                yield from _cites(parts, law, Case(act, scenario.date), file=file, where=where)
        for one in ending.holds:
            case = Case(one.act, one.on or scenario.date, one)
            yield from _cites(parts, law, case, file=file, where=where)
            yield from _overturned(law, case, file, where)


def of_drafts(parts: Parts) -> Iterator[Fault]:
    """Refuse an act still being written of which learners would read."""
    shown = [
        *((f"skenario {name}", act) for name, story in parts.scenarios.items() if story
          and story.status == "terbit" for ending in story.endings for act in ending.rules),
        *((f"kuis {name}", act) for name, quiz in parts.quizzes.items() if quiz
          and quiz.status == "terbit" for question in quiz.questions for act in question.rules),
    ]  # fmt: skip
    for name, act in parts.acts.items():
        if act is None or act.status == "terbit":
            continue
        citing = dict.fromkeys(user for user, cited in shown if cited in (act.id, *act.aliases))
        if citing:
            told = _(
                "status: {status}, padahal dipakai {users} yang terbit. "
                "Terbitkan perbuatan ini atau jadikan yang memakainya draf."
            )
            users = ", ".join(citing)
            yield fault(f"data/rules/{name}.yaml", told, status=act.status, users=users)


def _tags(scenario: Scenario, tags: Tags, file: str) -> Iterator[Fault]:
    lists = {
        "role": ((scenario.role,), tags.roles),
        "stage": ((scenario.stage,), tags.stages),
        "causes": (scenario.causes, tags.causes),
        "skills": (scenario.skills, tags.skills),
    }
    for name, (given, allowed) in lists.items():
        for tag in sorted(set(given) - set(allowed)):
            told = _("{name}: '{tag}' tidak ada di daftar data/course.yaml. Pilih salah satu: {allowed}.")
            yield fault(file, told, name=name, tag=tag, allowed=", ".join(allowed))


def of_quiz(name: str, quiz: Quiz, parts: Parts, law: Law | None) -> Iterator[Fault]:
    """Check a quiz: what each key cites, says and may be graded on."""
    file = f"quizzes/{name}.yaml"
    if parts.course is not None:
        yield from _quiz_tags(quiz, parts.course, file)
    for question in quiz.questions:
        where = _("soal {id}").format(id=question.id)
        yield from _sources(question, parts, file, where)
        for case in _cases(question):
            yield from _cites(parts, law, case, file=file, where=where)
            if overturned := [*_overturned(law, case, file, where)]:
                yield from overturned
            else:
                yield from _graded(law, case, question, file, where)


def _quiz_tags(quiz: Quiz, course: Course, file: str) -> Iterator[Fault]:
    """Check what items and rows of the blueprint are tagged with: topics are modules, roles are listed."""
    modules = tuple(module.slug for module in course.modules)
    rows = [(_("soal {id}").format(id=one.id), one.topic, one.role) for one in quiz.questions]
    rows += [(_("draw baris {n}").format(n=n), one.topic, one.role) for n, one in enumerate(quiz.draw, 1)]
    for where, topic, role in rows:
        if topic is not None and topic not in modules:
            told = _("{where}: topik '{topic}' bukan modul. Pilih salah satu: {allowed}.")
            yield fault(file, told, where=where, topic=topic, allowed=", ".join(modules))
        if role is not None and role not in course.tags.roles:
            told = _(
                "{where}: role '{role}' tidak ada di daftar data/course.yaml. Pilih salah satu: {allowed}."
            )
            yield fault(file, told, where=where, role=role, allowed=", ".join(course.tags.roles))


def _cases(question: Question) -> Iterator[Case]:
    """Yield what the key rests on: each statement, and each act nothing is stated of."""
    if question.on is None:  # the model asks for `on` wherever there are rules
        return
    for one in question.holds:
        yield Case(one.act, one.on or question.on, one)
    held = {one.act for one in question.holds}
    for act in question.rules:
        if act not in held:
            yield Case(act, question.on)


def _sources(question: Question, parts: Parts, file: str, where: str) -> Iterator[Fault]:
    if parts.sources is None:
        return
    for name in question.sources:
        source = parts.sources.get(name)
        if source is None:
            yield dead(file, name, where)
        elif source.confidence != "strong":
            told = _("{where}: kunci bertumpu pada sumber '{id}' yang belum kuat. Ajarkan saja.")
            yield fault(file, told, where=where, id=name)


def _cites(parts: Parts, law: Law | None, case: Case, *, file: str, where: str) -> Iterator[Fault]:
    if case.act not in act_names(parts):
        told = _("{where}: perbuatan '{act}' tidak ada di data/rules/. Betulkan id-nya.")
        yield fault(file, told, where=where, act=case.act)
        return
    try:
        answer = case.answer(law)
    except ValueError as error:
        yield fault(file, _("{where}: {told}. Betulkan tanggal di 'holds'."), where=where, told=error)
        return
    if answer is not None and not answer.in_force:
        told = _("{where}: '{act}' tidak berlaku pada {on}. Pilih perbuatan atau tanggal lain.")
        yield fault(file, told, where=where, act=case.act, on=case.on)


def _overturned(law: Law | None, case: Case, file: str, where: str) -> Iterator[Fault]:
    """Tell what is said of an act and is no longer, or never was, the law of the day."""
    answer = case.spoken(law)
    if case.statement is None or answer is None:
        return
    for said, now in differing(case.statement, answer):
        told = _(
            "{where}: '{act}' pada {on} disebut {said}, sedangkan aturannya kini {now}. Baca lagi kunci dan "
            "teksnya, lalu samakan dengan aturan, atau betulkan versi perbuatannya."
        )
        yield fault(file, told, where=where, act=answer.act, on=day(case.on), said=said, now=now)


def _graded(law: Law | None, case: Case, question: Question, file: str, where: str) -> Iterator[Fault]:
    """Refuse a key that rests on a claim nobody may be graded on."""
    answer = case.spoken(law)
    if answer is None:
        return
    told = {
        "weak": _("{where}: kunci bertumpu pada '{claim}' dari '{act}' yang belum kuat. Ajarkan saja."),
        "transitional": _(
            "{where}: kunci bertumpu pada tingkat '{act}' yang hanya dicapai lewat peralihan peraturan "
            "disiplin (transitions di data/regimes.yaml). Ajarkan saja, dengan catatannya."
        ),
    }
    claims: Collection[Claim] = case.statement.claims if case.statement else question.claims
    track = case.statement.track if case.statement else None
    for claim, reason in sorted(ungraded(answer, claims, track).items()):
        yield fault(file, told[reason], where=where, claim=claim, act=answer.act)
