"""deadlock_found.py COMMAND...: runs a program until it deadlocks.

A program built with ThreadSanitizer reports that the order of its locks is inconsistent, whether it
gets stuck or not; any other has to be stuck when its time is up. Fails after a fixed number of runs
that ended in order, or when the program ends in any other way.
"""
import os
import subprocess
import sys

RUNS = 20
SECONDS = 5
REPORT_EXIT_CODE = 66
REPORT = "WARNING: ThreadSanitizer: lock-order-inversion"


def main():
    options = os.environ.get("TSAN_OPTIONS", "")
    os.environ["TSAN_OPTIONS"] = (f"{options}:detect_deadlocks=1:second_deadlock_stack=1"
                                  ":report_thread_leaks=0")
    for _ in range(RUNS):
        try:
            done = subprocess.run(sys.argv[1:], capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return 0
        if done.returncode == REPORT_EXIT_CODE and REPORT in done.stdout + done.stderr:
            return 0
        if done.returncode != 0:
            print(done.stdout + done.stderr)
            return f"ended with {done.returncode} and no deadlock"
    return f"no deadlock in {RUNS} runs"


sys.exit(main())
