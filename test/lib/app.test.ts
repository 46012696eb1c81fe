import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigurationError, checkConfiguration } from '../../config/check.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { presets } from '../../config/presets.ts';
import type { Configuration } from '../../config/schema.ts';
import { stackOptions } from '../../config/stack-options.ts';
import { type CreateAppOptions, createApp } from '../../lib/app.ts';
import { synthesise } from '../../local/synthesise.ts';
import { createFunctionsFolder } from './functions-folder.ts';
import { optionSets } from './option-sets.ts';

const functions = createFunctionsFolder();
afterAll(functions.remove);

const options = (changes: Partial<CreateAppOptions> = {}) => ({
  configuration: exampleConfiguration,
  source: 'insights-connector.json',
  isExample: false,
  functionsDir: functions.path,
  mode: 'deploy' as const,
  validate: false,
  ...changes,
});

const withInstances = (count: number, nameLength: number): Configuration => ({
  ...exampleConfiguration,
  instances: Array.from({ length: count }, (_, at) => ({
    id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    name: `Instance ${at}`,
    secretName: String(at).padStart(nameLength, 's'),
  })),
});

describe('createApp', () => {
  it('refuses to deploy callback URLs on the loopback address, and says where to change it', () => {
    const configuration = checkConfiguration(
      { ...exampleConfiguration, callbacks: { allowLoopback: true } },
      'insights-connector.json',
    );
    expect(() => createApp(options({ configuration }))).toThrow(ConfigurationError);
    expect(() => createApp(options({ configuration }))).toThrow(
      /^Invalid insights-connector\.json:\n {2}- callbacks\.allowLoopback is true/,
    );
    expect(() => synthesise(options({ configuration, mode: 'local' }))).not.toThrow();
  });

  it('lets the example configuration be synthesised, and its deployment fail with what to do', () => {
    const { Rules } = synthesise(options({ isExample: true })).template;
    expect(Rules?.ConfigurationOfYourOwn).toEqual({
      Assertions: [
        {
          Assert: { 'Fn::Equals': [{ Ref: 'Authority' }, ''] },
          AssertDescription: expect.stringMatching(/example configuration.*insights-connector\.json/),
        },
      ],
    });
    const { Authority } = synthesise(options({ isExample: true })).template.Parameters ?? {};
    expect('').not.toMatch(new RegExp(Authority?.AllowedPattern ?? ''));
    expect(synthesise(options()).template.Rules).not.toHaveProperty('ConfigurationOfYourOwn');
  });

  it('makes the same template twice, byte for byte', () => {
    const bytes = () => JSON.stringify(synthesise(options()));
    expect(bytes()).toBe(bytes());
  });

  it('needs neither account nor region', () => {
    const outDir = mkdtempSync(join(tmpdir(), 'insights-connector-assembly-'));
    try {
      createApp({ ...options(), outDir }).app.synth();
      const manifest = JSON.parse(readFileSync(join(outDir, 'manifest.json'), 'utf8')) as {
        artifacts: Record<string, { environment?: string }>;
        missing?: unknown;
      };
      expect(manifest.artifacts.InsightsConnector?.environment).toBe('aws://unknown-account/unknown-region');
      expect(manifest.missing).toBeUndefined();
    } finally {
      rmSync(outDir, { recursive: true, force: true });
    }
  });
});

describe('many instances', () => {
  /** Characters of a policy as IAM counts them, with references as long as what they stand for. */
  const sizes = (configuration: Configuration) => {
    const { Resources } = synthesise(options({ configuration })).template;
    const pseudo: Readonly<Record<string, string>> = {
      'AWS::Partition': 'aws-us-gov',
      'AWS::Region': 'ap-southeast-1',
      'AWS::AccountId': '000000000000',
    };
    const size = (document: unknown) =>
      JSON.stringify(document, (_, value: unknown) => {
        if (typeof value !== 'object' || value === null) return value;
        if ('Fn::Join' in value) {
          const [, parts] = value['Fn::Join'] as [string, unknown[]];
          return parts
            .map((part) =>
              typeof part === 'string'
                ? part
                : Object.values(part as object)
                    .flat()
                    .join('.'),
            )
            .map((part) => pseudo[part] ?? part)
            .join('');
        }
        return value;
      }).length;
    const all = Object.values(Resources);
    return {
      inline: all
        .filter(({ Type }) => Type === 'AWS::IAM::Role')
        .map(({ Properties }) => size(Properties?.Policies)),
      managed: all
        .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')
        .map(({ Properties }) => size(Properties?.PolicyDocument)),
      resources: all.length,
    };
  };

  it('fit the quotas of IAM and CloudFormation at the most that a configuration may list', () => {
    const { inline, managed, resources } = sizes(withInstances(200, 60));
    expect(Math.max(...inline)).toBeLessThan(10_240);
    expect(managed.length).toBeGreaterThan(0);
    expect(managed.length).toBeLessThanOrEqual(10);
    expect(Math.max(...managed)).toBeLessThan(6_144);
    expect(resources).toBeLessThan(500);
  });

  it('are refused with a way out when the names of their secrets are too long together', () => {
    expect(() => createApp(options({ configuration: withInstances(200, 400) }))).toThrow(
      /^Invalid insights-connector\.json:[\s\S]*Shorten the names/,
    );
  });
});

const sets = Object.entries(optionSets(exampleConfiguration.applications));
const configured = (changes: object) =>
  checkConfiguration({ ...exampleConfiguration, ...changes }, 'insights-connector.json');

interface Described {
  readonly properties?: Readonly<Record<string, Described>>;
}

/** Paths of the settings below a schema. */
const settingsOf = ({ properties }: Described, path = ''): readonly string[] =>
  properties === undefined
    ? [path]
    : Object.entries(properties).flatMap(([name, schema]) =>
        settingsOf(schema, path === '' ? name : `${path}.${name}`),
      );

const valueAt = (values: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], values);

it('the sets of options have every setting of the stack, with another value than by default', () => {
  const settings = settingsOf({
    properties: stackOptions(presets.production) as unknown as NonNullable<Described['properties']>,
  });
  expect(settings.length).toBeGreaterThan(20);
  const defaults = configured({});
  const missing = settings.filter((path) =>
    sets.every(([, set]) => {
      const value = valueAt(set, path);
      return value === undefined || JSON.stringify(value) === JSON.stringify(valueAt(defaults, path));
    }),
  );
  // On in production already.
  expect(missing).toEqual(['monitoring.alarms', 'updates.terminationProtection']);
});

/** AWS Solutions, Serverless, and NIST 800-53 R5. */
const packs = { AwsSolutionsChecks, ServerlessChecks, NIST80053R5Checks } as const;

describe.each(Object.entries(packs))('the rules of %s', (_, Pack) => {
  const findings = (
    prepare: (made: ReturnType<typeof createApp>) => void = () => undefined,
    configuration: Configuration = exampleConfiguration,
  ) => {
    const outDir = mkdtempSync(join(tmpdir(), 'insights-connector-findings-'));
    const made = createApp({ ...options({ configuration }), outDir });
    prepare(made);
    Validations.of(made.app).addPlugins(new Pack(made.app));
    try {
      made.app.synth();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ValidationFailed') throw error;
    }
    try {
      const { pluginReports } = JSON.parse(readFileSync(join(outDir, 'validation-report.json'), 'utf8')) as {
        pluginReports: readonly {
          violations: readonly {
            ruleName: string;
            violatingConstructs: readonly { constructPath: string }[];
          }[];
        }[];
      };
      return pluginReports.flatMap(({ violations }) =>
        violations.flatMap(({ ruleName, violatingConstructs }) =>
          violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
        ),
      );
    } finally {
      rmSync(outDir, { recursive: true, force: true });
    }
  };

  it('find nothing that is not acknowledged with its reason', () => {
    expect(findings()).toEqual([]);
  });

  it.each(sets)('find nothing else with %s', (_, changes) => {
    expect(findings(undefined, configured(changes))).toEqual([]);
  });

  it('do look: a bare queue, topic and function are found, and nothing else', () => {
    const found = findings(({ stack }) => {
      new Queue(stack, 'BareQueue');
      new Topic(stack, 'BareTopic');
      new LambdaFunction(stack, 'BareFunction', {
        runtime: Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: Code.fromInline('exports.handler = () => 1'),
      });
    });
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) expect(one).toMatch(/ InsightsConnector\/Bare(Queue|Topic|Function)\//);
  });
});
