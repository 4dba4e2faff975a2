"""E-mail and text messages of the binary, at servers that others wrote.

    check.py MAKEGOOD FOLDER

A mail server (aiosmtpd) that takes nothing without STARTTLS and a login; what it took is read with Python's own e-mail
package. Text messages are compared with the requests that Twilio's own client makes, its own code signs the reports, and
Prism holds requests and answers against Twilio's OpenAPI description.
"""

import base64
import datetime
import email
import email.policy
import json
import re
import ssl
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import checks
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from checks import check
from portal import DIRECT, ROOT, Browser, Portal, free_port
from providers.prism import Prism
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

PEOPLE = {"en": ("mail-1", "+12065550171", "ada@example.com"), "es": ("mail-2", "+12065550172", "eva@example.com")}
LOGIN, PASSWORD = "care@example.com", "p w:ñ"
SID, TOKEN, FROM = "AC" + "1" * 32, "gateway-token", "+15550100"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Grace Example\r\nTEL:+12065550167\r\nEND:VCARD\r\n"


def wait(what, holds):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if holds():
            return check(what, True)
        time.sleep(0.2)
    check(what, False)


class Mail:
    """What aiosmtpd hands over. The first message is put off once, as greylisting does."""

    def __init__(self):
        self.taken, self.put_off = [], []

    def login(self, server, session, envelope, mechanism, data):
        ours = (data.login.decode(), data.password.decode()) == (LOGIN, PASSWORD)
        return AuthResult(success=ours)

    async def handle_DATA(self, server, session, envelope):
        if not (session.ssl and session.authenticated):
            return "530 5.7.0 not like this"
        if not self.put_off:
            self.put_off.append(envelope.content)
            return "451 4.7.1 come back later"
        self.taken.append(envelope)
        return "250 2.0.0 taken"


class Gateway(ThreadingHTTPServer):
    """Keeps what is asked of it. Of the first message it has, it says nothing."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]
        self.asked, self.messages = [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def codes(self, phone):
        texts = [message["body"] for message in self.messages if message["to"] == phone]
        return [code[0] for code in (re.match(r"\d{6}", text) for text in texts) if code]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.keep({})
        self.say(200, {"messages": self.server.messages, "page": 0, "page_size": 100})

    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.keep(form)
        number, now = len(self.server.messages), datetime.datetime.now(datetime.timezone.utc)
        message = {
            "sid": f"SM{number:032x}", "account_sid": SID, "api_version": "2010-04-01", "body": form["Body"],
            "date_created": email.utils.format_datetime(now), "date_sent": None, "date_updated": None,
            "direction": "outbound-api", "error_code": None, "error_message": None, "from": form["From"],
            "messaging_service_sid": None, "num_media": "0", "num_segments": "1", "price": None, "price_unit": "USD",
            "status": "queued", "subresource_uris": {}, "to": form["To"], "uri": self.path,
        }
        # Their own client reads it.
        MessageInstance(Client(SID, TOKEN).api.v2010, message, account_sid=SID)
        self.server.messages.append(message)
        if number == 0:
            self.close_connection = True
        else:
            self.say(201, message)

    def keep(self, form):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        self.server.asked.append((self.command, url.path, query, form, self.headers["Authorization"]))

    def say(self, status, answer):
        said = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


class Recorder(HttpClient):
    """Keeps the request that Twilio's client would make."""

    def __init__(self):
        super().__init__(None, False, None)

    def request(self, method, url, params=None, data=None, headers=None, auth=None, timeout=None, allow_redirects=False):
        login = base64.b64encode(":".join(auth).encode()).decode()
        words = lambda fields: {name: str(value) for name, value in (fields or {}).items()}
        self.asked = (method, urllib.parse.urlsplit(url).path, words(params), words(data), f"Basic {login}")
        return Response(200, json.dumps({"messages": []})) if method == "GET" else Response(201, json.dumps({"sid": "SM1"}))


def theirs(call):
    recorder = Recorder()
    call(Client(SID, TOKEN, http_client=recorder).messages)
    return recorder.asked


def start(binary, folder, mail_port, prism, authority):
    """A portal with one person for each language, for whom a remedy opens in some seconds, at noon by their clocks."""
    now = datetime.datetime.now(datetime.timezone.utc)
    # Etc/GMT+5 is five hours behind.
    behind = now.hour - 12
    recovered = folder / "recovered"
    rows = "account,phone,name,email,locale,time_zone,plan\n"
    for language, (account, phone, address) in PEOPLE.items():
        (recovered / "data" / account / "contacts").mkdir(parents=True)
        (recovered / "data" / account / "contacts" / "grace.vcf").write_text(CARD)
        rows += f"{account},{phone},Mail Example,{address},{language}-US,Etc/GMT{behind:+d},data-20\n"
    (recovered / "subscribers.csv").write_text(rows)
    opens = (now + datetime.timedelta(seconds=15)).strftime("%Y-%m-%dT%H:%M:%SZ")
    incident = (ROOT / "demo/incident.toml").read_text()
    incident = incident.replace('title = "A $100 gift card"', f'title = "A $100 gift card"\nopens = {opens}')
    assert opens in incident
    # The translations that stand beside the demonstration's stand beside this one.
    for words in (ROOT / "demo").glob("incident.*.po"):
        (folder / words.name).write_text(words.read_text())
    (folder / "incident.toml").write_text(incident)
    login = f"{urllib.parse.quote(LOGIN, safe='')}:{urllib.parse.quote(PASSWORD, safe='')}"
    settings = {
        "MAKEGOOD_INCIDENT": str(folder / "incident.toml"),
        "MAKEGOOD_MESSAGES": f"smtp://{login}@localhost:{mail_port}?tls=required "
        f"twilio+http://{SID}:{TOKEN}@{urllib.parse.urlsplit(prism.address).netloc}?from={FROM}",
        "MAKEGOOD_MESSAGES_FROM": "Example Care <care@example.com>",
        # Whom the mail server's certificate is from.
        "SSL_CERT_FILE": str(authority),
        "NO_PROXY": "127.0.0.1,localhost",
    }
    return Portal(binary, str(folder), recovered, settings)


class Page(HTMLParser):
    """The words of an HTML part, and all that it would fetch or lead to."""

    def __init__(self, text):
        super().__init__()
        self.words, self.fetched, self.language, self.skips = "", [], None, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.skips = tag == "title"
        self.language = attributes.get("lang", self.language)
        loud = {"src", "href", "background", "srcset", "poster", "data", "action"} & set(attributes)
        if loud or tag in ("img", "link", "script", "iframe", "object", "form", "a") or "url(" in attributes.get("style", ""):
            self.fetched.append(tag)

    def handle_endtag(self, tag):
        self.skips = False

    def handle_data(self, text):
        self.words += "" if self.skips else text + " "


def read(content):
    return email.message_from_bytes(content, policy=email.policy.default)


def looks_right(language, name, letter):
    """What every e-mail must be."""
    parts = list(letter.walk())
    plain, page = parts[1:]
    check(f"{name}: nothing is malformed", not any(part.defects for part in parts), [part.defects for part in parts])
    check(f"{name}: a plain part, then an HTML part that says the same", letter.get_content_type() == "multipart/alternative"
          and [part.get_content_type() for part in (plain, page)] == ["text/plain", "text/html"]
          and plain.get_content().split() == Page(page.get_content()).words.split())
    html = Page(page.get_content())
    check(f"{name}: nothing is fetched, and nothing is a link", not html.fetched, html.fetched)
    check(f"{name}: its language is told", html.language == language, html.language)
    check(f"{name}: it says whom it is from, when, and that no machine should answer",
          letter["From"].addresses[0].addr_spec == "care@example.com" and letter["Auto-Submitted"] == "auto-generated"
          and abs((letter["Date"].datetime - datetime.datetime.now(datetime.timezone.utc)).total_seconds()) < 600)
    check(f"{name}: it has a Message-ID", re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", letter["Message-ID"].strip()), letter["Message-ID"])


def claim(browser, remedy, way):
    chosen = {f"delivery-{remedy}": way}
    page = browser.get(f"/remedies/{remedy}/check?{urllib.parse.urlencode(chosen)}").decode()
    terms = re.search(r'name="terms" value="([^"]+)"', page)
    browser.post(f"/remedies/{remedy}/claim", terms=terms[1], **chosen)


def post(address, body, headers=None):
    """The status and words of an answer to somebody without a session."""
    request = urllib.request.Request(address, body, {"Content-Type": "application/x-www-form-urlencoded"} | (headers or {}))
    try:
        answer = urllib.request.build_opener(DIRECT).open(request)
        return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def text_messages(portal, gateway):
    """The requests are those of Twilio's own client, and its signature is understood."""
    sent = [asked for asked in gateway.asked if asked[0] == "POST"]
    for asked in sent:
        form = asked[3]
        made = theirs(lambda messages: messages.create(
            to=form["To"], from_=FROM, body=form["Body"], status_callback=form["StatusCallback"]))
        check("a text message is the request that Twilio's client makes", asked == made, (asked, made))
    looked = next(asked for asked in gateway.asked if asked[0] == "GET")
    made = theirs(lambda messages: messages.page(
        to=looked[2]["To"], date_sent_after=looked[2]["DateSent>"], page_size=int(looked[2]["PageSize"])))
    check("one whose answer was lost is looked for as Twilio's client looks", looked == made, (looked, made))
    bodies = [asked[3]["Body"] for asked in sent]
    check("and it is not sent again", len(bodies) == len(set(bodies)), bodies)
    address = sent[-1][3]["StatusCallback"]
    report = {"MessageSid": gateway.messages[-1]["sid"], "MessageStatus": "delivered", "To": PEOPLE["es"][1], "From": FROM}
    signature = RequestValidator(TOKEN).compute_signature(address, report)
    body = urllib.parse.urlencode(report).encode()
    check("a report with another signature is not taken",
          post(address, body, {"X-Twilio-Signature": RequestValidator("other").compute_signature(address, report)})[0] == 403)
    check("a report that Twilio's own code signed is taken", post(address, body, {"X-Twilio-Signature": signature})[0] == 204)


def main(binary, folder):
    folder = Path(folder)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    mail, gateway = Mail(), Gateway()
    server = Controller(
        mail, hostname="localhost", port=free_port(), tls_context=context, require_starttls=True,
        authenticator=mail.login, auth_required=True,
    )
    server.start()
    prism = Prism(folder, f"http://127.0.0.1:{gateway.port}", "twilio.com/api.json", "/2010-04-01/Accounts/{AccountSid}/Messages.json")
    portal = start(binary, folder, server.port, prism, folder / "authority.pem")
    portal.codes = gateway.codes
    try:
        browsers = {language: Browser(portal).sign_in(phone) for language, (_, phone, _) in PEOPLE.items()}
        for browser in browsers.values():
            claim(browser, "free-month", "bill")
        # A receipt for each, and the news that another remedy is open.
        wait("every e-mail arrives, over STARTTLS and with a login", lambda: len(mail.taken) >= 4)
        letters = {(envelope.rcpt_tos[0], "List-Unsubscribe" in read(envelope.content)): read(envelope.content) for envelope in mail.taken}
        check("each once", len(mail.taken) == 4 and len(letters) == 4, letters.keys())
        check("the envelope names whom answers go to", all(envelope.mail_from == "care@example.com" for envelope in mail.taken))
        check("each has a Message-ID of its own", len({letter["Message-ID"] for letter in letters.values()}) == 4)
        first = read(mail.put_off[0])
        check("what was put off came again under its Message-ID", first["Message-ID"] in [letter["Message-ID"] for letter in letters.values()])
        subjects = {
            ("en", False): r"Your claim \S+ is granted", ("es", False): r"Su solicitud \S+ está aprobada",
            ("en", True): r"You can claim \$100", ("es", True): r"Puede solicitar \$100",
        }
        for (language, news), subject in subjects.items():
            name = f"{language}, {'news' if news else 'a receipt'}"
            letter = letters[PEOPLE[language][2], news]
            check(f"{name}: its subject", re.fullmatch(subject, letter["Subject"]), letter["Subject"])
            looks_right(language, name, letter)
            check(f"{name}: {'one click stops it' if news else 'nothing to unsubscribe from'}",
                  (letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click") == news)
        stop = letters[PEOPLE["es"][2], True]["List-Unsubscribe"].strip().removeprefix("<").removesuffix(">")
        check("the address to stop news at is the portal's", stop.startswith(f"{portal.address}/messages/stop/"), stop)
        check("it takes RFC 8058's one click, without a session", post(stop, b"List-Unsubscribe=One-Click") == (200, "unsubscribed\n"))
        text_messages(portal, gateway)
        # Of the first message Prism says that no answer came.
        wrong = [line for line in prism.wrong() if "socket hang up" not in line]
        check("Prism saw them all, and finds them as Twilio publishes it", prism.seen() == len(gateway.asked) and not wrong, wrong)
        log = (folder / "portal.log").read_text()
        secrets = (PASSWORD, TOKEN, *(word for person in PEOPLE.values() for word in person[1:]))
        check("the log names no password and no person", not any(word in log for word in secrets))
    finally:
        portal.stop()
        server.stop()
        prism.stop()
    checks.tell()


main(*sys.argv[1:])
