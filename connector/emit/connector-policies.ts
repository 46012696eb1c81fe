/** The policies of this connector, in the order in which the platform runs them. */
import { versionHeader } from '../contract/calling-version.ts';
import { basePath } from '../contract/index.ts';
import type { Operation } from '../contract/operation.ts';
import { environmentVariable, type PageId, type Policy } from './policies.ts';
import { nextLinkName } from './responses.ts';
import { connectorVersion } from './version.ts';

export interface PolicyOptions {
  /**
   * Name of an environment variable that holds the host, for a connector that is moved between environments
   * in a solution; absent: the host of the definition.
   */
  readonly hostEnvironmentVariable?: `${string}_${string}` | undefined;
}

const isPage = (operation: Operation): operation is Operation & { readonly operationId: PageId } =>
  operation.pageable === true;

export const connectorPolicies = (
  operations: readonly Operation[],
  { hostEnvironmentVariable }: PolicyOptions = {},
): readonly Policy[] => {
  const pages = operations.filter(isPage).map(({ operationId }) => operationId);
  return [
    ...(hostEnvironmentVariable
      ? [
          {
            template: 'dynamichosturl',
            title: 'Host of this environment',
            urlTemplate: `https://${environmentVariable(hostEnvironmentVariable)}${basePath}`,
          } as const,
        ]
      : []),
    {
      template: 'setheader',
      title: 'Version of the connector',
      section: 'Request',
      name: versionHeader,
      value: connectorVersion,
      existsAction: 'override',
    },
    // Without this the next page would be asked of the API directly, without credentials.
    ...(pages.length > 0
      ? [
          {
            template: 'updatenextlink',
            title: 'Next page through the connector',
            operations: pages,
            nextLinkPropertyName: nextLinkName,
          } as const,
        ]
      : []),
    // The template needs a test connection operation. Our 401 means the caller's token and nothing else.
    ...(operations.some(({ testsConnection }) => testsConnection)
      ? [
          {
            template: 'setconnectionstatustounauthenticated',
            title: 'Sign-in has expired',
            statusCode: 401,
          } as const,
        ]
      : []),
  ];
};
