"""The addresses of the site. No address carries a word that a person wrote or the name of a condition."""

from django.urls import include, path

from peerchat import health

urlpatterns = [
    path("", include("rooms.urls")),
    path("", include("accounts.urls")),
    path("", include("moderation.urls")),
    path("", include("mentoring.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("health/", health.health, name="health"),
]
