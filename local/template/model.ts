import type { LogFormat, LogLevel } from '../runtime/protocol.ts';
import type { Properties } from './template.ts';

/** The template as the local run uses it: resolved, checked and typed. */
export interface DeploymentModel {
  readonly functions: readonly FunctionModel[];
  readonly queues: readonly QueueModel[];
  readonly tables: readonly TableModel[];
  readonly secrets: readonly SecretModel[];
  readonly keys: readonly KeyModel[];
  readonly mappings: readonly MappingModel[];
  readonly schedules: readonly ScheduleModel[];
  readonly apis: readonly ApiModel[];
  readonly customResources: readonly CustomResourceModel[];
  readonly outputs: Readonly<Record<string, string>>;
}

export interface FunctionModel {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** ARN; absent where the template gives none. */
  readonly role?: string;
  readonly handler: string;
  /** Key of the asset, without its folder. */
  readonly assetKey: string;
  readonly memoryMegabytes: number;
  readonly timeoutMs: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number;
  readonly logGroup: string;
  readonly logFormat: LogFormat;
  readonly logLevel: LogLevel;
  /** How an asynchronous event is retried after a function error. */
  readonly asynchronous: AsynchronousRetry;
}

export interface AsynchronousRetry {
  readonly retries: number;
  readonly maximumAgeMs: number;
}

export interface QueueModel {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly visibilityTimeoutSeconds: number;
  readonly deadLetterArn?: string;
  /** As CreateQueue takes them. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface TableModel {
  readonly logicalId: string;
  readonly name: string;
  readonly key: readonly KeyAttribute[];
  readonly attributes: readonly { readonly name: string; readonly type: 'S' | 'N' | 'B' }[];
  readonly timeToLiveAttribute?: string;
}

export interface KeyAttribute {
  readonly name: string;
  readonly role: 'HASH' | 'RANGE';
}

export interface SecretModel {
  readonly logicalId: string;
  readonly name: string;
  /** The value that the template itself gives. */
  readonly value?: string;
}

export interface KeyModel {
  readonly logicalId: string;
  readonly keyId: string;
  readonly aliases: readonly string[];
}

/** A queue that feeds a function. */
export interface MappingModel {
  readonly logicalId: string;
  readonly queueName: string;
  readonly functionName: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly maximumConcurrency?: number;
  readonly reportsItemFailures: boolean;
}

export interface ScheduleModel {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
  readonly functionName: string;
  /** ARN of the role in which the scheduler calls the function. */
  readonly role: string;
  /** The event as text; absent: the scheduler's own event. */
  readonly input?: string;
}

/** What a function makes when CloudFormation calls it. */
export interface CustomResourceModel {
  readonly logicalId: string;
  readonly type: string;
  readonly functionName: string;
  /** As the function is given them. */
  readonly properties: Properties;
}

export interface ApiModel {
  readonly logicalId: string;
  readonly apiId: string;
  readonly name: string;
  readonly routes: readonly RouteModel[];
  readonly throttle?: ThrottleModel;
}

/** Over all callers of the stage. */
export interface ThrottleModel {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

export interface RouteModel {
  readonly logicalId: string;
  /** `GET /v1/items/{id}`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly functionName: string;
  readonly integrationTimeoutMs: number;
  /** What API Gateway presents to Lambda: stage, method and path of the route. */
  readonly sourceArn: string;
  /** Whether an AWS::Lambda::Permission lets API Gateway call the function for this route. */
  readonly permitted: boolean;
  readonly authorizer?: JwtAuthorizerModel;
  /** A bucket of its own, in the place of the stage's. */
  readonly throttle?: ThrottleModel;
  readonly scopes: readonly string[];
}

export interface JwtAuthorizerModel {
  readonly logicalId: string;
  readonly issuer: string;
  readonly audience: readonly string[];
}
