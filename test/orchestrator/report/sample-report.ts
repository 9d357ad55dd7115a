/** A report with something of everything. */
import type { LayerResult } from "@proliferate-infra/orchestrator/model/results";
import { reportOf, type RolloutReport } from "@proliferate-infra/orchestrator/report/report";

const START = Date.UTC(2026, 0, 1);
const changes = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

function urn(layer: string, type: string, name: string): string {
  return `urn:pulumi:prod::proliferate-${layer}::proliferate:${layer}:Layer$${type}::${name}`;
}

const step = (of: string, op: string, from: number, to: number | undefined, failed = false) => ({
  urn: of,
  op,
  startedAt: START + from,
  endedAt: to === undefined ? undefined : START + to,
  failed,
});

/** Results of four layers: done, failed with a replaced database, blocked, not reached. */
export const sampleResults: readonly LayerResult[] = [
  {
    layer: "network",
    status: "succeeded",
    durationMs: 20_000,
    changes: { ...changes, create: 3, same: 41 },
    outputs: { vpcId: "vpc-0a1b", availabilityZones: ["us-east-1a", "us-east-1b"] },
    resources: [
      step(urn("network", "aws:ec2/vpc:Vpc", "vpc"), "create", 1_000, 4_000),
      step(urn("network", "aws:ec2/natGateway:NatGateway", "nat-gateway-1"), "create", 4_000, 19_000),
    ],
  },
  {
    layer: "data",
    status: "failed",
    reason: "aws:rds/instance:Instance proliferate-postgres could not be created\nno such class <db.x9> `really`",
    durationMs: 80_000,
    changes: { ...changes, replace: 1 },
    outputs: {},
    resources: [
      step(urn("data", "aws:rds/instance:Instance", "proliferate-postgres"), "delete-replaced", 21_000, 60_000),
      step(
        urn("data", "aws:rds/instance:Instance", "proliferate-postgres"),
        "create-replacement",
        60_000,
        99_000,
        true,
      ),
      step(urn("data", "aws:elasticache/cluster:Cluster", "redis"), "update", 60_000, undefined),
    ],
  },
  {
    layer: "secrets",
    status: "blocked",
    cause: "data",
    durationMs: 0,
    changes,
    outputs: {},
    unknownInputs: ["data.databaseUrl", "data.redisUrl"],
  },
  {
    layer: "services",
    status: "not-reached",
    durationMs: 0,
    changes,
    outputs: { gatewayUrl: "https://gateway.example.com", servicesWithoutImage: ["worker"] },
  },
];

/** The report of these results, with changes. */
export function sampleReport(results: readonly LayerResult[] = sampleResults): RolloutReport {
  return reportOf(
    {
      ...{ runId: "8d5f6a8e-run", command: "up", stack: "prod", commit: "0123456789abcdef0123" },
      ...{ startedAt: new Date(START), finishedAt: new Date(START + 100_000) },
    },
    results,
  );
}
