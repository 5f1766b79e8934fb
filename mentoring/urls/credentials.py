"""Addresses of a mentor's papers: their own pages, and the coordinator's."""

from django.urls import URLPattern, URLResolver, path

from mentoring.views import credentials, mentor_files, training

urlpatterns: list[URLPattern | URLResolver] = [
    path("mentoring/certification/", credentials.certification, name="certification"),
    path("mentoring/certification/<int:pk>/document/", credentials.document, name="document"),
    path("mentoring/certification/<int:pk>/take-back/", credentials.take_back, name="certification_take_back"),
    path("mentoring/ethics/", credentials.agreement, name="ethics"),
    path("mentoring/trainings/", training.listing, name="trainings"),
    path("mentoring/trainings/outside/", training.outside, name="training_outside"),
    path("mentoring/trainings/done/<int:pk>/take-back/", training.take_back, name="training_take_back"),
    path("mentoring/trainings/<slug:code>/", training.read, name="training"),
    path("mentoring/trainings/<slug:code>/questions/", training.quiz, name="quiz"),
    path("mentoring/supervising/", credentials.supervising, name="supervising"),
    path("mentoring/mentors/", mentor_files.listing, name="mentors"),
    path("mentoring/mentors/agreement/", mentor_files.agreement, name="agreement"),
    path("mentoring/mentors/<int:pk>/", mentor_files.one, name="mentor"),
    path("mentoring/mentors/<int:pk>/supervisor/", mentor_files.supervisor, name="supervisor"),
    path("mentoring/mentors/<int:pk>/document/<int:paper>/", mentor_files.document, name="mentor_document"),
    path("mentoring/mentors/<int:pk>/<slug:kind>/", mentor_files.add, name="paper_add"),
    path("mentoring/mentors/<int:pk>/<slug:kind>/<int:paper>/check/", mentor_files.check, name="paper_check"),
    path("mentoring/mentors/<int:pk>/<slug:kind>/<int:paper>/withdraw/", mentor_files.withdraw, name="paper_withdraw"),
]
