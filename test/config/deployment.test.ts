import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../config/check.ts';
import { clientSecretName } from '../../config/client-secret.ts';
import { deploymentNames } from '../../config/deployment.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { problemsOf as problemsIn } from './problems.ts';

const checked = (changes: Readonly<Record<string, unknown>>) =>
  checkConfiguration({ ...structuredClone(exampleConfiguration), ...changes }, 'staging.json');

const problemsOf = (changes: Readonly<Record<string, unknown>>) =>
  problemsIn({ ...structuredClone(exampleConfiguration), ...changes });

const secretsOf = (configuration: ReturnType<typeof checked>) => [
  clientSecretName(configuration),
  ...configuration.instances.map(({ secretName }) => secretName),
];

describe('a deployment without a name', () => {
  it('is called what deployments were called before they could have one', () => {
    expect(deploymentNames(checked({}))).toEqual({
      stack: 'InsightsConnector',
      api: 'insights-connector',
      tags: { application: 'insights-connector' },
    });
    expect(secretsOf(checked({}))).toEqual([
      'insights-connector/api',
      'insights-connector/instances/contoso-retail',
    ]);
  });
});

describe('a deployment with a name', () => {
  it('carries it in every name', () => {
    const staging = checked({ deployment: { name: 'staging' } });
    expect(deploymentNames(staging)).toEqual({
      stack: 'InsightsConnector-staging',
      api: 'insights-connector-staging',
      tags: { application: 'insights-connector', deployment: 'staging' },
    });
    expect(secretsOf(staging)).toEqual([
      'staging/insights-connector/api',
      'staging/insights-connector/instances/contoso-retail',
    ]);
  });

  it('is the same when it is checked again', () => {
    const staging = checked({ deployment: { name: 'staging' } });
    expect(checkConfiguration(staging, 'again')).toEqual(staging);
  });

  it('refuses secrets that are the same once its name is in front', () => {
    const [instance] = exampleConfiguration.instances;
    expect(
      problemsOf({
        deployment: { name: 'staging' },
        instances: [{ ...instance, secretName: 'staging/insights-connector/api' }],
      }),
    ).toEqual([
      expect.stringMatching(/^instances\.0\.secretName is the same as applications\.api\.secretName\. /),
    ]);
  });

  it('refuses secrets that are too long once its name is in front, and says what to do', () => {
    const [instance] = exampleConfiguration.instances;
    expect(
      problemsOf({ deployment: { name: 'abc' }, instances: [{ ...instance, secretName: 's'.repeat(397) }] }),
    ).toEqual([expect.stringMatching(/ has 401 characters, .*at most 400 are allowed\. Shorten/)]);
    expect(
      problemsOf({ deployment: { name: 'abc' }, instances: [{ ...instance, secretName: 's'.repeat(396) }] }),
    ).toEqual([]);
  });

  it.each([['a'], ['staging'], ['eu-west-1-test'], ['a'.repeat(32)]])('may be called %s', (name) => {
    const { stack } = deploymentNames(checked({ deployment: { name } }));
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    expect(stack).toMatch(/^[A-Za-z][-A-Za-z0-9]{0,127}$/);
  });

  it.each([
    [''],
    ['Staging'],
    ['1st'],
    ['test_2'],
    ['a.b'],
    ['a/b'],
    ['-a'],
    ['a-'],
    ['a--b'],
    ['a b'],
    ['staging\n'],
    ['a'.repeat(33)],
  ])('may not be called %j; the message says what is allowed', (name) => {
    expect(problemsOf({ deployment: { name } })).toEqual([
      expect.stringMatching(/^deployment\.name is .*Lower-case letters, digits .*at most 32 characters/s),
    ]);
  });

  it('differs from one without a name', () => {
    expect(problemsOf({ deployment: {} })).toEqual([expect.stringMatching(/^deployment\.name is missing\./)]);
    expect(problemsOf({ deployment: 'staging' })).toEqual([
      expect.stringMatching(/^deployment is a text, which must be object\. .*\{ "name" \}/),
    ]);
  });
});
