"""While a mentor's credentials are not valid, the threads that run go on under a supervisor whom a coordinator names.

A supervisor talks with the mentor about their work and is there for them. They read nothing of what is written in a thread.
Called by the mentor's pages, the client's thread and the coordinator's list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import Account, Role
from mentoring import post
from mentoring.mentors import called
from mentoring.models import Mentor, Thread
from mentoring.refusals import Refused
from mentoring.standing import Standing, standings_of
from vault import trail
from vault.sealing import warm


@dataclass(frozen=True, slots=True)
class Supervision:
    """`supervisor` is for staff; a client reads `role` and `for_client`, never a name."""

    mentor: Mentor
    supervisor: Account

    @property
    def role(self) -> str:
        """In words: a clinician, a coordinator, another mentor."""
        match self.supervisor.role:
            case Role.CLINICIAN:
                return gettext("a clinician")
            case Role.COORDINATOR:
                return gettext("a coordinator")
            case _:
                return gettext("another mentor")

    @property
    def for_client(self) -> str:
        """What stands in the client's thread."""
        about = {"mentor": called(self.mentor), "role": self.role}
        return (
            gettext(
                "While %(mentor)s renews a certificate, %(role)s supervises their work. They do not read what you write here."
            )
            % about
        )

    @property
    def for_mentor(self) -> str:
        """What stands on the mentor's own page."""
        about = {"name": self.supervisor.name, "role": Role(self.supervisor.role).label}
        return gettext("Until all is valid again, %(name)s (%(role)s) supervises the threads that run.") % about


def supervision_of(mentor: Mentor, today: date | None = None) -> Supervision | None:
    """None while the mentor's credentials are valid, or where nobody who may supervise is named. No query where nobody is."""
    if mentor.supervisor_id is None:
        return None
    return supervisions_of([mentor], standings_of([mentor], today), today).get(mentor.pk)


def supervisions_of(
    mentors: Iterable[Mentor], standings: Mapping[int, Standing], today: date | None = None
) -> dict[int, Supervision]:
    """By the mentor's number; their supervisors must be loaded with them. Four queries at most."""
    lapsed = [each for each in mentors if each.supervisor_id and standings[each.pk].has_lapsed]
    able = _able([each.supervisor for each in lapsed if each.supervisor], today)
    return {
        each.pk: Supervision(each, each.supervisor) for each in lapsed if each.supervisor and each.supervisor.pk in able
    }


def needing(mentors: Iterable[Mentor], standings: Mapping[int, Standing], today: date | None = None) -> set[int]:
    """Mentors whose credentials lack, whose threads run, and for whom nobody who may supervise is named."""
    lapsed = [each for each in mentors if standings[each.pk].has_lapsed]
    if not lapsed:
        return set()
    running = set(
        Thread.objects.running().filter(mentor__in=lapsed).order_by().values_list("mentor", flat=True).distinct()
    )
    return running - set(supervisions_of(lapsed, standings, today))


def candidates(mentor: Mentor) -> list[Account]:
    """Who may supervise this mentor, by name."""
    people = list(
        Account.objects.filter(is_active=True, role__in=(Role.CLINICIAN, Role.COORDINATOR, Role.MENTOR)).exclude(
            pk=mentor.pk
        )
    )
    able = _able(people, None)
    found = [each for each in people if each.pk in able]
    warm(each.sealed_name for each in found if each.sealed_name)
    return sorted(found, key=lambda each: each.name.casefold())


@transaction.atomic
def name_supervisor(*, mentor: Mentor, account_id: int | None, by: Account) -> None:
    """None takes the one who was named away. Mentor and supervisor hear of it. Raises Refused("no_supervisor")."""
    mentor = Mentor.objects.select_for_update(of=("self",), no_key=True).select_related("account").get(pk=mentor.pk)
    named = next((each for each in candidates(mentor) if each.pk == account_id), None)
    if account_id is not None and named is None:
        raise Refused("no_supervisor")
    if mentor.supervisor_id == account_id:
        return
    mentor.supervisor = named
    mentor.save(update_fields=["supervisor"])
    for account in filter(None, (mentor.account, named)):
        post.tell(account)
    about = f" account:{named.pk}" if named else ""
    trail.record(actor=f"account:{by.pk}", act="mentor.supervisor", subject=f"account:{mentor.pk}{about}")


def supervised_by(account: Account) -> list[tuple[Supervision, Standing]]:
    """Whom this person supervises now, with what is missing of their papers."""
    mentors = list(account.supervises.filter(account__is_active=True).select_related("account", "supervisor"))
    if not mentors:
        return []
    standings = standings_of(mentors)
    return [(each, standings[number]) for number, each in supervisions_of(mentors, standings).items()]


def _able(people: Iterable[Account], today: date | None) -> set[int]:
    """Active clinicians and coordinators, and mentors whose own credentials are valid."""
    active = [each for each in people if each.is_active]
    able = {each.pk for each in active if each.role in (Role.CLINICIAN, Role.COORDINATOR)}
    mentors = [Mentor(account=each) for each in active if each.role == Role.MENTOR]
    if mentors:
        able |= {number for number, standing in standings_of(mentors, today).items() if standing.is_valid}
    return able
