/** The policy templates of apiProperties.json, applied to a call as the platform's gateway applies them. */
import type { Json } from '../../flows/runner/connectors/connector-definition.ts';

export interface PolicyInstance {
  readonly templateId: string;
  readonly title: string;
  readonly parameters: { readonly [key: string]: Json };
}

export interface Policies {
  /** Headers that a request of this operation gets. */
  requestHeaders(
    operationId: string,
    given: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>>;
  /** The property of this operation's answer whose link is made to go through the connector. */
  nextLinkProperty(operationId: string): string | undefined;
  /** The status on which the user is signed out. */
  readonly unauthenticatedStatus: number | undefined;
}

/** A policy this host cannot apply: calls through it would differ from the platform's. */
export class PolicyUnknown extends Error {
  override readonly name = 'PolicyUnknown';
}

const key = (name: string) => `x-ms-apimTemplateParameter.${name}`;

const appliesTo = ({ parameters }: PolicyInstance, operationId: string): boolean => {
  const names = parameters['x-ms-apimTemplate-operationName'];
  return !Array.isArray(names) || names.length === 0 || names.includes(operationId);
};

export const readPolicies = (instances: readonly PolicyInstance[]): Policies => {
  const of = (templateId: string) =>
    instances.filter((instance) => instance.templateId.toLowerCase() === templateId);
  const known = ['setheader', 'updatenextlink', 'setconnectionstatustounauthenticated'];
  const unknown = instances.find(({ templateId }) => !known.includes(templateId.toLowerCase()));
  if (unknown)
    throw new PolicyUnknown(
      `The policy template ${unknown.templateId} ("${unknown.title}") is not known here.`,
    );
  return {
    requestHeaders: (operationId, given) => {
      const headers: Record<string, string> = { ...given };
      for (const policy of of('setheader')) {
        if (!appliesTo(policy, operationId)) continue;
        if (policy.parameters['x-ms-apimTemplate-policySection'] !== 'Request') continue;
        const name = String(policy.parameters[key('name')]).toLowerCase();
        const value = String(policy.parameters[key('value')]);
        const existing = headers[name];
        const action = policy.parameters[key('existsAction')] ?? 'override';
        if (existing === undefined || action === 'override') headers[name] = value;
        else if (action === 'append') headers[name] = `${existing},${value}`;
      }
      return headers;
    },
    nextLinkProperty: (operationId) => {
      const policy = of('updatenextlink').find((instance) => appliesTo(instance, operationId));
      return policy && String(policy.parameters[key('nextLinkPropertyName')]);
    },
    unauthenticatedStatus: of('setconnectionstatustounauthenticated').map(({ parameters }) =>
      Number(parameters[key('statusCode')]),
    )[0],
  };
};
