"""Words for joining tables, and rules for when two names or words sound the same."""

from __future__ import annotations

import secrets
import unicodedata

_LISTED = (
    "acorn alder amber apple arrow badger bamboo barley basil beaver birch bramble brook bucket butter button "
    "candle canal castle cedar cherry chestnut clover cobalt copper coral cotton cricket daisy dolphin donkey "
    "dragon eagle elder falcon feather fennel fern ferry fiddle finch flint forest fossil fox garden garlic ginger "
    "glacier granite grape harbour hazel heather hedge heron honey indigo island ivory ivy jasmine juniper kettle "
    "kingfisher ladder lantern larch lavender lemon lily linen lobster magnet mango maple marble meadow melon mint "
    "mirror monsoon moss mustard nettle nutmeg oak ocean olive orchard otter owl paddle panda paper parrot pebble "
    "pepper piano pigeon pine planet plum poppy puffin quartz rabbit raven ribbon river robin rocket saddle saffron "
    "salmon scarlet silver spruce squirrel sunset swallow teapot thistle tiger timber trumpet tulip tunnel turnip "
    "velvet violet walnut whistle willow window winter yellow zebra"
)
WORDS = tuple(_LISTED.split())
"""Plain words that are easy to call across a room without spelling."""


def drawn() -> str:
    """A random word and two figures, such as "heron 47": easy to say, about fourteen thousand possibilities."""
    return f"{secrets.choice(WORDS)} {10 + secrets.randbelow(90)}"


def alike(text: str) -> str:
    """Normal form of a name or word for comparison, ignoring case, character width and spacing."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def spoken(word: str) -> str:
    """Normal form of a table's word for comparison: letters and figures only."""
    return "".join(sign for sign in alike(word) if sign.isalnum())
