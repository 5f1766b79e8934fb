"""The addresses of mentoring, by area. Identifiers say nothing; no address carries a word that a person wrote."""

from django.urls import URLPattern, URLResolver

from mentoring.urls import credentials, homes, matching, threads, wellbeing

app_name = "mentoring"

urlpatterns: list[URLPattern | URLResolver] = [
    *homes.urlpatterns,
    *credentials.urlpatterns,
    *matching.urlpatterns,
    *threads.urlpatterns,
    *wellbeing.urlpatterns,
]
