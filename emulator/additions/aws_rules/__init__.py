"""Makes the emulated AWS refuse what AWS refuses. docs/emulated-aws.md has the table of all rules."""

import json
from importlib import import_module

from . import maintenance
from .request import Request
from .table import chosen_rules

MODULES = """
acm alb cloudwatch ec2 ecr ecs elasticache elasticache_nodes iam rds rds_settings rds_storage secretsmanager
security_groups service_linked_roles
"""
for each in MODULES.split():
    import_module(f".{each}", __name__)

MAINTENANCE_PATH = "/_emulated/maintenance-window"


def add_rules(app):
    """Adds a service's rules when the emulator loads the service, and a path that passes the maintenance window."""
    load = app._get_module
    dispatch = app._dispatch_service_request
    loaded = set()

    def load_with_rules(service):
        module = load(service)
        if service not in loaded:
            loaded.add(service)
            apply_rules(module, chosen_rules(service))
        return module

    async def dispatch_or_maintain(method, path, headers, body, query_params, request_id):
        if path != MAINTENANCE_PATH:
            return await dispatch(method, path, headers, body, query_params, request_id)
        applied = maintenance.pass_window()
        return 200, {"Content-Type": "application/json"}, json.dumps({"applied": applied}).encode()

    # A mistake in EMULATED_RULES ends the emulator at its start.
    chosen_rules("")
    app._get_module = load_with_rules
    app._dispatch_service_request = dispatch_or_maintain


def apply_rules(module, rules):
    """Changes a service's module of the emulator."""
    for rule in rules:
        if rule.code == "":
            rule.apply(module)
    refusals = [rule for rule in rules if rule.code]
    if not refusals:
        return
    handle = module.handle_request

    async def refuse_or_handle(method, path, headers, body, query_params):
        request = Request.read(headers, body, query_params)
        for rule in refusals:
            message = rule.apply(module, request) if request.action in rule.actions else None
            if message:
                return refuse(module, rule.code, message)
        return await handle(method, path, headers, body, query_params)

    module.handle_request = refuse_or_handle


def refuse(module, code, message):
    """Returns an error response in the format of a service."""
    if hasattr(module, "error_response_json"):
        return module.error_response_json(code, message, 400)
    if module.__name__.endswith(".iam"):
        return module._error(409, code, message)
    return module._error(code, message, 400)
