"""A link for download managers, made as a subscriber makes it: asked for, confirmed by a fresh code, shown once."""

import re


def make_link(browser, phone):
    """The link's path on the portal."""
    page = browser.confirm(phone, "/recovery/archive/link")
    return re.search(r"/links/[\w-]+/[\w.-]+\.zip", page)[0]
