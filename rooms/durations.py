"""How long something took, in the two largest units that a person would say. Values only."""

from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60


def spoken(seconds: float) -> str:
    """`45 s`, `12 min`, `3 h 20 min`, `24 h`, from two days on `2 d 4 h`; in the active language. Below zero counts as zero."""
    whole = max(0, round(seconds))
    if whole < MINUTE:
        return _("%(number)s s") % {"number": whole}
    if whole < HOUR:
        return _("%(number)s min") % {"number": whole // MINUTE}
    if whole < 2 * DAY:
        return _two(_("%(number)s h"), whole // HOUR, _("%(number)s min"), whole % HOUR // MINUTE)
    return _two(_("%(number)s d"), whole // DAY, _("%(number)s h"), whole % DAY // HOUR)


def _two(large: str, many: int, small: str, few: int) -> str:
    told = large % {"number": many}
    return f"{told} {small % {'number': few}}" if few else told
