/**
 * The configuration of one deployment: one file, read by the CDK app, the command line and the local run
 * alike. It contains the names of secrets and no secrets.
 */
import { type Static, Type } from 'typebox';
import { connectorTexts } from './connector-texts.ts';
import {
  type Cloud,
  clouds,
  defaultCloud,
  defaultPreset,
  type Preset,
  portalHosts,
  presets,
} from './presets.ts';
import {
  admittedInWindow,
  byDefault,
  closed,
  guid,
  hostPattern,
  oneOf,
  secretName,
  url,
} from './schema-parts.ts';
import { stackOptions } from './stack-options.ts';

/** The schema with the defaults of a preset and a cloud. */
const schemaWith = (preset: (typeof presets)[Preset], cloud: (typeof clouds)[Cloud]) => {
  const customerInsights: Readonly<Partial<Record<string, string>>> = cloud.customerInsights;
  return Type.Object(
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
      preset: oneOf(
        Object.keys(presets) as Preset[],
        defaultPreset,
        'Group of defaults: production has alarms, termination protection and longer logs; dev has none of the three and costs less.',
      ),
      cloud: oneOf(
        Object.keys(clouds) as Cloud[],
        defaultCloud,
        'Cloud of Microsoft in which tenant and flows are. GCC High, DoD and China (21Vianet) cannot be served: Customer Insights is not offered there.',
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
              credential: oneOf(
                ['client-secret', 'federated'],
                'client-secret',
                'How the functions prove to Microsoft Entra ID that they are this registration: with a client secret, which expires, or with a federated identity credential, by which Entra trusts tokens of the AWS account.',
              ),
              secretName: Type.Optional(
                secretName(
                  'Name of the Secrets Manager secret that contains {"clientSecret": "…"} of this registration; required with the credential client-secret, and only there.',
                ),
              ),
            },
            {
              ...closed,
              description: 'The application registration of our API: { "clientId", "secretName" }.',
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
            secretName: secretName(
              'Name of the Secrets Manager secret that contains the subscription keys of this instance; `secrets put` stores them. Instances with the same name share one secret, which costs as much as one.',
            ),
          },
          { ...closed, description: 'One Customer Insights instance: { "id", "name", "secretName" }.' },
        ),
        {
          minItems: 1,
          maxItems: 200,
          description:
            'The Customer Insights instances that the deployment begins with; 1 to 200. A deployment writes a row in the state table for each that has none. One that has a row is served as the row says, which the `instances` commands change.',
        },
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
          description:
            'Number of triggers of flows that may be registered. Ended subscriptions do not count.',
        },
      ),
      callbacks: Type.Object(
        {
          allowedHosts: Type.Array(hostPattern, {
            minItems: 1,
            default: [...cloud.allowedHosts],
            description:
              'Hosts that callback URLs may name. By default those of Power Automate and Logic Apps in the cloud.',
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
            ...byDefault(customerInsights.url),
          }),
          scope: Type.String({
            minLength: 1,
            ...byDefault(customerInsights.scope),
            description: 'Scope of the tokens for Customer Insights.',
          }),
          linkBase: Type.String({
            pattern: '^https?://([^\\s{}]|\\{(instanceId|section|object)\\})+$',
            ...byDefault(customerInsights.linkBase),
            description:
              'Address of the web pages of Customer Insights, for links in events, lists and reports. {instanceId}, {section} (datasources, segments, measures) and {object} in it are replaced; without them every link opens this address.',
          }),
        },
        {
          ...closed,
          default: {},
          description:
            'Addresses of Customer Insights, and the scope of its tokens. Required outside the public cloud.',
        },
      ),
      connector: connectorTexts,
      console: Type.Optional(
        Type.Object(
          {
            clientId: Type.Optional(
              guid(
                'Application (client) id of the registration (single-page application) that the console signs users in with.',
              ),
            ),
            connectorUrl: Type.Optional(
              Type.String({
                pattern: `^https://(${portalHosts.map((host) => host.replaceAll('.', '\\.')).join('|')})/\\S+$`,
                description: `Address of the page of the imported connector, which the console opens; https, on ${portalHosts.join(', ')}.`,
              }),
            ),
          },
          { ...closed, description: 'The console: { "clientId", "connectorUrl" }.' },
        ),
      ),
      ...stackOptions(preset),
    },
    closed,
  );
};

type DeepReadonly<Value> = Value extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value;

/** A checked configuration, defaults filled in. */
export type Configuration = DeepReadonly<Static<ReturnType<typeof schemaWith>>>;

/** @returns the schema whose defaults are those of the preset and the cloud */
export const schemaOf = (preset: Preset = defaultPreset, cloud: Cloud = defaultCloud) =>
  schemaWith(presets[preset], clouds[cloud]);

/** What the configuration says to the functions; the rest concerns the stack, and instances have rows. */
export const functionSettingKeys = [
  'deployment',
  'cloud',
  'tenantId',
  'applications',
  'limit',
  'registrations',
  'subscriptions',
  'callbacks',
  'customerInsights',
  'connector',
  'console',
] as const satisfies readonly (keyof Configuration)[];

/** What is put beside a function, and nothing else, so that another change leaves its code the same. */
export type StoredSettings = Pick<Configuration, (typeof functionSettingKeys)[number]>;

/** The settings of a function, with the instances that it serves. */
export type FunctionSettings = StoredSettings & Pick<Configuration, 'instances'>;

/** What is put beside the function that writes the rows of instances. */
export type InstanceRowsSettings = Pick<Configuration, 'instances'>;
