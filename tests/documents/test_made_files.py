"""Files that are made from tables are what the tables say."""

from pathlib import Path

import pytest

from documents.writing import texts, write

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", texts())
def test_made_files_are_up_to_date(name):
    """`python -m documents` would change nothing."""
    assert (ROOT / name).read_text(encoding="utf-8") == texts()[name]


def test_files_are_written_where_they_belong(tmp_path):
    """Each file is written below the root that is given, and lands as it was made."""
    (tmp_path / "docs").mkdir()
    paths = write(tmp_path)
    made = {str(path.relative_to(tmp_path)): path.read_text("utf-8") for path in paths}
    assert made == texts()
