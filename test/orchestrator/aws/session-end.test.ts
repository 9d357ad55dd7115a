import { expect } from "chai";
import { sessionEnd } from "@proliferate-infra/orchestrator/aws/session-end";

describe("the end of the session in the variables", () => {
  const keys = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  const session = { ...keys, AWS_SESSION_TOKEN: "c" };
  const end = { AWS_CREDENTIAL_EXPIRATION: "2026-01-31T12:00:00+00:00" };

  for (const [variables, expected] of [
    [{}, undefined],
    [keys, undefined],
    [session, "unknown"],
    [{ ...session, AWS_PROFILE: "", AWS_CREDENTIAL_EXPIRATION: "" }, "unknown"],
    [{ ...keys, AWS_SESSION_TOKEN: "" }, undefined],
    [{ ...session, AWS_CREDENTIAL_EXPIRATION: "in an hour" }, "unknown"],
    [{ ...session, ...end }, new Date("2026-01-31T12:00:00Z")],
    [{ ...session, ...end, AWS_PROFILE: "prod" }, undefined],
    [{ AWS_WEB_IDENTITY_TOKEN_FILE: "/token", AWS_ROLE_ARN: "arn:x" }, undefined],
  ] as const) {
    it(`is ${String(expected)} with ${Object.keys(variables).join(", ")}`, () => {
      expect(sessionEnd(variables)).to.deep.equal(expected);
    });
  }
});
