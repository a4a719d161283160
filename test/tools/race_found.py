"""race_found.py COMMAND...: runs a program built with ThreadSanitizer until a race is reported.

Whether a run meets the race depends on how the threads are scheduled; one report proves it. Fails
after a fixed number of runs without one. What a race does to a container may end a run before it is
reported, so a crash proves nothing, either way. A race with the end of an object is called a use
after free if the end comes first; of a mutex, the use of an invalid one.
A thread that nobody waits for may still run at the end, or not yet: that alone says nothing.
Every other run has one processor for all threads, which schedules them in other ways than two do.
"""
import collections
import os
import subprocess
import sys

RUNS = 60
RACE_EXIT_CODE = 66
REPORTS = ("WARNING: ThreadSanitizer: data race", "WARNING: ThreadSanitizer: heap-use-after-free",
           "WARNING: ThreadSanitizer: use of an invalid mutex")


def on_one_processor():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def main():
    os.environ["TSAN_OPTIONS"] = os.environ.get("TSAN_OPTIONS", "") + ":report_thread_leaks=0"
    ends = collections.Counter()
    broken = ""
    for run in range(RUNS):
        done = subprocess.run(sys.argv[1:], capture_output=True, text=True, timeout=120,
                              preexec_fn=on_one_processor if run % 2 else None)
        output = done.stdout + done.stderr
        if done.returncode == RACE_EXIT_CODE and any(report in output for report in REPORTS):
            return 0
        ends[done.returncode] += 1
        if done.returncode != 0:
            broken = output
    print(broken)
    seen = ", ".join(f"{count} ended with {code}" for code, count in ends.items())
    return f"no data race in {RUNS} runs: {seen}"


sys.exit(main())
