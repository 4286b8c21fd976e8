"""Formgrader made fit for several trainers: nbgrader's extension, its handlers each with a mixin of ours.

    load  ──►  FormgradeExtension with OURS in place of nbgrader's handlers

nbgrader keeps one session of the gradebook for ever, so a page shows old marks, and one fault spoils every
later request; here each request has its own. A save says which value it was made upon (`seen`), and is
refused where somebody else has saved since. Only points, comments and flags can be saved; all else the
commands do. The page loads nothing from elsewhere: what a learner typed is text in it, and no LaTeX is set.

    /formgrader/…          the main gradebook, for all trainers together
    /ganda/formgrader/…    the gradebook of who asks, for quizzes two mark blind; the other shows none of them
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from jupyter_server.utils import url_path_join
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.server_extensions.formgrader import apihandlers, handlers
from nbgrader.server_extensions.formgrader.base import BaseHandler
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension
from tornado.web import HTTPError, RequestHandler, StaticFileHandler, authenticated

from netralitas.i18n import _

from .course import course_dir, hidden
from .saving import JOURNAL, Journal, TakenError, save, seen
from .words import Worded, scripts, templates, worded

SCRIPT = "netralitas-formgrader.js"
OWN = "/ganda"
"""What stands before the addresses of a marker's own gradebook."""
_SAVED = re.compile(r"/formgrader/api/((grade|comment)/[^/]+|submitted_notebook/[^/]+/flag)$")
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

    @property
    def blind(self) -> set[str]:
        """The quizzes two people mark, each in a gradebook of their own."""
        return {path.stem for path in hidden(Path(self.coursedir.root)).glob("*.json")}

    def shows(self, slug: str) -> bool:
        """Say whether a quiz is marked here."""
        return slug not in self.blind

    @property
    def journal(self) -> Journal:
        """Where it is noted who saved."""
        return Journal(Path(self.coursedir.root) / JOURNAL)

    async def prepare(self) -> None:
        """Refuse what only the commands may do, and what is marked in the other place."""
        await super().prepare()
        if self.request.method not in _READS and not _SAVED.search(self.request.path):
            raise HTTPError(403, "only points, comments and flags are saved here")
        # Rows are asked for by random names, which only a list tells; so it is enough to guard the lists.
        if not all(self.shows(word) for word in self.path_args):
            raise HTTPError(404)

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


class Own(Careful):
    """The same over the gradebook of who asks."""

    @property
    def base_url(self) -> str:
        """What addresses begin with: nbgrader's pages lead on to this place alone."""
        return f"{super().base_url}{OWN}"

    @property
    def coursedir(self) -> CourseDirectory:
        """The course directory with the gradebook of who asks."""
        shared = super().coursedir
        own = CourseDirectory(parent=shared.parent)
        own.db_url = course_dir().own(self.current_user.username).db_url
        return own

    def shows(self, slug: str) -> bool:  # noqa: ARG002
        """Take any name: what is not theirs is not in their gradebook."""
        return True

    @property
    def journal(self) -> Journal:
        """Where it is noted when they saved; nobody else reads it here."""
        folder = hidden(Path(self.coursedir.root)) / self.current_user.username
        return Journal(folder / JOURNAL)

    async def prepare(self) -> None:
        """Say so, calmly, to who has nothing to mark here yet."""
        await super().prepare()
        if self.current_user is None or course_dir().has_own(self.current_user.username):
            return
        told = _("Belum ada lembar untuk Anda. Lembar dibagikan saat jawaban dikumpulkan.")
        link = f'<a href="{super().base_url}/formgrader/gradebook">{_("Penilaian bersama")}</a>'
        await self.finish(f'<!doctype html><html lang="id"><meta charset="utf-8"><p>{told}</p><p>{link}</p>')


class Entrance(handlers.FormgraderHandler):
    """The first page; nbgrader's would load the configuration of any folder it is asked to."""

    @authenticated
    def get(self) -> None:
        """Lead to the quizzes."""
        self.redirect(f"{self.base_url}/formgrader/gradebook")


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
        journal = self.journal
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


class Quizzes(apihandlers.AssignmentCollectionHandler):
    """The quizzes that are marked here."""

    @authenticated
    def get(self) -> None:
        """Send those whose sheets are in this gradebook."""
        sheets = {one.name: one.num_submissions for one in self.gradebook.assignments}
        self.write(json.dumps([
            row | {"num_submissions": sheets[row["name"]]}
            for row in self.api.get_assignments()
            if sheets.get(row["name"]) and self.shows(row["name"])
        ]))  # fmt: skip


class GradeRows(Rows):
    """All grades."""

    rows = staticmethod(lambda notebook: notebook.grades)


class CommentRows(Rows):
    """All comments."""

    rows = staticmethod(lambda notebook: notebook.comments)


OURS: dict[type[Any], type[Any]] = {
    handlers.FormgraderHandler: Entrance,
    apihandlers.AssignmentCollectionHandler: Quizzes,
    apihandlers.GradeHandler: GradeRow,
    apihandlers.CommentHandler: CommentRow,
    apihandlers.GradeCollectionHandler: GradeRows,
    apihandlers.CommentCollectionHandler: CommentRows,
}


KEPT = OURS.keys() | {
    handlers.GradebookAssignmentsHandler,
    handlers.GradebookNotebooksHandler,
    handlers.GradebookNotebookSubmissionsHandler,
    handlers.SubmissionHandler,
    handlers.SubmissionNavigationHandler,
    apihandlers.NotebookCollectionHandler,
    apihandlers.SubmittedNotebookCollectionHandler,
    apihandlers.FlagSubmissionHandler,
}
"""The parts of nbgrader's Formgrader there are: those for marking. The rest the commands do."""


class WordedScript(RequestHandler):
    """A script of nbgrader's, in our words."""

    def get(self, name: str) -> None:
        """Send it."""
        text = (Path(handlers.static_path) / "js" / name).read_text(encoding="utf-8")
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish(worded(text, scripts()[name]))


class Extension(FormgradeExtension):
    """nbgrader's extension with our handlers and our words."""

    def init_tornado_settings(self, webapp: Any) -> None:
        """Let both of nbgrader's template environments read our words."""
        super().init_tornado_settings(webapp)
        words = templates(OWN)
        exporter = webapp.settings["nbgrader_exporter"]
        for environment in (webapp.settings["nbgrader_jinja2_env"], exporter.environment):
            environment.loader = Worded(environment.loader, words)

    def init_handlers(self, webapp: Any) -> None:
        """Register each handler with the mixins; a page's own files as they are."""
        rules = [
            (rf"/formgrader/({re.escape(SCRIPT)})", StaticFileHandler, {"path": str(Path(__file__).parent)}),
            *(
                rule
                for rule in (*handlers.default_handlers, *apihandlers.default_handlers)
                if rule[1] in {*KEPT, StaticFileHandler}
            ),
            (rf"/formgrader/static/js/({'|'.join(scripts())})", WordedScript),
            (r"/formgrader/static/(.*)", StaticFileHandler, {"path": handlers.static_path}),
            (r"/formgrader/.*", handlers.Template404),
        ]
        base = webapp.settings["base_url"]
        webapp.add_handlers(
            ".*$",
            [
                (url_path_join(base, before, pattern), careful(kind, mixin), *rest)
                for before, mixin in (("", Careful), (OWN, Own))
                for pattern, kind, *rest in rules
            ],
        )


def careful(kind: type[Any], mixin: type[Careful] = Careful) -> type[Any]:
    """Return a handler with a mixin; one that is no handler of nbgrader's as it is."""
    own = OURS.get(kind, kind)
    return type(own.__name__, (mixin, own), {}) if issubclass(own, BaseHandler) else own


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
