/**
 * Names that AWS refuses, and limits of sizes and tags, with their sources. Settings that make such names or sizes are refused
 * before anything is deployed; AWS would refuse them minutes later. A long name is cut instead: resource-names.ts. Pure.
 */

/** Names that AWS or Postgres refuses. */
export interface NameLimit {
  /** What is refused, for documents, such as `names that begin with "sg-"`. */
  readonly names: string;
  /** Decides for a name in lower case. */
  readonly refuses: (name: string) => boolean;
  /** Why, as the end of a sentence about the name. */
  readonly reason: string;
  readonly source: string;
}

function beginsWith(start: string, reason: string, source: string): NameLimit {
  return { names: `names that begin with "${start}"`, refuses: (name) => name.startsWith(start), reason, source };
}

function words(names: string, listed: string, reason: string, source: string): NameLimit {
  const list = new Set(listed.trim().split(/\s+/));
  return { names, refuses: (name) => list.has(name), reason, source };
}

/** The prefix and a hyphen begin the names of load balancers, security groups and buckets. */
function prefixLimit(start: string, reason: string, source: string): NameLimit {
  const limit = beginsWith(`${start}-`, reason, source);
  return { ...limit, names: `${start} and ${start}-...`, refuses: (prefix) => limit.refuses(`${prefix}-`) };
}

const BUCKET_RULES = 'Amazon S3 User Guide, "General purpose bucket naming rules"';

/** Values of `resourcePrefix` with which a name would be refused. */
export const resourcePrefixLimits: readonly NameLimit[] = [
  prefixLimit(
    "internal",
    'Elastic Load Balancing allows no names that begin with "internal-"',
    "Elastic Load Balancing API Reference, CreateLoadBalancer, Name",
  ),
  prefixLimit(
    "sg",
    'Amazon EC2 allows no security groups whose names begin with "sg-"',
    "Amazon EC2 API Reference, CreateSecurityGroup, GroupName",
  ),
  prefixLimit("sthree", 'Amazon S3 allows no buckets whose names begin with "sthree-"', BUCKET_RULES),
  prefixLimit("amzn-s3-demo", 'Amazon S3 allows no buckets whose names begin with "amzn-s3-demo-"', BUCKET_RULES),
];

/** `pg_get_keywords()` of Postgres 18: the words of the categories reserved, and reserved except for functions and types. */
const RESERVED_IN_POSTGRES = `
  all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently
  constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default
  deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner
  intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or
  order outer overlaps placing primary references returning right select session_user similar some symmetric system_user table
  tablesample then to trailing true union unique user using variadic verbose when where window with`;

const reservedWords = (parameter: string) =>
  words(
    "words that Postgres reserves",
    RESERVED_IN_POSTGRES,
    "Postgres reserves the word",
    `Amazon RDS API Reference, CreateDBInstance, ${parameter}; PostgreSQL, "SQL Key Words"`,
  );

/** Refused values of `dbUsername`. */
export const databaseUserLimits: readonly NameLimit[] = [
  words(
    "postgres, admin, rdsadmin",
    "postgres admin rdsadmin",
    "RDS reserves the word",
    "Amazon RDS API Reference, CreateDBInstance, MasterUsername",
  ),
  beginsWith("pg_", 'Postgres reserves roles that begin with "pg_"', 'PostgreSQL, "CREATE ROLE"'),
  beginsWith(
    "rds_",
    'RDS reserves roles that begin with "rds_"',
    'Amazon RDS User Guide, "Understanding PostgreSQL roles and permissions"',
  ),
  reservedWords("MasterUsername"),
];

/** Refused values of `dbName`. */
export const databaseNameLimits: readonly NameLimit[] = [
  words(
    "postgres, rdsadmin, template0, template1",
    "postgres rdsadmin template0 template1",
    "every instance of RDS has a database of that name",
    "Amazon RDS API Reference, CreateDBInstance, DBName",
  ),
  words(
    "admin, catalog, db, dispatch, flag, identity",
    "admin catalog db dispatch flag identity",
    "RDS reserves the word",
    'public reports of its answer "It is a reserved word for this engine"',
  ),
  reservedWords("DBName"),
];

/** Names of the tags that a layer sets itself. */
export const ownTagNames = ["Project", "Environment", "Layer", "ManagedBy", "Name"] as const;

/** Limits of additional tags. */
export const tagLimits = {
  /** A resource has 50 tags. This leaves room for our own and for those that AWS and the organization add. */
  count: 40,
  nameLength: 128,
  valueLength: 256,
  /** What all services accept, without spaces at the ends. */
  characters: /^(?! )[\p{L}\p{N} _.:/=+\-@]+(?<! )$/u,
  source:
    'Tagging AWS Resources User Guide, "Tag naming limits and requirements"; IAM User Guide, "Rules for tagging in IAM"',
} as const;

/** A size that AWS does not exceed. */
interface SizeLimit {
  readonly bytes: number;
  readonly source: string;
}

/** Sizes of what settings make. */
export const sizeLimits = {
  /** Value of one secret. */
  secret: { bytes: 65_536, source: 'AWS Secrets Manager User Guide, "Secrets Manager quotas", secret value size' },
  /** Task definition as it is registered. */
  taskDefinition: { bytes: 65_536, source: 'Amazon ECS Developer Guide, "Service quotas", task definition size' },
} as const satisfies Record<string, SizeLimit>;

/** Returns the size of a text as AWS counts it. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

/** Returns why a size is not possible, as the end of "<what> ..."; undefined when it is. */
export function sizeProblem(kind: keyof typeof sizeLimits, bytes: number): string | undefined {
  const { bytes: most } = sizeLimits[kind];
  return bytes > most ? `has ${bytes} bytes; AWS takes at most ${most}` : undefined;
}
