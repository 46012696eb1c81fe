import { join } from 'node:path';
import {
  type ManagedPolicy,
  PolicyDocument,
  type PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Configuration } from '../config/schema.ts';
import { type FunctionName, functionFacts } from '../lambda/functions.ts';
import { acceptRules } from './accepted-rules.ts';
import { writeLogs } from './statements.ts';

export interface ConnectorFunctionProps {
  readonly name: FunctionName;
  /** Holds one folder per function. */
  readonly functionsDir: string;
  readonly logs: Configuration['logs'];
  readonly encryptionKey?: IKey | undefined;
  readonly reservedConcurrency?: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
  readonly managedPolicies: readonly ManagedPolicy[];
  /** Where another system trusts the role by its name; by default CloudFormation makes one. */
  readonly roleName?: string | undefined;
}

/**
 * A function with a log group and a role of its own; the role allows the given statements and the writing of
 * its log.
 */
export class ConnectorFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ConnectorFunctionProps) {
    super(scope, id);
    const { description, memoryMegabytes, timeoutSeconds } = functionFacts[props.name];
    this.logGroup = new LogGroup(this, 'Log', {
      retention: props.logs.retentionDays,
      ...(props.encryptionKey && { encryptionKey: props.encryptionKey }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      ...(props.roleName !== undefined && { roleName: props.roleName }),
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        function: new PolicyDocument({ statements: [writeLogs(this.logGroup), ...props.statements] }),
      },
      managedPolicies: [...props.managedPolicies],
    });
    this.function = new LambdaFunction(this, 'Function', {
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(props.functionsDir, props.name)),
      memorySize: memoryMegabytes,
      timeout: Duration.seconds(timeoutSeconds),
      environment: { ...props.environment, POWERTOOLS_LOG_LEVEL: props.logs.level },
      loggingFormat: LoggingFormat.JSON,
      // Lines of metrics have no level and count as INFO, so Lambda must not drop these; the logger itself drops
      // what is below the level.
      applicationLogLevelV2:
        props.logs.level === 'DEBUG' ? ApplicationLogLevel.DEBUG : ApplicationLogLevel.INFO,
      // START, END and REPORT cost a quarter of the log and say nothing that metrics do not.
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: props.logs.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
      role: this.role,
      logGroup: this.logGroup,
    });
    acceptRules(this, 'function');
    if (props.logs.tracing) acceptRules(this.role, 'tracing');
    if (props.roleName !== undefined) acceptRules(this.role, 'federated');
  }
}
