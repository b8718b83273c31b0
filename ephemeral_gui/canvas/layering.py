"""Layers and their order: the part of an arrangement that decides how many wires cross. It knows no sizes and no places.

A wire over several layers is led through each of them by a bend, so that an order counts the crossings that an eye will see.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right, insort
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.model.graph import topological_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SWEEPS: Final = 24
_PATIENCE: Final = 6  # sweeps without a gain, after which there will be none


@dataclass(frozen=True, slots=True)
class Layering:
    """Names and bends, layer by layer from left to right, each layer in order from top to bottom.

    Attributes:
        parents: what stands before each of them, exactly one layer to the left.
        children: what stands behind each of them, exactly one layer to the right.
        bends: those that are no names.
    """

    layers: list[list[str]]
    parents: Mapping[str, Sequence[str]]
    children: Mapping[str, Sequence[str]]
    bends: frozenset[str]


def layered(children: Mapping[str, Sequence[str]]) -> Layering:
    """Return the layers of a graph without cycles, ordered so that few wires cross (barycentre sweeps; the best order met is kept)."""
    layers, near = _layers(children), _Bends(children)
    near.lead_through(layers)
    best, least, idle = [list(layer) for layer in layers], _crossings(layers, near.children), 0
    for sweep in range(SWEEPS):
        _sweep(layers, near.parents if sweep % 2 == 0 else near.children, forwards=sweep % 2 == 0)
        count = _crossings(layers, near.children)
        idle = 0 if count < least else idle + 1
        if count < least:
            best, least = [list(layer) for layer in layers], count
        if least == 0 or idle >= _PATIENCE:
            break
    return Layering(best, near.parents, near.children, frozenset(near.bends))


class _Bends:
    """The graph with every wire cut into steps of one layer."""

    def __init__(self, children: Mapping[str, Sequence[str]]) -> None:
        self._edges = [(name, target) for name, targets in children.items() for target in targets]
        self.children: dict[str, list[str]] = {name: [] for name in children}
        self.parents: dict[str, list[str]] = {name: [] for name in children}
        self.bends: list[str] = []

    def lead_through(self, layers: list[list[str]]) -> None:
        """Put a bend into every layer that a wire leads through."""
        layer_of = {name: number for number, layer in enumerate(layers) for name in layer}
        for source, target in self._edges:
            last = source
            for number in range(layer_of[source] + 1, layer_of[target]):
                bend = f"\0{len(self.bends)}"  # no name begins so: a job map's text cannot hold it
                self.bends.append(bend)
                self.children[bend], self.parents[bend] = [], []
                layers[number].append(bend)
                self._join(last, bend)
                last = bend
            self._join(last, target)

    def _join(self, one: str, other: str) -> None:
        self.children[one].append(other)
        self.parents[other].append(one)


def _layers(children: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return the names by their longest way from a start; a start itself stands right before what it feeds."""
    layer_of: dict[str, int] = dict.fromkeys(children, 0)
    order = topological_order(children)
    fed = {target for targets in children.values() for target in targets}
    for name in order:
        for target in children[name]:
            layer_of[target] = max(layer_of[target], layer_of[name] + 1)
    for name in reversed(order):
        if name not in fed and children[name]:
            layer_of[name] = min(layer_of[child] for child in children[name]) - 1
    layers: list[list[str]] = [[] for _ in range(max(layer_of.values(), default=-1) + 1)]
    for name in order:
        layers[layer_of[name]].append(name)
    return layers


def _sweep(layers: list[list[str]], neighbours: Mapping[str, Sequence[str]], *, forwards: bool) -> None:
    at = {name: row for layer in layers for row, name in enumerate(layer)}
    for layer in layers if forwards else reversed(layers):
        wanted = {}
        for name in layer:
            near = neighbours[name]
            wanted[name] = sum([at[each] for each in near]) / len(near) if near else at[name]
        layer.sort(key=wanted.__getitem__)
        at.update({name: row for row, name in enumerate(layer)})


def _crossings(layers: list[list[str]], children: Mapping[str, Sequence[str]]) -> int:
    """Return how many pairs of steps cross: for each gap between two layers the pairs of ends that are out of order."""
    count = 0
    for left, right in itertools.pairwise(layers):
        row = {name: number for number, name in enumerate(right)}
        seen: list[int] = []
        for name in left:
            ends = sorted(row[each] for each in children[name])
            count += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return count
