"""What an author gets of a foreign bank: a quiz file, what was lost on the way, what is still to be written.

    Bank ──draft──►  Draft ──text──►  the text of quizzes/<slug>.yaml

Nothing is made up: what our model demands and the file does not have stays blank, as `netralitas new` leaves
it, so that `netralitas check` names it. A bank we wrote ourselves comes back as the quiz it was. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from netralitas.i18n import _
from netralitas.model import Slug, Value, revision
from netralitas.quizzes import Quiz
from netralitas.reading import explain

from .bank import Bank, Foreign, shown
from .kinds import item

_SLUG: TypeAdapter[str] = TypeAdapter(Slug)
_WIDTH = 110
_LINE_ENDS = frozenset("\x85\u2028\u2029")
_SCHEMA = "# yaml-language-server: $schema=../data/schemas/quiz.json"


class Told(Value):
    """One sentence about one place of the file."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class Draft(Value):
    """A quiz file to be. `quiz` is there when nothing is left to fill in; `notes` are losses by item."""

    raw: dict[str, Any]
    lost: tuple[Told, ...]
    gaps: tuple[Told, ...]
    notes: dict[str, tuple[str, ...]]
    left_out: int
    quiz: Quiz | None

    @property
    def taken(self) -> int:
        """The number of questions that came along."""
        return len(self.raw["questions"])


def slug_of(text: str) -> str:
    """Return an id made of a text, empty where there is nothing to make one of."""
    plain = "".join(char if char.isascii() and char.isalnum() else " " for char in text.lower())
    return "-".join(plain.split())[:80].strip("-")


def draft(bank: Bank, *, slug: str = "", fallback: str = "") -> Draft:
    """Return the quiz of a bank. Its id is `slug`, or what the bank says itself, or `fallback`."""
    lost = [Told(where=_("berkas"), message=told) for told in bank.lost]
    questions: list[dict[str, Any]] = []
    taken: set[str] = set()
    notes: dict[str, tuple[str, ...]] = {}
    for number, foreign in enumerate(bank.questions, start=1):
        raw, told = item(foreign)
        where = _where(number, foreign)
        if raw is not None:
            name = _free(foreign, taken)
            told = (*told, *_renamed(foreign, name))
            notes[name] = told
            questions.append({"id": name} | raw)
        lost += [Told(where=where, message=message) for message in told]
    quiz_raw = _head(bank, slug, fallback) | {"questions": questions}
    gaps, quiz = _gaps(quiz_raw)
    if quiz is None or revision(quiz) != bank.own.get("revision") or len(questions) != len(bank.questions):
        # Whoever changed it, it is not what was published.
        quiz_raw["status"] = "draf"
        quiz = None if quiz is None else quiz.model_copy(update={"status": "draf"})
    return Draft(
        raw=quiz_raw,
        lost=tuple(lost),
        gaps=tuple(gaps),
        notes=notes,
        left_out=len(bank.questions) - len(questions),
        quiz=quiz,
    )


def text(found: Draft) -> str:
    """Return the text of the quiz file: the skeleton's comments, and what was lost above each question."""
    head = {key: value for key, value in found.raw.items() if key != "questions"}
    lines = [_SCHEMA]
    if found.quiz is None:
        lines.append(
            "# " + _("Isi semua yang kosong, lalu jalankan: netralitas check. Komentar ini boleh dihapus.")
        )
    lines += [_yaml(head).rstrip("\n"), "questions:"]
    for question in found.raw["questions"]:
        lines += [f"  # {shown(note, 200)}" for note in found.notes[question["id"]]]
        body = _yaml([question]).rstrip("\n")
        lines += ["  " + line if line else line for line in body.split("\n")]
    return "\n".join(lines) + "\n"


def _yaml(value: Any) -> str:
    told: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)
    return told


class _Dumper(yaml.SafeDumper):
    """Lists as authors write them: indented, and of bare words on one line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)


def _list(dumper: _Dumper, value: list[Any]) -> yaml.Node:
    bare = not any(isinstance(one, dict | list) for one in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=bare)


def _string(dumper: _Dumper, value: str) -> yaml.Node:
    # Only between double quotes does YAML escape the line ends it would else fold.
    style = '"' if set(value) & _LINE_ENDS else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(list, _list)
_Dumper.add_representer(str, _string)


def _where(number: int, foreign: Foreign) -> str:
    name = f" «{shown(foreign.name, 40)}»" if foreign.name else ""
    return _("soal {number}{name}, baris {line}").format(number=number, name=name, line=foreign.line)


def _slug(value: object) -> str:
    try:
        return _SLUG.validate_python(value)
    except ValidationError:
        return ""


def _free(foreign: Foreign, taken: set[str]) -> str:
    """Return an id no question before has: the file's own where it can be one, else the next number."""
    wanted = _slug(foreign.own.get("id"))
    number = len(taken)
    while not wanted or wanted in taken:
        number += 1
        wanted = f"k{number:02d}"
    taken.add(wanted)
    return wanted


def _renamed(foreign: Foreign, name: str) -> tuple[str, ...]:
    old = foreign.own.get("id")
    if not old or old == name:
        return ()
    told = _("id '{old}' tidak dapat dipakai: diganti {new}")
    return (told.format(old=shown(str(old)), new=name),)


def _head(bank: Bank, slug: str, fallback: str) -> dict[str, Any]:
    known = {key: value for key, value in bank.own.items() if key in Quiz.model_fields and key != "questions"}
    title = known.get("title")
    first = {
        "format_version": 1,
        "id": slug or _slug(known.get("id")) or slug_of(fallback),
        "status": known.get("status", "draf"),
        "title": title if isinstance(title, str) else bank.title,
    }
    return first | {key: value for key, value in known.items() if key not in first}


def _gaps(raw: dict[str, Any]) -> tuple[list[Told], Quiz | None]:
    """Return what is left to an author, by question, and the quiz where there is nothing."""
    try:
        return [], Quiz.model_validate(raw)
    except ValidationError:
        pass
    told: list[Told] = []
    for where, part in _parts(raw):
        if blank := [*_blanks(part)]:
            fields = ", ".join(dict.fromkeys(blank))
            told.append(Told(where=where, message=_("belum diisi: {fields}").format(fields=fields)))
    # Blanks were told in one line a question. With something in them, the model tells what else is wrong.
    try:
        Quiz.model_validate(_filled(raw))
    except ValidationError as error:
        told += [Told(where=_("kuis"), message=fault) for fault in explain(error, raw)]
    return told, None


def _parts(raw: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield _("kuis"), {key: value for key, value in raw.items() if key != "questions"}
    for question in raw["questions"]:
        yield _("soal {id}").format(id=question["id"]), question


def _blanks(node: Any, where: str = "") -> Iterator[str]:
    """Yield the place of everything blank: `depth`, `choices b feedback`."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _blanks(value, f"{where} {key}".strip() if key != "id" or value == "" else where)
    elif isinstance(node, list):
        if not node:
            yield where
        for value in node:
            name = value.get("id") if isinstance(value, dict) else None
            yield from _blanks(value, f"{where} {name}" if name else where)
    elif node == "":
        yield where


def _filled(node: Any, key: str = "") -> Any:
    """Return a raw quiz with something lawful in every blank."""
    if isinstance(node, dict):
        filled = {name: _filled(value, name) for name, value in node.items()}
        return filled | {"key": [node["choices"][0]["id"]]} if node.get("key") == [] else filled
    if isinstance(node, list):
        return [_filled(value, key) for value in node]
    return _LAWFUL.get(key, "isi") if node == "" else node


_LAWFUL = {"depth": "ingat", "on": "2000-01-01", "claims": "act", "points": 1}
