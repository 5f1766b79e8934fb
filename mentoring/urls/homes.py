"""Where each role begins."""

from django.urls import URLPattern, URLResolver, path

from mentoring.views import homes

urlpatterns: list[URLPattern | URLResolver] = [
    path("mentor/", homes.client, name="mine"),
    path("mentoring/", homes.mentor, name="home"),
]
