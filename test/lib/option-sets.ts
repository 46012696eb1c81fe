/**
 * Configurations that together have every setting of the stack (config/stack-options.ts), each with a value that is not its
 * default: what cdk-nag and cfn-lint are shown, beside the defaults. test/lib/app.test.ts checks that none is missing.
 */
import { configurableFunctions } from '../../config/stack-options.ts';

const account = 'eu-west-1:123456789012';
const keyId = '12345678-1234-4123-8123-123456789012';

interface Applications {
  readonly connector: object;
  readonly api: { readonly clientId: string };
}

/** @param applications of the configuration that a set is added to */
export const optionSets = (
  applications: Applications,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> => ({
  'everything that makes or changes something': {
    preset: 'production',
    domain: {
      name: 'events.example.com',
      certificateArn: `arn:aws:acm:${account}:certificate/${keyId}`,
      hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    },
    throttle: { callsPerSecond: 100, burst: 200 },
    logs: { level: 'DEBUG', retentionDays: 90, tracing: true },
    monitoring: { alarms: true, email: 'operations@example.com', monthlyUsd: 500, canary: true },
    updates: { terminationProtection: true, automaticRollback: true },
    reservedConcurrency: Object.fromEntries(configurableFunctions.map((name) => [name, 10])),
    operators: { readCallbackUrls: true },
    encryptionKeyArn: `arn:aws:kms:${account}:key/${keyId}`,
    permissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/boundary',
    tags: { team: 'events' },
    console: { clientId: '00000000-0000-4000-8000-0000000c0501' },
  },
  'what is there already': {
    preset: 'production',
    existing: { stateTable: 'InsightsConnector-restored', callbackKey: keyId },
    domain: { name: 'events.example.com', certificateArn: `arn:aws:acm:${account}:certificate/${keyId}` },
    monitoring: { topicArn: `arn:aws:sns:${account}:operations` },
    applications: {
      ...applications,
      api: { clientId: applications.api.clientId, credential: 'federated' },
    },
  },
});
