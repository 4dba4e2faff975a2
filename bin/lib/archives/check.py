"""The archive, held to what it promises by programs that others wrote.

Opens the ZIPs made from the corpus with every reader of `openers.py`, then downloads one over lines that break and from a
server that is killed, with every program of `downloaders.py`, and compares hashes.

    check.py MAKEGOOD

The seed of all chance is printed; MAKEGOOD_ARCHIVES_SEED repeats a run.
"""

import hashlib
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import downloaders
import openers
import recovered
from cutter import Cutter
from links import make_link
from portal import Browser, Portal

# Each download is cut at least this often by the line, and the server is killed at least this often under it.
CUTS, KILLS = 3, 2
SPEED = 20 << 20  # bytes a second that the line carries, so that there is time for trouble
GIVE_UP = 180  # seconds for one program's download

passed, failed = 0, 0


def check(name, holds, otherwise=""):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    print(f"  {'passed' if holds else 'FAILED'}   {name}{'' if holds else f': {otherwise}'}", flush=True)


def sha256(path):
    whole = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            whole.update(chunk)
    return whole.hexdigest()


def opens_everywhere(archive, originals, work):
    """Every reader finds the same files, and the recovered ones with their very bytes."""
    reference = None
    for opener in openers.ALL:
        name = f"{opener.__name__} opens {archive.stem}"
        try:
            found = opener(archive, work / f"{archive.stem}-{opener.__name__}")
        except Exception as error:  # whatever a reader dislikes is a failure of this check alone
            check(name, False, str(error))
            continue
        reference = reference or found
        check(f"{name}: {len(found)} files", found == reference, "not the files that the first reader found")
    kept = list((reference or {}).values())
    lost = [path for path, file in originals.items() if sha256(file) not in kept]
    check(f"{archive.stem} holds the {len(originals)} recovered files byte for byte", not lost, f"not there: {lost[:5]}")


def survives(program, portal, url_path, whole, work, chance):
    """One program against a line that is cut, while the server is killed at random moments."""
    target = work / program.__name__ / "data.zip"
    target.parent.mkdir()
    size = whole.stat().st_size
    cutter = Cutter(portal.port, chance, longest=size // 3, bytes_a_second=SPEED)
    url = f"http://127.0.0.1:{cutter.port}{url_path}"
    troubles = Troubles(portal, chance)
    tries, until = 0, time.monotonic() + GIVE_UP
    while time.monotonic() < until:
        tries += 1
        if not downloaders.run_once(program, url, target):
            continue
        if cutter.cuts >= CUTS and troubles.are_over():
            break
        # It was too quick for its troubles: once more from a part of it.
        with open(target, "r+b") as file:
            file.truncate(chance.randrange(size // 4))
    troubles.end()
    cutter.close()
    told = f"{tries} tries, {cutter.cuts} cuts, {troubles.kills} kills"
    enough = cutter.cuts >= CUTS and troubles.kills >= KILLS
    check(f"{program.__name__} resumes to the same bytes: {told}", enough and sha256(target) == sha256(whole), "other bytes")


class Troubles:
    """Kills the portal a few times at random moments, and starts it again."""

    def __init__(self, portal, chance):
        self.portal, self.chance, self.kills = portal, chance, 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.make)
        self.thread.start()

    def make(self):
        while self.kills < KILLS and not self.ended.wait(self.chance.uniform(0.1, 0.8)):
            self.portal.kill()
            self.kills += 1
            self.portal.start()

    def are_over(self):
        return not self.thread.is_alive()

    def end(self):
        self.ended.set()
        self.thread.join()


def proves_itself(binary, archive, chance):
    """`makegood verify` takes the whole archive, and no other."""
    verdict = lambda: subprocess.run([binary, "verify", archive], capture_output=True, text=True)
    told = verdict()
    check("makegood verify finds it whole", told.returncode == 0, told.stdout + told.stderr)
    size = archive.stat().st_size
    with open(archive, "r+b") as file:
        at = chance.randrange(size)
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 1 << chance.randrange(8)]))
    check(f"makegood verify notices one bit at {at}", verdict().returncode == 1)
    with open(archive, "r+b") as file:
        file.seek(at)
        file.write(byte)
        file.truncate(size - 1 - chance.randrange(size // 2))
    check("makegood verify notices that its end is missing", verdict().returncode == 1)


def main(binary):
    seed = int(os.environ.get("MAKEGOOD_ARCHIVES_SEED", random.SystemRandom().randrange(1 << 32)))
    chance = random.Random(seed)
    print(f"  seed     {seed}")
    if not recovered.CORPUS.is_dir():
        print("  skipped: no corpus (the archives are made of one large file alone)")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        originals = recovered.lay_out(work / "recovered", chance)
        portal = Portal(binary, work / "portal", work / "recovered")
        try:
            browser = Browser(portal).sign_in(recovered.PHONE)
            everything = work / "everything.zip"
            everything.write_bytes(browser.get("/recovery/archive.zip"))
            opens_everywhere(everything, originals, work)
            for category in sorted({path.split("/")[0] for path in originals}):
                part = work / f"{category}.zip"
                part.write_bytes(browser.get(f"/recovery/{category}/download"))
                of_it = {path: file for path, file in originals.items() if path.startswith(category)}
                opens_everywhere(part, of_it, work)
            link = make_link(browser, recovered.PHONE)
            for program in downloaders.ALL:
                survives(program, portal, link, everything, work, chance)
            proves_itself(binary, everything, chance)
        finally:
            portal.stop()
    print(f"\n  {passed} passed" + (f", {failed} failed" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
