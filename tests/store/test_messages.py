"""Messages: read once by who is in the cohort, counted for who wrote, taken back for all."""

from __future__ import annotations

import pytest

from netralitas.store import Store, StoreError


def test_a_message_is_there_until_it_is_read(store: Store, people: list[str]) -> None:
    one, two, trainer = people
    number = store.create_cohort("A", [one, two], by=trainer)
    sent = store.send_message(number, " Besok pukul 9.\x00\n<b>Ruang 2</b> ", by=trainer)
    (letter,) = store.letters_of(one)
    assert (letter.text, letter.cohort) == ("Besok pukul 9.\n<b>Ruang 2</b>", "A")
    assert letter.name == store.account(trainer).name  # type: ignore[union-attr]
    assert store.letters_of(trainer) == ()
    assert store.mark_read(one, sent)
    assert not store.mark_read(one, sent)
    assert not store.mark_read(trainer, sent)
    assert (store.letters_of(one), len(store.letters_of(two))) == ((), 1)
    (seen,) = store.messages_of(number)
    assert (seen.read, seen.withdrawn_at) == (1, None)
    # Who has left counts no more.
    store.remove_members(number, [one], by=trainer)
    assert store.messages_of(number)[0].read == 0


def test_what_is_withdrawn_or_of_a_cohort_that_is_gone_shows_to_nobody(
    store: Store, people: list[str]
) -> None:
    one, _two, trainer = people
    number = store.create_cohort("A", [one], by=trainer)
    first, second = (store.send_message(number, text, by=trainer) for text in ("a", "b"))
    other = store.create_cohort("B", [], by=trainer)
    assert not store.withdraw_message(other, first, by=trainer)
    assert store.withdraw_message(number, first, by=trainer)
    assert not store.withdraw_message(number, first, by=trainer)
    assert [letter.id for letter in store.letters_of(one)] == [second]
    assert [(m.id, m.withdrawn_at is None) for m in store.messages_of(number)] == [
        (second, True),
        (first, False),
    ]
    store.remove_cohort(number, by=trainer)
    assert store.letters_of(one) == ()
    for text, where in (("c", number), (" \n", other)):
        with pytest.raises(StoreError):
            store.send_message(where, text, by=trainer)
    assert all("text" not in row.detail for row in store.audit_rows())
