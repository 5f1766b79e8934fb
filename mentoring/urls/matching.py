"""Addresses of asking, matching and the mentor's profile."""

from django.urls import URLPattern, URLResolver, path

from mentoring.views import asking, matching, profile

urlpatterns: list[URLPattern | URLResolver] = [
    path("mentor/ask/", asking.ask, name="ask"),
    path("mentor/ask/take-back/", asking.take_back, name="ask_take_back"),
    path("mentor/offers/<slug:offer_id>/", asking.offer, name="offer"),
    path("mentor/offers/<slug:offer_id>/decline/", asking.decline, name="offer_decline"),
    path("mentoring/profile/", profile.page, name="profile"),
    path("mentoring/matching/", matching.listing, name="matching"),
    path("mentoring/matching/waits/", matching.waiting_times, name="waits"),
    path("mentoring/matching/<slug:request_id>/", matching.one, name="request"),
    path("mentoring/matching/<slug:request_id>/confirm/", matching.confirm, name="confirm"),
    path("mentoring/matching/<slug:request_id>/withdraw/", matching.withdraw, name="offer_withdraw"),
    path("mentoring/matching/<slug:request_id>/apart/", matching.keep_apart, name="apart"),
    path("mentoring/matching/<slug:request_id>/apart/<int:pk>/lift/", matching.lift_apart, name="apart_lift"),
]
