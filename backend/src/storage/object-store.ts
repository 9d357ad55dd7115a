/** Objects beside an environment's state: in its bucket below its prefix, or in its folder. */

/** A text with the version for a conditional write. */
export interface StoredText {
  readonly text: string;
  /** Changes with every write. */
  readonly version: string;
}

/** Objects of one environment; keys use slashes, such as `.pulumi/stacks/proliferate-data/prod.json`. */
export interface ObjectStore {
  /** Undefined when the object does not exist. */
  get(key: string): Promise<StoredText | undefined>;
  /**
   * Writes when the object still has `version`; undefined: when it does not exist.
   *
   * @returns the new version, or undefined when another writer was faster.
   */
  putIf(key: string, text: string, version: string | undefined): Promise<string | undefined>;
  /** Removes an object, if it exists. */
  remove(key: string): Promise<void>;
  /** Keys that begin with `prefix`, sorted; only those after `after` when it is given. */
  list(prefix: string, after?: string): Promise<readonly string[]>;
  close(): void;
}
