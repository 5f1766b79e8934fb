"""The addresses of moderation. Identifiers say nothing; no address carries a word that a person wrote.

`_staff` stands under moderation/, `_person` (cards, flags) at the top, since it belongs to everybody. Included at the root by peerchat.urls.
"""

from django.urls import URLPattern, URLResolver, include, path

from moderation.views import case

app_name = "moderation"

_staff: list[URLPattern | URLResolver] = [
    # The case page (views/case.py)
    path("cases/<str:case_id>/", case.page, name="case"),
    path("cases/<str:case_id>/evidence/", case.evidence, name="case_evidence"),
    path("cases/<str:case_id>/act/<slug:verb>/", case.act, name="case_act"),
]

_person: list[URLPattern | URLResolver] = []

urlpatterns: list[URLPattern | URLResolver] = [
    path("moderation/", include(_staff)),
    *_person,
]
