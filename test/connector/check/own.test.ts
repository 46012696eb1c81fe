import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../../config/example.ts';
import { checkConnector } from '../../../connector/check/check-connector.ts';
import { type Level, profiles } from '../../../connector/check/rule.ts';
import type { RuleId } from '../../../connector/check/rules/index.ts';
import { connectorFiles } from '../../../connector/emit/files.ts';

/** Rules that are off for other connectors and that this one keeps. */
const stricter: ReadonlyMap<RuleId, Level> = new Map(
  (
    [
      'DescriptionNotSentence',
      'PropertyTextMissing',
      'ThrottlingNotDeclared',
      'WebhookWithoutLocation',
      'OperationRevisionEmpty',
    ] as const
  ).map((id) => [id, 'info']),
);

/** As an organisation would have it: with a host of its own. */
const configuration = {
  ...exampleConfiguration,
  connector: { ...exampleConfiguration.connector, host: 'insights.contoso.com' },
};

describe('our own connector', () => {
  it('passes for certification without any finding, and keeps the rules that are off by default', async () => {
    const files = await connectorFiles({ configuration, certification: true });
    expect(checkConnector(files, { profile: 'certification', levels: stricter })).toEqual([]);
  });

  it.each(profiles)('has no error and no warning without stackOwner in the profile %s', async (profile) => {
    const files = await connectorFiles({ configuration });
    // Its brand colour, title and icon are those of a verified publisher.
    const expected =
      profile === 'independent'
        ? ['BrandColorNotIndependent', 'IconNotForIndependent', 'IndependentTitle']
        : [];
    expect(
      checkConnector(files, { profile })
        .filter(({ severity }) => severity !== 'info')
        .map(({ rule }) => rule)
        .sort(),
    ).toEqual(expected);
  });

  it('is told that the host of the example is invented', async () => {
    const findings = checkConnector(await connectorFiles({ configuration: exampleConfiguration }));
    expect(findings.map(({ rule }) => rule)).toEqual(['HostLooksTemporary']);
  });
});
