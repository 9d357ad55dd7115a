/**
 * Operations that were cut off, in the document of `pulumi stack export` (pulumi/pulumi, sdk/go/common/apitype,
 * UntypedDeployment). Its secrets stay encrypted. Pure.
 */
import { z } from "zod";

/** A resource that Pulumi had begun to create. AWS may have it or not. */
export interface CutOffCreation {
  readonly urn: string;
  /** Such as `aws:rds/instance:Instance`. */
  readonly type: string;
  /** As Pulumi sent them to the provider, names that Pulumi made up included. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Default tags of its provider. */
  readonly defaultTags: Readonly<Record<string, string>>;
}

const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  provider: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
/** Outputs of a resource that can have tags. */
const tagged = z.object({ tagsAll: z.record(z.string(), z.string()) });
const exported = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(resource).default([]),
    pending_operations: z.array(z.looseObject({ type: z.string(), resource })).default([]),
  }),
});
const tagsOfProvider = z
  .string()
  .transform((text) => z.object({ tags: z.record(z.string(), z.string()) }).parse(JSON.parse(text)).tags);

export class ExportedState {
  readonly #document: z.infer<typeof exported>;

  /** @throws z.ZodError when the text is no exported state. */
  constructor(text: string) {
    this.#document = exported.parse(JSON.parse(text));
  }

  get creations(): readonly CutOffCreation[] {
    return this.#creating().map(({ resource: { urn, type, inputs, provider } }) => ({
      ...{ urn, type, inputs },
      defaultTags: this.#defaultTags(provider),
    }));
  }

  /** URNs of resources that were being changed, deleted or read. They are in the state, which may not be what AWS has. */
  get others(): readonly string[] {
    return this.#document.deployment.pending_operations
      .filter(({ type }) => type !== CREATING)
      .map(({ resource: { urn } }) => urn);
  }

  get urns(): ReadonlySet<string> {
    return new Set(this.#document.deployment.resources.map(({ urn }) => urn));
  }

  /** IDs of all resources in the state. */
  get ids(): readonly string[] {
    return this.#document.deployment.resources.flatMap(({ id }) => (id === undefined ? [] : [id]));
  }

  /**
   * The document without cut-off operations. The created resources with an ID in `ids`, by URN, are in it as Pulumi would have
   * saved them, except for the outputs that only AWS knows: a refresh reads them.
   */
  resolved(ids: ReadonlyMap<string, string>): string {
    const { deployment } = this.#document;
    const created = this.#creating().flatMap(({ resource: each }) => {
      const id = ids.get(each.urn);
      return id === undefined ? [] : [{ ...each, id, outputs: { ...each.inputs, id } }];
    });
    const resources = [...deployment.resources, ...created];
    return JSON.stringify({ ...this.#document, deployment: { ...deployment, resources, pending_operations: [] } });
  }

  /** URNs of the created resources that AWS has without the default tags of their provider, hence for somebody else. */
  withoutDefaultTags(creations: readonly CutOffCreation[]): readonly string[] {
    const { resources } = this.#document.deployment;
    const lacksTags = ({ urn, defaultTags }: CutOffCreation) => {
      const tags = tagged.safeParse(resources.find((each) => each.urn === urn)?.outputs).data?.tagsAll;
      return tags !== undefined && Object.entries(defaultTags).some(([key, value]) => tags[key] !== value);
    };
    return creations.filter(lacksTags).map(({ urn }) => urn);
  }

  /**
   * The document after a refresh: the created resources have the inputs that they were created with, not those that a refresh
   * derives from AWS. The resources in `foreign`, on which no other depends, are left out.
   */
  completed(creations: readonly CutOffCreation[], foreign: readonly string[]): string {
    const { deployment } = this.#document;
    const inputs = new Map(creations.map((each) => [each.urn, each.inputs]));
    const resources = deployment.resources
      .filter(({ urn }) => !foreign.includes(urn))
      .map((each) => ({ ...each, inputs: inputs.get(each.urn) ?? each.inputs }));
    return JSON.stringify({ ...this.#document, deployment: { ...deployment, resources } });
  }

  #creating() {
    return this.#document.deployment.pending_operations.filter(({ type }) => type === CREATING);
  }

  #defaultTags(provider: string | undefined): Readonly<Record<string, string>> {
    // A reference to a provider is its URN and its ID, joined like the parts of a URN.
    const urn = provider?.split("::").slice(0, -1).join("::");
    const found = this.#document.deployment.resources.find((each) => each.urn === urn);
    return tagsOfProvider.safeParse(found?.inputs.defaultTags).data ?? {};
  }
}

const CREATING = "creating";
