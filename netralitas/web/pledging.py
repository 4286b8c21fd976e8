"""The pledge where no script runs: a plain form for the next point, recorded as the widget's messages are.

    page ─ plain_forms() ─► the widget's slot ─ POST /modul/<slug>/ikrar ─► judge ─► the module's desk

The widget takes the place of the form once it is drawn; until then, and without a script, the form works.

The desk checks and commits, as it does for a kernel. What does not fit is not recorded as refused: an old
page sends it, and shows what stands once it is opened again.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tornado.web import HTTPError

from ..course import Module
from ..i18n import _, moment
from ..judge import Promise, judge, parse
from ..pledges import Pledge
from ..record import AnsweredError, RefusedError
from ..widgets.learning import model_id
from .base import Page
from .desk import Desk, Owner
from .privacy import informed


def plain_forms(page: Page, module: Module, states: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """Return each pledge of a module as HTML that needs no script, by the id of its slot.

    Its points, and a form for the next one unless the page is only read. `states` are those of the widgets.
    """
    zone = page.account.zone if page.account else "WIB"
    template = page.site.templates.get_template("ikrar.html.j2")
    return {
        model_id(root): template.render(
            address=f"/modul/{module.slug}/ikrar",
            name=root.partition("/")[2],
            view=states[root]["view"],
            following=_following(states[root]),
            language=page.display.language,
            event=str(uuid.uuid4()),
            xsrf=page.xsrf_form_html,
            when=lambda text: moment(datetime.fromisoformat(text), zone),
        )
        for root in module.roots
        if root.startswith("pledge/")
    }


def _following(state: dict[str, Any]) -> str | None:
    """Return the point that is next, None once all is said and where nothing is asked."""
    if state.get("reading"):
        return None
    return next((point["id"] for point in state["view"]["points"] if not point["at"]), None)


class Pledging(Page):
    """Pledges one point."""

    async def post(self, slug: str) -> None:
        """Record the point and lead back to the next one; a point sent twice is recorded once."""
        content = self.site.content
        root = f"pledge/{self.get_body_argument('ikrar', '')}"
        try:
            module = content.course.module(slug)
        except KeyError:
            raise HTTPError(404) from None
        if root not in module.roots:
            raise HTTPError(404)
        if not informed(self):
            self.redirect(f"/privasi?lanjut=/modul/{slug}", status=303)
            return
        pledge = content.pledges[root.partition("/")[2]]
        try:
            await self._record(module, pledge, self._message())
        except AnsweredError:
            pass
        except RefusedError:
            told = _(
                "Halaman ini mungkin sudah lama terbuka. Buka lagi dari beranda; yang tercatat tetap ada."
            )
            self.show("galat.html.j2", status=409, title=_("Butir ini belum tercatat"), text=told)
            return
        self.redirect(f"/modul/{slug}#ikrar", status=303)

    def _message(self) -> Promise:
        """Return what was sent, as a widget sends it. Raises RefusedError when it is none of ours."""
        told = {
            "event": self.get_body_argument("peristiwa", ""),
            "point": self.get_body_argument("butir", ""),
        }
        message = parse({"kind": "pledge", **told})
        if not isinstance(message, Promise):
            raise RefusedError("pesan tidak sesuai bentuk")
        return message

    async def _record(self, module: Module, pledge: Pledge, message: Promise) -> None:
        """Judge and commit. Raises AnsweredError where it stands, RefusedError where it does not fit."""
        site = self.site
        standing = await self.call(site.store.standing, self.learner, [pledge.root])
        renewal = site.content.course.renewal(pledge.root)
        given = judge(pledge, standing.events, message, now=site.store.clock(), renewal=renewal)
        desk = Desk(site.content, module, site.store, site.writer)
        desk.owner = Owner(learner=self.learner, session=self.visit.session.ref if self.visit else "")
        answer = await desk.answer({"ask": "commit", "given": given.model_dump(mode="json")})
        if "moved" in answer:
            raise AnsweredError("butir sudah diikrarkan")
        if "refused" in answer:
            raise RefusedError(answer["refused"])
