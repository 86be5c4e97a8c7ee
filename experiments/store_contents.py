"""What is in a store: listed, shown and tidied."""

import shutil
import time
from typing import Any

from experiments.store import ASIDE, SET_ASIDE, Store, StoreError
from simulation.scenario_errors import nearest

HALF_WRITTEN_SECONDS = 3600
"""Age from which what is not whole is taken to be left behind."""


def listed(store: Store) -> dict[str, Any]:
    """Return the studies of a store with the runs that they have, and what else is."""
    entries = store.entries()
    runs: dict[str, int] = {}
    for entry in entries.values():
        runs[entry.key.scenario] = runs.get(entry.key.scenario, 0) + 1
    studies = [
        {
            "study": name,
            "title": told.get("title", ""),
            "scenarios": len(told.get("scenarios", {})),
            "runs": sum(runs.get(key, 0) for key in set(told["scenarios"].values())),
        }
        for name, told in store.studies().items()
    ]
    return {
        "store": str(store.folder),
        "version": store.version,
        "runs": len(entries),
        "bytes": sum(file.stat().st_size for file in store.shards.glob("*.parquet")),
        "studies": studies,
        "failures": len(store.failures()),
        "other_versions": store.other_versions(),
    }


def as_lines(told: dict[str, Any]) -> str:
    """Return what `listed` found as text."""
    size = told["bytes"] / 1e6
    lines = [f"{told['store']}: {told['runs']:,} runs, {size:,.1f} MB"]
    lines += [
        f"  {one['study']}: {one['scenarios']:,} scenarios, {one['runs']:,} runs"
        for one in told["studies"]
    ]
    if told["failures"]:
        lines.append(f"  {told['failures']:,} runs failed")
    for version, shards in told["other_versions"].items():
        lines.append(
            f"  {shards:,} shards of another version of the model ({version}): not"
            " used; orgsim results prune removes them"
        )
    return "\n".join(lines)


def runs_of(store: Store, study: str) -> list[dict[str, Any]]:
    """Return the runs of a study that are there; `StoreError` for an unknown one."""
    studies = store.studies()
    if study not in studies:
        near = nearest(study, studies)
        hint = f"; did you mean {near}?" if near else ""
        raise StoreError(f"{study}: no such study in {store.folder}{hint}")
    names = {key: name for name, key in studies[study]["scenarios"].items()}
    rows = [
        {
            "id": entry.key.id,
            "scenario": names[entry.key.scenario],
            "seed": entry.key.seed,
            "replicate": entry.key.replicate,
            "weeks": entry.weeks,
        }
        for entry in store.entries().values()
        if entry.key.scenario in names
    ]
    return sorted(rows, key=lambda row: (row["scenario"], row["replicate"]))


def runs_as_lines(rows: list[dict[str, Any]]) -> str:
    """Return runs as lines of text."""
    return "\n".join(
        f"{row['id']}  {row['scenario']}  seed {row['seed']}"
        f"  replicate {row['replicate']}  {row['weeks']} weeks"
        for row in rows
    )


def prune(store: Store, study: str | None) -> int:
    """Forget a study, or remove what nothing can use; return how many files went."""
    if study is not None:
        runs_of(store, study)
        (store.folder / "studies" / f"{study}.json").unlink()
        return 1
    removed = 0
    for version in store.other_versions():
        folder = store.folder / "runs" / version
        removed += len(list(folder.iterdir()))
        shutil.rmtree(folder)
    store.entries()
    aside = [x.with_suffix(".parquet") for x in store.shards.glob(f"*{SET_ASIDE}")]
    for shard in {*store.damaged, *aside}:
        for end in (".parquet", ".json", SET_ASIDE):
            removed += shard.with_suffix(end).exists()
            shard.with_suffix(end).unlink(missing_ok=True)
        store.damaged.pop(shard, None)
    return removed + _remove_half_written(store)


def _remove_half_written(store: Store) -> int:
    removed = 0
    old = time.time() - HALF_WRITTEN_SECONDS
    for path in store.folder.rglob(f"{ASIDE}*"):
        if path.exists() and path.stat().st_mtime < old:
            removed += 1
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for shard in store.shards.glob("*.parquet"):
        if not shard.with_suffix(".json").exists() and shard.stat().st_mtime < old:
            removed += 1
            shard.unlink()
    return removed
