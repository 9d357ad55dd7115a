"""
The table of rules: what AWS refuses or does differently, and the emulator without additions does not.

The modules of this package define the rules of one service each. They import nothing of the emulator, so that the table
can be printed without it (`python3 -m aws_rules`).
"""

import os
from typing import Callable, NamedTuple

DOCS = "https://docs.aws.amazon.com"
VARIABLE = "EMULATED_RULES"


class Rule(NamedTuple):
    """One row of the table."""

    name: str
    # Module of the emulator that serves the calls, for example "rds".
    service: str
    # Names of the API calls that it affects.
    actions: tuple
    # AWS's error code, or "" for a rule that changes what a call does.
    code: str
    # Page of AWS's documentation.
    source: str
    # Whether it applies unless the variable EMULATED_RULES turns it off.
    on: bool
    # With a code: takes the emulator's module and the request, and returns AWS's message if the call is refused.
    # Without a code: takes the emulator's module and replaces its functions.
    apply: Callable

    @property
    def summary(self):
        """The rule in one sentence."""
        return " ".join(self.apply.__doc__.split())


TABLE = []


def refusal(service, name, actions, code, source, on=True):
    """Adds a rule that refuses calls. The function below it decides."""
    return _row(name, service, actions, code, source, on)


def behavior(service, name, actions, source, on=True):
    """Adds a rule that changes what calls do. The function below it replaces the emulator's functions."""
    return _row(name, service, actions, "", source, on)


def _row(name, service, actions, code, source, on):
    def add(function):
        TABLE.append(Rule(name, service, tuple(actions.split()), code, DOCS + source, on, function))
        return function

    return add


def chosen_rules(service):
    """
    Returns a service's rules that apply. EMULATED_RULES has names with a sign, separated by commas: "-name" turns a
    rule off, "+name" turns one on, "-all" turns all off.

    Raises SystemExit when it names a rule that does not exist.
    """
    signs = [each.strip() for each in os.environ.get(VARIABLE, "").split(",") if each.strip()]
    known = {rule.name for rule in TABLE} | {"all"}
    for each in signs:
        if each[0] not in "+-" or each[1:] not in known:
            raise SystemExit(f"{VARIABLE}: {each} is not + or - with the name of a rule: {', '.join(sorted(known))}")

    def applies(rule):
        named = [each[0] for each in signs if each[1:] in (rule.name, "all")]
        return named[-1] == "+" if named else rule.on

    return [rule for rule in TABLE if rule.service == service and applies(rule)]
