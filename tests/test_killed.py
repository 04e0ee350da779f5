"""A run that is killed again and again ends as one that nobody disturbed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tenfold.progress import silence
from tenfold.workflow import run

KILLS = 30

TIMES = {"seconds", "compile_seconds", "peak_gib", "started", "finished", "read_at", "at", "hashes", "name", "paths"}
"""What differs between two runs of one question: when, how long, where."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forks of a process")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(60, 3)), columns=list("abc"))
    frame["sold"] = np.where(frame["a"] + rng.normal(0, 0.5, 60) > 0, "yes", "no")
    frame.to_csv(tmp_path / "houses.csv", index=False)
    return tmp_path / "houses.csv"


def lasting(value: Any) -> Any:
    """Facts without times and places."""
    if isinstance(value, dict):
        return {name: lasting(one) for name, one in value.items() if name not in TIMES}
    return [lasting(one) for one in value] if isinstance(value, list) else value


def text_of(folder: Path, made_in: Path | None = None) -> str:
    """Everything that must be equal, as text; the name of the folder that it was made in left out."""
    facts = json.loads((folder / "facts.json").read_text())
    return json.dumps(lasting(facts), indent=1).replace(str(made_in or folder), "FOLDER")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_run_killed_at_thirty_random_moments_ends_as_an_undisturbed_one(table: Path, tmp_path: Path):
    script = Path(__file__).with_name("killing.py")
    killed = tmp_path / "killed" / "run"
    killed.parent.mkdir()
    told = subprocess.run(
        [sys.executable, script, table, "sold", killed, str(KILLS), "0"], capture_output=True, text=True, check=True
    ).stdout
    kills, continued = map(int, told.split())
    undisturbed = run(table, "sold", out=tmp_path / "undisturbed" / "run", budget="quick", progress=silence).path
    assert kills == KILLS
    assert continued >= KILLS // 4, "most runs died before they had finished anything: the test shows little"
    for folder in [killed, *tmp_path.glob("finished-after-*/run")]:
        assert text_of(folder, made_in=killed) == text_of(undisturbed)
        assert not (folder / "work").exists()
        for name in ("predictions", "scores", "histories"):
            one, other = (pd.read_parquet(path / "record" / f"{name}.parquet") for path in (folder, undisturbed))
            pd.testing.assert_frame_equal(one, other)
        assert not list(folder.rglob("*partial*")), "an unfinished file was left behind"
