/** How the packages of Power Automate spell settings and connector actions. */
import type { ConnectorUse, PackageTarget, Setting } from '../definitions/authoring.ts';
import type { Value, ValueObject } from '../expressions/values.ts';
import type { EnvironmentIds } from './environment-ids.ts';
import { settingValue } from './environment-ids.ts';
import {
  apiNames,
  connectionKeys,
  inventedApiName,
  parameterKeyOf,
  providerPath,
  schemaNameOf,
} from './package-names.ts';

/**
 * Two ways to write the host of an action in a legacy package, both reported to work:
 * - A, as the platform exports it: `connectionName`, with `authentication`
 * - B: `connectionReferenceName`, without
 */
export type LegacyStyle = 'A' | 'B';

export const apiNameOf = (api: ConnectorUse['api'], ids: EnvironmentIds): string =>
  api === 'customerInsights' ? (ids.connectorInternalId ?? inventedApiName) : apiNames[api];

const basics: ValueObject = {
  $connections: { defaultValue: {}, type: 'Object' },
  $authentication: { defaultValue: {}, type: 'SecureObject' },
};

const inputs = (
  use: ConnectorUse,
  parameters: ValueObject,
  ids: EnvironmentIds,
  options: {
    readonly referenceKey: 'connectionName' | 'connectionReferenceName';
    readonly authentication: boolean;
  },
): ValueObject => ({
  host: {
    apiId: providerPath(apiNameOf(use.api, ids)),
    [options.referenceKey]: connectionKeys[use.api],
    operationId: use.operationId,
  },
  parameters,
  ...(options.authentication && { authentication: "@parameters('$authentication')" }),
});

const types = { string: 'String', number: 'Float' } as const;

const environmentParameter = (setting: Setting): readonly [string, Value] => [
  parameterKeyOf(setting),
  {
    defaultValue: setting.example,
    type: types[setting.type],
    metadata: { schemaName: schemaNameOf(setting), description: setting.description },
  },
];

/** Settings are environment variables. */
export const solutionTarget = (ids: EnvironmentIds): PackageTarget => ({
  setting: (setting) => ({
    as: 'expression',
    code: `parameters('${parameterKeyOf(setting).replaceAll("'", "''")}')`,
  }),
  action: (use, parameters) => ({
    type: 'OpenApiConnection',
    inputs: inputs(use, parameters, ids, { referenceKey: 'connectionName', authentication: false }),
  }),
  trigger: (use, parameters) => ({
    type: 'OpenApiConnectionWebhook',
    inputs: inputs(use, parameters, ids, { referenceKey: 'connectionName', authentication: false }),
  }),
  parameters: (settings) => ({ ...basics, ...Object.fromEntries(settings.map(environmentParameter)) }),
});

/** Settings are written into the flow: such packages carry no environment variables. */
export const literalTarget = (ids: EnvironmentIds, style: LegacyStyle): PackageTarget => {
  const options = {
    referenceKey: style === 'A' ? 'connectionName' : 'connectionReferenceName',
    authentication: style === 'A',
  } as const;
  return {
    setting: (setting) => ({ as: 'value', value: settingValue(setting, ids) }),
    action: (use, parameters) => ({
      type: 'OpenApiConnection',
      inputs: inputs(use, parameters, ids, options),
    }),
    trigger: (use, parameters) => ({
      type: 'OpenApiConnectionWebhook',
      inputs: inputs(use, parameters, ids, options),
    }),
    parameters: () => basics,
  };
};
