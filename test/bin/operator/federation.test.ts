import { createServer } from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import {
  accountIssuer,
  type FederationPorts,
  federationOutcome,
  type TrustedCredential,
} from '../../../bin/operator/doctor/federation.ts';
import { closeServer, listenOnLoopback } from '../../../local/loopback-server.ts';

const issuer = 'https://0123.tokens.sts.global.api.aws';
const role = (name: string) => `arn:aws:iam::123456789012:role/InsightsConnector-${name}`;
const outputs = { FederatedSubjects: `${role('proxy')} ${role('watch')}` };
const credential = (name: string, others: Partial<TrustedCredential> = {}): TrustedCredential => ({
  issuer,
  subject: role(name),
  audiences: ['api://AzureADTokenExchange'],
  ...others,
});
const both = [credential('proxy'), credential('watch')];

const outcomeOf = (ports: Partial<FederationPorts>, given: Record<string, string> = outputs) =>
  federationOutcome({ issuer: async () => issuer, trusted: async () => both, ...ports }, 'the-api', given);

it('is sound exactly with one credential for each role', async () => {
  expect(await outcomeOf({})).toMatchObject({ verdict: 'sound' });
});

it.each([
  ['none', [credential('proxy')]],
  ['another issuer', [credential('proxy'), credential('watch', { issuer: `${issuer}/` })]],
  ['another audience', [credential('proxy'), credential('watch', { audiences: ['api://a'] })]],
  [
    'a further audience',
    [credential('proxy'), credential('watch', { audiences: ['api://AzureADTokenExchange', 'b'] })],
  ],
  ['another case of the subject', [credential('proxy'), credential('watch', { subject: role('Watch') })]],
])('finds a role with %s, and says how to make its credential', async (_, trusted) => {
  const outcome = await outcomeOf({ trusted: async () => trusted });
  expect(outcome).toMatchObject({
    verdict: 'fault',
    found: expect.stringMatching(/does not trust InsightsConnector-watch/),
  });
  expect(outcome.mend).toEqual([
    `$ az ad app federated-credential create --id the-api --parameters '${JSON.stringify({ name: 'InsightsConnector-watch', ...credential('watch') })}'`,
  ]);
});

it('warns of a credential for another role of the account', async () => {
  expect(await outcomeOf({ trusted: async () => [...both, credential('admin')] })).toMatchObject({
    verdict: 'warning',
    found: expect.stringContaining(role('admin')),
  });
});

it('tells what the registration must trust where the Azure CLI does not answer', async () => {
  const trusted = () => Promise.reject(new Error('spawn az ENOENT'));
  expect(await outcomeOf({ trusted })).toMatchObject({
    verdict: 'skipped',
    found: expect.stringMatching(/ENOENT.*0123\.tokens.*AzureADTokenExchange.*-proxy, .*-watch/),
  });
});

it('finds an account that gives no tokens, and a deployment with a client secret', async () => {
  expect(await outcomeOf({ issuer: async () => undefined })).toMatchObject({
    verdict: 'fault',
    mend: ['$ aws iam enable-outbound-web-identity-federation'],
  });
  expect(await outcomeOf({}, {})).toMatchObject({ verdict: 'fault' });
});

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await close?.();
});

it.each([
  [
    200,
    `<GetOutboundWebIdentityFederationInfoResponse><GetOutboundWebIdentityFederationInfoResult><IssuerIdentifier>${issuer}</IssuerIdentifier><JwtVendingEnabled>true</JwtVendingEnabled></GetOutboundWebIdentityFederationInfoResult></GetOutboundWebIdentityFederationInfoResponse>`,
    issuer,
  ],
  [
    404,
    '<ErrorResponse><Error><Type>Sender</Type><Code>FeatureDisabled</Code><Message>It is off.</Message></Error></ErrorResponse>',
    undefined,
  ],
])('asks IAM in its own protocol: %i', async (status, answer, expected) => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    request.on('data', (chunk) => bodies.push(String(chunk)));
    request.on('end', () => response.writeHead(status, { 'content-type': 'text/xml' }).end(answer));
  });
  vi.stubEnv('AWS_ENDPOINT_URL_IAM', await listenOnLoopback(server));
  close = () => closeServer(server);
  expect(await accountIssuer({ accessKeyId: 'a', secretAccessKey: 'b' })).toBe(expected);
  expect(bodies).toEqual(['Action=GetOutboundWebIdentityFederationInfo&Version=2010-05-08']);
});
