"""The version of the program, which every run and decision names."""

from importlib.metadata import version
from typing import Final

VERSION: Final = version("reconcile")
