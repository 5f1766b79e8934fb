"""What people type into the pages of rooms, before a door checks it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rooms import identity, pseudonyms
from rooms.models import Room


class PostForm(forms.Form):
    """Posting without JavaScript. `key` makes a second press of the button harmless."""

    body = forms.CharField(
        label=_("Your message"), widget=forms.Textarea, required=False, strip=False, max_length=16_000
    )
    warning = forms.CharField(label=_("Content warning"), required=False, max_length=16_000)
    reply_to = forms.RegexField(regex=r"^[0-9a-f]{32}$", required=False)
    key = forms.RegexField(regex=r"^[A-Za-z0-9_-]{8,64}$")

    @staticmethod
    def fresh_key() -> str:
        return identity.new_key()


class JoinForm(forms.Form):
    pseudonym = forms.CharField(
        label=_("Your name in this room"),
        help_text=_("A name that only this room knows you by. It cannot be changed later. Leave out your real name."),
        max_length=pseudonyms.LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    accept = forms.BooleanField(
        label=_("I have read the group agreement and will keep it."),
        error_messages={"required": _("Please accept the group agreement to enter.")},
    )

    def __init__(self, *args: Any, returning: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if returning:
            del self.fields["pseudonym"]

    def ask_anew(self, version: int) -> None:
        """The page shows this version now: what was accepted of another counts for nothing."""
        if self.data.get("version") != str(version):
            typed = {name: self.data.get(name, "") for name in self.data}
            self.data = {**typed, "version": str(version), "accept": ""}


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Room]
else:
    _ModelForm = forms.ModelForm  # Django's forms take no parameter at run time


class RoomForm(_ModelForm):
    """For the coordinator. The agreement's text is published as a new version where it changed."""

    agreement_text = forms.CharField(
        label=_("Group agreement"),
        help_text=_("What everybody here keeps to. A change asks every member again."),
        widget=forms.Textarea,
        max_length=10_000,
    )

    class Meta:
        model = Room
        fields = [
            "name",
            "condition",
            "description",
            "toolkit",
            "part2",
            "read_only",
            "posts_a_minute",
            "retention_days",
        ]
        widgets = {"toolkit": forms.Textarea, "description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "toolkit": _("Exercises and words that help, one paragraph each."),
            "part2": _("What is written here is kept as substance-use treatment records."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = self.instance.kind == Room.Kind.GROUP
        self.fields["condition"].choices = [("", _("Choose one")), *Room.Condition.choices]  # type: ignore[attr-defined]
        if self.instance.agreement_version:
            self.fields["agreement_text"].initial = self.instance.agreement.text

    def store(self) -> Room:
        """Saves what is asked here and nothing else: the room's numbers move while the form is open."""
        room: Room = self.save(commit=False)
        room.save(update_fields=None if room._state.adding else self.Meta.fields)
        return room

    def clean_posts_a_minute(self) -> int:
        value: int = self.cleaned_data["posts_a_minute"]
        if not 1 <= value <= 600:
            raise forms.ValidationError(_("Choose a number from 1 to 600."))
        return value

    def clean_retention_days(self) -> int:
        value: int = self.cleaned_data["retention_days"]
        if not 1 <= value <= 3650:
            raise forms.ValidationError(_("Choose a number of days from 1 to 3650."))
        return value
