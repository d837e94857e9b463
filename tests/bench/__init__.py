"""Benchmark: made-up worlds of many countries with known truth, scores, a published baseline, and timings.

`python -m tests.bench run` tells how well receipts are matched, `python -m tests.bench speed` how fast.
"""
