"""Which letters a text file's bytes are: BOM, then UTF-16, then UTF-8, then Windows cp1252.

ONDE, SIECLE and spreadsheets have each used several. Where one file mixes two, the rarer bytes are
faults of their rows, never letters guessed at.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
LONGEST_LINE_BYTES = 1_048_576

_CONTROLS = re.compile(rb"[\x01-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_ESCAPED = re.compile("[\udc80-\udcff]")
_WORST_CONTROL_SHARE = 0.002
_SIGNATURES = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"{\\rtf")


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """How a file's bytes become text and how a cell betrays bytes of another encoding."""

    codec: str
    bom: bytes = b""
    is_mixed: bool = False
    """Some lines are UTF-8 in a file that is not."""

    @property
    def errors(self) -> str:
        """Undecodable bytes stay as lone surrogates; UTF-16 cannot carry them and marks them."""
        return "replace" if self.codec.startswith("utf-16") else "surrogateescape"

    def is_damaged(self, text: str) -> bool:
        """Whether ``text`` holds bytes of another encoding than the file's."""
        if self.codec.startswith("utf-16"):
            return "\ufffd" in text
        if _ESCAPED.search(text):
            return True
        return self.is_mixed and not text.isascii() and self._is_utf8(text)

    def show(self, text: str) -> str:
        """A damaged text as its author most likely saw it."""
        if self.codec.startswith("utf-16"):
            return text
        raw = text.encode(self.codec, "surrogateescape")
        return raw.decode("cp1252" if self.codec == "utf-8" else "utf-8", "replace")

    def _is_utf8(self, text: str) -> bool:
        try:
            text.encode(self.codec, "surrogateescape").decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True


def is_binary(sample: bytes) -> bool:
    """Whether a file that starts with ``sample`` is no text in any encoding read here."""
    if _utf16_codec(sample):
        return False
    if sample.startswith(_SIGNATURES) or b"\0" in sample:
        return True
    return len(_CONTROLS.findall(sample)) > max(2, len(sample) * _WORST_CONTROL_SHARE)


def find_text_encoding(path: Path, sample: bytes) -> TextEncoding:
    """The encoding of the text file at ``path``; reads all of it, line by line, without a BOM."""
    codec = _utf16_codec(sample)
    if codec:
        has_bom = sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return TextEncoding(codec, bom=sample[:2] if has_bom else b"")
    if sample.startswith(codecs.BOM_UTF8):
        return TextEncoding("utf-8", bom=codecs.BOM_UTF8)
    utf8, other = _count_lines(path)
    # cp1252 that is UTF-8 by chance needs an accented capital before a symbol: rarer than any
    # real mixture, so a tie is UTF-8.
    if other > utf8:
        return TextEncoding("cp1252", is_mixed=utf8 > 0)
    return TextEncoding("utf-8")


def _count_lines(path: Path) -> tuple[int, int]:
    """How many lines hold UTF-8 beyond ASCII, and how many hold something else."""
    utf8 = other = 0
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE_BYTES):
            if not _HIGH.search(line):
                continue
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                other += 1
            else:
                utf8 += 1
    return utf8, other


def _utf16_codec(sample: bytes) -> str:
    """The codec of UTF-16 with a BOM, or without when every other byte is a zero, else empty."""
    for bom in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if sample.startswith(bom):
            return BYTE_ORDER_MARKS[bom]
    even, odd = sample[0:200:2], sample[1:200:2]
    if len(odd) < 4:
        return ""
    if even.count(0) == 0 and odd.count(0) > len(odd) * 0.9:
        return "utf-16-le"
    if odd.count(0) == 0 and even.count(0) > len(even) * 0.9:
        return "utf-16-be"
    return ""
