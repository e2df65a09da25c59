"""`throffer record ransom`, `throffer record acts` and `throffer record acts-agreement`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from throffer.cli.output import OVERWRITE, say_written
from throffer.cli.record import _RAW, record

RANSOM = frozenset({"chats", "paid", "priced", "effects"})
ACTS = frozenset({"codebook", "coders", "agreement"})
"""Fields that mark a table as written by an earlier run."""


@record.command("ransom")
def record_ransom(
    raw: Annotated[Path | None, _RAW] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; default where the package keeps it.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=OVERWRITE)] = False,
) -> None:
    """Compare the prices of ransoms with the theory, and write the table in the package.

    Example: `throffer record ransom --out ransom.json`
    """
    from throffer.people import ransom_table, write_ransoms
    from throffer.structure import claim_file

    if out is not None:
        claim_file(out, fields=RANSOM, overwrite=overwrite)
    table = ransom_table(raw)
    typer.echo(f"{table.chats} chats, {table.paid} paid, {table.priced} with both prices")
    for effect in table.effects:
        if effect.coding == "reading" and not effect.within_groups:
            interval = (
                "not estimated"
                if effect.value is None or effect.low is None or effect.high is None
                else f"{effect.value:+.2f} [{effect.low:+.2f}, {effect.high:+.2f}]"
            )
            typer.echo(f"{effect.model:9} {effect.term:9} {interval:24} {effect.verdict}")
    say_written(write_ransoms(table, out))


@record.command("acts")
def record_acts(
    raw: Annotated[Path | None, _RAW] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; default where the package keeps it.")
    ] = None,
    sample: Annotated[
        Path | None,
        typer.Option(help="Write the messages of the sample here, for new coders, and exit."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=OVERWRITE)] = False,
) -> None:
    """Measure agreement on text acts, train their classifier, write the table in the package.

    The file of --sample holds raw text from hostile sources; give it to the coders only.

    Example: `throffer record acts --out acts.json`
    """
    from throffer.people import acts_table, draw, read_talk, write_acts, write_for_coders
    from throffer.structure import claim_file

    if sample is not None and out is not None:
        raise typer.BadParameter("give --sample or --out: with --sample no table is written")
    for path in (sample, out):
        if path is not None:
            claim_file(path, fields=ACTS, overwrite=overwrite)
    if sample is not None:
        say_written(write_for_coders(draw(read_talk(raw)), sample))
        return
    table = acts_table(raw)
    typer.echo(f"{table.coded} of {table.messages:,} messages coded by {len(table.coders)} coders")
    for found in table.agreement:
        if found.source is None:
            alpha = "none" if found.alpha.value is None else f"{found.alpha.value:.2f}"
            typer.echo(f"{found.act or 'all acts':20} alpha {alpha}")
    say_written(write_acts(table, out))


@record.command("acts-agreement")
def record_acts_agreement(
    logs: Annotated[
        list[Path], typer.Argument(help="Logs of `inspect eval throffer/acts`, or folders of logs.")
    ],
    raw: Annotated[Path | None, _RAW] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the models' codes here, as CSV with one row for each message."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=OVERWRITE)] = False,
) -> None:
    """Compare text acts that models coded through Inspect with the two coders in the package.

    Prints Krippendorff's alpha with 95 % intervals over dialogues. Messages without codes are
    counted and left out.

    Example: `throffer record acts-agreement logs/ --out codes.csv`
    """
    from throffer.people import agree_with_coders, draw, read_codes, read_talk, with_message_ids
    from throffer.probe import read_acts_logs
    from throffer.structure import claim_file, write_whole

    if out is not None:
        claim_file(out, overwrite=overwrite)
    read = read_acts_logs(logs)
    codes = with_message_ids(read.codes, draw(read_talk(raw)), read.messages)
    found = agree_with_coders(codes, read_codes())
    for (model,), asked in read.codes.group_by("coder", maintain_order=True):
        missing = asked.height - asked["missing"].null_count()
        typer.echo(f"{model}: {asked.height} messages asked, {missing} without codes")
        for pair in found:
            if pair.model == model:
                (low, high), value = pair.alpha.ends, pair.alpha.estimate
                alpha = "none" if value is None else f"{value:.2f} [{low:.2f}, {high:.2f}]"
                act = pair.act or "all acts"
                typer.echo(f"{act:20} coder {pair.coder}  alpha {alpha}  n {pair.coded}")
    if out is not None:
        write_whole(out, codes.write_csv)
        say_written(out)
