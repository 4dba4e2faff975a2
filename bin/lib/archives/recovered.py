"""Recovered data to import: every real vendor's file of the corpus, and one large file for the lines that break."""

import os
import random
import shutil
from pathlib import Path

from portal import ROOT

CORPUS = Path(os.environ.get("MAKEGOOD_TEST_CORPUS", ROOT.parent / "shared/corpus"))

ACCOUNT, PHONE = "arch-1", "+12065550155"
LARGE = "photos/large/unreadable.raw"
LARGE_BYTES = 48 * 1024 * 1024


def lay_out(folder: Path, chance: random.Random):
    """Returns the path of each file below data/ACCOUNT with its own path on this disk."""
    folder.mkdir(parents=True)
    (folder / "subscribers.csv").write_text(
        "account,phone,name,email,locale,time_zone,plan\n"
        f"{ACCOUNT},{PHONE},Archie Example,archie@example.com,en-US,America/Los_Angeles,data-20\n"
    )
    data = folder / "data" / ACCOUNT
    files = {}
    for category in ("contacts", "calendar", "photos"):
        for source in sorted((CORPUS / category).iterdir()) if CORPUS.is_dir() else []:
            copy = data / category / "corpus" / source.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            files[f"{category}/corpus/{source.name}"] = copy
    large = data / LARGE
    large.parent.mkdir(parents=True)
    large.write_bytes(chance.randbytes(LARGE_BYTES))
    files[LARGE] = large
    return files
