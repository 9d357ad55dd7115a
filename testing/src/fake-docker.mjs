#!/usr/bin/env node
/**
 * Replaces docker in tests. Appends its arguments to $FAKE_DOCKER_LOG as lines of JSON. For a push, it puts an image
 * into the emulated registry.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";

const args = process.argv.slice(2);
const loginFolder = args[0] === "--config" ? args[1] : undefined;
const login = loginFolder && readFileSync(join(loginFolder, "config.json"), "utf8");
const { DOCKER_HOST, FAKE_DOCKER_LOG = "" } = process.env;
appendFileSync(FAKE_DOCKER_LOG, `${JSON.stringify({ args, login, DOCKER_HOST })}\n`);

if (args[0] === "context") {
  process.stdout.write("unix:///fake.sock\n");
}
if (args[0] === "image") {
  process.stdout.write(`${process.env.FAKE_DOCKER_PLATFORM}\n`);
}
if (args.includes("push") && process.env.FAKE_DOCKER_HANGS !== undefined) {
  setInterval(() => undefined, 1000);
} else if (args.includes("push")) {
  const [, repositoryName, imageTag] = /\/(.+):(.+)$/.exec(args.at(-1) ?? "") ?? [];
  const imageManifest = JSON.stringify({ schemaVersion: 2, annotations: { name: `${repositoryName}:${imageTag}` } });
  const ecr = new ECRClient();
  await ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest }));
  ecr.destroy();
}
