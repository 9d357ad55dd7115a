import { expect } from "chai";
import fc from "fast-check";
import {
  renderContainerDefinitions,
  secretReference,
  type Container,
} from "@proliferate-infra/shared/aws/container-definitions";

const container: Container = {
  name: "gateway",
  image: "repository:1",
  essential: true,
  port: 8787,
  environment: { NODE_ENV: "production", APP: "1" },
  secrets: { TOKEN: "arn:TOKEN::v1", KEY: "arn:KEY::v1" },
  healthCheck: { command: ["CMD", "true"], startPeriodSeconds: 60 },
  command: undefined,
  user: undefined,
  readonlyRootFilesystem: true,
  logs: { group: "proliferate-gateway", region: "us-east-1" },
};

const render = (...containers: Container[]) => JSON.parse(renderContainerDefinitions(containers)) as unknown[];

describe("container definitions", () => {
  it("write out every default, sort variables and log without blocking", () => {
    expect(render(container)).to.deep.equal([
      {
        name: "gateway",
        image: "repository:1",
        cpu: 0,
        essential: true,
        portMappings: [{ containerPort: 8787, hostPort: 8787, protocol: "tcp" }],
        environment: [
          { name: "APP", value: "1" },
          { name: "NODE_ENV", value: "production" },
        ],
        secrets: [
          { name: "KEY", valueFrom: "arn:KEY::v1" },
          { name: "TOKEN", valueFrom: "arn:TOKEN::v1" },
        ],
        healthCheck: { command: ["CMD", "true"], interval: 30, timeout: 5, retries: 3, startPeriod: 60 },
        readonlyRootFilesystem: true,
        mountPoints: [{ sourceVolume: "tmp", containerPath: "/tmp", readOnly: false }],
        volumesFrom: [],
        systemControls: [],
        linuxParameters: { initProcessEnabled: true },
        stopTimeout: 120,
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": "proliferate-gateway",
            "awslogs-region": "us-east-1",
            "awslogs-stream-prefix": "gateway",
            mode: "non-blocking",
            "max-buffer-size": "25m",
          },
        },
      },
    ]);
  });

  it("are never privileged", () => {
    expect(renderContainerDefinitions([container])).not.to.contain("privileged");
  });

  it("have a port and a /tmp volume only if configured", () => {
    const [rendered] = render({ ...container, port: undefined, readonlyRootFilesystem: false });
    expect(rendered).to.include({ readonlyRootFilesystem: false });
    expect(rendered).to.deep.include({ portMappings: [], mountPoints: [] });
  });

  it("refuse a variable that is both plain and secret, by name only", () => {
    const both = { ...container, environment: { TOKEN: "plain-canary" } };
    expect(() => renderContainerDefinitions([both]))
      .to.throw(/^Container gateway would get TOKEN both/)
      .and.property("message")
      .not.to.contain("plain-canary");
  });

  it("are equal for any order of containers and variables", () => {
    const variables = fc.dictionary(fc.stringMatching(/^[A-Z_a-z][A-Z_a-z0-9]{0,8}$/), fc.string(), {
      maxKeys: 8,
      noNullPrototype: true,
    });
    const shuffled = (record: Readonly<Record<string, string>>) =>
      fc
        .shuffledSubarray(Object.entries(record), { minLength: Object.keys(record).length })
        .map((entries) => Object.fromEntries(entries));
    const pairs = fc
      .uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 3 })
      .chain((names) =>
        fc.tuple(fc.constant(names), variables, fc.shuffledSubarray(names, { minLength: names.length })),
      )
      .chain(([names, environment, order]) =>
        fc.tuple(fc.constant({ names, environment, order }), shuffled(environment)),
      );
    fc.assert(
      fc.property(pairs, ([{ names, environment, order }, reordered]) => {
        const of = (list: string[], record: Record<string, string>) =>
          renderContainerDefinitions(list.map((name) => ({ ...container, name, environment: record, secrets: {} })));
        expect(of(order, reordered)).to.equal(of(names, environment));
      }),
    );
  });
});

describe("container definitions that are too long for ECS", () => {
  it("are refused, at the limit they are not", () => {
    const length = (value: string) => renderContainerDefinitions([{ ...container, environment: { A: value } }]).length;
    const room = 65_536 - length("");
    expect(length("x".repeat(room))).to.equal(65_536);
    expect(() => length("x".repeat(room + 1))).to.throw("65537");
  });
});

describe("a secret's reference", () => {
  it("has key and version, not a stage", () => {
    expect(secretReference("arn:aws:secretsmanager:us-east-1:1:secret:a-b", "KEY", "v1")).to.equal(
      "arn:aws:secretsmanager:us-east-1:1:secret:a-b:KEY::v1",
    );
  });
});
