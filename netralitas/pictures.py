"""Pictures of scenes: small drawings of our own, shown as images, so that nothing in them can run.

Pure. A picture is one SVG of `data/pictures/`; its words stand in the scene (`alt`), so a page without images
tells the same story.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET  # (only content of our own is read)

from .i18n import _

MOST = 8_000
"""Bytes of a picture at most: it travels with the scene, to a phone."""

_ACTIVE = re.compile(
    r"<(script|foreignObject|image|use|a)\b|\bon[a-z]+=|href=|url\(\s*['\"]?(?!#)|@import|<!", re.IGNORECASE
)


def unfit(text: str) -> str:
    """Return what is wrong with the SVG of a picture, empty when nothing is."""
    if len(text.encode()) > MOST:
        return _("lebih dari {most} bita. Sederhanakan gambarnya.").format(most=MOST)
    if _ACTIVE.search(text):
        return _("memuat skrip, tautan, atau isi dari luar. Hapus; gambar hanya boleh memuat bentuk.")
    try:
        root = ET.fromstring(text)  # noqa: S314
    except ET.ParseError:
        return _("bukan SVG yang terbaca. Simpan ulang sebagai SVG.")
    if root.tag != "{http://www.w3.org/2000/svg}svg" or not root.get("viewBox"):
        return _("bukan SVG dengan viewBox. Simpan ulang sebagai SVG.")
    return ""
