"""`chatops macros`: prepared answers come in from files and go out to them; nothing is taken in that is not right."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatops.cli import commands
from tests.cli.installation import lines

SHEET = """\
\ufeffName;Folder;Keywords;Acts;Text EN;Text TH
Size chart;Before buying;size, fit;level presale;"Hi {buyer.name}!
Here it is.";ตารางไซซ์ค่ะ
"""
BROKEN = """\
id,name,text_en,text_th
price,Price,=1+1,ราคา
size,,Hi {buyer.nmae},???
"""


def chatops(*args: str, typed: str = "", ends: int = 0) -> list[str]:
    """Type a command about macros, and return what it printed."""
    return list(lines(CliRunner().invoke(commands, ["macros", *args], typed), ends))


def test_a_library_begins_with_what_comes_with_the_product_and_lives_in_files(folder: Path) -> None:
    assert chatops("list") == ["There are none yet.", "→ chatops macros starter   |   chatops macros import FILE"]
    assert chatops("starter", "--yes")[-1] == "Taken in."
    assert chatops("starter") == ["Nothing to change."]

    (folder / "ours.csv").write_text(SHEET, encoding="utf-8")
    shown = ["+ macro size-chart (en, th)"]
    assert chatops("import", "ours.csv", "--dry-run") == [*shown, "Nothing was changed: this was a dry run."]
    assert chatops("import", "ours.csv", typed="n\n", ends=1)[-1] == "Nothing was changed."
    assert chatops("import", "ours.csv", typed="y\n")[-1] == "Taken in."

    listed = chatops("list")
    assert listed[0].split() == ["folder", "name", "id", "languages", "signed", "used", "review"]
    assert ["Size", "chart", "size-chart", "en", "th", "0/2", "0"] in [line.split()[2:] for line in listed]

    (folder / "all.txt").write_bytes(CliRunner().invoke(commands, ["macros", "export", "-f", "csv"]).stdout_bytes)
    assert chatops("import", "all.txt") == ["Nothing to change."]

    (folder / "french.csv").write_text("id,name,text_fr\nsize-chart,Size chart,Le guide", encoding="utf-8")
    assert chatops("import", "french.csv", "-y") == ["~ macro size-chart (text fr: new)", "Taken in."]


def test_every_problem_of_a_file_is_told_by_its_line_and_nothing_is_taken_in(folder: Path) -> None:
    (folder / "broken.csv").write_text(BROKEN, encoding="utf-8")
    told = chatops("import", "broken.csv", "--yes", ends=1)
    assert told[::2] == [
        "broken.csv, line 2: a spreadsheet computes a cell that begins like '=1+1'",
        "broken.csv, line 3: a macro has no name",
        "broken.csv, line 3: nothing is known as buyer.nmae (text in en)",
        "broken.csv, line 3: not one letter of its language (text in th)",
        "4 problems; nothing was taken in.",
    ]
    assert all(remedy.startswith("  → ") for remedy in told[1::2])
    (folder / "far.yaml").write_text("- {name: X, shops: nowhere, texts: {en: hi}}", encoding="utf-8")
    assert chatops("import", "far.yaml", ends=1)[0] == "macro x is for a shop nowhere"


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (("import", "nothing.yaml"), "there is no nothing.yaml"),
        (("import", "desk.toml"), "its name does not tell the format"),
        (("import", "desk.toml", "--format", "xlsx"), "there is no format xlsx"),
    ],
)
def test_a_file_nobody_can_take_in_is_told(folder: Path, args: tuple[str, ...], problem: str) -> None:
    (folder / "desk.toml").touch()
    assert chatops(*args, ends=1)[0] == problem
