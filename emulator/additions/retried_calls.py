"""
Returns the response of the first attempt when a call is retried.

A response of the emulator is sometimes lost on its way to the AWS provider, mostly when many calls start at the same
time on a machine with two cores. The SDK then retries. Without this module the retry fails, because the first attempt
has already created or deleted the resource. All attempts of a call have the same id.
"""
import sys
from collections import OrderedDict

KEPT_ANSWERS = 500
LARGEST_BODY = 65536


def answer_retries_alike(app):
    """Stores the latest successful responses to calls that change something, by the SDK's id of the call."""
    dispatch = app._dispatch_service_request
    answers = OrderedDict()

    async def dispatch_once(method, path, headers, body, query_params, request_id):
        invocation = headers.get("amz-sdk-invocation-id")
        if invocation in answers:
            what = headers.get("x-amz-target", path)
            print(f"Repeated a response because the first one was lost: {method} {what}", file=sys.stderr, flush=True)
            return answers[invocation]
        answer = await dispatch(method, path, headers, body, query_params, request_id)
        status, _, answer_body = answer
        if invocation and method != "GET" and status < 300 and len(answer_body or b"") <= LARGEST_BODY:
            answers[invocation] = answer
            while len(answers) > KEPT_ANSWERS:
                answers.popitem(last=False)
        return answer

    app._dispatch_service_request = dispatch_once
