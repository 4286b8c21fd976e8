"""The privacy notice: read once before the first answer, and again whenever its meaning changes."""

from __future__ import annotations

from ..i18n import ngettext
from ..store import NOTICE
from .base import Page
from .login import inside


def term(days: int) -> str:
    """Return a term in words: whole years where it is some, else days."""
    years, rest = divmod(days, 365)
    if rest == 0:
        return ngettext("{n} tahun", "{n} tahun", years).format(n=years)
    return ngettext("{n} hari", "{n} hari", days).format(n=days)


def informed(page: Page) -> bool:
    """Say whether the learner has read the notice in use."""
    return page.visit is not None and page.visit.notice == NOTICE


class Privacy(Page):
    """Privasi: what is recorded, who sees it, how long, how to get, correct or erase it."""

    public = True

    async def get(self) -> None:
        """Show the notice; who has not read it may say so and go on where they wanted to."""
        asked = self.current_user is not None and not informed(self)
        target = inside(self.get_query_argument("lanjut", "/"))
        self.show("privasi.html.j2", asked=asked, target=target, contact=self.site.contact,
                  terms=self.site.terms, term=term)  # fmt: skip

    async def post(self) -> None:
        """Remember that it was read."""
        if self.visit is None:
            self.to_login()
            return
        await self.call(self.site.store.put_notice, self.learner)
        self.redirect(inside(self.get_body_argument("lanjut", "/")), status=303)
