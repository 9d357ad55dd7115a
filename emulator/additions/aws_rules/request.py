"""A call to AWS, in the two formats of the services that have rules."""

import json
from urllib.parse import parse_qs


class Request:
    """Name and parameters of a call."""

    def __init__(self, action, values):
        self.action = action
        self.values = values

    @staticmethod
    def read(headers, body, query_params):
        """Returns the call. `action` is "" when the format has no name in it."""
        target = headers.get("x-amz-target", "")
        if target:
            return Request(target.split(".")[-1], json.loads(body or b"{}"))
        text = body.decode("utf-8", errors="replace") if isinstance(body, bytes) else body or ""
        values = {**query_params, **(parse_qs(text) if "Action=" in text else {})}
        flat = {name: value[0] if isinstance(value, list) else value for name, value in values.items()}
        return Request(flat.get("Action", ""), flat)

    def get(self, name, default=""):
        """Returns a parameter."""
        return self.values.get(name, default)

    def flag(self, name):
        """Returns a parameter as True or False, and None when the call does not have it."""
        text = str(self.get(name)).lower()
        return None if text == "" else text == "true"

    def list(self, prefix):
        """Returns the members of a list parameter, whatever the service calls a member."""
        return [value for name, value in self.values.items() if name.startswith(f"{prefix}.")]
