"""What live pages may follow of moderation (settings.TOPIC_FOLLOWED)."""

from django.urls import reverse

from accounts.models import Role
from rooms import topics

QUEUE = "queue"


def may_follow(topic: str, role: str) -> bool:
    return topic == QUEUE and role in (Role.MODERATOR, Role.CLINICIAN, Role.COORDINATOR)


def queue_moved() -> None:
    """Something of a case changed: every open queue and case page asks anew."""
    topics.moved(QUEUE)


def live_page() -> dict[str, str]:
    """What a page that follows a topic needs to know (static/js/moderation/topic.js)."""
    return {"socket": "/ws/", "signIn": reverse("account_login")}
