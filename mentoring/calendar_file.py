"""An appointment as a calendar takes it (RFC 5545). A calendar may lie open to others: no names, no room, no word of what it is."""

from datetime import timedelta

from django.utils import timezone
from icalendar import Calendar, Event

from mentoring.models import Appointment

TYPE = "text/calendar; charset=utf-8"


def calendar_of(appointment: Appointment) -> bytes:
    """With what is new about it: SEQUENCE counts its changes, and one that was called off says so under the same UID."""
    event = Event()
    event.add("uid", str(appointment.uid))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", appointment.starts)
    event.add("dtend", appointment.starts + timedelta(minutes=appointment.minutes))
    event.add("summary", "Appointment")
    event.add("class", "PRIVATE")
    event.add("status", _STATUS[Appointment.State(appointment.state)])
    calendar = Calendar()
    calendar.add("prodid", "-//Appointment//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file


_STATUS = {
    Appointment.State.PROPOSED: "TENTATIVE",
    Appointment.State.AGREED: "CONFIRMED",
    Appointment.State.DECLINED: "CANCELLED",
    Appointment.State.CANCELLED: "CANCELLED",
}
