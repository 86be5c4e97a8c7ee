"""Writing files that belong together: all of them are replaced, or none.

The files are made in a temporary folder. If the target folder does not exist, or has
only files that its manifest lists, the temporary folder takes its place in one step.
Into any other folder the files are moved one by one; if a kill interrupts this, the
next command completes it. While files of different runs are mixed there is no manifest.
A manifest lists its files with their SHA-256, so that anyone can check that they belong
together.
"""

import ctypes
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from simulation.whole_files import ASIDE, aside_folder, left_over, locked, sweep

MANIFEST = "manifest.json"
FILES = "files"
"""The key of a manifest that lists files with their SHA-256."""
READY = ".orgsim-ready-"
"""Begin of the names of folders whose files are whole and on their way into place."""
BEFORE = ".before"
"""The manifest of what is being replaced, in such a folder."""
AT_FDCWD, RENAME_EXCHANGE = -100, 2


@contextmanager
def together(folder: str | os.PathLike, own: bool = False) -> Iterator[Path]:
    """Yield a temporary folder, whose files go into `folder` together if all goes well.

    With `own`, `folder` is for these files alone, so that it may be replaced as a
    whole. First, what killed commands left is completed or removed. Raises OSError.
    """
    target = Path(os.path.realpath(folder))
    (target.parent if own else target).mkdir(parents=True, exist_ok=True)
    tidy(target, own)
    whole = own and _is_own(target)
    if not whole:
        target.mkdir(parents=True, exist_ok=True)
    with aside_folder(target.parent if whole else target) as aside:
        yield aside
        if not (whole and _put_in_place(aside, target)):
            _move_in(aside, target)


def tidy(folder: Path, own: bool) -> int:
    """Complete or remove what killed commands left; return the number completed."""
    completed = complete(folder)
    for place in (folder, folder.parent) if own else (folder,):
        sweep(place)
    return completed


def complete(folder: Path) -> int:
    """Complete the moves into a folder that were cut short; return their number."""
    marks = list(folder.glob(f"{READY}*")) if folder.is_dir() else []
    completed = 0
    for ready in sorted(marks, key=lambda path: path.lstat().st_mtime_ns):
        with left_over(ready) as free:
            if free:
                with _turn(folder):
                    _replace(ready, folder)
                completed += 1
    return completed


def manifest_in(folder: Path) -> dict[str, Any]:
    """Return the manifest in a folder; empty if there is none or it is damaged."""
    return _read(folder / MANIFEST)


def write_manifest(folder: Path, told: Mapping[str, Any]) -> None:
    """Write a manifest that lists all files in a folder."""
    _write(folder, told, _listed(folder))


def extend_manifest(aside: Path, folder: Path, told: Mapping[str, Any]) -> None:
    """Write a manifest into `aside`, whose files are to join those in `folder`.

    Beside the list of files it has the contents of the manifest in `folder`, or `told`
    if there is none or a file on its list is replaced.
    """
    before, new = manifest_in(folder), _listed(aside)
    had = {name: x for name, x in _files(before).items() if (folder / name).is_file()}
    same = before and not any(name in had for name in new)
    _write(aside, before if same else told, dict(sorted({**had, **new}.items())))


def _listed(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return {path.name: sha256(path) for path in files if path.name != MANIFEST}


def _files(manifest: Mapping[str, Any]) -> dict[str, str]:
    return manifest.get(FILES, {})


def _write(folder: Path, told: Mapping[str, Any], files: Mapping[str, str]) -> None:
    text = json.dumps({**told, FILES: files}, indent=2, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def differing(folder: Path) -> dict[str, str]:
    """Return the files that differ from the manifest, each with what is wrong."""
    wrong = {}
    for name, listed in _files(manifest_in(folder)).items():
        path = folder / name
        if not path.is_file():
            wrong[name] = "is not there"
        elif sha256(path) != listed:
            wrong[name] = "is not the one that was written with the others"
    return wrong


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(manifest: Path) -> dict[str, Any]:
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    listed = _files(content) if isinstance(content, dict) else None
    return content if isinstance(listed, dict) and all(map(_is_name, listed)) else {}


def _is_name(name: str) -> bool:
    return name == Path(name).name != "" and name != MANIFEST


def _is_own(folder: Path) -> bool:
    """Return whether a folder is missing, or has only files that its manifest lists.

    False where it cannot be replaced: a mount, the current folder or a parent of it.
    """
    if not os.access(folder.parent, os.W_OK):
        return False
    if not folder.exists():
        return True
    with suppress(OSError):
        current = Path.cwd()
        if folder == current or folder in current.parents or folder.is_mount():
            return False
    return _strangers(folder, manifest_in(folder)) == []


def _strangers(folder: Path, manifest: Mapping[str, Any]) -> list[Path]:
    known = {MANIFEST, *_files(manifest)} if manifest else set()
    return [x for x in folder.iterdir() if x.name not in known or not _is_plain(x)]


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _put_in_place(aside: Path, folder: Path) -> bool:
    """Put a folder in the place of another in one step; False if that is impossible."""
    if _files(manifest_in(aside)).keys() != _listed(aside).keys():
        return False
    with suppress(OSError):
        if not folder.exists():
            os.rename(aside, folder)
            return True
        if not _is_own(folder):
            return False
        before = manifest_in(folder)
        _make_alike(aside, folder)
        if not before:
            os.rename(aside, folder)
        elif not _exchange(aside, folder):
            return False
        else:  # files that arrived between the check and the swap
            for path in _strangers(aside, before):
                os.rename(path, folder / path.name)
        return True
    return False


def _make_alike(aside: Path, folder: Path) -> None:
    """Give the folder `aside` the permissions and the owner of `folder`."""
    shutil.copystat(folder, aside)
    there, made = folder.stat(), aside.stat()
    if (there.st_uid, there.st_gid) != (made.st_uid, made.st_gid):
        os.chown(aside, there.st_uid, there.st_gid)


def _exchange(path: Path, other: Path) -> bool:
    """Exchange two folders in one step; return False where the system cannot."""
    swap = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    if swap is None:
        return False
    names = os.fsencode(path), os.fsencode(other)
    return swap(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0


def _move_in(aside: Path, folder: Path) -> None:
    """Move files into a folder that has others too.

    A kill during the move is repaired by the next command.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in aside.iterdir():
        if (folder / path.name).is_dir():
            raise IsADirectoryError(f"{folder / path.name}: a folder is in the way")
    ready = folder / aside.name.replace(ASIDE, READY)
    with _turn(folder):
        try:
            os.rename(aside, ready)
            _replace(ready, folder)
        except KeyboardInterrupt:
            if ready.exists():
                _replace(ready, folder)
            raise


def _turn(folder: Path) -> AbstractContextManager:
    """Lock a folder, unless it is a temporary one, which its maker has locked."""
    return nullcontext() if folder.name.startswith(ASIDE) else locked(folder)


def _replace(ready: Path, folder: Path) -> None:
    """Move files into place, the manifest last; after a kill, call again to go on."""
    new, before = ready / MANIFEST, ready / BEFORE
    if new.exists():
        listed = _files(_read(new))
        had = _files(manifest_in(folder))
        changes = not had or had.items() - listed.items()
        if changes and (folder / MANIFEST).exists():
            os.replace(folder / MANIFEST, before)
        for name in _files(_read(before)).keys() - listed.keys():
            (folder / name).unlink(missing_ok=True)
    for path in sorted(ready.iterdir(), key=lambda path: path == new):
        if path != before:
            os.replace(path, folder / path.name)
    shutil.rmtree(ready)
