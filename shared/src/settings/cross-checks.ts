/** The rules between several settings of one layer. */
import { contains, overlaps, parseCidr } from "../aws/cidr-blocks.ts";
import { unsuitableParameters } from "../aws/database-tls.ts";
import { fargateSizes, isFargateSize } from "../aws/fargate-sizes.ts";
import { layerNames, type LayerName } from "../layers.ts";
import { publicServiceKeys, serviceKeys } from "../services.ts";
import { rule, type BrokenRule, type Rule, type ValidSettings } from "./rule.ts";
import { sizeRules } from "./size-rules.ts";

const subnetsFitTheVpc = rule("network", ["vpcCidr", "publicSubnetCidrs", "privateSubnetCidrs"], (settings) => {
  const vpc = parseCidr(settings.vpcCidr);
  const subnets = (["publicSubnetCidrs", "privateSubnetCidrs"] as const).flatMap((key) =>
    settings[key].flatMap((cidr) => {
      const block = parseCidr(cidr);
      return block === undefined ? [] : [{ key, cidr, block }];
    }),
  );
  const outside = subnets
    .filter(({ block }) => vpc !== undefined && !contains(vpc, block))
    .map(({ key, cidr }) => ({ key, message: `has ${cidr}, which must lie in vpcCidr ${settings.vpcCidr}` }));
  const clashes = subnets.flatMap(({ key, cidr, block }, index) =>
    subnets
      .slice(0, index)
      .filter((other) => overlaps(other.block, block))
      .map((other) => ({ key, message: `has ${cidr}, which must not overlap ${other.cidr} of ${other.key}` })),
  );
  return [...outside, ...clashes];
});

const zonesAreTheRegions = rule("network", ["availabilityZones", "region"], ({ availabilityZones = [], region }) => {
  const key = "availabilityZones";
  const repeated = availabilityZones.length > 0 && new Set(availabilityZones).size < 2;
  return [
    ...(repeated ? [{ key, message: "must be two different zones" } as const] : []),
    ...availabilityZones
      .filter((zone) => !zone.startsWith(region))
      .map((zone) => ({ key, message: `has ${zone}, which must be a zone of ${region}` }) as const),
  ];
});

const tlsNeedsReplication = rule("data", ["redisTransitEncryption", "redisReplicationEnabled"], (settings) =>
  settings.redisTransitEncryption && !settings.redisReplicationEnabled
    ? [{ key: "redisTransitEncryption", message: "is true; it needs redisReplicationEnabled to be true" }]
    : [],
);

const tokenNeedsTls = rule(
  "data",
  ["redisAuthToken", "redisTransitEncryption", "redisTransitEncryptionMode"],
  ({ redisAuthToken, redisTransitEncryption, redisTransitEncryptionMode: mode }) => {
    if (redisAuthToken === undefined) {
      return [];
    }
    if (!redisTransitEncryption) {
      return [{ key: "redisTransitEncryption", message: "is false; redisAuthToken needs it to be true" }];
    }
    const message = "is preferred; redisAuthToken needs required, because a client without TLS would send it readable";
    return mode === "preferred" ? [{ key: "redisTransitEncryptionMode", message }] : [];
  },
);

const storageCanGrow = rule("data", ["dbAllocatedStorageGb", "dbMaxAllocatedStorageGb"], (settings) => {
  const { dbAllocatedStorageGb: initial, dbMaxAllocatedStorageGb: most } = settings;
  const message = `is ${most}; it must be at least dbAllocatedStorageGb, ${initial}`;
  return most < initial ? [{ key: "dbMaxAllocatedStorageGb", message }] : [];
});

const overrideSuitsTheDriver = rule(
  "data",
  ["enableRds", "databaseUrlOverride", "applicationDatabaseDriver"],
  ({ enableRds, databaseUrlOverride: url, applicationDatabaseDriver: driver }) => {
    const parameters = enableRds || url === undefined ? [] : unsuitableParameters(url, driver);
    const message =
      `has ${parameters.join(", ")}, which ${driver} does not support; leave all parameters out, ` +
      "so that the secrets layer adds those of each driver, or set applicationDatabaseDriver to the driver of " +
      "your images";
    return parameters.length > 0 ? [{ key: "databaseUrlOverride", message }] : [];
  },
);

const bothS3KeysOrNone = rule("secrets", ["s3AccessKey", "s3SecretKey"], ({ s3AccessKey, s3SecretKey }) => {
  if ((s3AccessKey === undefined) === (s3SecretKey === undefined)) {
    return [];
  }
  const [missing, present] =
    s3AccessKey === undefined ? (["s3AccessKey", "s3SecretKey"] as const) : (["s3SecretKey", "s3AccessKey"] as const);
  return [{ key: missing, message: `is missing although ${present} is set; set both or none` }];
});

const fargateRunsTheSize = serviceKeys.map((service) =>
  rule("services", [`${service}Cpu`, `${service}Memory`], (settings) => {
    const cpu = settings[`${service}Cpu`];
    const memory = settings[`${service}Memory`];
    const sizes = (fargateSizes.get(cpu) ?? []).join(", ");
    const message = `is ${memory}; with ${service}Cpu ${cpu} it must be one of ${sizes} MiB`;
    return isFargateSize(cpu, memory) ? [] : [{ key: `${service}Memory`, message }];
  }),
);

const countsAreInOrder = serviceKeys.map((service) =>
  rule("services", [`${service}MinCount`, `${service}DesiredCount`, `${service}MaxCount`], (settings) => {
    const min = settings[`${service}MinCount`];
    const desired = settings[`${service}DesiredCount`];
    const max = settings[`${service}MaxCount`];
    const message = `is ${desired}; it must lie between ${service}MinCount ${min} and ${service}MaxCount ${max}`;
    return min <= desired && desired <= max ? [] : [{ key: `${service}DesiredCount`, message }];
  }),
);

const execWritesTheRoot = serviceKeys.map((service) =>
  rule("services", [`${service}ReadonlyRootFilesystem`, "enableExecuteCommand"], (settings) => {
    const key = `${service}ReadonlyRootFilesystem` as const;
    const message = "is true although enableExecuteCommand is true; ECS Exec writes its agent into the container";
    return settings[key] === true && settings.enableExecuteCommand ? [{ key, message }] : [];
  }),
);

const arnsAreRegional = (["gatewayCertificateArn", "llmProxyCertificateArn", "alarmTopicArn"] as const).map((key) =>
  rule("services", [key, "region"], (settings) => {
    const region = settings[key]?.split(":")[3];
    const message = `is in region ${region}; it must be in aws:region, ${settings.region}`;
    return region === undefined || region === settings.region ? [] : [{ key, message }];
  }),
);

const keysAreRegional = layerNames.map((layer) =>
  rule(layer, ["kmsKeyArn", "region"], ({ kmsKeyArn, region }) => {
    const ofKey = kmsKeyArn?.split(":")[3];
    const message = `is in region ${ofKey}; it must be in aws:region, ${region}`;
    return ofKey === undefined || ofKey === region ? [] : [{ key: "kmsKeyArn", message }];
  }),
);

const createdBucketStandsAlone = (["s3Bucket", "s3EndpointUrl", "s3KmsKeyArn"] as const).map((key) =>
  rule("services", ["createS3Bucket", key], (settings) =>
    settings.createS3Bucket && settings[key] !== undefined
      ? [{ key, message: "is set although createS3Bucket is true; remove one of them" }]
      : [],
  ),
);

const createdBucketIsHere = rule("services", ["createS3Bucket", "s3Region", "region"], (settings) => {
  const message = `is ${settings.s3Region}; with createS3Bucket it must be aws:region, ${settings.region}`;
  return settings.createS3Bucket && settings.s3Region !== settings.region ? [{ key: "s3Region", message }] : [];
});

const objectStoreKeyIsRegional = rule("services", ["s3KmsKeyArn", "s3Region"], ({ s3KmsKeyArn, s3Region }) => {
  const ofKey = s3KmsKeyArn?.split(":")[3];
  const message = `is in region ${ofKey}; it must be in s3Region, ${s3Region}`;
  return ofKey === undefined || ofKey === s3Region ? [] : [{ key: "s3KmsKeyArn", message }];
});

const pauseIsWhole = rule("services", ["pauseAt", "resumeAt", "protectResources"], (settings) => {
  const { pauseAt, resumeAt, protectResources } = settings;
  if (pauseAt === undefined && resumeAt === undefined) {
    return [];
  }
  return [
    ...(pauseAt === undefined ? [{ key: "pauseAt", message: "is missing although resumeAt is set" } as const] : []),
    ...(resumeAt === undefined ? [{ key: "resumeAt", message: "is missing although pauseAt is set" } as const] : []),
    ...(protectResources
      ? [
          {
            key: "pauseAt",
            message: "is set although protectResources is true; protected environments cannot be paused",
          } as const,
        ]
      : []),
  ];
});

const domainsHaveAZone = (["gatewayDomain", "llmProxyDomain"] as const).map((key) =>
  rule("services", [key, "hostedZoneId"], (settings) =>
    settings[key] !== undefined && settings.hostedZoneId === undefined
      ? [{ key: "hostedZoneId", message: `is missing although ${key} is set; it must be the hosted zone of that name` }]
      : [],
  ),
);

const oneCertificateEach = publicServiceKeys.map((service) =>
  rule("services", [`${service}Domain`, `${service}CertificateArn`], (settings) => {
    const key = `${service}CertificateArn` as const;
    const message = `is set although ${service}Domain already creates a certificate; set only one of them`;
    return settings[key] === undefined || settings[`${service}Domain`] === undefined ? [] : [{ key, message }];
  }),
);

const certificatesHaveAName = publicServiceKeys.map((service) =>
  rule("services", [`${service}CertificateArn`, `${service}Domain`, `${service}PublicUrl`], (settings) => {
    const certificate = `${service}CertificateArn` as const;
    const key = `${service}PublicUrl` as const;
    const message = `is missing although ${certificate} is set; it must be a URL whose name the certificate covers`;
    return settings[certificate] === undefined ||
      settings[`${service}Domain`] !== undefined ||
      settings[key] !== undefined
      ? []
      : [{ key, message }];
  }),
);

const domainsAreUsed = rule("services", ["llmProxyDomain", "enableLlmProxy"], (settings) =>
  settings.llmProxyDomain !== undefined && !settings.enableLlmProxy
    ? [{ key: "llmProxyDomain", message: "is set although enableLlmProxy is false; remove one of them" }]
    : [],
);

const domainsDiffer = rule("services", ["gatewayDomain", "llmProxyDomain"], ({ gatewayDomain, llmProxyDomain }) =>
  gatewayDomain !== undefined && gatewayDomain === llmProxyDomain
    ? [{ key: "llmProxyDomain", message: "is the same as gatewayDomain; each service has its own load balancer" }]
    : [],
);

const rules: readonly Rule[] = [
  subnetsFitTheVpc,
  zonesAreTheRegions,
  tlsNeedsReplication,
  tokenNeedsTls,
  storageCanGrow,
  overrideSuitsTheDriver,
  bothS3KeysOrNone,
  ...fargateRunsTheSize,
  ...countsAreInOrder,
  ...execWritesTheRoot,
  ...arnsAreRegional,
  ...keysAreRegional,
  ...createdBucketStandsAlone,
  createdBucketIsHere,
  objectStoreKeyIsRegional,
  pauseIsWhole,
  ...domainsHaveAZone,
  ...oneCertificateEach,
  ...certificatesHaveAName,
  domainsAreUsed,
  domainsDiffer,
  ...sizeRules,
];

/** Returns the rules of a layer that its settings break. A rule is skipped while one of its keys is invalid. */
export function brokenRules(layer: LayerName, settings: ValidSettings): readonly BrokenRule[] {
  return rules
    .filter((candidate) => candidate.layer === layer && candidate.keys.every((key) => key in settings))
    .flatMap(({ check }) => check(settings));
}
