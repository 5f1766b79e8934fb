"""The coordinator's forms, and the form of who was invited."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts import languages
from accounts.forms.entering import PASSWORD_HELP
from accounts.models import Role

NAME_LENGTH = 120


class InviteForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        help_text=_("As the program knows them. Members of a group never see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.CLIENT)
    language = forms.ChoiceField(label=_("Language of the invitation"), required=False)
    places = forms.MultipleChoiceField(
        label=_("Groups they may join"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("You can change this later."),
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices(self, "language", [("", _("All languages")), *languages.choices()])
        choices(self, "places", places)
        if not places:
            del self.fields["places"]


class JoinForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        help_text=_("Only the staff of your program see it. In a group you choose another name."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail, to sign in with"),
        disabled=True,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class ReasonForm(forms.Form):
    why = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("It is kept in the record of the house. Write only what is needed."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices(self, "language", languages.choices())


def choices(form: forms.Form, name: str, offered: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = offered
