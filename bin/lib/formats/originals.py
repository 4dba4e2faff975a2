"""Reads the real files themselves with vobject and icalendar, beside the exports that were made of them, and tells what
an original has and its export has not. What our own reading says of a file is not asked.

    originals.py FOLDER

Writes FOLDER/python-originals.json, of which losses.mjs tells. Exits 1 when there is a difference that known.json does
not say the reason of, or when such a reason is no longer needed.
"""

import collections
import json
import pathlib
import re
import sys

import icalendar
import vobject

from read import UTC, digits, one_line

Told = collections.namedtuple("Told", "items head")
ENTRIES = ("VEVENT", "VTODO", "VJOURNAL")
TEXTS = ("UID", "SUMMARY", "LOCATION", "DESCRIPTION", "COMMENT", "CONTACT", "URL", "STATUS", "ORGANIZER", "ATTENDEE")
DATES = ("DTSTART", "DTEND", "DUE", "DURATION", "RECURRENCE-ID", "RDATE", "EXDATE", "RRULE", "COMPLETED", "CREATED",
         "LAST-MODIFIED")
# What every export says of itself.
OURS = ("VERSION", "PRODID", "CALSCALE")


def decoded(raw):
    """Text by its mark, else UTF-8 (also where a line was folded inside a character), else the one set it names."""
    named = re.search(rb"CHARSET=([\w-]+)", raw, re.I)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    for text in (raw, re.sub(rb"\r?\n[ \t]", b"", raw)):
        try:
            return text.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    return raw.decode(named[1].decode() if named else "cp1252", "replace")


def day(line):
    """A date as its digits: one without a year is told differently in 3.0 and 4.0 (rows 16 and 47)."""
    text = digits(str(line.value))
    return text[4:] if line.params.get("X-APPLE-OMIT-YEAR") == [text[:4]] else text


# vobject's own undoing of escapes ends a text at its first comma; here a value is what vobject's lines give.
vobject.vcard.VCardTextBehavior.decode = classmethod(lambda _, line: None)


def unescaped(value):
    return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] in "nN" else escape[1], value)


def card(read):
    # What one version has no word for is under X- in it: rows 18, 19, 48, 49, 60 of docs/formats.md.
    of = lambda *names: [line for name in names for line in read.contents.get(name.lower(), [])]
    text = lambda line: one_line(re.sub("^(mailto|tel):", "", unescaped(line.value), flags=re.I))
    parts = lambda line: "; ".join(one_line(unescaped(part)) for part in re.split(r"(?<!\\);", line.value)).rstrip("; ")
    return {
        "names": [text(line) for line in of("FN", "X-FN")],
        "names in parts": [parts(line) for line in of("N", "X-N")],
        "numbers": [digits(text(line)) for line in of("TEL")],
        "e-mails": [text(line) for line in of("EMAIL")],
        "birthdays": [day(line) for line in of("BDAY", "X-BDAY")],
        "anniversaries": [day(line) for line in of("ANNIVERSARY", "X-ANNIVERSARY", "X-ABDATE")],
        "addresses": [parts(line) for line in of("ADR")],
        "organisations": [parts(line) for line in of("ORG")],
        "notes": [text(line) for line in of("NOTE")],
        "web pages": [text(line) for line in of("URL")],
        "pictures": ["a picture" for _ in of("PHOTO")],
    }


def contacts(text):
    cards = vobject.readComponents(text, transform=False, allowQP=True)
    # A card without a line is no item.
    return Told([card(read) for read in cards if set(read.contents) - {"version"}], [])


def values(entry, name):
    found = entry.get(name, [])
    return found if isinstance(found, list) else [found]


def written(value):
    return value.to_ical().decode()


def moment(value):
    """The moment that a date with a zone is, by the world's table or else the zone's definition in its own file."""
    at = None if isinstance(value, icalendar.prop.vBroken) else value.dt
    return at.astimezone(UTC).isoformat() if getattr(at, "tzinfo", None) else ""


def entry_of(read):
    # An escape that RFC 5545 has not (\") is undone in the export.
    told = {name: [one_line(value).replace('\\"', '"') for value in values(read, name)] for name in TEXTS}
    # What is no date or no rule is under X- in the export.
    told |= {name: [written(value) for x in ("", "X-") for value in values(read, x + name)] for name in DATES}
    told |= {f"{name} in UTC": [moment(value) for value in values(read, name)] for name in ("DTSTART", "DTEND", "DUE")}
    return {"kind": [read.name], **told, "alarms": ["an alarm" for _ in read.subcomponents]}


def calendar(text):
    # Zones of the file before must not count in this one.
    icalendar.timezone.tzp.use_default()
    roots = icalendar.Calendar.from_ical(text, multiple=True)
    entries = [one for root in roots for one in (root, *root.subcomponents) if one.name in ENTRIES]
    head = {name for root in roots if root.name == "VCALENDAR" for name in root if name not in OURS}
    # Nor is an entry without one.
    says = lambda one: one.subcomponents or set(one) - {"DTSTAMP", "PRODID", "VERSION"}
    return Told([entry_of(one) for one in entries if says(one)], sorted(head))


def missing(original, export):
    """What an item has and the other has not; the other may have more: the names and stamps that a file must have."""
    for what, found in original.items():
        lost = collections.Counter(filter(None, found)) - collections.Counter(export.get(what, []))
        if lost:
            yield f"{what}: {sorted(lost.elements())} is not among {export.get(what, [])}"


def compared(original, export):
    """Every item is found again, each in one of its own."""
    items = original.items
    if len(items) != len(export.items):
        yield f"{len(items)} items in the original, {len(export.items)} in the export"
    left = list(export.items)
    for one in items:
        best = min(left, key=lambda other: len(list(missing(one, other))), default={})
        yield from missing(one, best)
        left = [each for each in left if each is not best]


READERS = {"contacts": contacts, "calendar": calendar}


def original(source, path):
    """What the file says; None and the reason where the reader cannot read it."""
    try:
        told = READERS[source.split("/")[0]](decoded(path.read_bytes()))
    except Exception as error:  # whatever a reader gives up with
        return None, f"{type(error).__name__}: {error}"[:100]
    return told, None


def export(folder, fact):
    return READERS[fact["kind"]]((folder / fact["file"]).read_bytes().decode()) if "file" in fact else Told([], [])


def of_source(folder, source, facts):
    told, reason = original(source, pathlib.Path(facts[0]["original"]))
    exports = [(fact, export(folder, fact)) for fact in facts]
    if told and not told.items and any(one.items for _, one in exports):
        told, reason = None, "it finds nothing in it"
    if not told:
        return {"unread": reason}
    differences = [f"{fact.get('file', 'no export')}: {each}" for fact, one in exports for each in compared(told, one)]
    head = sorted({name for _, one in exports for name in told.head if name not in one.head})
    return {"head": head, "differences": differences}


def main(folder):
    known = json.loads((pathlib.Path(__file__).parent / "known.json").read_text())["originals"]["python"]
    by_source = collections.defaultdict(list)
    for fact in json.loads((folder / "facts.json").read_text()):
        if "original" in fact:
            by_source[fact["source"]].append(fact)
    told = {source: of_source(folder, source, facts) for source, facts in by_source.items()}
    (folder / "python-originals.json").write_text(json.dumps(told, indent=1))
    if not told:
        print("skipped: no corpus")
    wrong = [source for source, one in told.items() if bool(one.get("differences")) != (source in known)]
    for source in wrong:
        differences = told[source].get("differences") or ["known.json excuses it and nothing is wrong"]
        print(f"{source}:", *(f"\n    {each[:400]}" for each in differences[:6]))
    unread = sum("unread" in one for one in told.values())
    print(f"vobject and icalendar, the originals: {unread} of {len(told)} they cannot read")
    print(f"  {len(told) - unread - len(wrong)} passed\n  {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
