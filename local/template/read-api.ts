import { evaluate } from '../iam/evaluate.ts';
import { apiGateway, callOfRoute, readFunctionPolicies } from '../iam/resource-policies.ts';
import type { ApiModel, FunctionModel, JwtAuthorizerModel, RouteModel, ThrottleModel } from './model.ts';
import type { PropertyReader } from './property-reader.ts';
import { functionNamed, type ModelSource, resourcesOf } from './resources.ts';
import { parseRouteKey } from './route-key.ts';

/**
 * HTTP APIs with their stage, routes, integrations, authorizers and the permissions to call the functions.
 */
export const readApis = (source: ModelSource, functions: readonly FunctionModel[]): readonly ApiModel[] => {
  const policies = readFunctionPolicies(source, functions);
  const authorizers = new Map(
    resourcesOf(source, 'AWS::ApiGatewayV2::Authorizer').map(({ logicalId, properties }) => {
      const jwt = properties.within('JwtConfiguration');
      const model: JwtAuthorizerModel = {
        logicalId,
        issuer: jwt.text('Issuer'),
        audience: jwt.texts('Audience'),
      };
      return [logicalId, model] as const;
    }),
  );
  const integrations = new Map(
    resourcesOf(source, 'AWS::ApiGatewayV2::Integration').map(({ logicalId, properties }) => [
      logicalId,
      {
        functionModel: functionNamed(functions, properties, 'IntegrationUri'),
        timeoutMs: properties.optionalNumber('TimeoutInMillis', { least: 50, most: 30_000 }) ?? 30_000,
      },
    ]),
  );
  const stages = resourcesOf(source, 'AWS::ApiGatewayV2::Stage').map(({ properties }) => {
    const ofRoutes = properties.within('RouteSettings');
    return {
      apiId: properties.text('ApiId'),
      throttle: throttleOf(properties.within('DefaultRouteSettings')),
      properties,
      routeThrottle: (routeKey: string) => throttleOf(ofRoutes.within(routeKey)),
      routeKeys: Object.keys(
        properties.has('RouteSettings') ? (properties.value('RouteSettings') ?? {}) : {},
      ),
    };
  });
  const routes = resourcesOf(source, 'AWS::ApiGatewayV2::Route').map(({ logicalId, properties }) => {
    const apiId = properties.text('ApiId');
    const routeKey = properties.text('RouteKey');
    const parsed = parseRouteKey(routeKey);
    if (parsed === undefined)
      throw properties.refuse('RouteKey', `"${routeKey}" is not a route key of an HTTP API`);
    const integration = integrations.get(properties.text('Target').replace(/^integrations\//, ''));
    if (integration === undefined)
      throw properties.refuse('Target', 'is not an integration of this template');
    const authorizer = authorizers.get(properties.optionalText('AuthorizerId') ?? '');
    const authorized = properties.optionalText('AuthorizationType') === 'JWT';
    if (authorized && authorizer === undefined)
      throw properties.refuse(
        'AuthorizerId',
        'is not an authorizer of this template, but AuthorizationType is JWT',
      );
    const { region, accountId } = source;
    const { arn } = integration.functionModel;
    const path = parsed.kind === 'default' ? '$default' : `${parsed.method}${parsed.path}`;
    const sourceArn = `arn:aws:execute-api:${region}:${accountId}:${apiId}/$default/${path}`;
    const route: RouteModel = {
      logicalId,
      routeKey,
      functionName: integration.functionModel.name,
      integrationTimeoutMs: integration.timeoutMs,
      sourceArn,
      permitted: evaluate(apiGateway, callOfRoute({ sourceArn }, arn, accountId), policies.get(arn)).allowed,
      ...(authorized && authorizer !== undefined ? { authorizer } : {}),
      scopes: properties.texts('AuthorizationScopes'),
    };
    return { apiId, route };
  });
  return resourcesOf(source, 'AWS::ApiGatewayV2::Api').map(({ logicalId, properties }) => {
    const apiId = source.physicalName(logicalId);
    const stage = stages.find((one) => one.apiId === apiId);
    if (stage === undefined) throw properties.refuse('Name', 'no AWS::ApiGatewayV2::Stage serves this API');
    const own = routes.filter((one) => one.apiId === apiId).map(({ route }) => route);
    for (const routeKey of stage.routeKeys)
      if (!own.some((route) => route.routeKey === routeKey))
        throw stage.properties.refuse('RouteSettings', `"${routeKey}" is not a route of this API`);
    return {
      logicalId,
      apiId,
      name: properties.text('Name'),
      routes: own.map((route): RouteModel => {
        const throttle = stage.routeThrottle(route.routeKey);
        return throttle === undefined ? route : { ...route, throttle };
      }),
      ...(stage.throttle === undefined ? {} : { throttle: stage.throttle }),
    };
  });
};

const throttleOf = (settings: PropertyReader): ThrottleModel | undefined => {
  const requestsPerSecond = settings.optionalNumber('ThrottlingRateLimit');
  const burst = settings.optionalNumber('ThrottlingBurstLimit');
  return requestsPerSecond === undefined || burst === undefined ? undefined : { requestsPerSecond, burst };
};
