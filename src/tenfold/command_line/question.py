"""What the command `run` is asked, judged before anything heavy is imported."""

from collections.abc import Sequence
from pathlib import Path

from tenfold.data.class_files import kind_of_source
from tenfold.errors import OptionError, TableError

__all__ = ["check_question"]


def check_question(
    table: Path | None, target: Sequence[str] | None, example: str | None
) -> tuple[Path, Sequence[str]] | str:
    """Refuse a question that is none.

    Returns:
        The table and its targets, or the name of an example, which has its own.

    Raises:
        OptionError: Neither a table nor an example, both, or a table without a target.
        TableError: A folder of neither photos nor texts.
    """
    if example is not None:
        if table is None and not target:
            return example
        raise OptionError(
            "table_and_example",
            "An example brings its own table and target",
            expected="--example NAME alone, or TABLE with --target COLUMN",
        )
    if table is None:
        raise OptionError(
            "no_table",
            "No table was named",
            expected="a CSV or Parquet file and the column to predict, or a folder of photos or texts for each class",
            hint="tenfold run houses.csv --target price, or tenfold run --example diabetes",
        )
    if not target and (kind_of_source(table) is not None or not table.exists()):
        return table, ()  # what is not there is told by whoever reads it
    if not target and table.is_dir():
        raise TableError(
            "empty_folder",
            f"`{table}` holds no photos and no folders of texts",
            expected="one folder for each class, with photos or .txt files in it",
        )
    if not target:
        raise OptionError(
            "no_target",
            f"The column to predict in `{table}` was not named",
            expected="--target COLUMN",
            hint=f"tenfold run {table} --target COLUMN",
        )
    return table, target
