"""Addresses of how mentors are: their own pages, and the coordinator's load board."""

from django.urls import URLPattern, URLResolver, path

from mentoring.views import load, respite, wellbeing

urlpatterns: list[URLPattern | URLResolver] = [
    path("mentoring/wellbeing/", wellbeing.page, name="wellbeing"),
    path("mentoring/check/", wellbeing.check, name="check"),
    path("mentoring/check/share/", wellbeing.share, name="check_share"),
    path("mentoring/hours/", wellbeing.hours_page, name="hours"),
    path("mentoring/debriefs/<int:pk>/", wellbeing.debrief, name="debrief"),
    path("mentoring/break/", wellbeing.break_heard, name="break_heard"),
    path("mentoring/respite/", respite.page, name="respite"),
    path("mentoring/respite/<int:pk>/cover/", respite.cover, name="respite_cover"),
    path("mentoring/respite/<int:pk>/<slug:verb>/", respite.act, name="respite_act"),
    path("mentoring/load/", load.board_page, name="load"),
    path("mentoring/load/<int:pk>/", load.one, name="load_of"),
    path("mentoring/load/<int:pk>/respite/", respite.for_mentor, name="load_respite"),
    path("mentoring/load/<int:pk>/<slug:verb>/", load.act, name="load_act"),
    path("mentoring/circle/", load.open_circle, name="circle"),
]
