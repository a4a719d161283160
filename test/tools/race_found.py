"""race_found.py COMMAND...: runs a program built with ThreadSanitizer until a race is reported.

Whether a run meets the race depends on how the threads are scheduled; one report proves it. Fails
after a fixed number of silent runs, or when the program ends in any other way. A race with the end
of an object is called a use after free if the end comes first; of a mutex, the use of an invalid one.
A thread that nobody waits for may still run at the end, or not yet: that alone says nothing.
"""
import os
import subprocess
import sys

RUNS = 60
RACE_EXIT_CODE = 66
REPORTS = ("WARNING: ThreadSanitizer: data race", "WARNING: ThreadSanitizer: heap-use-after-free",
           "WARNING: ThreadSanitizer: use of an invalid mutex")


def main():
    os.environ["TSAN_OPTIONS"] = os.environ.get("TSAN_OPTIONS", "") + ":report_thread_leaks=0"
    for _ in range(RUNS):
        done = subprocess.run(sys.argv[1:], capture_output=True, text=True, timeout=120)
        output = done.stdout + done.stderr
        if done.returncode == RACE_EXIT_CODE and any(report in output for report in REPORTS):
            return 0
        if done.returncode != 0:
            print(output)
            return f"ended with {done.returncode} and no data race"
    return f"no data race in {RUNS} runs"


sys.exit(main())
