"""A roster file on its way in: to the disk as it comes, never into memory, then out of its form.

The token stands in the form's address, so that who may send is known before the first byte of the file.
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import IO, Any, NamedTuple

from tornado.web import stream_request_body

from ... import uploads
from ...i18n import _, number
from ...uploads import Upload
from .rosters import RosterPage

LARGEST = 200 << 20
"""Bytes of a file from a page: some two million people."""
_ANSWERED = 4 << 30
"""Bytes that are waited for and dropped, so that a browser hears why; above, the line is cut."""
_LONGEST_FIELD = 100
_LONGEST_NAME = 120
_PIECE = 1 << 20
_ENDINGS = (".csv", ".txt", ".xlsx")


class Part(NamedTuple):
    """A field of a form as it stands in the body: its name, the file's name (None: no file), its bytes."""

    name: str
    file: str | None
    start: int
    end: int


def parts(body: mmap.mmap, kind: str) -> Iterator[Part]:
    """Yield the fields of a `multipart/form-data` body; nothing for what is none."""
    head = Message()
    head["Content-Type"] = kind
    boundary = head.get_param("boundary")
    if head.get_content_type() != "multipart/form-data" or not isinstance(boundary, str) or not boundary:
        return
    line = b"--" + boundary.encode()
    at = body.find(line)
    while at >= 0:
        end = body.find(b"\r\n" + line, at + len(line))
        blank = body.find(b"\r\n\r\n", at, end)
        if end < 0 or blank < 0:
            return
        told = Message()
        told["Content-Disposition"] = _disposition(body[at + len(line) : blank])
        name = told.get_param("name", header="Content-Disposition")
        yield Part(str(name), told.get_filename(), blank + 4, end)
        at = end + 2


def _disposition(head: bytes) -> str:
    for line in head.decode("utf-8", "replace").splitlines():
        field, _colon, value = line.partition(":")
        if field.strip().casefold() == "content-disposition":
            return value.strip()
    return ""


@stream_request_body
class RosterFile(RosterPage):
    """Unggah: take the file, and let a process look what it would change."""

    _body: IO[bytes] | None = None
    _size = 0

    def set_default_headers(self) -> None:
        """Tell the browser that this line is not used again.

        Whom `prepare` turns away is answered before the file is read, and the line is cut behind the answer;
        a browser that is not told sends its next question into a closed line.
        """
        super().set_default_headers()
        self.set_header("Connection", "close")

    async def prepare(self) -> None:
        """Let in whom the page lets in, then wait for the file."""
        await super().prepare()
        connection: Any = self.request.connection
        connection.set_max_body_size(_ANSWERED)
        self._body = tempfile.TemporaryFile(dir=self.site.uploads.place)  # noqa: SIM115  (closed at the end)

    def data_received(self, chunk: bytes) -> None:
        """Put a piece of the body on the disk; of what is too large nothing is kept."""
        self._size += len(chunk)
        if self._body is not None and self._size > LARGEST:
            self._body.close()
            self._body = None
        if self._body is not None:
            self._body.write(chunk)

    def on_finish(self) -> None:
        """Let the body go."""
        if self._body is not None:
            self._body.close()

    on_connection_close = on_finish

    async def post(self) -> None:
        """Begin to look at the file, or say what is wrong with it."""
        if self._body is None:
            most = number(LARGEST >> 20)
            told = _("Berkas lebih dari {most} MB; pecah menjadi beberapa berkas, lalu unggah satu per satu.")
            await self.page(fault=told.format(most=most), status=413)
            return
        before = self.site.uploads.of(self.learner)
        if before is not None and self.site.uploads.busy(before):
            await self.page(fault=_("Berkas sebelumnya masih dikerjakan; tunggu sampai selesai."), status=409)
            return
        upload = await self.call(self._taken, self._body)
        if isinstance(upload, str):
            await self.page(fault=upload, status=400)
            return
        self.site.uploads.replace(upload)
        self.site.uploads.begin(upload, self.site.content.course)
        await self.call(self.site.store.note, self.learner, "mengunggah_daftar", "roster", {})
        self.redirect("/petugas/daftar", status=303)

    def _taken(self, body: IO[bytes]) -> Upload | str:
        """Take the file out of the body; return what is to be done, or what is wrong."""
        body.flush()
        if not self._size:
            return _("Pilih berkas daftar pegawai dahulu.")
        with mmap.mmap(body.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            found = {part.name: part for part in parts(mapped, self.request.headers.get("Content-Type", ""))}
            file = found.get("berkas")
            if file is None or not file.file or file.start >= file.end:
                return _("Pilih berkas daftar pegawai dahulu.")
            name = _named(file.file)
            if not name.casefold().endswith(_ENDINGS):
                return _("Berkas harus CSV atau XLSX; simpan ulang dari pengolah angka, lalu unggah lagi.")
            full = found.get("lengkap")
            number_ = self.site.uploads.fresh()
            _copy(mapped, file, self.site.uploads.folder(number_) / uploads.FILE)
            return Upload(
                id=number_,
                by=self.learner,
                name=name,
                asked=datetime.now(UTC),
                task="look",
                within=self.scopes("agency"),
                language=self.display.language,
                made_up=self.site.demo,
                full=full is not None and mapped[full.start : full.end][:_LONGEST_FIELD] == b"1",
            )


def _named(name: str) -> str:
    """Return what a file is called, whatever the browser sends."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[-_LONGEST_NAME:]


def _copy(mapped: mmap.mmap, part: Part, target: Path) -> None:
    with target.open("wb") as file:
        for start in range(part.start, part.end, _PIECE):
            file.write(mapped[start : min(start + _PIECE, part.end)])
