"""closed_pipe.py [--both] COMMAND…: runs the command with a pipe as stdout, or as stderr too, that
nobody reads any more."""
import os
import signal
import subprocess
import sys

arguments = sys.argv[1:]
both = arguments[0] == "--both"
reader, writer = os.pipe()
os.close(reader)
# Python ignores the signal, and programs that it starts would do so, too.
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
sys.exit(subprocess.run(arguments[both:], stdout=writer, stderr=writer if both else None,
                        check=False).returncode)
