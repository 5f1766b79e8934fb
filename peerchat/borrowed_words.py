"""Sentences of Django and allauth that can reach a person, marked so that our catalogues say them in our own words.

Nothing calls this: for the same sentence, what stands in `locale/` wins over theirs. That is why there is an English one too.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

BORROWED = [
    _("This field is required."),
    _("Enter a valid email address."),
    _("Enter a whole number."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("This password is too common."),
    _("This password is entirely numeric."),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
]
BORROWED_IN_NUMBERS = [
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "length",
    ),
]
