"""No worker outlives the process that started it, even where that was killed and could not say goodbye."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

POOL = """
import sys
import time
from multiprocessing import active_children, get_context

from sim.study.running.crew import Crew, Halt
from sim.study.running.worker import start

if __name__ == "__main__":
    with Crew(2, start, Halt(), (), context=get_context(sys.argv[1])) as crew:
        jobs = [crew.submit(time.sleep, 600) for _ in range(2)]
        print(*[child.pid for child in active_children()], flush=True)
        time.sleep(600)
"""


def alive(process: int) -> bool:
    """Whether a process still runs; one that ended and waits to be fetched does not."""
    try:
        os.kill(process, 0)
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True).stdout
    except ProcessLookupError:
        return False
    return bool(state.strip()) and not state.startswith("Z")


@pytest.mark.check("Q-C1")
@pytest.mark.parametrize("method", sorted({"fork", "spawn"} & set(multiprocessing.get_all_start_methods())))
def test_workers_end_when_their_parent_is_killed(method: str, tmp_path: Path) -> None:
    script = tmp_path / "pool.py"
    script.write_text(POOL, encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(script), method], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    workers = [int(word) for word in parent.stdout.readline().split()]
    assert len(workers) == 2
    time.sleep(1.0 if method == "fork" else 3.0)
    assert all(alive(worker) for worker in workers)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + 20
    while any(alive(worker) for worker in workers) and time.monotonic() < until:
        time.sleep(0.1)
    assert not [worker for worker in workers if alive(worker)]
