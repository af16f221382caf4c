"""The posterior of the pooled growth model by sampling: the reference that forecast/pooling.py is checked against.

    make oracle

Nothing of the package is imported. The model is written down as a generative program from docs/method.md, with every unknown a latent of
its own (m, F by year, d, a by year, first trend levels, level noise), and sampled by NUTS (Hoffman and Gelman 2014; NumPyro). Fade,
persistence and scale have discrete priors: the log density of the latents is the mixture over all their combinations, and the combination
of each draw is drawn afterwards from its distribution given the latents; so are the coming years. Panels and summaries go into
tests/forecast/oracle/, where a test reads them. Takes ten minutes of processor time in float64, shared by two chains;
on two cores that were busy with other work as well it was finished after 18.
"""

import json
import time
from functools import partial
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.handlers import substitute
from numpyro.infer import MCMC, NUTS
from numpyro.infer.util import log_density
from oracle_panels import AHEAD, FOLDER, PLANS, VERSION, make_panel
from scipy.linalg import block_diag

CHAINS, WARM_UP, DRAWS = 2, 2_000, 100_000
BATCHES = 50  # of each chain, for Monte Carlo errors
SEED = 1

numpyro.enable_x64()
numpyro.set_host_device_count(CHAINS)

Draws = dict[str, np.ndarray]
NODE = ("fade", "persistence", "scale")
STATISTICS = {
    "mean": np.mean,
    "sd": np.std,
    "q05": partial(np.quantile, q=0.05),
    "q50": partial(np.quantile, q=0.5),
    "q95": partial(np.quantile, q=0.95),
}


class Places:
    """The series of a panel as arrays: (C,) by series, (N,) by figure, (K,) by node."""

    def __init__(self, panel: dict[str, Any]) -> None:
        self.series, self.prior = panel["series"], panel["prior"]
        self.start = np.array([one["years"][0] for one in self.series])
        self.origin = np.array([one["years"][-1] for one in self.series])
        self.cities = np.flatnonzero([not one["nation"] for one in self.series])
        self.own_sd = self.prior["own_sd"] * np.array(
            [self.prior["nation_factor"] if one["nation"] else 1.0 for one in self.series]
        )
        self.noise_sd = self.own_sd * np.array([one["noise_share"] for one in self.series])
        self.years = range(int(self.start.min()) + 1, int(self.origin.max()) + 1)
        self.first_figure = np.array([one["log_level"][0] for one in self.series])
        self.figures = np.concatenate([one["log_level"] for one in self.series])
        self.row = np.concatenate([one["years"] for one in self.series]) - self.start.min()  # of the trend
        self.column = np.repeat(np.arange(len(self.series)), [len(one["years"]) for one in self.series])
        self.whitening = block_diag(*(np.linalg.inv(np.linalg.cholesky(one["covariance"])) for one in self.series))
        points = np.array(list(product(*(self.prior[name] for name in NODE))))  # (K, 3, 2): value and weight
        self.nodes, self.weights = points[:, :, 0], points[:, :, 1].prod(axis=1)


def growth_model(places: Places, fade: Any, persistence: Any, scale: Any) -> dict[str, Any]:
    """Growth at two speeds, as docs/method.md states it; returns the states, by year down and place across."""
    prior, n_places = places.prior, len(places.series)
    own_sd = scale * places.own_sd
    m = numpyro.sample("m", dist.Normal(prior["long_run_mean"], prior["long_run_sd"]))
    lasting = jnp.zeros(n_places)
    lasting = lasting.at[places.cities].set(
        numpyro.sample("lasting", dist.Normal(0.0, prior["lasting_sd"]).expand([len(places.cities)]))
    )
    trend = numpyro.sample("first trend", dist.Normal(places.first_figure, prior["first_level_sd"]))
    common, own, states = None, None, {"trend": [trend], "common": [], "own": []}
    for year in places.years:
        if common is None:
            common = numpyro.sample(f"common {year}", dist.Normal(0.0, prior["boom_sd"]))
            own = numpyro.sample(f"own {year}", dist.Normal(0.0, own_sd))
        else:
            common = numpyro.sample(f"common {year}", dist.Normal(fade * common, prior["boom_shock"]))
            own = numpyro.sample(f"own {year}", dist.Normal(persistence * own, own_sd * jnp.sqrt(1 - persistence**2)))
        trend = trend + jnp.where(year > places.start, m + common + lasting + own, 0.0)
        for name, value in (("trend", trend), ("common", common), ("own", own)):
            states[name].append(value)
    states = {name: jnp.stack(values) for name, values in states.items()}
    noise = numpyro.sample("noise", dist.Normal(0.0, scale * places.noise_sd[places.column]))
    reported = states["trend"][places.row, places.column] + noise
    # Errors of figures are correlated within a series: `whitening` turns them into independent ones of sd 1.
    numpyro.sample("figures", dist.Normal(places.whitening @ reported, 1.0), obs=places.whitening @ places.figures)
    return {"m": m, "lasting": lasting} | states


def log_densities(places: Places, latents: dict[str, Any]) -> Any:
    """Log density of latents and figures together with each node, (K,)."""

    def at(node: Any) -> Any:
        return log_density(growth_model, (places, *node), {}, latents)[0]

    return jnp.log(places.weights) + jax.vmap(at)(jnp.array(places.nodes))


def sample(places: Places) -> dict[str, Any]:
    """Run NUTS on the latents; each (chains, draws, ...)."""
    with numpyro.handlers.seed(rng_seed=SEED):
        trace = numpyro.handlers.trace(growth_model).get_trace(places, *places.nodes[len(places.nodes) // 2])
    start = {name: site["value"] for name, site in trace.items() if site["type"] == "sample" and not site["is_observed"]}
    start = {name: jnp.stack([value] * CHAINS) for name, value in start.items()}
    kernel = NUTS(potential_fn=lambda latents: -jax.nn.logsumexp(log_densities(places, latents)), dense_mass=True)
    mcmc = MCMC(kernel, num_warmup=WARM_UP, num_samples=DRAWS, num_chains=CHAINS, chain_method="parallel", progress_bar=False)
    mcmc.run(jax.random.PRNGKey(SEED), init_params=start, extra_fields=("diverging", "num_steps"))
    extra = mcmc.get_extra_fields()
    print(f"  {int(extra['diverging'].sum())} divergences, {float(extra['num_steps'].mean()):.1f} steps a draw", flush=True)
    return mcmc.get_samples(group_by_chain=True)


def continued(places: Places, states: Draws, node: np.ndarray, last_year: int, rng: np.random.Generator) -> dict[int, np.ndarray]:
    """Trend of every place (draws, C) by year: the sampled years, and those up to `last_year` by the model's own steps."""
    fade, persistence, scale = node.T[:, :, None]
    common, own = states["common"][:, -1, None], states["own"][:, -1]
    shock = scale * places.own_sd * np.sqrt(1 - persistence**2)
    trends = dict(zip(range(places.years.start - 1, places.years.stop), states["trend"].swapaxes(0, 1), strict=True))
    for year in range(places.years.stop, last_year + 1):
        common = fade * common + places.prior["common_shock"] * rng.standard_normal(common.shape)
        own = persistence * own + shock * rng.standard_normal(own.shape)
        trends[year] = trends[year - 1] + states["m"][:, None] + common + states["lasting"] + own
    return trends


def quantities(places: Places, watched: list[int], latents: dict[str, Any], rng: np.random.Generator) -> Draws:
    """Turn the latents of one chain into draws of what is compared."""

    def at(one: dict[str, Any]) -> Any:
        return log_densities(places, one), substitute(growth_model, data=one)(places, *places.nodes[0])

    logits, states = jax.jit(lambda every: jax.lax.map(at, every, batch_size=500))(latents)
    states = {name: np.asarray(values) for name, values in states.items()}
    node = places.nodes[np.argmax(np.asarray(logits) + rng.gumbel(size=logits.shape), axis=1)]
    trends = continued(places, states, node, int(places.origin.max()) + max(AHEAD), rng)
    draws = {"m": states["m"], "F in the last year": states["common"][:, -1], "fade": node[:, 0]}
    for number in watched:
        place, origin = places.series[number]["place"], int(places.origin[number])
        row = origin - places.years.start  # of the growth in the year of the origin
        growth = states["m"] + states["common"][:, row] + states["lasting"][:, number] + states["own"][:, row, number]
        draws |= {f"{place}: trend": trends[origin][:, number], f"{place}: growth": growth}
        for ahead in AHEAD:
            noise = node[:, 2] * places.noise_sd[number] * rng.standard_normal(len(node))
            draws[f"{place}: ln(level) {ahead} ahead"] = trends[origin + ahead][:, number] + noise
    return draws


def summarise(chains: np.ndarray, names: list[str]) -> dict[str, Any]:
    """Statistics of draws (chains, draws), each with its Monte Carlo error by batch means."""
    batches = chains.reshape(len(chains) * BATCHES, -1)
    summary: dict[str, Any] = {name: float(f"{STATISTICS[name](chains):.7g}") for name in names}
    spread = {name: np.std([STATISTICS[name](one) for one in batches], ddof=1) for name in names}
    return summary | {
        "error": {name: float(f"{spread[name] / np.sqrt(len(batches)):.3g}") for name in names},
        "effective_sample_size": round(float(effective_sample_size(chains))),
        "split_r_hat": round(float(split_gelman_rubin(chains)), 5),
    }


def main() -> None:
    """Make the panels, sample each and store it with its summary."""
    FOLDER.mkdir(exist_ok=True)
    for number, plan in enumerate(PLANS):
        panel = make_panel(plan)
        places = Places(panel)
        begun = time.perf_counter()
        latents = sample(places)
        rng = np.random.default_rng([SEED, number])
        by_chain = [{name: values[chain] for name, values in latents.items()} for chain in range(CHAINS)]
        chains = [quantities(places, panel["watched"], one, rng) for one in by_chain]
        # The fade has five values: a quantile would say nothing.
        summary = {
            name: summarise(np.stack([one[name] for one in chains]), ["mean", "sd"] if name == "fade" else list(STATISTICS))
            for name in chains[0]
        }
        sampling = {"chains": CHAINS, "draws": DRAWS, "numpyro": numpyro.__version__, "jax": jax.__version__}
        content = {"version": VERSION, "made_by": "benchmarks/oracle.py", "panel": panel, "sampling": sampling, "summary": summary}
        (FOLDER / f"{plan.name}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        fewest = min(one["effective_sample_size"] for one in summary.values())
        print(f"{plan.name}: {time.perf_counter() - begun:.0f} s, fewest effective draws {fewest:,}", flush=True)


if __name__ == "__main__":
    main()
