"""Rules of ECR: previews of lifecycle policies."""

import json
import time
from fnmatch import fnmatchcase

from .table import behavior

DAY = 24 * 60 * 60


def selects(selection, image):
    """Returns whether a rule is about an image, whatever its age and number."""
    tags, status = image["imageTags"], selection["tagStatus"]
    if status != "tagged":
        return status == "any" or not tags
    patterns = selection.get("tagPatternList") or [f"{each}*" for each in selection.get("tagPrefixList", [])]
    return bool(tags) and all(any(fnmatchcase(tag, pattern) for tag in tags) for pattern in patterns)


def due(selection, images, now):
    """Returns the images that a rule marks, of those that it selects. Newest images come first."""
    count = selection["countNumber"]
    if selection["countType"] == "imageCountMoreThan":
        return images[count:]
    return [each for each in images if each["imagePushedAt"] < now - count * DAY]


def expired(policy, images, now):
    """
    Returns the images that a policy removes, with the priority of the rule that removes each. Every rule looks at all
    images. An image that a rule selects is not removed by a rule with a lower priority, which is a higher number.
    """
    newest_first = sorted(reversed(images), key=lambda image: -image["imagePushedAt"])
    decided, found = set(), []
    for rule in sorted(policy["rules"], key=lambda rule: rule["rulePriority"]):
        selected = [each for each in newest_first if selects(rule["selection"], each)]
        marked = due(rule["selection"], selected, now)
        found += [(each, rule["rulePriority"]) for each in marked if each["imageDigest"] not in decided]
        decided |= {each["imageDigest"] for each in selected}
    return found


@behavior(
    "ecr",
    "lifecycle-policy-preview",
    "StartLifecyclePolicyPreview GetLifecyclePolicyPreview",
    "/AmazonECR/latest/userguide/LifecyclePolicies.html",
)
def previews(ecr):
    """A preview lists the images that a lifecycle policy would remove. No image is ever removed."""
    handle = ecr.handle_request
    policies = ecr.AccountRegionScopedDict()

    def start(data):
        name = data["repositoryName"]
        if name not in ecr._repositories:
            return ecr.error_response_json(
                "RepositoryNotFoundException", f"The repository '{name}' does not exist", 400
            )
        text = data.get("lifecyclePolicyText") or ecr._lifecycle_policies.get(name)
        if text is None:
            return ecr.error_response_json("LifecyclePolicyNotFoundException", f"'{name}' has no lifecycle policy", 400)
        policies[name] = text
        return ecr.json_response({"repositoryName": name, "lifecyclePolicyText": text, "status": "IN_PROGRESS"})

    def get(data):
        name = data["repositoryName"]
        if name not in policies:
            return ecr.error_response_json("LifecyclePolicyPreviewNotFoundException", f"'{name}' has no preview", 400)
        results = [
            {
                "imageTags": image["imageTags"],
                "imageDigest": image["imageDigest"],
                "imagePushedAt": image["imagePushedAt"],
                "action": {"type": "EXPIRE"},
                "appliedRulePriority": priority,
            }
            for image, priority in expired(json.loads(policies[name]), ecr._images[name], time.time())
        ]
        summary = {"expiringImageTotalCount": len(results)}
        return ecr.json_response(
            {"repositoryName": name, "status": "COMPLETE", "previewResults": results, "summary": summary}
        )

    async def handle_previews(method, path, headers, body, query_params):
        action = headers.get("x-amz-target", "").split(".")[-1]
        preview = {"StartLifecyclePolicyPreview": start, "GetLifecyclePolicyPreview": get}.get(action)
        return preview(json.loads(body)) if preview else await handle(method, path, headers, body, query_params)

    ecr.handle_request = handle_previews
