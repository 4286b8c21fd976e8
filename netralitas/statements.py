"""Statements: what the key of an item or the text of an ending says of the law, for a machine to hold it to.

    holds:
      - {act: unggah-foto-calon, verdict: dilarang, track: disiplin, level: berat}

    Statement + Answer  ──differing──►  where the law says something else now: the key is overturned
    claims    + Answer  ──ungraded───►  claims nobody may be marked on, and why

Pure. The day is the item's or the story's unless the statement names its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Literal

from .compare import level_words, track_words, verdict_words
from .i18n import _
from .model import Slug, Value
from .rules import Answer, Ruling
from .terms import Actor, Level, Track, Verdict

Claim = Literal["act", "track", "level"]
Reason = Literal["weak", "transitional"]


class Statement(Value):
    """What is said of one act: whether it is allowed, perhaps by which track and at which level.

    With a track, the level is that of the track; without, the answer's. `examined` and `decided` are the
    days of a disciplinary case that `rules.rule` asks for.
    """

    act: Slug
    verdict: Verdict
    track: Track | None = None
    level: Level | None = None
    actor: Actor = "pns"
    on: date | None = None
    examined: date | None = None
    decided: date | None = None

    @property
    def claims(self) -> frozenset[Claim]:
        """What it says something about."""
        said: dict[Claim, object] = {"act": self.verdict, "track": self.track, "level": self.level}
        return frozenset(claim for claim, value in said.items() if value)


def require_cited(holds: Iterable[Statement], rules: Collection[str], where: str) -> None:
    """Raise ValueError for a statement about an act that is not among the cited ones."""
    for one in holds:
        if one.act not in rules:
            raise ValueError(
                f"{where}: 'holds' menyebut '{one.act}' yang tidak ada di 'rules'. "
                "Tambahkan atau betulkan id-nya."
            )


def differing(statement: Statement, answer: Answer) -> tuple[tuple[str, str], ...]:
    """Return (what is said, what the law says) in words, for each point on which they do not agree."""
    told = [(verdict_words(statement.verdict), verdict_words(answer.verdict))]
    if statement.track:
        tracks = [track_words(track) for track in answer.track]
        said = track_words(statement.track)
        told.append((said, said if said in tracks else _(" dan ").join(tracks) or _("jalur tidak disebut")))
    if statement.level:
        told.append((level_words(statement.level), _level(statement, answer)))
    return tuple((said, now) for said, now in told if said != now)


def ungraded(answer: Answer, claims: Collection[Claim], track: Track | None = None) -> Mapping[Claim, Reason]:
    """Return the claims nobody may be graded on, each with its reason; a track limits it to that track.

    That an act is forbidden may be graded when that is strong, its track or level only when they are; a
    level that is open, disputed or reached only through a change of codes never.
    """
    rulings = _of(answer, track)
    found: dict[Claim, Reason] = {}
    for ruling in rulings:
        found |= {claim: "weak" for claim in claims if getattr(ruling.confidence, claim) != "strong"}
    if not rulings and answer.confidence != "strong":
        found |= dict.fromkeys(claims, "weak")
    if answer.verdict == "belum_pasti":
        found["act"] = "weak"
    if "level" in claims:
        levels = {ruling.level for ruling in rulings} if track else {answer.level}
        if answer.alternatives or not levels or levels & {None, "belum_terverifikasi"}:
            found["level"] = "weak"
        elif any(ruling.transitional for ruling in rulings):
            found.setdefault("level", "transitional")
    return found


def _of(answer: Answer, track: Track | None) -> tuple[Ruling, ...]:
    return tuple(ruling for ruling in answer.rulings if track in (None, ruling.track))


def _level(statement: Statement, answer: Answer) -> str:
    """Return the level the law names in words: the one that is said, if it is among them."""
    held = [ruling.level for ruling in _of(answer, statement.track)] if statement.track else [answer.level]
    levels = [level for level in held if level]
    if statement.level in levels:
        return level_words(statement.level)
    if answer.alternatives:
        return _("tingkat yang bergantung pada tanggal pemeriksaan dan putusan")
    return _(" atau ").join(level_words(level) for level in levels) or _("tingkat tidak disebut")
