"""Every word that the queue's scripts say comes with the page, in the words that the server itself uses."""

import re
from pathlib import Path

from django.conf import settings

from moderation.queue_words import script_words

SCRIPTS = settings.BASE_DIR / "static" / "js"


def _with_imports(path: Path, seen: set[Path]) -> set[Path]:
    if path not in seen:
        seen.add(path)
        for name in re.findall(r'^import .* from "(\.[^"]+)";$', path.read_text(encoding="utf-8"), re.MULTILINE):
            _with_imports((path.parent / name).resolve(), seen)
    return seen


def _said(script: str) -> set[str]:
    said = {name for call in re.findall(r"\bword\(([^()]*)", script) for name in re.findall(r'"(\w+)"', call)}
    counted = re.findall(r'\bcounted\(\s*"(\w+)"', script)
    return said | {f"{name}_{kind}" for name in counted for kind in ("one", "other")}


def test_no_word_of_the_queue_is_missing_and_none_is_sent_for_nothing() -> None:
    scripts = _with_imports(SCRIPTS / "moderation" / "queue.js", set())
    # The units of a clock are named one call further in.
    said = set().union(*(_said(path.read_text(encoding="utf-8")) for path in scripts)) | {"hours", "minutes", "days"}
    assert len(scripts) > 10
    assert said == script_words().keys()
