/**
 * What makes a program start faster; Node.js loads it before a layer's program (`nodeargs` in Pulumi.yaml), so that lone `pulumi`
 * commands gain as well.
 */
import "./compile-cache.ts";
import "./sdk-patches.ts";
