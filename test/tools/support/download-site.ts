import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";

/** What the site does with a request: send a file, or behave badly. */
type Answer = Buffer | string | ((response: ServerResponse) => void);

/** A download site on this machine. Whatever it has no answer for is 404. */
export interface DownloadSite {
  readonly address: string;
  readonly answers: Map<string, Answer>;
  readonly requested: string[];
  close(): Promise<void>;
}

export async function startDownloadSite(): Promise<DownloadSite> {
  const answers = new Map<string, Answer>();
  const requested: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    requested.push(url);
    const answer = answers.get(url);
    if (typeof answer === "function") answer(response);
    else if (answer === undefined) response.writeHead(404).end("no such file");
    else response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${String(port)}`, answers, requested, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

/** An answer that never comes. */
export function hang(): void {
  // The connection stays open until the site is closed.
}

/** An archive of shell scripts, each of which prints a text: `files` maps path to that text. */
export function archiveOfScripts(folder: string, files: Readonly<Record<string, string>>): Buffer {
  const content = mkdtempSync(join(folder, "content-"));
  for (const [path, text] of Object.entries(files)) {
    const file = join(content, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho '${text}'\n`);
    chmodSync(file, 0o755);
  }
  const archive = `${content}.tar.gz`;
  execFileSync("tar", ["-czf", archive, "-C", content, ...readdirSync(content)]);
  return readFileSync(archive);
}

/** One line of a list of checksums. */
export function checksumLine(content: Buffer, name: string, algorithm: "sha256" | "sha1" = "sha256"): string {
  return `${createHash(algorithm).update(content).digest("hex")}  ${name}\n`;
}
