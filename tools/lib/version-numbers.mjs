/** Versions as tools print them: "v3.259.0", "go1.26.8", "Python 3.11.7". */

/** @typedef {{ major: number, minor: number, patch: number, prerelease: boolean }} Version */
/** @typedef {{ from: string, below: string }} VersionRange `from` included, `below` excluded */

const pattern = /(?<![\d.])(\d+)\.(\d+)(?:\.(\d+))?(-[0-9A-Za-z][0-9A-Za-z.-]*)?/;

/**
 * The first version number in a text.
 * @param {string} text
 * @returns {Version | undefined} undefined when there is none
 */
export function parseVersion(text) {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch, prerelease] = match;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch ?? 0),
    prerelease: prerelease !== undefined,
  };
}

/**
 * @param {Version} left
 * @param {Version} right
 * @returns {number} negative when left is older, 0 when equal; a prerelease is older than its release
 */
export function compareVersions(left, right) {
  return (
    left.major - right.major ||
    left.minor - right.minor ||
    left.patch - right.patch ||
    Number(right.prerelease) - Number(left.prerelease)
  );
}

/**
 * @param {Version} version
 * @param {VersionRange} range
 * @returns {boolean} false for every prerelease
 */
export function fits(version, { from, below }) {
  const [lowest, tooHigh] = [parseVersion(from), parseVersion(below)];
  if (lowest === undefined || tooHigh === undefined) throw new Error(`not a version range: ${from} to ${below}`);
  return !version.prerelease && compareVersions(version, lowest) >= 0 && compareVersions(version, tooHigh) < 0;
}

/** @param {Version} version @returns {string} "1.2.3", with "-prerelease" after it where it is one */
export function formatVersion({ major, minor, patch, prerelease }) {
  return `${major}.${minor}.${patch}${prerelease ? "-prerelease" : ""}`;
}
