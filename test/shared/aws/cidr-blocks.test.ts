import { expect } from "chai";
import fc from "fast-check";
import { contains, formatCidr, overlaps, parseCidr, planSubnets } from "@proliferate-infra/shared/aws/cidr-blocks";

/** Any range with a prefix between two lengths. */
const blocks = (min: number, max: number) =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min: 0, max: 2 ** 32 - 1 })).map(([prefix, address]) => {
    const size = 2 ** (32 - prefix);
    const first = Math.floor(address / size) * size;
    return { first, last: first + size - 1, prefix };
  });

describe("CIDR blocks", () => {
  it("are the same after formatting and parsing", () => {
    fc.assert(
      fc.property(blocks(0, 32), (block) => {
        expect(parseCidr(formatCidr(block))).to.deep.equal(block);
      }),
    );
  });

  for (const text of [
    "",
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.1/16",
    "10.0.0/16",
    "010.0.0.0/8",
    "10.0.0.256/32",
    "::/0",
  ]) {
    it(`refuse ${JSON.stringify(text)}`, () => {
      expect(parseCidr(text)).to.equal(undefined);
    });
  }

  it("overlap when one contains an address of the other", () => {
    fc.assert(
      fc.property(blocks(0, 8), blocks(0, 32), (a, b) => {
        const shared = [a.first, a.last].some((address) => address >= b.first && address <= b.last);
        expect(overlaps(a, b)).to.equal(shared || contains(a, b));
        expect(overlaps(a, b)).to.equal(overlaps(b, a));
      }),
    );
  });
});

describe("subnet plan", () => {
  it("is the product's for the default VPC", () => {
    const vpc = parseCidr("10.0.0.0/16");
    expect(vpc && planSubnets(vpc)).to.deep.equal({
      publicCidrs: ["10.0.101.0/24", "10.0.102.0/24"],
      privateCidrs: ["10.0.1.0/24", "10.0.2.0/24"],
    });
  });

  it("never overlaps and never leaves the VPC", () => {
    fc.assert(
      fc.property(blocks(16, 26), (vpc) => {
        const plan = planSubnets(vpc);
        const subnets = [...plan.publicCidrs, ...plan.privateCidrs].map((text) => parseCidr(text));
        expect(subnets).to.have.length(4);
        for (const [index, subnet] of subnets.entries()) {
          if (subnet === undefined) {
            throw new Error("The plan holds something that is no range.");
          }
          expect(contains(vpc, subnet), "inside the VPC").to.equal(true);
          expect(subnet.prefix).to.be.within(16, 28);
          for (const other of subnets.slice(index + 1)) {
            expect(other && overlaps(subnet, other), "overlap").to.equal(false);
          }
        }
      }),
    );
  });
});
