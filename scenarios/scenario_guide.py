"""Writes docs/scenarios.md: scenario files, presets, levers, assumptions, distributions. Run `python -m scenarios.scenario_guide`."""

from pathlib import Path
from textwrap import fill

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from scenarios.fields import ALL, amount_of, compact
from scenarios.quantities import DISTRIBUTIONS, Quantity
from scenarios.scenario import KINDS
from scenarios.scenario_files import PRESETS, load_scenario, located
from scenarios.terms import Term

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scenarios.md"
WIDTH = 145
OPENING = """# Scenarios

Written by `python -m scenarios.scenario_guide`.

A scenario is a title, levers (what a planner moves) and assumptions (what the modeller supposes), in a YAML file:

```yaml
title: Talent push and a mild recession
base: baseline            # inherits another file or a preset
horizon: 2020
levers:
  - growth:       {places: [Hangzhou], measure: contract_value_executed, scope: offshore,
                   years: [2013, 2016], points: {triangular: [1, 3, 6]}, ramp: 2}   # percentage points a year
  - ceiling:      {places: [Wuxi], measure: employees, level: 400000}
assumptions:
  - common_shock: {year: 2014, percent: -8, probability: 0.25, half_life: 1.5}
  - exchange_rate: {pair: CNY/USD, path: {2013: 6.2, 2015: 6.3}, volatility: 0.04}
  - link:         {from: employees, to: contract_value_executed, elasticity: {normal: [0.4, 0.15]}, lag: 1}
  - volatility:   {measure: fdi_actual, factor: 1.5}
```

- `base` names a preset, or a file relative to this one. Its levers and assumptions come first. A lever or assumption of this file replaces the one
  of the base that is **about the same thing**: of the same kind, with the same places, measure, scope, years and so on (in the tables
  below, what is marked with a dot). Everything else adds to it. To switch something of the base off, state it again with an amount that does
  nothing. The horizon is that of the base unless the file has its own.
- No two levers or assumptions of a file are about the same thing. Where several apply to a series, levers add up, as do shocks; of assumptions that
  set something, such as one for all families and one for people, the last counts.
- Names match without regard to case, in English or Chinese. Years are 2000 to 2100; of a series that is known for longer only the years to come
  are changed. Amounts of money need a unit (USD, CNY or HKD).
- Any amount may be a distribution; one value is drawn for each draw of the parameters, the same for all places and, where a term is about the same
  thing, in all scenarios. In long_run_growth, reversion and volatility it is one of eight values, drawn for each family by itself; a
  due year is a number.
- Nothing is linked unless a scenario says so. `sourcecast links FROM TO` estimates an elasticity from the cities, with its error, to be pasted.
- What does nothing (0 points, a factor of 1, a link that no lever moves) leaves the odds the same to the last byte.
- Files are UTF-8, at most 200 kB, without tags, anchors and aliases. Every fault is named with its line.
- `sourcecast schema scenario` prints the JSON schema. Kept as scenario.schema.json, it completes and checks in an editor that finds
  `# yaml-language-server: $schema=scenario.schema.json` in the first line of a scenario.

`sourcecast simulate SCENARIO` gives the levels that it leads to, `sourcecast targets --scenario SCENARIO` the odds of every target under it, and
`sourcecast compare SCENARIO SCENARIO...` the odds under each, the change against the first, and the part that each lever and assumption has in it.
A lever that leads the expected growth of a series out of the 5 to 95 % range of the growth rates on record of its family is warned of. How each
term enters the simulation is told in docs/method.md.
"""


def guide() -> str:
    """Return the page."""
    parts = [OPENING, "## Distributions\n", "| name | arguments | what it is |", "|---|---|---|"]
    parts += [f"| {name} | {one.arguments} | {summary(one)} |" for name, one in DISTRIBUTIONS.items()]
    parts.append("\n## Presets\n")
    for name in PRESETS:
        text = located(name, Path()).read_text(encoding="utf-8")
        why = " ".join(line.lstrip("# ").rstrip() for line in text.splitlines() if line.startswith("#"))
        stated = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        parts.append(f"### {name}: {load_scenario(name).title}\n\n{fill(why, WIDTH)}\n\n```yaml\n{stated}\n```\n")
    for section, kinds in KINDS.items():
        parts.append(f"## {section.capitalize()}\n")
        parts += [described(one) for one in kinds.values()]
    return "\n".join(parts).rstrip() + "\n"


def summary(distribution: type[Quantity]) -> str:
    """Return what a distribution says about itself, without its arguments."""
    return str(distribution.__doc__).partition("}")[2].lstrip(":, ").rstrip(".") or "as its name says"


def described(term: type[Term]) -> str:
    """Return what a lever or assumption means, and its fields."""
    rows = [row(field.alias or name, name in term.address, field) for name, field in term.model_fields.items()]
    head = ["| field | what it is | allowed | default |", "|---|---|---|---|"]
    return "\n".join(
        [f"### {term.kind}", "", fill(term.english, WIDTH), "", term.chinese.replace("。", "。\n").strip(), "", *head, *rows, ""]
    )


def row(name: str, about: bool, field: FieldInfo) -> str:
    """Return a field as a row; a dot marks what the term is about."""
    amount = amount_of(field)
    allowed = (
        f"{amount.low:,.10g} to {amount.high:,.10g} {amount.unit}{f', or {amount.word}' if amount.word else ''}" if amount else ""
    )
    return f"| {name}{' ·' if about else ''} | {field.description} | {allowed} | {default(field)} |"


def default(field: FieldInfo) -> str:
    """Return the default of a field as a file states it."""
    value = field.default
    if value is PydanticUndefined:
        return "needed"
    if value is None or value == ():
        return "none"
    return "all" if value == ALL else str(compact(value)) if isinstance(value, Quantity) else str(value)


if __name__ == "__main__":
    PAGE.write_text(guide(), encoding="utf-8")
