"""race_found.py COMMAND...: runs a program built with ThreadSanitizer until a data race is reported.

Whether a run meets the race depends on how the threads are scheduled; one report proves it. Fails
after a fixed number of silent runs, or when the program ends in any other way.
"""
import subprocess
import sys

RUNS = 25
RACE_EXIT_CODE = 66


def main():
    for _ in range(RUNS):
        done = subprocess.run(sys.argv[1:], capture_output=True, text=True, timeout=120)
        output = done.stdout + done.stderr
        if done.returncode == RACE_EXIT_CODE and "WARNING: ThreadSanitizer: data race" in output:
            return 0
        if done.returncode != 0:
            print(output)
            return f"ended with {done.returncode} and no data race"
    return f"no data race in {RUNS} runs"


sys.exit(main())
