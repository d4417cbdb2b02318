"""The load of load.lua on a tracking server."""

from pathlib import Path

from bench_common import wrk

SCRIPT = Path(__file__).with_name("load.lua")


def drive(url, workload, *, connections, seconds, experiment_id, run_ids=(), first_step=0):
    """Keeps `connections` connections busy with one workload of load.lua for `seconds`."""
    arguments = [workload, str(first_step), str(experiment_id), *run_ids]
    return wrk.drive(url, SCRIPT, arguments, connections=connections, seconds=seconds)
