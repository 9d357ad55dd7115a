/** Certificates of a private authority, as RDS has one. node:crypto makes keys, but issues no certificates. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import forge from "node-forge";

/** A certificate and its private key, in PEM. */
export interface Identity {
  readonly certificate: string;
  readonly privateKey: string;
}

const KEY_BITS = 2048;
const HOUR = 3_600_000;

/** A self-signed certificate that may issue others. */
export function createAuthority(commonName: string): Identity {
  return issue(commonName, undefined, [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, critical: true },
  ]);
}

/** Certificate of a server with this host name, issued by `authority`. */
export function issueServerCertificate(authority: Identity, host: string): Identity {
  const DNS_NAME = 2;
  return issue(host, authority, [
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames: [{ type: DNS_NAME, value: host }] },
  ]);
}

function issue(commonName: string, issuer: Identity | undefined, extensions: object[]): Identity {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: KEY_BITS,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // A first byte below 0x80 keeps the number positive.
  certificate.serialNumber = `01${randomBytes(8).toString("hex")}`;
  certificate.validity.notBefore = new Date(Date.now() - HOUR);
  certificate.validity.notAfter = new Date(Date.now() + HOUR);
  certificate.setSubject([{ name: "commonName", value: commonName }]);
  certificate.setIssuer(
    issuer === undefined
      ? certificate.subject.attributes
      : forge.pki.certificateFromPem(issuer.certificate).subject.attributes,
  );
  certificate.setExtensions(extensions);
  certificate.sign(forge.pki.privateKeyFromPem(issuer?.privateKey ?? privateKey), forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), privateKey };
}
