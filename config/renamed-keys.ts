/** Keys of the configuration that had another name, old → new; `*` is any index of a list. */
export const renamedKeys: Readonly<Record<string, string>> = {
  // Version 0.3: what holds the name of a secret is called so.
  'applications.api.secret': 'applications.api.secretName',
  'instances.*.secret': 'instances.*.secretName',
  logRetentionDays: 'logs.retentionDays',
};

/** @returns the present name of an old key, in the same place of the file; undefined for a key that never had another */
export const renamedKey = (path: readonly string[]): string | undefined => {
  const renamed = renamedKeys[path.map((key) => (/^\d+$/.test(key) ? '*' : key)).join('.')];
  const indexes = path.filter((key) => /^\d+$/.test(key));
  return renamed?.replaceAll('*', () => indexes.shift() ?? '*');
};
