"""Running programs: CPU seconds of whole process trees, time limits, crashes."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from harness import BenchError


@dataclass(frozen=True)
class Outcome:
    """One process with the children it waited for. Seconds; `status` as from subprocess,
    `errors` what it wrote to stderr."""

    status: int
    cpu: float
    wall: float
    peak_mb: float
    timed_out: bool
    errors: str

    def ending(self):
        """`ok`, or how the process ended instead."""
        if self.timed_out:
            return "hang"
        if self.status < 0:
            return "crash " + signal.Signals(-self.status).name
        return "ok" if self.status == 0 else f"exit {self.status}"


def run(command, directory, timeout, environment=None):
    """Runs in a process group of its own, which is killed whole when the time is up."""
    with tempfile.TemporaryFile() as captured:
        start = time.monotonic()
        try:
            process = subprocess.Popen(
                list(map(str, command)), cwd=directory, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=captured, env=environment,
                start_new_session=True)
        except OSError as error:
            raise BenchError(f"cannot run {command[0]}: {error.strerror}") from None
        expired = threading.Event()

        def stop():
            expired.set()
            with contextlib.suppress(ProcessLookupError):  # it ended on its own just now
                os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(timeout, stop)
        timer.start()
        try:
            # wait4 alone gives this child's usage; getrusage would add up all children so far.
            _, status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            stop()  # a group of its own gets no Ctrl-C from the terminal
            raise
        finally:
            timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        captured.seek(0)
        text = captured.read().decode(errors="replace")
    return Outcome(process.returncode, usage.ru_utime + usage.ru_stime, time.monotonic() - start,
                   usage.ru_maxrss / 1024, expired.is_set(), text)


@dataclass(frozen=True)
class SyntaxCheck:
    """The compiler's own reading of a package: a process per unit."""

    cpu: float
    failures: tuple  # (Unit, Outcome) of the units that clang itself does not accept


def syntax_check(units, jobs, timeout):
    with ThreadPoolExecutor(jobs) as pool:
        outcomes = list(pool.map(
            lambda unit: run(unit.syntax_only(), unit.directory, timeout), units))
    failures = tuple((u, o) for u, o in zip(units, outcomes) if o.ending() != "ok")
    return SyntaxCheck(sum(outcome.cpu for outcome in outcomes), failures)


@dataclass(frozen=True)
class Tool:
    """Heddle as the command line asked for it."""

    path: Path
    checks: str = ""
    extra: tuple = ()
    jobs: int = 1
    timeout: float = 600

    def parsing(self):
        """The same, stopping where the analysis would begin."""
        return replace(self, extra=(*self.extra, "--parse-only"))

    def check(self, space, files=(), sarif=None):
        """One cold run over the files, or over the whole database."""
        command = [self.path, "check", "-p", space.directory, "-j", self.jobs]
        if self.checks:
            command.append(f"--checks={self.checks}")
        if sarif:
            sarif.unlink(missing_ok=True)
            command.append(f"--output=sarif:{sarif}")
        with tempfile.TemporaryDirectory() as cache:
            # A cache that is warm from an earlier run would measure the cache.
            environment = dict(os.environ, XDG_CACHE_HOME=cache)
            return run([*command, *self.extra, *files], space.source, self.timeout, environment)


def find_tool(given):
    """The program to run as Heddle; `given` is a path or a name on PATH."""
    path = shutil.which(str(given))
    if path is None:
        raise BenchError(f"no program at {given}: build Heddle first, or pass --heddle PATH")
    return Path(path).resolve()


def culprits(tool, space, units, limit):
    """After a crash or a hang of the whole: which units do it alone. `limit` in seconds each."""
    alone = Tool(tool.path, tool.checks, tool.extra, 1, limit)
    found = []
    for file in dict.fromkeys(unit.file for unit in units):
        ending = alone.check(space, [file]).ending()
        if ending.startswith(("crash", "hang")):
            found.append((file, ending))
    return found
