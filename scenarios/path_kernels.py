"""Paths of series years forward, outcomes folded in as they appear. Serial kernels; simulation.py runs them on fixed blocks of paths.

How arrays of paths are laid out and what a row is, is said in family_kernels.py; what members, events and pushes hold, in prepared.py.
"""

from math import erfc, exp, log1p

import numpy as np
from numba import float32, int32, njit, uint8

from scenarios.family_kernels import BREAKS, TWO_A_YEAR, fill_draw_shocks, fill_yearly_shocks_by_draw
from scenarios.histogram_kernels import widen
from scenarios.shock_kernels import fill_shocks, fill_shocks_by_draw, fill_words, quantile, uniform


@njit(cache=True, error_model="numpy", nogil=True)
def fill_states(first_draw, key, normal, base, slope, factor, nodes, common, states):
    """Fill states (3, n_draws): trend level, lasting difference and passing deviation at the origin."""
    shocks = np.empty((3, nodes.shape[0]), np.float32)
    fill_draw_shocks(key, first_draw, normal, shocks)
    for draw in range(nodes.shape[0]):
        node = nodes[draw]
        for row in range(3):
            value = base[node, row]
            for column in range(slope.shape[2]):
                value += slope[node, row, column] * common[draw, column]
            for column in range(row + 1):
                value += factor[node, row, column] * shocks[column, draw]
            states[row, draw] = value


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def tile(by_draw, by_path):
    """Give every path (n_paths,) the value of its draw (n_draws,)."""
    for start in range(0, by_path.shape[0], by_draw.shape[0]):
        for draw in range(by_draw.shape[0]):
            by_path[start + draw] = by_draw[draw]


@njit(cache=True, error_model="numpy", nogil=True)
def copy(source, target):
    """Copy an array (n,); loops compile in a tenth of the time that whole-array assignments take."""
    for i in range(target.shape[0]):
        target[i] = source[i]


@njit(cache=True, error_model="numpy", nogil=True)
def mix(share, of_first, first, of_second, second):
    """Set share (n,) to a weighted sum of two arrays."""
    for i in range(share.shape[0]):
        share[i] = of_first * first[i] + of_second * second[i]


@njit(cache=True, error_model="numpy", nogil=True)
def weigh(shared, group_shock, own, own_shock):
    """Set own_shock (n_paths,) to the sum of the shock of its place and its own, each times its weight."""
    for i in range(own_shock.shape[0]):
        own_shock[i] = shared[i] * group_shock[i] + own[i] * own_shock[i]


@njit(cache=True, error_model="numpy", nogil=True)
def blend(narrow, group, wide, all_places, listed, of_list):
    """Set group (n_paths,), the shock of a place, to the sum of its own, that of all places and that of its list; weights are by draw."""
    n_draws = narrow.shape[0]
    for path in range(group.shape[0]):
        draw = path % n_draws
        group[path] = narrow[draw] * group[path] + wide[draw] * all_places[path] + listed[draw] * of_list[path]


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def step(
    own_words, noise_words, own_law, normal, per_unit, middle, last, shared, own, persistence, scale, noise, group_shock, common,
    common_before, passing, total, trend, level, places,
):  # fmt: skip
    """One year of a series on all paths (n_paths,), in one pass: shocks from their words, states, level and the place in its histogram.

    passing decays and is pushed, total is its sum. trend comes in as what the draw says and leaves with the common shocks since the origin
    and the own ones; level is the trend with the level noise of the year.
    """
    a0, a1, a2, a3, a4, a5, a6, a7 = own_law[0], own_law[1], own_law[2], own_law[3], own_law[4], own_law[5], own_law[6], own_law[7]
    a8, a9, a10, a11, a12, a13, a14 = own_law[8], own_law[9], own_law[10], own_law[11], own_law[12], own_law[13], own_law[14]
    b0, b1, b2, b3, b4, b5, b6, b7 = normal[0], normal[1], normal[2], normal[3], normal[4], normal[5], normal[6], normal[7]
    b8, b9, b10, b11, b12, b13, b14 = normal[8], normal[9], normal[10], normal[11], normal[12], normal[13], normal[14]
    per_unit, middle, last = float32(per_unit), float32(middle), float32(last)
    for i in range(passing.shape[0]):
        shock = quantile(own_words[i], a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14)
        moved = persistence[i] * passing[i] + scale[i] * (shared[i] * group_shock[i] + own[i] * shock)
        reached = total[i] + moved
        straight = trend[i] + (common[i] - common_before[i]) + reached
        shock = quantile(noise_words[i], b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14)
        reported = straight + noise[i] * shock
        passing[i] = moved
        total[i] = reached
        trend[i] = straight
        level[i] = reported
        places[i] = int32(min(max(reported * per_unit + middle, float32(0.0)), last))


@njit(cache=True, error_model="numpy", nogil=True)
def bend(
    straight, straight_before, push, push_before, ceiling, gain, passing_gain, pushes, links, effects, t, trend, lent, effect_before, effect
):  # fmt: skip
    """One year of a series that a ceiling, a gained level or a link bends; all by path but push, ceiling and gains, which are by draw.

    trend is stepped on by the growth of the straight path, braked by 1 - level/ceiling where it is positive, and raised by the level gained
    in this year. lent is what a gain that does not last adds in its year; it is given back before the next. effect is what levers have added
    to ln(level) so far; links hand it on. Levels are relative to the last known one.
    """
    n_draws = push.shape[0]
    for path in range(trend.shape[0]):
        draw = path % n_draws
        trend[path] -= lent[path]
        added = push[draw] - push_before[draw] - lent[path]
        growth = straight[path] - straight_before[path]
        for number in links:
            row = t + 1 - pushes.link_lag[number]
            if row >= 1:
                source = effects[pushes.link_source[number]]
                passed = pushes.link_elasticity[number, draw] * (source[row, path] - source[row - 1, path])
                growth += passed
                added += passed
        if ceiling[draw] < np.inf and growth > 0.0:
            growth *= max(0.0, 1.0 - exp(trend[path] - ceiling[draw]))
        trend[path] += growth
        if gain[draw] != 0.0:
            gained = log1p(max(gain[draw] * exp(-trend[path]), -0.99))
            trend[path] += gained
            added += gained
        lent[path] = log1p(max(passing_gain[draw] * exp(-trend[path]), -0.99)) if passing_gain[draw] != 0.0 else 0.0
        trend[path] += lent[path]
        added += lent[path]
        effect[path] = effect_before[path] + added


@njit(cache=True, error_model="numpy", nogil=True)
def break_off(key, low, high, year, chance, factor, stationary_sd, nodes, normal, passing):
    """Draw the own deviation anew on the paths where a break falls into the year; chance and factor are by draw, stationary_sd by node."""
    words, shocks = np.empty((4, low.shape[0]), np.uint32), np.empty(low.shape[0], np.float32)
    fill_words(key, low, high, (year + 1) // 2, BREAKS, words)
    lane = 2 * ((year + 1) % 2)
    fill_shocks(words[lane + 1], normal, shocks)
    for path in range(low.shape[0]):
        draw = path % nodes.shape[0]
        if uniform(words[lane, path]) < chance[draw]:
            passing[path] = stationary_sd[nodes[draw]] * factor[draw] * shocks[path]


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def fill_places(values, per_unit, middle, last, places):
    """Fill places (n,) with the bins of values (n,), with one bin beyond each end."""
    per_unit, middle, last = float32(per_unit), float32(middle), float32(last)
    for i in range(values.shape[0]):
        places[i] = int32(min(max(values[i] * per_unit + middle, float32(0.0)), last))


@njit(cache=True, error_model="numpy", nogil=True)
def count(places, histogram):
    """Add one to the bins (n,) of a histogram."""
    unsigned = places.view(np.uint32)
    for i in range(unsigned.shape[0]):
        histogram[unsigned[i]] += 1


@njit(cache=True, error_model="numpy", nogil=True)
def note_passage(levels, threshold, t, never, first):
    """Set first (n_paths,) to t where the threshold (n_paths,) is reached and was not before (`never`)."""
    for path in range(levels.shape[0]):
        reached = levels[path] >= threshold[path]
        first[path] = min(first[path], uint8(t) if reached else uint8(never))


@njit(cache=True, error_model="numpy", nogil=True)
def settle_event(number, events, nodes, push, total, hit, share):
    """Fill share (n_draws,): the odds of an event by draw, from its paths or, where that is exact, given the own shocks alone."""
    n_draws = share.shape[0]
    per_draw = hit.shape[0] // n_draws
    for draw in range(n_draws):
        share[draw] = 0.0
    for path in range(hit.shape[0]):
        draw = path % n_draws
        node = nodes[draw]
        if events.exact[number]:
            margin = (events.mean[number, node] + push[draw] + total[path]) * events.per_sd[number, node]
            share[draw] += 0.5 * erfc(-0.7071067811865476 * margin)
        else:
            share[draw] += hit[path]
    for draw in range(n_draws):
        share[draw] /= per_draw


@njit(cache=True, error_model="numpy", nogil=True)
def watch_events(
    row, t, n_years, events, nodes, push, doubts, level, total, threshold, bins, places, firsts, hits, shares, margins
):
    """Fold one year of a series into its events. bins (3,): bins for each unit, the middle and the last bin; threshold is scratch."""
    for number in range(events.start[row], events.start[row + 1]):
        for path in range(threshold.shape[0]):
            threshold[path] = events.threshold[number]
        if events.doubt[number] >= 0:
            mix(threshold, 1.0, threshold, -1.0, doubts[events.doubt[number], t])
        note_passage(level, threshold, t, n_years, firsts[number])
        if t == events.due[number]:
            for path in range(level.shape[0]):
                hits[number, path] = firsts[number, path] <= t if events.by[number] else level[path] >= threshold[path]
            settle_event(number, events, nodes, push, total, hits[number], shares[number])
            if events.margin[number] >= 0:
                mix(threshold, 1.0, level, -1.0, threshold)
                fill_places(threshold, bins[0], bins[1], bins[2], places)
                count(places, margins[events.margin[number]])


@njit(cache=True, error_model="numpy", nogil=True)
def fill_drawn(member, members, family, nodes, states, by_draw, origin_row, start, push, of_nodes, drawn):
    """Fill what a draw says of a series: of_nodes (3, n_draws): persistence, scale, noise; drawn (rows, n_draws): the trend but for shocks."""
    n_rows, n_draws = drawn.shape
    for draw in range(n_draws):
        node = nodes[draw]
        of_nodes[0, draw] = family.persistence[node]
        of_nodes[1, draw] = members.own_shock[member, node]
        of_nodes[2, draw] = members.noise[member, node]
        reach, power = 0.0, 1.0
        for row in range(start, n_rows):
            trend = states[0, draw] + (row - start) * states[1, draw] + push[row, draw] + reach * states[2, draw]
            drawn[row, draw] = trend + by_draw[origin_row + row - start, draw] - by_draw[origin_row, draw]
            power *= family.persistence[node]
            reach += power


@njit(cache=True, error_model="numpy", nogil=True)
def run_members(
    first_draw, low, high, first_year, per_unit, normal, family, coupling, nodes, common, by_draw, by_path, members, events, pushes,
    doubts, effects, levels, reach, margins, watched, hits, firsts, shares,
):  # fmt: skip
    """Simulate all series of a family over a block of paths and fold their outcomes in.

    normal (15,): the law of all shocks but the own ones, whose laws coupling holds. levels (series, years, bins) and margins (events in doubt,
    bins) are added to, and reach (series, years, 2) widened to the bins of levels in use; watched (slots, years, paths), effects (slots, rows,
    paths), hits and firsts (events, paths) and shares (events, draws) are filled.
    Years are counted from first_year. What members, events and pushes hold is said in prepared.py.
    """
    own_law, law_number = coupling.laws[0], coupling.law_number
    n_paths, n_years, n_draws = low.shape[0], levels.shape[1], nodes.shape[0]
    bins = np.array([per_unit, levels.shape[2] // 2, levels.shape[2] - 1])
    words, places = np.empty((4, n_paths), np.uint32), np.empty(n_paths, np.int32)
    group_shock, wide_shock = np.empty((n_years, n_paths), np.float32), np.empty((n_years, n_paths), np.float32)
    list_shock = np.zeros((n_years if family.mixed else 0, n_paths), np.float32)
    shared, own = np.empty(n_paths, np.float32), np.empty(n_paths, np.float32)
    own_shock = np.empty(n_paths if coupling.laws.shape[0] > 1 else 0, np.float32)
    all_of_it, nothing = np.ones(own_shock.shape[0], np.float32), np.zeros(own_shock.shape[0], np.float32)
    passing, total, level = np.empty(n_paths, np.float32), np.empty(n_paths, np.float32), np.empty(n_paths, np.float32)
    straight, before, bent = np.empty(n_paths, np.float32), np.empty(n_paths, np.float32), np.empty(n_paths, np.float32)
    lent = np.empty(n_paths, np.float32)
    threshold, idle = np.empty(n_paths, np.float32), np.zeros((n_years + 1, n_paths), np.float32)
    persistence, scale, noise = np.empty(n_paths, np.float32), np.empty(n_paths, np.float32), np.empty(n_paths, np.float32)
    states, of_nodes = np.empty((3, n_draws)), np.empty((3, n_draws), np.float32)
    drawn, push = np.empty((n_years + 1, n_draws), np.float32), np.zeros((n_years + 1, n_draws))
    no_ceiling, no_gain = np.full(n_draws, np.inf), np.zeros((n_years, n_draws))
    group = -1
    if family.mixed:
        fill_yearly_shocks_by_draw(family.keys[3], low, high, first_year, coupling.laws, law_number, wide_shock)
    for member in range(members.row.shape[0]):
        row, start, key = members.row[member], members.start[member], members.keys[member, 1]
        if members.group[member] != group:
            group = members.group[member]
            fill_yearly_shocks_by_draw(members.group_keys[group], low, high, first_year, coupling.laws, law_number, group_shock)
            listing = members.group_list[group]
            if family.mixed:
                if listing > 0:
                    fill_yearly_shocks_by_draw(coupling.keys[listing], low, high, first_year, coupling.laws, law_number, list_shock)
                narrow, wide, listed = coupling.narrow[listing], coupling.wide[listing], coupling.listed[listing]
                for t in range(n_years):
                    blend(narrow, group_shock[t], wide, wide_shock[t], listed, list_shock[t])
            tile(coupling.shared[listing], shared)
            tile(coupling.own[listing], own)
        fill_states(
            first_draw, members.keys[member, 0], normal, members.base[member], members.slope[member], members.factor[member],
            nodes, common, states,
        )  # fmt: skip
        for t in range(n_years + 1):
            for draw in range(n_draws):
                push[t, draw] = push[t - 1, draw] if t > start else 0.0
                if t > start and pushes.growth_slot[row] >= 0:
                    push[t, draw] += pushes.growth[pushes.growth_slot[row], t - 1, draw]
        for path in range(n_paths):
            passing[path], total[path] = 0.0, 0.0
        if family.broken:  # then the passing deviation at the origin may end, and is stepped with the shocks
            tile(states[2], passing)
            states[2] = 0.0
        origin_row = first_year + start - family.first_year
        fill_drawn(member, members, family, nodes, states, by_draw, origin_row, start, push, of_nodes, drawn)
        tile(of_nodes[0], persistence)
        tile(of_nodes[1], scale)
        tile(of_nodes[2], noise)
        links = range(pushes.link_start[row], pushes.link_start[row + 1])
        bends = pushes.ceiling_slot[row] >= 0 or pushes.gain_slot[row] >= 0 or pushes.effect_slot[row] >= 0
        if bends:
            tile(drawn[start], before)
            copy(before, bent)
            for path in range(n_paths):
                lent[path] = 0.0
        ceiling = pushes.ceiling[pushes.ceiling_slot[row]] if pushes.ceiling_slot[row] >= 0 else no_ceiling
        gain = pushes.gain[pushes.gain_slot[row]] if pushes.gain_slot[row] >= 0 else no_gain
        passing_gain = pushes.passing[pushes.gain_slot[row]] if pushes.gain_slot[row] >= 0 else no_gain
        effect = effects[pushes.effect_slot[row]] if pushes.effect_slot[row] >= 0 else idle
        for number in range(events.start[row], events.start[row + 1]):
            for path in range(n_paths):
                firsts[number, path] = n_years
        for t in range(start, n_years):
            year = first_year + t
            lane = 2 * ((year + 1) % 2)
            if t == start or lane == 0:
                fill_words(key, low, high, (year + 1) // 2, TWO_A_YEAR, words)
            if family.broken:
                chance, factor, stationary_sd = coupling.break_chance, coupling.break_factor, members.stationary_sd[member]
                break_off(key, low, high, year, chance, factor, stationary_sd, nodes, normal, passing)
            tile(drawn[t + 1], straight)
            if coupling.laws.shape[0] == 1:
                step(
                    words[lane], words[lane + 1], own_law, normal, bins[0], bins[1], bins[2], shared, own, persistence, scale, noise,
                    group_shock[t], by_path[t + 1], by_path[start], passing, total, straight, level, places,
                )  # fmt: skip
            else:  # a step knows one law: shocks of several come to it ready, as if the place shared all of them
                fill_shocks_by_draw(words[lane], coupling.laws, law_number, own_shock)
                weigh(shared, group_shock[t], own, own_shock)
                step(
                    words[lane], words[lane + 1], own_law, normal, bins[0], bins[1], bins[2], all_of_it, nothing, persistence, scale, noise,
                    own_shock, by_path[t + 1], by_path[start], passing, total, straight, level, places,
                )  # fmt: skip
            if bends:
                bend(
                    straight,
                    before,
                    push[t + 1],
                    push[t],
                    ceiling,
                    gain[t],
                    passing_gain[t],
                    pushes,
                    links,
                    effects,
                    t,
                    bent,
                    lent,
                    effect[t],
                    effect[t + 1],
                )
                mix(level, 1.0, level, -1.0, straight)
                mix(level, 1.0, level, 1.0, bent)
                copy(straight, before)
                fill_places(level, bins[0], bins[1], bins[2], places)
            count(places, levels[row, t])
            widen(reach[row, t], places)
            if members.watch[member] >= 0:
                copy(level, watched[members.watch[member], t])
            watch_events(
                row,
                t,
                n_years,
                events,
                nodes,
                push[t + 1],
                doubts,
                level,
                total,
                threshold,
                bins,
                places,
                firsts,
                hits,
                shares,
                margins,
            )
