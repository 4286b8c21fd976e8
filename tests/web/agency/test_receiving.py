"""A form with a file, as browsers send it and as nobody should: parts are found where they are."""

from __future__ import annotations

import mmap
import tempfile

import pytest

from netralitas.web.agency.receiving import parts

KIND = "multipart/form-data; boundary=garis"
FORM = (
    b'--garis\r\nContent-Disposition: form-data; name="lengkap"\r\n\r\n1\r\n'
    b'--garis\r\nContent-Disposition: form-data; name="berkas"; filename="daftar \xc3\xa9.csv"\r\n'
    b"Content-Type: text/csv\r\n\r\nnip,nama\r\nisi\r\n--garis--\r\n"
)


def read(body: bytes, kind: str = KIND) -> list[tuple[str, str | None, bytes]]:
    with tempfile.TemporaryFile() as file:
        file.write(body)
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return [(one.name, one.file, mapped[one.start : one.end]) for one in parts(mapped, kind)]


def test_fields_and_files_are_found() -> None:
    one, two = read(FORM)
    assert one == ("lengkap", None, b"1")
    assert two == ("berkas", "daftar é.csv", b"nip,nama\r\nisi")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"nip,nama", KIND),
        (FORM, "text/csv"),
        (FORM, "multipart/form-data"),
        (FORM[:60], KIND),
        (FORM[: FORM.index(b"\r\n\r\n")], KIND),
        (b"--garis\r\n" * 1000, KIND),
        (b"\0" * 5000, KIND),
    ],
)
def test_what_is_no_form_has_no_parts(body: bytes, kind: str) -> None:
    assert read(body, kind) == []
