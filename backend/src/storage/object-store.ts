/** Small texts under keys, where an environment's state is: in its bucket below its prefix, or in its folder. */

/** A text with the version that a later conditional write names. */
export interface StoredText {
  readonly text: string;
  /** Changes with every write. */
  readonly version: string;
}

/** Objects of one environment; keys use slashes, such as `.pulumi/stacks/proliferate-data/prod.json`. */
export interface ObjectStore {
  /** Undefined when there is none. */
  get(key: string): Promise<StoredText | undefined>;
  /**
   * Writes when the object still has `version`; undefined means that there must be none.
   *
   * @returns the new version, or undefined when somebody else was faster.
   */
  putIf(key: string, text: string, version: string | undefined): Promise<string | undefined>;
  /** Removes an object; one that is not there is no error. */
  remove(key: string): Promise<void>;
  /** Keys that begin with `prefix`, sorted; only those after `after` when it is given. */
  list(prefix: string, after?: string): Promise<readonly string[]>;
  /** Lets go of connections. */
  close(): void;
}
