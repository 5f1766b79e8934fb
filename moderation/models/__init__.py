"""What is stored of moderation."""

from moderation.models.alerts import Alert as Alert
from moderation.models.alerts import PushIdentity as PushIdentity
from moderation.models.cases import Act as Act
from moderation.models.cases import Case as Case
from moderation.models.cases import Category as Category
from moderation.models.cases import Evidence as Evidence
from moderation.models.cases import Flag as Flag
from moderation.models.cases import Note as Note
from moderation.models.cases import Severity as Severity
from moderation.models.duty import AlertChoice as AlertChoice
from moderation.models.duty import PushSubscription as PushSubscription
from moderation.models.duty import SavedView as SavedView
from moderation.models.duty import Shift as Shift
from moderation.models.glass import Glass as Glass
from moderation.models.sanctions import Appeal as Appeal
from moderation.models.sanctions import Letter as Letter
from moderation.models.sanctions import Sanction as Sanction
