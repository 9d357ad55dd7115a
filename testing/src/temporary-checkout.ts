/** A folder with the parts of the repository that `rollout setup` needs: the projects of the four layers. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { layers } from "@proliferate-infra/shared/layers";
import { repositoryRoot } from "@proliferate-infra/backend/root";

/** A temporary checkout, and a folder for state and PULUMI_HOME. */
export class TemporaryCheckout {
  /** Contains everything. */
  readonly folder: string;
  readonly root: string;
  readonly pulumiHome: string;

  constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), "rollout-setup-")));
    this.root = join(this.folder, "checkout");
    this.pulumiHome = join(this.folder, "pulumi-home");
    for (const { directory } of layers) {
      const project = join(directory, "Pulumi.yaml");
      mkdirSync(dirname(join(this.root, project)), { recursive: true });
      cpSync(join(repositoryRoot, project), join(this.root, project));
    }
  }

  /** Returns the content of a file in the root. */
  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
