import { CfnParameter, CfnRule, Fn, type Stack } from 'aws-cdk-lib/core';
import { clouds } from '../config/presets.ts';
import type { Configuration } from '../config/schema.ts';
import { guardParameters, wayOut } from './deployed-stack.ts';

/** The endpoints outside of the stack that the functions and the authorizer call. */
export interface Endpoints {
  /** Base URL of the Customer Insights REST API, without a slash at the end. */
  readonly customerInsightsUrl: string;
  /** Issuer of the tokens that callers present, without a slash at the end. */
  readonly authority: string;
  /** Where the controls of a local run are; "none" in a deployment. */
  readonly localRunUrl: string;
}

/** The endpoints of a deployment. */
export const configuredEndpoints = ({ customerInsights, tenantId, cloud }: Configuration): Endpoints => ({
  customerInsightsUrl: customerInsights.url,
  authority: `https://${clouds[cloud].signIn}/${tenantId}/v2.0`,
  localRunUrl: 'none',
});

const address = { type: 'String', allowedPattern: '^https?://[^\\s]*[^\\s/]$' };

/** Endpoints that the local run passes: loopback addresses, known only once its servers listen. */
export const endpointParameters = (stack: Stack, configuration: Configuration): Endpoints => {
  const configured = configuredEndpoints(configuration);
  const parameter = (name: string, fallback: string, description: string) =>
    new CfnParameter(stack, name, { ...address, default: fallback, description }).valueAsString;
  return {
    customerInsightsUrl: parameter(
      'CustomerInsightsUrl',
      configured.customerInsightsUrl,
      'Base URL of the Customer Insights REST API, without a slash at the end.',
    ),
    authority: parameter(
      guardParameters.authority,
      configured.authority,
      'Issuer of the tokens that callers present, without a slash at the end.',
    ),
    localRunUrl: new CfnParameter(stack, 'LocalRunUrl', {
      type: 'String',
      default: configured.localRunUrl,
      description:
        'Address of the controls of this run, without a slash at the end; "none" without controls.',
    }).valueAsString,
  };
};

/**
 * Parameters of a deployment that keep the tenant and the API that its stack was made for, and the rules that
 * compare them with this configuration. By default `cdk deploy` sends a parameter's previous value, so the
 * rules fail when another configuration is deployed to the same stack, before anything changes. Nothing else
 * may read these parameters, because it would keep the previous value too.
 */
export const guardDeployment = (stack: Stack, configuration: Configuration, isExample: boolean): void => {
  const { authority } = configuredEndpoints(configuration);
  const { clientId } = configuration.applications.api;
  const guards = [
    {
      id: guardParameters.authority,
      property: address,
      value: authority,
      description: 'Guard: issuer of the tenant that this stack was deployed for.',
      what: 'tenant',
    },
    {
      id: guardParameters.audience,
      property: { type: 'String', allowedPattern: '^[0-9a-fA-F-]{36}$' },
      value: clientId,
      description: 'Guard: client id of the API registration that this stack was deployed for.',
      what: 'API registration',
    },
  ] as const;
  const assertions = guards.map(({ id, property, value, description, what }) => {
    const parameter = new CfnParameter(stack, id, { ...property, default: value, description });
    return {
      assert: Fn.conditionEquals(parameter.valueAsString, value),
      assertDescription: `This stack was deployed for another ${what}; the configuration has ${value}. ${wayOut(stack.stackName)}`,
    };
  });
  new CfnRule(stack, 'SameTenantAndApi', { assertions });

  if (isExample)
    // Never true: the pattern of the parameter keeps it from being empty.
    new CfnRule(stack, 'ConfigurationOfYourOwn', {
      assertions: [
        {
          assert: Fn.conditionEquals({ Ref: guardParameters.authority }, ''),
          assertDescription:
            'This template was made from the embedded example configuration, whose tenant and applications are placeholders. Copy config/insights-connector.example.json to insights-connector.json, enter your values and deploy again.',
        },
      ],
    });
};
