"""Every route of the page, with a request that it takes and the places in it where something else can stand."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

OWN_WORDS: Mapping[str, Any] = {
    "scenario": "parallel", "partnership": "dorset_councils", "pack": "chicken_and_egg", "form": "off",
    "mechanism": "trust",
    "lever": "levers.hr.od_posts", "table": "council,headcount,service_expenditure_gbp_m\nA,300,20\nB,500,30\n",
    "cards": ["away_days"], "values": {}, "answers": {"members": "all"}, "histories": 8, "seed": 1, "round": 1,
    "version": 0,
    "card": "away_days", "kind": "emergency", "council": "Bromsgrove", "step": "pause", "role": "", "minutes": 5.0,
    "luck": 1,
    "key": "trust", "id": "C-2", "name": "base.css", "token": "x" * 16, "start_year": 2027, "v": "1", "show": "all",
    "team": "Red", "title": "Ours", "seconds": 30.0, "plan": 0,
}  # fmt: skip
"""What is filled in where a route asks for something of this name."""


@dataclass
class Asked:
    """One route: its method and path, and a request that it takes."""

    method: str
    path: str
    within: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None

    @property
    def name(self) -> str:
        """How it is called."""
        return f"{self.method} {self.path}"

    def send(self, client: TestClient) -> Any:
        """The answer to it."""
        path = re.sub(r"\{(\w+)[^}]*\}", lambda found: _quoted(self.within[found[1]]), self.path)
        query = "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in self.query.items())
        content = json.dumps(self.body).encode() if self.method == "POST" else None
        headers = {"Content-Type": "application/json"} if self.method == "POST" else {}
        return client.request(self.method, f"{path}?{query}" if query else path, content=content, headers=headers)


def _quoted(value: Any) -> str:
    """Any value as a piece of an address, long ones cut as a browser would refuse to send them."""
    return quote(str(value).encode("utf-8", "surrogatepass")[:8000], safe="")


def routes(app: FastAPI) -> Iterator[Asked]:
    """A request for every route of the application, made from what it declares."""
    described = app.openapi()
    for route in every_route(app):
        for method in sorted(route.methods - {"HEAD"}):
            asked = Asked(method, route.path)
            asked.within = {each.name: _word(each.name) for each in route.dependant.path_params}
            asked.query = {each.name: _word(each.name) for each in route.dependant.query_params}
            operation = described["paths"].get(route.path, {}).get(method.lower(), {})
            schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            asked.body = None if schema is None else example(schema, described["components"]["schemas"])
            yield asked


def every_route(app: FastAPI) -> list[APIRoute]:
    """The routes that answer something of ours; the description of the API answers by itself."""
    return [route for route in _all(app.routes) if isinstance(route, APIRoute)]


def _all(given: Iterable[Any]) -> Iterator[Any]:
    for route in given:
        inner = getattr(route, "original_router", None)
        yield from _all(inner.routes) if inner is not None else (route,)


def _word(name: str) -> Any:
    return OWN_WORDS.get(name, "x")


def example(schema: Mapping[str, Any], named: Mapping[str, Any], name: str = "") -> Any:
    """Something that a schema takes, with a value in every field that it knows."""
    if "$ref" in schema:
        return example(named[schema["$ref"].rpartition("/")[2]], named, name)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], named, name)
    if schema.get("type") == "object" and "properties" in schema:
        return {key: example(each, named, key) for key, each in schema["properties"].items()}
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "array" and "$ref" in schema.get("items", {}):
        return [example(schema["items"], named, name)]
    if name in OWN_WORDS and _fits(OWN_WORDS[name], schema.get("type")):
        return OWN_WORDS[name]
    kinds = {
        "string": "x",
        "integer": int(schema.get("minimum", 1)),
        "number": 1.0,
        "boolean": False,
        "array": [],
        "object": {},
    }
    return kinds.get(schema.get("type", ""), "x")


def _fits(value: Any, kind: str | None) -> bool:
    kinds = {"string": str, "integer": int, "number": float, "boolean": bool, "array": list, "object": dict}
    return isinstance(value, kinds.get(kind or "", object))
