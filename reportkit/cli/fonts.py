"""``reportkit fonts``: which font plays which role on this machine."""

from __future__ import annotations

import typer

from reportkit.cli import options
from reportkit.cli.console import say, say_json, table
from reportkit.cli.options import home_of
from reportkit.errors import UsageError
from reportkit.fonts import FontSet


def fonts(context: typer.Context, as_json: options.Json = False, home: options.Home = None) -> None:
    """Show which font plays which role.

    For each of 仿宋, 黑体 … the file, and whether it stands in for another.
    """
    try:
        own = home_of(context, home) / "params" / "fonts"
    except UsageError:
        if home or context.obj:
            raise
        own = None
    found = FontSet.find(own)
    substituted = found.substituted
    rows = [
        {
            "role": role,
            "family": faces[0].family,
            "weight": faces[0].weight,
            "file": str(faces[0].path),
            "stands_in_for": substituted[role][0] if role in substituted else None,
        }
        for role, faces in found.chains
    ]
    if as_json:
        say_json(rows)
        return
    columns = ("role", "font", "weight", "stands in for", "file")
    table(
        "Fonts:",
        columns,
        [(r["role"], r["family"], r["weight"], r["stands_in_for"], r["file"]) for r in rows],
    )
    if substituted:
        say("To use the fonts that GB/T 9704 asks for, put their files into params/fonts/.")
