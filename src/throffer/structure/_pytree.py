"""Registering frozen dataclasses of arrays as JAX pytrees."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

import jax

T = TypeVar("T")


def register_pytree(cls: type[T]) -> type[T]:
    """Register a dataclass whose fields are all leaves or subtrees.

    Unlike `jax.tree_util.register_dataclass`, this rebuilds an instance without calling its
    constructor. JAX sometimes puts placeholders (axes, shapes, `None`) in place of arrays, and a
    constructor that checks shapes would reject them.
    """
    names = [field.name for field in dataclasses.fields(cls)]  # type: ignore[arg-type]

    def flatten(record: T) -> tuple[list[tuple[Any, Any]], None]:
        return [(jax.tree_util.GetAttrKey(name), getattr(record, name)) for name in names], None

    def unflatten(_: None, leaves: Any) -> T:
        record = object.__new__(cls)
        for name, leaf in zip(names, leaves, strict=True):
            object.__setattr__(record, name, leaf)
        return record

    jax.tree_util.register_pytree_with_keys(cls, flatten, unflatten)
    return cls
