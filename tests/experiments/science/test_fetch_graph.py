import hashlib
import subprocess
import zipfile
from collections import Counter

import pytest

from experiments.science import fetch_graph
from experiments.science.fetch_graph import SOURCES, FetchError, Source, planned, take
from simulation.graph_files import read_graph
from simulation.people_for_graph import people_for
from simulation.people_table import graph_among
from simulation.whole_files import write_file

DATA = b"Ann,Bob,lunch\n"
SMALL = Source("uunet/data/small.mpx", hashlib.sha256(DATA).hexdigest(), "made up")


@pytest.fixture
def wheel(tmp_path):
    """Return a wheel with one small graph, and one file that must stay inside."""
    path = tmp_path / "made-up.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(SMALL.member, DATA)
        archive.writestr("../escape.mpx", DATA)
    return path


@pytest.fixture
def pip(monkeypatch, wheel):
    """Let the download give the small wheel; return how often it was asked."""
    asked = []
    monkeypatch.setitem(fetch_graph.SOURCES, "aucs", SMALL)
    monkeypatch.setattr(fetch_graph, "download", lambda to: asked.append(to) or wheel)
    return asked


def test_fetch_writes_the_one_file_and_keeps_it(tmp_path, pip):
    """The file arrives whole and alone, and a second call fetches nothing."""
    target = fetch_graph.fetch("aucs", tmp_path / "out")
    assert target.read_bytes() == DATA
    assert [path.name for path in target.parent.iterdir()] == ["small.mpx"]
    assert fetch_graph.fetch("aucs", tmp_path / "out") == target
    assert len(pip) == 1


def test_another_file_in_the_place_is_not_replaced(tmp_path, pip):
    """A file with other contents stays as it is, and the command fails."""
    (tmp_path / "small.mpx").write_text("mine")
    assert planned(tmp_path / "small.mpx", SMALL) == "refuse"
    assert fetch_graph.main(["aucs", "--output", str(tmp_path)]) == 1
    assert (tmp_path / "small.mpx").read_text() == "mine"
    assert pip == []


def test_a_changed_file_is_refused(wheel):
    """Another checksum, a missing file and a broken wheel are told apart."""
    with pytest.raises(FetchError, match="allowed 0000"):
        take(wheel, Source(SMALL.member, "0000", ""))
    with pytest.raises(FetchError, match=r"holds no uunet/data/none\.mpx"):
        take(wheel, Source("uunet/data/none.mpx", SMALL.sha256, ""))
    wheel.write_bytes(b"no wheel")
    with pytest.raises(FetchError, match="is no wheel"):
        take(wheel, SMALL)


def test_pip_that_fails_is_told(monkeypatch, tmp_path):
    """What pip says when it fails is passed on, and nothing is written."""
    failed = subprocess.CompletedProcess([], 1, "", "no network")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    assert fetch_graph.main(["aucs", "--output", str(tmp_path)]) == 1
    with pytest.raises(FetchError, match="no network"):
        fetch_graph.fetch("aucs", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.network
@pytest.mark.parametrize(
    ("name", "people", "layers"),
    [
        (
            "aucs",
            61,
            {"work": 194, "lunch": 193, "facebook": 124, "leisure": 88, "coauthor": 21},
        ),
        (
            "kapferer",
            39,
            {"KAPFTS1": 158, "KAPFTS2": 223, "KAPFTI1": 76, "KAPFTI2": 95},
        ),
        (
            "bankwiring",
            14,
            {
                "horseplay": 28,
                "arguments": 19,
                "friendship": 13,
                "antagonist": 19,
                "help": 22,
                "job_trading": 7,
            },
        ),
    ],
)
def test_published_graphs(name, people, layers, tmp_path):
    """The published graphs are fetched, read and mapped to people."""
    try:
        wheel = fetch_graph.download(tmp_path)
    except FetchError as problem:
        pytest.skip(f"pip cannot download: {problem}")
    source = SOURCES[name]
    write_file(tmp_path / source.file_name, take(wheel, source))
    graph = read_graph(tmp_path / source.file_name)
    assert len(graph.names) == people
    assert Counter(edge.layer for edge in graph.edges) == layers
    assert graph_among(people_for(graph), graph).names == graph.names
