/** Imports the SDK and registers nothing: the minimum time of every layer's program. */
import "@pulumi/aws";

/** The Pulumi program. It has no outputs. */
export default function empty(): object {
  return {};
}
