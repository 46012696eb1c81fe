/** apiProperties.json: sign-in, policies, brand. */
import type { Configuration } from '../../config/schema.ts';
import type { Operation } from '../contract/operation.ts';
import { brandColour } from './brand.ts';
import { connectorPolicies } from './connector-policies.ts';
import { type PolicyTemplateInstance, policyInstance } from './policy-instances.ts';
import { fullScope, loginUri, resourceUri } from './sign-in.ts';

interface Value {
  readonly value: string;
}

export interface ApiProperties {
  readonly properties: {
    readonly connectionParameters: {
      readonly token: {
        readonly type: 'oauthSetting';
        readonly oAuthSettings: {
          readonly identityProvider: 'aad';
          readonly clientId: string;
          readonly scopes: readonly string[];
          readonly redirectMode: 'GlobalPerConnector';
          readonly redirectUrl: 'https://global.consent.azure-apim.net/redirect';
          readonly properties: {
            readonly IsFirstParty: 'False';
            readonly AzureActiveDirectoryResourceId: string;
            readonly IsOnbehalfofLoginSupported: true;
          };
          readonly customParameters: {
            readonly loginUri: Value;
            readonly tenantId: Value;
            readonly resourceUri: Value;
            readonly enableOnbehalfOfLogin: Value;
          };
        };
      };
      readonly 'token:TenantId': {
        readonly type: 'string';
        readonly metadata: { readonly sourceType: 'AzureActiveDirectoryTenant' };
        readonly uiDefinition: {
          readonly displayName: string;
          readonly description: string;
          readonly constraints: { readonly required: 'false'; readonly hidden: 'true' };
        };
      };
    };
    readonly iconBrandColor: string;
    readonly capabilities: readonly string[];
    readonly policyTemplateInstances: readonly PolicyTemplateInstance[];
    readonly publisher: string;
    readonly stackOwner?: string;
  };
}

export interface PropertiesOptions {
  /**
   * For a submission: certification demands `stackOwner`, with which `paconn update` fails. False by default.
   */
  readonly certification?: boolean;
}

/** No client secret: it is given to the tool at import. */
export const emitApiProperties = (
  operations: readonly Operation[],
  configuration: Configuration,
  { certification = false }: PropertiesOptions = {},
): ApiProperties => ({
  properties: {
    connectionParameters: {
      token: {
        type: 'oauthSetting',
        oAuthSettings: {
          identityProvider: 'aad',
          clientId: configuration.applications.connector.clientId,
          scopes: [fullScope(configuration)],
          redirectMode: 'GlobalPerConnector',
          redirectUrl: 'https://global.consent.azure-apim.net/redirect',
          properties: {
            IsFirstParty: 'False',
            AzureActiveDirectoryResourceId: resourceUri(configuration),
            IsOnbehalfofLoginSupported: true,
          },
          customParameters: {
            loginUri: { value: loginUri },
            tenantId: { value: configuration.tenantId },
            resourceUri: { value: resourceUri(configuration) },
            enableOnbehalfOfLogin: { value: 'false' },
          },
        },
      },
      'token:TenantId': {
        type: 'string',
        metadata: { sourceType: 'AzureActiveDirectoryTenant' },
        uiDefinition: {
          displayName: 'Tenant',
          // Word for word: the checks of the certification repository compare this text.
          description: 'The tenant ID of for the Azure Active Directory application',
          constraints: { required: 'false', hidden: 'true' },
        },
      },
    },
    iconBrandColor: brandColour,
    capabilities: [],
    policyTemplateInstances: connectorPolicies(operations, configuration.connector).map(policyInstance),
    publisher: configuration.connector.publisher,
    ...(certification && {
      stackOwner: configuration.connector.stackOwner ?? configuration.connector.publisher,
    }),
  },
});
