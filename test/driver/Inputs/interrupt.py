"""Interrupts Heddle in the middle of a unit: interrupt.py FIFO COMMAND…

The unit includes FIFO, so it is in the middle of its parse when somebody can open the other end.
"""
import os
import signal
import subprocess
import sys

fifo, *command = sys.argv[1:]
os.mkfifo(fifo)
process = subprocess.Popen(command)
with open(fifo, "w"):  # waits for the reader
    process.send_signal(signal.SIGINT)
    # The signal has been taken when a second one would kill.
    while not os.path.exists(f"/proc/{process.pid}/status"):
        pass
    while True:
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            caught = next(line for line in status if line.startswith("SigCgt:")).split()[1]
        if not int(caught, 16) & (1 << (signal.SIGINT - 1)):
            break
sys.exit(process.wait())
