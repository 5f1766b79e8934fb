"""Screening: text in, findings out. Pure: no store, no network, no log of what was read; works without settings.

`screen` reads a text against the rule files under rules/. The gate, the queue and `peerchat screen` call it.
"""

from moderation.screening.findings import Category, Does, Finding, Screening, Severity
from moderation.screening.reading import screen
from moderation.screening.rule_files import BadRule
from moderation.screening.second import SecondScreen, screen_with

__all__ = [
    "BadRule", "Category", "Does", "Finding", "Screening", "SecondScreen", "Severity", "screen", "screen_with",
]  # fmt: skip
