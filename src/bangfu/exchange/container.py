"""What kind of file these bytes are, and whether an .xlsx is safe to open: bytes in, a kind or a refusal out.

The reader behind it allocates one dense block per sheet and ends the process where memory is short,
so a file that would need too much is refused here first (station 1, enrol; reference §9).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

SAVE_AS = "请用 Excel 或 WPS 打开，另存为 xlsx，再拖进来。"
PASSWORD = ("有密码，打不开", "请在 Excel 或 WPS 里去掉密码（文件 → 信息 → 保护工作簿），保存后再拖进来。")
BROKEN = ("文件不完整，读到一半断了", "请从学籍系统重新导出一次，再拖进来。")
TOO_MUCH = ("展开后太大，打不开", "请只复制有内容的部分到新表，另存为 xlsx，再拖进来。")
ASK_WPS = ("是 WPS 表格（.et）", "请在 WPS 里另存为 xlsx，再拖进来。")
SMALL = 1_000_000  # cells
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\0", "图片"),
    (b"MM\0*", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"MZ", "程序"),
    (b"{\\rtf", "Word 文档"),
    (b"SQLite format 3", "数据库文件"),
)
# BIFF record 0x2F right behind the head of the workbook stream: the rest is encrypted.
_FILE_PASS = re.compile(
    rb"\x09\x08(?:\x10\x00.{16}|\x08\x00.{8})(?:\x86\x00\x00\x00)?\x2f\x00.{2}[\x00\x01]\x00", re.DOTALL
)
_FAR = re.compile(rb"r=[\"'](?:[A-Z]{3}\d|[A-Z]{1,2}\d{6}|[B-Z][A-Z]\d)")  # column over 52 or row over 99,999
_CELL = re.compile(rb"r=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_FILLED = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?r=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*(?<!/)>\s*<(?:\w+:)?(?:v|is|f)\b"
)


class NotReadable(Exception):
    """Why a file can't be read, as two sentences."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what, self.hint = what, hint


def kind_of(content: bytes, name: str = "") -> str:
    """Return xlsx, xls or text; raise NotReadable for everything that is no table, naming what it is."""
    if content.startswith(OLE):
        return _ole(content, name)
    if content.startswith(b"PK"):
        return _zip(content)
    for magic, called in _MAGIC:
        if content.startswith(magic):
            raise NotReadable(f"是{called}，不是表格", "请拖入学籍系统导出的 xlsx、xls 或 csv。")
    head = content[:2000].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"MIME-Version") or b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise NotReadable("是网页或 XML 格式的表格", SAVE_AS)
    if content[:4] in (b"\x09\x08\x10\0", b"\x09\x04\x06\0", b"\x09\x02\x06\0"):
        raise NotReadable("是很早以前的 Excel 格式", SAVE_AS)
    return "text"


def _ole(content: bytes, name: str) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise NotReadable(*PASSWORD)
    if name.lower().endswith((".et", ".ett")):
        raise NotReadable(*ASK_WPS)
    if holds("WordDocument"):
        raise NotReadable("是 Word 文档，不是表格", "请拖入学籍系统导出的 xlsx、xls 或 csv。")
    if holds("PowerPoint Document"):
        raise NotReadable("是演示文稿，不是表格", "请拖入学籍系统导出的 xlsx、xls 或 csv。")
    if holds("Workbook") or holds("Book"):
        if _FILE_PASS.search(content):
            raise NotReadable(*PASSWORD)
        return "xls"
    raise NotReadable(*(BROKEN if len(content) < 4096 else ("不是能认出的表格", SAVE_AS)))


def _zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise NotReadable(*BROKEN) from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "word/document.xml" in names:
        raise NotReadable("是 Word 文档，不是表格", "请拖入学籍系统导出的 xlsx、xls 或 csv。")
    if "ppt/presentation.xml" in names:
        raise NotReadable("是演示文稿，不是表格", "请拖入学籍系统导出的 xlsx、xls 或 csv。")
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise NotReadable("是 xlsb 或 ods 格式的表格", SAVE_AS)
    if "[Content_Types].xml" in names:
        raise NotReadable("不是能认出的表格", SAVE_AS)
    raise NotReadable("是压缩包，不是表格", "请先解压，再把里面的表格拖进来。")


def check_xlsx(content: bytes, most_bytes: int, most_cells: int) -> None:
    """Raise NotReadable where opening this workbook would inflate or allocate too much.

    Sizes written in the archive are not believed: every part is inflated here, piece by piece.
    """
    left = most_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.infolist():
                if part.flag_bits & 1:
                    raise NotReadable(*PASSWORD)
                is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
                pieces = []
                for piece in _inflated(content, part):
                    left -= len(piece)
                    if left < 0:
                        raise NotReadable(*TOO_MUCH)
                    if is_sheet:
                        pieces.append(piece)
                if is_sheet and _extent(b"".join(pieces)) > most_cells:
                    raise NotReadable(*TOO_MUCH)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError, IndexError):
        raise NotReadable(*BROKEN) from None


def _inflated(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the inflated bytes of one part in pieces of at most 1 MB."""
    start = part.header_offset
    name_length = int.from_bytes(content[start + 26 : start + 28], "little")
    extra_length = int.from_bytes(content[start + 28 : start + 30], "little")
    start += 30 + name_length + extra_length
    packed = content[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(part.compress_type)
    stream = zlib.decompressobj(-15)
    while packed and not stream.eof:
        piece = stream.decompress(packed, 1_000_000)
        packed = stream.unconsumed_tail
        yield piece


def _extent(xml: bytes) -> int:
    """Return how many cells the block from the first to the last filled cell would hold, 0 for a small one."""
    if not _FAR.search(xml):
        return 0
    extent = 0
    for pattern in (
        _CELL,
        _FILLED,
    ):  # cells that only have a colour don't count, but looking closer costs time
        found = pattern.findall(xml)
        if not found:
            return 0
        columns = [_column(letters) for letters in {letters for letters, _ in found}]
        rows = [int(number) for number in {number for _, number in found}]
        extent = (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)
        if extent < SMALL:
            break
    return extent


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
