"""What a screen says: findings, and the screening that holds them. Values only; nothing here reads a text."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What a finding is about. The values are stable: rule files, settings of rooms and labelled sets name them."""

    SUICIDE = "suicide"  # and self-harm
    HARM_TO_OTHERS = "harm_to_others"
    DANGER_AT_HOME = "danger_at_home"
    HARASSMENT = "harassment"  # and slurs
    SEXUAL = "sexual"
    SUBSTANCE_TRADE = "substance_trade"
    SUBSTANCE_METHOD = "substance_method"
    EATING_NUMBERS = "eating_numbers"
    CONFIDENTIALITY = "confidentiality"
    SPAM = "spam"  # and solicitation


class Severity(StrEnum):
    """How soon a person must look: minutes, an hour, a day."""

    CRISIS = "crisis"
    URGENT = "urgent"
    ROUTINE = "routine"


class Does(StrEnum):
    """What a finding asks of the gate."""

    FLAG = "flag"  # a person of the team looks
    HOLD = "hold"  # the room does not see it until a person has looked
    NOTICE = "notice"  # a kind private word to the sender
    CARD = "card"  # the crisis card with Help now


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that found something.

    `level` is 0 for categories without levels and 1 to 5 for suicide, in the order of the Columbia scale (docs/screening.md).
    `span` is (start, end) in characters of the text given, None where the passage stands in the content warning.
    """

    rule: str
    category: Category
    level: int
    severity: Severity
    does: frozenset[Does]
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Screening:
    """All that was found in one text, gravest first. Empty for most texts."""

    findings: tuple[Finding, ...] = ()

    @property
    def severity(self) -> Severity | None:
        """The gravest one, None where nothing was found."""
        return self.findings[0].severity if self.findings else None

    @property
    def level(self) -> int:
        """The highest level of risk of suicide or self-harm, 0 for none."""
        return max((finding.level for finding in self.findings), default=0)

    @property
    def holds(self) -> bool:
        return self._asks(Does.HOLD)

    @property
    def card(self) -> bool:
        return self._asks(Does.CARD)

    @property
    def codes(self) -> tuple[str, ...]:
        """The ids of the rules, gravest first."""
        return tuple(finding.rule for finding in self.findings)

    @property
    def notices(self) -> tuple[Category, ...]:
        """What the kind word to the sender is to be about, gravest first."""
        return tuple(dict.fromkeys(each.category for each in self.findings if Does.NOTICE in each.does))

    def _asks(self, does: Does) -> bool:
        return any(does in finding.does for finding in self.findings)


_GRAVEST_FIRST = tuple(Severity)


def gravity(finding: Finding) -> tuple[int, int, str]:
    """The sort key of findings: severity, then level, then the rule's id so that the order is always the same."""
    return (_GRAVEST_FIRST.index(finding.severity), -finding.level, finding.rule)
