/** What the catalog says of the effects of each setting, compared with what the programs register. */
import { expect } from "chai";
import { isStateful } from "@proliferate-infra/orchestrator/model/stateful-resources";
import { layerNames } from "@proliferate-infra/shared/layers";
import { serviceNames } from "@proliferate-infra/shared/services";
import { catalog, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import type { Effect } from "@proliferate-infra/shared/settings/effect";
import { changedSettings } from "@proliferate-infra/orchestrator/settings/change-effects";
import { sampleConfiguration, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { beforeAndAfter } from "@proliferate-infra/testing/setting-changes";
import { readProviderSchema } from "../tools/support/provider-schema.ts";
import { resourceChanges, type ResourceChange } from "./simulated-environment.ts";

const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

/**
 * Inputs of Postgres and Redis that AWS changes in the maintenance window (emulator/additions has the sources). The version of Postgres is
 * not among them: `up` refuses to let it wait.
 */
const DEFERRABLE = new Set([
  ...["allocatedStorage", "iamDatabaseAuthenticationEnabled", "instanceClass", "multiAz", "nodeType"],
]);
const isDeferrable = (type: string, property: string) =>
  DEFERRABLE.has(property) || (property === "engineVersion" && type.startsWith("aws:elasticache/"));
const DEFERRING = /^aws:(?:rds\/instance|elasticache\/(?:cluster|replicationGroup)):/;

function declared(key: SettingKey, before: SampleChanges, after: SampleChanges): readonly Effect[] {
  const of = (changes: SampleChanges) => layerNames.map((layer) => sampleConfiguration(layer, changes, "dev-effects"));
  const [changed] = changedSettings(of(before), of(after), [key]);
  expect(changed, `${key} must change`).not.to.equal(undefined);
  return changed?.effects ?? [];
}

/** Services with another task definition. */
function rolled(changes: readonly ResourceChange[]): readonly string[] {
  const names = changes.filter(({ type, op }) => type === TASK_DEFINITION && op === "update").map(({ name }) => name);
  return serviceNames.filter((service) => names.includes(`${service}-task-definition`));
}

describe("the effects of settings in the programs of the layers", function () {
  this.timeout(60_000);
  const schema = readProviderSchema();

  /** Resources with data, names or addresses that are deleted or replaced. */
  const lost = (changes: readonly ResourceChange[]) =>
    changes.filter(({ layer, type, name, op, properties }) => {
      if (!isStateful(`urn:pulumi:stack::${layer}::${type}::${name}`) || op === "create") {
        return false;
      }
      const inputs = schema?.resources[type]?.inputProperties ?? {};
      return op === "delete" || properties.some((property) => inputs[property]?.willReplaceOnChanges === true);
    });

  for (const key of Object.keys(catalog) as SettingKey[]) {
    const { before, after } = beforeAndAfter(key);
    for (const [direction, from, to] of [
      ["", before, after],
      [" back", after, before],
    ] as const) {
      it(`${key}${direction}`, async () => {
        const effects = declared(key, from, to);
        const changes = await resourceChanges(from, to);
        const kinds = effects.map(({ kind }) => kind);
        expect(rolled(changes), "services with new tasks").to.deep.equal(
          serviceNames.filter((service) => effects.some(({ services }) => services.includes(service))),
        );
        // The provider alone decides that a lower version replaces Redis; test/engine/effects.test.ts shows it.
        if (key === "redisEngineVersion" && kinds.includes("replacement")) {
          return;
        }
        if (schema !== undefined) {
          expect(lost(changes).length > 0, `loses ${JSON.stringify(lost(changes))}`).to.equal(
            kinds.includes("replacement"),
          );
        }
        const deferred = changes.filter(
          ({ type, op, properties }) =>
            op === "update" && DEFERRING.test(type) && properties.some((property) => isDeferrable(type, property)),
        );
        if (!kinds.includes("creation-only")) {
          expect(deferred.length > 0, `waits: ${JSON.stringify(deferred)}`).to.equal(kinds.includes("deferrable"));
        }
      });
    }
  }
});
