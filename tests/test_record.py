"""The learning record: a chain that shows any change of the past, and progress that only events make."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from netralitas.course import Course
from netralitas.record import (
    GENESIS,
    Event,
    Progress,
    Status,
    Typed,
    apply,
    broken_links,
    course_status,
    led_to,
    link,
    outdated,
)

START = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)


def course_of(*modules: dict[str, Any], version: str = "1", pass_mark: int = 70, **rule: Any) -> Course:
    told = {"version": version, "start": date(2026, 1, 1), "pass_mark": pass_mark} | rule
    base = {"title": "Modul", "summary": "Modul.", "minutes": 5}
    return Course.model_validate(
        {
            "format_version": 1,
            "version": "2026-01-01",
            "title": "Kursus mainan",
            "completion": told,
            "tags": dict.fromkeys(("roles", "stages", "depths", "causes", "skills"), ()),
            "posts": (),
            "modules": tuple(base | module for module in modules),
        }
    )


FULL = {"slug": "a", "scenarios": ("s", "t"), "quiz": "a"}
COURSE = course_of(FULL)


class Chain:
    """A learner's events as the site stamps them."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.progress: Progress | None = None
        self.events: list[Event] = []

    def add(self, verb: str, obj: str, **result: Any) -> Progress | None:
        """Commit one event: what it led to, its chain, what changes; return the progress after it."""
        seq = len(self.events) + 1
        body: dict[str, Any] = {
            "id": str(uuid.UUID(int=seq, version=4)),
            "verb": verb,
            "object": obj,
            "attempt": 1,
            "after": seq - 1,
            "revision": "0123456789abcdef",
            "given_at": None,
            "result": result,
            "learner": "0" * 32,
            "site": "tes",
            "seq": seq,
            "received_at": START + timedelta(minutes=seq),
            "session": "sesi",
        }
        unchained = Event.model_validate(body | {"chain": GENESIS})
        body["result"] = result | led_to(self.progress, unchained, self.course)
        previous = self.events[-1].chain if self.events else GENESIS
        form = Event.model_validate(body | {"chain": GENESIS}).model_dump(mode="json")
        event = Event.model_validate(body | {"chain": link(previous, form)})
        self.events.append(event)
        after = apply(self.progress, event, self.course)
        self.progress = after or self.progress
        return after


def finished(course: Course) -> Chain:
    """Both scenarios ended and the quiz at 80."""
    chain = Chain(course)
    chain.add("opened", "scenario/s", seed=1)
    chain.add("chose", "scenario/s/s1", choice="a", place="baik", ending="baik")
    chain.add("chose", "scenario/t/s1", choice="a", place="baik", ending="baik")
    chain.add("answered", "quiz/a/k1", answer=["a"], score=0.8, mark=80)
    return chain


RESULTS = st.dictionaries(
    st.sampled_from(("answer", "score", "catatan", "é")),
    st.integers(-5, 5) | st.text(max_size=5) | st.floats(0, 1) | st.lists(st.sampled_from("abc"), max_size=3),
    max_size=3,
)
VERBS = st.sampled_from(("opened", "answered", "chose", "rated", "refused"))


@st.composite
def chains(draw: st.DrawFn) -> list[Event]:
    """Up to eight events of one learner."""
    chain = Chain(COURSE)
    for verb in draw(st.lists(VERBS, min_size=1, max_size=8)):
        chain.add(verb, draw(st.sampled_from(("quiz/a/k1", "scenario/s/s1"))), **draw(RESULTS))
    return chain.events


CHANGES: dict[str, Any] = {
    "id": str(uuid.UUID(int=999, version=4)),
    "verb": "pledged",
    "object": "quiz/lain/k9",
    "attempt": 9,
    "after": 99,
    "revision": "f" * 16,
    "given_at": START,
    "result": {"answer": ["z"], "score": 1.0},
    "learner": "f" * 32,
    "site": "lain",
    "seq": 77,
    "received_at": START - timedelta(days=1),
    "session": "lain",
    "chain": "f" * 64,
    "typed": Typed(salt="0" * 32, text="lain"),
}


class TestChain:
    def test_every_field_of_an_event_is_covered_by_the_next_test(self) -> None:
        assert CHANGES.keys() == Event.model_fields.keys()

    @drawn(chains(), st.data())
    def test_a_change_of_any_field_is_found(self, events: list[Event], data: st.DataObject) -> None:
        assert broken_links(events) == []
        at = data.draw(st.integers(0, len(events) - 1))
        for field, value in CHANGES.items():
            changed = [*events]
            changed[at] = events[at].model_copy(update={field: value})
            assert broken_links(changed), field

    @drawn(chains(), st.data())
    def test_an_event_left_out_is_found_unless_it_is_the_last(
        self, events: list[Event], data: st.DataObject
    ) -> None:
        at = data.draw(st.integers(0, len(events) - 1))
        assert bool(broken_links(events[:at] + events[at + 1 :])) == (at < len(events) - 1)

    @drawn(chains(), st.data())
    def test_events_out_of_order_are_found(self, events: list[Event], data: st.DataObject) -> None:
        mixed = data.draw(st.permutations(events))
        assert bool(broken_links(mixed)) == (mixed != events)

    def test_the_broken_event_is_named(self) -> None:
        events = finished(COURSE).events
        events[1] = events[1].model_copy(update={"result": {"choice": "b"}})
        assert broken_links(events) == [2]

    def test_a_chain_that_begins_later_is_found_though_its_links_hold(self) -> None:
        first = finished(COURSE).events[0]
        late = first.model_copy(update={"seq": 3})
        late = late.model_copy(update={"chain": link(GENESIS, late.model_dump(mode="json"))})
        assert broken_links([late]) == [3]

    def test_the_chain_of_an_event_survives_json(self) -> None:
        events = finished(COURSE).events
        assert broken_links([Event.model_validate_json(event.model_dump_json()) for event in events]) == []

    def test_the_same_event_of_two_pasts_has_two_links(self) -> None:
        body = finished(COURSE).events[0].model_dump(mode="json")
        assert link(GENESIS, body) != link("1" * 64, body)
        assert link(GENESIS, body) == link(GENESIS, body | {"chain": "x"})


class TestProgress:
    def test_opening_is_no_start(self) -> None:
        chain = Chain(COURSE)
        chain.add("opened", "quiz/a", seed=1, form=["k1"])
        assert chain.progress is not None
        assert (chain.progress.status, chain.progress.started_at) == ("not_started", None)

    @pytest.mark.parametrize("verb", ["answered", "chose", "rated"])
    def test_work_is_a_start(self, verb: str) -> None:
        chain = Chain(COURSE)
        chain.add(verb, "quiz/a/k1")
        assert chain.progress is not None
        assert (chain.progress.status, chain.progress.started_at) == (
            "in_progress",
            chain.events[0].received_at,
        )

    def test_a_refused_message_changes_nothing(self) -> None:
        assert Chain(COURSE).add("refused", "quiz/a", reason="x") is None

    def test_an_event_of_no_module_changes_nothing(self) -> None:
        assert Chain(COURSE).add("answered", "quiz/lain/k1", answer=["a"], score=1.0) is None

    def test_an_event_applied_twice_counts_once(self) -> None:
        chain = finished(COURSE)
        assert apply(chain.progress, chain.events[-1], COURSE) is None

    def test_the_best_mark_counts(self) -> None:
        chain = Chain(COURSE)
        for mark in (40, 90, 60):
            chain.add("answered", "quiz/a/k1", answer=["a"], score=1.0, mark=mark)
        assert chain.progress is not None
        assert (chain.progress.mark, chain.progress.answered) == (90, 3)

    def test_completion_is_dated_by_the_event_that_fulfilled_it(self) -> None:
        chain = finished(COURSE)
        assert chain.progress is not None
        assert chain.progress.status == "completed"
        assert chain.progress.completed_at == chain.events[-1].received_at
        assert chain.progress.rule_version == "1"
        assert chain.events[-1].result["completed"] == {"rule": "1", "course": True}
        assert all("completed" not in event.result for event in chain.events[:-1])

    @pytest.mark.parametrize(("mark", "status"), [(69, "in_progress"), (70, "completed")])
    def test_the_pass_mark_itself_passes(self, mark: int, status: str) -> None:
        chain = Chain(course_of({"slug": "a", "quiz": "a"}))
        chain.add("answered", "quiz/a/k1", answer=["a"], score=1.0, mark=mark)
        assert chain.progress is not None
        assert chain.progress.status == status

    def test_every_scenario_is_asked_for(self) -> None:
        chain = Chain(COURSE)
        chain.add("answered", "quiz/a/k1", answer=["a"], score=1.0, mark=100)
        chain.add("chose", "scenario/s/s1", choice="a", place="baik", ending="baik")
        chain.add("chose", "scenario/s/s1", choice="b", place="kurang", ending="kurang")
        assert chain.progress is not None
        assert (chain.progress.status, chain.progress.ended) == ("in_progress", ("s",))

    def test_a_rating_brings_a_story_to_its_end_as_a_choice_does(self) -> None:
        chain = Chain(COURSE)
        chain.add("rated", "scenario/s/s1", choice="a", ratings={"a": 4}, score=1.0, place="s2")
        assert chain.progress is not None
        assert (chain.progress.status, chain.progress.ended) == ("in_progress", ())
        chain.add("rated", "scenario/s/s2", choice="a", ratings={"a": 4}, score=1.0, place="x", ending="x")
        assert chain.progress.ended == ("s",)

    def test_a_completion_is_told_once(self) -> None:
        chain = finished(COURSE)
        before = chain.progress
        chain.add("answered", "quiz/a/k1", answer=["a"], score=1.0, mark=100)
        assert before is not None
        assert chain.progress is not None
        assert "completed" not in chain.events[-1].result
        assert chain.progress.completed_at == before.completed_at
        assert chain.progress.mark == 100

    def test_completion_is_kept_when_the_rule_changes_later(self) -> None:
        chain = finished(COURSE)
        stricter = course_of(FULL | {"scenarios": ("s", "t", "u")}, version="2", pass_mark=95)
        replayed: Progress | None = None
        for event in chain.events:
            replayed = apply(replayed, event, stricter) or replayed
        assert replayed == chain.progress
        assert replayed is not None
        assert (replayed.status, replayed.rule_version) == ("completed", "1")

    def test_a_renewal_of_a_pledge_completes_anew_under_its_version(self) -> None:
        part = {"slug": "a", "pledge": "p"}
        chain = Chain(course_of(part))
        chain.add("pledged", "pledge/p/satu", ending="lengkap")
        first = chain.progress
        assert first is not None
        rule = {
            "start": START.date(),
            "renews": ("a",),
            "earlier": ({"version": "1", "start": date(2025, 1, 1)},),
        }
        chain.course = asking = course_of(part, version="2", **rule)
        assert outdated(first, asking, START.date())
        assert not outdated(first, asking, START.date() - timedelta(days=1))
        chain.add("pledged", "pledge/p/satu", ending="lengkap", rule="2")
        assert chain.events[-1].result["completed"] == {"rule": "2", "course": True}
        assert chain.progress is not None
        assert [one.rule for one in chain.progress.reached] == ["1", "2"]
        assert not outdated(chain.progress, asking, START.date())

    def test_a_milder_rule_completes_nobody_without_an_event(self) -> None:
        chain = Chain(course_of({"slug": "a", "quiz": "a"}, pass_mark=90))
        chain.add("answered", "quiz/a/k1", answer=["a"], score=1.0, mark=80)
        milder = course_of({"slug": "a", "quiz": "a"}, version="2", pass_mark=70)
        replayed = apply(None, chain.events[0], milder)
        assert replayed is not None
        assert replayed.status == "in_progress"

    @drawn(chains())
    def test_nothing_a_learner_does_takes_progress_back(self, events: list[Event]) -> None:
        order: list[Status] = ["not_started", "in_progress", "completed"]
        before = Progress(module="a")
        for event in events:
            after = apply(before, event, COURSE) or before
            assert order.index(after.status) >= order.index(before.status)
            assert (after.mark or 0) >= (before.mark or 0)
            assert set(after.ended) >= set(before.ended)
            assert after.answered >= before.answered
            before = after


def progress_of(statuses: str) -> Iterator[Progress]:
    """One letter a module: n(ot started), i(n progress), c(ompleted), - (no row)."""
    names: dict[str, Status] = {"n": "not_started", "i": "in_progress", "c": "completed"}
    for module, letter in zip("abx", statuses, strict=True):
        if letter != "-":
            yield Progress(module=module, status=names[letter])


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ("---", "not_started"),
        ("nnn", "not_started"),
        ("n--", "not_started"),
        ("i--", "in_progress"),
        ("c--", "in_progress"),
        ("cn-", "in_progress"),
        ("ci-", "in_progress"),
        ("cc-", "completed"),
        ("ccn", "completed"),
        ("cci", "completed"),
        ("--i", "in_progress"),
        ("--c", "in_progress"),
        ("nnc", "in_progress"),
    ],
)
def test_the_course_is_completed_when_every_required_module_is(statuses: str, expected: str) -> None:
    course = course_of({"slug": "a"}, {"slug": "b"}, {"slug": "x", "required": False})
    assert course_status(course, progress_of(statuses)) == expected
