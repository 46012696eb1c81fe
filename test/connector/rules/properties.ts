/** Rules about apiProperties.json. */
import { objectsIn, operationsIn, type Rule } from './walk.ts';

/** Required keys beside the operations, per template (format: policy templates). */
const templates: Readonly<Record<string, readonly string[]>> = {
  dynamichosturl: ['urlTemplate'],
  routerequesttoendpoint: ['newPath', 'httpMethod'],
  setconnectionstatustounauthenticated: ['statusCode'],
  setheader: ['name', 'value', 'existsAction'],
  setqueryparameter: ['name', 'value', 'existsAction'],
  updatenextlink: ['nextLinkPropertyName'],
};

const prefix = 'x-ms-apimTemplateParameter.';

export const policiesNameOperationsThatExist: Rule = ({ definition, properties }) => {
  const ids = new Set(operationsIn(definition).map(({ operation }) => operation.operationId));
  return properties.policyTemplateInstances.flatMap(({ templateId, parameters }) => {
    const named = parameters['x-ms-apimTemplate-operationName'];
    return (Array.isArray(named) ? named : [])
      .filter((id) => !ids.has(id))
      .map((id) => `${templateId}: ${id}`);
  });
};

export const policiesHaveTheKeysOfTheirTemplate: Rule = ({ properties }) =>
  properties.policyTemplateInstances.flatMap(({ templateId, title, parameters }) => {
    const expected = templates[templateId];
    if (expected === undefined) return [templateId];
    const given = Object.keys(parameters).filter((key) => key.startsWith(prefix));
    const keys = given.map((key) => key.slice(prefix.length)).sort();
    const hasSection = 'x-ms-apimTemplate-policySection' in parameters;
    return [
      ...(keys.join() === [...expected].sort().join() ? [] : [`${templateId}: ${keys.join()}`]),
      ...(hasSection === (templateId === 'setheader') ? [] : [`${templateId}: section`]),
      ...(title.length > 0 ? [] : [`${templateId}: title`]),
    ];
  });

/** T1: the template needs an integer and a test connection. */
export const disconnectingNeedsAConnectionTest: Rule = ({ definition, properties }) =>
  properties.policyTemplateInstances.flatMap(({ templateId, parameters }) =>
    templateId !== 'setconnectionstatustounauthenticated' ||
    (definition['x-ms-capabilities']?.testConnection && Number.isInteger(parameters[`${prefix}statusCode`]))
      ? []
      : [templateId],
  );

/** S3: not white, not the colour of the platform. */
export const brandColourIsAdmissible: Rule = ({ properties: { iconBrandColor } }) =>
  /^#[0-9a-f]{6}$/.test(iconBrandColor) && !['#ffffff', '#007ee5'].includes(iconBrandColor)
    ? []
    : [iconBrandColor];

export const noSecretIsWritten: Rule = ({ definition, properties }) =>
  objectsIn({ definition, properties }).flatMap(({ place, object }) =>
    'clientSecret' in object ? [place] : [],
  );

/** #3097, #614: what tools and reviewers insist on. */
export const signInIsAsReviewersWantIt: Rule = ({ properties }) => {
  const { token, 'token:TenantId': tenant } = properties.connectionParameters;
  const { oAuthSettings } = token;
  return [
    ...(token.type === 'oauthSetting' ? [] : ['type']),
    ...(oAuthSettings.redirectMode === 'GlobalPerConnector' ? [] : ['redirectMode']),
    ...(oAuthSettings.customParameters.resourceUri.value ? [] : ['resourceUri']),
    ...(oAuthSettings.customParameters.enableOnbehalfOfLogin.value === 'false'
      ? []
      : ['enableOnbehalfOfLogin']),
    ...(tenant.uiDefinition.description === 'The tenant ID of for the Azure Active Directory application'
      ? []
      : ['token:TenantId']),
    ...Object.values(tenant.uiDefinition.constraints)
      .filter((value) => typeof value !== 'string')
      .map(String),
    ...('stackOwner' in properties ? ['stackOwner'] : []),
  ];
};
