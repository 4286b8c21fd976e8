"""What concerns one person: how pages look, their record and what is wrong with it, how long they stay in."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
from tornado.web import HTTPError

from ..i18n import moment
from ..store import FIELDS
from .base import Page
from .display import SWITCHES, Display
from .learner import steps_of
from .login import inside


class DisplayPage(Page):
    """Tampilan: language and switches, for everybody, also before logging in."""

    public = True

    async def get(self) -> None:
        """Show the switches as they are."""
        self.show(
            "tampilan.html.j2", switches=SWITCHES, target=inside(self.get_query_argument("lanjut", "/"))
        )

    async def post(self) -> None:
        """Keep the choice in this browser, and with the account of who is logged in."""
        language = self.get_body_argument("bahasa", self.display.language)
        # The button in the foot of a page changes the language alone.
        names = self.get_body_arguments("pilih") if "semua" in self.request.body_arguments else None
        switches = self.display.switches if names is None else names
        chosen = Display.of(".".join((language, *switches)))
        self.show_as(chosen)
        if self.current_user:
            await self.call(self.site.store.put_display, self.current_user, str(chosen))
        self.redirect(inside(self.get_body_argument("lanjut", "/")), status=303)


class Me(Page):
    """Catatan saya: what is kept of me, and a way to say that it is wrong."""

    async def get(self) -> None:
        """Show account, progress, what was asked and answered."""
        await self._page()

    async def post(self) -> None:
        """Take a request to correct something."""
        field, text = self.get_body_argument("bagian", ""), self.get_body_argument("isi", "")
        if field not in FIELDS:
            raise HTTPError(400)
        if not text.strip():
            await self._page(fault=True, status=400)
            return
        kept = await self.call(self.site.store.ask_correction, self.learner, field, text)
        self.redirect("/saya?kirim=ya#koreksi" if kept else "/saya?kirim=penuh#koreksi", status=303)

    async def _page(self, *, fault: bool = False, status: int = 200) -> None:
        store = self.site.store
        preference = await self.call(store.preference, self.learner)
        self.show(
            "saya.html.j2",
            status=status,
            steps=await steps_of(self),
            answers=await self.call(store.last_seq, self.learner),
            requests=await self.call(store.corrections_of, self.learner),
            noticed=preference.noticed_at,
            fields=FIELDS,
            fault=fault,
            sent=self.get_query_argument("kirim", ""),
            moment=moment,
        )


class MyRecord(Page):
    """The same as a file: everything the site knows of the learner, for them to keep."""

    async def get(self) -> None:
        """Send account, placement, events, drafts, what trainers gave back, and requests as JSON."""
        store, account = self.site.store, self.account
        if account is None:
            raise HTTPError(403)
        events = await self.call(store.events_of, self.learner)
        requests = await self.call(store.corrections_of, self.learner)
        told = {
            "dibuat": datetime.now(UTC).isoformat(),
            "akun": {
                name: getattr(account, name)
                for name in ("nip", "name", "instansi", "unit", "jabatan", "jenis", "zone")
            },
            "peristiwa": [event.model_dump(mode="json", exclude={"learner"}) for event in events],
            "konsep": await self.call(store.drafts_of, self.learner),
            "dikembalikan pelatih": {
                root: given.model_dump(mode="json")
                for root, given in (await self.call(store.published_of, self.learner)).items()
            },
            "permintaan": [
                {"bagian": one.field, "isi": one.text, "pada": one.at.isoformat(), "jawaban": one.answer}
                for one in requests
            ],
        }
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.set_header("Content-Disposition", 'attachment; filename="catatan-saya.json"')
        self.finish(orjson.dumps(told, option=orjson.OPT_INDENT_2))


class Session(Page):
    """Asked by a page whose session is about to end and whose reader wants to stay."""

    async def get(self) -> None:
        """Say how many seconds are left; asking has kept the session from growing idle."""
        self.finish({"left": self.seconds_left})
