/**
 * IAM in the local run: the policies of the template, and the callers that have them.
 */
import {
  type AccessDecision,
  type Authorize,
  accessDenied,
  type Permission,
  userOfRun,
} from '../aws/authorize.ts';
import type { DeploymentModel, RouteModel, ScheduleModel } from '../template/model.ts';
import { type ModelSource, resourcesOf } from '../template/resources.ts';
import { TemplateError } from '../template/template-error.ts';
import { type Decision, evaluate, type Principal } from './evaluate.ts';
import { type Grant, grantsOf, grantText, isUseOf } from './grants.ts';
import { readPolicy, type Statement } from './policy.ts';
import { apiGateway, callOfRoute, readResourcePolicies, serviceOf } from './resource-policies.ts';

interface Role {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly statements: readonly Statement[];
  readonly trust: readonly Statement[];
}

/** The user that runs the operator commands. It has the managed policies that no role of the template has. */
export const operatorUser = 'operator';
/** The user that deployed the stack, and may do everything in the account. */
export const administratorUser = 'administrator';

/**
 * What `secrets put|status` needs besides, of those who fill the secrets; see docs/deployment.md. The secrets belong to no
 * stack.
 */
const secretRights: Statement = {
  logicalId: 'the account',
  effect: 'Allow',
  actions: ['GetSecretValue', 'PutSecretValue', 'CreateSecret', 'DescribeSecret', 'TagResource'].map(
    (action) => `secretsmanager:${action}`,
  ),
  resources: ['*'],
  conditions: [],
};

export interface AccessControl {
  readonly authorize: Authorize;
  /** Whether the scheduler may start the function of a schedule, in the schedule's role. */
  ofSchedule(model: ScheduleModel, functionArn: string): AccessDecision;
  /** Whether API Gateway may call the function of a route. */
  ofRoute(route: RouteModel, functionArn: string): AccessDecision;
  /** What the identities of the template may do, and whom its resources admit. */
  readonly grants: readonly Grant[];
  /** Those that a call has needed, as {@link grantText}. */
  readonly used: ReadonlySet<string>;
  /** How many requests each user or function has sent: `<logical id> <action>`. */
  readonly calls: ReadonlyMap<string, number>;
}

const readRoles = (source: ModelSource) => {
  const ofRole = new Map<string, Statement[]>();
  const roles = resourcesOf(source, 'AWS::IAM::Role').map(({ logicalId, properties }) => {
    const at = (property: string) => ({ logicalId, type: 'AWS::IAM::Role', property });
    const inline = properties
      .records('Policies')
      .flatMap(({ PolicyDocument: document }, index) =>
        readPolicy('identity', document, at(`Policies.${index}.PolicyDocument`)),
      );
    const trust = at('AssumeRolePolicyDocument');
    return {
      logicalId,
      name: source.physicalName(logicalId),
      arn: source.arnOf(logicalId),
      trust: readPolicy('trust', properties.value(trust.property), trust),
      inline,
      managed: properties.texts('ManagedPolicyArns'),
      refuse: properties.refuse,
    };
  });
  const give = (names: readonly string[], statements: readonly Statement[]) => {
    for (const name of names) ofRole.set(name, [...(ofRole.get(name) ?? []), ...statements]);
  };
  for (const { logicalId, properties } of resourcesOf(source, 'AWS::IAM::Policy')) {
    const location = { logicalId, type: 'AWS::IAM::Policy', property: 'PolicyDocument' };
    give(properties.texts('Roles'), readPolicy('identity', properties.value('PolicyDocument'), location));
  }
  const people: Statement[] = [];
  const managed = new Map(
    resourcesOf(source, 'AWS::IAM::ManagedPolicy').map(({ logicalId, properties }) => {
      const location = { logicalId, type: 'AWS::IAM::ManagedPolicy', property: 'PolicyDocument' };
      const statements = readPolicy('identity', properties.value('PolicyDocument'), location);
      const arn = source.arnOf(logicalId);
      const named = properties.texts('Roles');
      give(named, statements);
      if (named.length === 0 && !roles.some((role) => role.managed.includes(arn))) people.push(...statements);
      return [arn, statements] as const;
    }),
  );
  return {
    people,
    roles: roles.map(({ inline, managed: arns, refuse, ...role }): Role => {
      const unknown = arns.find((arn) => !managed.has(arn));
      if (unknown !== undefined)
        throw refuse(
          'ManagedPolicyArns',
          `the local run cannot read ${unknown}, which is not of this template`,
        );
      const attached = arns.flatMap((arn) => managed.get(arn) ?? []);
      return { ...role, statements: [...inline, ...(ofRole.get(role.name) ?? []), ...attached] };
    }),
  };
};

/** What Lambda does in the role of a function, beside what the function does itself. */
const actionsOfLambda = {
  log: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
  queue: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
} as const;

/**
 * @throws TemplateError on a policy that cannot be evaluated; on a role that its service cannot assume; on a queue that
 *   the role of its function may not use, which AWS refuses too; and on a log that the role may not write, which AWS drops
 */
export const createAccess = (
  source: ModelSource,
  model: Pick<DeploymentModel, 'functions' | 'mappings' | 'queues' | 'schedules'>,
): AccessControl => {
  const { accountId, region } = source;
  const { roles, people } = readRoles(source);
  const resourcePolicies = readResourcePolicies(source, model.functions);
  const used = new Set<string>();
  const calls = new Map<string, number>();

  const grants = new Map(
    [
      ...roles.flatMap(({ statements, trust }) => [...statements, ...trust]),
      ...people,
      ...[...resourcePolicies.values()].flatMap(({ statements }) => statements),
    ].map((statement) => [statement, grantsOf(statement)]),
  );
  /** What no call has needed yet. */
  const unused = new Map([...grants].map(([statement, all]) => [statement, new Set(all)]));
  const use = (statements: readonly Statement[], permission: Permission, { arn }: Principal) => {
    for (const statement of statements) {
      const left = unused.get(statement);
      for (const grant of left ?? []) {
        if (!isUseOf(grant, permission, arn)) continue;
        used.add(grantText(grant));
        left?.delete(grant);
      }
    }
  };

  const decide = (principal: Principal, permission: Permission): AccessDecision => {
    const decision: Decision = evaluate(principal, permission, resourcePolicies.get(permission.resource));
    if (!decision.allowed) return accessDenied(principal.name, permission, decision.reason);
    use(decision.by, permission, principal);
    return { allowed: true };
  };

  const sessionOf = (
    roleArn: string | undefined,
    session: string,
    service: string,
    user: string,
  ): Principal => {
    const role = roles.find(({ arn }) => arn === roleArn);
    const location = { logicalId: user };
    if (role === undefined)
      throw new TemplateError(location, `its role ${roleArn ?? ''} is not a role of this template`);
    const permission = {
      action: 'sts:AssumeRole',
      resource: role.arn,
      context: { 'aws:SourceAccount': [accountId] },
    };
    const caller = serviceOf(service);
    const assumed = evaluate(caller, permission, { statements: role.trust, mustAllow: true });
    if (!assumed.allowed)
      throw new TemplateError(location, `${service} may not assume ${role.logicalId}, ${assumed.reason}`);
    use(assumed.by, permission, caller);
    return {
      name: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${session}`,
      arn: role.arn,
      statements: role.statements,
    };
  };

  const principals = new Map<string, Principal>(
    model.functions.map(({ logicalId, name, role }) => [
      logicalId,
      sessionOf(role, name, 'lambda.amazonaws.com', logicalId),
    ]),
  );
  const schedulers = new Map<string, Principal>(
    model.schedules.map(({ logicalId, name, role }) => [
      logicalId,
      sessionOf(role, name, 'scheduler.amazonaws.com', logicalId),
    ]),
  );
  const checkLambda = (logicalId: string, actions: readonly string[], resource: string) => {
    const principal = principals.get(logicalId);
    for (const action of actions) {
      const decision = principal && decide(principal, { action, resource });
      if (decision?.allowed === false) throw new TemplateError({ logicalId }, decision.message);
    }
  };
  for (const { logicalId, logGroup } of model.functions) {
    const stream = `arn:aws:logs:${region}:${accountId}:log-group:${logGroup}:log-stream:local`;
    checkLambda(logicalId, actionsOfLambda.log, stream);
  }
  for (const { functionName, queueName } of model.mappings) {
    const consumer = model.functions.find(({ name }) => name === functionName);
    const queue = model.queues.find(({ name }) => name === queueName);
    checkLambda(consumer?.logicalId ?? '', actionsOfLambda.queue, queue?.arn ?? '');
  }

  const operator = `arn:aws:iam::${accountId}:user/${operatorUser}`;
  principals.set(operatorUser, { name: operator, arn: operator, statements: [...people, secretRights] });

  const known = (principal: Principal | undefined, who: string, permission: Permission): AccessDecision =>
    principal === undefined
      ? accessDenied(who, permission, 'because this local run has no such user')
      : decide(principal, permission);

  return {
    authorize: ({ accessKeyId, ...permission }) => {
      const user = userOfRun(accessKeyId);
      const call = `${user} ${permission.action}`;
      calls.set(call, (calls.get(call) ?? 0) + 1);
      return user === administratorUser ? { allowed: true } : known(principals.get(user), user, permission);
    },
    ofSchedule: ({ logicalId }, functionArn) =>
      known(schedulers.get(logicalId), logicalId, { action: 'lambda:InvokeFunction', resource: functionArn }),
    ofRoute: (route, functionArn) => decide(apiGateway, callOfRoute(route, functionArn, accountId)),
    grants: [...grants.values()].flat(),
    used,
    calls,
  };
};
