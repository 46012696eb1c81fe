/**
 * The closed table of the codes of every error that the connector itself throws; runtime/errors.ts holds
 * their class.
 */

/**
 * Whose fault an error is: that of the call; of Customer Insights or the way to it; of a token, key, secret
 * or permission, or of the service that gives it; of our own table or queue; or of this program.
 */
export type ErrorOrigin = 'caller' | 'source' | 'credentials' | 'store' | 'us';

export interface ErrorKind {
  /** HTTP status of the answer. */
  readonly status: number;
  readonly origin: ErrorOrigin;
  /** Whether the same request can succeed later without anybody changing anything. */
  readonly repeatable: boolean;
  /** What the person who gets it should do; docs/proxy.md shows this column. */
  readonly remedy: string;
  /** The Retry-After of an error that gives none of its own; whole seconds. */
  readonly retryAfterSeconds?: number;
  /** A caller never sees this code: its HTTP answer is the code Internal. */
  readonly internal?: true;
}

const caller = { origin: 'caller', repeatable: false } as const;
const source = { origin: 'source', repeatable: true } as const;
const credentials = { origin: 'credentials', repeatable: false } as const;
const store = { origin: 'store', repeatable: true, retryAfterSeconds: 1 } as const;
const us = { origin: 'us', repeatable: false } as const;
const internal = { ...us, status: 500, internal: true } as const;
/**
 * Long enough for a failover at the identity provider, short enough for a flow's own retry to be worth it.
 */
const identityAway = { origin: 'credentials', repeatable: true, retryAfterSeconds: 5 } as const;

const signInAgain = 'Sign in again.';
const version2 = 'Set requestedAccessTokenVersion to 2 in the manifest of the API app registration.';

export const errorKinds = {
  OperationNotFound: {
    ...caller,
    status: 404,
    remedy:
      'Check the method and the path against the connector definition; import the current definition again.',
  },
  BodyTooLarge: { ...caller, status: 413, remedy: 'Send a smaller body; 64 KB (65,536 bytes) is the most.' },
  BodyInvalid: {
    ...caller,
    status: 400,
    remedy: 'Send one JSON document in UTF-8, as described at the named position.',
  },
  ContentTypeUnsupported: {
    ...caller,
    status: 415,
    remedy: 'Send the header "Content-Type: application/json".',
  },
  RequestInvalid: { ...caller, status: 400, remedy: 'Correct each of the parameters listed under details.' },
  QueryOptionInvalid: { ...caller, status: 400, remedy: 'Correct the query option at the named position.' },
  FieldNotFilterable: { ...caller, status: 400, remedy: 'Filter by one of the fields the message names.' },
  InstanceUnknown: {
    ...caller,
    status: 404,
    remedy: 'Choose an instance from the list, or have it added to the configuration.',
  },
  EntityUnknown: {
    ...caller,
    status: 404,
    remedy: 'Choose the name of an entity as Customer Insights lists it.',
  },
  SegmentUnknown: { ...caller, status: 404, remedy: 'Choose a segment from the list.' },
  MeasureUnknown: { ...caller, status: 404, remedy: 'Choose a measure from the list.' },
  ItemUnknown: { ...caller, status: 404, remedy: 'Check the key of the item; keys are exact, capitals too.' },
  ItemNotAddressable: {
    ...caller,
    status: 400,
    remedy: 'Use "Get items from an entity": the entity has no key of one column.',
  },
  JobUnknown: { ...caller, status: 404, remedy: 'Take the job id from Refresh or from a trigger.' },
  NoInstance: {
    ...caller,
    status: 403,
    remedy: 'Have an administrator of an instance give you a role there.',
  },
  MeasureNotScalar: { ...caller, status: 400, remedy: 'Choose a business measure without a dimension.' },
  PartitionHandleInvalid: {
    ...caller,
    status: 400,
    remedy: 'Retrieve the partitions again and use the handles of that answer.',
  },
  PartitionChanged: { ...caller, status: 409, remedy: 'Retrieve the partitions again and start over.' },
  DataSourceUnknown: { ...caller, status: 404, remedy: 'Choose a data source from the list.' },
  CallbackRefused: {
    ...caller,
    status: 400,
    remedy: 'Save the flow again, so that Power Automate sends its own URL.',
  },
  SubscriptionUnknown: {
    ...caller,
    status: 404,
    remedy: 'Choose one of your own subscriptions from the list.',
  },
  DownloadUnknown: { ...caller, status: 404, remedy: 'Choose a file from the list.' },
  DeliveryUnknown: { ...caller, status: 404, remedy: 'Choose a delivery from the list.' },
  DeadLetterUnknown: {
    ...caller,
    status: 404,
    remedy: 'Load the list again: it may have been sent again in the meantime.',
  },
  PayloadOfAnother: { ...caller, status: 403, remedy: 'Ask the owner of the subscription.' },
  SubscriptionNotActive: {
    ...caller,
    status: 409,
    remedy: 'Switch the flow on, or save it, so that it registers again.',
  },
  SubscriptionLimitReached: {
    ...caller,
    status: 403,
    remedy: 'Delete flows that are no longer needed, or have the limit raised in the configuration.',
  },
  OperatorRoleMissing: {
    ...caller,
    status: 403,
    remedy:
      'Choose your own triggers, or have an administrator give you the app role Operator, and sign in again.',
  },
  RateLimited: {
    ...caller,
    status: 429,
    repeatable: true,
    remedy: 'Wait as long as Retry-After says, then call again.',
  },
  LimitUnavailable: { ...store, status: 503, remedy: 'Call again after the seconds in Retry-After.' },
  StoreUnavailable: { ...store, status: 503, remedy: 'Call again after the seconds in Retry-After.' },
  KeysUnavailable: { ...identityAway, status: 503, remedy: 'Call again after the seconds in Retry-After.' },
  SecretUnreadable: {
    ...credentials,
    status: 503,
    repeatable: true,
    remedy: 'Check that the secret exists, has the documented form and may be read by the function.',
  },
  DeadlineExceeded: { ...source, status: 504, remedy: 'Ask for less at once, or call again later.' },
  UpstreamKeyRefused: {
    ...credentials,
    status: 502,
    remedy: 'Have the subscription keys of the instance in Secrets Manager checked.',
  },
  UpstreamTokenRefused: {
    ...credentials,
    status: 502,
    remedy: 'Have the API app registration and its permission for Customer Insights checked.',
  },
  UpstreamForbidden: {
    ...credentials,
    status: 403,
    remedy: 'Have an administrator of the instance give you a role there.',
  },
  UpstreamNotFound: {
    ...source,
    status: 404,
    repeatable: false,
    remedy: 'Check the names and ids in the request.',
  },
  UpstreamConflict: {
    ...source,
    status: 409,
    repeatable: false,
    remedy: 'Read the item; it already exists or another user changed it.',
  },
  UpstreamRejected: {
    ...source,
    status: 400,
    repeatable: false,
    remedy: 'Correct what the message of Customer Insights names.',
  },
  UpstreamThrottled: { ...source, status: 429, remedy: 'Wait as long as Retry-After says, then call again.' },
  UpstreamFailed: {
    ...source,
    status: 502,
    remedy: 'Call again later; if the error persists, contact Microsoft support.',
  },
  UpstreamUnavailable: { ...source, status: 503, remedy: 'Call again after the seconds in Retry-After.' },
  UpstreamUnreachable: {
    ...source,
    status: 502,
    remedy: 'Check the address of Customer Insights in the configuration and the network path to it.',
  },
  UpstreamTimeout: { ...source, status: 504, remedy: 'Ask for less at once, or call again later.' },
  UpstreamUnreadable: {
    ...source,
    status: 502,
    repeatable: false,
    remedy: 'Check that the configured address is the Customer Insights REST API.',
  },
  AnswerTooLarge: {
    ...caller,
    status: 400,
    remedy: 'Ask for fewer rows with $top or fewer columns with $select.',
  },
  Internal: {
    ...us,
    status: 500,
    repeatable: true,
    remedy: 'Report the correlation id of the message to the operator.',
  },

  TokenMissing: { ...credentials, status: 401, remedy: 'Send "Authorization: Bearer <access token>".' },
  TokenScheme: { ...credentials, status: 401, remedy: 'Send "Authorization: Bearer <access token>".' },
  TokenMalformed: { ...credentials, status: 401, remedy: signInAgain },
  TokenAlgorithm: {
    ...credentials,
    status: 401,
    remedy: 'Use an access token of Microsoft Entra ID, which signs with RS256.',
  },
  TokenSignature: { ...credentials, status: 401, remedy: signInAgain },
  TokenIssuer: { ...credentials, status: 401, remedy: version2 },
  TokenAudience: {
    ...credentials,
    status: 401,
    remedy: 'Use a connection of this connector; its resource must be this API.',
  },
  TokenTenant: {
    ...credentials,
    status: 401,
    remedy: 'Sign in with an account of the tenant that this API serves.',
  },
  TokenVersion: { ...credentials, status: 401, remedy: version2 },
  TokenExpired: { ...credentials, status: 401, remedy: 'Refresh the access token or sign in again.' },
  TokenNotYetValid: { ...credentials, status: 401, remedy: 'Check the clock of the caller.' },
  TokenAppOnly: { ...credentials, status: 401, remedy: 'Sign in as a user.' },
  TokenScope: { ...credentials, status: 401, remedy: 'Sign in again and consent to the scope of this API.' },
  TokenClientApp: {
    ...credentials,
    status: 401,
    remedy: 'Use the connector, or have the application added to the allowed client applications.',
  },
  TokenNotExchangeable: { ...credentials, status: 401, remedy: signInAgain },
  ConsentRequired: {
    ...credentials,
    status: 403,
    remedy: 'Have an administrator of the tenant grant the permission that the message names.',
  },
  InteractionRequired: {
    ...credentials,
    status: 403,
    remedy: 'Choose "Fix connection" in Power Automate, sign in again, then run the flow again.',
  },
  ClientSecretInvalid: {
    ...credentials,
    status: 502,
    remedy: 'Have the current client secret stored in Secrets Manager.',
  },
  ClientSecretExpired: {
    ...credentials,
    status: 502,
    remedy: 'Have a new client secret created and stored in Secrets Manager.',
  },
  ClientAssertionRefused: {
    ...credentials,
    status: 502,
    remedy:
      'Have the federated credentials of the API app registration compared with those of the deployment.',
  },
  ClientAppRefused: {
    ...credentials,
    status: 502,
    remedy: 'Have the API app registration and its permission for Customer Insights checked.',
  },
  IdentityProviderUnavailable: {
    ...identityAway,
    status: 503,
    remedy: 'Call again after the seconds in Retry-After.',
  },
  ClientSecretUnreadable: {
    ...identityAway,
    status: 503,
    remedy: 'Check that the secret exists, has the documented form and may be read by the function.',
  },
  ClientAssertionUnavailable: {
    ...identityAway,
    status: 503,
    remedy: 'Check outbound identity federation of the AWS account, and that the function may use it.',
  },

  SettingsInvalid: { ...internal, remedy: 'Deploy the output of "npm run build" unchanged.' },
  CallbackUrlRefused: {
    ...internal,
    origin: 'caller',
    remedy: 'Save the flow again, so that Power Automate sends its own URL.',
  },
  QueueUnavailable: {
    ...internal,
    origin: 'store',
    repeatable: true,
    remedy: 'Repeat the work; ids make that harmless.',
  },
  MessageTooLarge: {
    ...internal,
    remedy: 'Report the log line to the maintainers; "replay" sends the event again where it was recorded.',
  },
  RecordTooLarge: { ...internal, remedy: 'Report the log line to the maintainers.' },
  DeliveryBusy: {
    ...internal,
    repeatable: true,
    remedy: 'Leave the message in the queue; it is received again after its visibility time-out.',
  },
  UnknownMessage: { ...internal, remedy: 'Deploy the newer program, which can read the message.' },
  UnknownSchemaVersion: { ...internal, remedy: 'Deploy the newer program, which can read the record.' },
} as const satisfies Readonly<Record<string, ErrorKind>>;

export type ErrorCode = keyof typeof errorKinds;

/** The codes whose kind has these properties. */
export type ErrorCodeWith<Properties extends Partial<ErrorKind>> = {
  [Code in ErrorCode]: (typeof errorKinds)[Code] extends Properties ? Code : never;
}[ErrorCode];

/** The codes that a caller can see. */
export type AnsweredCode = Exclude<ErrorCode, ErrorCodeWith<{ internal: true }>>;
