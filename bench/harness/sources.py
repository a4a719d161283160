"""Debian source packages, through apt, without touching the machine's own lists.

apt runs with its lists, cache and source entries under the work directory. The entries are the
machine's own `deb` entries of the running release turned into `deb-src`, so mirrors, proxies and
keys are whatever apt is configured with.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from harness import BenchError

APT_SETTINGS = Path("/etc/apt")


def release_codename(os_release=Path("/etc/os-release")):
    match = re.search(r"^VERSION_CODENAME=\"?([\w.-]+)", os_release.read_text(), re.MULTILINE)
    if not match:
        raise BenchError("cannot tell the Debian release: /etc/os-release has no VERSION_CODENAME")
    return match.group(1)


def of_release(suite, codename):
    """True for the release and its updates and security suites, false for third-party suites."""
    return suite == codename or suite.startswith((codename + "-", codename + "/"))


def source_line(line, codename):
    """The deb-src form of a one-line entry of this release, or None."""
    match = re.match(r"\s*deb(?:-src)?\s+(?P<rest>(?:\[[^]]*\]\s+)?\S+\s+(?P<suite>\S+)\s.*)", line)
    if match and of_release(match["suite"], codename):
        return "deb-src " + match["rest"].strip()
    return None


def source_stanza(stanza, codename):
    """The deb-src form of a deb822 stanza of this release, or None."""
    lines = [line for line in stanza.splitlines() if not line.lstrip().startswith("#")]
    suites = re.search(r"^Suites:\s*(.+)$", "\n".join(lines), re.MULTILINE | re.IGNORECASE)
    if not suites or not any(of_release(s, codename) for s in suites.group(1).split()):
        return None
    return "\n".join(
        "Types: deb-src" if line.lower().startswith("types:") else line for line in lines
    ).strip()


def derived_entries(settings, codename):
    """(one-line entries, deb822 stanzas) for sources, from the entries under `settings`."""
    lines, stanzas = [], []
    for path in [settings / "sources.list", *sorted((settings / "sources.list.d").glob("*"))]:
        if path.suffix == ".list" and path.is_file():
            lines += [source_line(line, codename) for line in path.read_text().splitlines()]
        elif path.suffix == ".sources" and path.is_file():
            parts = re.split(r"\n\s*\n", path.read_text())
            stanzas += [source_stanza(part, codename) for part in parts]
    # A set would lose the order, and with it apt's preference between equal versions.
    return list(dict.fromkeys(filter(None, lines))), list(dict.fromkeys(filter(None, stanzas)))


class SourceArchive:
    """apt's view of the source packages of this release, kept in one directory."""

    def __init__(self, directory):
        self.directory = directory
        self.entries = directory / "sources.list.d"
        self.lists = directory / "lists"
        self.cache = directory / "cache"

    def options(self):
        settings = {
            "Dir::Etc::sourcelist": "/dev/null",
            "Dir::Etc::sourceparts": self.entries,
            "Dir::State::lists": self.lists,
            "Dir::Cache": self.cache,
            # apt's unprivileged user cannot write below most work directories.
            "APT::Sandbox::User": "root",
            "APT::Update::Post-Invoke": "",
            "APT::Update::Post-Invoke-Success": "",
        }
        return [f"-o{key}={value}" for key, value in settings.items()]

    def refresh(self, log):
        lines, stanzas = derived_entries(APT_SETTINGS, release_codename())
        if not lines and not stanzas:
            raise BenchError(f"no deb entry of {release_codename()} below {APT_SETTINGS}")
        shutil.rmtree(self.entries, ignore_errors=True)
        for folder in (self.entries, self.lists / "partial", self.cache / "archives/partial"):
            folder.mkdir(parents=True, exist_ok=True)
        if lines:
            (self.entries / "bench.list").write_text("\n".join(lines) + "\n")
        if stanzas:
            (self.entries / "bench.sources").write_text("\n\n".join(stanzas) + "\n")
        run_logged(["apt-get", *self.options(), "update"], log)

    def versions(self, name):
        shown = subprocess.run(
            ["apt-cache", *self.options(), "showsrc", "--only-source", name],
            capture_output=True, text=True, check=False)
        return re.findall(r"^Version: (\S+)$", shown.stdout, re.MULTILINE)

    def choose(self, name, pinned):
        """The pinned version while the archive has it; security updates replace old ones."""
        versions = self.versions(name)
        if not versions:
            raise BenchError(f"{name}: the archive has no source package of this name")
        if pinned in versions:
            return pinned
        newest = versions[0]
        for version in versions[1:]:
            if subprocess.call(["dpkg", "--compare-versions", version, "gt", newest]) == 0:
                newest = version
        print(f"{name}: pinned {pinned} is gone from the archive, taking {newest}")
        return newest

    def unpack(self, name, version, destination, log):
        """Downloads and unpacks with Debian's patches applied; replaces `destination`."""
        downloads = self.download(name, version, destination, log)
        description = next(downloads.glob("*.dsc"))
        # apt has checked the hashes against the signed index; the maintainer's key is not at hand.
        run_logged(["dpkg-source", "--no-check", "--extract", description, destination], log)
        shutil.rmtree(downloads)

    def unpack_folders(self, name, version, destination, folders, log):
        """The same for some folders of a huge package, as upstream released them: its patches
        need files outside of them. Replaces `destination`."""
        downloads = self.download(name, version, destination, log)
        upstream = next(downloads.glob("*.orig.tar.*"))
        destination.mkdir()
        run_logged(["tar", "--extract", "--file", upstream, "--directory", destination,
                    "--strip-components=1", "--wildcards", *[f"*/{f}" for f in folders]], log)
        shutil.rmtree(downloads)

    def download(self, name, version, destination, log):
        """The folder of the package's files, beside `destination`, which is removed."""
        shutil.rmtree(destination, ignore_errors=True)
        downloads = destination.parent / "download"
        shutil.rmtree(downloads, ignore_errors=True)
        downloads.mkdir(parents=True)
        run_logged(["apt-get", *self.options(), "source", "--only-source", "--download-only",
                    f"{name}={version}"], log, cwd=downloads)
        return downloads


def installed(package):
    state = subprocess.run(["dpkg-query", "-W", "-f=${Status}", package],
                           capture_output=True, text=True, check=False)
    return state.stdout == "install ok installed"


def install_missing(packages, log):
    missing = [package for package in packages if not installed(package)]
    if not missing:
        return
    if os.geteuid() != 0:
        raise BenchError("not installed, and only root can: apt-get install " + " ".join(missing))
    print("installing", *missing, flush=True)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run_logged(["apt-get", "update"], log, env=environment)
    run_logged(["apt-get", "install", "--yes", "--no-install-recommends", *missing], log,
               env=environment)


def run_logged(command, log, **options):
    """Runs with all output in `log`; a failure names the command and the log."""
    with log.open("a") as output:
        words = " ".join(map(str, command))
        output.write(f"$ {words}\n")
        output.flush()
        try:
            status = subprocess.call(list(map(str, command)), stdin=subprocess.DEVNULL,
                                     stdout=output, stderr=subprocess.STDOUT, **options)
        except FileNotFoundError:
            raise BenchError(f"{command[0]} is not installed") from None
    if status != 0:
        raise BenchError(f"failed with {status}: {words}\n  its output is in {log}")
