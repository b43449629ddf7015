"""Is a file whole, and how is it written? Nothing of it is delivered before both are known."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from datasources.files.how import How, format_of, is_gz
from datasources.source import Denied, Malformed, Unavailable

_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a whole file. `digest`: of its content, whatever it is called."""

    name: str
    format: str
    digest: str
    bytes: int
    encoding: str | None  # None for Excel


def examine(file: Path, how: How) -> Facts:
    """Read all of it once; raises Malformed when it cannot be read as a whole."""
    format_ = format_of(file, how)
    with opened(file) as raw:
        digest, size = _digest(raw)
    if size == 0:
        raise Malformed(f"{file.name}: the file is empty")
    with readable(file):
        _measure(file, how)
        encoding = None if format_ == "xlsx" else _encoding(file, how)
    return Facts(name=file.name, format=format_, digest=digest, bytes=size, encoding=encoding)


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """The raw bytes of a file; a file that is gone or closed to us is said so."""
    try:
        raw = file.open("rb")
    except PermissionError as error:
        raise Denied(f"{file}: we may not read it; give this user the right to") from error
    except OSError as error:
        raise Unavailable(f"{file}: cannot be opened ({error.strerror})") from error
    with raw:
        yield raw


@contextmanager
def readable(file: Path) -> Iterator[None]:
    """Turn what the readers of files raise into Malformed, with the file's name."""
    try:
        yield
    except EOFError as error:
        raise Malformed(f"{file.name}: ends in the middle: half a .gz; send it again") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Malformed(f"{file.name}: broken .gz ({error}); send it again") from error
    except (zipfile.BadZipFile, KeyError) as error:
        raise Malformed(f"{file.name}: not a whole Excel file ({error}); send it again") from error
    except UnicodeError as error:
        raise Malformed(_where(file, error)) from error
    except csv.Error as error:
        raise Malformed(f"{file.name}: not CSV ({error}); is a quote left open?") from error


def unpacked(file: Path, raw: BinaryIO) -> IO[bytes]:
    """The bytes of a file, of a .gz those inside."""
    return cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if is_gz(file) else raw


def as_workbook_bytes(file: Path, raw: BinaryIO) -> IO[bytes]:
    """A seekable copy of a packed workbook; Excel files are read from their end."""
    if not is_gz(file):
        return raw
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever reads it
    with gzip.GzipFile(fileobj=raw) as inside:
        while chunk := inside.read(_CHUNK):
            copy.write(chunk)
    copy.seek(0)
    return copy


def _digest(raw: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := raw.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _measure(file: Path, how: How) -> None:
    """Refuse what would unpack to more than we take: a bomb, or a mistake."""
    if is_gz(file):
        with opened(file) as raw, unpacked(file, raw) as inside:
            _within(file, how, sum(_sizes(inside, how.most_bytes)))
    if format_of(file, how) == "xlsx":
        with (
            opened(file) as raw,
            as_workbook_bytes(file, raw) as whole,
            zipfile.ZipFile(whole) as book,
        ):
            _within(file, how, sum(part.file_size for part in book.infolist()))
            if (bad := book.testzip()) is not None:
                raise zipfile.BadZipFile(f"{bad} is damaged")
    _within(file, how, file.stat().st_size)


def _sizes(inside: IO[bytes], most: int) -> Iterator[int]:
    total = 0
    while total <= most and (chunk := inside.read(_CHUNK)):
        total += len(chunk)
        yield len(chunk)


def _within(file: Path, how: How, size: int) -> None:
    if size > how.most_bytes:
        limit = how.most_bytes // 2**20
        raise Malformed(f"{file.name}: holds more than {limit} MB; split it or raise max_mb")


def _encoding(file: Path, how: How) -> str:
    """The encoding in which all of the file can be read."""
    if how.encoding is not None:
        encoding = "utf-8-sig" if _is_utf8(how.encoding) else how.encoding
        _decode(file, encoding)
        return encoding
    with opened(file) as raw, unpacked(file, raw) as inside:
        head = inside.read(2)
    first = "utf-16" if head in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        _decode(file, first)
    except _Undecodable as bad:
        # GBK text hardly ever begins with many valid UTF-8 characters: it is UTF-8, but broken.
        if bad.right >= _PROOF or first == "utf-16":
            raise
        _decode(file, "gb18030")
        return "gb18030"
    return first


_PROOF = 8


class _Undecodable(Malformed):
    """Bytes that are not of an encoding, after `right` characters beyond ASCII that were."""

    def __init__(self, message: str, right: int) -> None:
        super().__init__(message)
        self.right = right


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")


def _decode(file: Path, encoding: str) -> None:
    """Raise when any byte of the file contradicts the encoding."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError as error:
        raise Malformed(f'{file.name}: there is no encoding "{encoding}"') from error
    right = 0
    with opened(file) as raw, unpacked(file, raw) as inside:
        while True:
            chunk = inside.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                raise _Undecodable(_where(file, error), right + _beyond_ascii(error)) from error
            if not chunk:
                return
            if right < _PROOF and not text.isascii():
                right += sum(one > "\x7f" for one in text)


def _beyond_ascii(error: UnicodeError) -> int:
    """How many characters beyond ASCII were right before the first wrong byte of a chunk."""
    if not isinstance(error, UnicodeDecodeError):
        return 0
    return sum(byte >= 0xC0 for byte in error.object[: error.start])  # first bytes of characters


def _where(file: Path, error: UnicodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        bad = error.object[error.start : error.start + 1].hex()
        problem = f"byte 0x{bad} is not {error.encoding} ({error.reason})"
    else:
        problem = str(error)
    return f"{file.name}: {problem}; save the whole file as UTF-8 or GBK and send it again"
