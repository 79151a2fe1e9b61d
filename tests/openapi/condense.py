"""Makes `spec.json` from the official descriptions: responses and their schemas, nothing else.

    python tests/openapi/condense.py FOLDER > tests/openapi/spec.json

where FOLDER is a copy of the descriptions that README.md beside this file names. Discriminators
become conditions that every JSON Schema validator understands.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOURCES = (
    ("arm/official-2024-04-01/machineLearningServices.json", ""),
    ("arm/official-2024-04-01/mfe.json", ""),
    ("arm/official-2024-04-01/registries.json", ""),
    ("dataplane/run-history-v1.0.openapi3.json", ""),
)
SHARED = "arm/common-types"
KEPT = {
    "$ref",
    "type",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "allOf",
    "enum",
}


def main(folder: Path) -> None:
    schemas: dict[str, Any] = {}
    operations: dict[str, dict[str, str | None]] = {}
    for file, prefix in SOURCES:
        document = json.loads((folder / file).read_text(encoding="utf-8-sig"))
        name = Path(file).stem
        held = document.get("definitions") or document["components"]["schemas"]
        _condense(name, held, schemas)
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if method in {"get", "put", "post", "patch", "delete"}:
                    key = f"{method.upper()} {prefix}{_template(path)}"
                    operations[key] = dict(_responses(name, operation))
    for file in sorted((folder / SHARED).rglob("*.json")):
        document = json.loads(file.read_text(encoding="utf-8-sig"))
        _condense(file.stem, document.get("definitions", {}), schemas)
    used = _reached(operations, schemas)
    json.dump(
        {"operations": operations, "definitions": {each: schemas[each] for each in sorted(used)}},
        sys.stdout,
        indent=0,
        sort_keys=True,
    )


def _template(path: str) -> str:
    """A path whose parameters have no names: services name them differently."""
    return re.sub(r"\{[^}]+\}", "{}", path.partition("?")[0].rstrip("/"))


def _responses(file: str, operation: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for status, response in operation["responses"].items():
        schema = response.get("schema")
        for media in (response.get("content") or {}).values():
            schema = schema or media.get("schema")
        if status.isdigit():
            yield status, _target(file, schema["$ref"]) if schema and "$ref" in schema else None


def _condense(file: str, held: dict[str, Any], into: dict[str, Any]) -> None:
    for name, schema in held.items():
        key = f"{file}.{name}"
        if "discriminator" not in schema:
            into[key] = _clean(file, schema)
            continue
        told = schema["discriminator"]
        tag = told if isinstance(told, str) else told["propertyName"]
        into[f"{key}.own"] = _clean(file, schema)
        into[key] = {"allOf": [_ref(f"{key}.own")]}
        for child, value in _children(held, name):
            into[key]["allOf"].append(
                {
                    "if": {"required": [tag], "properties": {tag: {"enum": [value]}}},
                    "then": _ref(f"{file}.{child}"),
                }
            )
    bases = {f"{file}.{name}" for name, schema in held.items() if "discriminator" in schema}
    for name in held:
        # A child extends what its base is by itself: the base asks for its children.
        for each in into[f"{file}.{name}"].get("allOf", ()):
            target = each.get("$ref", "").removeprefix("#/definitions/")
            if target in bases:
                each["$ref"] = f"#/definitions/{target}.own"


def _children(held: dict[str, Any], base: str) -> Iterator[tuple[str, str]]:
    for name, schema in held.items():
        parents = [each.get("$ref", "").rpartition("/")[2] for each in schema.get("allOf", ())]
        if base in parents:
            yield name, schema.get("x-ms-discriminator-value", name)


def _clean(file: str, schema: Any) -> Any:
    """A schema without words, formats and read-only marks."""
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key not in KEPT or value is False:
            continue  # real answers have more members than their description
        if key == "$ref":
            kept[key] = f"#/definitions/{_target(file, value)}"
        elif key == "properties":
            kept[key] = {name: _clean(file, each) for name, each in value.items()}
        elif key in {"items", "additionalProperties"}:
            kept[key] = _clean(file, value)
        elif key == "allOf":
            kept[key] = [_clean(file, each) for each in value]
        else:
            kept[key] = value
    return kept


def _target(file: str, ref: str) -> str:
    other, _, name = ref.partition("#")
    return f"{Path(other).stem if other else file}.{name.rpartition('/')[2]}"


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/definitions/{name}"}


def _reached(operations: dict[str, Any], schemas: dict[str, Any]) -> set[str]:
    todo = [name for each in operations.values() for name in each.values() if name]
    reached: set[str] = set()
    while todo:
        name = todo.pop()
        if name in reached:
            continue
        if name not in schemas:
            schemas[name] = {}
        reached.add(name)
        text = json.dumps(schemas[name])
        todo += re.findall(r'"#/definitions/([^"]+)"', text)
    return reached


if __name__ == "__main__":
    main(Path(sys.argv[1]))
