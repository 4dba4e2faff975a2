"""What a check says as it goes: each thing that holds on a line of its own, and the first that does not ends it."""

passed = 0


def check(what, holds, found=""):
    global passed
    if not holds:
        raise SystemExit(f"FAILED: {what} {found}")
    passed += 1
    print(f"  {what}")


def tell():
    """How many held; `bin/test` adds it up."""
    print(f" {passed} passed")
