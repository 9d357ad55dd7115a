"""Rules of Secrets Manager."""

from .table import refusal

LARGEST_SECRET = 65536


@refusal(
    "secretsmanager",
    "secret-size",
    "CreateSecret PutSecretValue UpdateSecret",
    "ValidationException",
    "/secretsmanager/latest/userguide/reference_limits.html",
)
def large_secret(_, request):
    """A secret's value has at most 65536 bytes."""
    if len(request.get("SecretString").encode()) > LARGEST_SECRET:
        return (
            "1 validation error detected: Value at 'secretString' failed to satisfy constraint: "
            f"Member must have length less than or equal to {LARGEST_SECRET}"
        )


@refusal(
    "secretsmanager",
    "secret-name-deleted",
    "CreateSecret",
    "InvalidRequestException",
    "/secretsmanager/latest/userguide/manage_delete-secret.html",
)
def name_of_deleted_secret(secretsmanager, request):
    """The name of a secret that is scheduled for deletion is taken until AWS has deleted the secret."""
    if secretsmanager._secrets.get(request.get("Name"), {}).get("DeletedDate"):
        return "You can't create this secret because a secret with this name is already scheduled for deletion."
