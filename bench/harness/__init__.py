"""What bench/packages and bench/speed share: fetch, configure, measure, report."""


class BenchError(Exception):
    """A problem the user can act on; its text is the whole message."""
