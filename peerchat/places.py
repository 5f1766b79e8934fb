"""The pages in the header, by role: a short way to where somebody works."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role


@dataclass(frozen=True)
class Place:
    """`view` is the name of an address, `icon` a file under templates/icons."""

    view: str
    label: str | Promise
    icon: str


@dataclass(frozen=True)
class Shown:
    place: Place
    is_current: bool

    @property
    def icon(self) -> str:
        return f"icons/{self.place.icon}.svg"


_ROOMS = Place("rooms:list", _("Rooms"), "rooms")
_QUEUE = Place("moderation:queue", _("Queue"), "flag")
_HAND_OVERS = Place("moderation:handovers", _("Hand-overs"), "with_you")
_PEOPLE = Place("accounts:people", _("People"), "people")
_REVIEW = Place("moderation:review", _("Review"), "search")
_TEAM = Place("moderation:team", _("Team"), "check")
_ON_CALL = Place("moderation:rota", _("On call"), "clock")
_MENTOR = Place("mentoring:mine", _("Mentor"), "with_you")
_MENTORING = Place("mentoring:home", _("Mentoring"), "with_you")
_SUPERVISION = Place("mentoring:supervising", _("Supervision"), "people")
_MATCHING = Place("mentoring:matching", _("Mentoring"), "with_you")

PLACES: dict[str, tuple[Place, ...]] = {
    Role.CLIENT: (_ROOMS, _MENTOR),
    Role.MENTOR: (_ROOMS, _MENTORING),
    Role.MODERATOR: (_ROOMS, _QUEUE, _ON_CALL),
    Role.CLINICIAN: (_ROOMS, _HAND_OVERS, _SUPERVISION, _ON_CALL),
    Role.COORDINATOR: (_ROOMS, _PEOPLE, _MATCHING, _TEAM, _REVIEW, _ON_CALL),
}


def of(request: HttpRequest) -> list[Shown]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [Shown(place, place.view == here) for place in PLACES[user.role]]
