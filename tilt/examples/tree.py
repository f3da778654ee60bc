"""Where the tree is. The process of examples imports as little as it can: each megabyte of it is its own."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
