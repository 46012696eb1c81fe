/**
 * The operations of AWS that the functions use, as they go over the wire: JSON, bytes in base64. The names are those of
 * the API references: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference,
 * https://docs.aws.amazon.com/kms/latest/APIReference, https://docs.aws.amazon.com/secretsmanager/latest/apireference.
 */

/** The types of value that the tables hold. */
export interface AttributeValue {
  readonly S?: string;
  /** A number as text. */
  readonly N?: string;
  readonly L?: readonly AttributeValue[];
}

export type Attributes = Readonly<Record<string, AttributeValue>>;

interface OnTable {
  readonly TableName: string;
}

interface Conditional extends OnTable {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Attributes;
  /** The refusal holds the item then. */
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD';
}

interface Range extends OnTable {
  readonly ConsistentRead: boolean;
  readonly KeyConditionExpression: string;
  readonly ExpressionAttributeValues: Attributes;
  readonly ScanIndexForward?: false;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Attributes;
}

export interface QueueEntry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageGroupId?: string;
}

interface QueueAnswer {
  readonly Successful?: readonly { readonly Id?: string }[];
  readonly Failed?: readonly { readonly Id?: string; readonly Code?: string }[];
}

interface UnderKey {
  readonly KeyId: string;
  readonly EncryptionContext: Readonly<Record<string, string>>;
}

interface Operation<Input, Answer> {
  readonly input: Input;
  readonly answer: Answer;
}

/** By service, as its endpoints are called. */
export interface AwsOperations {
  readonly dynamodb: {
    readonly GetItem: Operation<
      OnTable & { readonly Key: Attributes; readonly ConsistentRead: boolean },
      { readonly Item?: Attributes }
    >;
    readonly BatchGetItem: Operation<
      {
        readonly RequestItems: Readonly<
          Record<string, { readonly Keys: readonly Attributes[]; readonly ConsistentRead: boolean }>
        >;
      },
      {
        /** By table; without those that do not exist, in no certain order. */
        readonly Responses?: Readonly<Record<string, readonly Attributes[]>>;
        /** What was not read, as when the table is busy. */
        readonly UnprocessedKeys?: Readonly<Record<string, { readonly Keys: readonly Attributes[] }>>;
      }
    >;
    readonly PutItem: Operation<Conditional & { readonly Item: Attributes }, unknown>;
    readonly UpdateItem: Operation<
      Conditional & {
        readonly Key: Attributes;
        readonly UpdateExpression: string;
        readonly ReturnValues?: 'ALL_NEW';
      },
      { readonly Attributes?: Attributes }
    >;
    readonly DeleteItem: Operation<
      Conditional & { readonly Key: Attributes; readonly ReturnValues?: 'ALL_OLD' },
      { readonly Attributes?: Attributes }
    >;
    readonly Query: Operation<
      Range,
      { readonly Items?: readonly Attributes[]; readonly LastEvaluatedKey?: Attributes }
    >;
  };
  readonly sqs: {
    readonly SendMessageBatch: Operation<
      { readonly QueueUrl: string; readonly Entries: readonly QueueEntry[] },
      QueueAnswer
    >;
  };
  readonly kms: {
    readonly Encrypt: Operation<
      UnderKey & { readonly Plaintext: string },
      { readonly CiphertextBlob?: string }
    >;
    readonly Decrypt: Operation<
      UnderKey & { readonly CiphertextBlob: string },
      { readonly Plaintext?: string }
    >;
    readonly GenerateDataKey: Operation<
      UnderKey & { readonly KeySpec: 'AES_256' },
      { readonly Plaintext?: string; readonly CiphertextBlob?: string }
    >;
  };
  readonly secretsmanager: {
    readonly GetSecretValue: Operation<
      { readonly SecretId: string },
      {
        readonly SecretString?: string;
        /** Unix time in seconds, with a fraction. */
        readonly CreatedDate?: number;
      }
    >;
  };
  readonly iam: {
    readonly GetOutboundWebIdentityFederationInfo: Operation<
      object,
      { readonly IssuerIdentifier?: string; readonly JwtVendingEnabled?: string }
    >;
  };
  readonly lambda: {
    readonly Invoke: Operation<
      /** With `:` and the alias behind the name, where there is one. */
      { readonly FunctionName: string; readonly Payload: unknown },
      /** What the function answered, or `errorMessage` where it ended with an error. */
      Readonly<Record<string, unknown>>
    >;
  };
  readonly sts: {
    readonly GetWebIdentityToken: Operation<
      {
        readonly Audience: readonly string[];
        readonly SigningAlgorithm: 'RS256';
        readonly DurationSeconds: number;
      },
      { readonly WebIdentityToken?: string }
    >;
  };
}

export type AwsService = keyof AwsOperations;

type OperationOf<
  Service extends AwsService,
  Name extends keyof AwsOperations[Service],
> = AwsOperations[Service][Name] extends { readonly input: infer Input; readonly answer: infer Answer }
  ? { readonly input: Input; readonly answer: Answer }
  : never;

export type InputOf<Service extends AwsService, Name extends keyof AwsOperations[Service]> = OperationOf<
  Service,
  Name
>['input'];

type Calls<Service extends AwsService> = {
  [Name in keyof AwsOperations[Service]]: (
    operation: Name,
    input: InputOf<Service, Name>,
    withinMs?: number,
  ) => Promise<OperationOf<Service, Name>['answer']>;
}[keyof AwsOperations[Service]];

type All<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer Each) => void
  ? Each
  : never;

/**
 * `(operation, input, withinMs?)` of every operation of a service. `withinMs` is for all tries together; by default only
 * each try has its limit. Rejects with an AwsRefusal, or with an Error when the outcome is unknown.
 */
export type AwsClient<Service extends AwsService> = All<Calls<Service>>;

/** How requests and answers are written. */
export interface AwsWire {
  /** Of the request; `/` when left out. */
  path?(input: unknown): string;
  headers(operation: string): Readonly<Record<string, string>>;
  body(operation: string, input: unknown): string;
  /**
   * An answer, or a refusal with its code as `__type`; undefined for what is neither, such as a load balancer's page or
   * an answer that was cut off.
   */
  parse(text: string): Readonly<Record<string, unknown>> | undefined;
}

/** What tells the services apart. One constant for each, so that a bundle holds those it uses. */
export interface AwsProtocol<Service extends AwsService> {
  readonly service: Service;
  /** In `AWS_ENDPOINT_URL_<name>`. */
  readonly variable: string;
  /** As error messages name it. */
  readonly name: string;
  readonly wire: AwsWire;
}

/** See {@link AwsWire.parse}. */
export const parseObject: AwsWire['parse'] = (text) => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    // Said by the caller, which knows the status.
    return undefined;
  }
};

/**
 * The comment at each call lets the bundler leave out the constants that a function does not use.
 * @param target before the operation in `x-amz-target`
 */
const jsonWire = (target: string, version: '1.0' | '1.1'): AwsWire => ({
  headers: (operation) => ({
    'content-type': `application/x-amz-json-${version}`,
    'x-amz-target': `${target}.${operation}`,
  }),
  body: (_, input) => JSON.stringify(input),
  parse: parseObject,
});

export const dynamoDb: AwsProtocol<'dynamodb'> = {
  service: 'dynamodb',
  variable: 'DYNAMODB',
  name: 'DynamoDB',
  wire: /* @__PURE__ */ jsonWire('DynamoDB_20120810', '1.0'),
};

export const sqs: AwsProtocol<'sqs'> = {
  service: 'sqs',
  variable: 'SQS',
  name: 'SQS',
  wire: /* @__PURE__ */ jsonWire('AmazonSQS', '1.0'),
};

export const kms: AwsProtocol<'kms'> = {
  service: 'kms',
  variable: 'KMS',
  name: 'KMS',
  wire: /* @__PURE__ */ jsonWire('TrentService', '1.1'),
};

export const secretsManager: AwsProtocol<'secretsmanager'> = {
  service: 'secretsmanager',
  variable: 'SECRETS_MANAGER',
  name: 'Secrets Manager',
  wire: /* @__PURE__ */ jsonWire('secretsmanager', '1.1'),
};

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where requests go and who makes them. Left out: as the environment says, as in Lambda. */
export interface AwsPlace {
  /** A URL; that of the region by default. */
  readonly endpoint?: string | undefined;
  readonly region?: string | (() => Promise<string>);
  /** A function is asked at each request. */
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
}

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const domains: readonly (readonly [prefix: string, domain: string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['eusc-', 'amazonaws.eu'],
];

/** @param given instead of the endpoint that the environment names, or that the region has */
export const endpointOf = (
  { service, variable }: AwsProtocol<AwsService>,
  region: string,
  given: string | undefined,
): URL => {
  const named = given ?? process.env[`AWS_ENDPOINT_URL_${variable}`] ?? process.env.AWS_ENDPOINT_URL;
  const [, domain] = domains.find(([prefix]) => region.startsWith(prefix)) ?? ['', 'amazonaws.com'];
  return new URL(named || `https://${service}.${region}.${domain}`);
};
