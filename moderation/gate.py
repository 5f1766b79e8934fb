"""The gate of moderation: what the screen finds in a draft becomes flags, and holds what others should not read unasked.

Called for each message by rooms.gates (settings.MESSAGE_GATES), on the live path: no store, no network, no log.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from moderation.screening import Category, Does, Finding, Severity, screen
from rooms.gates import Allow, Draft, Flag, Hold, Verdict

CRISIS_CARD = "crisis"


def gate(draft: Draft) -> Verdict:
    """A message is delivered with flags where that is safe, and waits for a moderator where it is not."""
    found = screen(draft.body, warning=draft.warning, strict=draft.strict)
    if not found.findings:
        return _NOTHING
    flags = tuple(_flag(each) for each in found.findings if each.does - _QUIET)
    if not found.holds:
        return Allow(flags)
    category = next(each.category for each in found.findings if Does.HOLD in each.does)
    return Hold(str(category), partial(str, _WHY.get(category, _WHY_ELSE)), flags=flags, keeps=True)


def _flag(finding: Finding) -> Flag:
    return Flag(
        code=finding.rule,
        category=str(finding.category),
        severity=str(finding.severity),
        level=finding.level,
        crisis=finding.severity == Severity.CRISIS,
        card=CRISIS_CARD if Does.CARD in finding.does else "",
    )


_NOTHING = Allow()
_QUIET = frozenset({Does.NOTICE})
_WHY_ELSE = _("A moderator will look at this before the room does. You need not do anything.")
_WHY = {
    Category.SUICIDE: _(
        "Thank you for saying it. Others here do not see this yet, so that nobody is hurt by the details. "
        "A person is being told and will read it."
    ),
    Category.HARM_TO_OTHERS: _("This was not posted. A person is being told and will talk with you about it."),
    Category.DANGER_AT_HOME: _("A person is being told and will read this first. You are not alone with it."),
    Category.HARASSMENT: _(
        "This could hurt somebody here. A moderator will look at it first. "
        "If you are angry, you can say what happened and how it felt."
    ),
    Category.SEXUAL: _("This is not the place for this. A moderator will look at it first."),
    Category.SUBSTANCE_TRADE: _("Here nobody buys, sells or finds substances. A moderator will look at this first."),
    Category.SUBSTANCE_METHOD: _(
        "We leave out how much and how, since it can pull others back. A moderator will look at this first."
    ),
    Category.EATING_NUMBERS: _(
        "We leave out weights, sizes and calories, since numbers can hurt others here. A moderator will look at this first."
    ),
    Category.CONFIDENTIALITY: _("This may say who somebody is outside this room. A moderator will look at it first."),
    Category.SPAM: _("This looks like an advertisement. A moderator will look at it first."),
}
