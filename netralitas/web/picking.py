"""Picking a unit, the same on every page: a list of few, or part of a name and a question back.

    form ─► asked_unit ─► a path of the looker's own units
                      └─► «Unit mana?»: what fits, as buttons that send the same form again

Nothing of it needs a script, and no page lists thousands of units.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tornado.web import Finish

from ..roster import SEPARATOR, inside
from .base import Page

FEW = 30
"""Units a list holds at most; where there are more, part of the name is typed."""
MOST = 50
"""Units that are offered at once."""
LONGEST = 600
_NAME = re.compile(r"[a-z]+")


async def offered(page: Page, role: str) -> tuple[str, ...] | None:
    """Return the units of a role to list, None where there are too many: then the form has a search."""
    found = await page.call(page.site.store.unit_paths, page.scopes(role), limit=FEW + 1)
    return found if len(found) <= FEW else None


async def asked_unit(page: Page, role: str) -> str:
    """Return the unit a form names, within those of a role, empty for none.

    Where what was typed is not one unit, the answer is a page that asks which, and Finish is raised.
    """
    store, scopes, typed = page.site.store, page.scopes(role), page.get_argument("unit", "")[:LONGEST]
    if not typed:
        return ""
    if (scopes is None or inside(typed, scopes)) and await page.call(store.has_unit, typed):
        return typed
    found = matching(await page.call(store.unit_paths, scopes), typed)
    reading = page.request.method in {"GET", "HEAD"}
    # What is only looked at may be guessed; what changes something is said yes to.
    if len(found) == 1 and (reading or found[0].casefold() == typed.casefold()):
        return found[0]
    names = (name for name in page.request.arguments if _NAME.fullmatch(name) and name != "unit")
    page.show(
        "unit-mana.html.j2", status=200 if found else 404, typed=typed, found=found[:MOST],
        more=max(0, len(found) - MOST), method="get" if reading else "post",
        kept=[(name, value) for name in names for value in page.get_arguments(name)],
    )  # fmt: skip
    raise Finish


def matching(paths: Iterable[str], typed: str) -> Sequence[str]:
    """Return the paths that hold every word that was typed; those named so come first, higher ones before."""
    words = typed.casefold().split()
    found = [path for path in paths if all(word in path.casefold() for word in words)]

    def far(path: str) -> tuple[bool, int, str]:
        name = path.rpartition(SEPARATOR)[2].casefold()
        return not all(word in name for word in words), path.count(SEPARATOR), path

    return sorted(found, key=far)
