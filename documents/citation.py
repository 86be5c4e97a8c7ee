"""CITATION.cff and codemeta.json, made from pyproject.toml and the words below."""

import json
import tomllib
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
TITLE = "orgsim: an agent-based organisation simulator"
ABSTRACT = (
    "Mesa agents stand for marketeers, sales people, leaders and the colleagues "
    "around them; scenario files switch on how they are organised; runs show how "
    "lead quality, learning speed and burnout develop over time."
)
MESSAGE = "If you use orgsim in published work, please cite it as below."
LICENCES = "https://spdx.org/licenses/"


@cache
def project() -> dict[str, Any]:
    """Return the table [project] of pyproject.toml."""
    return tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]


def citation() -> str:
    """Return CITATION.cff, in version 1.2.0 of the Citation File Format."""
    about = project()
    lines = [
        "# Made from pyproject.toml by `python -m documents`.",
        "cff-version: 1.2.0",
        f'message: "{MESSAGE}"',
        "type: software",
        f'title: "{TITLE}"',
        "abstract: >-",
        *wrap(ABSTRACT, 86, initial_indent="  ", subsequent_indent="  "),
        "authors:",
        *[f'  - name: "{author["name"]}"' for author in about["authors"]],
        f"version: {about['version']}",
        f"license: {about['license']}",
        "keywords:",
        *[f"  - {keyword}" for keyword in about["keywords"]],
    ]
    return "\n".join(lines) + "\n"


def codemeta() -> str:
    """Return codemeta.json, in version 3.0 of CodeMeta."""
    about = project()
    record = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": about["name"],
        "alternateName": TITLE,
        "description": about["description"],
        "abstract": ABSTRACT,
        "version": about["version"],
        "license": LICENCES + about["license"],
        "author": [
            {"@type": "Organization", "name": author["name"]}
            for author in about["authors"]
        ],
        "keywords": about["keywords"],
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {about['requires-python']}",
        "softwareRequirements": about["dependencies"],
        "developmentStatus": "active",
        "readme": "README.md",
    }
    return json.dumps(record, indent=2) + "\n"
