/**
 * Which version of the connector makes a call. An imported connector stays as it is when a new version of the API is
 * deployed, so what changes for callers is decided by the version that they name.
 */

/** Set by a policy of the connector, with every call of a user. Lower case, as API Gateway passes it. */
export const versionHeader = 'x-insights-connector-version';

/** Major, minor, patch. */
type Version = readonly [number, number, number];

/**
 * Since this version the connector encodes path parameters twice, and publishes lengths that fit a request. The gateway
 * decodes a path before it chooses the route, so a value encoded once may come apart at its slashes.
 */
export const encodesTwiceSince: Version = [0, 2, 0];

/** @returns undefined for anything that is not a version; text behind the third number is ignored */
export const versionOf = (text: string | undefined): Version | undefined => {
  const [, major, minor, patch] =
    /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:[-+].*)?$/.exec(text?.trim() ?? '') ?? [];
  return patch === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
};

/** Compared number by number: 0.10.0 comes after 0.9.0. */
export const isAtLeast = (version: Version, least: Version): boolean => {
  for (const [at, number] of least.entries()) {
    const own = version[at] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
};
