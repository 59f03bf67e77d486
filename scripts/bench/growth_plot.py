#!/usr/bin/env python3
"""Draws how the time of a query grows with the rows: SVG with two logarithmic axes, on standard output.

usage: growth_plot.py POINTS.jsonl      a line a point: {"system", "rows", "p50_ms", "recall"}, of one system in order of rows
"""
import json
import math
import sys
from html import escape

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 200, 46, 56
# Each at least 3:1 against either background; shapes tell them apart without colour.
COLOURS = ("#2f81f7", "#c4552d", "#2da44e", "#a371f7", "#b08800", "#db61a2")
LABEL_HEIGHT = 15
STYLE = """
.panel { fill: #ffffff } .text { fill: #1f2328 } .grid { stroke: #d1d9e0 } .axis { stroke: #59636e }
@media (prefers-color-scheme: dark) {
  .panel { fill: #0d1117 } .text { fill: #e6edf3 } .grid { stroke: #30363d } .axis { stroke: #9198a1 }
}
text { font: 12px system-ui, sans-serif } .title { font-size: 14px; font-weight: 600 }
"""


class Axis:
    """Values to places on the page, from the power of ten below the least to that above the largest."""

    def __init__(self, values, low, high):
        first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        self.first, self.last = first, max(last, first + 1)
        self.low, self.high = low, high

    def place(self, value):
        return self.low + (math.log10(value) - self.first) / (self.last - self.first) * (self.high - self.low)

    def ticks(self):
        return [step * 10.0**power for power in range(self.first, self.last) for step in range(1, 10)] + [10.0**self.last]


def rows_label(rows):
    return f"{rows / 1e6:g} M" if rows >= 1e6 else f"{rows / 1e3:g} k" if rows >= 1e3 else f"{rows:g}"


def is_power(value):
    return abs(math.log10(value) - round(math.log10(value))) < 1e-9


def marker(kind, x, y, colour):
    shapes = (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5"', f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"',
              f'<path d="M{x:.1f} {y - 5.5:.1f}l5 9.5h-10z"', f'<path d="M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6-6z"')
    return f'{shapes[kind % len(shapes)]} fill="{colour}"/>'


def spread(places):
    """Places of labels, in the order of the lines, none over another."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    result, floor = list(places), -math.inf
    for index in order:
        result[index] = floor = max(places[index], floor + LABEL_HEIGHT)
    return result


def grid(x, y):
    for tick in x.ticks():
        at, main = x.place(tick), is_power(tick)
        if main:
            yield f'<path class="grid" d="M{at:.1f} {y.low}V{y.high}"/>'
            yield f'<text class="text" x="{at:.1f}" y="{y.low + 20}" text-anchor="middle">{rows_label(tick)}</text>'
        else:
            yield f'<path class="axis" d="M{at:.1f} {y.low}v4"/>'
    for tick in y.ticks():
        at, main = y.place(tick), is_power(tick)
        if main:
            yield f'<path class="grid" d="M{x.low} {at:.1f}H{x.high}"/>'
            yield f'<text class="text" x="{x.low - 10}" y="{at + 4:.1f}" text-anchor="end">{tick:g}</text>'
        else:
            yield f'<path class="axis" d="M{x.low} {at:.1f}h-4"/>'
    yield f'<path class="axis" fill="none" d="M{x.low} {y.high}V{y.low}H{x.high}"/>'


def lines(systems, x, y):
    ends = spread([y.place(points[-1]["p50_ms"]) for points in systems.values()])
    for index, (system, points) in enumerate(systems.items()):
        colour = COLOURS[index % len(COLOURS)]
        places = [(x.place(point["rows"]), y.place(point["p50_ms"])) for point in points]
        way = "L".join(f"{left:.1f} {top:.1f}" for left, top in places)
        yield f'<path fill="none" stroke="{colour}" stroke-width="2" d="M{way}"/>'
        for (left, top), point in zip(places, points):
            facts = f"{system}, {point['rows']:,} rows: {point['p50_ms']:g} ms, recall {point['recall']:g}"
            yield f"<g><title>{escape(facts)}</title>{marker(index, left, top, colour)}</g>"
        yield marker(index, x.high + 14, ends[index], colour)
        yield f'<text class="text" x="{x.high + 24}" y="{ends[index] + 4:.1f}">{escape(system)}</text>'


def main():
    if len(sys.argv) != 2 or sys.argv[1] == "--help":
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        points = [json.loads(line) for line in file]
    systems = {}
    for point in points:
        systems.setdefault(point["system"], []).append(point)
    x = Axis([point["rows"] for point in points], LEFT, WIDTH - RIGHT)
    y = Axis([point["p50_ms"] for point in points], HEIGHT - BOTTOM, TOP)
    title = "One query on one thread, p50 in ms, by rows"
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">')
    print(f"<title>{title}</title><style>{STYLE}</style>")
    print(f'<rect class="panel" width="{WIDTH}" height="{HEIGHT}" rx="6"/>')
    print(f'<text class="text title" x="{LEFT}" y="26">{title}</text>')
    print(f'<text class="text" x="{(x.low + x.high) / 2:.0f}" y="{HEIGHT - 14}" text-anchor="middle">rows</text>')
    print(f'<text class="text" x="18" y="{(y.low + y.high) / 2:.0f}" text-anchor="middle" '
          f'transform="rotate(-90 18 {(y.low + y.high) / 2:.0f})">milliseconds</text>')
    print("\n".join([*grid(x, y), *lines(systems, x, y)]))
    print("</svg>")


main()
