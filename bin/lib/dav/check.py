"""Two clients that nobody here wrote, vdirsyncer and caldav, subscribe to the demonstration.

    check.py MAKEGOOD FOLDER

What they fetch is compared with what the archive of the same person holds.
"""

import io
import os
import re
import subprocess
import sys
import time
import zipfile

import caldav
import icalendar
from caldav.lib.error import AuthorizationError, DAVError
from portal import Browser, Portal

PHONE = "+12065550100"
CONFIG = """
[general]
status_path = "{folder}/status/"

[pair contacts]
a = "contacts_there"
b = "contacts_here"
collections = ["from a"]

[storage contacts_there]
type = "carddav"
url = "{address}/"
username = "{user}"
password = "{password}"
read_only = true

[storage contacts_here]
type = "filesystem"
path = "{folder}/contacts/"
fileext = ".vcf"

[pair calendars]
a = "calendars_there"
b = "calendars_here"
collections = ["from a"]

[storage calendars_there]
type = "caldav"
url = "{address}/"
username = "{user}"
password = "{password}"
read_only = true

[storage calendars_here]
type = "filesystem"
path = "{folder}/calendars/"
fileext = ".ics"
"""

passed = 0


def check(name, is_so, told=""):
    """One thing that must hold."""
    global passed
    if not is_so:
        print(f"  FAILED   {name}\n{told}")
        sys.exit(1)
    passed += 1
    print(f"  passed   {name}")


def unfold(text):
    return re.sub(r"\r?\n[ \t]", "", text)


def names(texts):
    return sorted(re.findall(r"^FN[^:]*:(.*?)\r?$", unfold("".join(texts)), re.M))


def of_archive(browser, category, path):
    archive = zipfile.ZipFile(io.BytesIO(browser.get(f"/recovery/{category}/download")))
    return archive.read(path).decode()


def entries(text):
    """What a calendar holds, without what each export may write otherwise."""
    parts = [part for part in icalendar.Calendar.from_ical(text).subcomponents if part.name != "VTIMEZONE"]
    return [(part.name, str(part.get("UID")), str(part.get("SUMMARY"))) for part in parts]


class Vdirsyncer:
    def __init__(self, folder, address, user, password):
        self.folder = folder
        os.makedirs(folder)
        self.config = os.path.join(folder, "config")
        with open(self.config, "w") as file:
            file.write(CONFIG.format(folder=folder, address=address, user=user, password=password))

    def run(self, command):
        program = [os.path.join(os.path.dirname(sys.executable), "vdirsyncer"), "-v", "INFO", "-c", self.config]
        return subprocess.run(
            [*program, command], input="y\n" * 20, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def files(self, ending):
        found = []
        for folder, _, files in os.walk(self.folder):
            found += [open(os.path.join(folder, name), newline="").read() for name in files if name.endswith(ending)]
        return found


def sync_with_vdirsyncer(portal, browser, user, password, folder):
    client = Vdirsyncer(folder, portal.address, user, password)
    told = client.run("discover")
    check("vdirsyncer finds the collections from the host alone", told.returncode == 0, told.stdout)
    told = client.run("sync")
    check("vdirsyncer fetches", told.returncode == 0, told.stdout)
    expected = names([of_archive(browser, "contacts", "contacts/contacts.vcf")])
    check(f"all {len(expected)} contacts arrive under their names", names(client.files(".vcf")) == expected)
    there = sorted(
        entry
        for category, path in [("calendar", "calendar/calendar.ics"), ("tasks", "tasks/tasks.ics"), ("notes", "notes/notes.ics")]
        for entry in entries(of_archive(browser, category, path))
    )
    here = sorted(entry for text in client.files(".ics") for entry in entries(text))
    check(f"all {len(there)} events, tasks and notes arrive with their names", here == there, f"{here}\n{there}")
    told = client.run("sync")
    check("a second look transfers nothing", told.returncode == 0 and "Copying" not in told.stdout, told.stdout)
    return client, expected


def later_import(portal, client, expected, folder):
    path = os.path.join(folder, "later", "data", account_of(portal), "contacts")
    os.makedirs(path)
    with open(os.path.join(path, "later.vcf"), "w") as file:
        file.write("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zed Later\r\nTEL:+12065550199\r\nEND:VCARD\r\n")
    portal.run("import", os.path.join(folder, "later"))
    told = client.run("sync")
    check("what an import brings arrives, and only that", told.stdout.count("Copying") == 1, told.stdout)
    check("it is the new contact", names(client.files(".vcf")) == sorted([*expected, "Zed Later"]))


def account_of(portal):
    rows = open(os.path.join(portal.data, "recovered/subscribers.csv")).read().splitlines()
    return next(row.split(",")[0] for row in rows if PHONE in row)


def sync_with_caldav(portal, user, password):
    client = caldav.DAVClient(url=portal.address + "/dav/", username=user, password=password)
    calendars = {calendar.get_display_name(): calendar for calendar in client.principal().calendars()}
    wanted = {"Recovered calendar", "Recovered tasks", "Recovered notes"}
    check("caldav finds the calendars", set(calendars) == wanted, str(calendars))
    calendar = calendars["Recovered calendar"]
    events = calendar.events()
    check(f"caldav reads {len(events)} events", len(events) > 0)
    check("caldav reads tasks", len(calendars["Recovered tasks"].todos(include_completed=True)) > 0)
    check("caldav reads notes", len(calendars["Recovered notes"].journals()) > 0)
    first = events[0]
    first.load()
    uid = str(icalendar.Calendar.from_ical(first.data).walk("VEVENT")[0]["UID"])
    check("caldav finds an event by its UID", calendar.event_by_uid(uid).url == first.url)
    known = calendar.objects_by_sync_token()
    token = known.sync_token
    check("a sync token brings nothing new", len(list(calendar.objects_by_sync_token(token))) == 0)
    check("every event has a token's worth", len(list(known)) == len(events))
    refused(lambda: calendar.save_event("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:new\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"), "writing is refused")
    refused(first.delete, "deleting is refused")
    refused(lambda: client.principal().make_calendar("More"), "making a calendar is refused")
    check("nothing was changed", len(calendar.events()) == len(events))


def refused(act, name, error=DAVError):
    try:
        act()
    except error:
        return check(name, True)
    check(name, False, "it was done")


def make_app_password(browser):
    """As a person does; its user name and itself."""
    browser.post("/account/app-passwords", name="A client under test")
    page = browser.confirm(PHONE, "/account/app-passwords/new")
    return [re.search(f"<dt>{label}</dt><dd>([^<]+)</dd>", page)[1] for label in ("User name", "Password")]


def end_app_password(browser):
    page = browser.get("/account").decode()
    browser.post(re.search(r'action="(/account/app-passwords/[^"]+/end)"', page)[1])


def main(binary, folder):
    portal = Portal(binary, folder)
    try:
        for category in ("contacts", "calendar", "tasks", "notes"):
            portal.run("release", category)
        browser = Browser(portal).sign_in(PHONE)
        user, password = make_app_password(browser)
        client, expected = sync_with_vdirsyncer(portal, browser, user, password, os.path.join(folder, "vdirsyncer"))
        later_import(portal, client, expected, folder)
        sync_with_caldav(portal, user, password)
        sign_in = lambda password: caldav.DAVClient(url=portal.address, username=user, password=password).principal()
        refused(lambda: sign_in("wrong"), "a wrong password is refused", AuthorizationError)
        end_app_password(browser)
        time.sleep(1.1)
        refused(lambda: sign_in(password), "an ended password is refused", AuthorizationError)
        check("vdirsyncer is refused too", client.run("sync").returncode != 0)
    finally:
        portal.stop()
    print(f"\n  {passed} passed")


main(*sys.argv[1:])
