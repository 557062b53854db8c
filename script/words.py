"""Keeps the words of the pages in three languages: English msgids in the code, one catalogue a language.

In: templates and Python of src/bangfu, lines `msgid<TAB>zh_Hans[<TAB>zh_Hant]`. Out: locale/*/LC_MESSAGES/django.po
and .mo. A lock lets several people add words at once. Run with the environment's Python; see DEVELOPING.
"""

import argparse
import fcntl
import re
import sys
import tomllib
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent / "src" / "bangfu"
LOCALE = ROOT / "locale"
LANGUAGES = ("zh_Hans", "zh_Hant", "en")
METHODS = [("web/templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%%|https?://\S+|\{[a-z]+\}")
HAN = r"[\u3400-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}\s*[,;:?!]|[,;:?!]\s*{HAN}|{HAN}\.(?:\s|$)|\({HAN}|{HAN}\)|\.\.\.|……{{2}}")
SPACED = re.compile(rf"{HAN} [，。：；、）]|[（] {HAN}")
# Words no screen uses: labels of children, and the tone of orders.
FORBIDDEN = re.compile(
    "贫困生|学困生|差生|后进生|问题学生|待优生|逾期|必须|请务必|严禁|通报|打卡|积分|排名榜"
)


@contextmanager
def locked():
    """This function will let one process at a time change the catalogues."""
    with (LOCALE / "traditional.toml").open(encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def catalogue_path(language: str, kind: str = "po") -> Path:
    """This function will give the file of a language: kind po or mo."""
    return LOCALE / language / "LC_MESSAGES" / f"django.{kind}"


def load(language: str) -> Catalog:
    """This function will read a catalogue, or give an empty one."""
    path = catalogue_path(language)
    if not path.exists():
        return blank(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def blank(language: str) -> Catalog:
    """This function will give an empty catalogue whose header never changes from run to run."""
    catalogue = Catalog(locale=language, domain="django", project="bangfu", fuzzy=False)
    plural = "nplurals=2; plural=(n != 1);" if language == "en" else "nplurals=1; plural=0;"
    catalogue.mime_headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Language", language),
        ("Plural-Forms", plural),
    ]
    catalogue.header_comment = "# Words of bangfu. Changed by script/words.py, read by people."
    return catalogue


def save(catalogue: Catalog, language: str) -> None:
    """This function will write a catalogue sorted by msgid, without line numbers or dates, so that diffs stay small."""
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".new")
    with aside.open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)
    aside.replace(path)


def known(catalogue: Catalog) -> dict:
    """This function will give (msgid, context) → msgstr of all entries, obsolete ones too."""
    found = {}
    for entry in [*catalogue.obsolete.values(), *catalogue]:
        if entry.id:
            found[(single(entry), entry.context)] = entry.string
    return found


def single(entry) -> str:
    """This function will give the singular msgid of an entry."""
    return entry.id[0] if isinstance(entry.id, tuple) else entry.id


def said(entry) -> str:
    """This function will give the first msgstr of an entry."""
    return entry.string[0] if isinstance(entry.string, list | tuple) else entry.string


def shaped(entry_id, text: str, language: str):
    """This function will give a msgstr in the shape a msgid asks for (plural forms or one text)."""
    if not isinstance(entry_id, tuple):
        return text
    return (text, text) if language == "en" else (text,)


def rebuilt(language: str, sources, old: dict) -> Catalog:
    """This function will give a catalogue of `sources` with the translations of `old`; the unused become obsolete."""
    catalogue = blank(language)
    for path, msgid, context in sources:
        key = (msgid[0] if isinstance(msgid, tuple) else msgid, context)
        text = old.get(key, "")
        text = text[0] if isinstance(text, list | tuple) else text
        string = shaped(msgid, text, language)
        if language == "en":
            string = msgid
        catalogue.add(msgid, string, locations=[(path, 0)], context=context)
    used = {(single(entry), entry.context) for entry in catalogue if entry.id}
    for (msgid, context), text in old.items():
        text = text[0] if isinstance(text, list | tuple) else text
        if (msgid, context) not in used and text and language != "en":
            spare = Catalog(locale=language)
            catalogue.obsolete[catalogue._key_for(msgid, context)] = spare.add(msgid, text, context=context)
    return catalogue


def extract() -> int:
    """This function will bring the msgids of code and templates into every catalogue."""
    found = extract_from_dir(ROOT, method_map=METHODS, keywords=KEYWORDS, strip_comment_tags=True)
    sources = [(f"src/bangfu/{path}", msgid, context) for path, _line, msgid, _comments, context in found]
    sources = [row for row in sources if row[1]]
    with locked():
        for language in LANGUAGES:
            catalogue = rebuilt(language, sources, known(load(language)))
            save(catalogue, language)
    print(f"{len({row[1] for row in sources})} msgids")
    return 0


def add(tables: list[Path]) -> int:
    """This function will put translations of tables `msgid<TAB>zh_Hans[<TAB>zh_Hant]` into the catalogues."""
    rows, faults = [], []
    for table in tables:
        for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), 1):
            cells = [cell.strip().replace("\\n", "\n") for cell in line.split("\t")]
            if not line.strip() or line.startswith("#"):
                continue
            if len(cells) < 2 or not cells[0] or not cells[1]:
                faults.append(f"{table}:{number}: wants msgid<TAB>zh_Hans")
                continue
            if set(PLACEHOLDER.findall(cells[0])) - {"%%"} - set(PLACEHOLDER.findall(cells[1])):
                faults.append(f"{table}:{number}: a placeholder of the msgid is missing in the Chinese")
                continue
            rows.append(cells)
    with locked():
        simplified, traditional = load("zh_Hans"), load("zh_Hant")
        for cells in rows:
            is_new = put(simplified, cells[0], cells[1], "zh_Hans")
            if len(cells) > 2 and cells[2]:
                put(traditional, cells[0], cells[2], "zh_Hant")
            elif is_new:
                put(
                    traditional, cells[0], "", "zh_Hant"
                )  # an older draft no longer fits; fill drafts it anew
        save(simplified, "zh_Hans")
        save(traditional, "zh_Hant")
    print(f"{len(rows)} words added; run extract, fill, check, compile", *faults, sep="\n")
    return 1 if faults else 0


def put(catalogue: Catalog, msgid: str, text: str, language: str) -> bool:
    """This function will set one translation and say if that changed it; unused msgids wait among the obsolete."""
    for entry in catalogue:
        if entry.id and single(entry) == msgid:
            before = said(entry)
            entry.string = shaped(entry.id, text, language)
            return before != text
    waiting = catalogue.obsolete.get(msgid)
    before = said(waiting) if waiting else ""
    spare = Catalog(locale=language)
    catalogue.obsolete[msgid] = spare.add(msgid, text)
    return before != text


def fill() -> int:
    """This function will draft missing zh_Hant words from zh_Hans by OpenCC, then the glossary of our own words."""
    import opencc

    glossary = tomllib.loads((LOCALE / "traditional.toml").read_text(encoding="utf-8"))["words"]
    convert = opencc.OpenCC("s2tw")
    drafted = 0
    with locked():
        simplified, traditional = known(load("zh_Hans")), load("zh_Hant")
        for entry in traditional:
            source = simplified.get((single(entry), entry.context)) if entry.id else None
            source = source[0] if isinstance(source, list | tuple) else source
            if entry.id and source and not said(entry):
                text = convert.convert(source)
                for wrong, right in glossary.items():
                    text = text.replace(wrong, right)
                entry.string = shaped(entry.id, text, "zh_Hant")
                drafted += 1
        save(traditional, "zh_Hant")
    print(f"{drafted} words drafted in zh_Hant")
    return 0


def simplified_only(char: str) -> bool:
    """This function will say whether a character stands in GB 2312 and not in Big5: Simplified Chinese only."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    try:
        char.encode("big5")
    except UnicodeEncodeError:
        return "\u3400" <= char <= "\u9fff"
    return False


def faults_of(language: str, entry) -> list[str]:
    """This function will give what is wrong with one entry of a catalogue."""
    text = said(entry)
    if not text:
        return ["not translated"]
    faults = []
    missing = set(PLACEHOLDER.findall(single(entry))) - {"%%"} - set(PLACEHOLDER.findall(text))
    if missing:
        faults.append(f"lacks {', '.join(sorted(missing))}")
    if language == "en":
        return faults
    bare = PLACEHOLDER.sub("X", text)
    if HALF_WIDTH.search(bare) or SPACED.search(bare):
        faults.append(f"half-width or spaced punctuation: {text}")
    if FORBIDDEN.search(text):
        faults.append(f"a word no screen uses: {text}")
    if language == "zh_Hant" and (chars := "".join(sorted(set(filter(simplified_only, text))))):
        faults.append(f"simplified characters {chars}: {text}")
    return faults


def check() -> int:
    """This function will say what is missing or wrong in any language; 0 if nothing is."""
    faults, count = [], 0
    for language in LANGUAGES:
        for entry in load(language):
            if entry.id:
                count += 1
                faults += [f"{language}: {single(entry)!r}: {fault}" for fault in faults_of(language, entry)]
    print(*faults, f"{count} entries, {len(faults)} faults", sep="\n")
    return 1 if faults else 0


def compiled() -> int:
    """This function will write the .mo files Django reads. Words that wait unused stay out."""
    with locked():
        for language in LANGUAGES:
            with catalogue_path(language, "mo").open("wb") as file:
                write_mo(file, load(language))
    return 0


def main(arguments: list[str] | None = None) -> int:
    """This function will run one command: extract, add FILE…, fill, check, compile, or all (extract fill compile check)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["extract", "add", "fill", "check", "compile", "all"])
    parser.add_argument("tables", nargs="*", type=Path)
    asked = parser.parse_args(arguments)
    if asked.command == "add":
        return add(asked.tables)
    if asked.command == "all":
        return max(extract(), fill(), compiled(), check())
    return {"extract": extract, "fill": fill, "check": check, "compile": compiled}[asked.command]()


if __name__ == "__main__":
    sys.exit(main())
