"""Strict reader of case files; errors are refused in one sentence with file and line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from sim.analysis.validation.cases import Case
from sim.core.errors import InputError, shown, suggestion
from sim.core.refusal import place_of, refusal, siblings
from sim.plans.strict import SHIPPED, Document, read_located

_SUFFIXES = (".yaml", ".yml")
_MOST_CASES = 500


@dataclass(frozen=True)
class CaseFile:
    """A case with its file, so that later refusals can give the line."""

    path: Path
    document: Document
    case: Case

    def where(self, key: Sequence[str | int]) -> str:
        """Place of a key, as "my/case.yaml, line 7"."""
        return self.document.where(self.path, key)

    @contextmanager
    def at(self, *key: str | int) -> Iterator[None]:
        """Context manager that adds the place to refusals about a key."""
        try:
            yield
        except InputError as error:
            raise InputError(f"{self.where(key)}: {error}") from None


def shipped_cases() -> Path:
    """Folder of the cases shipped with Tandem."""
    return SHIPPED[0] / "case"


def read_cases(folder: Path) -> list[CaseFile]:
    """Every case of a folder in order of file names. Raises InputError for the first error."""
    files = [read_case(path) for path in _files(folder)]
    first: dict[str, Path] = {}
    for file in files:
        name = file.case.name.casefold()
        if name in first:
            raise InputError(
                f"{file.where(('name',))}: case {shown(file.case.name)} is also in {first[name]}; choose another name"
            )
        first[name] = file.path
    return files


def read_case(path: Path) -> CaseFile:
    """One case from its file."""
    document = read_located(path)
    try:
        case = Case.model_validate(document.content)
    except ValidationError as error:
        raise refused(error, path, document) from None
    return CaseFile(path, document, case)


def refused(
    error: ValidationError,
    path: Path,
    document: Document,
    root: type[BaseModel] = Case,
    prefix: tuple[str, ...] = (),
) -> InputError:
    """Validation error as a sentence that begins with file and line; unknown keys come first."""
    for found in error.errors():
        if not found["loc"] and not prefix and found["type"] == "value_error":
            return InputError(f"{document.where(path, place_of(found))}: {found['ctx']['error']}")
        if found["type"] == "extra_forbidden":
            place = (*prefix, *found["loc"])
            key = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
            near = suggestion(str(place[-1]), siblings(found["loc"], root))
            return InputError(f"{document.where(path, place)}: {key}: unknown key{near}")
    return refusal(
        error,
        lambda place: None,
        lambda place: siblings(place, root),
        "".join(f"{part}." for part in prefix),
        lambda place: document.where(path, (*prefix, *place)),
    )


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InputError(f"--cases {shown(str(folder))}: no such folder")
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({error.strerror})") from None
    if not found:
        raise InputError(f"--cases {shown(str(folder))}: the folder holds no case; a case is a file that ends in .yaml")
    if len(found) > _MOST_CASES:
        raise InputError(f"{folder}: more than {_MOST_CASES} files")
    return found
