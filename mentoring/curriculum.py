"""The trainings that come with the house: six files of Markdown in each language, with what is about them in TOML before the text.

Read once; a file that is not there in a language is read in the house's own. What a mentor did with them is kept by `trainings`.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from mentoring.markdown import rendered
from mentoring.refusals import Refused

# In the order in which they are read and shown.
MODULES: Final = (
    "trauma_informed_care",
    "communication",
    "self_care",
    "ethics_and_boundaries",
    "crisis_response",
    "confidentiality",
)

_FOLDER = Path(__file__).parent / "training"
_FENCE = "+++"


@dataclass(frozen=True, slots=True)
class Question:
    """`right` is the place of the right one among `choices`, from 0; `because` says why."""

    text: str
    choices: tuple[str, ...]
    right: int
    because: str


@dataclass(frozen=True, slots=True)
class Module:
    code: str
    title: str
    summary: str
    minutes: int  # to read and answer
    valid_months: int
    version: int
    sources: tuple[str, ...]
    quiz: tuple[Question, ...]
    page: SafeString
    language: str


def modules() -> list[Module]:
    """All six in their order, in the language that is active."""
    return [module(code) for code in MODULES]


def module(code: str) -> Module:
    """Raises Refused("not_found")."""
    if code not in MODULES:
        raise Refused("not_found")
    language = get_language() or settings.LANGUAGE_CODE
    known = {each for each, _ in settings.LANGUAGES}
    return _read(code, language if language in known else settings.LANGUAGE_CODE)


@cache
def _read(code: str, language: str) -> Module:
    path = _FOLDER / language / f"{code}.md"
    if not path.exists():
        language = settings.LANGUAGE_CODE
        path = _FOLDER / language / f"{code}.md"
    _, about, text = path.read_text(encoding="utf-8").split(_FENCE, 2)
    told = tomllib.loads(about)
    return Module(
        code=code,
        title=told["title"],
        summary=told["summary"],
        minutes=told["minutes"],
        valid_months=told["valid_months"],
        version=told["version"],
        sources=tuple(source["name"] for source in told["sources"]),
        quiz=tuple(
            Question(each["question"], tuple(each["choices"]), each["right"], each["because"]) for each in told["quiz"]
        ),
        page=rendered(text),
        language=language,
    )
