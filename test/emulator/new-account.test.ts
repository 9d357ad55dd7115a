/** The first call of an account, before the service's role exists. These rules are off by default. */
import { CreateClusterCommand, ECSClient } from "@aws-sdk/client-ecs";
import { CreateLoadBalancerCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateCacheClusterCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { CreateServiceLinkedRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { expect } from "chai";
import { startTestEmulator, type TestEmulator } from "@proliferate-infra/testing/emulator";
import { refusalOf } from "@proliferate-infra/testing/refused-call";

const RULES = ["ecs", "elasticache", "rds", "alb"].map((service) => `+service-linked-role-${service}`).join(",");

describe("a new account in the emulator", () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator(RULES);
  });
  after(() => emulator.stop());

  const optionsOf = (account: string) => ({
    ...emulator.clientOptions,
    credentials: { accessKeyId: account, secretAccessKey: "test" },
  });
  const ecsOf = (account: string) => new ECSClient(optionsOf(account));
  const createCluster = (ecs: ECSClient) => ecs.send(new CreateClusterCommand({ clusterName: "app" }));

  it("has no role for ECS at first (service-linked-role-ecs)", async () => {
    const ecs = ecsOf("111111111111");
    expect(await refusalOf(createCluster(ecs))).to.equal("InvalidParameterException");
    await createCluster(ecs);
    ecs.destroy();
  });

  it("accepts the first call when somebody has created the role", async () => {
    const iam = new IAMClient(optionsOf("222222222222"));
    await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "ecs.amazonaws.com" }));
    iam.destroy();
    const ecs = ecsOf("222222222222");
    await createCluster(ecs);
    ecs.destroy();
  });

  it("has no role for Redis at first (service-linked-role-elasticache)", async () => {
    const elasticache = new ElastiCacheClient(optionsOf("111111111111"));
    const create = () => elasticache.send(new CreateCacheClusterCommand({ CacheClusterId: "redis", Engine: "redis" }));
    expect(await refusalOf(create())).to.match(/^ServiceLinkedRoleNotFoundFault/);
    await create();
    elasticache.destroy();
  });

  it("has no role for RDS at first (service-linked-role-rds)", async () => {
    const rds = new RDSClient(optionsOf("111111111111"));
    const instance = { DBInstanceIdentifier: "db", DBInstanceClass: "db.t4g.micro", Engine: "postgres" };
    const create = () => rds.send(new CreateDBInstanceCommand({ ...instance, MasterUsername: "app" }));
    expect(await refusalOf(create())).to.equal("InvalidParameterValue");
    await create();
    rds.destroy();
  });

  it("has no role for load balancers at first (service-linked-role-alb)", async () => {
    const elb = new ElasticLoadBalancingV2Client(optionsOf("111111111111"));
    const create = () => elb.send(new CreateLoadBalancerCommand({ Name: "app" }));
    expect(await refusalOf(create())).to.match(/^OperationNotPermitted/);
    await create();
    elb.destroy();
  });
});
