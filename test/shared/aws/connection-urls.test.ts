import { expect } from "chai";
import fc from "fast-check";
import { databaseAddress, databaseUrl, redisUrl } from "@proliferate-infra/shared/aws/connection-urls";

const anyText = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme-ascii" });
// Letters, digits and underscores, as the setting dbName allows.
const databaseName = fc.stringMatching(/^[A-Za-z]\w{0,20}$/);
const port = fc.integer({ min: 1, max: 65535 });

describe("connection URLs", () => {
  it("round-trip any user, password and database", () => {
    fc.assert(
      fc.property(anyText, anyText, databaseName, port, (user, password, database, number) => {
        const url = new URL(databaseUrl({ host: "db.example.com", port: number, user, password, database }));
        expect(decodeURIComponent(url.username)).to.equal(user);
        expect(decodeURIComponent(url.password)).to.equal(password);
        expect(decodeURIComponent(url.pathname.slice(1))).to.equal(database);
        expect(databaseAddress(url.href)).to.deep.equal({ host: "db.example.com", port: number });
        expect(url.search + url.hash).to.equal("");
      }),
    );
  });

  it("round-trip any Redis password", () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (password, tls) => {
        const url = new URL(redisUrl({ host: "redis.example.com", port: 6379, tls, password }));
        expect(decodeURIComponent(url.password)).to.equal(password);
        expect(url.protocol).to.equal(tls ? "rediss:" : "redis:");
        expect(url.username).to.equal("");
        expect(url.host).to.equal("redis.example.com:6379");
      }),
    );
  });

  it("have no credentials without a Redis password", () => {
    const address = { host: "redis.example.com", port: 6380 };
    expect(redisUrl({ ...address, tls: false })).to.equal("redis://redis.example.com:6380");
    expect(redisUrl({ ...address, tls: true })).to.equal("rediss://redis.example.com:6380");
  });

  it("use Postgres's default port", () => {
    expect(databaseAddress("postgres://a:b@db.example.com/x?sslmode=require")).to.deep.equal({
      host: "db.example.com",
      port: 5432,
    });
  });
});
