"""Prism before a server: it holds each request and each answer against the interface that the provider publishes."""

import os
import re
import subprocess
import time
from pathlib import Path

from portal import free_port

HERE = Path(__file__).parent


class Prism:
    """Stands before the server at `upstream`. What the description has otherwise is answered by Prism, with an error, and
    stands in `wrong()`."""

    def __init__(self, folder, upstream, description, *paths):
        name = Path(folder, f"prism-{Path(description).name}")
        part = subprocess.run(["node", HERE / "part.mjs", description, *paths], check=True, capture_output=True)
        name.write_bytes(part.stdout)
        port = free_port()
        self.address, self.log = f"http://127.0.0.1:{port}", name.with_suffix(".log")
        # By its file, so that what is stopped in the end is Prism itself, and no shell around it.
        program = HERE / "node_modules/@stoplight/prism-cli/dist/index.js"
        command = ["node", program, "proxy", name, upstream, "--errors", "--port", str(port)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | {"NO_COLOR": "1"})
        until = time.monotonic() + 120
        while "listening on" not in self.log.read_text():
            if time.monotonic() > until or self.process.poll() is not None:
                self.stop()
                raise SystemExit(f"Prism did not start: {self.log.read_text()}")
            time.sleep(0.05)

    def wrong(self):
        """What it found that is not as the provider publishes it."""
        return [line for line in self.log.read_text().splitlines() if re.search(r"violation|Request terminated|not valid", line, re.I)]

    def seen(self):
        """How many requests came."""
        return self.log.read_text().count("Request received")

    def stop(self):
        self.process.terminate()
        self.process.wait()
