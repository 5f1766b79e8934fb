"""Compiles the translations (.po, for people) to what gettext reads (.mo), without gettext's own programs.

Called by `peerchat words`, `peerchat prepare` and the tests.
"""

from pathlib import Path

import polib
from django.conf import settings


def compile_all() -> int:
    """Write a .mo beside every .po of the site that is newer than it, and say how many were written."""
    catalogues = [path for folder in settings.LOCALE_PATHS for path in Path(folder).rglob("*.po")]
    stale = [path for path in catalogues if _is_stale(path)]
    for path in stale:
        unfinished = path.with_suffix(f".{path.stat().st_mtime_ns}.tmp")
        polib.pofile(str(path)).save_as_mofile(str(unfinished))
        unfinished.replace(path.with_suffix(".mo"))
    return len(stale)


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < path.stat().st_mtime_ns
