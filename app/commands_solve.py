"""`sourcecast solve`: how much of a lever would be enough; and `sourcecast targets --joint`: targets held together."""

from typing import Annotated

import typer

from app.commands_scenarios import SCENARIO_HELP
from app.options import (
    Choice,
    Data,
    Format,
    FormatOption,
    KnownBy,
    NoBundled,
    Paths,
    Quiet,
    Seed,
    Threads,
    choose,
    positive,
    vintage,
)
from app.terminal import console, notes, progress

LEVER_HELP = (
    "growth (points a year), programme (a level gained up to the due year), talent (people trained each year who stay), fdi (money attracted "
    "each year), ceiling (the lowest that leaves the odds) or target (the highest value that has them)."
)
JOINT_HEADINGS = {
    "vintage": "Known by",
    "place": "Place",
    "places_met": ">Places that meet all",
    "targets": ">Targets",
    "probability": ">Odds in 100",
    "range": ">10-90 %",
    "product": ">If independent",
}


def solve(
    target: Annotated[str, typer.Argument(help="The name of a target; `targets --format json` lists them.")],
    probability: Annotated[float, typer.Option("--probability", help="The odds wanted, a share above 0 and below 1.")] = 0.8,
    lever: Annotated[str, typer.Option("--lever", help=LEVER_HELP)] = "growth",
    scenario: Annotated[str, typer.Option("--scenario", help=f"What else is moved and supposed. {SCENARIO_HELP}")] = "baseline",
    output: FormatOption = Format.table,
    paths: Paths = 10_000,
    seed: Seed = 1,
    threads: Threads = None,
    known_by: KnownBy = "document",
    data: Data = [],  # noqa: B006
    no_bundled: NoBundled = False,
    quiet: Quiet = False,
) -> None:
    """Find how much of a lever would lift a target to the wanted odds, and check it with another seed."""
    positive("--paths", paths)
    positive("--threads", threads)
    chosen = choose(data, no_bundled, [], [])
    date = vintage(known_by, document=True)
    notes(chosen.catalogue.notes, quiet)
    from app.numbers import error_in_hundred, in_hundred
    from app.result_tables import as_csv, as_json
    from scenarios import Solution, load_scenario
    from scenarios import solve as solve_target
    from scenarios.goal_seeking import in_words

    loaded = load_scenario(scenario, chosen.catalogue)
    with progress("Solving", quiet):
        found = solve_target(
            chosen.catalogue, target, probability, lever, known_by=date, paths=paths, seed=seed, threads=threads, scenario=loaded
        )  # fmt: skip
    if output is Format.json:
        print(as_json([found.as_record()]))
    elif output is Format.csv:
        print(as_csv([found.as_record()], list(Solution.__dataclass_fields__)))
    else:
        console().print(f"{found.target}: {found.answer}.")
        ends = [in_words(end) if end is not None else "-" for end in (found.amount_low, found.amount_high)]
        if found.amount is not None:
            console().print(f"Between {ends[0]} and {ends[1]} {found.unit}, allowing two Monte Carlo errors.")
            again = f"{in_hundred(found.probability)} ±{error_in_hundred(found.probability_error)}"
            console().print(f"Simulated again with another seed it is met in {again} of 100 futures.")


def show_joint(
    chosen: Choice, scenario: str, output: Format, date: str, paths: int, seed: int, threads: int | None
) -> None:  # fmt: skip
    """Print the odds of targets held together."""
    from app.numbers import error_in_hundred, in_hundred
    from app.result_tables import as_csv, as_json, print_records
    from scenarios import JointOdds, joint_odds, load_scenario

    loaded = load_scenario(scenario, chosen.catalogue)
    found = joint_odds(
        chosen.catalogue, known_by=date, paths=paths, seed=seed, threads=threads, places=chosen.places, scenario=loaded
    )  # fmt: skip
    records = [one.as_record() for one in found]
    if output is Format.json:
        print(as_json(records))
    elif output is Format.csv:
        print(as_csv(records, list(JointOdds.__dataclass_fields__)))
    else:
        rows = [
            one.as_record()
            | {
                "probability": f"{in_hundred(one.probability)} ±{error_in_hundred(one.probability_error)}",
                "range": f"{in_hundred(one.probability_low)}-{in_hundred(one.probability_high)}",
                "product": "" if one.product is None else in_hundred(one.product),
            }
            for one in found
        ]
        print_records(console(), "Targets held together", rows, JOINT_HEADINGS)
