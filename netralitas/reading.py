"""Reading a content file: YAML of the house, and what a person is told when it is not as it should be.

A key written twice, an unknown key, an impossible day: each is a `Fault` that names file, place, what is
wrong and what to do, in Indonesian. Nothing here knows what the files are for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from .i18n import _
from .model import Value


class Fault(Value):
    """One thing wrong in a content file, with its remedy inside `message` (Indonesian)."""

    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}, {self.message}" if self.message else self.file


class ContentError(Exception):
    """Raised when content cannot be loaded; holds every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class _UniqueKeys(yaml.CSafeLoader):
    """A safe loader that refuses a key written twice and reads only `true` and `false` as booleans.

    YAML 1.1 would make a boolean of the key `on` and of choices `y` and `n`.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012
        letter: [(tag, pattern) for tag, pattern in entries if tag != "tag:yaml.org,2002:bool"]
        for letter, entries in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


class _RefusedNodeError(yaml.YAMLError):
    """Raised at a node of sound YAML that has no place in a content file; the text is the whole fault."""


def _mapping(loader: _UniqueKeys, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[Hashable] = set()
    for key_node, _value in node.value:
        line = key_node.start_mark.line + 1
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            # What `{{ name }}` comes to.
            told = _("baris {line}: kunci bukan teks. Beri tanda kutip pada isi yang memuat kurung.")
            raise _RefusedNodeError(told.format(line=line))
        if key in seen:
            told = _("baris {line}: kunci '{key}' ditulis dua kali. Hapus salah satunya.")
            raise _RefusedNodeError(told.format(line=line, key=key))
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


def _timestamp(loader: _UniqueKeys, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        told = _("baris {line}: '{text}' tidak ada di kalender. Betulkan tanggalnya.")
        raise _RefusedNodeError(told.format(line=node.start_mark.line + 1, text=node.value)) from None


_UniqueKeys.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_UniqueKeys.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


def read_yaml(path: Path, place: Path) -> Any:
    """Return the content of a YAML file. Raises ContentError with one fault, named from `place`."""
    name = path.relative_to(place).as_posix()
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)  # noqa: S506  (a SafeLoader)
    except FileNotFoundError:
        fault = _("berkas tidak ada. Buat berkas itu atau betulkan namanya.")
    except UnicodeDecodeError:
        fault = _("bukan UTF-8. Simpan ulang sebagai UTF-8.")
    except OSError:
        fault = _("berkas tidak terbaca. Periksa jenis dan izinnya.")
    except _RefusedNodeError as error:
        fault = str(error)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = _("baris {line}: ").format(line=mark.line + 1) if mark else ""
        fault = where + _("YAML tidak terbaca ({problem}). Periksa lekukan dan tanda kutip.").format(
            problem=getattr(error, "problem", None) or getattr(error, "reason", None) or error
        )
    raise ContentError([Fault(file=name, message=fault)]) from None


def _sentence(error: dict[str, Any]) -> str:
    """Return what a model of ours said, with a next step where it named none."""
    told = str(error["ctx"]["error"])
    return told if told.endswith(".") else _("{told}. Betulkan.").format(told=told)


def _few(error: dict[str, Any]) -> str:
    ctx = error["ctx"]
    return _("berisi {actual}, paling sedikit {least}. Tambahkan.").format(
        actual=ctx["actual_length"], least=ctx["min_length"]
    )


def _many(error: dict[str, Any]) -> str:
    ctx = error["ctx"]
    return _("berisi {actual}, paling banyak {most}. Kurangi.").format(
        actual=ctx["actual_length"], most=ctx["max_length"]
    )


_REMEDIES: dict[str, Callable[[dict[str, Any]], str]] = {
    "extra_forbidden": lambda _e: _("kunci ini tidak dikenal. Hapus atau betulkan ejaannya."),
    "missing": lambda _e: _("wajib diisi. Tambahkan."),
    "literal_error": lambda e: _("nilai '{input}' tidak dikenal. Pilih salah satu: {expected}.").format(
        input=e["input"], expected=e["ctx"]["expected"].replace(" or ", _(" atau "))
    ),
    "string_pattern_mismatch": lambda e: _("nilai '{input}' tidak sesuai pola {pattern}. Betulkan.").format(
        input=e["input"], pattern=e["ctx"]["pattern"]
    ),
    "string_type": lambda _e: _("harus berupa teks. Beri tanda kutip."),
    "string_too_short": lambda _e: _("kosong. Isi."),
    "string_too_long": lambda e: _("lebih dari {most} huruf. Pendekkan.").format(most=e["ctx"]["max_length"]),
    "too_short": _few,
    "too_long": _many,
    "tuple_type": lambda _e: _("harus berupa daftar. Tulis di antara [ dan ], atau satu baris '-' tiap isi."),
    **dict.fromkeys(
        ("model_type", "dict_type", "model_attributes_type"),
        lambda _e: _("harus berupa pasangan 'kunci: nilai'. Betulkan isinya."),
    ),
    **dict.fromkeys(
        ("float_type", "float_parsing", "finite_number"), lambda _e: _("harus berupa bilangan. Betulkan.")
    ),
    "union_tag_not_found": lambda _e: _("wajib diisi. Tambahkan."),
    "union_tag_invalid": lambda e: _("nilai '{input}' tidak dikenal. Pilih salah satu: {expected}.").format(
        input=e["ctx"]["tag"],
        expected=_(" atau ").join(e["ctx"]["expected_tags"].rsplit(", ", 1)),
    ),
    "bool_type": lambda _e: _("harus true atau false. Betulkan."),
    "bool_parsing": lambda _e: _("harus true atau false. Betulkan."),
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float"),
        lambda _e: _("harus berupa bilangan bulat. Betulkan."),
    ),
    "greater_than": lambda e: _("harus lebih dari {least}. Betulkan.").format(least=e["ctx"]["gt"]),
    "greater_than_equal": lambda e: _("paling kecil {least}. Betulkan.").format(least=e["ctx"]["ge"]),
    "less_than_equal": lambda e: _("paling besar {most}. Betulkan.").format(most=e["ctx"]["le"]),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        lambda _e: _("harus berupa tanggal YYYY-MM-DD. Betulkan."),
    ),
    "value_error": _sentence,
}


def explain(error: ValidationError, raw: Any) -> Iterable[str]:
    """Return one Indonesian sentence for each thing a model refused, with its place in the file."""
    rows = error.errors()
    for row in rows:
        # An entry that was refused is not missing as well.
        if row["type"] == "too_short" and any(_inside(other["loc"], row["loc"]) for other in rows):
            continue
        remedy = _REMEDIES.get(row["type"])
        told = (
            remedy(dict(row))
            if remedy
            else _("isi tidak sah ({detail}). Betulkan.").format(detail=row["msg"])
        )
        # A union of kinds is refused at its entry, though the fault stands in the entry's `kind`.
        kind = ("kind",) if row["type"].startswith("union_tag") else ()
        where = _place((*row["loc"], *kind), raw, missing=row["type"] == "missing" or bool(kind))
        # A model's own sentence says its place already: «soal k07: …».
        last = where.rpartition(" › ")[2]
        said = row["type"] == "value_error" and last in re.split("[ ,:]", told) and not last.isdigit()
        yield f"{where}: {told}" if where and not said else told


def _no_key(step: str, here: Any) -> bool:
    return here is not None and not (isinstance(here, dict) and step in here)


def _inside(loc: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(loc) > len(outer) and loc[: len(outer)] == outer


def _place(loc: tuple[int | str, ...], raw: Any, *, missing: bool) -> str:
    """Return `questions k07 › key` rather than `questions 6 key`: an author knows ids, not numbers."""
    parts: list[str] = []
    here = raw
    for number, step in enumerate(loc, start=1):
        if step == "[key]":  # pydantic's word for: the key itself is wrong
            continue
        # Of an entry that comes in kinds the model names the kind too; the file does not.
        if isinstance(here, dict) and step == here.get("kind"):
            continue
        # The name of a form that pydantic tried (a paragraph or one with a condition) stands in no file.
        if isinstance(step, str) and _no_key(step, here) and not (missing and number == len(loc)):
            continue
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        entry = here if isinstance(step, int) and isinstance(here, dict) else {}
        name = entry.get("id") or entry.get("slug")
        if name:
            parts.append(str(name))
        else:
            parts.append(str(step + 1) if isinstance(step, int) else step)
    return " › ".join(parts)
