"""Progress is what the events say, and a broken chain is found."""

from __future__ import annotations

from sqlalchemy import text, update

from netralitas.course import Course
from netralitas.record import Event
from netralitas.store import Standing, Store
from netralitas.store.tables import progress

from .conftest import TODAY, given, line, roster, stamp


def finish(store: Store, me: str, course: Course) -> list[Event]:
    """Bring a learner through module a: the scenario ended, the quiz at 80."""
    steps = [
        given("opened", object="scenario/s"),
        given("chose", after=1, object="scenario/s/s1", result={"ending": "e1"}),
        given("opened"),
        given(after=3, result={"score": 0.8, "mark": 80}),
    ]
    return [one for one in store.append([stamp(me, one) for one in steps], course) if isinstance(one, Event)]


def test_progress_follows_the_events(store: Store, people: list[str], course: Course) -> None:
    done = finish(store, people[0], course)
    found = store.progress_of(people[0])["a"]
    assert found.status == "completed"
    assert found.completed_at == done[-1].received_at
    assert found.started_at == done[1].received_at
    assert (found.mark, found.ended, found.answered, found.seq) == (80, ("s",), 1, 4)
    assert found.rule_version == "1"
    assert store.progress_of(people[1]) == {}


def test_an_object_of_no_module_is_kept_and_counts_nowhere(
    store: Store, people: list[str], course: Course
) -> None:
    store.append([stamp(people[0], given("opened", object="quiz/lain"))], course)
    assert len(store.events_of(people[0])) == 1
    assert store.progress_of(people[0]) == {}


def test_events_are_read_by_root(store: Store, people: list[str], course: Course) -> None:
    finish(store, people[0], course)
    assert [one.seq for one in store.events_of(people[0], ["quiz/a"])] == [3, 4]
    assert [one.seq for one in store.events_of(people[0], ["quiz/a", "scenario/s"])] == [1, 2, 3, 4]
    assert store.events_of(people[0], []) == []


def test_events_of_everybody_are_read_by_root_each_learner_in_order(
    store: Store, people: list[str], course: Course
) -> None:
    for me in people[:2]:
        finish(store, me, course)
    found = [(one.learner, one.seq) for own in store.events_on("scenario/s") for one in own]
    assert found == sorted((me, seq) for me in people[:2] for seq in (1, 2))
    assert [*store.events_on("scenario/t")] == []


def test_a_rating_ends_its_draft(store: Store, people: list[str], course: Course) -> None:
    me = people[0]
    store.append([stamp(me, given("opened", object="scenario/s"))], course)
    store.put_draft(me, "scenario/s", {"scene": "s1", "ratings": {"a": 4}})
    store.append([stamp(me, given("rated", after=1, object="scenario/s/s1", result={"score": 1.0}))], course)
    assert store.drafts_of(me) == {}


def test_the_record_of_one_object_is_read_learner_by_learner(
    store: Store, people: list[str], course: Course
) -> None:
    me, other, _nobody = people
    finish(store, me, course)
    finish(store, other, course)
    found = {events[0].learner: [one.seq for one in events] for events in store.events_on("quiz/a")}
    assert found == {me: [3, 4], other: [3, 4]}
    assert list(store.events_on("quiz/lain")) == []


def test_a_standing_is_events_drafts_and_the_last_number(
    store: Store, people: list[str], course: Course
) -> None:
    me, other, _nobody = people
    assert store.standing(me, ["quiz/a"]) == Standing(events=[], drafts={}, seq=0)
    finish(store, me, course)
    store.put_draft(me, "quiz/b", {"k1": ["a"]})
    store.put_draft(me, "scenario/s", {"n": 1})
    store.put_draft(other, "quiz/a", {"k1": ["c"]})
    found = store.standing(me, ["scenario/s"])
    assert found.events == store.events_of(me, ["scenario/s"])
    assert found.drafts == store.drafts_of(me)
    assert found.drafts.keys() == {"quiz/b", "scenario/s"}
    # Of all events, whatever they are on.
    assert found.seq == store.last_seq(me) == 4
    assert store.standing(me, []).events == []
    assert store.standing("f" * 32, ["quiz/a"]) == Standing(events=[], drafts={}, seq=0)


def test_rebuild_puts_right_what_was_lost_or_wrong(store: Store, people: list[str], course: Course) -> None:
    for me in people:
        finish(store, me, course)
    right = [store.progress_of(me) for me in people]
    with store.writing() as connection:
        connection.execute(text("DELETE FROM progress WHERE learner = :me"), {"me": people[0]})
        connection.execute(update(progress).where(progress.c.learner == people[1]).values(mark=100))
        row = {"learner": people[2], "module": "hantu", "status": "completed", "state": {"seq": 1}}
        connection.execute(progress.insert().values(row))
    seen: list[str] = []
    report = store.rebuild(course, on_learner=seen.append)
    assert (report.learners, report.rows_changed) == (3, 3)
    assert sorted(seen) == sorted(people)
    assert [store.progress_of(me) for me in people] == right
    assert store.rebuild(course).rows_changed == 0


def test_a_changed_past_breaks_the_chain(
    store: Store, people: list[str], course: Course, dialect: str
) -> None:
    for me in people:
        finish(store, me, course)
    with store.writing() as connection:
        if dialect == "sqlite":
            connection.execute(text("DROP TRIGGER event_no_update"))
        else:
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        wrong = {"me": people[1], "result": '{"mark": 100, "score": 1.0}'}
        connection.execute(text("UPDATE event SET result = :result WHERE learner = :me AND seq = 4"), wrong)
        connection.execute(
            text("UPDATE event SET received_at = given_at WHERE learner = :me AND seq = 2"), {"me": people[2]}
        )
    assert sorted(store.verify_chains()) == sorted([(people[1], 4), (people[2], 2)])


def test_completions_are_counted_once_a_learner(store: Store, people: list[str], course: Course) -> None:
    assert store.completed(["a"]) == store.completed([]) == 0
    finish(store, people[0], course)
    finish(store, people[1], course)
    assert (store.completed(["a"]), store.completed(["a", "b"]), store.completed(["b"])) == (2, 2, 0)


def test_what_a_unit_did_is_read_without_its_neighbours(store: Store, course: Course) -> None:
    store.import_roster(roster(line(0), line(1), line(2, "SMPN Contoh 2")), course, today=TODAY, by="test")
    here, there = (
        [one.learner for one in store.people_under() if one.unit.endswith(end)] for end in ("1", "2")
    )
    path = next(one.unit for one in store.people_under() if one.learner in here)
    sure = {"answer": ["a"], "score": 1.0, "certainty": "yakin"}
    for who, results in ((here[0], [sure, sure | {"score": 0.5}]), (here[1], [{}]), (there[0], [sure])):
        store.append([stamp(who, given("opened"))], course)
        for after, result in enumerate(results, 1):
            answered = given(after=after, **({"result": result} if result else {}))
            store.append([stamp(who, answered)], course)
    store.append([stamp(here[0], given("refused", after=3, attempt=1))], course)
    assert {own[0].learner for own in store.events_on("quiz/a", [path])} == {*here}
    assert {own[0].learner for own in store.events_on("quiz/a")} == {*here, *there}
    last = store.last_steps([path])
    assert {who: one.verb for who, one in last.items()} == dict.fromkeys(here, "answered")
    assert store.last_steps().keys() == {*here, *there}
    counted = {(one.certainty, one.right): one.times for one in store.certainties([path])}
    assert counted == {("yakin", True): 1, ("yakin", False): 1}
    assert {one.right: one.times for one in store.certainties()} == {True: 2, False: 1}
