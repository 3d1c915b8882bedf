# SPDX-License-Identifier: GPL-3.0-or-later
"""How the benchmarks of whole programs print: a table, a line for each thing measured, its aim beside it."""

import sys

missed = []


def head(title, ours="ours", baseline="baseline"):
    print(f"\n{title:<62} {ours:>12} {baseline:>12} {'ratio':>7} {'aim':>7}", flush=True)


def line(what, ours, baseline=None, ratio=None, aim=None, unit="ms", digits=1):
    """RATIO is held against AIM where it is given, else OURS is."""
    judged = ours if ratio is None else ratio
    is_missed = aim is not None and judged > aim
    if is_missed:
        missed.append(what)
    print(f"{what:<62} {ours:9.{digits}f} {unit:<3}"
          + (f"{baseline:9.{digits}f} {unit:<3}" if baseline is not None else " " * 12)
          + (f"{ratio:8.2f}" if ratio is not None else " " * 8)
          + (f"{aim:8.2f}" if aim is not None and ratio is not None else f"{aim:5.0f} {unit}" if aim is not None else "")
          + ("  MISSED" if is_missed else ""), flush=True)


def end():
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")
