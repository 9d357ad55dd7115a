import { expect } from "chai";
import { knownSchemaDifferences } from "./known-schema-differences.ts";
import { layerSources, readAwsUses } from "./support/aws-uses.ts";
import {
  nestedToken,
  readProviderSchema,
  type ProviderSchema,
  type SchemaProperty,
} from "./support/provider-schema.ts";
import { readSdkDeclarations, type SdkDeclarations, type SdkProperties } from "./support/sdk-types.ts";

type Direction = "inputs" | "outputs";

/** Compares what a program can write and read with what the provider knows, for the properties that the layers name. */
function differences(schema: ProviderSchema, sdk: SdkDeclarations): string[] {
  const uses = readAwsUses(layerSources());
  const found: string[] = [];

  const compare = (
    path: string,
    direction: Direction,
    declared: SdkProperties,
    known: Readonly<Record<string, SchemaProperty>>,
    inside: readonly string[],
  ): void => {
    for (const [name, { list, type }] of declared) {
      const property = known[name];
      if (property === undefined) {
        if (uses.propertyNames.has(name)) found.push(`${path}${name}: unknown to the provider`);
        continue;
      }
      if (list !== (property.type === "array") && uses.propertyNames.has(name)) {
        found.push(`${path}${name}: a list ${list ? "in the SDK only" : "in the provider only"}`);
      }
      const token = nestedToken(property);
      const nested = token === undefined ? undefined : schema.types[token]?.properties;
      if (type === undefined || nested === undefined || inside.includes(type)) continue;
      compare(`${path}${name}.`, direction, sdk.nested(direction, type), nested, [...inside, type]);
    }
  };

  for (const name of uses.resources) {
    const resource = schema.resources[resourceToken(name)];
    if (resource === undefined) continue; // the test of the resource table says so
    const { inputs, outputs } = sdk.resource(name);
    compare(`${name} input `, "inputs", inputs, resource.inputProperties, []);
    compare(`${name} output `, "outputs", outputs, resource.properties, []);
  }
  for (const name of uses.invokes) {
    const called = schema.functions[invokeToken(name)];
    if (called === undefined) continue;
    const { inputs, outputs } = sdk.invoke(name);
    compare(`${name} input `, "inputs", inputs, called.inputs?.properties ?? {}, []);
    compare(`${name} output `, "outputs", outputs, called.outputs?.properties ?? {}, []);
  }
  return found;
}

function resourceToken(name: string): string {
  const [module = "", type = ""] = name.split("/");
  return `aws:${module}/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;
}

function invokeToken(name: string): string {
  const [module = "", member = ""] = name.split("/");
  return `aws:${module}/${member}:${member}`;
}

describe("the AWS provider's schema and the SDK", function () {
  this.timeout(60_000);

  it("agree on every property of the layers, except for known differences", () => {
    const schema = readProviderSchema();
    if (schema === undefined) return;
    const found = differences(schema, readSdkDeclarations());
    const known = knownSchemaDifferences.map(({ difference }) => difference);
    expect(
      found.filter((difference) => !known.includes(difference)),
      "fix property-overrides.json, or say in known-schema-differences.ts why it does no harm",
    ).to.deep.equal([]);
    expect(
      known.filter((difference) => !found.includes(difference)),
      "no differences any more",
    ).to.deep.equal([]);
  });
});
