"""Reports of items and corrections: kept, listed to whom they concern, closed once."""

from __future__ import annotations

import pytest

from netralitas.store import OPEN_MOST, Store

ITEM = "quiz/contoh-kuis/k01"


def test_a_report_names_the_item_and_nobody(store: Store, people: list[str]) -> None:
    assert store.report_item(people[0], ITEM, "keliru", " Pasalnya lain.\x00 ")
    (found,) = store.item_reports()
    assert (found.object, found.reason, found.text) == (ITEM, "keliru", "Pasalnya lain.")
    assert people[0] not in repr(found)


def test_a_report_is_closed_once_with_a_trace(store: Store, people: list[str]) -> None:
    store.report_item(people[0], ITEM, "usang", "")
    number = store.item_reports()[0].id
    assert store.close_report(number, by=people[1])
    assert not store.close_report(number, by=people[1])
    assert store.item_reports() == ()
    assert [one.id for one in store.item_reports(closed=True)] == [number]
    assert (store.audit_rows(1)[0].act, store.audit_rows(1)[0].who) == ("report.closed", people[1])


@pytest.mark.parametrize("kind", ["report", "correction"])
def test_nobody_has_more_open_than_somebody_can_read(store: Store, people: list[str], kind: str) -> None:
    def ask(learner: str) -> bool:
        if kind == "report":
            return store.report_item(learner, ITEM, "lainnya", "x")
        return store.ask_correction(learner, "unit", "x")

    assert [ask(people[0]) for _turn in range(OPEN_MOST + 1)] == [True] * OPEN_MOST + [False]
    assert ask(people[1])


def test_a_reason_or_field_of_no_list_is_an_error(store: Store, people: list[str]) -> None:
    with pytest.raises(ValueError, match="entah"):
        store.report_item(people[0], ITEM, "entah", "")
    with pytest.raises(ValueError, match="entah"):
        store.ask_correction(people[0], "entah", "")


def test_a_correction_is_seen_by_its_learner_and_above_it(store: Store, people: list[str]) -> None:
    me, other, _nobody = people
    store.ask_correction(me, "jabatan", "Saya sudah Ahli Muda.")
    path = str(store.account(me).unit)  # type: ignore[union-attr]
    agency = path.split(" / ", maxsplit=1)[0]
    assert [one.text for one in store.corrections_of(me)] == ["Saya sudah Ahli Muda."]
    assert store.corrections_of(other) == ()
    for scopes in (None, [path], [agency]):
        assert [(one.learner, one.unit) for one in store.corrections_under(scopes)] == [(me, path)]
    assert store.corrections_under(["Dinas Lain"]) == ()
    assert store.corrections_under([]) == ()


def test_an_answer_closes_a_correction_and_its_learner_reads_it(store: Store, people: list[str]) -> None:
    store.ask_correction(people[0], "nama", "Ejaannya salah.")
    number = store.corrections_of(people[0])[0].id
    assert store.close_correction(number, "Sudah dibetulkan.", by=people[1])
    assert not store.close_correction(number, "Lagi", by=people[1])
    assert store.corrections_under(None) == ()
    told = store.corrections_of(people[0])[0]
    assert told.answer == "Sudah dibetulkan."
    assert told.closed_at is not None
