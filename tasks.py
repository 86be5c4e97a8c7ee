"""The project's tasks: python tasks.py check|test|format|tables|wasm|site|...

Each runs with the Python that runs this file, from any folder. `.ci/run` calls
the README's command for the tests, then `lint`.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SHOWCASE = ("assigned", "owned")
STUDIES = (
    *("ownership", "steering", "why_marketing_fails", "team_sport"),
    "structure_and_size",
)
"""The study of each article."""
SHOWN = ("answer.txt", "differences.png", "differences.txt", "manifest.json")
"""What the showcase keeps of a study."""
HEADLINES = [
    "ownership_quality",
    "ownership_learning",
    "direction_quality",
    "handyman_burns_out",
    "sales_partners",
    "strategy_for_all",
    "matrix_needs_rules",
]
UNDER_OTHER_RULES = (
    *HEADLINES,
    *["ownership_motivation", "lasting_engine", "saying_no", "island_kpis"],
    "questions_that_teach",
)
OF_SIZE = [
    "integrated_small",
    "integrated_less_double",
    "linked_large",
    "imbalance_costs_people",
    "matrix_needs_rules",
]
"""Claims of docs/science.md that are tested further than all are."""
RULES = [
    "resources_only_buffer",
    "spiral_of_loss",
    "conformity",
    "equal_weights",
    "last_reading",
    "no_ties",
    "shuffled_ties",
    "strain_without_support",
    "learning_without_strategy",
]


def check() -> None:
    """Lint, check the layout and the types, and run the tests."""
    lint()
    test()


def lint() -> None:
    """Check style and layout, and types."""
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")
    run("mypy")


def test() -> None:
    """Run the tests; arguments go to pytest (test -m slow)."""
    run("pytest", *sys.argv[2:])


def format() -> None:
    """Lay out the sources, and mend what can be mended by itself."""
    run("ruff", "check", "--fix", ".")
    run("ruff", "format", ".")


def tables() -> None:
    """Write the pages and records that are made from tables."""
    run("experiments.science.tables_page")
    run("experiments.science.signs")
    run("documents")


def example() -> None:
    """Write the exports of the worked example into docs/guides."""
    run("documents.worked_example")


def wasm() -> None:
    """Make the model as a WebAssembly module anew (needs wasm-ld)."""
    run("simulation.webassembly.building")


def site() -> None:
    """Build the documents as a site into site/ (needs the group dev)."""
    run("documents.site", "site")


def showcase() -> None:
    """Run the comparison and studies kept in results/showcase, and picture the page."""
    folder = f"results/showcase/{'-vs-'.join(SHOWCASE)}"
    run("experiments", "compare", *SHOWCASE, "--output", folder)
    with tempfile.TemporaryDirectory() as aside:
        for study in STUDIES:
            made = Path(aside) / study
            where = ("--store", str(Path(aside) / "store"), "--output", str(made))
            run("experiments", "study", study, *where, "--quiet")
            kept = ROOT / "results" / "showcase" / study
            kept.mkdir(parents=True, exist_ok=True)
            for name in SHOWN:
                shutil.copyfile(made / name, kept / name)
    run("documents.page_picture")


def benchmarks() -> None:
    """Measure speed and refresh docs/speed.md (--quick: only print)."""
    run("experiments.benchmarks", *sys.argv[2:])


def science() -> None:
    """Calibrate, validate, dock and test all claims: docs/science.md (an hour)."""
    for command in ("calibrate", "validate", "dock", "claims", "robustness"):
        run("experiments", command)
    run("experiments", "robustness", "--mechanisms")
    sharper = ("--sets", "256", "--organisations", "3")
    run("experiments", "claims", *HEADLINES, *sharper)
    for size in ("small", "large"):
        run("experiments", "claims", *OF_SIZE, "--sets", "24", "--size", size)
    for rule in RULES:
        run("experiments", "claims", *UNDER_OTHER_RULES, "--sets", "24", "--rule", rule)


def run(module: str, *arguments: str) -> None:
    """Run a module with this Python in the project's folder; end if it fails."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT)
    if done.returncode:
        sys.exit(done.returncode)


TASKS = (
    *(check, lint, test, format, tables, example, wasm, site, showcase, science),
    benchmarks,
)


def main() -> None:
    """Run the task that was named."""
    known = {task.__name__: task for task in TASKS}
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in known:
        lines = [f"  {task.__name__:<11} {task.__doc__}" for task in TASKS]
        sys.exit("\n".join(["python tasks.py TASK", *lines]))
    known[name]()


if __name__ == "__main__":
    main()
