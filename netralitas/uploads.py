"""One roster file an officer brings: a folder of its own, worked on by a process of its own.

    received ─► look ─┬─► columns (a header nobody knows) ─► look
                      ├─► faults
                      └─► changes ─► bring ─► done          undo ─► undone

`keadaan.json` in the folder says how far it is; who works writes it anew as it goes, who shows it only reads.
A process ends with whoever began it (its standard input closes), and an import is one transaction: so
whatever ends in the middle has changed nothing.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Literal

from pydantic import Field

from . import intake
from .course import Course
from .i18n import ZONES, speaking
from .model import Value
from .roster import MOST_FAULTS, Columns, Fault, LineError, instansi_of, own_header, strays
from .settings import settings
from .store import MANY, Store, StoreError, open_store

STATE, FILE, COURSE = "keadaan.json", "berkas", "pelatihan.json"
_EVERY = 0.3
"""Seconds between two notes of how far the work is."""

Task = Literal["look", "bring", "undo"]
Stage = Literal["working", "columns", "faults", "changes", "same", "done", "undone", "refused"]


class Change(Value):
    """One person who would change; see `store.Changed`."""

    kind: str
    name: str = Field(repr=False)
    before: str
    after: str
    was: str = Field(repr=False)


class Upload(Value):
    """A file, what is wanted of it, and how far it is.

    `within` are the units it may touch (None: all), `full` says that it lists everybody of the instansi it
    names, `made_up` that invented people are welcome, `language` which its officer reads. `read` of `size` is
    how far the work is; `said` is why it was refused. For an undo there is no file, and `number` is the
    import. `asked` is when the task was.
    """

    id: str
    by: str
    name: str
    asked: datetime
    task: Task
    within: tuple[str, ...] | None
    made_up: bool = False
    full: bool = False
    sure: bool = False
    language: str = "id"
    columns: Columns | None = None
    heads: tuple[str, ...] = ()
    stage: Stage = "working"
    read: int = 0
    size: int = 0
    number: int = 0
    counts: dict[str, int] = Field(default_factory=dict)
    instansi: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    unmapped: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    said: str = ""

    @property
    def many(self) -> bool:
        """Say whether so many would leave that it takes a second yes."""
        return self.counts.get("ended", 0) > MANY * sum(self.counts.values())

    def but(self, **changed: object) -> Upload:
        """Return it with other values."""
        return Upload.model_validate({**dict(self), **changed})


def load(folder: Path) -> Upload | None:
    """Return the upload of a folder, None where there is none."""
    try:
        return Upload.model_validate_json((folder / STATE).read_bytes())
    except (OSError, ValueError):
        return None


def save(folder: Path, upload: Upload) -> None:
    """Write how far it is; a reader sees the old or the new, never half of one."""
    fresh = folder / f"{STATE}.baru"
    fresh.write_text(upload.model_dump_json(), encoding="utf-8")
    fresh.replace(folder / STATE)


def work(folder: Path, store: Store, course: Course) -> Upload:
    """Do what the upload asks for and say how it ended; every mistake of a person becomes a sentence."""
    upload = load(folder)
    if upload is None:
        raise LookupError(folder.name)
    with speaking(upload.language):
        ended = _ended(folder, upload, store, course)
    save(folder, ended)
    return ended


def _ended(folder: Path, upload: Upload, store: Store, course: Course) -> Upload:
    today = store.clock().astimezone(ZONES["WIB"]).date()
    try:
        if upload.task == "undo":
            report = store.undo_import(upload.number, course, today=today, by=upload.by, within=upload.within)
            return upload.but(stage="undone", counts={"changed": report.changed})
        return _Work(folder, upload, store, course).done()
    except StoreError as error:
        return upload.but(stage="refused", said=str(error))
    except (intake.IntakeError, LineError) as error:
        line = error.fault.line if isinstance(error, LineError) else 1
        return upload.but(stage="faults", faults=(Fault(line=line, text=str(error)),))


class _Work:
    """Reading a file, and looking what it would change or bringing it in."""

    def __init__(self, folder: Path, upload: Upload, store: Store, course: Course) -> None:
        self.folder, self.upload, self.store, self.course = folder, upload, store, course
        self.today = store.clock().astimezone(ZONES["WIB"]).date()

    def done(self) -> Upload:
        """Return how it ended. Raises StoreError, IntakeError, LineError."""
        path, upload = self.folder / FILE, self.upload
        if upload.columns is None:
            names = intake.heads(path, upload.name)
            # What holds control signs is no header anybody could choose from: the reader says what it is.
            if names and not own_header(names) and all(name.isprintable() for name in names):
                return upload.but(stage="columns", heads=names)
        with self._spool(path) as spool:
            faults = spool.faults or tuple(self._strays(spool))
            if faults:
                return upload.but(stage="faults", faults=faults)
            return self._look(spool) if upload.task == "look" else self._bring(spool)

    def _spool(self, path: Path) -> intake.Spool:
        upload = self.upload
        return intake.read(
            path, made_up_allowed=upload.made_up, today=self.today, columns=upload.columns, name=upload.name,
            on_progress=self._meter(path.stat().st_size),
        )  # fmt: skip

    def _strays(self, spool: intake.Spool) -> Iterator[Fault]:
        if self.upload.within is not None:
            rows = (row for piece in spool.chunks() for row in piece)
            yield from islice(strays(rows, self.upload.within), MOST_FAULTS)

    def _look(self, spool: intake.Spool) -> Upload:
        report = self.store.preview_roster(
            spool, self.course, today=self.today, full=self.upload.full, within=self.upload.within,
            on_rows=self._meter(spool.people),
        )  # fmt: skip
        counts = report.counts
        return self.upload.but(
            stage="changes" if any(counts[kind] for kind in counts if kind != "unchanged") else "same",
            counts=counts,
            instansi=tuple(sorted({instansi_of(path) for path in spool.units})),
            changes=tuple(Change(**asdict(one)) for one in report.changes),
            unmapped=report.unmapped,
        )

    def _bring(self, spool: intake.Spool) -> Upload:
        upload = self.upload
        report = self.store.import_roster(
            spool, self.course, today=self.today, by=upload.by, within=upload.within, sure=upload.sure,
            complete=upload.counts.get("ended") if upload.full else None, expect=upload.counts,
            on_rows=self._meter(spool.people),
        )  # fmt: skip
        # Who changed stands in the store now; the copy of the names goes.
        return upload.but(stage="done", number=report.number, changes=(), read=0)

    def _meter(self, size: int) -> Callable[[int], None]:
        """Return what notes how much of `size` is read, not too often."""
        done, last = 0, 0.0

        def tell(count: int) -> None:
            nonlocal done, last
            done += count
            if time.monotonic() - last > _EVERY:
                last = time.monotonic()
                save(self.folder, self.upload.but(read=min(done, size), size=size))

        return tell


def main() -> None:
    """Work on the folder named on the command line, with the store of the settings; end with the caller."""
    threading.Thread(target=_end_with_caller, daemon=True).start()
    folder = Path(sys.argv[1])
    course = Course.model_validate_json((folder / COURSE).read_bytes())
    try:
        with _opened() as store:
            work(folder, store, course)
    except Exception as error:  # noqa: BLE001  (the journal gets the place and no value: it may be somebody's)
        sys.stderr.writelines([*traceback.format_tb(error.__traceback__), f"{type(error).__name__}\n"])
        sys.exit(1)


@contextmanager
def _opened() -> Iterator[Store]:
    with closing(open_store(settings().store)) as store:
        store.require_current()
        yield store


def _end_with_caller() -> None:
    # Past Python's own buffer, whose lock a thread must not hold when the process ends.
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
