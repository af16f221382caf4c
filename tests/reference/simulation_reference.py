"""One path at a time, one year at a time, in plain Python: the twin of scenarios/path_kernels.py, family_kernels.py and pushes.py."""

from functools import cache
from math import exp, log, log1p, sqrt

import numpy as np

from forecast.belief import FamilyBelief
from scenarios.plan import Alike, Amount, Breaks, Ceiling, CommonShock, Gain, Growth, Link, Plan, Tails
from scenarios.shocks import stream_keys
from tests.reference.shocks_reference import chance, draw_shock, pair_of_year, shock, uniform, yearly_shock


class Twin:
    """The paths of a plan under one seed."""

    def __init__(self, plan: Plan, seed: int, paths_per_draw: int) -> None:
        self.plan, self.seed, self.paths_per_draw = plan, seed, paths_per_draw
        self.family_growth = cache(self._family_growth)
        self.levels = cache(self._levels)

    def key(self, name: str) -> tuple[int, int]:
        a, b, _ = stream_keys(self.seed, name)[0]
        return int(a), int(b)

    def amount(self, amount: Amount, path: int) -> float:
        if not callable(amount.quantile):
            return amount.quantile
        drawn = chance(self.key(f"amount|{amount.name}"), path // self.paths_per_draw, 0)
        return float(amount.quantile(np.array([drawn]))[0])

    def alike(self, family: FamilyBelief, place: str, path: int) -> tuple[float, float, float, tuple[int, int]]:
        """Correlation of own shocks within the place, with places of its list and with all others; and the stream of the list."""
        pushes = [p for p in self.plan.pushes if isinstance(p, Alike)]
        within, with_all = family.same_place, family.same_place * family.between_places
        for p in pushes:
            if not p.places:
                with_all = self.amount(p.coefficient, path)
                within = max(family.same_place, with_all)
        with_list, of_list = with_all, self.key("none")
        for p in pushes:
            if place in p.places:
                with_list = self.amount(p.coefficient, path)
                of_list = self.key(f"{family.known_as}|places|{','.join(sorted(p.places))}")
        return max(within, with_list), with_list, with_all, of_list

    def gained(self, push: Gain, path: int, year: int) -> float:
        return self.amount(push.amount, path) * self.amount(push.times, path) * push.profile.get(year, 0.0)

    def _family_growth(self, name: str, path: int) -> tuple[int, np.ndarray, dict[int, float]]:
        """Node, common vector and m + F by year of one path."""
        family = self.plan.belief.families[name]
        draw = path // self.paths_per_draw
        node = int(np.argmax(np.cumsum(family.weights) >= chance(self.key(f"{name}|node"), draw, 0)))
        factor = lower_factor(family.common_covariance[node])
        common = family.common_mean[node] + factor @ [
            draw_shock(self.key(f"{name}|common parameters"), draw, i) for i in range(len(factor))
        ]
        growth = {family.first_year + t: common[0] + common[1 + t] for t in range(len(common) - 1)}
        deviation = common[-1]
        for year in range(family.last_year + 1, self.plan.horizon + 1):
            deviation = family.fade[node] * deviation
            deviation += family.common_shock * yearly_shock(self.key(f"{name}|common shock"), path, year)
            growth[year] = common[0] + deviation
        for push in self.plan.pushes:
            if isinstance(push, CommonShock) and name in push.families:
                happens = chance(self.key(f"amount|{push.percent.name}|hits"), path, 1) < self.amount(push.probability, path)
                size = log1p(self.amount(push.percent, path) / 100) if happens else 0.0
                kept = 0.5 ** (1 / self.amount(push.half_life, path))
                for year in range(push.year, self.plan.horizon + 1):
                    growth[year] += size * kept ** (year - push.year)
        return node, common, growth

    def _levels(self, number: int, path: int) -> tuple[dict[int, float], dict[int, float]]:
        """ln(level) of one series in each year of one path, and what levers have added to it since the origin."""
        one = self.plan.series[number]
        family = self.plan.belief.families[one.family]
        node, common, growth = self.family_growth(one.family, path)
        name, draw = str(one.key), path // self.paths_per_draw
        own_shocks = self.key(f"{name}|yearly shocks")
        place_shocks, all_places = self.key(f"{one.key.place}|{one.family}|yearly shock"), self.key(f"{one.family}|places")
        normals = [draw_shock(self.key(f"{name}|parameters"), draw, i) for i in range(3)]
        trend, lasting, passing = one.base[node] + one.slope[node] @ common + lower_factor(one.covariance[node]) @ normals
        stationary = one.own_shock[node] / sqrt(1 - family.persistence[node] ** 2)
        within, with_list, with_all, of_list = self.alike(family, one.key.place, path)
        break_chance, break_scale = family.break_chance, family.break_scale
        for p in self.plan.pushes:
            if isinstance(p, Breaks):
                break_chance, break_scale = self.amount(p.probability, path), self.amount(p.factor, path)
        tail = family.tail
        for p in self.plan.pushes:
            if isinstance(p, Tails):
                tail = 120 / round(120 / self.amount(p.freedom, path))
        origin = one.series.origin
        levels, effects, lent = {}, {origin: 0.0}, 0.0
        for year in range(origin + 1, self.plan.horizon + 1):
            word, noise_word = pair_of_year(own_shocks, path, year)
            push = sqrt(with_all) * yearly_shock(all_places, path, year, tail)
            push += sqrt(with_list - with_all) * yearly_shock(of_list, path, year, tail)
            push += sqrt(within - with_list) * yearly_shock(place_shocks, path, year, tail)
            push += sqrt(1 - within) * shock(word, tail)
            if break_chance:
                broken, size = pair_of_year(own_shocks, path, year, stream=3)
                if uniform(broken) < break_chance:
                    passing = break_scale * stationary * shock(size)
            passing = family.persistence[node] * passing + one.own_shock[node] * push
            lever = sum(
                log1p(self.amount(p.points, path) * (1.0 if p.profile is None else p.profile.get(year, 0.0)) / 100)
                for p in self.plan.pushes
                if isinstance(p, Growth) and name in p.series
            )
            for p in self.plan.pushes:
                if isinstance(p, Link) and p.target == name:
                    source = next(i for i, other in enumerate(self.plan.series) if str(other.key) == p.source)
                    theirs = self.levels(source, path)[1]
                    before, then = (theirs.get(year - p.lag - back, 0.0) for back in (1, 0))
                    lever += self.amount(p.elasticity, path) * (then - before)
            growing = growth[year] + lasting + passing + lever
            trend -= lent
            lever -= lent
            lent = 0.0
            for p in self.plan.pushes:
                if isinstance(p, Ceiling) and p.series == name and growing > 0:
                    growing *= max(0.0, 1 - exp(trend - log(self.amount(p.level, path))))
            trend += growing
            for p in self.plan.pushes:
                if isinstance(p, Gain) and p.series == name and p.lasts:
                    gained = log1p(self.gained(p, path, year) / exp(trend))
                    trend += gained
                    lever += gained
            lent = log1p(sum(self.gained(p, path, year) for p in self.plan.pushes if passes(p, name)) / exp(trend))
            trend += lent
            lever += lent
            effects[year] = effects[year - 1] + lever
            levels[year] = trend + one.level_noise[node] * shock(noise_word)
        return levels, effects


def passes(push: object, name: str) -> bool:
    """Whether a push is a gain of this series that ends with its year."""
    return isinstance(push, Gain) and push.series == name and not push.lasts


def lower_factor(covariance: np.ndarray) -> np.ndarray:
    """Cholesky factor of a matrix that may have rows of zeros (a nation has no lasting difference)."""
    alive = np.diag(covariance) > 0
    factor = np.zeros_like(covariance)
    factor[np.ix_(alive, alive)] = np.linalg.cholesky(covariance[np.ix_(alive, alive)])
    return factor
