import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnIntegration,
  CfnRoute,
  CfnStage,
  HttpApi,
  HttpAuthorizer,
  HttpAuthorizerType,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { audiencesOf } from '../config/audiences.ts';
import { consolePath } from '../config/console.ts';
import { routeKey } from '../connector/contract/index.ts';
import { type HttpFunction, httpFunctions, type Operation } from '../connector/contract/operation.ts';
import { servedOperations } from '../connector/contract/served.ts';
import { acceptRules } from './accepted-rules.ts';
import { constructId } from './construct-id.ts';

/**
 * Removals need no token, so anybody can send them: they have a bucket of their own, and a flood of them leaves
 * the other routes theirs. A person who deletes 50 flows at once is far below it.
 */
const removalThrottle = { rateLimit: 50, burstLimit: 100 };

/** Never the path, because the address that removes a subscription is a credential. */
export const accessLogFields = {
  requestId: '$context.requestId',
  routeKey: '$context.routeKey',
  status: '$context.status',
  sourceIp: '$context.identity.sourceIp',
  responseLatency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationStatus: '$context.integrationStatus',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
};

export interface ConnectorApiProps {
  readonly name: string;
  /** The issuer of callers' tokens. */
  readonly authority: string;
  /** Application id of the API's registration. */
  readonly audience: string;
  readonly functions: Readonly<Record<HttpFunction, IFunction>>;
  readonly logRetentionDays: RetentionDays;
  /** Over all callers. */
  readonly throttle: { readonly callsPerSecond: number; readonly burst: number };
  readonly encryptionKey?: IKey | undefined;
}

export interface OpenRoute {
  readonly name: string;
  /** Method and path. */
  readonly key: string;
  readonly target: IFunction;
  /** Of its own. */
  readonly throttle: { readonly rateLimit: number; readonly burstLimit: number };
  /** Why it needs no token. */
  readonly reason: string;
}

/** The stage comes after the route: CloudFormation refuses settings of a route that is not there. */
const withRouteThrottle = (
  stage: HttpStage,
  route: CfnRoute,
  { rateLimit, burstLimit }: typeof removalThrottle,
): void => {
  const { defaultChild } = stage.node;
  if (!(defaultChild instanceof CfnStage)) throw new TypeError('The stage has no resource of its own.');
  defaultChild.addPropertyOverride(`RouteSettings.${route.routeKey.replaceAll('.', '\\.')}`, {
    ThrottlingRateLimit: rateLimit,
    ThrottlingBurstLimit: burstLimit,
  });
  defaultChild.addResourceDependency(route);
};

/** The HTTP API: one route per operation of the contract, those of the console's pages, and one for everything else. */
export class ConnectorApi extends Construct {
  readonly api: HttpApi;
  readonly accessLog: LogGroup;
  readonly #stage: HttpStage;

  constructor(scope: Construct, id: string, props: ConnectorApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: props.name,
      description: 'Customer Insights events and data for Power Automate.',
      createDefaultStage: false,
    });
    this.accessLog = new LogGroup(this, 'AccessLog', {
      retention: props.logRetentionDays,
      ...(props.encryptionKey && { encryptionKey: props.encryptionKey }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acceptRules(this.accessLog, 'accessLog');
    this.#stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: props.throttle.callsPerSecond, burstLimit: props.throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLog),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    const userToken = new HttpAuthorizer(this, 'UserToken', {
      httpApi: this.api,
      type: HttpAuthorizerType.JWT,
      identitySource: ['$request.header.Authorization'],
      jwtIssuer: props.authority,
      jwtAudience: audiencesOf(props.audience),
    });
    const integrations = Object.fromEntries(
      httpFunctions.map((name) => [name, this.#integration(constructId(name), props.functions[name])]),
    ) as Readonly<Record<HttpFunction, CfnIntegration>>;
    const token = { authorizationType: 'JWT', authorizerId: userToken.authorizerId };
    // Whether a token is one of a connection or of the console, the functions decide: they can say what is wrong.
    const access = { user: token, console: token, location: { authorizationType: 'NONE' } };
    const route = this.#route.bind(this);
    for (const operation of servedOperations as readonly Operation[]) {
      const { operationId, authentication } = operation;
      const added = route(
        operationId,
        routeKey(operation),
        integrations[operation.function],
        access[authentication],
      );
      if (authentication === 'location') {
        withRouteThrottle(this.#stage, added, removalThrottle);
        Validations.of(added).acknowledge({
          id: 'AwsSolutions-APIG4',
          reason: 'Power Automate calls it without credentials; the unguessable address is the credential.',
        });
      }
    }
    for (const [name, key] of [
      ['ConsolePage', `GET ${consolePath}`],
      ['ConsoleFiles', `GET ${consolePath}/{path+}`],
    ] as const)
      Validations.of(route(name, key, integrations.console, access.location)).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: 'The page asks for the sign-in; it holds nothing of anybody.',
      });
    // An unknown route gets an error body with the known routes, instead of the gateway's body.
    route('UnknownRoute', '$default', integrations.proxy, access.user);
  }

  /** A route that needs no token, to a function that serves no operation of the contract. */
  addOpenRoute({ name, key, target, throttle, reason }: OpenRoute): void {
    const integration = this.#integration(`${name}Target`, target);
    const added = this.#route(name, key, integration, { authorizationType: 'NONE' });
    withRouteThrottle(this.#stage, added, throttle);
    Validations.of(added).acknowledge({ id: 'AwsSolutions-APIG4', reason });
  }

  #route(
    name: string,
    key: string,
    integration: CfnIntegration,
    authorization: { readonly authorizationType: string; readonly authorizerId?: string },
  ): CfnRoute {
    return new CfnRoute(this, name, {
      apiId: this.api.apiId,
      routeKey: key,
      target: `integrations/${integration.ref}`,
      ...authorization,
    });
  }

  /** Host name of the API, without scheme and path. */
  get host(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `${this.api.apiId}.execute-api.${region}.${urlSuffix}`;
  }

  /**
   * A function behind the API. The library's own integration adds a permission per route, which overruns the
   * 20 KB of a function's policy, or one whose pattern leaves out `$default`: here one for all routes of the
   * API.
   */
  #integration(name: string, target: IFunction): CfnIntegration {
    target.addPermission('InvokedByApi', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.api.apiId,
        resourceName: '*/*',
      }),
    });
    return new CfnIntegration(this, name, {
      apiId: this.api.apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: target.functionArn,
      payloadFormatVersion: '2.0',
    });
  }
}
