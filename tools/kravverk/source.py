"""The words of one file: from bytes to a tree of strings, and where each of them stands.

libyaml composes the document and every scalar stays the string that stands there, so `no` is a
word and `1.10` is not a float.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml
from pydantic_core import ErrorDetails
from yaml._yaml import CParser
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from kravverk.models import Form

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Raw:
    """A file as far as it has been read; each attribute presupposes those before it."""

    data: bytes
    fil: str = ""
    text: str = ""
    root: Node | None = None
    error: yaml.YAMLError | None = None
    kind: type[Form] = Form
    faults: tuple[ErrorDetails, ...] = ()


def line_of(data: bytes, path: Path) -> int:
    """The line of a field in a file that has been read before; 1 where the field is absent."""
    return line_at(composed(decoded(Raw(data))).root, path)


def plain(node: Node | None, optional: Container[str] = ()) -> Any:
    """Dictionaries, lists and strings. A field of `optional` with nothing in it is no field;
    anything else that is empty stays, for the model to refuse."""
    if isinstance(node, MappingNode):
        values = ((key.value, plain(value)) for key, value in node.value)
        return {k: v for k, v in values if v not in ("", [], {}) or k not in optional}
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.value]
    return node.value if node else ""


class _Loader(CParser):
    """libyaml without any idea of types: every scalar is the string that stands there."""

    def resolve(self, *_: object) -> str:
        return "str"

    def descend_resolver(self, *_: object) -> None: ...

    def ascend_resolver(self) -> None: ...


def decoded(raw: Raw) -> Raw:
    text = unicodedata.normalize("NFC", raw.data.decode("utf-8-sig"))
    return replace(raw, text=re.sub("\r\n?", "\n", text))


def composed(raw: Raw) -> Raw:
    try:
        return replace(raw, root=_Loader(raw.text).get_single_node())
    except yaml.YAMLError as error:
        return replace(raw, error=error)


def line_at(node: Node | None, path: Path) -> int:
    line = 1
    for part in path:
        if isinstance(node, MappingNode):
            for key, value in node.value:
                if key.value == part:
                    line, node = key.start_mark.line + 1, value
                    break
            else:
                return line
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        elif isinstance(node, SequenceNode):
            # A set is named by its member, since it has no order of its own.
            return next((n.start_mark.line + 1 for n in node.value if n.value == part), line)
    return line


def scalars(node: Node) -> Iterator[ScalarNode]:
    """Every word of a tree, field names among them, in the order in which they stand."""
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield from scalars(key)
            yield from scalars(value)
    else:
        for item in node.value:
            yield from scalars(item)


def mappings(node: Node) -> Iterator[MappingNode]:
    if isinstance(node, MappingNode):
        yield node
        for _, value in node.value:
            if not isinstance(value, ScalarNode):
                yield from mappings(value)
    else:
        for item in node.value:
            if not isinstance(item, ScalarNode):
                yield from mappings(item)


def first_match(pattern: str, text: str) -> tuple[int, str] | None:
    match = re.search(pattern, text, re.MULTILINE)
    return (text.count("\n", 0, match.start()) + 1, match[0]) if match else None
