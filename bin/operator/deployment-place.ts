/** Access to a deployment for the operator commands, with region and credentials from the environment. */
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ConfigurationError } from '../../config/check.ts';
import {
  callbackKeyOutput,
  type LocalServices,
  localServicesKey,
  type OperatorOutputs,
  operatorOutputNames,
} from '../../config/operator-outputs.ts';
import { outputsError, readOutputsFile } from '../../connector/emit/outputs.ts';
import type { CallbackCipher } from '../../lambda/callback/sealed-url.ts';
import { awsClient } from '../../lambda/runtime/aws-client.ts';
import { dynamoDb, kms, sqs } from '../../lambda/runtime/aws-services.ts';
import { isRecord } from '../../lambda/runtime/json.ts';
import { type Send, sqsSend } from '../../lambda/runtime/queue.ts';
import { type PauseStore, pauseStore } from '../../lambda/store/agenda.ts';
import { type AuditAction, type AuditStore, auditStore } from '../../lambda/store/audit-records.ts';
import { type ConnectorUse, connectorVersions } from '../../lambda/store/connector-use.ts';
import { type CursorStore, cursorStore } from '../../lambda/store/cursors.ts';
import { type DeadLetterStore, deadLetterStore } from '../../lambda/store/dead-letters.ts';
import { type DeliveryStore, deliveryStore } from '../../lambda/store/deliveries.ts';
import { dynamoDbTable } from '../../lambda/store/dynamodb-table.ts';
import { type FailureStore, failureStore } from '../../lambda/store/failures.ts';
import { type InstanceStore, instanceStore } from '../../lambda/store/instances.ts';
import { type LeaseStore, leaseStore } from '../../lambda/store/leases.ts';
import { type LedgerStore, ledgerStore } from '../../lambda/store/ledger.ts';
import { listedSubscriptionStore } from '../../lambda/store/listed-subscriptions.ts';
import { type ListStore, listStore } from '../../lambda/store/lists.ts';
import { type RearmStateStore, rearmStateStore } from '../../lambda/store/rearm-states.ts';
import type { Stored } from '../../lambda/store/record-store.ts';
import { callbackCipher } from '../../lambda/store/sealing-key.ts';
import { rewriteEnded } from '../../lambda/store/stop-subscription.ts';
import type { Subscription, SubscriptionStore } from '../../lambda/store/subscriptions.ts';

export const defaultOutputsFile = 'cdk-outputs.json';

const howToGetThem =
  'Deploy with `npx cdk deploy --outputs-file cdk-outputs.json` and give that file with --outputs.';

/** The location of a deployment: AWS, or a local run. */
export interface DeploymentPlace {
  /** Name of the stack. */
  readonly stack: string;
  readonly outputs: OperatorOutputs;
  /** Every output of the stack. */
  readonly all: Readonly<Record<string, string>>;
  /** Absent for AWS: region, endpoints and credentials come from the environment then. */
  readonly services: LocalServices | undefined;
}

const isLocalServices = (value: unknown): value is LocalServices =>
  isRecord(value) &&
  ['region', 'dynamoDb', 'sqs', 'accessKeyId'].every((key) => typeof value[key] === 'string');

/**
 * Reads locations from the file that `cdk deploy --outputs-file` or a local run wrote.
 * @throws ConfigurationError when it is missing, is not JSON, lacks an output, or describes several
 *   deployments
 */
export const readDeploymentPlace = (file: string): DeploymentPlace => {
  const values = readOutputsFile(file);
  const entries = isRecord(values) ? values : {};
  const stacks = Object.entries(entries).flatMap(([name, outputs]) =>
    isRecord(outputs) && operatorOutputNames.stateTable in outputs ? [{ name, outputs }] : [],
  );
  if (stacks.length > 1)
    throw outputsError(file, [
      `${stacks.map(({ name }) => name).join(' and ')} each have the output ${operatorOutputNames.stateTable}. Give a file of one deployment with --outputs.`,
    ]);
  const { name: stackName = '', outputs: stack = {} } = stacks[0] ?? {};
  const names = Object.entries(operatorOutputNames);
  const missing = names.filter(([, name]) => typeof stack[name] !== 'string');
  if (missing.length > 0)
    throw outputsError(
      file,
      missing.map(([, name]) => `the output ${name} is missing. ${howToGetThem}`),
    );
  const services = entries[localServicesKey];
  if (services !== undefined && !isLocalServices(services))
    throw outputsError(file, [
      `${localServicesKey} does not contain the addresses of the services of a local run. Give the file as the local run wrote it.`,
    ]);
  return {
    stack: stackName,
    all: Object.fromEntries(
      Object.entries(stack).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    ),
    outputs: Object.fromEntries(names.map(([key, name]) => [key, String(stack[name])])) as OperatorOutputs,
    services,
  };
};

export interface QueueStatus {
  readonly queue: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Whether its messages wait for their records to be written. */
  readonly isDeadLetters: boolean;
}

export interface Deployment {
  readonly place: DeploymentPlace;
  /** Who runs the command, for the audit: the ARN of the credentials. */
  operator(): Promise<string>;
  readonly audit: AuditStore;
  /** Replaces values of an ended subscription. @returns false when it was registered again in between */
  rewriteEnded(stored: Stored<Subscription>, next: Subscription): Promise<boolean>;
  readonly now: () => number;
  readonly subscriptions: SubscriptionStore;
  /** The same; what is saved is recorded as this action of the operator. */
  subscriptionsAs(action: AuditAction): SubscriptionStore;
  /**
   * Opens and seals callback URLs with the key of the deployment.
   * @throws ConfigurationError when the outputs do not name the key
   */
  cipher(): CallbackCipher;
  readonly pauses: PauseStore;
  readonly rearmStates: RearmStateStore;
  readonly deliveries: DeliveryStore;
  readonly ledger: LedgerStore;
  readonly instances: InstanceStore;
  readonly leases: LeaseStore;
  readonly cursors: CursorStore;
  readonly lists: ListStore;
  readonly failures: FailureStore;
  /** Messages that were given up. */
  readonly letters: DeadLetterStore;
  /** The queue of later attempts, so that redriven messages do not delay first attempts. */
  readonly sendRetry: Send;
  /** The messages of every queue, as SQS estimates them. */
  queueStatus(): Promise<readonly QueueStatus[]>;
  /** The versions of the connector that have called, the last one first. */
  connectorVersions(): Promise<readonly ConnectorUse[]>;
  /** Finds region and credentials in the environment. @throws the error of the SDK when one is missing */
  signIn(): Promise<void>;
  close(): void;
}

/** The queues as people call them. */
const queueNames: readonly (readonly [
  output: keyof OperatorOutputs,
  name: string,
  isDeadLetters: boolean,
])[] = [
  ['deliveryQueue', 'first attempts', false],
  ['retryQueue', 'later attempts', false],
  ['deliveryDeadLetters', 'dead letters without a record: deliveries that were given up', true],
  ['retryDeadLetters', 'dead letters without a record: later attempts that could not be handled', true],
  ['watchDeadLetters', 'dead letters without a record: polls that could not be handled', true],
];

const messageCounts = ['', 'NotVisible', 'Delayed'].map(
  (kind) => `ApproximateNumberOfMessages${kind}` as 'ApproximateNumberOfMessages',
);

/** Options of an SDK client for a service of a local run. */
export const serviceClient = ({ region, accessKeyId }: LocalServices, endpoint: string | undefined) => ({
  ...(endpoint !== undefined && { endpoint }),
  region,
  credentials: { accessKeyId, secretAccessKey: 'local' },
});

const awsIdentity = async (): Promise<string> => {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const sts = new STSClient({});
  try {
    const { Arn = 'unknown' } = await sts.send(new GetCallerIdentityCommand({}));
    return `operator ${Arn}`;
  } finally {
    sts.destroy();
  }
};

export const openDeployment = (place: DeploymentPlace): Deployment => {
  const { outputs, services } = place;
  const client = (endpoint: string | undefined) => (services ? serviceClient(services, endpoint) : {});
  const queues = new SQSClient(client(services?.sqs));
  // Region and credentials of the SDK's chain: profiles, single sign-on, roles.
  const signedIn = { region: queues.config.region, credentials: queues.config.credentials };
  const database = awsClient(dynamoDb, { ...signedIn, endpoint: services?.dynamoDb });
  const table = dynamoDbTable(database, outputs.stateTable, { newVersion: () => crypto.randomUUID() });
  let identity: Promise<string> | undefined;
  const operator = (): Promise<string> => {
    identity ??= services ? Promise.resolve('operator of the local run') : awsIdentity();
    return identity;
  };
  const subscriptionsAs = (as?: AuditAction) =>
    listedSubscriptionStore(table, { now: Date.now, by: operator, ...(as && { as }) });
  return {
    place,
    operator,
    audit: auditStore(table),
    rewriteEnded: (stored, next) => rewriteEnded(table, stored, next),
    now: Date.now,
    subscriptions: subscriptionsAs(),
    subscriptionsAs,
    cipher() {
      const key = place.all[callbackKeyOutput];
      if (key === undefined)
        throw new ConfigurationError('the outputs of the stack', [
          `the output ${callbackKeyOutput} is missing. ${howToGetThem}`,
        ]);
      return callbackCipher(table, awsClient(kms, { ...signedIn, endpoint: services?.kms }), key, Date.now);
    },
    pauses: pauseStore(table),
    rearmStates: rearmStateStore(table),
    deliveries: deliveryStore(table),
    ledger: ledgerStore(table, { now: Date.now }),
    instances: instanceStore(table, () => crypto.randomUUID()),
    leases: leaseStore(table),
    cursors: cursorStore(table),
    lists: listStore(table),
    failures: failureStore(table, { now: Date.now }),
    queueStatus: () =>
      Promise.all(
        queueNames.map(async ([output, queue, isDeadLetters]) => {
          const { Attributes = {} } = await queues.send(
            new GetQueueAttributesCommand({ QueueUrl: outputs[output], AttributeNames: messageCounts }),
          );
          const [waiting = 0, inFlight = 0, delayed = 0] = messageCounts.map((name) =>
            Number(Attributes[name] ?? 0),
          );
          return { queue, waiting, inFlight, delayed, isDeadLetters };
        }),
      ),
    connectorVersions: () => connectorVersions(table),
    letters: deadLetterStore(table),
    sendRetry: sqsSend(awsClient(sqs, { ...signedIn, endpoint: services?.sqs }), outputs.retryQueue),
    signIn: async () => {
      await queues.config.region();
      await queues.config.credentials();
    },
    close: () => {
      queues.destroy();
    },
  };
};
