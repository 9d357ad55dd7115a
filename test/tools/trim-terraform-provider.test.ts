import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { trimTerraformProvider } from "@proliferate-infra/tools/go/aws-provider/trim-terraform-provider.mjs";
import { temporaryFolder } from "./support/set-up-context.ts";

const module = "github.com/hashicorp/terraform-provider-aws";
const sdk = "github.com/aws/aws-sdk-go-v2/service";
const goFile = (name: string, imports: readonly string[], body = "") =>
  `package ${name}\n\nimport (\n${imports.map((path) => `\t"${path}"\n`).join("")})\n\n${body}`;
const clientMethod = (name: string, packageName: string) =>
  `func (c *AWSClient) ${name}Client(ctx context.Context) *${packageName}.Client {\n\treturn client(ctx)\n}\n\n`;

/** A module of the same shape as the real one: two services, one of which calls a third one's client. */
const files: Readonly<Record<string, string>> = {
  "go.mod": `module ${module}\n`,
  "go.sum": "",
  "xpprovider/provider.go": goFile("xpprovider", [
    `${module}/internal/provider/sdkv2`,
    `${module}/internal/provider/framework`,
  ]),
  "internal/provider/sdkv2/service_packages_gen.go": goFile(
    "sdkv2",
    [`${module}/internal/conns`, `${module}/internal/service/ecs`, `${module}/internal/service/sqs`],
    "func servicePackages() {\n\treturn {\n\t\tecs.ServicePackage(ctx),\n\t\tsqs.ServicePackage(ctx),\n\t}\n}\n",
  ),
  "internal/provider/sdkv2/identity_interceptor.go":
    "\t\t\tif why == Update && !(r.mutable && r.set) {\n\t\t\t\tbreak\n\t\t\t}\n\t\twhy:  Create | Read,\n",
  "internal/provider/framework/identity_interceptor.go":
    "func (r identityInterceptor) create(o options[resource.CreateRequest, resource.CreateResponse]) {\n\tset(o)\n}\n\n" +
    "func (r identityInterceptor) update(o options[resource.UpdateRequest, resource.UpdateResponse]) {\n}\n",
  "internal/conns/awsclient_gen.go": goFile(
    "conns",
    ["context", `${sdk}/ecs`, `${sdk}/iam`, `${sdk}/sqs`],
    clientMethod("ECS", "ecs") + clientMethod("IAM", "iam") + clientMethod("SQS", "sqs"),
  ),
  "internal/service/ecs/service.go": goFile(
    "ecs",
    [`${sdk}/ecs`, `${module}/internal/sweep`],
    "var a, b = meta.ECSClient(ctx), meta.IAMClient(ctx)\n",
  ),
  "internal/service/ecs/service_test.go": goFile("ecs", [`${module}/internal/acctest`]),
  "internal/service/sqs/queue.go": goFile("sqs", [`${sdk}/sqs`], "var c = meta.SQSClient(ctx)\n"),
  "internal/sweep/context.go":
    'package sweep\n\nimport (\n\t"github.com/hashicorp/terraform-plugin-log/tfsdklog"\n)\n\n' +
    "func Context() {\n\tctx = tfsdklog.RegisterStdlogSink(ctx)\n}\n",
  "internal/acctest/acctest.go": "package acctest\n",
};

describe("trimming the Terraform AWS provider", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let from: string;
  let to: string;
  beforeEach(() => {
    folder = temporaryFolder();
    [from, to] = [join(folder.path, "from"), join(folder.path, "to")];
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(from, path)), { recursive: true });
      writeFileSync(join(from, path), text);
    }
  });
  afterEach(() => {
    folder.remove();
  });
  const written = (path: string) => readFileSync(join(to, path), "utf8");

  it("keeps only the requested services and the packages that they import", () => {
    trimTerraformProvider({ from, to, services: ["ecs"] });
    const registry = written("internal/provider/sdkv2/service_packages_gen.go");
    expect(registry).to.contain("ecs.ServicePackage(ctx)").and.to.not.contain("sqs");
    expect(existsSync(join(to, "internal/service/ecs/service.go"))).to.equal(true);
    for (const path of ["internal/service/sqs", "internal/acctest", "internal/service/ecs/service_test.go"]) {
      expect(existsSync(join(to, path)), path).to.equal(false);
    }
  });

  it("keeps the AWS clients that these call, also without importing them", () => {
    trimTerraformProvider({ from, to, services: ["ecs"] });
    const clients = written("internal/conns/awsclient_gen.go");
    expect(clients).to.contain(`"${sdk}/ecs"`).and.to.contain(`"${sdk}/iam"`).and.to.not.contain("sqs");
    expect(clients).to.contain("ECSClient").and.to.contain("IAMClient").and.to.not.contain("SQSClient");
  });

  it("makes updates report the resource's identity, and takes the sweepers' log out", () => {
    trimTerraformProvider({ from, to, services: ["ecs"] });
    expect(written("internal/provider/sdkv2/identity_interceptor.go")).to.equal("\t\twhy:  Create | Read | Update,\n");
    expect(written("internal/provider/framework/identity_interceptor.go")).to.contain(
      "update(o options[resource.UpdateRequest, resource.UpdateResponse]) {\n\tset(o)\n}\n",
    );
    expect(written("internal/sweep/context.go")).to.not.contain("tfsdklog");
  });

  it("fails for an unexpected source and for an unknown service", () => {
    expect(() => {
      trimTerraformProvider({ from, to, services: ["ecs", "lambda"] });
    }).to.throw('no service "lambda"');
    writeFileSync(join(from, "internal/provider/sdkv2/identity_interceptor.go"), "why: Create,\n");
    expect(() => {
      trimTerraformProvider({ from, to, services: ["ecs"] });
    })
      .to.throw("expected")
      .with.property("message")
      .that.contains("found it 0 times");
  });
});
