/**
 * The configuration of one deployment: one file, read by the CDK app, the command line and the local run
 * alike. It contains the names of secrets and no secrets.
 */
import { type Static, Type } from 'typebox';

const guid = (description: string) =>
  Type.String({
    pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
    description: `${description} A GUID, for example 01234567-89ab-cdef-0123-456789abcdef.`,
  });

/**
 * Characters of a secret's name, the deployment's name in front of it included. Secrets Manager takes 512.
 */
export const longestSecretName = 400;

const secretName = (description: string) =>
  Type.String({
    pattern: `^[A-Za-z0-9/_+=.@-]{1,${longestSecretName}}$`,
    description: `${description} Letters, digits and /_+=.@- , at most ${longestSecretName}. A named deployment (deployment.name) puts its name and a slash in front.`,
  });

const url = (description: string) => Type.String({ pattern: '^https?://[^\\s]+[^/\\s]$', description });

/** `*.` in front matches one or more labels. */
const hostPattern = Type.String({
  pattern: '^(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$',
  description: 'A host name in lower case, or *. and a domain for all hosts below it.',
});

const closed = { additionalProperties: false } as const;

const admittedInWindow = (callsDescription: string, description: string) =>
  Type.Object(
    {
      calls: Type.Integer({ minimum: 1, maximum: 100, default: 100, description: callsDescription }),
      windowSeconds: Type.Integer({
        minimum: 1,
        maximum: 3600,
        default: 60,
        description: 'Length of the window in seconds; 1 to 3600.',
      }),
    },
    { ...closed, default: {}, description },
  );

export const configurationSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'For editors; ignored.' })),
    deployment: Type.Optional(
      Type.Object(
        {
          name: Type.String({
            // The stack's name is made of it (letters, digits and hyphens), and the names of secrets.
            pattern: '^[a-z]([a-z0-9]|-(?=[a-z0-9])){0,31}$',
            description:
              'Name of this deployment, part of the names of its stack, API and secrets, of its metrics and tags; for example staging. Lower-case letters, digits and single hyphens between them, beginning with a letter, at most 32 characters. Another name makes another deployment.',
          }),
        },
        {
          ...closed,
          description:
            'Tells deployments in one account and region apart: { "name" }. Omit it for the only deployment or the first.',
        },
      ),
    ),
    tenantId: guid('The Microsoft Entra tenant whose users sign in.'),
    applications: Type.Object(
      {
        connector: Type.Object(
          {
            clientId: guid(
              'Application (client) id of the registration that the connector signs users in with.',
            ),
          },
          { ...closed, description: 'The application registration that signs users in: { "clientId" }.' },
        ),
        api: Type.Object(
          {
            clientId: guid(
              'Application (client) id of the registration of our API; the audience of its tokens.',
            ),
            secret: secretName(
              'Name of the Secrets Manager secret that holds {"clientSecret": "…"} of this registration.',
            ),
          },
          {
            ...closed,
            description: 'The application registration of our API: { "clientId", "secret" }.',
          },
        ),
      },
      {
        ...closed,
        description: 'The two application registrations in Microsoft Entra ID: { "connector", "api" }.',
      },
    ),
    instances: Type.Array(
      Type.Object(
        {
          id: guid('Id of the Customer Insights instance (environment).'),
          name: Type.String({
            minLength: 1,
            maxLength: 100,
            description: 'Name shown to makers; 1 to 100 characters.',
          }),
          secret: secretName(
            'Name of the Secrets Manager secret that holds {"primary": "…", "secondary": "…"}, the subscription keys of this instance.',
          ),
        },
        { ...closed, description: 'One Customer Insights instance: { "id", "name", "secret" }.' },
      ),
      { minItems: 1, maxItems: 200, description: 'The Customer Insights instances served; 1 to 200.' },
    ),
    limit: admittedInWindow(
      'Calls admitted in any window, per connection; 1 to 100.',
      'Number of calls that one connection may make in any window of this length.',
    ),
    registrations: admittedInWindow(
      'Registrations of triggers admitted in any window, per person; 1 to 100.',
      'Number of triggers that one person may register, by saving or switching on flows, in any window of this length.',
    ),
    subscriptions: Type.Object(
      {
        perPrincipal: Type.Integer({
          minimum: 1,
          maximum: 1000,
          default: 200,
          description: 'Subscriptions that one person (or one application) may have; 1 to 1000.',
        }),
        perInstance: Type.Integer({
          minimum: 1,
          maximum: 100_000,
          default: 10_000,
          description: 'Subscriptions that one instance may have; 1 to 100000.',
        }),
      },
      {
        ...closed,
        default: {},
        description: 'Number of triggers of flows that may be registered. Ended subscriptions do not count.',
      },
    ),
    callbacks: Type.Object(
      {
        allowedHosts: Type.Array(hostPattern, {
          minItems: 1,
          default: ['*.logic.azure.com', '*.environment.api.powerplatform.com'],
          description: 'Hosts that callback URLs may name. Power Automate and Logic Apps by default.',
        }),
        allowLoopback: Type.Boolean({
          default: false,
          description:
            'Admit http callback URLs on the loopback address. For the local run only; cannot be deployed.',
        }),
      },
      { ...closed, default: {}, description: 'Which callback URLs a registration may name.' },
    ),
    customerInsights: Type.Object(
      {
        url: Type.Unsafe<string>({
          ...url('Base URL of the Customer Insights REST API, without a slash at the end.'),
          default: 'https://api.ci.ai.dynamics.com/v1',
        }),
        scope: Type.String({
          minLength: 1,
          default: 'https://api.ci.ai.microsoft.com/.default',
          description: 'Scope of the tokens for Customer Insights.',
        }),
        linkBase: Type.String({
          pattern: '^https?://([^\\s{}]|\\{(instanceId|section|object)\\})+$',
          default: 'https://home.ci.ai.dynamics.com',
          description:
            'Address of the web pages of Customer Insights, for links in events, lists and reports. {instanceId}, {section} (datasources, segments, measures) and {object} in it are replaced; without them every link opens this address.',
        }),
      },
      { ...closed, default: {}, description: 'Addresses of Customer Insights, and the scope of its tokens.' },
    ),
    connector: Type.Object(
      {
        title: Type.String({
          minLength: 1,
          maxLength: 30,
          default: 'Customer Insights Events',
          description: 'Title of the connector; at most 30 characters, without "API" or "Connector".',
        }),
        host: Type.Optional(
          Type.String({
            pattern: '^[^{}/ :\\\\]+(:\\d+)?$',
            description:
              'Host of the deployed API, without scheme or path: a custom domain, or the one that cdk deploy prints.',
          }),
        ),
        hostEnvironmentVariable: Type.Optional(
          Type.Unsafe<`${string}_${string}`>({
            type: 'string',
            pattern: '^[A-Za-z][A-Za-z0-9]*_[A-Za-z0-9_]+$',
            description:
              'Schema name of an environment variable that holds the host, for a connector that moves between environments in a solution; for example contoso_InsightsHost. Publisher prefix, underscore, name.',
          }),
        ),
        publisher: Type.String({
          minLength: 1,
          default: 'Your organisation',
          description: 'Shown as the publisher.',
        }),
        stackOwner: Type.Optional(
          Type.String({
            minLength: 1,
            description:
              'Owner of the service, for certification only; written by `build --certification`. The publisher when absent.',
          }),
        ),
        contact: Type.Object(
          {
            name: Type.String({
              minLength: 1,
              default: 'Customer Insights operations',
              description: 'Name of the contact for questions.',
            }),
            url: Type.Unsafe<string>({
              ...url('A web page for support.'),
              default: 'https://example.com/support',
            }),
            email: Type.String({
              pattern: '^[^@\\s]+@[^@\\s]+$',
              default: 'support@example.com',
              description: 'An e-mail address for support.',
            }),
          },
          { ...closed, default: {}, description: 'Contact for makers; shown with the connector.' },
        ),
        website: Type.Unsafe<string>({ ...url('Website of the service.'), default: 'https://example.com' }),
        privacyPolicy: Type.Unsafe<string>({
          ...url('Privacy policy.'),
          default: 'https://example.com/privacy',
        }),
      },
      {
        ...closed,
        default: {},
        description: 'Texts of the connector, and the host of the deployed API.',
      },
    ),
    logRetentionDays: Type.Integer({
      default: 30,
      enum: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365],
      description:
        'How long CloudWatch keeps the logs, in days; one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365.',
    }),
  },
  closed,
);

type DeepReadonly<Value> = Value extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value;

/** A checked configuration, defaults filled in. */
export type Configuration = DeepReadonly<Static<typeof configurationSchema>>;
