/**
 * Dates on which AWS ends what the layers use. A test fails 90 days before the end of a default, and at the end of what can
 * still be chosen. Pure.
 */

/**
 * Last day of RDS's standard support, by major version of Postgres (Amazon RDS for PostgreSQL Release Notes, Release calendars).
 * Extended support is off, so afterwards AWS upgrades the database by itself and creates no new one.
 */
export const POSTGRES_ENDS: Readonly<Record<PostgresVersion, string>> = {
  "14": "2027-02-28",
  "15": "2028-02-29",
  "16": "2029-02-28",
  "17": "2030-02-28",
  "18": "2031-02-28",
};

/** Major versions of Postgres that can be chosen. */
export const POSTGRES_VERSIONS = ["14", "15", "16", "17", "18"] as const;
type PostgresVersion = (typeof POSTGRES_VERSIONS)[number];

/** Authority of the database's certificate, and when it expires (Amazon RDS User Guide, Using SSL/TLS: certificate authorities). */
export const DATABASE_CA = { identifier: "rds-ca-rsa2048-g1", ends: "2061-05-01" } as const;

/**
 * TLS 1.2 and 1.3 with post-quantum key exchange where a client has it, which AWS recommends (Elastic Load Balancing User Guide,
 * Security policies for your Application Load Balancer). Has no end date.
 */
export const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

const DAY_MS = 86_400_000;

/** Whole days from `now` until an end date; negative afterwards. */
export function daysUntil(end: string, now: Date): number {
  return Math.floor((Date.parse(end) - now.getTime()) / DAY_MS);
}
