"""Marks after an item was changed: what a named person's regrade would change, and the events that do it.

    attempts of a learner + the quiz of today  ──review──►  Review  ──regrading──►  events `regraded`

Pure. An answer is bound to the revision it was given for; nothing here happens by itself. Only answers whose
item has another revision today are judged anew, only in attempts that have a mark, and what cannot be judged
anew is left as it stands and told.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .attempts import Answered, Attempt, attempts, counting, mark, worth
from .course import Course
from .forms import Quiz
from .i18n import _, number
from .items import Reply
from .model import Value, revision
from .record import Event, Given, Progress, fulfilled
from .scoring import fault, score


class Rescored(Value):
    """An answer judged anew: its score was, its score now, and the revision it is bound to from now on."""

    item: str
    was: float
    score: float
    revision: str


class Change(Value):
    """An attempt whose scores change. `counted` is the mark that counts for the learner afterwards."""

    attempt: int
    after: int
    was: int
    mark: int
    counted: int
    items: tuple[Rescored, ...]


class Left(Value):
    """An answer that cannot be judged anew, and why; an empty `item`: the whole attempt."""

    attempt: int
    item: str
    why: str


class Review(Value):
    """What a regrade would do to one learner. `running` says that an attempt has no mark yet."""

    changes: tuple[Change, ...] = ()
    left: tuple[Left, ...] = ()
    running: bool = False

    @property
    def told(self) -> bool:
        """Say whether there is anything to tell."""
        return bool(self.changes or self.left or self.running)


def review(quiz: Quiz, events: Sequence[Event]) -> Review:
    """Return what regrading by today's quiz would change of a learner's attempts at it."""
    done = [*attempts(quiz, events)]
    changes: list[Change] = []
    left: list[Left] = []
    for at, attempt in enumerate(done):
        if attempt.marked is None:
            continue
        anew, stays = _judged(quiz, attempt)
        left += stays
        if not any(one.score != one.was for one in anew):
            continue
        basis = _basis(attempt) if attempt.computed is None else None
        if basis is None:
            why = _("nilainya tidak sama dengan jumlah skornya")
            if attempt.computed is not None:
                why = _("nilainya diubah pelatih")
            left.append(Left(attempt=attempt.number, item="", why=why))
            continue
        done[at] = _after(attempt, anew, basis)
        counted = counting(quiz, [one for one in done if one.marked is not None]) or done[at]
        changes.append(
            Change(
                attempt=attempt.number,
                after=attempt.last_seq,
                was=attempt.mark,
                mark=done[at].mark,
                counted=counted.mark,
                items=tuple(anew),
            )
        )
    return Review(changes=tuple(changes), left=tuple(left), running=any(one.marked is None for one in done))


def regrading(quiz: Quiz, events: Sequence[Event], *, by: str, reason: str) -> list[Given]:
    """Return the events that regrade a learner's attempts, one an attempt; none where nothing changes.

    `by` is the learner id of the person who does it.
    """
    return [
        Given(
            id=str(uuid.uuid4()),
            verb="regraded",
            object=quiz.root,
            attempt=one.attempt,
            after=one.after,
            revision=revision(quiz),
            result={
                "by": by,
                "reason": reason,
                "items": {row.item: {"score": row.score, "revision": row.revision} for row in one.items},
                "was": one.was,
                "mark": one.mark,
                "counted": one.counted,
            },
        )
        for one in review(quiz, events).changes
    ]


def completion(found: Review, progress: Mapping[str, Progress], quiz: Quiz, course: Course) -> str:
    """Return what a review means for the module: `gained`, `kept` (below the pass mark now), or empty.

    `progress` is the learner's by module. What was reached under its rule is never taken away.
    """
    try:
        module = course.module_of(quiz.root)
    except KeyError:
        return ""
    before = progress.get(module.slug)
    if before is None or not found.changes:
        return ""
    after = before.model_copy(update={"mark": found.changes[-1].counted})
    reached = fulfilled(module, after, course.pass_mark(quiz.root))
    if before.completed_at is None:
        return "gained" if reached else ""
    return "" if reached else "kept"


def _judged(quiz: Quiz, attempt: Attempt) -> tuple[list[Rescored], list[Left]]:
    """Return the answers of an attempt whose item has changed, judged anew, and those that cannot be."""
    anew: list[Rescored] = []
    left: list[Left] = []
    known = {question.id: question for question in quiz.questions}
    for given in attempt.record:
        question = known.get(given.item)
        if question is not None and question.fingerprint == given.revision:
            continue
        told = ""
        if question is None:
            told = _("soal sudah tidak ada")
        elif given.answer is None:
            told = _("jawaban sudah dihapus")
        elif unfit := fault(question, given.answer):
            told = _("jawaban tidak cocok lagi dengan soal: {why}").format(why=unfit)
        if question is None or told:
            left.append(Left(attempt=attempt.number, item=given.item, why=told))
            continue
        now = _replayed(quiz, attempt, given)
        anew.append(Rescored(item=given.item, was=given.score, score=now, revision=question.fingerprint))
    return anew, left


def _replayed(quiz: Quiz, attempt: Attempt, given: Answered) -> float:
    """Return what an item earns today: the first try that is right today would have been the last."""
    question = quiz.question(given.item)
    said = [*attempt.tries(given.item), given.answer]
    for tries, answer in enumerate(said):
        last = tries == len(said) - 1
        if answer is not None and (last or _right(quiz, given.item, answer)):
            return worth(quiz, question.id, answer, tries)
    return 0.0


def _right(quiz: Quiz, item: str, answer: Reply) -> bool:
    question = quiz.question(item)
    return not fault(question, answer) and score(question, answer) == 1


def _basis(attempt: Attempt) -> tuple[str, ...] | None:
    """Return the items a recorded mark was computed of, None where its recorded scores do not give it.

    All that were drawn, or those that were left when an item had gone while the attempt ran.
    """
    for names in (attempt.drawn, attempt.form):
        if names and mark([one.score for one in _of(attempt, names)], len(names)) == attempt.marked:
            return names
    return None


def _of(attempt: Attempt, names: Sequence[str]) -> Iterator[Answered]:
    return (one for one in attempt.record if one.item in names)


def _after(attempt: Attempt, anew: Sequence[Rescored], basis: Sequence[str]) -> Attempt:
    """Return an attempt with its new scores and mark."""
    now: dict[str, dict[str, Any]] = {one.item: one.model_dump(include={"score", "revision"}) for one in anew}
    record = tuple(one.model_copy(update=now.get(one.item, {})) for one in attempt.record)
    changed = attempt.model_copy(update={"record": record})
    scores = [one.score for one in _of(changed, basis)]
    return changed.model_copy(update={"marked": mark(scores, len(basis))})


def lines(quiz: Quiz, found: Sequence[tuple[str, Review, str]]) -> list[str]:
    """Return a regrade as lines for a terminal, then totals; names nobody.

    `found` holds learner id, review and what it means for the module.
    """
    told = [line for learner, one, meaning in found for line in _of_learner(learner, one, meaning)]
    changes = [change for _learner, one, _meaning in found for change in one.changes]
    meanings = [meaning for _learner, _one, meaning in found]
    told += [
        *([""] if told else []),
        _("{quiz}: {n} percobaan dari {people} pembelajar berubah (naik {up}, turun {down}).").format(
            quiz=quiz.id,
            n=len(changes),
            people=sum(1 for _learner, one, _meaning in found if one.changes),
            up=sum(change.mark > change.was for change in changes),
            down=sum(change.mark < change.was for change in changes),
        ),
        _("Modul menjadi selesai: {gained}. Tetap selesai walau nilai kini di bawah batas: {kept}.").format(
            gained=meanings.count("gained"), kept=meanings.count("kept")
        ),
    ]
    if left := sum(len(one.left) for _learner, one, _meaning in found):
        told.append(_("Tidak dapat dinilai ulang: {n}. Nilainya tetap.").format(n=left))
    if running := sum(one.running for _learner, one, _meaning in found):
        sentence = _("Masih berjalan: {n} percobaan. Jalankan lagi sesudah selesai.")
        told.append(sentence.format(n=running))
    return told


def _of_learner(learner: str, found: Review, meaning: str) -> Iterator[str]:
    for change in found.changes:
        items = ", ".join(f"{one.item} {number(one.was)} → {number(one.score)}" for one in change.items)
        line = _("{learner} · percobaan {attempt} · nilai {was} → {mark} · {items}")
        yield line.format(
            learner=learner, items=items, **change.model_dump(include={"attempt", "was", "mark"})
        )
    if meaning == "gained":
        yield _("{learner} · modul menjadi selesai").format(learner=learner)
    elif meaning == "kept":
        yield _("{learner} · di bawah batas lulus, modul tetap selesai").format(learner=learner)
    for one in found.left:
        line = _("{learner} · percobaan {attempt} · {item} dibiarkan: {why}")
        item = one.item or _("nilai")
        yield line.format(learner=learner, attempt=one.attempt, item=item, why=one.why)
