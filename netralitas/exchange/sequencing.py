"""Entries are put in order. Moodle's ordering names them in the right one. Pure."""

from __future__ import annotations

from netralitas.i18n import _
from netralitas.quizzes import Ordering

from .bank import Foreign, Option
from .common import LETTERS, Taken, letters, noted, out, unreplied, unspelled

GRADING = "RELATIVE_ALL_PREVIOUS_AND_NEXT"
"""Moodle's word for our score: the share of pairs that stand in the right order."""

_LEAST, _MOST = 3, 8


def ordering_out(question: Ordering) -> Foreign:
    """Entries in the order of the key; that in which they are written is ours alone."""
    texts = {entry.id: entry.text for entry in question.entries}
    own = {"letters": list(question.key), "order": list(texts)}
    options = tuple(Option(text=texts[letter]) for letter in question.key)
    return out(question, own, qtype="ordering", options=options, grading=GRADING)


def ordering_in(foreign: Foreign) -> Taken:
    """Take entries, which the file gives in the right order."""
    texts = [option.text for option in foreign.options if option.text]
    number = len(texts)
    if not _LEAST <= number <= _MOST:
        told = _("ada {n} isi untuk diurutkan, yang dapat dibawa {least} sampai {most}; soal dilewati")
        return Taken(None, (told.format(n=number, least=_LEAST, most=_MOST),))
    lost = unreplied(option.feedback for option in foreign.options)
    if 0 < foreign.shown < number:
        lost += (_("di sana hanya {n} isi ditampilkan: di sini semuanya").format(n=foreign.shown),)
    if foreign.grading != GRADING:
        told = _("cara nilai {name} diganti: di sini bagian pasangan isi yang urutannya benar")
        lost += (told.format(name=foreign.grading),)
    key, renamed = letters(foreign, number)
    order = noted(foreign, "order", number)
    if "letters" not in foreign.own or renamed:
        key = unspelled(texts, LETTERS[:number], number)
    if order is None or sorted(order) != sorted(key):
        order = sorted(key)
    by_letter = dict(zip(key, texts, strict=True))
    entries = [{"id": letter, "text": by_letter[letter]} for letter in order]
    return Taken({"kind": "ordering", "entries": entries, "key": key}, (*lost, *renamed))
