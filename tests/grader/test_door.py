"""Who has a ticket of the site comes in once; nobody else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from grader.door import Trainers
from netralitas.keys import made_once
from netralitas.tickets import MINUTE, Holder, ticket


def holder(until: datetime, nonce: str = "n" * 16) -> Holder:
    return Holder(learner="a" * 32, name="Bu Pelatih", until=until, nonce=nonce)


def test_a_ticket_lets_its_holder_in_once(tmp_path: Path) -> None:
    path = tmp_path / "pintu.key"
    door, soon = Trainers(key_file=str(path)), datetime.now(UTC) + MINUTE
    mine = ticket(made_once(path), holder(soon))
    user = door.admitted(mine)
    assert user is not None
    assert (user.username, user.display_name) == ("a" * 32, "Bu Pelatih")
    assert door.admitted(mine) is None
    assert door.admitted(ticket(made_once(path), holder(soon, "m" * 16))) is not None


def test_no_other_ticket_opens(tmp_path: Path) -> None:
    path = tmp_path / "pintu.key"
    door, now = Trainers(key_file=str(path)), datetime.now(UTC)
    old = ticket(made_once(path), holder(now - timedelta(seconds=1)))
    foreign = ticket(b"x" * 32, holder(now + MINUTE))
    assert [door.admitted(text) for text in (old, foreign, "", "a.b")] == [None] * 4
    assert door.token == ""
