/** IPv4 address ranges in CIDR notation, as plain arithmetic. */

/** A range of addresses: `first` and `last` as unsigned 32-bit numbers, `prefix` in bits. */
export interface CidrBlock {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

const OCTET = /^(?:0|[1-9]\d{0,2})$/;

/** The range that `text` denotes, or undefined when it is not an IPv4 range whose host bits are zero. */
export function parseCidr(text: string): CidrBlock | undefined {
  const [address = "", bits = "", ...rest] = text.split("/");
  const octets = address.split(".");
  const prefix = Number(bits);
  const valid =
    rest.length === 0 &&
    /^(?:0|[1-9]\d?)$/.test(bits) &&
    prefix <= 32 &&
    octets.length === 4 &&
    octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255);
  if (!valid) {
    return undefined;
  }
  const first = octets.reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

/** CIDR notation of a range. */
export function formatCidr({ first, prefix }: CidrBlock): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}

/** Whether two ranges share an address. */
export function overlaps(a: CidrBlock, b: CidrBlock): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: CidrBlock, inner: CidrBlock): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** Subnets of a VPC: two public and two private ranges, one of each per zone. */
export interface SubnetPlan {
  readonly publicCidrs: readonly string[];
  readonly privateCidrs: readonly string[];
}

/** Third octets of the subnets in a /16, fixed by the product: 10.0.101.0/24 is public, 10.0.1.0/24 private. */
const PUBLIC_SLOTS = [101, 102];
const PRIVATE_SLOTS = [1, 2];
const SLOT_BITS = 8;
/** AWS allows subnets from /16 to /28. */
const SMALLEST_SUBNET = 28;

/**
 * Default subnets of a VPC: 256 equal slots, of which 1, 2, 101 and 102 are taken; a VPC too small for 256 subnets of
 * /28 is cut into eight slots, of which four are taken.
 */
export function planSubnets(vpc: CidrBlock): SubnetPlan {
  const wide = vpc.prefix + SLOT_BITS <= SMALLEST_SUBNET;
  const prefix = wide ? vpc.prefix + SLOT_BITS : Math.min(vpc.prefix + 3, SMALLEST_SUBNET);
  const size = 2 ** (32 - prefix);
  const range = (slot: number) => {
    const first = vpc.first + slot * size;
    return formatCidr({ first, last: first + size - 1, prefix });
  };
  return {
    publicCidrs: (wide ? PUBLIC_SLOTS : [2, 3]).map(range),
    privateCidrs: (wide ? PRIVATE_SLOTS : [0, 1]).map(range),
  };
}
