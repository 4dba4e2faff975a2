"""Reads exports with vobject and icalendar and compares what they find with facts.json.

    read.py FOLDER

Writes FOLDER/python.json: for each file what was found otherwise. Exits 1 when a difference is not
among known.json, which says why it is the reader's and not ours.
"""

import base64
import datetime
import json
import pathlib
import re
import sys
import warnings

import icalendar
import vobject

warnings.simplefilter("ignore")
UTC = datetime.timezone.utc
NAMES = {"N": ("family", "given", "additional", "prefix", "suffix"),
         "ADR": ("box", "extended", "street", "city", "region", "code", "country")}


def one_line(text):
    return " ".join(str(text).split())


def joined(value):
    return ",".join(value) if isinstance(value, list) else str(value)


def trimmed(parts):
    while parts and not parts[-1]:
        parts = parts[:-1]
    return parts


def parts_of(line):
    """A property's value as the parts that facts.json has."""
    value = line.value
    if line.name in NAMES and not isinstance(value, str):
        return [joined(getattr(value, part)) for part in NAMES[line.name]]
    if isinstance(value, bytes):
        return [base64.b64encode(value).decode()]
    if isinstance(value, list):
        return [str(one) for one in value]
    return [str(value)]


def caret(text):
    """vobject leaves RFC 6868 undone."""
    return text.replace("^n", "\n").replace("^'", '"').replace("^^", "^")


def params_of(line):
    params = {name: [caret(value) for value in values] for name, values in line.params.items()}
    if isinstance(line.value, bytes):
        params["ENCODING"] = ["b"]
    return params


def lower(params):
    return {name.upper(): sorted(value.lower() for value in values) for name, values in params.items()}


def row(fact, text):
    """Every line of the row is found, with its group, parameters and value."""
    card = vobject.readOne(text)
    found = [(line.group, line.name, lower(params_of(line)), trimmed(parts_of(line))) for line in card.lines()]
    for wanted in fact["lines"]:
        one = (wanted["group"], wanted["name"], lower(wanted["params"]), trimmed(wanted["parts"]))
        if one not in found:
            near = [each for each in found if each[1] == one[1]]
            yield f"{one} is not among {near}"


def date_of(card):
    for line in card.contents.get("bday", []):
        text = str(line.value)
        whole = re.match(r"^(\d{4})-?(0[1-9]|1[0-2])-?([0-3]\d)", text)
        if whole and line.params.get("X-APPLE-OMIT-YEAR") == [whole[1]]:
            return f"--{whole[2]}-{whole[3]}"
        if whole:
            return "-".join(whole.groups())
        partial = re.match(r"^--(\d\d)-?(\d\d)", text)
        return f"--{partial[1]}-{partial[2]}" if partial else None
    return None


def digits(text):
    return re.sub(r"[^0-9]", "", text)


def card_facts(card):
    values = lambda name: [str(line.value) for line in card.contents.get(name, [])]
    name = next((one_line(value) for value in values("fn") if value.strip()), "")
    return {
        "name": name,
        "phones": sorted({digits(value) for value in values("tel")} - {""}),
        "emails": sorted({re.sub("^mailto:", "", one_line(value), flags=re.I) for value in values("email")} - {""}),
        "birthday": date_of(card),
        "photo": bool(card.contents.get("photo")),
    }


def contacts(fact, text):
    cards = list(vobject.readComponents(text, allowQP=True))
    if len(cards) != len(fact["items"]):
        yield f"{len(cards)} cards instead of {len(fact['items'])}"
        return
    for card, item in zip(cards, fact["items"]):
        found = card_facts(card)
        wanted = {
            "name": one_line(item["name"]),
            "phones": sorted({digits(phone) for phone in item["phones"]} - {""}),
            "emails": sorted(set(item["emails"])),
            "birthday": item["birthday"],
            "photo": item["photo"],
        }
        for key in wanted:
            if wanted[key] != found[key]:
                yield f"{item['name']}: {key} is {found[key]!r} instead of {wanted[key]!r}"


def millis(value):
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime(value.year, value.month, value.day)
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return round(value.timestamp() * 1000)


def clock(value):
    """The digits that the clock of the place shows."""
    return value.strftime("%Y%m%d%H%M%S" if isinstance(value, datetime.datetime) else "%Y%m%d")


def entry_facts(entry):
    order = ("DUE", "DTSTART") if entry.name == "VTODO" else ("DTSTART", "DUE")
    dates = [entry[name] for name in order if name in entry]
    first = dates[0] if dates else None
    # One vendor says twice when it begins.
    first = first[0] if isinstance(first, list) else first
    when = first.dt if first is not None else None
    many = lambda name: len(entry[name]) if isinstance(entry.get(name), list) else int(name in entry)
    summary = entry.get("SUMMARY", "")
    return {
        "kind": entry.name,
        "summary": one_line(summary[0] if isinstance(summary, list) else summary),
        "starts": None if when is None else clock(when),
        "at": None if when is None else millis(when),
        "rules": many("RRULE"),
        "exceptions": many("EXDATE"),
        "override": "RECURRENCE-ID" in entry,
        "alarms": len(entry.subcomponents),
    }


def calendar(fact, text):
    read = icalendar.Calendar.from_ical(text)
    entries = [one for one in read.subcomponents if one.name in ("VEVENT", "VTODO", "VJOURNAL")]
    if len(entries) != len(fact["items"]):
        yield f"{len(entries)} entries instead of {len(fact['items'])}"
        return
    key = lambda facts: json.dumps(facts, sort_keys=True)
    found = sorted((entry_facts(entry) for entry in entries), key=key)
    wanted = sorted(({**item, "summary": one_line(item["summary"])} for item in fact["items"]), key=key)
    for one in wanted:
        # A moment counts where it is sure, a beginning where it is a date.
        same = lambda each: all(each[key] == one[key] for key in one if one[key] is not None)
        if not any(map(same, found)):
            near = [each for each in found if each["summary"] == one["summary"]][:2]
            yield f"{one} is not among {near}"
    for one in entries:
        if "UID" not in one or "DTSTAMP" not in one:
            yield f"{one.get('SUMMARY')} has no UID or DTSTAMP"
    zones = {str(one["TZID"]) for one in read.subcomponents if one.name == "VTIMEZONE"}
    used = {value.params["TZID"] for one in read.walk() for _, value in one.property_items()
            if hasattr(value, "params") and "TZID" in value.params and one.name != "VTIMEZONE"}
    for missing in sorted(used - zones):
        yield f"the zone {missing} is used and not defined"


READERS = {"row": row, "contacts": contacts, "calendar": calendar}


def main(folder):
    known = json.loads((pathlib.Path(__file__).parent / "known.json").read_text())["python"]
    told, passed, failed = {}, 0, 0
    for fact in json.loads((folder / "facts.json").read_text()):
        if fact["kind"] == "unreadable":
            continue
        text = (folder / fact["file"]).read_bytes().decode()
        try:
            differences = list(READERS[fact["kind"]](fact, text)) if fact.get("items") != [] else []
        except Exception as error:  # a reader that gives up is a difference too
            differences = [f"{type(error).__name__}: {error}"]
        told[fact["file"]] = differences
        excused = known.get(fact["file"])
        if differences and not excused:
            failed += 1
            print(f"{fact['file']}:", *(f"\n    {each[:400]}" for each in differences[:6]))
        elif excused and not differences:
            failed += 1
            print(f"{fact['file']}: known.json excuses it and nothing is wrong")
        else:
            passed += 1
    (folder / "python.json").write_text(json.dumps(told, indent=1))
    print(f"vobject {vobject.VERSION} and icalendar {icalendar.__version__}:")
    print(f"  {passed} passed\n  {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
