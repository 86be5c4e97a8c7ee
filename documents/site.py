"""The documents and the reference of functions as a static site, by mkdocs.

`python -m documents.site FOLDER` stages the pages as they lie in the sources, with what
they link to, adds a page for each public module and the page that runs the model, and
builds them, strictly: a link that leads nowhere is an error. Needs the dependency group
`dev`.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from experiments.share.building import share_page
from simulation.scenario import read

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\(<?([^)#\s>]+)")
GUIDES = ("strategist", "academic", "consultant", "own-organisation")
REFERENCE = {
    "Scenarios": [
        "simulation.scenario",
        "simulation.scenario_values",
        "simulation.tables",
    ],
    "The model": [
        "simulation.model",
        "simulation.agents",
        "simulation.week",
        "simulation.state",
        "simulation.chance",
    ],
    "Many worlds": ["simulation.ensemble", "simulation.runs"],
    "Outcomes": ["simulation.outcomes", "simulation.measures"],
    "Comparing": [
        "experiments.compare.comparison",
        "experiments.compare.overview",
        "experiments.run.runner",
        "experiments.run.replicates",
        "experiments.statistics.intervals",
        "experiments.compare.results",
    ],
    "Studies": [
        "experiments.run.study_files",
        "experiments.run.study_plans",
        "experiments.run.studying",
        "experiments.run.study_outcomes",
        "experiments.run.convergence",
        "experiments.run.store",
        "experiments.science.panels",
    ],
    "Advice": [
        "experiments.advise.moves",
        "experiments.advise.levers",
        "experiments.advise.plans",
        "experiments.advise.atlas.combinations",
        "experiments.advise.atlas.effects",
        "experiments.explore.sensing",
        "experiments.explore.policies",
        "experiments.fit.own_data.fitted",
        "experiments.fit.own_data.posterior",
    ],
    "Reports": [
        "experiments.report.studies",
        "experiments.report.building",
        "experiments.show.document",
        "experiments.show.page",
        "experiments.show.writing",
        "experiments.people.recorded",
        "experiments.people.picture",
        "experiments.people.slider",
    ],
}
"""Public modules by subject."""


def page_of(subject: str) -> str:
    """Return the name of the page of a subject of the reference.

    >>> page_of("The model")
    'the-model'
    """
    return subject.lower().replace(" ", "-")


PAGES = {
    "Start": ["README", *(f"docs/guides/{x}" for x in GUIDES)],
    "What you can do": [
        f"docs/{page}"
        for page in (
            *("app", "share", "import", "studies", "reports", "slides-and-workbook"),
            *("people-graph", "story", "advice", "leaving", "own-data", "real-graphs"),
            "sensitivity",
        )
    ],
    "The model": [f"docs/{x}" for x in ("ODD", "levers", "parameters", "outcomes")],
    "What stands behind it": [
        f"docs/{page}"
        for page in (
            *("science", "claims", "verdicts", "signs-by-construction", "docking"),
            *("robustness", "trace", "stress", "speed", "webassembly"),
        )
    ],
    "Reference": [f"docs/reference/{page_of(x)}" for x in REFERENCE],
    "The project": ["CONTRIBUTING", "CHANGELOG"],
}
"""Pages in the order in which they are offered, by subject; mkdocs tells of others."""
TRY = "try.html"
"""The page that runs the model, for whoever has nothing installed."""
TRIED = ("owned", "steered_on_direction", "testing_room")
"""Its first questions, on the usual organisation."""
CONFIGURATION = """\
site_name: orgsim
docs_dir: pages
use_directory_urls: false
theme:
  name: readthedocs
  highlightjs: false
nav: {nav}
plugins:
  - search
  - mkdocstrings:
      handlers:
        python:
          paths: ["{root}"]
          options:
            extensions: ["documents.site_examples"]
            show_source: false
            show_attribute_values: false
            show_root_toc_entry: false
            docstring_style: null
            filters: ["!^_"]
            heading_level: 3
            separate_signature: true
markdown_extensions:
  - tables
  - toc:
      permalink: true
      slugify: !!python/name:documents.site.slug
validation:
  nav:
    omitted_files: warn
  links:
    anchors: warn
    unrecognized_links: warn
"""


def slug(heading: str, separator: str) -> str:
    """Return the anchor of a heading, as GitHub makes it.

    >>> slug("7.1 bits: beliefs as bits", "-")
    '71-bits-beliefs-as-bits'
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", separator)


def navigation() -> str:
    """Return the pages by subject, as mkdocs wants to have them (JSON is YAML)."""
    found = [{subject: [f"{x}.md" for x in names]} for subject, names in PAGES.items()]
    return json.dumps([{"Try it": TRY}, *found])


def pages() -> list[Path]:
    """Return the pages of the sources, as paths from the root."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(page.relative_to(ROOT) for page in found)


def linked() -> set[Path]:
    """Return the files that pages link to and that are no pages, from the root."""
    found = set()
    for page in pages():
        for link in LINK.findall((ROOT / page).read_text(encoding="utf-8")):
            target = (ROOT / page.parent / link).resolve()
            if target.is_file() and target.suffix != ".md":
                found.add(target.relative_to(ROOT))
    return found


def stage(folder: Path) -> Path:
    """Lay out in `folder` what mkdocs builds from; return its configuration."""
    for path in {*pages(), *linked()}:
        there = folder / "pages" / path
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, there)
    reference = folder / "pages" / "docs" / "reference"
    reference.mkdir(parents=True)
    for subject, modules in REFERENCE.items():
        text = "".join(f"## `{name}`\n\n::: {name}\n\n" for name in modules)
        page = reference / f"{page_of(subject)}.md"
        page.write_text(f"# {subject}\n\n{text}", "utf-8")
    tried = [read(name) for name in ("baseline", *TRIED)]
    (folder / "pages" / TRY).write_text(share_page(tried), encoding="utf-8")
    configuration = folder / "mkdocs.yml"
    text = CONFIGURATION.format(root=ROOT, nav=navigation())
    configuration.write_text(text, encoding="utf-8")
    return configuration


def build(site: Path) -> int:
    """Build the site into a folder; return the exit code of mkdocs."""
    with tempfile.TemporaryDirectory() as aside:
        configuration = stage(Path(aside))
        command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
        where = ["--config-file", str(configuration), "--site-dir", str(site.resolve())]
        return subprocess.run([*command, *where], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(build(Path(*sys.argv[1:2] or ["site"])))
