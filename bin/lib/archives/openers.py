"""Programs of other people that open a ZIP. Each gives the SHA-256 of every file it found, or None where it only tests."""

import hashlib
import subprocess
import zipfile
from pathlib import Path

from stream_unzip import stream_unzip


class Refused(Exception):
    pass


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, **options)
    # 7z and unzip say "warning" with 1: an archive of ours gives no cause for one.
    if done.returncode != 0:
        said = (done.stdout + done.stderr).decode(errors="replace")
        raise Refused(f"{' '.join(map(str, command))} ended with {done.returncode}: {said[-1500:]}")
    return done.stdout


def hashes_below(folder: Path):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def unzip(archive, folder):
    run("unzip", "-tqq", archive)
    run("unzip", "-qq", archive, "-d", folder)
    run("sha256sum", "--quiet", "--strict", "-c", "MANIFEST.sha256", cwd=folder)
    return hashes_below(folder)


def seven_zip(archive, folder):
    run("7z", "t", "-bd", archive)
    run("7z", "x", "-bd", f"-o{folder}", archive)
    return hashes_below(folder)


def bsdtar(archive, folder):
    folder.mkdir()
    run("bsdtar", "-xf", archive, "-C", folder, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
    return hashes_below(folder)


def python_zipfile(archive, folder):
    with zipfile.ZipFile(archive) as opened:
        if (bad := opened.testzip()) is not None:
            raise Refused(f"zipfile: {bad} is damaged")
        return {name: hashlib.sha256(opened.read(name)).hexdigest() for name in opened.namelist()}


def streaming(archive, folder):
    """A reader that sees the bytes once, in order, as from a socket."""

    def chunks():
        with open(archive, "rb") as file:
            while chunk := file.read(65_521):
                yield chunk

    found = {}
    for name, size, contents in stream_unzip(chunks()):
        whole = hashlib.sha256()
        for chunk in contents:
            whole.update(chunk)
        found[name.decode()] = whole.hexdigest()
    return found


ALL = (unzip, seven_zip, bsdtar, python_zipfile, streaming)
