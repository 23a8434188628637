"""The YAML text of a partnership, laid out like the built-in ones."""

from __future__ import annotations

import re
from typing import Any

import yaml

from sim.core.errors import shown
from sim.core.inputs.partnership import Partnership

_WORDS = re.compile(r"[^\W\d_]{4,}(?:[ _&-]+[^\W\d]+)*")


class _Inline(list[str]):
    """A list written on one line."""


class _Layout(yaml.SafeDumper):
    """YAML with lists indented under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists too."""
        super().increase_indent(flow, False)


def _inline(dumper: yaml.SafeDumper, items: _Inline) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    """Words stay plain; whatever another reader might take for a number or a sign is quoted."""
    style = None if _WORDS.fullmatch(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Layout.add_representer(_Inline, _inline)
_Layout.add_representer(str, _text)


def as_yaml(partnership: Partnership, file: str) -> str:
    """The text of a partnership's file, made from a table called `file`."""
    content: dict[str, Any] = partnership.model_dump(mode="json")
    for pair in content["pairs"]:
        pair["between"] = _Inline(pair["between"])
    header = f"# Made from {shown(file)} by tandem new-partnership; provenance says what was assumed.\n"
    return header + yaml.dump(content, Dumper=_Layout, sort_keys=False, allow_unicode=True, width=10_000)
