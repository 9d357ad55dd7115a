/** The three places where the Terraform AWS provider does not fit the Pulumi bridge as it is. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes every update report the resource's identity. Terraform hands the identity of the last read to an update; Pulumi
 * keeps none between runs, so each update would end with "Missing Resource Identity After Update".
 * @param {string} root the copied module
 */
export function patchIdentityInterceptors(root) {
  edit(join(root, "internal/provider/sdkv2/identity_interceptor.go"), (file) => {
    file.replace(/^\t+if why == Update && !\(.*\) \{\n\t+break\n\t+\}\n/gm, "");
    file.replace(/^(\t+why: +)Create \| Read,$/gm, "$1Create | Read | Update,");
  });
  edit(join(root, "internal/provider/framework/identity_interceptor.go"), (file) => {
    const create = file.find(/^func \(r identityInterceptor\) create\(.*?^\}\n/ms);
    const update = create.replace(") create(", ") update(").replaceAll("resource.CreateRe", "resource.UpdateRe");
    file.replace(/^func \(r identityInterceptor\) update\(.*\{\n\}\n/gm, update);
  });
}

/**
 * Takes out the sweepers' log sink: it needs a fork of terraform-plugin-log that the bridge cannot use. Sweepers only
 * run in the provider's own tests.
 * @param {string} root the copied module
 */
export function patchSweeperLog(root) {
  const path = join(root, "internal/sweep/context.go");
  if (!existsSync(path)) return;
  edit(path, (file) => {
    file.replace(/^\tctx = tfsdklog\.RegisterStdlogSink\(ctx\)\n/gm, "");
    file.replace(/^\t"github\.com\/hashicorp\/terraform-plugin-log\/tfsdklog"\n/gm, "");
  });
}

/**
 * @param {string} path
 * @param {(file: { find(pattern: RegExp): string, replace(pattern: RegExp, text: string): void }) => void} change every
 *   pattern must occur exactly once, so that another version of the provider fails loudly
 */
function edit(path, change) {
  let text = readFileSync(path, "utf8");
  const fault = (/** @type {RegExp} */ pattern, /** @type {number} */ count) =>
    new Error(`${path}: expected ${String(pattern)} once, found it ${count} times: another version of the provider?`);
  change({
    find(pattern) {
      const match = pattern.exec(text);
      if (match === null) throw fault(pattern, 0);
      return match[0];
    },
    replace(pattern, replacement) {
      const count = [...text.matchAll(pattern)].length;
      if (count !== 1) throw fault(pattern, count);
      text = text.replace(pattern, replacement);
    },
  });
  writeFileSync(path, text);
}
