"""Tails of the own shocks of booming places: Student's t and breaks, beside the Gaussian shocks of the model.

The surprise of the first year after a boom, of a place against its group, in units of its predicted standard deviation is

    Gaussian      N(0, 1), as forecast
    t             s t(df)
    t and breaks  the same with probability 1 - p; with probability p the year is another one: N(drop, size^2)

Shocks that are drawn are cut at 8 s, so that levels have a mean; the likelihood leaves the cut out, which concerns one shock in a thousand.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import t as student

from benchmarks.boom_model import HORIZONS, Boom, Windows, condition, covariances, forecast, nodes_of
from benchmarks.boom_scores import mean_and_error

CUT = 8.0
DRAWS, SEED = 2000, 7
WIDTHS = (0.80, 0.95, 0.99)
T_BOUNDS = [(-2.0, 1.0), (np.log(3), np.log(100))]  # logarithms of scale and degrees of freedom


@dataclass(frozen=True)
class Tail:
    """Shocks in units of the Gaussian model's: scale and degrees of freedom of the t, yearly probability, mean and sd of breaks."""

    scale: float
    freedom: float
    break_probability: float
    break_mean: float
    break_sd: float

    def rounded(self) -> dict[str, float]:
        """The numbers to three significant digits."""
        return {name: float(f"{value:.3g}") for name, value in asdict(self).items()}

    def log_density(self, surprise: np.ndarray) -> np.ndarray:
        """Log density of surprises (...), without the cut."""
        inside = student.pdf(surprise / self.scale, self.freedom) / self.scale
        away = np.exp(-0.5 * ((surprise - self.break_mean) / self.break_sd) ** 2) / self.break_sd / np.sqrt(2 * np.pi)
        return np.log((1 - self.break_probability) * inside + self.break_probability * away)

    def draw(self, random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        """Draw surprises by inverting the cut distribution."""
        low = student.cdf(-CUT, self.freedom)
        drawn = self.scale * student.ppf(low + (1 - 2 * low) * random.random(shape), self.freedom)
        broken = random.random(shape) < self.break_probability
        return np.where(broken, self.break_mean + self.break_sd * random.standard_normal(shape), drawn)


GAUSSIAN = Tail(1.0, 1e6, 0.0, 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class TailScore:
    """Out of sample, by shape of the tail: log densities of surprises (m,), and of intervals of cumulated growth (WIDTHS, W, 3) ..."""

    origin: np.ndarray  # (W,)
    log_density: dict[str, np.ndarray]
    width: dict[str, np.ndarray]  # their mean width over the places of a group
    inside: dict[str, np.ndarray]  # the share of places inside


def surprises(of: Boom, windows: list[Windows]) -> np.ndarray:
    """Standardised deviation of every place from what was expected of it beside its group, in the first coming year."""
    found = []
    for one in windows:
        n = one.growth.shape[2]
        gain, variance = condition(covariances(of, one.known)[2], one.known)[2:]
        apart = one.growth - one.growth.mean(axis=2, keepdims=True)
        weights = forecast(of, one).weights
        expected = np.einsum("wk,ki,win->wn", weights, gain[:, 0], apart[:, : one.known])
        spread = (weights @ variance[:, 0]) * (1 - 1 / n)
        found.append(((apart[:, one.known] - expected) / np.sqrt(spread)[:, None]).ravel())
    return np.concatenate(found)


def learn_t(surprise: np.ndarray) -> Tail:
    """Maximum likelihood of scale and degrees of freedom, the latter within 3 and 100."""
    return most_likely(
        lambda v: Tail(float(np.exp(v[0])), float(np.exp(v[1])), 0.0, 0.0, 1.0), surprise, [-0.3, np.log(5)], T_BOUNDS
    )


def learn_breaks(surprise: np.ndarray) -> Tail:
    """Maximum likelihood of all five numbers; breaks are rare and wide: at most every fifth year, one to ten units."""
    start = learn_t(surprise)

    def tail(vector: np.ndarray) -> Tail:
        scale, freedom, size = map(float, np.exp(vector[:3]))
        return Tail(scale, freedom, float(expit(vector[3])), float(vector[4]), size)

    first = [np.log(start.scale), np.log(start.freedom), np.log(2), logit(0.03), -0.5]
    return most_likely(tail, surprise, first, [*T_BOUNDS, (0, np.log(10)), (logit(0.001), logit(0.2)), (-4, 4)])


def most_likely(
    tail: Callable[[np.ndarray], Tail], surprise: np.ndarray, first: list[float], bounds: list[tuple[float, float]]
) -> Tail:
    """Maximum likelihood within bounds."""
    options = {"maxiter": 2000, "xatol": 1e-3, "fatol": 1e-6}
    inside = np.clip(first, *np.array(bounds).T)
    found = minimize(lambda v: -tail(v).log_density(surprise).mean(), inside, method="Nelder-Mead", bounds=bounds, options=options)
    return tail(found.x)


def intervals(of: Boom, tail: Tail, windows: Windows, seed: int) -> np.ndarray:
    """Central intervals (2, widths, W, 3, n) of the places' cumulated growth with own shocks of this tail, by simulation."""
    random = np.random.default_rng(seed)
    seen = forecast(of, windows)
    (_, persistence, scale), _ = nodes_of(of)
    shock = scale * of.own_sd * np.sqrt(1 - persistence**2)
    reach = (1 - persistence[:, None] ** np.arange(1, max(HORIZONS) + 1)) / (
        1 - persistence[:, None]
    )  # (K, 5) by years still to come
    apart = np.array([shock**2 * (reach[:, :horizon] ** 2).sum(axis=1) for horizon in HORIZONS]).T
    rest = np.sqrt(seen.variance - apart)
    n = windows.growth.shape[2]
    found = np.empty((2, len(WIDTHS), len(windows.origin), len(HORIZONS), n))
    probabilities = [[0.5 - width / 2 for width in WIDTHS], [0.5 + width / 2 for width in WIDTHS]]
    for w, weights in enumerate(seen.weights):
        node = random.choice(len(weights), DRAWS, p=weights)
        own = tail.draw(random, (DRAWS, reach.shape[1])) * shock[node][:, None]
        for h, horizon in enumerate(HORIZONS):
            drawn = (reach[node, :horizon] * own[:, :horizon]).sum(axis=1) + rest[node, h] * random.standard_normal(DRAWS)
            found[:, :, w, h] = np.quantile(seen.mean[w, node, h] + drawn[:, None], probabilities, axis=0)
    return found


def score_tails(of: Boom, training: list[Windows], measured: list[Windows]) -> TailScore:
    """Learn the tails on some windows and measure them on others."""
    taught, surprise = surprises(of, training), surprises(of, measured)
    tails = {"gaussian": GAUSSIAN, "t": learn_t(taught), "t and breaks": learn_breaks(taught)}
    width, inside = {}, {}
    for name, tail in tails.items():
        ends = [intervals(of, tail, one, SEED) for one in measured]
        came = [one.coming() for one in measured]
        width[name] = np.concatenate([(high - low).mean(axis=3) for low, high in ends], axis=1)
        hit = [((low <= c) & (c <= high)).mean(axis=3) for (low, high), c in zip(ends, came, strict=True)]
        inside[name] = np.concatenate(hit, axis=1)
    density = {name: tail.log_density(surprise) for name, tail in tails.items()}
    return TailScore(np.concatenate([one.origin for one in measured]), density, width, inside)


def tails_as_table(parts: list[TailScore]) -> dict[str, dict[str, list[float] | float]]:
    """Mean log density, and by width of interval and horizon: coverage in percent with its error, width relative to the Gaussian one."""
    origin = np.concatenate([one.origin for one in parts])
    usual = np.concatenate([one.width["gaussian"] for one in parts], axis=1)
    table: dict[str, dict[str, list[float] | float]] = {}
    for name in parts[0].width:
        width = np.concatenate([one.width[name] for one in parts], axis=1) / usual
        inside = 100 * np.concatenate([one.inside[name] for one in parts], axis=1)
        table[name] = {"log_density": round(float(np.concatenate([one.log_density[name] for one in parts]).mean()), 4)}
        for number, share in enumerate(WIDTHS):
            mean, error = mean_and_error(origin, inside[number])
            table[name][f"coverage_{100 * share:.0f}"] = mean.round(1).tolist()
            table[name][f"coverage_{100 * share:.0f}_error"] = error.round(1).tolist()
            table[name][f"width_{100 * share:.0f}"] = mean_and_error(origin, width[number])[0].round(3).tolist()
    return table


def show_tails(surprise: np.ndarray, tail: Tail, breaks: Tail, table: dict[str, dict[str, list[float] | float]]) -> None:
    """Print the learned tails and what they reach."""
    middle = (surprise - surprise.mean()) / surprise.std()
    print(f"  {len(surprise)} surprises of places: skewness {(middle**3).mean():.2f}, kurtosis {(middle**4).mean():.1f}")
    print(f"  t {tail.rounded()}\n  with breaks {breaks.rounded()}")
    for name, one in table.items():
        shares = "; ".join(f"{s} %: inside {one[f'coverage_{s}']}, width {one[f'width_{s}']}" for s in (80, 95, 99))
        print(f"    {name:14} log density {one['log_density']:.3f}; {shares}")
