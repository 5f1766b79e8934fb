"""What a mentor may do follows from their credentials: only with all of them valid can they be matched or lead a group.

SAMHSA, National Model Standards for Peer Support Certification (2023): a certification with its dates, training, an ethics agreement;
what has expired counts no more. Four queries, however many mentors are asked for. Days are those of the program, and a paper counts to the
end of its last one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from accounts.models import Account, Role
from mentoring import ethics
from mentoring.curriculum import MODULES as MODULES
from mentoring.curriculum import module
from mentoring.models import COUNTING, Certification, EthicsAcceptance, Mentor, Training

_Span = tuple[date, date | None]  # the first and the last day; None: for good


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing. `kind`: certification, ethics, training; `expired` was its last day, None where it was never there.

    `is_fresh`: a new version of the ethics agreement came in the last days, and they had accepted the one before (ethics.GRACE).
    """

    kind: str
    code: str = ""  # of a training
    expired: date | None = None
    is_fresh: bool = False

    @property
    def about(self) -> str:
        return f"training:{self.code}" if self.code else self.kind

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
class End:
    """Something that counts now, and its last day without a gap."""

    kind: str
    code: str
    day: date

    @property
    def about(self) -> str:
        return f"training:{self.code}" if self.code else self.kind

    @property
    def name(self) -> str:
        return name_of(self.code) if self.code else gettext("Certification")


@dataclass(frozen=True, slots=True)
class Standing:
    lacks: tuple[Lack, ...]
    ends: tuple[End, ...] = ()  # of what is there, the soonest first; what counts for good is not among them

    @property
    def is_valid(self) -> bool:
        return not self.lacks

    @property
    def has_lapsed(self) -> bool:
        """Not valid, and not only because a new ethics agreement came out some days ago: no leading, threads under supervision."""
        return any(not lack.is_fresh for lack in self.lacks)

    @property
    def until(self) -> date | None:
        """The last day on which all is valid; None where something lacks already, or nothing ends."""
        return self.ends[0].day if self.is_valid and self.ends else None

    @property
    def text(self) -> str:
        """Why no new clients and no leading of groups; empty where nothing is missing."""
        undone = [lack for lack in self.lacks if lack.code and not lack.expired]
        if len(undone) < 2:
            return " ".join(lack.text for lack in self.lacks)
        names = ", ".join(f"“{name_of(lack.code)}”" for lack in undone)
        told = [lack.text for lack in self.lacks if lack not in undone]
        return " ".join([*told, gettext("These trainings are not done yet: %(names)s.") % {"names": names}])


def standing_of(mentor: Mentor, today: date | None = None) -> Standing:
    return standings_of([mentor], today)[mentor.pk]


def standings_of(mentors: Iterable[Mentor], today: date | None = None) -> dict[int, Standing]:
    """By the mentor's number; a mentor whose file was not opened yet may be asked for, too."""
    day = today or timezone.localdate()
    ids = [mentor.pk for mentor in mentors]
    certified: dict[int, list[_Span]] = {}
    counting = Certification.objects.filter(COUNTING, mentor__in=ids).order_by()
    for mentor_id, issued, expires in counting.values_list("mentor", "issued", "expires"):
        certified.setdefault(mentor_id, []).append((issued, expires))
    trained: dict[tuple[int, str], list[_Span]] = {}
    done = Training.objects.filter(COUNTING, mentor__in=ids).order_by()
    for mentor_id, code, done_on, ended in done.values_list("mentor", "module", "done_on", "expires"):
        trained.setdefault((mentor_id, code), []).append((done_on, ended))
    newest = ethics.newest()
    accepted = EthicsAcceptance.objects.filter(mentor__in=ids).order_by().values_list("mentor").annotate(Max("version"))
    agreed: dict[int, int] = dict(accepted)
    return {
        mentor_id: _standing(
            day,
            certified=certified.get(mentor_id, []),
            ethics_lack=_ethics_lack(agreed.get(mentor_id, 0), newest, day),
            trained={code: trained.get((mentor_id, code), []) for code in MODULES},
        )
        for mentor_id in ids
    }


def may_lead(account: Account) -> str:
    """Why this person may not lead a group, in a sentence; empty where they may (settings.MAY_LEAD).

    A clinician's licence is the program's to check.
    """
    if account.role == Role.CLINICIAN:
        return ""
    if account.role != Role.MENTOR:
        return gettext("Only a clinician or a certified mentor can lead a group.")
    return standing_of(Mentor(account=account)).text


def name_of(code: str) -> str:
    """What a training is called, in the language that is active."""
    return module(code).title if code in MODULES else code


def _standing(
    day: date, *, certified: list[_Span], ethics_lack: tuple[Lack, ...], trained: dict[str, list[_Span]]
) -> Standing:
    lacks, ends = [], []
    last = _last_day(certified, day)
    if last == date.min or last < day:
        lacks.append(Lack("certification", "", _told(last)))
    else:
        ends.append(End("certification", "", last))
    lacks += ethics_lack
    for code, spans in trained.items():
        last = _last_day(spans, day)
        if last < day:
            lacks.append(Lack("training", code, _told(last)))
        elif last != date.max:
            ends.append(End("training", code, last))
    return Standing(tuple(lacks), tuple(sorted(ends, key=lambda end: end.day)))


def _last_day(spans: list[_Span], day: date) -> date:
    """Of what has begun by this day, and of what follows it without a gap. `date.min`: nothing has; `date.max`: it never ends."""
    last = date.min
    for begins, expires in sorted(spans, key=lambda span: span[0]):
        if begins <= day or (last >= day and begins <= last + timedelta(days=1)):
            last = max(last, expires or date.max)
        if last == date.max:
            break
    return last


def _told(last: date) -> date | None:
    return None if last == date.min else last


def _ethics_lack(agreed: int, newest: ethics.Version, day: date) -> tuple[Lack, ...]:
    if agreed == newest.version:
        return ()
    return (Lack("ethics", is_fresh=bool(agreed) and newest.is_fresh(day)),)
