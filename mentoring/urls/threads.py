"""Addresses of mentoring.views.threads and endings. A thread's id is not that of its room."""

from django.urls import URLPattern, URLResolver, path

from mentoring.views import endings, threads

urlpatterns: list[URLPattern | URLResolver] = [
    path("thread/<str:thread_id>/", threads.thread, name="thread"),
    path("thread/<str:thread_id>/goals/", threads.goal_write, name="goal_write"),
    path("thread/<str:thread_id>/goals/<int:goal_id>/<str:turn>/", threads.goal_turn, name="goal_turn"),
    path("thread/<str:thread_id>/milestones/", threads.milestone_mark, name="milestone_mark"),
    path("thread/<str:thread_id>/milestones/<int:milestone_id>/", threads.milestone_back, name="milestone_back"),
    path("thread/<str:thread_id>/shared/", threads.share, name="share"),
    path("thread/<str:thread_id>/shared/cover/", threads.share_with_cover, name="share_with_cover"),
    path("thread/<str:thread_id>/appointments/", threads.appointment_propose, name="appointment_propose"),
    path(
        "thread/<str:thread_id>/appointments/<str:appointment_id>/appointment.ics",
        threads.appointment_file,
        name="appointment_file",
    ),
    path(
        "thread/<str:thread_id>/appointments/<str:appointment_id>/<str:turn>/",
        threads.appointment_turn,
        name="appointment_turn",
    ),
    path("thread/<str:thread_id>/another/", threads.another, name="another"),
    path("thread/<str:thread_id>/step-back/", threads.step_back, name="step_back"),
    path("thread/<str:thread_id>/close/", endings.close, name="thread_close"),
    path("thread/<str:thread_id>/summary/", endings.summary, name="thread_summary"),
    path("thread/<str:thread_id>/summary/summary.txt", endings.summary_file, name="summary_file"),
    path("mentoring/threads/", endings.threads, name="threads"),
    path("mentoring/threads/<str:thread_id>/end/", endings.end, name="thread_end"),
]
