/**
 * Checks whether the stack with the name of this configuration serves the same tenant and API. An update with
 * another configuration would replace the tenant and the API that flows and makers are signed in to.
 */
import type { Stack } from '@aws-sdk/client-cloudformation';
import { deploymentNames } from '../config/deployment.ts';
import type { LoadedConfiguration } from '../config/load.ts';
import type { Configuration } from '../config/schema.ts';
import { outputNames } from '../connector/emit/outputs.ts';

/**
 * The parameters that keep the tenant and the API of a stack. The templates of the first deployments already
 * had `Authority`, so a stack of that time is guarded from its next update on.
 */
export const guardParameters = { authority: 'Authority', audience: 'Audience' } as const;

/** Context key of the CDK command line by which an operator confirms; its value is the name of the stack. */
export const moveContext = 'move';

const beside =
  'To deploy this configuration as another stack, give it a name: "deployment": { "name": "staging" }.';

/** The remedy when a stack serves another tenant or API. */
export const wayOut = (stackName: string): string =>
  `${beside} To move the stack ${stackName} on purpose: npx cdk deploy --no-previous-parameters --context ${moveContext}=${stackName}`;

/** The target of the CDK command line, as it passes it to the app. */
export interface DeploymentTarget {
  readonly account: string;
  readonly region: string;
}

/**
 * The command line sets both variables once it has found credentials for an account, with every command.
 * Without them nothing can be deployed.
 */
export const deploymentTarget = (
  environment: Readonly<Record<string, string | undefined>>,
): DeploymentTarget | undefined => {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = environment;
  return account && region ? { account, region } : undefined;
};

export type DeployedStack =
  | { readonly kind: 'absent' }
  | { readonly kind: 'found'; readonly stack: Stack }
  /** The check failed; the reason is a clause. */
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Statuses of a stack whose creation failed. The command line removes it and creates a new one without its
 * parameters, so that a mistyped tenant, which made the creation fail, can be corrected.
 */
const lifelessStatuses: ReadonlySet<string | undefined> = new Set([
  'REVIEW_IN_PROGRESS',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'DELETE_COMPLETE',
]);

type Described = Pick<Stack, 'Outputs' | 'Parameters'>;

/**
 * The tenants and APIs that a stack names in its outputs and parameters. The first deployments have the
 * outputs too.
 */
const purposeOf = ({ Outputs = [], Parameters = [] }: Described) => {
  const given = (values: readonly (string | undefined)[]) =>
    new Set(values.flatMap((value) => (value === undefined ? [] : [value.toLowerCase()])));
  const output = (name: string) => Outputs.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
  const parameter = (name: string) =>
    Parameters.find(({ ParameterKey }) => ParameterKey === name)?.ParameterValue;
  return {
    // The issuer is https://login.microsoftonline.com/<tenant>/v2.0
    tenants: given([output(outputNames.tenantId), parameter(guardParameters.authority)?.split('/')[3]]),
    apis: given([output(outputNames.apiClientId), parameter(guardParameters.audience)]),
  };
};

/**
 * The differences between a stack and the configuration, a clause each; empty for the same deployment.
 * @returns undefined when the stack does not belong to this connector
 */
export const differences = (
  stack: Described,
  { tenantId, applications }: Configuration,
): readonly string[] | undefined => {
  const { tenants, apis } = purposeOf(stack);
  if (tenants.size + apis.size === 0) return undefined;
  const other = (what: string, deployed: ReadonlySet<string>, configured: string) =>
    [...deployed]
      .filter((value) => value !== configured.toLowerCase())
      .map((value) => `its ${what} is ${value}, that of this configuration ${configured}`);
  return [
    ...other('tenant', tenants, tenantId),
    ...other('API registration', apis, applications.api.clientId),
  ];
};

/** Messages for the operator; none when the deployment may continue. */
export interface Judgement {
  /** Why the configuration cannot be deployed, and the remedy. */
  readonly refusal?: string;
  /** One line. */
  readonly note?: string;
}

/** @param confirmed the stack name that the operator confirmed the move of, if any */
export const judge = (
  deployed: DeployedStack,
  target: DeploymentTarget,
  configuration: Configuration,
  confirmed: unknown,
): Judgement => {
  const { stack: name } = deploymentNames(configuration);
  const place = `in account ${target.account}, region ${target.region}`;
  switch (deployed.kind) {
    case 'absent':
      return {};
    case 'unknown':
      return {
        note: `Not checked whether the stack ${name} ${place} serves another tenant or API: ${deployed.reason}. The rule SameTenantAndApi of the template still compares them.`,
      };
    case 'found': {
      if (lifelessStatuses.has(deployed.stack.StackStatus)) return {};
      const found = differences(deployed.stack, configuration);
      if (found === undefined)
        return {
          refusal: `the stack ${name} ${place} is not a deployment of this connector, and the deployment would remove everything in it. ${beside}`,
        };
      if (found.length === 0) return {};
      if (confirmed === name) return { note: `Moving the stack ${name} ${place}: ${found.join('; ')}.` };
      return {
        refusal: `the stack ${name} ${place} is another deployment: ${found.join('; ')}. ${wayOut(name)} (docs/deployment.md, "Stages").`,
      };
    }
  }
};

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const message = error.message.trim().replace(/\.$/, '').replaceAll(/\s+/g, ' ');
  return message === '' || message === error.name ? error.name : `${error.name}: ${message}`;
};

/** CloudFormation has no error code of its own for a stack that does not exist. */
const saysAbsent = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);

const describe = async (
  name: string,
  target: DeploymentTarget,
  abortSignal: AbortSignal,
): Promise<DeployedStack> => {
  const [{ CloudFormationClient, DescribeStacksCommand }, { GetCallerIdentityCommand, STSClient }] =
    await Promise.all([import('@aws-sdk/client-cloudformation'), import('@aws-sdk/client-sts')]);
  const cloudFormation = new CloudFormationClient({ region: target.region });
  const tokens = new STSClient({ region: target.region });
  try {
    const [identity, answer] = await Promise.all([
      tokens.send(new GetCallerIdentityCommand({}), { abortSignal }),
      cloudFormation
        .send(new DescribeStacksCommand({ StackName: name }), { abortSignal })
        .catch((error: unknown) => {
          if (saysAbsent(error)) return { Stacks: [] };
          throw error;
        }),
    ]);
    // Only the command line knows --profile; the credentials here are then those of another account.
    if (identity.Account !== target.account)
      return {
        kind: 'unknown',
        reason: `the credentials of the environment are those of account ${identity.Account}; set AWS_PROFILE instead of --profile`,
      };
    const [stack] = answer.Stacks ?? [];
    return stack === undefined ? { kind: 'absent' } : { kind: 'found', stack };
  } finally {
    cloudFormation.destroy();
    tokens.destroy();
  }
};

/** The check is given up after this time, ms. */
const lookLimitMs = 4_000;

/**
 * Reads the stack that the target has under the name of this deployment. Needs
 * `cloudformation:DescribeStacks`; never fails, and answers within the limit.
 */
export const lookAtDeployedStack = async (
  configuration: Configuration,
  target: DeploymentTarget,
  limitMs: number = lookLimitMs,
): Promise<DeployedStack> => {
  // The SDK would print at each start which Node.js it will require next year; the command line prints this
  // itself.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  // In addition to the signal, which does not stop the search for credentials.
  const late = new Promise<DeployedStack>((resolve) => {
    timer = setTimeout(() => {
      ending.abort();
      resolve({ kind: 'unknown', reason: `AWS did not answer within ${limitMs / 1000} s` });
    }, limitMs);
  });
  try {
    const described = describe(deploymentNames(configuration).stack, target, ending.signal).catch(
      (error: unknown): DeployedStack => ({ kind: 'unknown', reason: reasonOf(error) }),
    );
    return await Promise.race([described, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Looks at the stack that this configuration would update.
 * @param environment as the CDK command line passes it to the app
 * @returns the judgement, given the stack that the operator confirmed to move (the value of the context key)
 */
export const judgeDeployedStack = async (
  { configuration, isExample }: Pick<LoadedConfiguration, 'configuration' | 'isExample'>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<(confirmed: unknown) => Judgement> => {
  const target = deploymentTarget(environment);
  // A rule of its template refuses the example, wherever it is deployed to.
  if (target === undefined || isExample) return () => ({});
  const deployed = await lookAtDeployedStack(configuration, target);
  return (confirmed) => judge(deployed, target, configuration, confirmed);
};
