"""What every page may say of the house it is in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from peerchat import places


def house(request: HttpRequest) -> dict[str, Any]:
    return {
        "demo": settings.DEMO,
        "neutral_site": settings.NEUTRAL_SITE,
        "workplaces": SimpleLazyObject(lambda: places.of(request)),
        "screen_lock_seconds": settings.SCREEN_LOCK_SECONDS,
    }
