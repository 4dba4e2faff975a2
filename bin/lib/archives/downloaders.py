"""Download programs of other people, told to go on where a broken download ended."""

import subprocess


def curl(url, target):
    return ["curl", "-sS", "--fail", "-C", "-", "-o", target, url]


def wget(url, target):
    return ["wget", "-q", "-c", "--tries=1", "-O", target, url]


def aria2c(url, target):
    return [
        "aria2c", "-q", "-x4", "-s4", "--min-split-size=4M", "--max-tries=1", "--allow-overwrite=false", "--auto-file-renaming=false",
        "--no-conf", "--file-allocation=none", "--auto-save-interval=1", "-c", "-d", str(target.parent), "-o", target.name, url,
    ]  # fmt: skip


ALL = (curl, wget, aria2c)


def run_once(program, url, target):
    """True when the program says that it has everything."""
    return subprocess.run(program(url, target), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
