/** What doctor asks of AWS, and what its refusals mean. */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Configuration } from '../../../config/schema.ts';
import type { Use } from '../../../lambda/functions.ts';
import { functionFacts, functionNames } from '../../../lambda/functions.ts';
import { fault, type Outcome, skipped, sound, warning } from './finding.ts';

const page = 'docs/troubleshooting.md#aws-refuses-or-does-not-answer';

/** A refusal of AWS, or of the search for credentials, in words. */
export const awsRefusal = (error: unknown): Outcome => {
  const { name = '', message = String(error) } = error instanceof Error ? error : {};
  if (/Region is missing/i.test(message))
    return fault('No AWS region is set.', ['$ export AWS_REGION=<region of the deployment>'], page);
  if (name === 'CredentialsProviderError' || /could not load credentials/i.test(message)) {
    const profile = process.env.AWS_PROFILE;
    return fault(
      profile === undefined
        ? 'No AWS credentials were found.'
        : `The AWS profile "${profile}" gives no credentials: ${message}`,
      [
        '$ aws configure list-profiles',
        '$ aws sso login --profile <profile>',
        '$ export AWS_PROFILE=<profile>',
      ],
      page,
    );
  }
  if (/ExpiredToken|TokenRefreshRequired/.test(name) || /expired/i.test(message))
    return fault('The AWS credentials have expired.', ['$ aws sso login'], page);
  if (/InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature/.test(name))
    return fault(`AWS does not accept the credentials (${name}).`, ['$ aws sts get-caller-identity'], page);
  if (/AccessDenied/.test(name)) return skipped(`These credentials may not ask for it: ${message}`);
  return fault(`AWS did not answer: ${message}`, ['Check the network and the region, then repeat.'], page);
};

export interface AwsAccount {
  identity(): Promise<{ readonly account: string; readonly arn: string; readonly region: string }>;
  /** @returns undefined when there is none of this name */
  stack(name: string): Promise<Stack | undefined>;
  /**
   * Executions of functions at once that the account admits, that are not reserved, and that the functions of the stack
   * have reserved themselves.
   * @param stack undefined where there is none yet
   */
  concurrency(
    stack: string | undefined,
  ): Promise<{ readonly limit: number; readonly unreserved: number; readonly own: number }>;
}

/** Executions at once that the functions of a stack have reserved. */
const reservedBy = async (stack: string): Promise<number> => {
  const [cloudFormation, lambda] = [new CloudFormationClient({}), new LambdaClient({})];
  let sum = 0;
  for await (const { StackResourceSummaries = [] } of paginateListStackResources(
    { client: cloudFormation },
    { StackName: stack },
  ))
    for (const { ResourceType, PhysicalResourceId: name } of StackResourceSummaries) {
      if (ResourceType !== 'AWS::Lambda::Function' || name === undefined) continue;
      const answer = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: name }));
      sum += answer.ReservedConcurrentExecutions ?? 0;
    }
  return sum;
};

/** With region and credentials of the environment. */
export const awsAccount = (): AwsAccount => {
  const sts = new STSClient({});
  return {
    identity: async () => {
      const region = await sts.config.region();
      const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
      return { account: Account, arn: Arn, region };
    },
    stack: async (name) => {
      try {
        return (await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: name })))
          .Stacks?.[0];
      } catch (error) {
        if (
          error instanceof Error &&
          error.name === 'ValidationError' &&
          /does not exist/.test(error.message)
        )
          return undefined;
        throw error;
      }
    },
    concurrency: async (stack) => {
      const { AccountLimit } = await new LambdaClient({}).send(new GetAccountSettingsCommand({}));
      return {
        limit: AccountLimit?.ConcurrentExecutions ?? 0,
        unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? 0,
        own: stack === undefined ? 0 : await reservedBy(stack),
      };
    },
  };
};

export const identityOutcome = async ({ identity }: AwsAccount): Promise<Outcome> => {
  try {
    const { account, arn, region } = await identity();
    return sound(`Account ${account}, region ${region}, as ${arn}.`);
  } catch (error) {
    return awsRefusal(error);
  }
};

const settled = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

/** @param outputs of the file, which are compared with those of the stack */
export const stackOutcome = async (
  { stack }: AwsAccount,
  name: string,
  outputs: Readonly<Record<string, string>>,
): Promise<Outcome> => {
  let found: Stack | undefined;
  try {
    found = await stack(name);
  } catch (error) {
    return awsRefusal(error);
  }
  const deploy = '$ npx cdk deploy --outputs-file cdk-outputs.json';
  if (found === undefined)
    return fault(
      `There is no stack ${name} in this account and region.`,
      ['Check account and region above; else deploy:', deploy],
      'docs/deployment.md',
    );
  const { StackStatus: status = '', StackStatusReason: reason, Outputs = [] } = found;
  if (/_IN_PROGRESS$/.test(status))
    return warning(`The stack ${name} is being changed (${status}).`, ['Wait, then repeat.']);
  if (!settled.has(status))
    return fault(
      `The stack ${name} is in the state ${status}${reason ? `: ${reason}` : ''}.`,
      [`$ aws cloudformation describe-stack-events --stack-name ${name}`, deploy],
      'docs/deployment.md',
    );
  const stale = Outputs.filter(({ OutputKey = '', OutputValue }) => outputs[OutputKey] !== OutputValue).map(
    ({ OutputKey }) => OutputKey,
  );
  return stale.length === 0
    ? sound(`${name} is ${status}; the outputs file agrees with it.`)
    : warning(`The outputs file is older than the stack ${name}: ${stale.join(', ')} differ.`, [deploy]);
};

/** Executions that the queues alone may cause at once; calls of flows come on top. */
export const ofQueues: number = functionNames
  .flatMap((name): readonly Use[] => functionFacts[name].uses)
  .flatMap((use) => ('consume' in use ? Object.values(use.consume) : []))
  .reduce((sum, { maximumConcurrency }) => sum + maximumConcurrency, 0);

/** Left for calls of flows, at least. */
const forCalls = 50;

/** What AWS keeps for functions without a reservation. */
const keptByAws = 100;

/**
 * @param reserved executions at once that the configuration reserves for each function
 * @param stack that is deployed; undefined where there is none yet
 */
export const concurrencyOutcome = async (
  { concurrency }: AwsAccount,
  reserved: Configuration['reservedConcurrency'] = {},
  stack?: string,
): Promise<Outcome> => {
  const wanted = Object.values(reserved).reduce((sum, one = 0) => sum + one, 0);
  try {
    // Without a reservation nothing is to be compared, and the functions need not be asked.
    const { limit, unreserved, own } = await concurrency(wanted > 0 ? stack : undefined);
    const free = unreserved + own;
    if (wanted > 0 && free - wanted < keptByAws)
      return fault(
        `reservedConcurrency takes ${wanted} of the ${limit} executions at once that the account has, and others have reserved ${limit - free}. AWS refuses the deployment, because ${keptByAws} must stay unreserved.`,
        [
          `Reserve at most ${Math.max(0, free - keptByAws)} in all, or ask for more:`,
          `$ aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value ${Math.max(1_000, wanted + keptByAws + limit - free)}`,
        ],
        'docs/deployment.md#reserved-concurrency',
      );
    return unreserved >= ofQueues + forCalls
      ? sound(
          `${unreserved} executions at once are free for all functions; the queues use ${ofQueues} at most.`,
        )
      : warning(
          `Only ${unreserved} of ${limit} executions at once are free; the queues alone use up to ${ofQueues}, and ${forCalls} should be left for calls. Calls are refused with 503 when none is free.`,
          [
            '$ aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000',
          ],
        );
  } catch (error) {
    return awsRefusal(error);
  }
};
