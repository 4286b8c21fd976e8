"""The application: Voilà's, with the house's routes in place of its own.

Voilà's tree, files, contents, `/voila/render/*`, kernel REST, shutdown, query and execution routes are not
registered at all: through them a logged-in user could render a quiz source with its key or end a
stranger's kernel. What is Voilà's here: the application and its configuration, and the exporter with our
template.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tornado.web
import uvloop
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup, escape
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from traitlets import Bool, Instance, Tuple, Unicode
from voila.app import Voila

from .. import i18n
from ..content import Content
from ..keys import made_once
from ..settings import Settings
from ..store import Store, Terms
from ..tickets import DOOR
from . import assets, confine
from .agency.codes import Codes
from .agency.dues import Dues
from .agency.orders import Orders
from .agency.people import Agency, AgencyFile
from .agency.receiving import RosterFile
from .agency.reminders import Reminders
from .agency.reports import MonthlyReport, ReportFile, ReportsOfUnits
from .agency.results import ResultReports, ResultsFile
from .agency.rosters import Rosters
from .agency.work import Uploads
from .base import NotFound
from .boards import BoardChannel, BoardPage
from .cek import Cek
from .channel import Channel, Line
from .cohort import CohortPage
from .cohorts import CohortPeople, Cohorts
from .copies import Copies
from .deadlines import Deadlines
from .forker import shared
from .generations import Generations
from .help import Forgot, GlossaryPage, Help, Practice, Search
from .housekeeping import DAY, Chore, Housekeeping, chores
from .identity import Passwords, SiteIdentity
from .kernels import KernelRoom
from .learner import Home, ModulePage, Results
from .login import Activate, AssetFile, Health, Login, Logout
from .marking import Grading, Marking
from .me import DisplayPage, Me, MyRecord, Session
from .officer import Operator, Trainer
from .overriding import Override
from .pledging import Pledging
from .preview import Preview, PreviewLine, Previews
from .privacy import Privacy
from .requests import Corrections, Report, Reports
from .review import Reading, Summary
from .steps import Steps
from .tab import ENDED
from .waiting import Queue

_log = logging.getLogger(__name__)

ROUTES: list[tuple[str, type[tornado.web.RequestHandler]]] = [
    (r"/", Home),
    (r"/masuk", Login),
    (r"/keluar", Logout),
    (r"/aktivasi", Activate),
    (r"/modul/([a-z0-9-]+)", ModulePage),
    (r"/modul/([a-z0-9-]+)/saluran", Channel),
    (r"/modul/([a-z0-9-]+)/baca", Reading),
    (r"/modul/([a-z0-9-]+)/ringkasan", Summary),
    (r"/modul/([a-z0-9-]+)/ikrar", Pledging),
    (r"/dasbor/([a-z0-9-]+)", BoardPage),
    (r"/dasbor/([a-z0-9-]+)/saluran", BoardChannel),
    (r"/hasil", Results),
    (r"/saya", Me),
    (r"/saya/catatan\.json", MyRecord),
    (r"/sesi", Session),
    (r"/tampilan", DisplayPage),
    (r"/privasi", Privacy),
    (r"/bantuan", Help),
    (r"/lupa", Forgot),
    (r"/glosarium", GlossaryPage),
    (r"/cari", Search),
    (r"/latihan", Practice),
    (r"/lapor", Report),
    (r"/laporan", Reports),
    (r"/cek", Cek),
    (r"/petugas", Agency),
    (r"/petugas/penyelesaian\.csv", AgencyFile),
    (r"/petugas/koreksi", Corrections),
    (r"/petugas/daftar", Rosters),
    (r"/petugas/daftar/berkas", RosterFile),
    (r"/petugas/kode", Codes),
    (r"/petugas/pengingat", Reminders),
    (r"/petugas/tenggat", Dues),
    (r"/petugas/laporan", ReportsOfUnits),
    (r"/petugas/laporan/bulanan", MonthlyReport),
    (r"/petugas/laporan/berkas", ReportFile),
    (r"/petugas/laporan/hasil", ResultReports),
    (r"/petugas/laporan/hasil/berkas", ResultsFile),
    (r"/pelatih", Trainer),
    (r"/pelatih/menilai", Marking),
    (r"/pelatih/nilai", Override),
    (r"/pelatih/penilaian", Grading),
    (r"/pelatih/angkatan", Cohorts),
    (r"/pelatih/angkatan/([0-9]+)", CohortPage),
    (r"/pelatih/angkatan/([0-9]+)/tambah", CohortPeople),
    (r"/pelatih/pratinjau", Previews),
    (r"/pelatih/pratinjau/([a-z0-9-]+)", Preview),
    (r"/pelatih/pratinjau/([a-z0-9-]+)/saluran", PreviewLine),
    (r"/operator", Operator),
    (r"/healthz", Health),
    (r"/aset/([0-9a-f]{16})/([a-z.]+)", AssetFile),
]
"""Every address there is."""


class Packing(tornado.web.GZipContentEncoding):
    """Packs what is made for one request: half of the usual level's time, and a page grows by 3 %."""

    GZIP_LEVEL = 4


class Site(Voila):
    """One server: pages, accounts, kernels."""

    name = "netralitas"
    config_file_paths: list[str] = []  # noqa: RUF012  (traitlets' way: no configuration from folders of the machine)
    store = Instance(Store)
    copies = Instance(Copies)
    hosts = Tuple()
    https = Bool(False)
    demo = Bool(False)
    ip = Unicode("127.0.0.1")

    def prepare(self, settings: Settings) -> None:
        """Make everything that needs no running loop."""
        self.hosts, self.https = settings.hosts, settings.https
        self.boundary = confine.available()
        self.assets = assets.load()
        self.passwords = Passwords()
        self.identity_provider = SiteIdentity()
        self.templates = _templates()
        self.lines: dict[str, set[Line]] = {}
        self.refusals: dict[str, int] = {}
        self.secret = made_once(settings.home / "cookie.key")
        self.deadline, self.contact = settings.deadline, settings.contact
        self.steps = Steps()
        self.uploads = Uploads(settings.home)
        self.orders = Orders(settings.home)
        self.trainer, self.door = settings.trainer, settings.home / DOOR
        self.kernels = KernelRoom(settings.cap)
        self.queue = Queue(self.kernels)
        self.generations = Generations(
            self.copies, self.store, self.kernels, settings.rung, settings.deadline
        )
        self.writer = self.generations.writer
        self.terms = Terms(settings.keep_texts, settings.keep_sessions, settings.keep_audit)
        self.housekeeping = Housekeeping(
            *chores(self.store, self.terms), Chore(DAY, self.uploads.sweep), Chore(DAY, self.orders.sweep)
        )
        self.deadlines = Deadlines(self.store, self.writer, lambda: [*self.content.quizzes.values()])

    @property
    def content(self) -> Content:
        """The content pages are opened of."""
        return self.generations.current.content

    def end_lines(self, learner: str) -> None:
        """Close the tabs of a learner whose session has ended."""
        for line in tuple(self.lines.get(learner, ())):
            line.close(ENDED)

    def asset_url(self, name: str) -> str:
        """Return the hashed address of an asset. Raises KeyError."""
        return self.assets[name].url

    def run(self, on_ready: Callable[[int], None]) -> None:
        """Serve until SIGTERM or SIGINT; `on_ready` is told the port."""
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve(on_ready))

    async def _serve(self, on_ready: Callable[[int], None]) -> None:
        self.generations.start()
        self.kernels.start()
        self.deadlines.start()
        self.housekeeping.start()
        application = tornado.web.Application(
            [*ROUTES],
            default_handler_class=NotFound,
            site=self,
            cookie_secret=self.secret,
            # Cookies know no ports: Jupyter beside us, for trainers, calls its own «_xsrf».
            xsrf_cookie_name="netralitas_xsrf",
            xsrf_cookies=True,
            xsrf_cookie_kwargs={"httponly": True, "samesite": "Lax", "secure": self.https},
            transforms=[Packing],
            websocket_ping_interval=20,
            # Up to here a frame that is too big is refused and recorded; beyond, the line is cut.
            websocket_max_message_size=10 * 1024 * 1024,
            log_function=_no_log,
        )
        server = HTTPServer(application, xheaders=self.https, max_body_size=1024 * 1024)
        sockets = bind_sockets(self.port, address=self.ip)
        server.add_sockets(sockets)
        done = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, done.set)
        on_ready(sockets[0].getsockname()[1])
        await done.wait()
        server.stop()
        self.deadlines.stop()
        self.housekeeping.stop()
        await self.kernels.stop()
        await self.generations.stop()
        shared().stop()
        await server.close_all_connections()


def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html", "j2"], default=True),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(i18n._, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["number"] = i18n.number
    environment.filters["day"] = i18n.day
    environment.filters["own"] = own
    environment.globals["foreign"] = lambda: i18n.LANGUAGE.get() != "id"
    return environment


def own(text: object) -> Markup:
    """Return a text of the course or of a person, marked as Indonesian where the page is not."""
    if i18n.LANGUAGE.get() == "id":
        return escape(text)
    return Markup('<span lang="id">{}</span>').format(text)


def _no_log(_handler: Any) -> None:
    """Keep addresses and paths out of the log; faults are logged where they happen."""
