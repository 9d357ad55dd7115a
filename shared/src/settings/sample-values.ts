/** Sample values of plain settings: for documents, questions, the local environment and tests. */
import type { SettingKey } from "./catalog.ts";

/** A value of every plain key that has no default and is required with E2B as the sandbox provider. */
export const sampleValues: Readonly<Partial<Record<SettingKey, string>>> = {
  defaultSandboxProvider: "e2b",
  githubAppId: "12345",
  githubAppSlug: "my-app",
  autumnApiUrl: "https://api.useautumn.com",
  emailFrom: "Proliferate <noreply@example.com>",
  e2bDomain: "e2b.dev",
  e2bTemplate: "my-template",
  e2bTemplateAlias: "base",
  appUrl: "https://app.example.com",
  s3Bucket: "my-proliferate-files",
};
