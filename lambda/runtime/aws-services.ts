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

/** What tells the JSON protocols of the services apart. One constant for each, so that a bundle holds those it uses. */
export interface AwsProtocol<Service extends AwsService> {
  readonly service: Service;
  /** In `AWS_ENDPOINT_URL_<name>`. */
  readonly variable: string;
  /** Before the operation in `x-amz-target`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  /** As error messages name it. */
  readonly name: string;
}

export const dynamoDb: AwsProtocol<'dynamodb'> = {
  service: 'dynamodb',
  variable: 'DYNAMODB',
  target: 'DynamoDB_20120810',
  version: '1.0',
  name: 'DynamoDB',
};

export const sqs: AwsProtocol<'sqs'> = {
  service: 'sqs',
  variable: 'SQS',
  target: 'AmazonSQS',
  version: '1.0',
  name: 'SQS',
};

export const kms: AwsProtocol<'kms'> = {
  service: 'kms',
  variable: 'KMS',
  target: 'TrentService',
  version: '1.1',
  name: 'KMS',
};

export const secretsManager: AwsProtocol<'secretsmanager'> = {
  service: 'secretsmanager',
  variable: 'SECRETS_MANAGER',
  target: 'secretsmanager',
  version: '1.1',
  name: 'Secrets Manager',
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
