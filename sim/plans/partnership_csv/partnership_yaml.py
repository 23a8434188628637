"""YAML text of a partnership, in the layout of the built-in ones."""

import re
from typing import Any

import yaml

from sim.core.errors import shown
from sim.core.inputs.partnership import Partnership

_WORDS = re.compile(r"[^\W\d_]{4,}(?:[ _&-]+[^\W\d]+)*")


class _Inline(list[str]):
    """List that is written on one line."""


class _Layout(yaml.SafeDumper):
    """YAML writer with lists indented under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists too."""
        super().increase_indent(flow, False)


def _inline(dumper: yaml.SafeDumper, items: _Inline) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    """YAML text node: plain for words, quoted for whatever could be read as a number or sign."""
    style = None if _WORDS.fullmatch(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Layout.add_representer(_Inline, _inline)
_Layout.add_representer(str, _text)


def as_yaml(partnership: Partnership, file: str) -> str:
    """YAML text of a partnership made from a table named `file`."""
    content: dict[str, Any] = partnership.model_dump(mode="json")
    for pair in content["pairs"]:
        pair["between"] = _Inline(pair["between"])
    header = f"# Made from {shown(file)} by tandem new-partnership; provenance says what was assumed.\n"
    return header + yaml.dump(content, Dumper=_Layout, sort_keys=False, allow_unicode=True, width=10_000)
