"""The results as Markdown tables and as JSON."""

import json
from dataclasses import asdict
from pathlib import Path

from bench_common.text import machine, number, ratio, times


class Report:
    """Collects the values of two servers, the peer's first, and notes on anomalies of the run."""

    def __init__(self, peer, ours, settings):
        self.names = (peer, ours)
        self.settings = {**settings, **machine()}
        self.throughput = []
        self.single = []
        self.memory = {}
        self.warnings = []
        self.failed = False

    def add_throughput(self, workload, results):
        """Adds the servers' Results of a workload, by name."""
        self.throughput.append((workload, results))
        for name, result in results.items():
            if result.errors:
                # The peer has its own errors, such as a racy import in the first searches after its start.
                note = self.add_failure if name == self.names[1] else self.warnings.append
                note(f"{name} had errors in {result.errors} requests of {workload}")
            if not result.per_second:
                self.add_failure(f"{name} completed no requests of {workload}")
            if result.elsewhere > 0.1:
                self.warnings.append(
                    f"other programs used {result.elsewhere:.0%} of the machine's CPU time while {name} ran {workload}")

    def add_single(self, what, peer, ours, unit="ms"):
        """Adds a value of each server for which less is better."""
        self.single.append({"what": what, "unit": unit, self.names[0]: peer, self.names[1]: ours})

    def add_memory(self, name, processes):
        """Adds the Memory of each of a server's processes; call it for the peer, then for ours."""
        self.memory[name] = processes
        if len(self.memory) == 2:
            counts = " and ".join(str(len(self.memory[name])) for name in self.names)
            for what, value in (("now", lambda p: p.now), ("at most", lambda p: p.highest)):
                sums = (sum(map(value, self.memory[name])) for name in self.names)
                self.add_single(f"resident memory {what}, {counts} processes", *sums, unit="MB")
            largest = (max(process.highest for process in self.memory[name]) for name in self.names)
            self.add_single("resident memory at most, largest process", *largest, unit="MB")

    def add_failure(self, what):
        """Adds a problem that makes the comparison unfair or wrong."""
        self.failed = True
        self.warnings.append(what)

    def markdown(self):
        parts = []
        if self.throughput:
            parts.append(self._throughput_table())
        if self.single:
            parts.append(self._single_table())
        parts += [f"{name}: {value}" for name, value in self.settings.items()]
        parts += [f"Warning: {warning}." for warning in self.warnings]
        return "\n".join(parts)

    def write_json(self, path):
        peer, ours = self.names
        Path(path).write_text(json.dumps({
            "settings": self.settings,
            "throughput": [
                {"workload": workload, "ratio": ratio(results[ours].per_second, results[peer].per_second),
                 **{name: asdict(result) for name, result in results.items()}}
                for workload, results in self.throughput],
            "single": self.single,
            "memory": {name: [asdict(process) for process in found] for name, found in self.memory.items()},
            "warnings": self.warnings,
        }, indent=2) + "\n")

    def _throughput_table(self):
        peer, ours = self.names
        lines = [
            f"| requests a second (p50 / p99 ms) | {peer} | {ours} | ratio | CPU per request |",
            "|---|---:|---:|---:|---:|"]
        for workload, results in self.throughput:
            cells = [f"{number(r.per_second)} ({number(r.p50_ms)} / {number(r.p99_ms)})" for r in
                     (results[peer], results[ours])]
            rates = ratio(results[ours].per_second, results[peer].per_second)
            cpu = f"{number(results[peer].cpu_ms)} / {number(results[ours].cpu_ms)} ms"
            lines.append(f"| {workload} | {cells[0]} | {cells[1]} | {times(rates)} | {cpu} |")
        return "\n".join(lines) + "\n"

    def _single_table(self):
        peer, ours = self.names
        lines = [f"| less is better | {peer} | {ours} | ratio |", "|---|---:|---:|---:|"]
        for row in self.single:
            cells = [f"{number(row[name])} {row['unit']}" if row[name] is not None else "" for name in self.names]
            both = None not in (row[peer], row[ours])
            better = times(ratio(row[peer], row[ours])) if both else ""
            lines.append(f"| {row['what']} | {cells[0]} | {cells[1]} | {better} |")
        return "\n".join(lines) + "\n"
