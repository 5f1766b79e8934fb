"""What is typed into the pages of break-glass and of their review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation import glass, reviewing


class ReasonForm(forms.Form):
    """Why more than the case shows is needed."""

    reason = forms.CharField(
        label=_("Why do you need it?"),
        help_text=_(
            "At least 20 characters. The coordinator reads this; so does the second person, where one is asked. "
            "Write no names, and nothing that was said."
        ),
        min_length=glass.LEAST,
        max_length=glass.MOST,
        error_messages={
            "required": _("Please say why."),
            "min_length": _("Please say it in a sentence: at least 20 characters."),
        },
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class ReviewForm(forms.Form):
    note = forms.CharField(
        label=_("Note"), required=False, max_length=reviewing.LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
