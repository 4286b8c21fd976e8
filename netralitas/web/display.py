"""How pages are shown to one person: language, simple view, large text, high contrast.

A cookie says it for every request, also before anybody has logged in; the account keeps it for the next
device. Neither needs a script.
"""

from __future__ import annotations

from typing import Literal

from ..model import Value

COOKIE = "netralitas_tampilan"
Language = Literal["id", "en"]
LANGUAGES: dict[Language, str] = {"id": "Bahasa Indonesia", "en": "English"}
"""Every language of the pages, named in itself."""
SWITCHES = ("sederhana", "besar", "kontras")
"""What can be switched on; each is a class of the page's root element too."""


class Display(Value):
    """What one person chose."""

    language: Language = "id"
    switches: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str) -> Display:
        """Read a cookie or a kept choice; what is unknown is left out, whatever was sent."""
        language, *switches = text.split(".")
        return cls(
            language="en" if language == "en" else "id", switches=frozenset(switches) & frozenset(SWITCHES)
        )

    def __str__(self) -> str:
        """Write it as `of` reads it."""
        return ".".join((self.language, *(name for name in SWITCHES if name in self.switches)))

    @property
    def classes(self) -> str:
        """The classes of the page's root element."""
        return " ".join(name for name in SWITCHES if name in self.switches)
