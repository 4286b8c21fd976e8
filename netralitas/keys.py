"""Keys the house makes for itself: random bytes in a file only its owner reads."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def made_once(path: Path) -> bytes:
    """Return the key that stands at `path`; 32 random bytes, made whole when it is missing."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link fails where the name is taken: the first of two makers wins.
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    return path.read_bytes()
