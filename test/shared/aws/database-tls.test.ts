import { expect } from "chai";
import fc from "fast-check";
import {
  unsuitableParameters,
  verifiedCaBundlePath,
  withDatabaseTls,
  type DatabaseDriver,
} from "@proliferate-infra/shared/aws/database-tls";

const URL_WITHOUT_PARAMETERS = "postgresql://app:p%2Fw@db.example.internal:5432/proliferate";
const BUNDLE = "/etc/ssl/rds.pem";
const drivers: readonly DatabaseDriver[] = ["postgres.js", "node-postgres", "prisma"];

const parametersOf = (url: string) => Object.fromEntries(new URL(url).searchParams);

describe("TLS parameters of the database URL", () => {
  const expected: readonly [DatabaseDriver, string | undefined, Record<string, string>][] = [
    ["postgres.js", undefined, { sslmode: "require" }],
    ["node-postgres", undefined, { sslmode: "no-verify" }],
    ["prisma", undefined, { sslmode: "require" }],
    ["postgres.js", BUNDLE, { sslmode: "verify-full" }],
    ["node-postgres", BUNDLE, { sslmode: "verify-full", sslrootcert: BUNDLE }],
    ["prisma", BUNDLE, { sslmode: "require", sslaccept: "strict", sslcert: BUNDLE }],
  ];
  for (const [driver, bundle, parameters] of expected) {
    it(`for ${driver} ${bundle === undefined ? "without verification" : "with verification"}`, () => {
      const url = withDatabaseTls(URL_WITHOUT_PARAMETERS, driver, bundle);
      expect(parametersOf(url)).to.deep.equal(parameters);
      expect(url.split("?")[0]).to.equal(URL_WITHOUT_PARAMETERS);
    });
  }

  it("do not change a URL with parameters", () => {
    const override = "postgres://app:pw@db.example.com/app?sslmode=disable";
    for (const driver of drivers) {
      expect(withDatabaseTls(override, driver, BUNDLE)).to.equal(override);
    }
  });

  it("never change host, port, user, password or database", () => {
    const text = fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" });
    fc.assert(
      fc.property(
        text,
        text,
        fc.stringMatching(/^[A-Za-z]\w{0,20}$/),
        fc.constantFrom(...drivers),
        fc.option(fc.constant(BUNDLE), { nil: undefined }),
        (user, password, database, driver, bundle) => {
          const plain = `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@db:5432/${database}`;
          const url = new URL(withDatabaseTls(plain, driver, bundle));
          expect(decodeURIComponent(url.username)).to.equal(user);
          expect(decodeURIComponent(url.password)).to.equal(password);
          expect([url.protocol, url.host, url.pathname]).to.deep.equal(["postgresql:", "db:5432", `/${database}`]);
          expect(url.searchParams.has("sslmode")).to.equal(true);
        },
      ),
    );
  });
});

describe("parameters of an operator's own database URL", () => {
  const own = (parameters: string) => `postgres://app:pw@db.example.com/app${parameters}`;

  it("are reported when postgres.js does not support them", () => {
    expect(unsuitableParameters(own("?sslmode=no-verify"), "postgres.js")).to.deep.equal(["sslmode=no-verify"]);
    expect(unsuitableParameters(own("?sslrootcert=/ca.pem&schema=public"), "postgres.js")).to.deep.equal([
      "sslrootcert",
      "schema",
    ]);
  });

  it("may be parameters of postgres.js or the server", () => {
    for (const parameters of ["", "?sslmode=verify-full", "?sslmode=disable", "?connect_timeout=5&search_path=app"]) {
      expect(unsuitableParameters(own(parameters), "postgres.js")).to.deep.equal([]);
    }
  });

  it("are not checked with node-postgres", () => {
    expect(unsuitableParameters(own("?sslmode=no-verify&sslrootcert=/ca.pem"), "node-postgres")).to.deep.equal([]);
  });
});

describe("the CA bundle's path", () => {
  it("is used only with full verification", () => {
    const databaseCaBundlePath = BUNDLE;
    expect(verifiedCaBundlePath({ databaseTlsVerification: "full", databaseCaBundlePath })).to.equal(BUNDLE);
    expect(verifiedCaBundlePath({ databaseTlsVerification: "none", databaseCaBundlePath })).to.equal(undefined);
  });

  it("is required with full verification", () => {
    expect(() => verifiedCaBundlePath({ databaseTlsVerification: "full", databaseCaBundlePath: undefined })).to.throw(
      "databaseCaBundlePath",
    );
  });
});
