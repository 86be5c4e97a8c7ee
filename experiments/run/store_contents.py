"""Listing, showing and pruning the contents of a store."""

import shutil
from collections import Counter
from typing import Any

from experiments.errors import did_you_mean
from experiments.run.shards import Entry
from experiments.run.store import SET_ASIDE, Store
from experiments.run.store_files import StoreError, read_json


def listed(store: Store) -> dict[str, Any]:
    """Return a summary of a store: studies with their runs, size, failures, ..."""
    entries = store.entries()
    runs = Counter(
        _kind(x.key.scenario, x.key.seed, x.shock_week) for x in entries.values()
    )
    studies = [
        {
            "study": name,
            "title": told.get("title", ""),
            "scenarios": len(told.get("scenarios", {})),
            "runs": sum(
                runs[_kind(key, told["seed"], told["probe_week"])]
                for key in set(told["scenarios"].values())
            ),
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
    """Return the summary that `listed` makes as lines of text."""
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


def _kind(scenario: str, seed: int, shock_week: int | None) -> tuple:
    """Return the key that all runs of one scenario in a study share."""
    return scenario, seed, shock_week


def study_told(store: Store, study: str) -> dict[str, Any]:
    """Return the record of a study; `StoreError` if it is unknown or damaged."""
    studies = store.studies()
    if study in studies:
        return studies[study]
    if why := store.damaged.get(store.folder / "studies" / f"{study}.json"):
        raise StoreError(
            f"{study}: what {store.folder} keeps of this study is damaged: {why}; its"
            " runs are there: run orgsim study again"
        )
    hint = did_you_mean(study, studies)
    raise StoreError(f"{study}: no such study in {store.folder}{hint}")


def entries_of(store: Store, study: str) -> list[tuple[str, Entry]]:
    """Return (scenario name, entry) of each stored run of a study.

    Sorted by scenario, in the order of the study, and then by replicate.
    """
    record = study_told(store, study)
    names: dict[tuple, str] = {}
    for name, key in record["scenarios"].items():
        names.setdefault(_kind(key, record["seed"], record["probe_week"]), name)
    kinds = (
        (_kind(x.key.scenario, x.key.seed, x.shock_week), x)
        for x in store.entries().values()
    )
    entries = [(names[kind], entry) for kind, entry in kinds if kind in names]
    place = {name: k for k, name in enumerate(record["scenarios"])}
    return sorted(entries, key=lambda one: (place[one[0]], one[1].key.replicate))


def runs_of(store: Store, study: str) -> list[dict[str, Any]]:
    """Return a row for each stored run of a study; `StoreError` if it is unknown."""
    return [
        {
            "id": entry.key.id,
            "scenario": name,
            "seed": entry.key.seed,
            "replicate": entry.key.replicate,
            "weeks": entry.weeks,
        }
        for name, entry in entries_of(store, study)
    ]


def runs_as_lines(rows: list[dict[str, Any]]) -> str:
    """Return runs as lines of text."""
    return "\n".join(
        f"{row['id']}  {row['scenario']}  seed {row['seed']}"
        f"  replicate {row['replicate']}  {row['weeks']} weeks"
        for row in rows
    )


def prune(store: Store, study: str | None) -> int:
    """Forget a study, or where None remove all unusable files; return their number.

    Unusable are failures and shards of other versions, damaged shards, and what killed
    writers left.
    """
    if study is not None:
        study_told(store, study)
        (store.folder / "studies" / f"{study}.json").unlink()
        return 1
    removed = 0
    for file in (store.folder / "failures").glob("*.json"):
        record = read_json(file)
        if not isinstance(record, dict) or record.get("version") != store.version:
            file.unlink()
            removed += 1
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
    return removed + store.sweep()
