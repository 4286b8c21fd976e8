"""The law as values: acts through time and the regimes of a day. What they say together: `rules`.

Pure. An act file holds what is particular to one act; what depends on the date alone stands in the regimes.
The words both are made of stand in `terms`, what stands beside them in `tables`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from .model import Period, Slug, Status, Text, Value
from .tables import Calendar, Crime, Handling, SanctionTable, Statistic
from .terms import (
    ACTORS,
    Actor,
    Body,
    Channel,
    Citation,
    Confidence,
    Level,
    Source,
    Stage,
    Target,
    Track,
    Verdict,
)

__all__ = [
    "ACTORS", "Act", "ActRuling", "Actor", "Body", "Channel", "Citation", "Confidence", "Criminal",
    "Finding", "Law", "Level", "Oversight", "Regime", "Regimes", "Sanctions", "Silence", "Source", "Stage",
    "Target", "Track", "Transition", "Unbound", "Verdict", "Version",
]  # fmt: skip
# The words acts are made of are offered here too: who asks for an act needs them.

_PNS_BY_CODE: tuple[Actor, ...] = ("pns", "cpns", "pejabat_asn")


class Finding(Value):
    """What one track says: the level and its articles.

    `code` limits it to cases handled under that discipline code, `actors` to those persons. A level
    of None means that the law names none, `belum_terverifikasi` that nobody has verified one.
    """

    level: Level | None
    confidence: Confidence
    basis: tuple[Citation, ...] = Field(min_length=1)
    code: Slug | None = None
    actors: tuple[Actor, ...] = _PNS_BY_CODE
    sanctions: tuple[Text, ...] = ()
    caveats: tuple[Text, ...] = ()


class ActRuling(Value):
    """One track of a version. `track` is None where no source tells the track."""

    track: Track | None
    confidence: Confidence
    findings: tuple[Finding, ...] = Field(min_length=1)


class Version(Period):
    """The act during a stretch of days: who is addressed and what follows, or why it is silent."""

    silent: Text | None = None
    actors: tuple[Actor, ...] = ()
    confidence: Confidence = "strong"
    verdict: Verdict = "dilarang"
    basis: tuple[Citation, ...] = ()
    rulings: tuple[ActRuling, ...] = ()
    caveats: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _silent_or_speaking(self) -> Self:
        if self.silent and (self.rulings or self.actors):
            raise ValueError("versi yang diam (silent) tidak boleh memuat actors atau rulings")
        if not self.silent and not self.actors:
            raise ValueError("versi harus memuat actors, atau silent dengan alasannya")
        if not self.silent and self.verdict == "dilarang" and not self.rulings:
            raise ValueError("versi dengan verdict dilarang harus memuat rulings")
        return self


class Act(Value):
    """What is particular to one act, through time (`data/rules/<id>.yaml`)."""

    id: Slug
    status: Status = "terbit"
    title: Text
    summary: Text
    target: tuple[Target, ...]
    stage: tuple[Stage, ...]
    channel: tuple[Channel, ...]
    aliases: tuple[Slug, ...] = ()
    continues: tuple[Slug, ...] = ()
    references: tuple[str, ...] = ()
    reviewed_by: str | None = None
    reviewed_on: date | None = None
    versions: tuple[Version, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _versions_touch(self) -> Self:
        for before, after in zip(self.versions, self.versions[1:], strict=False):
            if before.last is None or (after.first - before.last).days != 1:
                raise ValueError(
                    f"versi mulai {after.start} harus tepat sehari sesudah versi sebelumnya berakhir "
                    f"({before.end}); isi jeda dengan versi silent"
                )
        return self

    def on(self, day: date) -> Version | None:
        """Return the version that holds `day`, or None before the first and after the last."""
        return next((version for version in self.versions if version.covers(day)), None)


class Regime(Period):
    """A source that rules during a period: a guide, a discipline code, the ASN law."""

    source: Slug
    caveat: Text | None = None


class Oversight(Period):
    """The bodies that handle a report during a period."""

    bodies: tuple[Body, ...]
    caveat: Text | None = None


class Transition(Value):
    """How cases pass from an older discipline code to a newer one (PP 94/2021 Pasal 40)."""

    before: Slug
    after: Slug
    decided_before: Text
    not_examined: Text
    examined_before: Text
    undated: Text
    alternative_before: Text
    alternative_after: Text
    decided_after: Text | None = None


class Sanctions(Value):
    """The kinds of sanction behind a level under a code or a track."""

    level: Level
    kinds: tuple[Text, ...] = Field(min_length=1)
    code: Slug | None = None
    track: Track | None = None
    caveat: Text | None = None


class Unbound(Value):
    """Actors whom the PNS codes do not bind, and what stands in their place."""

    actors: tuple[Actor, ...]
    basis: tuple[Citation, ...]
    caveat: Text


class Silence(Period):
    """Days without a joint guide, and why."""

    caveat: Text


class Criminal(Period):
    """The statutes that hold the penalties for acts of these days."""

    sources: tuple[Slug, ...] = Field(min_length=1)
    caveat: Text | None = None


class Regimes(Value):
    """Everything that depends on the date alone (`data/regimes.yaml`)."""

    format_version: Literal[1]
    guides: tuple[Regime, ...]
    asn_law: tuple[Regime, ...]
    discipline: tuple[Regime, ...]
    transitions: tuple[Transition, ...]
    oversight: tuple[Oversight, ...]
    sanctions: tuple[Sanctions, ...]
    unbound: tuple[Unbound, ...]
    silences: tuple[Silence, ...] = ()
    criminal: tuple[Criminal, ...] = ()


class Law(Value):
    """The whole of `data/`'s law, as `content` loads it; what stands beside acts and regimes may be empty."""

    acts: Mapping[str, Act]
    sources: Mapping[str, Source]
    regimes: Regimes
    sanctions: SanctionTable = SanctionTable()
    crimes: tuple[Crime, ...] = ()
    handling: Handling = Handling()
    calendars: Mapping[str, Calendar] = {}
    statistics: tuple[Statistic, ...] = ()
    references: Mapping[str, tuple[str, ...]] = {}

    def act(self, name: str) -> Act:
        """Return the act of that id or alias. Raises KeyError."""
        if name in self.acts:
            return self.acts[name]
        for act in self.acts.values():
            if name in act.aliases:
                return act
        raise KeyError(name)
