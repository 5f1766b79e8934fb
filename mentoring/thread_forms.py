"""What people type beside a talk, before the doors check it. Times are those of the program's own time zone."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone

from mentoring.appointments import MINUTES
from mentoring.models import Appointment
from mentoring.refusals import Refused


class MilestoneForm(forms.Form):
    text = forms.CharField(required=False, max_length=5000)
    on = forms.DateField()
    say = forms.BooleanField(required=False)


class AppointmentForm(forms.Form):
    day = forms.DateField()
    time = forms.TimeField()
    minutes = forms.TypedChoiceField(coerce=int, choices=[(each, each) for each in MINUTES])
    way = forms.TypedChoiceField(coerce=Appointment.Way, choices=Appointment.Way.choices)
    instead_of = forms.CharField(required=False, max_length=16)

    @property
    def starts(self) -> datetime:
        """Raises Refused("unclear_time") where the clocks skip this time, or show it twice."""
        wall = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        try:
            return from_current_timezone(wall)
        except ValidationError:
            raise Refused("unclear_time") from None
