"""What a mentor may do follows from their credentials: only with all of them valid can they be matched or lead a group.

SAMHSA, National Model Standards for Peer Support Certification (2023): a certification with its dates, training, an ethics agreement;
what has expired counts no more. Four queries, however many mentors are asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from accounts.models import Account, Role
from mentoring.models import Certification, EthicsAcceptance, EthicsText, Mentor, Training

# In the order in which they are read and shown; each is a file of mentoring/training.
MODULES: Final = (
    "trauma_informed_care",
    "communication",
    "self_care",
    "ethics_and_boundaries",
    "crisis_response",
    "confidentiality",
)


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing. `kind`: certification, ethics, training; `expired` when it ended, None where it was never there."""

    kind: str
    code: str = ""  # of a training
    expired: date | None = None

    @property
    def text(self) -> str:
        """In the language that is active where it is read."""
        day = date_format(self.expired, "DATE_FORMAT") if self.expired else ""
        match self.kind:
            case "certification" if self.expired:
                return gettext("The certification expired on %(day)s.") % {"day": day}
            case "certification":
                return gettext("There is no certification that a coordinator has checked.")
            case "ethics":
                return gettext("The current ethics agreement is not accepted yet.")
            case _ if self.expired:
                return gettext("The training “%(name)s” expired on %(day)s.") % {"name": name_of(self.code), "day": day}
            case _:
                return gettext("The training “%(name)s” is not done yet.") % {"name": name_of(self.code)}


@dataclass(frozen=True, slots=True)
class Standing:
    lacks: tuple[Lack, ...]

    @property
    def is_valid(self) -> bool:
        return not self.lacks

    @property
    def text(self) -> str:
        """Why no new clients and no leading of groups; empty where nothing is missing."""
        return " ".join(lack.text for lack in self.lacks)


def standing_of(mentor: Mentor, today: date | None = None) -> Standing:
    return standings_of([mentor], today)[mentor.pk]


def standings_of(mentors: Iterable[Mentor], today: date | None = None) -> dict[int, Standing]:
    """By the mentor's number."""
    day = today or timezone.localdate()
    ids = [mentor.pk for mentor in mentors]
    counting = Q(verified_at__isnull=False, withdrawn_at=None, issued__lte=day)
    certified = _ends(
        Certification.objects.filter(counting, mentor__in=ids).values_list("mentor").annotate(Max("expires")).order_by()
    )
    newest = EthicsText.objects.aggregate(newest=Max("version"))["newest"] or 0
    agreed = set(EthicsAcceptance.objects.filter(mentor__in=ids, version=newest).values_list("mentor", flat=True))
    trained: dict[int, dict[str, date | None]] = {}
    # One without an end counts for good; of several the one that ends last.
    for mentor_id, module, expires in Training.objects.filter(mentor__in=ids, done_on__lte=day).values_list(
        "mentor", "module", "expires"
    ):
        theirs = trained.setdefault(mentor_id, {})
        known = theirs.get(module, date.min)
        theirs[module] = None if expires is None or known is None else max(known, expires)
    return {
        mentor_id: Standing(
            (
                *_lack("certification", "", certified.get(mentor_id, date.min), day),
                *((Lack("ethics"),) if newest and mentor_id not in agreed else ()),
                *(
                    lack
                    for code in MODULES
                    for lack in _lack("training", code, trained.get(mentor_id, {}).get(code, date.min), day)
                ),
            )
        )
        for mentor_id in ids
    }


def may_lead(account: Account) -> str:
    """Why this person may not lead a group, in a sentence; empty where they may. A clinician's licence is the program's to check."""
    if account.role == Role.CLINICIAN:
        return ""
    mentor = Mentor.objects.filter(account=account).first()
    if account.role != Role.MENTOR or mentor is None:
        return gettext("Only a clinician or a certified mentor can lead a group.")
    return standing_of(mentor).text


def name_of(code: str) -> str:
    """What a training is called."""
    return {
        "trauma_informed_care": gettext("Trauma-informed care"),
        "communication": gettext("Communication"),
        "self_care": gettext("Self-care"),
        "ethics_and_boundaries": gettext("Ethics and boundaries"),
        "crisis_response": gettext("Crisis response"),
        "confidentiality": gettext("Confidentiality"),
    }.get(code, code)


def _ends(rows: Iterable[tuple[int, date]]) -> dict[int, date]:
    return dict(rows)


def _lack(kind: str, code: str, end: date | None, day: date) -> tuple[Lack, ...]:
    """Valid to the end of its last day. `date.min` stands for never there."""
    if end is None or end >= day:
        return ()
    return (Lack(kind, code, None if end == date.min else end),)
