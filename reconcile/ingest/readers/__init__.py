"""The statement formats that can be read, one plug-in each."""

from __future__ import annotations

from pathlib import Path

from reconcile.config import ROOT
from reconcile.ingest.readers.bank_profiles import load_profiles
from reconcile.ingest.readers.delimited import DelimitedReader, describe_unknown
from reconcile.ingest.readers.ofx import OfxReader
from reconcile.ingest.readers.reader import StatementReader

BANKS = ROOT / "config" / "banks"
"""The bank profiles that come with the project."""


def readers(own_banks: Path | None = None) -> tuple[StatementReader, ...]:
    """Return every reader; the one for CSV knows the project's bank profiles and those in `own_banks`.

    Raises:
        ConfigError: a profile is not usable, or `own_banks` is no folder.
    """
    folders = [BANKS] if own_banks is None else [BANKS, own_banks]
    return (OfxReader(), DelimitedReader(load_profiles(folders)))


__all__ = ["StatementReader", "describe_unknown", "readers"]
