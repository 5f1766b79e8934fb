"""`peerchat screen FILE.csv`: scores a file of labelled texts. Reads it, prints figures, keeps nothing."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.screening import BadRule, Category
from moderation.screening.scoring import (
    BadFile,
    Count,
    Labelled,
    Score,
    Verdict,
    judged,
    labelled_in,
    score,
    two_kinds_in,
)


class Command(BaseCommand):
    help = (
        "Score a CSV file of labelled texts: how many of each kind the screening finds and how often it is wrong. "
        "Columns: text, category (or none), level (0 to 5), and language if you like. "
        "For a set with two kinds only, name its columns and the label that counts."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--misses", action="store_true", help="list the texts it missed or wrongly found")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument("--text-column", metavar="NAME", default="text")
        parser.add_argument("--label-column", metavar="NAME", help="a set with two kinds: the column that says which")
        parser.add_argument("--positive", metavar="VALUE", help="the label that counts; every other label is harmless")
        parser.add_argument(
            "--category", choices=list(Category), default=Category.SUICIDE.value, help="what that label stands for"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        two_kinds = options["label_column"] is not None
        if two_kinds != (options["positive"] is not None):
            raise CommandError("Give --label-column and --positive together.")
        try:
            result = _scored(options, two_kinds=two_kinds)
        except (BadFile, BadRule) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(_figures(result), indent=2) if options["json"] else "\n".join(_lines(result)))
        if options["misses"] and not options["json"]:
            self.stdout.write("\n".join(["", "Missed or wrongly found:", *map(_miss, result.misses)]))


def _scored(options: dict[str, Any], *, two_kinds: bool) -> Score:
    texts: list[Labelled]
    if not two_kinds:
        texts = labelled_in(options["file"])
        return score(judged(texts))
    texts = two_kinds_in(
        options["file"],
        text=options["text_column"],
        label=options["label_column"],
        positive=options["positive"],
        category=options["category"],
    )
    return score(judged(texts), only=frozenset([options["category"]]))


def _lines(result: Score) -> list[str]:
    lines = [f"{'category':<18} {'labelled':>8} {'found':>6} {'wrong':>6} {'recall':>7} {'precision':>9}"]
    lines += [_line(name, count) for name, count in sorted(result.categories.items())]
    if result.levels:
        lines += ["", "Levels of suicide and self-harm (found at exactly this level):"]
        lines += [_line(f"level {level}", count) for level, count in sorted(result.levels.items())]
        lines += [_line("levels 3 to 5", result.crisis) + "  (found as any of 3 to 5)"]
    rate = _share(result.false_alarm_rate)
    return [*lines, "", f"Harmless texts: {result.harmless}, false alarms: {result.false_alarms} ({rate})"]


def _line(name: str, count: Count) -> str:
    shares = f"{_share(count.recall):>7} {_share(count.precision):>9}"
    return f"{name:<18} {count.labelled:>8} {count.found:>6} {count.wrong:>6} {shares}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _miss(verdict: Verdict) -> str:
    labelled = verdict.labelled
    level = f" {labelled.level}" if labelled.level else ""
    found = f"{', '.join(verdict.rules)}" or "nothing"
    return f"  {labelled.category}{level}, found {found}: {labelled.text}"


def _figures(result: Score) -> dict[str, Any]:
    return {
        "categories": {name: _counted(count) for name, count in sorted(result.categories.items())},
        "levels": {str(level): _counted(count) for level, count in sorted(result.levels.items())},
        "crisis": _counted(result.crisis),
        "harmless": result.harmless,
        "false_alarms": result.false_alarms,
        "false_alarm_rate": result.false_alarm_rate,
        "misses": len(result.misses),
    }


def _counted(count: Count) -> dict[str, float | int | None]:
    return {
        "labelled": count.labelled,
        "found": count.found,
        "wrong": count.wrong,
        "recall": count.recall,
        "precision": count.precision,
    }
