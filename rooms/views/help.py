"""Help now: open to everybody, signed in or not, locked or not."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rooms.crisis_lines import COUNTRIES, lines_of


@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("country", "")
    country = asked if asked in COUNTRIES else settings.COUNTRY
    others = [(code, name) for code, name in COUNTRIES.items() if code != country]
    context = {"lines": lines_of(country), "country": COUNTRIES.get(country, country), "others": others}
    return render(request, "rooms/help.html", context)
