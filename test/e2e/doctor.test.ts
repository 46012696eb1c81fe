/**
 * Each fault is planted alone in a running system, and doctor has to name it, and to say what mends it. What the local run
 * does not have (account, stack, quota, Power Platform) is played by fakes of the same ports.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type AwsAccount, ofQueues } from '../../bin/operator/doctor/aws.ts';
import { examine } from '../../bin/operator/doctor/doctor.ts';
import { exitCodeOf, type Finding } from '../../bin/operator/doctor/finding.ts';
import { connectorOutcome } from '../../bin/operator/doctor/power-platform.ts';
import { clockOutcome } from '../../bin/operator/doctor/routes.ts';
import { clientSecretName } from '../../config/client-secret.ts';
import { exampleConfiguration } from '../../config/example.ts';
import type { LoadedConnector } from '../../connector/emit/read.ts';
import { writeOutputs } from '../../local/operator.ts';
import { behaviourSpecs } from '../../local/simulator/behaviours.ts';
import { commandInProcess } from '../bin/command-in-process.ts';
import { type firstInstance, type TestSystem, testStart, useTestSystem } from './test-system.ts';

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;
const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
const outputsFile = join(folder, 'outputs.json');

useTestSystem(async (started, first) => {
  [system, instance] = [started, first];
  writeOutputs(started, outputsFile);
  // The first look has been.
  await started.clock.advance(61_000);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { api } = exampleConfiguration.applications;
const apiSecret = clientSecretName(exampleConfiguration);
const secrets = () => ({
  api: JSON.stringify({ clientSecret: 'local-api-secret' }),
  instance: JSON.stringify(instance.world.subscriptionKeys),
});
/** Undoes every fault. */
beforeEach(() => {
  system.issuer.faults.clear();
  system.issuer.requestTokenVersion(api.clientId, 2);
  system.deployment.putSecret(apiSecret, secrets().api);
  system.deployment.putSecret(instance.secretName, secrets().instance);
  instance.world.assignRole({ principalId: api.clientId, principalType: 'app', role: 'Viewer' });
  instance.world.setBroken({ calls: false });
});

const request = (more: object = {}) => ({
  configFile: undefined,
  outputsFile,
  connector: undefined,
  now: () => system.clock.now(),
  ...more,
});

/** Findings of one verdict by their ids. */
const found = async (verdict: Finding['verdict'], more?: object): Promise<ReadonlyMap<string, Finding>> =>
  new Map(
    (await examine(request(more)))
      .filter((finding) => finding.verdict === verdict)
      .map((finding) => [finding.id, finding]),
  );

const mended = (finding: Finding | undefined): string => finding?.mend.join('\n') ?? '';

/** The values of the outputs file, with some replaced. */
const otherOutputs = (name: string, stack: object, services: object = {}): string => {
  const values = JSON.parse(readFileSync(outputsFile, 'utf8'));
  const [key = ''] = Object.keys(values);
  const file = join(folder, name);
  writeFileSync(
    file,
    JSON.stringify({
      ...values,
      [key]: { ...values[key], ...stack },
      LocalServices: { ...values.LocalServices, ...services },
    }),
  );
  return file;
};

describe('a sound local run', () => {
  it('has no fault, and what it does not have is skipped', async () => {
    const findings = await examine(request());
    expect(findings.filter(({ verdict }) => verdict === 'fault' || verdict === 'warning')).toEqual([]);
    expect(findings.filter(({ verdict }) => verdict === 'skipped').map(({ id }) => id)).toEqual([
      'credentials',
      'stack',
      'concurrency',
      'clock',
      'connector',
    ]);
    expect(findings.filter(({ verdict }) => verdict === 'sound').map(({ id }) => id)).toEqual([
      'configuration',
      'outputs',
      'same',
      'secrets',
      'discovery',
      'token',
      'token-version',
      `instance:${instance.id}`,
      'routes',
      'rows',
      'state',
    ]);
  });

  it('as a command: text and JSON, ends with 1 while something is at fault', async () => {
    system.deployment.putSecret(apiSecret, JSON.stringify({ clientSecret: 'wrong' }));
    const text = await commandInProcess('doctor', '--outputs', outputsFile);
    expect(text).toMatchObject({
      code: 1,
      out: expect.stringMatching(/FAULT +Token for Customer Insights: .*\n +\$ az ad app/),
    });
    const json = await commandInProcess('doctor', '--outputs', outputsFile, '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      exitCode: 1,
      result: { counts: { fault: expect.any(Number) } },
    });
    expect(text.out + json.out).not.toContain('local-api-secret');
  });
});

describe('a fault planted in the local run is found', () => {
  it('a wrong client secret', async () => {
    system.deployment.putSecret(apiSecret, JSON.stringify({ clientSecret: 'wrong' }));
    const faults = await found('fault');
    expect(faults.get('token')?.found).toMatch(/does not accept the client secret.*AADSTS7000215/);
    expect(mended(faults.get('token'))).toMatch(/az ad app credential reset/);
    expect((await found('skipped')).get(`instance:${instance.id}`)?.found).toMatch(/needs a token/);
  });

  it('a client secret that has expired', async () => {
    system.issuer.faults.inject({ endpoint: 'token' }, { kind: 'refusal', code: 7000222 });
    expect((await found('fault')).get('token')?.found).toMatch(/has expired.*AADSTS7000222/);
  });

  it.each([
    ['warning', 10, /^The client secret expires on 2026-06-11, in 9 days\.$/],
    ['fault', -1, /^The client secret has expired on 2026-05-31\.$/],
    ['sound', 200, /^2 are stored\. The client secret expires on 2026-12-18, in 199 days\.$/],
  ] as const)('the recorded expiry of the client secret: %s %d days before', async (verdict, days, text) => {
    const expiresAt = new Date(testStart + days * 86_400_000).toISOString();
    system.deployment.putSecret(apiSecret, JSON.stringify({ clientSecret: 'local-api-secret', expiresAt }));
    const finding = (await found(verdict)).get('secrets');
    expect(finding?.found).toMatch(text);
    if (verdict !== 'sound') expect(finding?.mend.join()).toContain('secrets put api --expires 1y');
  });

  it('a secret of an instance that was never stored', async () => {
    system.deployment.putSecret(instance.secretName, '{}');
    const finding = (await found('fault')).get('secrets');
    expect(finding?.found).toBe(`The secret of the instance ${instance.name} is incomplete.`);
    expect(finding?.mend).toEqual([`$ insights-connector secrets put '${instance.name}'`]);
  });

  it('a secret that is not JSON', async () => {
    system.deployment.putSecret(apiSecret, 'just the secret');
    expect((await found('fault')).get('token')?.found).toMatch(/could not be read.*is not JSON/);
  });

  it('an application that the tenant does not know', async () => {
    system.issuer.faults.inject({ endpoint: 'token' }, { kind: 'refusal', code: 700016 });
    expect((await found('fault')).get('token')?.found).toMatch(/AADSTS700016/);
  });

  it('consent that was never given', async () => {
    system.issuer.faults.inject({ endpoint: 'token' }, { kind: 'refusal', code: 65001 });
    const { token } = Object.fromEntries(await found('fault'));
    expect(token?.found).toMatch(/lacks consent/);
    expect(mended(token)).toMatch(/admin-consent/);
  });

  it('a discovery document that does not come', async () => {
    system.issuer.faults.inject({ endpoint: 'discovery' }, { kind: 'status', status: 404 });
    const faults = await found('fault');
    expect(mended(faults.get('discovery'))).toMatch(/openid-configuration/);
    expect([...faults.keys()]).toEqual(['discovery']);
  });

  it('tokens of version 1', async () => {
    system.issuer.requestTokenVersion(api.clientId, 1);
    const finding = (await found('fault')).get('token-version');
    expect(finding?.found).toMatch(/are of version 1\.0, from https:\/\/sts\.windows\.net\//);
    expect(mended(finding)).toMatch(/requestedAccessTokenVersion=2/);
  });

  it('keys that the instance refuses', async () => {
    system.deployment.putSecret(
      instance.secretName,
      JSON.stringify({ primary: 'a'.repeat(32), secondary: 'b'.repeat(32) }),
    );
    const finding = (await found('fault')).get(`instance:${instance.id}`);
    expect(finding?.found).toMatch(/accepts none of the/);
    expect(mended(finding)).toMatch(/Settings > Permissions > APIs/);
  });

  it('an application without a role in the instance', async () => {
    instance.world.removeRole(api.clientId);
    const finding = (await found('fault')).get(`instance:${instance.id}`);
    expect(finding?.found).toMatch(/does not give access/);
    expect(mended(finding)).toMatch(/role Viewer/);
  });

  it('an instance that answers with errors: a warning, since it may pass', async () => {
    instance.world.setBroken({ calls: true });
    expect((await found('warning')).get(`instance:${instance.id}`)?.found).toMatch(
      /answered with status 500/,
    );
  });

  it('an API that is not there', async () => {
    const file = otherOutputs('nowhere.json', {}, { api: 'http://127.0.0.1:9' });
    const finding = (await found('fault', { outputsFile: file })).get('routes');
    expect(finding?.found).toMatch(/127\.0\.0\.1:9 does not answer/);
  });

  it('an API that is another service', async () => {
    const file = otherOutputs('other.json', {}, { api: system.simulator.url });
    const finding = (await found('fault', { outputsFile: file })).get('routes');
    expect(finding?.found).toMatch(/routes do not answer as they should/);
    expect(mended(finding)).toMatch(/cdk deploy/);
  });

  it('a deployment of another tenant', async () => {
    const file = otherOutputs('tenant.json', { TenantId: '00000000-0000-4000-8000-000000000001' });
    const finding = (await found('fault', { outputsFile: file })).get('same');
    expect(finding?.found).toMatch(/TenantId is 00000000-0000-4000-8000-000000000001 there/);
  });

  it('an outputs file that is missing', async () => {
    const faults = await found('fault', { outputsFile: join(folder, 'none.json'), aws: account() });
    expect(faults.get('outputs')?.found).toMatch(/none\.json/);
    expect(mended(faults.get('outputs'))).toMatch(/--outputs-file/);
  });

  it('a configuration with a wrong value', async () => {
    const file = join(folder, 'wrong.json');
    writeFileSync(file, JSON.stringify({ tenantId: 'contoso' }));
    const finding = (await found('fault', { configFile: file })).get('configuration');
    expect(finding?.found).toMatch(/tenantId is "contoso"/);
  });

  it('looks that are late', async () => {
    const warnings = await found('warning', { now: () => system.clock.now() + 3_600_000 });
    expect(warnings.get('state')?.found).toMatch(/overdue/);
  });
});

describe('doctor --assumptions', () => {
  it('confirms what the simulator does, and names three that are contradicted', async () => {
    const behave = (name: string, value: unknown) =>
      fetch(`${system.simulator.controlUrl}/setBehaviour`, {
        method: 'POST',
        body: JSON.stringify({ name, value }),
      });
    instance.world.refreshAll({ durationMs: 1_000 });
    await system.clock.advance(120_000);
    instance.world.refreshAll({ durationMs: 1_000 });
    await system.clock.advance(120_000);
    const sound = await commandInProcess('doctor', '--assumptions', '--outputs', outputsFile, '--json');
    const { result } = JSON.parse(sound.out);
    expect([sound.code, result.behaviours]).toEqual([0, {}]);
    expect(
      result.assumptions.filter(({ judgement }: { judgement: string }) => judgement === 'confirmed').length,
    ).toBeGreaterThan(3);
    const changes = { jobOrder: 'oldestFirst', enumCasing: 'PascalCase', nextLink: true };
    for (const [name, value] of Object.entries(changes))
      expect((await behave(name, value)).status, name).toBe(200);
    const record = join(folder, 'assumptions.json');
    const other = await commandInProcess(
      'doctor',
      '--assumptions',
      '--outputs',
      outputsFile,
      '--record',
      record,
      '--yes',
    );
    expect(other.code).toBe(1);
    expect(other.out).toMatch(/contradicted +jobOrder: .* Assumed: newestFirst; seen: oldestFirst/);
    expect(other.out).toMatch(/3 contradicted/);
    const written = readFileSync(record, 'utf8');
    expect(JSON.parse(written).behaviours).toEqual(changes);
    expect(written).not.toContain(instance.id);
    for (const [name, { default: value }] of Object.entries(behaviourSpecs)) await behave(name, value);
  });
});

/** An account in which all is well. */
function account(over: Partial<AwsAccount> = {}): AwsAccount {
  return {
    identity: async () => ({
      account: '123456789012',
      arn: 'arn:aws:iam::123456789012:user/operator',
      region: 'eu-west-1',
    }),
    stack: async (name) => ({
      StackName: name,
      StackStatus: 'UPDATE_COMPLETE',
      CreationTime: new Date(0),
      Outputs: [],
    }),
    concurrency: async () => ({ limit: 1000, unreserved: 1000, own: 0 }),
    ...over,
  };
}

describe('doctor --assumptions without all reads', () => {
  it('says which were refused and why, as text and as JSON, and ends with 4', async () => {
    const { faults } = system.simulator.world;
    const { id } = faults.add(
      { kind: 'status', status: 503 },
      { operation: 'Get-a-list-of-measures-metadata' },
    );
    const command = ['doctor', '--assumptions', '--outputs', outputsFile] as const;
    const text = await commandInProcess(...command);
    expect(text).toMatchObject({
      code: 4,
      out: expect.stringContaining('not read: /manage/measures: The answer has status 503.'),
    });
    expect(text.out).toMatch(/unseen +measureListOutput/);
    const { result } = JSON.parse((await commandInProcess(...command, '--json')).out);
    expect(result.notRead).toEqual([{ path: '/manage/measures', reason: 'The answer has status 503.' }]);
    faults.clear(id);
  });
});

describe('what only an account has', () => {
  const cloud = (): string => {
    const values = JSON.parse(readFileSync(outputsFile, 'utf8'));
    const [key = ''] = Object.keys(values);
    const file = join(folder, 'cloud.json');
    writeFileSync(file, JSON.stringify({ [key]: values[key] }));
    return file;
  };
  const thrown =
    (name: string, message = name) =>
    async () => {
      throw Object.assign(new Error(message), { name });
    };
  // Without a configuration nothing is asked of Entra ID or of the real service.
  const asked = { configFile: undefined };

  it.each([
    [
      'no region',
      { identity: thrown('Error', 'Region is missing') },
      'credentials',
      /No AWS region/,
      /AWS_REGION/,
    ],
    [
      'no credentials',
      { identity: thrown('CredentialsProviderError') },
      'credentials',
      /No AWS credentials/,
      /sso login/,
    ],
    [
      'expired credentials',
      { identity: thrown('ExpiredTokenException') },
      'credentials',
      /have expired/,
      /sso login/,
    ],
    ['no stack', { stack: async () => undefined }, 'stack', /no stack InsightsConnector/, /cdk deploy/],
    [
      'a stack that was rolled back',
      {
        stack: async () => ({
          StackName: 'x',
          StackStatus: 'UPDATE_ROLLBACK_FAILED' as const,
          CreationTime: new Date(0),
        }),
      },
      'stack',
      /UPDATE_ROLLBACK_FAILED/,
      /describe-stack-events/,
    ],
  ])('%s is found', async (_, over, id, text, mend) => {
    const finding = (await found('fault', { ...asked, outputsFile: cloud(), aws: account(over) })).get(id);
    expect(finding?.found).toMatch(text);
    expect(mended(finding)).toMatch(mend);
  });

  it('a small quota and an old outputs file are warnings', async () => {
    const warnings = await found('warning', {
      ...asked,
      outputsFile: cloud(),
      aws: account({
        concurrency: async () => ({ limit: 10, unreserved: 10, own: 0 }),
        stack: async (name) => ({
          StackName: name,
          StackStatus: 'UPDATE_COMPLETE',
          CreationTime: new Date(0),
          Outputs: [{ OutputKey: 'ConnectorHost', OutputValue: 'other.example.com' }],
        }),
      }),
    });
    expect(ofQueues).toBeGreaterThanOrEqual(35);
    expect(warnings.get('concurrency')?.found).toMatch(/Only 10 of 10/);
    expect(mended(warnings.get('concurrency'))).toMatch(/L-B99A9384/);
    expect(warnings.get('stack')?.found).toMatch(/ConnectorHost differ/);
  });

  it('a connector of another deployment is found', async () => {
    const expected = { host: 'a.example.com', connectorClientId: 'c', apiClientId: 'a' };
    const read = (host: string) => async () => ({ definition: { host } }) as unknown as LoadedConnector;
    const name = { environment: 'e', name: 'shared_x' };
    expect(await connectorOutcome(name, expected, read('a.example.com'))).toMatchObject({ verdict: 'sound' });
    expect(await connectorOutcome(name, expected, read('b.example.com'))).toMatchObject({
      verdict: 'fault',
      found: expect.stringMatching(/its host is b\.example\.com/),
    });
    expect(await connectorOutcome(undefined, expected)).toMatchObject({ verdict: 'skipped' });
  });

  it.each([
    [0, 'sound'],
    [90_000, 'warning'],
    [-400_000, 'fault'],
  ])('a clock that is off by %d ms is judged %s', (off, verdict) => {
    expect(clockOutcome({ theirs: 1_000_000, ours: 1_000_000 + off })).toMatchObject({ verdict });
  });

  it('ends with 1 for faults, 4 for warnings only, 0 otherwise', () => {
    const of = (...verdicts: readonly Finding['verdict'][]) =>
      exitCodeOf(verdicts.map((verdict) => ({ id: '', title: '', found: '', mend: [], verdict })));
    expect([of('sound', 'skipped'), of('warning', 'sound'), of('warning', 'fault')]).toEqual([0, 4, 1]);
  });
});
