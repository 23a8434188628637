"""Strict reading of users' input: files, own folders, and settings typed on the command line."""

from sim.core.inputs.shipped import SHIPPED
from sim.plans.strict.library import PACKS, Library, is_path
from sim.plans.strict.overrides import alternatives, by_key, given_twice, parse_override, split_override
from sim.plans.strict.reader import Document, read_document, read_located

__all__ = [
    "PACKS",
    "SHIPPED",
    "Document",
    "Library",
    "alternatives",
    "by_key",
    "given_twice",
    "is_path",
    "parse_override",
    "read_document",
    "read_located",
    "split_override",
]
