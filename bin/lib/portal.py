"""The portal as a process of its own, that can be killed and started again, and a browser of sorts for its pages."""

import http.cookiejar
import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Nothing of a tester's own network stands between these programs and the portal.
DIRECT = urllib.request.ProxyHandler({})


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Portal:
    """The demonstration, or with `recovered` a portal to which that folder was imported and opened to everyone, with
    `settings` of its own."""

    def __init__(self, binary, folder, recovered=None, settings=None):
        self.binary, self.data = binary, os.path.join(folder, "data")
        os.makedirs(self.data)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKEGOOD_")}
        self.environment |= {"MAKEGOOD_DATA_DIR": self.data, "MAKEGOOD_LISTEN": f"127.0.0.1:{self.port}"}
        self.log = open(os.path.join(folder, "portal.log"), "ab")
        self.command = "demo"
        if recovered:
            self.command = "serve"
            self.environment |= {"MAKEGOOD_INCIDENT": str(ROOT / "demo/incident.toml"), "MAKEGOOD_MESSAGES": "file"}
            self.environment |= settings or {}
            self.run("import", str(recovered))
            for category in sorted({path.name for path in Path(recovered).glob("data/*/*")}):
                self.run("release", category)
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.binary, self.command], env=self.environment, stdout=self.log, stderr=self.log)
        until = time.monotonic() + 120
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.build_opener(DIRECT).open(f"{self.address}/readyz")
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"the portal did not start, see {self.log.name}")

    def kill(self):
        """As a power cut would: nothing is said to it first."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def run(self, *arguments):
        """A command on the portal's data, beside it when it runs."""
        subprocess.run([self.binary, *arguments], env=self.environment, check=True, stdout=subprocess.DEVNULL, stderr=self.log)

    def newest_code(self, phone, seen):
        """The code in the first message to `phone` after `seen` of them."""
        for _ in range(200):
            codes = self.codes(phone)
            if len(codes) > seen:
                return codes[-1]
            time.sleep(0.1)
        raise SystemExit(f"no code came to {phone}")

    def codes(self, phone):
        path = os.path.join(self.data, "messages.jsonl")
        lines = open(path).read().splitlines() if os.path.exists(path) else []
        texts = [message["text"] for message in map(json.loads, lines) if message["to"] == phone]
        return [code[0] for code in (re.match(r"\d{6}", text) for text in texts) if code]


class Browser:
    """Keeps cookies, and posts as the portal's own pages do."""

    def __init__(self, portal):
        self.portal = portal
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(DIRECT, jar)

    def get(self, path):
        return self.opener.open(self.portal.address + path).read()

    def post(self, path, **fields):
        body = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.portal.address + path, body, {"Origin": self.portal.address})
        return self.opener.open(request).read().decode()

    def sign_in(self, phone):
        seen = len(self.portal.codes(phone))
        self.post("/sign-in", phone=phone)
        self.post("/sign-in/code", code=self.portal.newest_code(phone, seen))
        return self

    def confirm(self, phone, path):
        """Asks for a fresh code at `path` and enters it there; the page that comes of it."""
        seen = len(self.portal.codes(phone))
        self.post(path)
        return self.post(path, code=self.portal.newest_code(phone, seen))
