import { expect } from "chai";
import fc from "fast-check";
import { layerNames } from "@proliferate-infra/shared/layers";
import { readSettings, type LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import {
  configurationKeys,
  decidingKeys,
  descriptionOf,
  type ConfigurationKey,
} from "@proliferate-infra/orchestrator/settings/keys";
import { generateSecret } from "@proliferate-infra/orchestrator/settings/generated";
import { withChanges } from "@proliferate-infra/orchestrator/settings/plan-changes";
import { settingGroups } from "@proliferate-infra/orchestrator/commands/configure/setting-groups";
import {
  nextQuestion,
  problemWith,
  startOf,
  withAnswer,
  withKept,
  withOffer,
  type Question,
  type WizardState,
} from "@proliferate-infra/orchestrator/commands/configure/wizard-questions";
import { sampleConfiguration, sampleValues, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";

const empty: readonly LayerConfiguration[] = layerNames.map((layer) => ({ layer, stack: "prod", values: new Map() }));

/** Allowed texts of a deciding key. */
const choicesOf = (key: ConfigurationKey) => descriptionOf(key).kind.choices ?? [];

/** An allowed text for each key that may be asked for. */
const sensible: Readonly<Record<string, string>> = {
  ...Object.fromEntries(decidingKeys.map((key) => [key, choicesOf(key)[0] ?? ""])),
  ...sampleValues,
  "aws:region": "eu-west-1",
  databaseCaBundlePath: "/etc/ca.pem",
  databaseUrlOverride: "postgres://user:password@db.example.com/app",
};

/** Deciding answers, one for each deciding key. */
type Decisions = Readonly<Record<string, string>>;
const decisions: fc.Arbitrary<Decisions> = fc.record(
  Object.fromEntries(decidingKeys.map((key) => [key, fc.constantFrom(...choicesOf(key))])),
);
const everyDecision = decidingKeys.reduce<readonly Decisions[]>(
  (all, key) => all.flatMap((decision) => choicesOf(key).map((choice) => ({ ...decision, [key]: choice }))),
  [{}],
);

interface Ending {
  readonly state: WizardState;
  readonly questions: readonly Question[];
}

/** Returns everything that is asked; `generate` and `keep` are the answers to the offers. */
function answerAll(
  start: WizardState,
  answers: Readonly<Record<string, string>>,
  { keep, generate }: { readonly keep: boolean; readonly generate: boolean },
): Ending {
  const questions: Question[] = [];
  let state = start;
  for (let question = nextQuestion(state); question !== undefined; question = nextQuestion(state)) {
    questions.push(question);
    if (questions.length > configurationKeys.length) {
      throw new Error("The wizard does not end.");
    }
    if (question.kind === "setting") {
      const { key } = question.setting;
      const text = answers[key] ?? sensible[key] ?? "any-text";
      expect(problemWith(state, key, text), key).to.equal(undefined);
      state = withAnswer(state, key, text);
    } else if (question.kind === "keep") {
      state = withOffer(keep ? withKept(state, question.keys) : state, "keep");
    } else {
      const filled = generate
        ? question.keys.reduce((filling, key) => withAnswer(filling, key, generateSecret(key)), state)
        : state;
      state = withOffer(filled, "generate");
    }
  }
  return { state, questions };
}

const faultsOf = ({ configurations, answers }: WizardState) =>
  withChanges(configurations, answers).flatMap((configuration) => readSettings(configuration).faults);

const askedKeys = (questions: readonly Question[]) =>
  questions.flatMap((question) => (question.kind === "setting" ? [question.setting.key] : []));

describe("the wizard's questions", function () {
  // All decisions, each with all their questions.
  this.timeout(60_000);

  it("start with the keys that decide about others", () => {
    expect(decidingKeys).to.have.members([
      "deploymentProfile",
      "createS3Bucket",
      "enableLlmProxy",
      "defaultSandboxProvider",
      "integrationsEnabled",
      "databaseTlsVerification",
      "enableRds",
    ]);
    const asked = askedKeys(answerAll(startOf(empty), {}, { keep: true, generate: true }).questions);
    expect(asked.slice(0, decidingKeys.length + 1)).to.have.members(["aws:region", ...decidingKeys]);
  });

  it("lead to valid settings for all layers, and ask only what is required", () => {
    expect(everyDecision).to.have.length(128);
    for (const [index, answers] of everyDecision.entries()) {
      const { state, questions } = answerAll(startOf(empty), answers, { keep: true, generate: index % 2 === 0 });
      const what = JSON.stringify(answers);
      expect(faultsOf(state), what).to.deep.equal([]);
      const asked = askedKeys(questions);
      expect(new Set(asked).size, what).to.equal(asked.length);
      for (const key of asked.filter((each) => !decidingKeys.includes(each))) {
        const without = new Map([...state.answers].filter(([name]) => name !== key));
        const faults = faultsOf({ ...state, answers: without }).map((fault) => fault.key);
        expect(faults, what).to.include(key);
      }
    }
  });

  it("lead to valid settings from any partial configuration, and keep its values", () => {
    const parts = fc.subarray(Object.keys(sampleValues) as ConfigurationKey[]);
    fc.assert(
      fc.property(parts, decisions, fc.boolean(), (absent, answers, keep) => {
        const changes: SampleChanges = Object.fromEntries(absent.map((key) => [key, undefined]));
        const start = startOf(layerNames.map((layer) => sampleConfiguration(layer, changes)));
        // A bucket that is set contradicts one that is created; the wizard reports that at its end.
        const bucket = absent.some((key) => key === "s3Bucket") ? {} : { createS3Bucket: "false" };
        const { state } = answerAll(start, { ...answers, ...bucket }, { keep, generate: true });
        expect(faultsOf(state)).to.deep.equal([]);
        if (keep) {
          const touched = [...state.answers.keys()].filter((key) => !decidingKeys.some((each) => each === key));
          const present = Object.keys(sampleValues).filter((key) => !absent.some((each) => each === key));
          expect(touched.filter((key) => present.includes(key))).to.deep.equal([]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("ask only for decisions and confirmation when everything is set", () => {
    const start = startOf(layerNames.map((layer) => sampleConfiguration(layer)));
    const { state, questions } = answerAll(
      start,
      {
        deploymentProfile: "cloud",
        createS3Bucket: "false",
        enableLlmProxy: "true",
        enableRds: "true",
        integrationsEnabled: "false",
      },
      { keep: true, generate: true },
    );
    expect(questions.filter(({ kind }) => kind !== "setting").map(({ kind }) => kind)).to.deep.equal(["keep"]);
    expect(askedKeys(questions)).to.have.members(decidingKeys);
    // It was set, and what it was answered to be is compared when it is written.
    expect([...state.answers.keys()]).to.deep.equal(["defaultSandboxProvider"]);
  });

  it("do not write a confirmed default, and remove an emptied value", () => {
    expect([...withAnswer(startOf(empty), "resourcePrefix", "proliferate").answers]).to.deep.equal([]);
    const configured = layerNames.map((layer) => sampleConfiguration(layer, { resourcePrefix: "abc" }));
    expect([...withAnswer(startOf(configured), "resourcePrefix", undefined).answers]).to.deep.equal([
      ["resourcePrefix", undefined],
    ]);
  });

  it("report an invalid answer at once, even in combination with other settings", () => {
    const start = startOf(layerNames.map((layer) => sampleConfiguration(layer)));
    expect(problemWith(start, "appUrl", "nowhere")).to.contain("it must be a URL");
    expect(problemWith(start, "gatewayMemory", "513")).to.contain("must be one of");
    expect(problemWith(withAnswer(start, "gatewayCpu", "1024"), "gatewayMemory", "2048")).to.equal(undefined);
    expect(problemWith(start, "redisTransitEncryption", "true")).to.contain("needs redisReplicationEnabled");
  });

  it("offer every key in one group", () => {
    const grouped = settingGroups.flatMap(({ keys }) => keys);
    expect(grouped).to.have.members([...configurationKeys]);
    expect(grouped).to.have.length(configurationKeys.length);
  });

  it("generate valid secrets", () => {
    for (const key of configurationKeys.filter((each) => descriptionOf(each).generated === true)) {
      const secret = generateSecret(key);
      expect(descriptionOf(key).kind.parse(secret), key).to.equal(secret);
      expect(generateSecret(key)).not.to.equal(secret);
    }
  });
});
