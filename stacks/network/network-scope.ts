import type * as pulumi from "@pulumi/pulumi";
import type { NamedKind } from "@proliferate-infra/shared/aws/resource-names";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";

/** What every part of the layer needs. */
export interface NetworkScope {
  readonly settings: LayerSettings<"network">;
  /** Parent of all resources; its children inherit the layer's provider. */
  readonly parent: pulumi.ComponentResource;
  /** Physical name of a thing in this environment. */
  readonly name: (kind: NamedKind, ...parts: string[]) => string;
}
