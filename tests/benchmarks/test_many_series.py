"""The made-up file of many series is what it is said to be."""

from benchmarks.bench_many_series import DUE, ORIGIN, write_series
from data import load_catalogue
from forecast import believe
from scenarios import assess_targets


def test_every_series_is_short_and_has_a_target_that_is_assessed(tmp_path):
    catalogue = load_catalogue(write_series(tmp_path, 60), bundled=False)
    series = [one.series for one in believe(catalogue).series]
    lengths = {len(one.years) for one in series}
    assert (len(series), lengths) == (60, {2, 3, 4, 5, 6, 7, 8})
    assert {one.origin for one in series} == {ORIGIN}
    assessed = assess_targets(catalogue, known_by="latest", paths=100)
    assert {one.assessed_by for one in assessed} == {str(one.key) for one in series}
    assert {(one.status, one.due) for one in assessed} == {("assessed", DUE)}
