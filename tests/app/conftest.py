"""What the tests of the app share: all bundled targets, assessed once with few paths."""

import pytest

from data import Catalogue
from scenarios import TargetAssessment, assess_targets


@pytest.fixture(scope="session")
def assessed(catalogue: Catalogue) -> tuple[TargetAssessment, ...]:
    return tuple(assess_targets(catalogue, paths=500))
