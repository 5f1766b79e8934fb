"""Addresses of rooms. A room's id says nothing of its condition."""

from django.urls import path

from rooms.views import help, joining, opening, room

app_name = "rooms"

urlpatterns = [
    path("", room.rooms, name="list"),
    path("help/", help.help_now, name="help"),
    path("rooms/", opening.all_rooms, name="all"),
    path("rooms/new/", opening.edit, name="new"),
    path("rooms/<str:room_id>/", room.room, name="room"),
    path("rooms/<str:room_id>/join/", joining.join, name="join"),
    path("rooms/<str:room_id>/leave/", joining.leave_room, name="leave_room"),
    path("rooms/<str:room_id>/edit/", opening.edit, name="edit"),
    path("rooms/<str:room_id>/people/", opening.people, name="people"),
]
