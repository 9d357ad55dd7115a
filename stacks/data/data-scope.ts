import type * as pulumi from "@pulumi/pulumi";
import type { Consumed } from "@proliferate-infra/shared/contracts/all-contracts";
import type { NamedKind } from "@proliferate-infra/shared/aws/resource-names";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";

/** What every part of the layer needs. */
export interface DataScope {
  readonly settings: LayerSettings<"data">;
  readonly network: Consumed<"data", "network">;
  /** Parent of all resources; its children inherit the layer's provider. */
  readonly parent: pulumi.ComponentResource;
  /** Physical name of a thing in this environment. */
  readonly name: (kind: NamedKind, ...parts: string[]) => string;
}
