"""What rests on a source or an act: found through every citation, and only on the days it holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from netralitas.content import Content, load
from netralitas.impact import Impact, act_names, impact
from netralitas.law import Act
from netralitas.quizzes import Quiz

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def toy() -> Content:
    return load(ROOT / "tests" / "course")


@pytest.fixture(scope="module")
def real() -> Content:
    return load(ROOT)


def asked(known: Content, name: str, **values: Any) -> Impact:
    parts: dict[str, Any] = {
        "law": known.law,
        "course": known.course,
        "scenarios": known.scenarios.values(),
        "quizzes": known.quizzes.values(),
        "pledges": known.pledges.values(),
    }
    return impact(name, **parts | values)


def changed(known: Content, **values: Any) -> Any:
    """The toy law with its one act changed."""
    act = known.law.acts["contoh-larangan"].model_dump(mode="json")
    one = Act.model_validate(act | values)
    return known.law.model_copy(update={"acts": {one.id: one}})


def test_an_act_bears_what_cites_it(toy: Content) -> None:
    assert asked(toy, "contoh-larangan") == Impact(
        id="contoh-larangan",
        kind="act",
        title="Perbuatan contoh",
        rules=("contoh-larangan",),
        continued_by=(),
        regimes=(),
        scenarios=("contoh-cerita", "contoh-tekanan"),
        items=("contoh-kuis/k01", "contoh-kuis/k02"),
        points=(),
        modules=("contoh-kuis",),
    )


def test_a_source_bears_the_acts_that_name_it_and_what_cites_those(toy: Content) -> None:
    found = asked(toy, "pp-contoh")
    assert (found.kind, found.rules) == ("source", ("contoh-larangan",))
    assert found.scenarios == ("contoh-cerita", "contoh-tekanan")
    assert found.items == ("contoh-kuis/k01", "contoh-kuis/k02")
    assert found.modules == ("contoh-kuis",)


def test_a_source_an_item_names_itself_is_found(toy: Content) -> None:
    found = asked(toy, "uu-contoh")
    assert (found.rules, found.scenarios, found.items) == ((), (), ("contoh-kuis/k03",))
    assert found.modules == ("contoh-kuis",)


def test_what_an_older_version_named_bears_nothing_of_a_later_day(toy: Content) -> None:
    version = toy.law.acts["contoh-larangan"].versions[0].model_dump(mode="json")
    cited = {"source": "uu-contoh", "article": "Pasal 2"}
    older = version | {"start": "2021-01-01", "end": "2021-12-31", "basis": [cited]}
    found = asked(toy, "uu-contoh", law=changed(toy, versions=[older, version]))
    assert found.rules == ("contoh-larangan",)
    assert (found.scenarios, found.items) == ((), ("contoh-kuis/k03",))


def test_a_version_names_sources_by_its_basis_and_by_the_code_of_a_finding(toy: Content) -> None:
    version = toy.law.acts["contoh-larangan"].versions[0].model_dump(mode="json")
    version["rulings"][0]["findings"][0]["code"] = "uu-contoh"
    found = asked(toy, "uu-contoh", law=changed(toy, versions=[version]))
    assert found.scenarios == ("contoh-cerita", "contoh-tekanan")


def test_a_source_a_pledge_is_taken_from_or_a_point_cites_is_found(toy: Content, real: Content) -> None:
    assert asked(toy, "uu-contoh").points == ("contoh-ikrar/kedua",)
    # Its origin bears the whole pledge.
    assert asked(toy, "pp-contoh").points == ("contoh-ikrar/pertama", "contoh-ikrar/kedua")
    found = asked(real, "pp-42-2004")
    assert found.points == ("ikrar-netralitas/netral",)
    assert "09-ikrar" in found.modules


def test_an_alias_is_its_act_asked_and_cited(toy: Content) -> None:
    law = changed(toy, aliases=["nama-lama"])
    quiz = toy.quizzes["contoh-kuis"].model_dump(mode="json")
    quiz["questions"] = [quiz["questions"][0] | {"rules": ["nama-lama"]}]
    found = asked(toy, "nama-lama", law=law, quizzes=[Quiz.model_validate(quiz)])
    assert (found.id, found.items) == ("contoh-larangan", ("contoh-kuis/k01",))
    assert act_names(law) == ("contoh-larangan", "nama-lama")


def test_acts_that_continue_it_are_named(real: Content) -> None:
    continued = {name for act in real.law.acts.values() for name in act.continues}
    assert continued
    for name in continued:
        found = asked(real, name)
        after = {act.id for act in real.law.acts.values() if name in act.continues}
        assert set(found.continued_by) == after


def test_a_source_that_rules_by_date_alone_names_its_lists(real: Content) -> None:
    assert asked(real, "skb-2022").regimes == ("guides",)
    assert set(asked(real, "pp-94-2021").regimes) >= {"discipline", "transitions", "sanctions"}


def test_every_source_and_act_of_the_course_has_an_answer_and_no_item_escapes(real: Content) -> None:
    by_act = [asked(real, name) for name in real.law.acts]
    for name in real.law.sources:
        assert asked(real, name).id == name
    items = {item for found in by_act for item in found.items}
    assert items == {
        f"{quiz.id}/{one.id}" for quiz in real.quizzes.values() for one in quiz.questions if one.rules
    }
    assert {slug for found in by_act for slug in found.scenarios} == set(real.scenarios)


def test_an_act_without_a_day_in_a_scenario_is_no_reason_to_fail(toy: Content) -> None:
    story = toy.scenarios["contoh-cerita"].model_copy(update={"date": date(1999, 1, 1)})
    found = asked(toy, "pp-contoh", scenarios=[story])
    assert found.scenarios == ()


def test_an_unknown_id_is_refused(toy: Content) -> None:
    with pytest.raises(KeyError):
        asked(toy, "tidak-ada")
