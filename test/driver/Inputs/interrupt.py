"""Signals Heddle in the middle of a unit: interrupt.py SIGNALS FIFO COMMAND…

SIGNALS are names separated by commas, "INT" or "TERM,TERM"; "later" is some
waiting, "stay" is waiting for the command to end. The unit includes FIFO, so it is in the middle of its
parse when somebody can open the other end, and has to wait until that is closed. Ends as the
command does; with 128 more than the signal if that killed it.
"""
import os
import signal
import subprocess
import sys
import time

signals, fifo, *command = sys.argv[1:]
os.mkfifo(fifo)
process = subprocess.Popen(command)


def is_pending(number):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        pending = next(line for line in status if line.startswith("ShdPnd:")).split()[1]
    return int(pending, 16) & (1 << (number - 1))


with open(fifo, "w"):  # waits for the reader
    for word in signals.split(","):
        if word == "later":
            time.sleep(0.7)
            continue
        if word == "stay":
            process.wait()
            continue
        number = getattr(signal, "SIG" + word)
        process.send_signal(number)
        while process.poll() is None and is_pending(number):
            pass
    time.sleep(0.1)  # for the handler to run to its end
code = process.wait()
sys.exit(128 - code if code < 0 else code)
