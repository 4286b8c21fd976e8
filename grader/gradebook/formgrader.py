"""Formgrader made fit for several trainers: nbgrader's extension, its handlers each with a mixin of ours.

    load  ──►  FormgradeExtension with OURS in place of nbgrader's handlers

nbgrader keeps one session of the gradebook for ever, so a page shows old marks, and one fault spoils every
later request; here each request has its own. A save says which value it was made upon (`seen`), and is
refused where somebody else has saved since. Only points, comments and flags can be saved; all else the
commands do. The page loads nothing from elsewhere: what a learner typed is text in it, and no LaTeX is set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from jupyter_server.utils import url_path_join
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry
from nbgrader.server_extensions.formgrader import apihandlers, handlers
from nbgrader.server_extensions.formgrader.base import BaseHandler
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension
from tornado.web import HTTPError, StaticFileHandler, authenticated

from netralitas.i18n import _

SCRIPT = "netralitas-formgrader.js"
_SAVED = re.compile(r"/formgrader/api/(grade|comment|submission)/[^/]+(/flag)?$")
_ELSEWHERE = re.compile(r'<script src="https?://[^"]*">\s*</script>')
_READS = frozenset({"GET", "HEAD"})
# Its own pages bear inline scripts; nothing may be fetched from or sent anywhere else.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)


class Careful(BaseHandler):
    """What every handler gets: a session of its own, a strict policy, and no way to do what commands do."""

    _book: Gradebook | None = None

    @property
    def gradebook(self) -> Gradebook:
        """The gradebook, opened for this request."""
        if self._book is None:
            self._book = Gradebook(self.db_url, self.coursedir.course_id)
        return self._book

    @property
    def content_security_policy(self) -> str:
        """What the page may load."""
        return _POLICY

    async def prepare(self) -> None:
        """Refuse what only the commands may do."""
        await super().prepare()
        if self.request.method not in _READS and not _SAVED.search(self.request.path):
            raise HTTPError(403, "only points, comments and flags are saved here")

    def on_finish(self) -> None:
        """Give the session back."""
        super().on_finish()
        if self._book is not None:
            self._book.close()

    def write(self, chunk: Any) -> None:
        """Send; a page gets our script, and none from elsewhere (nbconvert's MathJax)."""
        if isinstance(chunk, str) and "</head>" in chunk:
            chunk = _ELSEWHERE.sub("", chunk)
            own = f'<script src="{self.base_url}/formgrader/{SCRIPT}" defer></script></head>'
            chunk = chunk.replace("</head>", own, 1)
        super().write(chunk)


class Entrance(handlers.FormgraderHandler):
    """The first page; nbgrader's would load the configuration of any folder it is asked to."""

    @authenticated
    def get(self) -> None:
        """Lead to the quizzes."""
        self.redirect(f"{self.base_url}/formgrader/gradebook")


def seen(row: Grade | Comment) -> str:
    """Return what a save is made upon: the value that stands."""
    if isinstance(row, Comment):
        return str(row.manual_comment or "")
    return f"{row.manual_score}/{row.extra_credit}"


class TakenError(Exception):
    """Raised for a save made upon a value that stands no more."""


def save(book: Gradebook, table: type[Any], name: str, upon: object, take: Callable[[Any], None]) -> Any:
    """Change a row by `take` and return it, in one transaction in which nobody else changes it.

    What is not committed ends with the session. Raises MissingEntry where there is no such row, TakenError
    where its value is not the one it is made `upon`.
    """
    # Read anew: a row this session has seen before would keep its old value while it waits for the lock.
    wanted = book.db.query(table).filter(table.id == name).populate_existing().with_for_update()
    row = wanted.one_or_none()
    if row is None:
        raise MissingEntry(name)
    if seen(row) != upon:
        raise TakenError(name)
    take(row)
    book.db.commit()
    return row


def _points(value: object, most: float) -> float | None:
    """Return points as a number, None for none. Raises HTTPError for what is none or out of bounds."""
    if value is None or value == "":
        return None
    try:
        points = float(str(value))
    except ValueError:
        raise HTTPError(400, "no number") from None
    if not 0 <= points <= most:
        raise HTTPError(400, "out of bounds")
    return points


class Saving(apihandlers.BaseApiHandler):
    """Reads and saves one row; a subclass says of which table and what is taken over."""

    table: type[Any]

    def told(self, row: Any) -> dict[str, Any]:
        """Return a row as the page keeps it: whatever it is told comes back with its next save."""
        return dict(row.to_dict()) | {"seen": seen(row)}

    def take(self, row: Any, data: dict[str, Any]) -> None:
        """Take over what was saved."""
        raise NotImplementedError

    @authenticated
    def get(self, name: str) -> None:
        """Send the row."""
        row = self.gradebook.db.get(self.table, name)
        if row is None:
            raise HTTPError(404)
        self.write(self.told(row))

    @authenticated
    def put(self, name: str) -> None:
        """Save, unless somebody else has since the page was told."""
        data = self.get_json_body() or {}
        journal = Journal(Path(self.coursedir.root) / "penilai.jsonl")
        try:
            row = save(self.gradebook, self.table, name, data.get("seen"), lambda row: self.take(row, data))
        except MissingEntry:
            raise HTTPError(404) from None
        except TakenError:
            who = journal.last(name) or _("pelatih lain")
            message = _("Bagian ini sudah dinilai oleh {name}. Muat ulang untuk melihat nilainya.")
            self.set_status(409)
            self.finish({"message": message.format(name=who)})
            return
        user = self.current_user
        journal.note(who=user.username, name=user.display_name or user.name, row=name, seen=seen(row))
        self.write(self.told(row))


class GradeRow(Saving):
    """Points of one cell."""

    table = Grade

    def take(self, row: Any, data: dict[str, Any]) -> None:
        """Take over the points."""
        row.manual_score = _points(data.get("manual_score"), row.max_score)
        row.extra_credit = _points(data.get("extra_credit"), row.max_score)
        row.needs_manual_grade = row.manual_score is None and row.auto_score is None


class CommentRow(Saving):
    """A comment on one cell."""

    table = Comment

    def take(self, row: Any, data: dict[str, Any]) -> None:
        """Take over the comment."""
        comment = data.get("manual_comment")
        row.manual_comment = str(comment) if comment else None


class Rows(apihandlers.BaseApiHandler):
    """All grades, or comments, of a submission."""

    rows: Callable[[Any], Any]

    @authenticated
    def get(self) -> None:
        """Send them."""
        book = self.gradebook.find_submission_notebook_by_id(self.get_argument("submission_id"))
        self.write(json.dumps([row.to_dict() | {"seen": seen(row)} for row in type(self).rows(book)]))


class GradeRows(Rows):
    """All grades."""

    rows = staticmethod(lambda notebook: notebook.grades)


class CommentRows(Rows):
    """All comments."""

    rows = staticmethod(lambda notebook: notebook.comments)


OURS: dict[type[Any], type[Any]] = {
    handlers.FormgraderHandler: Entrance,
    apihandlers.GradeHandler: GradeRow,
    apihandlers.CommentHandler: CommentRow,
    apihandlers.GradeCollectionHandler: GradeRows,
    apihandlers.CommentCollectionHandler: CommentRows,
}


class Journal:
    """Who saved what: a line of JSON each, beside the gradebook. Points are told, comments are not."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, **told: str) -> None:
        """Add a line."""
        line = json.dumps({"at": datetime.now(UTC).isoformat()} | told, ensure_ascii=False)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def last(self, row: str) -> str:
        """Return the name of who saved a row last, empty where nobody is known."""
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return ""
        return next(
            (str(told["name"]) for told in map(json.loads, reversed(lines)) if told["row"] == row), ""
        )


class Extension(FormgradeExtension):
    """nbgrader's extension with our handlers."""

    def init_handlers(self, webapp: Any) -> None:
        """Register each handler with the mixin; a page's own files as they are."""
        rules = [
            (rf"/formgrader/({re.escape(SCRIPT)})", StaticFileHandler, {"path": str(Path(__file__).parent)}),
            *handlers.default_handlers,
            *apihandlers.default_handlers,
            (r"/formgrader/static/(.*)", StaticFileHandler, {"path": handlers.static_path}),
            (r"/formgrader/.*", handlers.Template404),
        ]
        base = webapp.settings["base_url"]
        webapp.add_handlers(
            ".*$", [(url_path_join(base, pattern), careful(kind), *rest) for pattern, kind, *rest in rules]
        )


def careful(kind: type[Any]) -> type[Any]:
    """Return a handler with the mixin; one that is no handler of nbgrader's as it is."""
    own = OURS.get(kind, kind)
    return type(own.__name__, (Careful, own), {}) if issubclass(own, BaseHandler) else own


def _load_jupyter_server_extension(server: Any) -> None:
    """Load it, as Jupyter asks an extension to."""
    extension = Extension(parent=server)
    extension.root_dir = server.root_dir
    extension.log = server.log
    extension.initialize([])
    extension.init_tornado_settings(server.web_app)
    extension.init_handlers(server.web_app)


async def _start_jupyter_server_extension(server: Any) -> None:
    """Say that the place is open: Jupyter asks for this once it answers."""
    # The port 0 asked for is known to the socket alone.
    port = next(iter(server.http_server._sockets.values())).getsockname()[1]  # noqa: SLF001
    told = _(
        "Tempat menilai siap di {url}. Pelatih masuk lewat situs, halaman Pelatih. Berhenti dengan Ctrl+C."
    )
    typer.echo(told.format(url=server.identity_provider.place or f"http://{server.ip}:{port}"))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Name what is loaded."""
    return [{"module": __name__}]
