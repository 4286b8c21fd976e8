"""What a learner chose and read is kept, each without touching the other."""

from __future__ import annotations

from netralitas.store import NOTICE, Preference, Store


def test_who_chose_nothing_has_read_nothing(store: Store, people: list[str]) -> None:
    assert store.preference(people[0]) == Preference("", None, None)


def test_a_choice_and_a_notice_leave_each_other_alone(store: Store, people: list[str]) -> None:
    me, other, _nobody = people
    store.put_notice(me)
    store.put_display(me, "en.besar")
    store.put_display(me, "id")
    found = store.preference(me)
    assert (found.display, found.notice) == ("id", NOTICE)
    assert found.noticed_at is not None
    assert store.preference(other) == Preference()


def test_the_first_reading_of_a_notice_is_kept_a_new_notice_is_read_anew(
    store: Store, people: list[str]
) -> None:
    me = people[0]
    store.put_notice(me)
    first = store.preference(me).noticed_at
    store.put_notice(me)
    assert store.preference(me).noticed_at == first
    store.put_notice(me, "2030-01-01")
    assert store.preference(me).notice == "2030-01-01"
