"""Where pack files of users are opened."""

from pathlib import Path
from typing import TYPE_CHECKING

from parvis.packs.errors import PackNotFoundError, PackUnreadableError
from parvis.packs.loader import (
    LARGEST_FILE,
    PackSummary,
    check_pack_file,
    load_threat_statement,
)

if TYPE_CHECKING:
    from parvis.packs.closure_content import BarrierProducts
    from parvis.packs.models import ThreatStatement


def read_threat_statement(path: Path) -> "ThreatStatement":
    """
    Read the threat statement a user wrote.

    Raises
    ------
    PackNotFoundError, PackUnreadableError, PackInvalidError
        If the file is missing, is not YAML text, or is no threat statement.
    """
    return load_threat_statement(pack_file_text(path), name=str(path))


def read_barrier_products(path: Path) -> "BarrierProducts":
    """
    Read an authority's own list of barrier products and prices.

    Raises
    ------
    PackNotFoundError, PackUnreadableError, PackInvalidError
        If the file is missing, is not YAML text, is no pack of barrier products, or holds a rating
        that cannot be read; names every such rating.
    """
    from parvis.closure.prices import check_ratings
    from parvis.packs.closure_content import load_barrier_products

    products = load_barrier_products(pack_file_text(path), name=str(path))
    check_ratings(products, name=str(path))
    return products


def check_pack(path: Path) -> PackSummary:
    """
    Check a pack file of any kind.

    Raises
    ------
    PackNotFoundError, PackUnreadableError, PackInvalidError
        If the file is missing, is not YAML text, or breaks the rules of its kind; of a list of
        barrier products also if a rating cannot be read.
    """
    summary = check_pack_file(pack_file_text(path), name=str(path))
    if summary.kind == "barrier-products":
        read_barrier_products(path)
    if summary.kind == "indicators":
        from parvis.io.indicator_files import read_indicator_file

        read_indicator_file(path)
    if summary.kind == "themes":
        from parvis.io.theme_files import read_theme_file

        read_theme_file(path)
    if summary.kind == "framework":
        from parvis.io.framework_files import read_framework_file

        read_framework_file(path)
    return summary


def pack_file_text(path: Path) -> str:
    """
    Return the text of a pack's file.

    Raises
    ------
    PackNotFoundError, PackUnreadableError
        If the file is missing, too large or no UTF-8 text.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise PackNotFoundError(file=str(path)) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise PackUnreadableError(file=str(path), line=1, why=why) from None
    if len(data) > LARGEST_FILE:
        why = f"the file is larger than {LARGEST_FILE // 1_000_000} MB"
        raise PackUnreadableError(file=str(path), line=1, why=why)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        why = "it is not UTF-8 text"
        raise PackUnreadableError(file=str(path), line=line, why=why) from None
