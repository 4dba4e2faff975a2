"""A gift card and a credit, from the claim to the payout, by the binary over HTTP.

    check.py MAKEGOOD FOLDER

The other end reads what is sent with what the providers themselves publish, made from the descriptions of their
interfaces: tremendous-python for both directions, and the parameters and fields of Stripe's client. Before Stripe stands
Prism, which holds each request and each answer against Stripe's OpenAPI description.
"""

import hashlib
import hmac
import json
import re
import sys
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import checks
import stripe
from checks import check
from portal import DIRECT, ROOT, Browser, Portal
from providers.prism import Prism
from stripe.params import (
    CustomerCreateBalanceTransactionParams,
    CustomerListBalanceTransactionsParams,
    CustomerSearchParams,
)
from tremendous.models.create_order200_response import CreateOrder200Response
from tremendous.models.create_order_request import CreateOrderRequest
from tremendous.models.list_orders200_response import ListOrders200Response

PHONE, ACCOUNT = "+12065550166", "pay-1"
KEY, WEBHOOK_KEY, STRIPE_KEY = "TEST_key", "webhook-key", "sk_test_key"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Grace Example\r\nTEL:+12065550167\r\nEND:VCARD\r\n"


class Providers(ThreadingHTTPServer):
    """Tremendous and Stripe on one port. What is wrong with a request is kept, and answered with 400. Stripe's first credit
    is given and then answered with 500."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.orders, self.credits, self.wrong, self.delivery = {}, {}, [], "PENDING"
        self.tries, self.lists = 0, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(None)

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def answer(self, body):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        try:
            tremendous = url.path.startswith("/api/v2")
            status, said = (200, self.tremendous(url.path, query, body)) if tremendous else self.stripe(url.path, query, body)
        except Exception as error:  # whatever their own code does not take
            self.server.wrong.append(f"{self.command} {url.path}: {error}")
            status, said = 400, json.dumps({"errors": {"message": "wrong"}, "error": {"type": "invalid_request_error"}})
        said = said.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def tremendous(self, path, query, body):
        assert path == "/api/v2/orders" and self.headers["Authorization"] == f"Bearer {KEY}"
        if body is None:
            assert set(query) <= {"offset", "campaign_id", "external_id", "created_at[gte]", "created_at[lte]", "limit"}
            found = [order for order in [self.server.orders.get(query["external_id"])] if order]
            for order in found:
                order["rewards"][0]["delivery"]["status"] = self.server.delivery
            return ListOrders200Response.from_dict({"orders": found, "total_count": len(found)}).to_json()
        assert self.headers["Content-Type"] == "application/json"
        sent = json.loads(body)
        read = CreateOrderRequest.from_json(body).actual_instance.to_dict()
        assert read == sent, f"it reads {read} of {sent}"
        assert sent["reward"]["delivery"]["method"] in ("EMAIL", "PHONE")
        number = len(self.server.orders)
        made = {
            "id": f"ORDER{number:04}", "external_id": sent["external_id"], "created_at": "2026-01-01T00:00:00Z",
            "status": "EXECUTED", "channel": "API",
            "payment": {"subtotal": 100.0, "total": 100.0, "fees": 0.0, "discount": 0.0, "currency_code": "USD"},
            "rewards": [{
                "id": f"REWARD{number:04}", "order_id": f"ORDER{number:04}", "created_at": "2026-01-01T00:00:00Z",
                "value": sent["reward"]["value"], "recipient": sent["reward"]["recipient"],
                "delivery": {"method": sent["reward"]["delivery"]["method"], "status": "PENDING"},
            }],
        }
        order = self.server.orders.setdefault(sent["external_id"], made)
        return CreateOrder200Response.from_dict({"order": order}).to_json()

    def stripe(self, path, query, body):
        assert self.headers["Authorization"] == f"Bearer {STRIPE_KEY}"
        if path == "/v1/customers/search":
            takes(CustomerSearchParams, query)
            assert query["query"] == f"metadata['account']:'{ACCOUNT}'", query
            customer = {"id": "cus_1", "object": "customer", "created": 1, "livemode": False, "metadata": {"account": ACCOUNT}}
            return 200, json.dumps({"object": "search_result", "data": [customer], "has_more": False, "url": path})
        assert path == "/v1/customers/cus_1/balance_transactions", path
        if body is None:
            takes(CustomerListBalanceTransactionsParams, query)
            self.server.lists += 1
            return 200, json.dumps({"object": "list", "data": list(self.server.credits.values()), "has_more": False, "url": path})
        assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
        sent = dict(urllib.parse.parse_qsl(body))
        takes(CustomerCreateBalanceTransactionParams, sent)
        order = sent["metadata[order]"]
        assert self.headers["Idempotency-Key"] == order
        credit = {
            "id": f"cbtxn_{len(self.server.credits)}", "object": "customer_balance_transaction", "amount": int(sent["amount"]),
            "checkout_session": None, "created": int(time.time()), "credit_note": None, "currency": sent["currency"],
            "customer": "cus_1", "customer_account": None, "description": sent["description"],
            "ending_balance": int(sent["amount"]), "invoice": None, "livemode": False, "metadata": {"order": order},
            "type": "adjustment",
        }
        known = set(stripe.CustomerBalanceTransaction.__annotations__) - {"OBJECT_NAME"}
        assert set(credit) == known, f"their credit has other fields: {set(credit) ^ known}"
        given = json.dumps(self.server.credits.setdefault(order, credit))
        self.server.tries += 1
        return (500, json.dumps({"error": {"type": "api_error"}})) if self.server.tries == 1 else (200, given)


def takes(parameters, sent):
    """Whether Stripe's client has such parameters, and all that are required are there."""
    names = {name.split("[")[0] for name in sent}
    own = set(parameters.__annotations__) - set(stripe.RequestOptions.__annotations__)
    assert names <= own, f"it takes no {names - own}"
    assert parameters.__required_keys__ <= names, f"it needs {parameters.__required_keys__ - names}"
    for name in names:
        if parameters.__annotations__[name] is int:
            int(sent[name])


def start(binary, folder, providers, prism):
    """A portal with one person whose contacts came back."""
    recovered = folder / "recovered"
    (recovered / "data" / ACCOUNT / "contacts").mkdir(parents=True)
    (recovered / "data" / ACCOUNT / "contacts" / "grace.vcf").write_text(CARD)
    (recovered / "subscribers.csv").write_text(
        "account,phone,name,email,locale,time_zone,plan\n"
        f"{ACCOUNT},{PHONE},Pay Example,pay@example.com,en-US,America/Los_Angeles,data-20\n"
    )
    incident = (ROOT / "demo/incident.toml").read_text()
    # What is shown here after signing in stays the code pool's: Tremendous sends its cards.
    for way, before, after in (("email", "code-pool", "tremendous"), ("bill", "bill-file", "stripe")):
        named = f'id = "{way}"\nprovider = '
        incident = incident.replace(f'{named}"{before}"', f'{named}"{after}"\nchange_for_minutes = 0')
    (folder / "incident.toml").write_text(incident)
    settings = {
        "MAKEGOOD_INCIDENT": str(folder / "incident.toml"),
        "MAKEGOOD_TREMENDOUS_URL": providers.address, "MAKEGOOD_TREMENDOUS_KEY": KEY,
        "MAKEGOOD_TREMENDOUS_FUNDING_SOURCE": "balance", "MAKEGOOD_TREMENDOUS_CAMPAIGN": "CAMPAIGN0001",
        "MAKEGOOD_TREMENDOUS_WEBHOOK_KEY": WEBHOOK_KEY,
        "MAKEGOOD_STRIPE_URL": prism.address, "MAKEGOOD_STRIPE_KEY": STRIPE_KEY,
        "NO_PROXY": "127.0.0.1",
    }
    return Portal(binary, str(folder), recovered, settings)


def claim(browser, remedy, way):
    """Reads the terms and claims; the claim's page."""
    chosen = {f"delivery-{remedy}": way}
    page = browser.get(f"/remedies/{remedy}/check?{urllib.parse.urlencode(chosen)}").decode()
    terms = re.search(r'name="terms" value="([^"]+)"', page)
    check(f"{remedy} can be claimed", terms, page)
    return browser.post(f"/remedies/{remedy}/claim", terms=terms[1], **chosen)


TITLES = ("A $100 gift card", "One month of your data plan, free")


def wait(providers, prism, what, holds):
    """A provider is asked about an order that it may have taken when a minute has passed."""
    until = time.monotonic() + 150
    while time.monotonic() < until and not (wrong := providers.wrong + prism.wrong()):
        if holds():
            return check(what, True)
        time.sleep(0.2)
    check(what, False, wrong)


def told(portal, signature=None):
    """Tells of the reward's delivery as Tremendous does; the status of the answer."""
    body = json.dumps({
        "event": "REWARDS.DELIVERY.SUCCEEDED", "uuid": "5ccc7bb1-7659-4e23-a407-77d8cd9c62f5",
        "created_utc": "2026-01-01T00:00:00.000Z", "payload": {"resource": {"id": "REWARD0000", "type": "rewards"}, "meta": {}},
    }).encode()
    signature = signature or "sha256=" + hmac.new(WEBHOOK_KEY.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "Tremendous-Webhook-Signature": signature}
    request = urllib.request.Request(f"{portal.address}/webhooks/tremendous", body, headers)
    try:
        return urllib.request.build_opener(DIRECT).open(request).status
    except urllib.error.HTTPError as error:
        return error.code


def main(binary, folder):
    providers = Providers()
    credits = "/v1/customers/{customer}/balance_transactions"
    prism = Prism(folder, providers.address, "stripe.com.json", "/v1/customers/search", credits)
    try:
        pay(binary, folder, providers, prism)
    finally:
        prism.stop()
    checks.tell()


def pay(binary, folder, providers, prism):
    portal = start(binary, Path(folder), providers, prism)

    def paid():
        """Whether the card and the credit are paid, as the person reads it: messages may wait for the morning."""
        text = re.sub(r"<[^>]*>", "", browser.get("/claims").decode())
        return [bool(re.search(re.escape(title) + r", worth \$[0-9]+ · Paid", text)) for title in TITLES]

    try:
        browser = Browser(portal).sign_in(PHONE)
        claim(browser, "gift-card", "email")
        claim(browser, "free-month", "bill")
        wait(providers, prism, "the card is ordered as Tremendous's own types say", lambda: providers.orders)
        wait(providers, prism, "the credit is given as Stripe's own parameters say", lambda: providers.credits)
        check("the card is not paid before it is delivered", not paid()[0])
        providers.delivery = "SUCCEEDED"
        check("a webhook with another signature is not taken", told(portal, "sha256=" + "00" * 32) == 401)
        check("a signed webhook is taken, twice", [told(portal), told(portal)] == [200, 200])
        wait(providers, prism, "the card is paid at once", lambda: paid()[0])
        check("the credit is not paid while its answer is lost", not paid()[1])
        wait(providers, prism, "it is asked after, found, and paid", lambda: paid()[1])
        check("and not given again", (providers.tries, providers.lists > 0) == (1, True), (providers.tries, providers.lists))
        check("each of them has one order", (len(providers.orders), len(providers.credits)) == (1, 1))
        log = Path(folder, "portal.log").read_text()
        check("the log names no key and no person", not any(word in log for word in (KEY, WEBHOOK_KEY, STRIPE_KEY, "pay@example.com")))
    finally:
        portal.stop()
    portal.run("ledger", "check")
    check("the ledger holds", True)
    check("nothing that was sent is wrong", not providers.wrong, providers.wrong)
    check("Prism saw a search, a credit and a question, and finds all of them as Stripe publishes it",
          prism.seen() >= 3 and not prism.wrong(), (prism.seen(), prism.wrong()))


main(*sys.argv[1:])
