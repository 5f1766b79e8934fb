"""What is stored of mentoring. Texts are sealed; the docstring or comment of each sealed field names purpose, place and owner."""

from mentoring.models.credentials import COUNTING as COUNTING
from mentoring.models.credentials import WAITING as WAITING
from mentoring.models.credentials import Certification as Certification
from mentoring.models.credentials import CertificationDocument as CertificationDocument
from mentoring.models.credentials import EthicsAcceptance as EthicsAcceptance
from mentoring.models.credentials import EthicsText as EthicsText
from mentoring.models.credentials import Reminder as Reminder
from mentoring.models.credentials import Training as Training
from mentoring.models.matching import Apart as Apart
from mentoring.models.matching import Offer as Offer
from mentoring.models.matching import Request as Request
from mentoring.models.mentors import Mentor as Mentor
from mentoring.models.threads import Appointment as Appointment
from mentoring.models.threads import Goal as Goal
from mentoring.models.threads import Milestone as Milestone
from mentoring.models.threads import Thread as Thread
from mentoring.models.wellbeing import Debrief as Debrief
from mentoring.models.wellbeing import Respite as Respite
from mentoring.models.wellbeing import SelfCheck as SelfCheck
