"""Asks each platform itself what it holds: the last word on what was delivered."""

import json
import urllib.request

import psycopg

HTTP_WAIT_SECONDS_MAX = 10.0

_DISTRICT = "SELECT count(*) FROM district.record"
# What withdraws a record or ends its publicity there is no row of its own in the tables it changes.
_PROVINCIAL = (
    "SELECT (SELECT count(*) FROM front.l_gz_xzxk) + (SELECT count(*) FROM front.l_gz_xzcf)"
    " + (SELECT count(*) FROM front.l_gz_xzxk_2016) + (SELECT count(*) FROM front.l_gz_xzcf_2016)"
    " + (SELECT count(*) FROM front.withdrawal) + (SELECT count(*) FROM front.publicity_end)"
)
_PUBLIC_SITE = "SELECT count(*) FROM site.delivery"


def held_by_platforms(*, database: str, municipal_endpoint: str) -> dict[str, int]:
    """Return how many events each platform says that it holds."""
    with psycopg.connect(database) as connection:
        district = _count(connection, _DISTRICT)
        provincial = _count(connection, _PROVINCIAL)
        public_site = _count(connection, _PUBLIC_SITE)
    url = f"{municipal_endpoint}/counts"
    with urllib.request.urlopen(url, timeout=HTTP_WAIT_SECONDS_MAX) as answer:  # noqa: S310 - ours
        municipal = int(json.load(answer)["accepted"])
    return {
        "district-platform": district,
        "municipal-platform": municipal,
        "provincial-platform": provincial,
        "public-site": public_site,
    }


def _count(connection: psycopg.Connection[tuple[int]], query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None, "count always gives a row"
    return row[0]
