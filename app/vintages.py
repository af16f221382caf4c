"""The words for what was known: a date, everything, or each target's own document."""

from scenarios import TargetAssessment

DOCUMENT = "document"  # each target with what was known when its own document appeared
LATEST = "9999-12-31"


def shown_up_to(known_by: str) -> str:
    """Return the date up to which figures of a place are shown: everything known where each target has a date of its own."""
    return LATEST if known_by in (DOCUMENT, "latest") else known_by


def vintage_of(assessment: TargetAssessment) -> str:
    """Return the date of the beliefs that a target was assessed by."""
    return assessment.vintage if assessment.vintage not in (None, "latest") else LATEST
