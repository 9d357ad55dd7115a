"""
A retried call gets the answer of its first attempt.

Now and then an answer of the emulator gets lost on its way to the AWS provider, most of all when many calls begin at the
same time on a machine with two cores. The SDK then tries again, and what the first attempt has made exists already, or
what it has deleted is not there any more. All attempts of a call carry the same id.
"""
import sys
from collections import OrderedDict

KEPT_ANSWERS = 500
LARGEST_BODY = 65536


def answer_retries_alike(app):
    """Keeps the last good answers to calls that change something, by the SDK's id of the call."""
    dispatch = app._dispatch_service_request
    answers = OrderedDict()

    async def dispatch_once(method, path, headers, body, query_params, request_id):
        invocation = headers.get("amz-sdk-invocation-id")
        if invocation in answers:
            what = headers.get("x-amz-target", path)
            print(f"Answered once more, for its first answer was lost: {method} {what}", file=sys.stderr, flush=True)
            return answers[invocation]
        answer = await dispatch(method, path, headers, body, query_params, request_id)
        status, _, answer_body = answer
        if invocation and method != "GET" and status < 300 and len(answer_body or b"") <= LARGEST_BODY:
            answers[invocation] = answer
            while len(answers) > KEPT_ANSWERS:
                answers.popitem(last=False)
        return answer

    app._dispatch_service_request = dispatch_once
