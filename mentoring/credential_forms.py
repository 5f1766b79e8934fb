"""What is filled in about papers: certifications, trainings from outside, why one is withdrawn, who supervises, a new agreement.

The doors check again what a form has checked; what only they know comes back as an error of the form.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from mentoring import ethics, supervision
from mentoring.documents import kind_of
from mentoring.models import Mentor
from mentoring.refusals import Refused
from mentoring.standing import MODULES, name_of
from mentoring.trainings import MOST_HOURS

# Which field of a form a door's refusal is about.
_FIELDS = {
    "dates_order": "expires",
    "dates_far": "expires",
    "expired_already": "expires",
    "document_too_large": "document",
    "is_no_document": "document",
    "done_later": "done_on",
    "hours": "hours",
    "no_supervisor": "supervisor",
}


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PaperForm(forms.Form):
    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, label_suffix="", use_required_attribute=False, **kwargs)

    def blame(self, refusal: Refused) -> None:
        field = _FIELDS.get(refusal.reason)
        self.add_error(field if field in self.fields else None, refusal.text)


class CertificationForm(PaperForm):
    body = forms.CharField(label=_("Who certified"), max_length=200)
    number = forms.CharField(label=_("Number"), max_length=100)
    issued = forms.DateField(label=_("From"), widget=_Day)
    expires = forms.DateField(label=_("Until"), help_text=_("Its last day."), widget=_Day)
    document = forms.FileField(
        label=_("Document"),
        help_text=_(
            "A PDF, PNG or JPEG file of at most 5 MB. It is stored encrypted. Only you and the coordinators can open it."
        ),
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"}),
    )

    def __init__(self, *args: Any, is_for_another: bool = False, was_too_large: bool = False, **kwargs: Any) -> None:
        """A coordinator may have the paper itself in hand. `was_too_large`: what came was so large that it was not read."""
        super().__init__(*args, **kwargs)
        document = self.fields["document"]
        document.required = not is_for_another
        document.error_messages["required"] = _("Please choose the document.")
        if was_too_large:
            document.required = True
            document.error_messages["required"] = Refused("document_too_large").text

    def clean_document(self) -> bytes | None:
        handed_in: UploadedFile | None = self.cleaned_data["document"]
        if handed_in is None:
            return None
        content: bytes = handed_in.read()
        try:
            kind_of(content)
        except Refused as refusal:
            raise ValidationError(refusal.text) from None
        return content


class OutsideForm(PaperForm):
    code = forms.ChoiceField(
        label=_("Training"), choices=lambda: [("", _("Choose one")), *((m, name_of(m)) for m in MODULES)]
    )
    provider = forms.CharField(label=_("Who gave it"), max_length=200)
    done_on = forms.DateField(label=_("Done on"), widget=_Day)
    hours = forms.DecimalField(
        label=_("Hours"), max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=MOST_HOURS
    )
    expires = forms.DateField(
        label=_("Until"),
        help_text=_("Leave it empty where the paper names no end. It then counts as long as the same training here."),
        required=False,
        widget=_Day,
    )


class WhyForm(PaperForm):
    why = forms.CharField(
        label=_("Why"),
        help_text=_("The mentor reads this."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please write a few words.")},
    )


class SupervisorForm(PaperForm):
    supervisor = forms.TypedChoiceField(
        label=_("Supervisor"),
        help_text=_("They talk with the mentor about their work. They read nothing of what is written in a thread."),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={
            "invalid_choice": _(
                "Please choose somebody who can supervise: a clinician, a coordinator or a mentor with valid papers."
            )
        },
    )

    def __init__(self, *args: Any, mentor: Mentor, **kwargs: Any) -> None:
        super().__init__(*args, initial={"supervisor": mentor.supervisor_id}, **kwargs)
        people = [(each.pk, f"{each.name} ({each.get_role_display()})") for each in supervision.candidates(mentor)]
        self.fields["supervisor"].choices = [("", _("Nobody")), *people]  # type: ignore[attr-defined]  # a choice field


class AcceptForm(PaperForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    is_accepted = forms.BooleanField(
        label=_("I have read this agreement and I keep to it."),
        error_messages={"required": _("Please tick the box, if you agree.")},
    )


class PublishForm(PaperForm):
    """One text for each language of the house; the first must be there."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        current = ethics.current()
        texts = {f"text_{code}": text for code, text in current.texts.items()}
        super().__init__(*args, initial={"after": current.version, **texts}, **kwargs)
        for code, _name in settings.LANGUAGES:
            self.fields[f"text_{code}"] = forms.CharField(
                label=get_language_info(code)["name_translated"],
                max_length=ethics.LONGEST,
                required=code == settings.LANGUAGE_CODE,
                widget=forms.Textarea({"rows": 14}),
            )

    @property
    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"text_{code}"] for code, _name in settings.LANGUAGES}
