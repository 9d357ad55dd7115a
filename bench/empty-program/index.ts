/** Imports the SDK and registers nothing: the floor under every layer's program. */
import "@pulumi/aws";

/** The program that `pulumi up` runs; it has no outputs. */
export default function empty(): object {
  return {};
}
