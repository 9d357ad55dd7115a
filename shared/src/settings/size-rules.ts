/** Rules about the size of what a service's settings make in AWS. The layers' programs check the whole when they make it. */
import { byteLength, sizeProblem } from "../aws/aws-limits.ts";
import { environmentList } from "../aws/container-definitions.ts";
import { serviceKeys, serviceName } from "../services.ts";
import { rule, type Rule } from "./rule.ts";

type Variables = Readonly<Record<string, string>>;

/** Without those of a secret setting that was not decrypted, which has a text as placeholder. */
const known = (variables: Variables): Variables => (typeof variables === "object" ? variables : {});

const secretsFit = serviceKeys.map((service) => {
  const key = `${service}ExtraSecrets` as const;
  return rule("secrets", ["extraSecrets", key], ({ extraSecrets, [key]: own }) => {
    const common = service === "llmProxy" ? {} : known(extraSecrets);
    const problem = sizeProblem("secret", byteLength(JSON.stringify({ ...common, ...known(own) })));
    const message = `is too long: the secret of the ${serviceName(service)} ${problem}`;
    return problem === undefined ? [] : [{ key: longer(common, known(own)) ? "extraSecrets" : key, message }];
  });
});

const taskDefinitionsFit = serviceKeys.map((service) => {
  const key = `${service}ExtraEnvironment` as const;
  const keys = ["extraEnvironment", key, `${service}Sidecars`, `${service}Command`] as const;
  return rule("services", keys, (settings) => {
    const common = service === "llmProxy" ? {} : settings.extraEnvironment;
    const environment = environmentList({ ...common, ...settings[key] });
    const parts = [environment, settings[`${service}Sidecars`], settings[`${service}Command`] ?? []];
    const problem = sizeProblem("taskDefinition", byteLength(JSON.stringify(parts)));
    const message = `is too long: the task definition of the ${serviceName(service)} ${problem}`;
    return problem === undefined ? [] : [{ key: longer(common, settings[key]) ? "extraEnvironment" : key, message }];
  });
});

function longer(variables: Variables, others: Variables): boolean {
  return JSON.stringify(variables).length > JSON.stringify(others).length;
}

export const sizeRules: readonly Rule[] = [...secretsFit, ...taskDefinitionsFit];
