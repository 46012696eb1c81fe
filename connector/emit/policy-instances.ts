/** Policies in the form of apiProperties.json (format reference: policy templates, "Instance"). */
import type { Policy } from './policies.ts';

export interface PolicyTemplateInstance {
  readonly templateId: Policy['template'];
  readonly title: string;
  readonly parameters: Readonly<Record<string, string | number | readonly string[]>>;
}

const own = (name: string) => `x-ms-apimTemplateParameter.${name}`;

const ownParameters = (policy: Policy): PolicyTemplateInstance['parameters'] => {
  switch (policy.template) {
    case 'updatenextlink':
      return { [own('nextLinkPropertyName')]: policy.nextLinkPropertyName };
    case 'setheader':
      return {
        [own('name')]: policy.name,
        [own('value')]: policy.value,
        [own('existsAction')]: policy.existsAction,
        'x-ms-apimTemplate-policySection': policy.section,
      };
    case 'setconnectionstatustounauthenticated':
      return { [own('statusCode')]: policy.statusCode };
    case 'dynamichosturl':
      return { [own('urlTemplate')]: policy.urlTemplate };
    case 'routerequesttoendpoint':
      return { [own('newPath')]: policy.newPath, [own('httpMethod')]: policy.httpMethod };
    case 'setqueryparameter':
      return {
        [own('name')]: policy.name,
        [own('value')]: policy.value,
        [own('existsAction')]: policy.existsAction,
      };
  }
};

export const policyInstance = (policy: Policy): PolicyTemplateInstance => ({
  templateId: policy.template,
  title: policy.title,
  parameters: {
    ...(policy.operations && { 'x-ms-apimTemplate-operationName': policy.operations }),
    ...ownParameters(policy),
  },
});
