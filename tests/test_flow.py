"""The ways learners take: counted from the events alone, nobody named, drawn with its own words."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from netralitas.flow import Flow, Stop, count, lines
from netralitas.flow_picture import draw
from netralitas.masking import SMALL
from netralitas.record import Event
from tests.test_scenarios import BAD, KEY, TENSE, happened, opened, tense

SVG = "{http://www.w3.org/2000/svg}"


def of(learner: int, events: list[Event], attempt: int = 1) -> list[Event]:
    return [
        event.model_copy(
            update={"learner": f"{learner:032x}", "attempt": attempt, "seq": 100 * attempt + event.seq}
        )
        for event in events
    ]


EVENTS = [
    *of(1, tense("d", "d", KEY, "a")),
    *of(1, tense("d", "d", KEY, "a"), attempt=2),
    *of(2, tense("a", "a")),
    *of(3, tense("d", "b", BAD, "a")),
    *of(4, [opened(TENSE)]),
]


def stop(name: str, *, first: bool = False) -> Stop:
    found = count(TENSE, EVENTS, first=first, exact=True)
    return next(one for one in (*found.scenes, *found.endings) if one.id == name)


def test_runs_learners_and_endings_are_counted() -> None:
    found = count(TENSE, EVENTS, exact=True)
    assert (found.learners, found.runs, found.ended, found.gone) == (4, 5, 3, 0)
    assert {one.id: one.came for one in found.endings} == {"tuntas": 2, "tersisa": 1, "terjejak": 0}


def test_every_choice_has_its_count_and_share_also_when_nobody_took_it() -> None:
    assert [(way.letter, way.taken, way.share) for way in stop("s1").ways] == [
        ("a", 1, 0.25), ("b", 0, 0.0), ("c", 0, 0.0), ("d", 3, 0.75),
    ]  # fmt: skip
    assert (stop("s1").came, stop("s1").left) == (5, 1)
    assert (stop("s4").came, stop("s4").left) == (4, 1)


def test_a_way_says_where_it_led() -> None:
    ways = {way.letter: way.leads for way in stop("s2").ways}
    assert ways["b"] == {"s3": 1, "s4": 0}
    assert ways["d"] == {"s3": 2}


def test_sure_and_wrong_is_counted_where_it_happened() -> None:
    assert {way.letter: way.sure_wrong for way in stop("s3").ways} == {"a": 0, "b": 1}
    assert {way.letter: way.sure_wrong for way in stop("s2").ways} == {"a": 1, "b": 0, "c": 0, "d": 0}


def test_the_first_run_alone_can_be_counted() -> None:
    assert (stop("s1", first=True).came, stop("tuntas", first=True).came) == (4, 1)


def test_a_choice_the_story_no_longer_has_is_told_apart() -> None:
    old = happened(9, "chose", f"{TENSE.root}/s1", {"choice": "e", "place": "s9"})
    assert count(TENSE, [*EVENTS, old], exact=True).gone == 1


def test_nobody_at_all_is_no_fault() -> None:
    found = count(TENSE, [], exact=True)
    assert (found.learners, found.scenes[0].share) == (0, 0.0)
    assert count(TENSE, []).learners is None
    assert ET.fromstring(draw(found)).tag == f"{SVG}svg"


def test_lines_tell_counts_shares_and_where_it_led() -> None:
    told = "\n".join(lines(count(TENSE, EVENTS, exact=True)))
    assert "4 pembelajar, 5 kali dijalani, 3 sampai penutup" in told
    assert "    3   75 %  d → s2 · Menyimpan tangkapan layar" in told
    assert "yakin tetapi belum tepat: 1" in told


def test_the_picture_is_sound_says_all_in_words_and_names_nobody() -> None:
    text = draw(count(TENSE, EVENTS, exact=True))
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    words = (root.findtext(f"{SVG}desc") or "") + (root.findtext(f"{SVG}title") or "")
    for one in (*TENSE.scenes, *TENSE.endings):
        assert one.id in words
    assert "75 %" in words
    assert not any(f"{learner:032x}" in text for learner in range(1, 5))
    assert "script" not in text
    cards = [one for one in root.iter(f"{SVG}rect") if one.get("rx") == "10"]
    assert len(cards) == len(TENSE.scenes) + len(TENSE.endings)


def test_words_of_a_story_cannot_break_out_of_the_picture() -> None:
    sharp = TENSE.model_copy(update={"title": 'Tajam <b> & "kutip"'})
    assert (
        ET.fromstring(draw(count(sharp, EVENTS, exact=True))).findtext(f"{SVG}title") == 'Tajam <b> & "kutip"'
    )


def crowd(goers: dict[str, int], *, runs: int = 1) -> list[Event]:
    """So many learners for each letter of the first scene, and each of them so many times."""
    found: list[Event] = []
    number = 0
    for letter, many in goers.items():
        for _one in range(many):
            number += 1
            for attempt in range(1, runs + 1):
                found += of(number, tense(letter), attempt)
    return found


def first_scene(goers: dict[str, int], *, runs: int = 1) -> Flow:
    return count(TENSE, crowd(goers, runs=runs))


class TestSmallGroups:
    def test_a_way_of_fewer_than_five_learners_is_not_told_nor_what_it_led_to(self) -> None:
        found = first_scene({"a": 4, "d": 20})
        ways = {way.letter: way for way in found.scenes[0].ways}
        assert (ways["a"].taken, ways["a"].share, [*ways["a"].leads.values()]) == (None, None, [None])
        assert (ways["d"].taken, ways["d"].leads) == (20, {"s2": 20})
        told = "\n".join(lines(found))
        assert "  < 5      –  a → " in told
        assert ">&lt; 5<" in draw(found)

    def test_who_goes_one_way_again_and_again_is_still_one(self) -> None:
        ways = {way.letter: way.taken for way in count(TENSE, crowd({"a": 2}, runs=9)).scenes[0].ways}
        assert ways["a"] is None
        found = count(TENSE, [*crowd({"a": 2}, runs=9), *of(99, tense("a"))])
        assert found.scenes[0].came is None
        assert found.runs is None

    def test_nothing_hidden_can_be_had_by_subtraction(self) -> None:
        """Whatever is told of a fork, the hidden way may have had at least two different numbers."""
        behind: dict[tuple[object, ...], set[tuple[int, ...]]] = {}
        for many in range(5, 16):
            for few in range(5):
                found = first_scene({"d": many, "a": few})
                told = (found.learners, found.runs, found.model_dump_json())
                behind.setdefault(told, set()).add((many, few))
        assert all(len({few for _many, few in pairs}) > 1 for pairs in behind.values())

    def test_every_number_is_a_multiple_of_five_or_none(self) -> None:
        found = first_scene({"a": 7, "b": 1, "c": 13, "d": 23})
        stops = (*found.scenes, *found.endings)
        numbers = [found.learners, found.runs, found.ended, found.gone]
        numbers += [number for stop in stops for number in (stop.came, stop.left)]
        numbers += [
            n for stop in stops for way in stop.ways for n in (way.taken, way.sure_wrong, *way.leads.values())
        ]
        assert {number % SMALL for number in numbers if number is not None} == {0}
        assert 0 not in numbers
