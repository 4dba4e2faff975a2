"""The demonstration as a process of its own, and a browser of sorts for its pages."""

import http.cookiejar
import json
import os
import re
import subprocess
import time
import urllib.parse
import urllib.request


class Portal:
    def __init__(self, binary, folder):
        self.binary, self.data = binary, os.path.join(folder, "data")
        os.makedirs(self.data)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKEGOOD_")}
        self.environment |= {"MAKEGOOD_DATA_DIR": self.data, "MAKEGOOD_LISTEN": "127.0.0.1:0"}
        self.log = open(os.path.join(folder, "portal.log"), "w")
        self.process = subprocess.Popen(
            [binary, "demo"], env=self.environment, stdout=subprocess.PIPE, stderr=self.log, text=True
        )
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                self.address = found[0]
                return
        raise SystemExit(f"the portal did not start, see {self.log.name}")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def run(self, *arguments):
        """A command beside the running portal, on the same data."""
        subprocess.run([self.binary, *arguments], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def newest_code(self, phone, seen):
        """The code in the first message to `phone` after `seen` of them."""
        for _ in range(100):
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
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

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

    def app_password(self, phone):
        """Makes one as a person does; its user name and itself."""
        self.post("/account/app-passwords", name="A client under test")
        seen = len(self.portal.codes(phone))
        self.post("/account/app-passwords/new")
        page = self.post("/account/app-passwords/new", code=self.portal.newest_code(phone, seen))
        return [re.search(f"<dt>{label}</dt><dd>([^<]+)</dd>", page)[1] for label in ("User name", "Password")]

    def end_app_password(self):
        page = self.get("/account").decode()
        self.post(re.search(r'action="(/account/app-passwords/[^"]+/end)"', page)[1])
