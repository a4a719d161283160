"""hangs.py COMMAND...: proves that a program waits for ever.
hangs.py --each PROGRAM ARGUMENT...: the same of each run with one of the arguments.

It does when all its threads are asleep at the same moment, each in a wait on a futex that has no end
of its own: nobody is left who could wake them. Locks, conditions, semaphores and joins of glibc wait
so. Looking at the kernel's view of each thread is quicker than a time limit, and sure: a program that
is only slow is not taken for one that hangs. Do not build it with a sanitizer, whose own threads
never sleep for ever.
"""
import os
import platform
import subprocess
import sys
import time

SECONDS = 60
PAUSE = 0.02
FUTEX = {"x86_64": 202, "aarch64": 98}
WAITS = (0, 9)  # FUTEX_WAIT, FUTEX_WAIT_BITSET, without their flags
ALL_FLAGS = 0x180  # FUTEX_PRIVATE_FLAG, FUTEX_CLOCK_REALTIME


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def sleeps_for_ever(task):
    fields = read(f"{task}/syscall").split()
    if fields[0] in ("running", "-1") or int(fields[0]) != FUTEX[platform.machine()]:
        return False
    operation, limit = int(fields[2], 16), int(fields[4], 16)
    return operation & ~ALL_FLAGS in WAITS and limit == 0


def switches(task):
    return [line for line in read(f"{task}/status").splitlines() if "ctxt_switches" in line]


def sleepers(process):
    """For each thread how often it has run so far; nothing if one of them may go on by itself."""
    folder = f"/proc/{process.pid}/task"
    seen = {}
    for thread in os.listdir(folder):
        task = os.path.join(folder, thread)
        seen[thread] = switches(task)
        if not sleeps_for_ever(task):
            return None
    return seen


def ends(command):
    """What happens instead of waiting for ever."""
    process = subprocess.Popen(command)
    try:
        before, end = None, time.monotonic() + SECONDS
        while time.monotonic() < end:
            if process.poll() is not None:
                return f"ended with {process.returncode}: {command}"
            try:
                now = sleepers(process)
            except (FileNotFoundError, ProcessLookupError):  # a thread has just ended
                now = None
            # None of them has run since the last look, so all were asleep between the two.
            if now and now == before:
                return None
            before = now
            time.sleep(PAUSE)
        return f"neither ended nor fell asleep in {SECONDS} s: {command}"
    finally:
        process.kill()
        process.wait()


def main():
    if sys.argv[1] == "--each":
        commands = [[sys.argv[2], argument] for argument in sys.argv[3:]]
    else:
        commands = [sys.argv[1:]]
    problems = list(filter(None, map(ends, commands)))
    return "\n".join(problems) or 0


sys.exit(main())
