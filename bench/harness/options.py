"""Command-line options that the scripts share, and the way they end."""

import argparse
import os
import sys
from pathlib import Path

from harness import BenchError, measure

BENCH = Path(__file__).resolve().parent.parent
HEDDLE = BENCH.parent / "build" / "bin" / "heddle"


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def add_work(parser):
    parser.add_argument("--work", type=Path, default=BENCH / ".work", metavar="DIR",
                        help="where sources, builds and results go (default: bench/.work)")


def add_tool(parser):
    parser.add_argument("--heddle", default=HEDDLE, metavar="PATH",
                        help="the program to measure (default: build/bin/heddle)")
    parser.add_argument("--checks", default="", metavar="GLOBS", help="passed on to Heddle")
    parser.add_argument("--heddle-arg", action="append", default=[], metavar="ARG",
                        help="passed on to Heddle as it is; may be repeated: --heddle-arg=--x")
    parser.add_argument("-j", "--jobs", type=positive, default=1, metavar="N",
                        help="workers of each side (default: %(default)s)")
    parser.add_argument("--timeout", type=positive, default=600, metavar="SECONDS",
                        help="a run of Heddle over a package, or of another tool over a unit, that "
                             "takes longer is a hang (default: %(default)s)")


def add_measuring(parser, runs):
    add_tool(parser)
    parser.add_argument("--runs", type=positive, default=runs, metavar="N",
                        help="runs of each side; figures are medians (default: %(default)s)")


def tool_from(options):
    path = measure.find_tool(options.heddle)
    return measure.Tool(path, options.checks, tuple(options.heddle_arg), options.jobs,
                        options.timeout)


def work_from(options):
    # Commands run in other directories, so a relative path would change its meaning.
    return Path(os.path.abspath(options.work))


def run_script(main):
    """Exit status: 0, 1 when something failed or broke, 2 with one line when it cannot run."""
    try:
        sys.exit(main())
    except BenchError as error:
        print(f"{Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
