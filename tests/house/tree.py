"""What the guards look at: the files of the repository, read and parsed once.

In: the working tree. Out: paths, syntax trees and the graph of imports between our own modules.
"""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PACKAGE = SOURCE / "bangfu"


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), filename=str(path))


@cache
def python_files(*rooms: str) -> tuple[Path, ...]:
    """This function will list our modules, migrations left out: of the whole package, or of the named rooms."""
    tops = [PACKAGE / room for room in rooms] or [PACKAGE]
    found = [path for top in tops for path in ([top] if top.is_file() else sorted(top.rglob("*.py")))]
    return tuple(path for path in found if "migrations" not in path.parts)


@cache
def tracked_files() -> tuple[Path, ...]:
    """This function will list what git tracks plus what it would track; without git, everything but .venv and var."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    if listing.returncode == 0:
        paths = [ROOT / line for line in listing.stdout.splitlines()]
    else:
        paths = [path for path in ROOT.rglob("*") if not {".venv", "var", ".git"} & set(path.parts)]
    return tuple(path for path in paths if path.is_file())


def text_files() -> list[Path]:
    """This function will list the tracked files that hold text."""
    binary = {".xlsx", ".xls", ".docx", ".png", ".ico", ".jpg", ".mo", ".woff2"}
    return [path for path in tracked_files() if path.suffix not in binary]


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def module_paths() -> dict[str, Path]:
    return {module_name(path): path for path in python_files()}


def _named_by(node: ast.AST, module: str, path: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    origin = node.module or ""
    if node.level:
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        for _ in range(node.level - 1):
            package = package.rpartition(".")[0]
        origin = f"{package}.{origin}".rstrip(".")
    return [
        f"{origin}.{alias.name}" if f"{origin}.{alias.name}" in module_paths() else origin
        for alias in node.names
    ]


@cache
def imports_of(module: str) -> frozenset[str]:
    """This function will name our modules that a module imports anywhere, inside functions too."""
    path = module_paths()[module]
    found = {name for node in ast.walk(tree_of(path)) for name in _named_by(node, module, path)}
    return frozenset(name for name in found if name in module_paths())


def words_shown(path: Path) -> list[tuple[int, str]]:
    """This function will list (line, text) of a module's string literals, docstrings left out."""
    tree = tree_of(path)
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation
    ]
