"""The version, read from the first heading of CHANGELOG.md, so that it is written down once."""

import re
from pathlib import Path

_CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def _newest_heading() -> str:
    heading = re.search(r"^## (\d+\.\d+\.\d+)", _CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    if heading is None:
        raise ValueError("CHANGELOG.md has no heading of the form '## 1.2.3'.")
    return heading.group(1)


VERSION = _newest_heading()
