"""Frozen, typed, cross-checked parameters: everything under ``params/`` that an office may set.

``units.yml`` (the group and its units, over all years), ``<year>.yml`` (all that changes by
year), ``decisions/<year>.yml``, ``letterhead.yml`` and ``text/<year>/`` are read safely and
checked on load; a wrong value is a :class:`ParameterError` that names file and field.
"""

from reportkit.params.baseline import Baseline, baseline_path, load_baseline
from reportkit.params.confirmations import (
    Answer,
    Confirmations,
    Objection,
    UnitConfirmation,
    confirmations_path,
    load_confirmations,
)
from reportkit.params.delivery import MOST_REMINDERS, Delivery, Handing, Reminding
from reportkit.params.forms import OfficeForm, OfficeForms
from reportkit.params.letterhead import Letterhead, Prose
from reportkit.params.periods import Period
from reportkit.params.reading import (
    HOME_VARIABLE,
    available_years,
    find_home,
    load_decisions,
    load_delivery,
    load_forms,
    load_letterhead,
    load_schedule,
    load_text,
    load_unit_text,
    load_units,
    load_year,
    override_path,
    own_fonts,
)
from reportkit.params.rules import PLACEHOLDER, Quantifiers, Rule, Theme
from reportkit.params.schedule import WEBHOOK, Job, Mail, Schedule, Tell, Webhook
from reportkit.params.terms import PhraseSequence, SetPhrase, Terms, WrongKind, load_terms
from reportkit.params.units import GROUP_DOCUMENT, Unit, Units
from reportkit.params.year import (
    Comparison,
    Decisions,
    IssueDecision,
    MetricRules,
    PeriodPaper,
    Topic,
    YearParams,
)

__all__ = [
    "GROUP_DOCUMENT",
    "HOME_VARIABLE",
    "MOST_REMINDERS",
    "PLACEHOLDER",
    "WEBHOOK",
    "Answer",
    "Baseline",
    "Comparison",
    "Confirmations",
    "Decisions",
    "Delivery",
    "Handing",
    "IssueDecision",
    "Job",
    "Letterhead",
    "Mail",
    "MetricRules",
    "Objection",
    "OfficeForm",
    "OfficeForms",
    "Period",
    "PeriodPaper",
    "PhraseSequence",
    "Prose",
    "Quantifiers",
    "Reminding",
    "Rule",
    "Schedule",
    "SetPhrase",
    "Tell",
    "Terms",
    "Theme",
    "Topic",
    "Unit",
    "UnitConfirmation",
    "Units",
    "Webhook",
    "WrongKind",
    "YearParams",
    "available_years",
    "baseline_path",
    "confirmations_path",
    "find_home",
    "load_baseline",
    "load_confirmations",
    "load_decisions",
    "load_delivery",
    "load_forms",
    "load_letterhead",
    "load_schedule",
    "load_terms",
    "load_text",
    "load_unit_text",
    "load_units",
    "load_year",
    "override_path",
    "own_fonts",
]
