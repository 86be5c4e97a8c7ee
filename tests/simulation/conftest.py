"""What several tests of scenarios use."""

import pytest

from simulation.scenario import ScenarioError, read


@pytest.fixture
def problems(tmp_path, monkeypatch):
    """Return a function from the text of a scenario file to the lines of its error."""
    monkeypatch.chdir(tmp_path)

    def read_text(text, name="bad.toml"):
        data = text if isinstance(text, bytes) else text.encode()
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ScenarioError) as caught:
            read(name)
        return str(caught.value).splitlines()

    return read_text
