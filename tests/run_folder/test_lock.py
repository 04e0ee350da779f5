import subprocess
import sys
from pathlib import Path

import pytest

from tenfold.errors import RunFolderError
from tenfold.run_folder.lock import hold_lock

HOLD_AND_WAIT = """
import sys, time
from pathlib import Path
from tenfold.run_folder.lock import hold_lock
with hold_lock(Path(sys.argv[1]), Path("houses-run")):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with subprocess.Popen([sys.executable, "-c", HOLD_AND_WAIT, str(lock)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(RunFolderError, match=f"`houses-run` is in use by process {other.pid} since"):
            hold_lock(lock, Path("houses-run")).__enter__()
        other.kill()
        other.wait()
    with hold_lock(lock, Path("houses-run")):
        assert lock.exists()
