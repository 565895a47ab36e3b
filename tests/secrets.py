"""Looking for secrets where none may be: in every file of a folder, and within saved plans."""

import base64
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote


def leaks(folder: Path, secrets: Mapping[str, str], but: tuple[str, ...] = ()) -> list[str]:
    """Say which files hold which secret, by its name: plain, in base64, or quoted for a URL.

    `but` are names of files that are there to hold them (clouds.yaml).
    """
    wanted = {name: tuple(_forms(text)) for name, text in secrets.items()}
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in but)
    return [
        f"{path.relative_to(folder)} holds {name}"
        for path in files
        for name, forms in wanted.items()
        if any(form in content for content in _contents(path) for form in forms)
    ]


def _forms(secret: str) -> Iterator[bytes]:
    """Give what a secret may look like; base64 differs by where in a text it begins."""
    assert len(secret) >= 6, "too short to be told from other text"
    yield secret.encode()
    yield quote(secret, safe="").encode()
    yield secret.replace("\n", "\\n").encode()
    for before in range(3):
        whole = base64.b64encode(b" " * before + secret.encode())
        skipped = -(-before * 4 // 3)
        yield whole[skipped : len(whole) - 4]


def _contents(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from map(archive.read, archive.namelist())
