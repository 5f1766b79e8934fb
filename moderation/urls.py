"""The addresses of moderation. Identifiers say nothing; no address carries a word that a person wrote.

`_staff` stands under moderation/, `_person` (cards, flags) at the top, since it belongs to everybody. Included at the root by peerchat.urls.
"""

from django.urls import URLPattern, URLResolver, include, path

from moderation.views import (
    alerts,
    cards,
    care,
    case,
    duty,
    flagging,
    glass,
    handovers,
    queue,
    review,
    rooms,
    saved,
    team,
)

app_name = "moderation"

_staff: list[URLPattern | URLResolver] = [
    # The queue (views/queue.py) and its saved views (views/saved.py)
    path("", queue.page, name="queue"),
    path("rows/", queue.rows, name="queue_rows"),
    path("claim-next/", queue.claim_next, name="claim_next"),
    path("cases/<str:case_id>/claim/", queue.claim, name="queue_claim"),
    path("sound/", queue.turn_sound, name="queue_sound"),
    path("views/", saved.save, name="save_view"),
    path("views/<int:view_id>/forget/", saved.forget, name="forget_view"),
    # The case page (views/case.py)
    path("cases/<str:case_id>/", case.page, name="case"),
    path("cases/<str:case_id>/evidence/", case.evidence, name="case_evidence"),
    path("cases/<str:case_id>/act/<slug:verb>/", case.act, name="case_act"),
    # Break-glass (views/glass.py) and its review (views/review.py)
    path("cases/<str:case_id>/glass/context/", glass.context, name="glass_context"),
    path("cases/<str:case_id>/glass/identity/", glass.identity, name="glass_identity"),
    path("glass/", glass.waiting, name="glass_waiting"),
    path("glass/<str:glass_id>/agree/", glass.agree, name="glass_agree"),
    path("glass/<str:glass_id>/refuse/", glass.refuse, name="glass_refuse"),
    path("review/", review.listing, name="review"),
    path("review/<str:glass_id>/", review.one, name="review_one"),
    # Who is on call (views/duty.py) and how they are told (views/alerts.py)
    path("rota/", duty.page, name="rota"),
    path("rota/start/", duty.start, name="rota_start"),
    path("rota/stop/", duty.stop, name="rota_stop"),
    path("rota/plan/", duty.plan, name="rota_plan"),
    path("rota/<int:shift_id>/remove/", duty.remove, name="rota_remove"),
    path("alerts/", alerts.page, name="alerts"),
    path("alerts/choose/", alerts.choose, name="alerts_choose"),
    path("alerts/try/", alerts.try_it, name="alerts_try"),
    path("alerts/push/", alerts.turn_on_push, name="push_on"),
    path("alerts/push/off/", alerts.turn_off_push, name="push_off"),
    path("push.js", alerts.worker, name="push_worker"),  # here, so that its scope is moderation/
    # Hand-overs to clinicians (views/handovers.py)
    path("handovers/", handovers.listing, name="handovers"),
    path("handovers/<str:case_id>/", handovers.page, name="handover"),
    path("handovers/<str:case_id>/take/", handovers.take, name="handover_take"),
    path("handovers/<str:case_id>/contact/", handovers.contact, name="handover_contact"),
    path("handovers/<str:case_id>/signs/", handovers.signs, name="handover_signs"),
    path("handovers/<str:case_id>/act/<slug:verb>/", handovers.act, name="handover_act"),
    # The team view, handing over (views/team.py, views/care.py), rooms and their rules (views/rooms.py)
    path("team/", team.page, name="team"),
    path("handing-over/", care.handing_over, name="handing_over"),
    path("rooms/", rooms.listing, name="rooms"),
    path("rooms/<str:room_id>/", rooms.page, name="room"),
    path("rooms/<str:room_id>/act/<slug:verb>/", rooms.act, name="room_act"),
]

_person: list[URLPattern | URLResolver] = [
    # A person's own cards (views/cards.py)
    path("cards/", cards.fragment, name="cards"),
    path("cards/all/", cards.all_cards, name="cards_all"),
    path("cards/<str:letter_id>/away/", cards.put_away, name="card_away"),
    path("cards/<str:letter_id>/answer/", cards.answer, name="card_answer"),
    path("cards/sanctions/<str:sanction_id>/appeal/", cards.appeal, name="card_appeal"),
    path("access/<str:token>/", cards.access, name="access"),
    # Telling a moderator (views/flagging.py)
    path("rooms/<str:room_id>/flag/", flagging.flag, name="flag"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("moderation/", include(_staff)),
    *_person,
]
