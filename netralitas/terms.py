"""The words of the law: the closed lists every answer is made of, a citation, a source.

    terms  ──►  tables  (sanctions, crimes, handling, calendars, statistics, coverage)
       └─────►  law     (acts and regimes, and `Law`, which holds all of it)

Pure. Here stands what acts, regimes and tables share, and nothing else.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from .model import Slug, Text, Value, first_day, last_day

Confidence = Literal["strong", "derived", "page", "memory"]
Actor = Literal["pns", "cpns", "pppk", "ppnpn", "pejabat_asn", "petahana"]
Target = Literal["bakal_calon", "calon", "parpol", "diri_sendiri", "pasangan_suami_istri", "asn_lain"]
Stage = Literal[
    "pra_tahapan", "pendaftaran", "pra_penetapan", "pasca_penetapan", "kampanye", "masa_tenang",
    "pemungutan", "pasca_pemungutan", "penetapan_terpilih", "semua",
]  # fmt: skip
Channel = Literal[
    "medsos", "tatap_muka", "alat_peraga", "jabatan", "fasilitas_negara", "dokumen", "keanggotaan"
]
Track = Literal["kode_etik", "disiplin", "pidana", "administratif"]
Level = Literal["moral_tertutup", "moral_terbuka", "ringan", "sedang", "berat", "ptdh", "belum_terverifikasi"]
Verdict = Literal["dilarang", "belum_pasti", "boleh"]
Body = Literal["kasn", "bkn", "kemenpanrb", "bawaslu"]
Poll = Literal["pilkada", "pemilu"]

ACTORS: tuple[Actor, ...] = get_args(Actor)


class Citation(Value):
    """An article of a source; `confidence` is that of the claim «this article is its basis»."""

    source: Slug
    article: Text
    confidence: Confidence = "strong"


class Source(Value):
    """A legal instrument or a page of figures (`data/sources.yaml`), with the days it was in force.

    `start` is None where the sheet has no date: such a source is cited but never decides a day.
    """

    id: Slug
    title: Text
    short: Text | None = None
    subject: Text
    kind: Literal["instrumen", "statistik"] = "instrumen"
    start: str | None
    end: str = "open"
    status: Text
    confidence: Confidence
    references: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name a citation uses: «PP 94/2021»."""
        return self.short or self.title

    def in_force(self, day: date) -> bool:
        """Say whether the source was certainly in force on `day`."""
        if self.start is None:
            return True
        last = None if self.end == "open" else first_day(self.end)
        return last_day(self.start) <= day and (last is None or day <= last)
