"""The site: pages staged with what they link to, a reference whose modules exist."""

import importlib
import inspect

import machine
import pytest

from documents import site

MODULES = [name for names in site.REFERENCE.values() for name in names]


@pytest.mark.parametrize("name", MODULES)
def test_what_the_reference_shows_is_explained(name):
    """A module of the reference is there, and so are docstrings of all it offers."""
    module = importlib.import_module(name)
    offered = [
        value
        for key, value in vars(module).items()
        if not key.startswith("_")
        and getattr(value, "__module__", "") == name
        and (inspect.isclass(value) or inspect.isfunction(value))
    ]
    assert inspect.getdoc(module)
    assert [value for value in offered if not inspect.getdoc(value)] == []


def test_pages_are_staged_with_what_they_link_to(tmp_path):
    """Pages lie as in the sources; pictures, tables and the reference beside them."""
    configuration = site.stage(tmp_path)
    assert str(site.ROOT) in configuration.read_text("utf-8")
    pages = tmp_path / "pages"
    assert (pages / "README.md").read_bytes() == (site.ROOT / "README.md").read_bytes()
    assert (pages / "results/showcase/claims/claims.png").exists()
    assert len(list((pages / "docs/reference").glob("*.md"))) == len(site.REFERENCE)


def test_the_site_builds_without_a_warning(tmp_path):
    """mkdocs builds every page, and every link of it leads somewhere."""
    machine.library("mkdocs")
    machine.library("mkdocstrings")
    assert site.build(tmp_path / "site") == 0
    docs = tmp_path / "site" / "docs"
    assert "Organisation" in (docs / "reference/the-model.html").read_text("utf-8")
    assert (docs / "ODD.html").exists()
    assert "WebAssembly" in (tmp_path / "site" / "try.html").read_text("utf-8")
    assert "try.html" in (tmp_path / "site" / "index.html").read_text("utf-8")
