/** The keys of the configuration that the connector shows to makers, and its host. */
import { Type } from 'typebox';
import { closed, url } from './schema-parts.ts';

export const connectorTexts = Type.Object(
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
);
