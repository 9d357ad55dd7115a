/** Downloads through a real proxy and from a real site whose certificate a private authority has issued. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { fetchText } from "@proliferate-infra/tools/lib/download.mjs";
import { proxyFor } from "@proliferate-infra/tools/lib/proxy.mjs";
import { startForwardProxy, type ForwardProxy } from "@proliferate-infra/testing/forward-proxy";
import { createAuthority, issueServerCertificate } from "../drivers/support/certificates.ts";
import { startDownloadSite, type DownloadSite } from "./support/download-site.ts";
import { temporaryFolder } from "./support/set-up-context.ts";

const limits = { probeMs: 10_000, stallMs: 10_000 };
const get = (url: string, env: NodeJS.ProcessEnv) => fetchText(url, { env, limits });
const refusal = (url: string, env: NodeJS.ProcessEnv) => get(url, env).then(() => "taken", String);

describe("a download", () => {
  const authority = createAuthority("Authority of this machine");
  let folder: ReturnType<typeof temporaryFolder>;
  let trusted: NodeJS.ProcessEnv;
  let server: Server;
  let secure: string;
  let plain: DownloadSite;
  let proxy: ForwardProxy;

  before(async () => {
    folder = temporaryFolder();
    const AWS_CA_BUNDLE = join(folder.path, "authorities.pem");
    writeFileSync(AWS_CA_BUNDLE, authority.certificate);
    trusted = { AWS_CA_BUNDLE };
    const { certificate: cert, privateKey: key } = issueServerCertificate(authority, "localhost");
    server = createServer({ cert, key }, (request, response) => {
      const locations: Record<string, string> = {
        "/moved": "/file",
        "/downgraded": plain.address,
        "/circle": "/circle",
      };
      const location = locations[request.url ?? ""];
      if (location === undefined) response.end(`secure ${request.url}`);
      else response.writeHead(302, { location }).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    secure = `https://localhost:${(server.address() as AddressInfo).port}`;
    plain = await startDownloadSite();
    plain.answers.set("/file", "plain /file");
  });

  beforeEach(async () => {
    proxy = await startForwardProxy();
  });

  afterEach(() => proxy.close());

  after(async () => {
    await plain.close();
    server.closeAllConnections();
    server.close();
    folder.remove();
  });

  it("trusts the authorities in AWS_CA_BUNDLE and NODE_EXTRA_CA_CERTS, and no others", async () => {
    expect(await refusal(`${secure}/file`, {})).to.contain("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    for (const name of ["AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"]) {
      expect(await get(`${secure}/file`, { [name]: trusted.AWS_CA_BUNDLE })).to.equal("secure /file");
    }
  });

  it("follows a limited number of redirects, but not to plain HTTP", async () => {
    expect(await get(`${secure}/moved`, trusted)).to.equal("secure /file");
    expect(await refusal(`${secure}/downgraded`, trusted)).to.contain(`it leads to ${plain.address}`);
    expect(await refusal(`${secure}/circle`, trusted)).to.contain("redirects");
  });

  it("uses the tunnel of HTTPS_PROXY, and verifies the site's certificate", async () => {
    const env = { ...trusted, HTTPS_PROXY: proxy.address };
    expect(await get(`${secure}/file`, env)).to.equal("secure /file");
    expect(proxy.asked).to.deep.equal([`CONNECT ${new URL(secure).host}`]);
    expect(await refusal(`${secure}/file`, { HTTPS_PROXY: proxy.address })).to.contain("UNABLE_TO_VERIFY");
    const otherName = secure.replace("localhost", "127.0.0.1");
    expect(await refusal(`${otherName}/file`, env)).to.contain("ERR_TLS_CERT_ALTNAME_INVALID");
  });

  it("of plain HTTP uses HTTP_PROXY", async () => {
    expect(await get(`${plain.address}/file`, { http_proxy: proxy.address })).to.equal("plain /file");
    expect(proxy.asked).to.deep.equal([`GET ${plain.address}/file`]);
  });

  it("does not use the proxy for hosts in NO_PROXY", async () => {
    const env = { ...trusted, HTTPS_PROXY: proxy.address, NO_PROXY: "example.com, localhost" };
    expect(await get(`${secure}/file`, env)).to.equal("secure /file");
    expect(proxy.asked).to.deep.equal([]);
  });

  it("logs in at the proxy, and does not print the password where it is refused", async () => {
    const closed = await startForwardProxy("user:p@ss");
    try {
      const withUser = (user: string) => closed.address.replace("//", `//${user}@`);
      const env = { ...trusted, HTTPS_PROXY: withUser("user:p%40ss"), HTTP_PROXY: withUser("user:p%40ss") };
      expect(await get(`${secure}/file`, env)).to.equal("secure /file");
      expect(await get(`${plain.address}/file`, env)).to.equal("plain /file");
      const text = await refusal(`${secure}/file`, { ...trusted, HTTPS_PROXY: withUser("user:canary") });
      expect(text).to.contain("407").and.not.to.contain("canary");
    } finally {
      await closed.close();
    }
  });

  it("is unavailable when the proxy is not reachable", async () => {
    const text = await refusal(`${secure}/file`, { ...trusted, HTTPS_PROXY: "127.0.0.1:1" });
    expect(text).to.contain("the proxy 127.0.0.1:1 cannot be used");
  });
});

describe("the proxy of an address", () => {
  const site = new URL("https://get.example.com/file");
  const proxyWithout = (NO_PROXY: string, address = site) =>
    proxyFor(address, { HTTPS_PROXY: "http://proxy:3128", NO_PROXY })?.host;

  it("is undefined for hosts, domains and ports in NO_PROXY", () => {
    for (const list of [
      "*",
      "get.example.com",
      "example.com",
      ".example.com",
      "*.example.com",
      "a,GET.example.com:443",
    ]) {
      expect(proxyWithout(list), list).to.equal(undefined);
    }
    for (const list of ["", "ample.com", "other.com", "example.com:8443", "com.example"]) {
      expect(proxyWithout(list), list).to.equal("proxy:3128");
    }
  });

  it("may be written without a scheme, and in lower case", () => {
    expect(proxyFor(site, { https_proxy: "proxy:3128", HTTPS_PROXY: "http://other" })?.href).to.equal(
      "http://proxy:3128/",
    );
    expect(proxyFor(new URL("http://x"), { HTTPS_PROXY: "http://other" })).to.equal(undefined);
  });

  it("of another kind is refused; the error does not contain the password", () => {
    for (const value of ["socks5://user:canary@proxy:1080", "http://"]) {
      expect(() => proxyFor(site, { HTTPS_PROXY: value }))
        .to.throw("HTTPS_PROXY is not the address of an HTTP proxy")
        .with.property("message")
        .not.contain("canary");
    }
  });
});
