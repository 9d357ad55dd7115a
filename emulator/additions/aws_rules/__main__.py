"""Writes the table of rules into a document, between two comments: `python3 -m aws_rules docs/emulated-aws.md`."""

import re
import sys
from pathlib import Path

from .table import TABLE


def cells(rule):
    """Returns a row: name, calls, effect, sentence with its source."""
    effect = f"`{rule.code}`" if rule.code else "changes the call"
    name = f"`{rule.name}`" if rule.on else f"`{rule.name}` (off)"
    return [name, f"{rule.service}: {', '.join(rule.actions)}", effect, f"{rule.summary} ([AWS]({rule.source}))"]


def table(rules):
    """Returns Markdown as prettier formats it."""
    rows = [["rule", "calls", "error code", "what AWS does"], *map(cells, rules)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows)


document = Path(sys.argv[1])
text = re.sub(
    r"(<!-- rules -->\n\n).*?(\n\n<!-- end of rules -->)",
    lambda match: match[1] + table(TABLE) + match[2],
    document.read_text(),
    flags=re.DOTALL,
)
document.write_text(text)
