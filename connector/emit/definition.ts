/**
 * The shape of apiDefinition.swagger.json: Swagger 2.0 with the Power Platform extensions that this connector
 * uses (https://learn.microsoft.com/connectors/custom-connectors/openapi-extensions).
 */
import type { OpenAPIV2 } from 'openapi-types';
import type { Visibility } from '../contract/schema.ts';

export interface Reference {
  readonly $ref: string;
}

type Literal = string | number | boolean;

/** `{"parameter": name}` or a literal. */
export type ParameterBinding = Literal | { readonly parameter: string };
/** The stricter form of list and properties, which tells parameters from body properties. */
export type ReferenceBinding = { readonly value: Literal } | { readonly parameterReference: string };

export interface SwaggerDynamicValues {
  readonly operationId: string;
  readonly parameters: Readonly<Record<string, ParameterBinding>>;
  readonly 'value-collection': string;
  readonly 'value-path': string;
  readonly 'value-title': string;
}

export interface SwaggerDynamicList {
  readonly operationId: string;
  readonly parameters: Readonly<Record<string, ReferenceBinding>>;
  readonly itemsPath: string;
  readonly itemValuePath: string;
  readonly itemTitlePath: string;
}

export interface SwaggerDynamicSchema {
  readonly operationId: string;
  readonly parameters: Readonly<Record<string, ParameterBinding>>;
  readonly 'value-path': string;
}

export interface SwaggerDynamicProperties {
  readonly operationId: string;
  readonly parameters: Readonly<Record<string, ReferenceBinding>>;
  readonly itemValuePath: string;
}

/** What parameters and schemas have in common. */
export interface ValueKeywords {
  type: string;
  format?: string;
  enum?: Literal[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  description?: string;
  'x-ms-summary'?: string;
  'x-ms-visibility'?: Visibility;
  'x-ms-enum-values'?: readonly { readonly value: string; readonly displayName: string }[];
  'x-ms-dynamic-values'?: SwaggerDynamicValues;
  'x-ms-dynamic-list'?: SwaggerDynamicList;
}

export interface TypedSchema extends ValueKeywords {
  items?: SwaggerSchema;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  required?: string[];
  properties?: Record<string, SwaggerSchema>;
  additionalProperties?: boolean;
  'x-nullable'?: boolean;
  'x-ms-notification-url'?: boolean;
  'x-ms-dynamic-schema'?: SwaggerDynamicSchema;
  'x-ms-dynamic-properties'?: SwaggerDynamicProperties;
}

export type SwaggerSchema = Reference | TypedSchema;

export interface PlainParameter extends ValueKeywords {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  'x-ms-url-encoding'?: 'double';
}

export interface BodyParameter {
  name: 'body';
  in: 'body';
  required: boolean;
  schema: SwaggerSchema;
}

export type SwaggerParameter = PlainParameter | BodyParameter;

export interface SwaggerResponse {
  description: string;
  headers?: Record<string, { type: string; description: string }>;
  schema?: SwaggerSchema;
}

export interface SwaggerOperation {
  summary: string;
  description: string;
  operationId: string;
  'x-ms-visibility'?: Visibility;
  deprecated?: true;
  'x-ms-api-annotation'?: {
    readonly family: string;
    readonly revision: number;
    readonly replacement?: { readonly api: string; readonly operationId: string };
  };
  'x-ms-trigger'?: 'single';
  'x-ms-trigger-hint'?: string;
  'x-ms-pageable'?: { readonly nextLinkName: NextLinkName };
  parameters: SwaggerParameter[];
  responses: Record<string, SwaggerResponse>;
}

/** The format admits `nextLink` too; the contract's pages carry the OData name. */
export type NextLinkName = '@odata.nextLink';

export type SwaggerMethod = 'get' | 'post' | 'patch' | 'delete';

export type SwaggerPathItem = {
  'x-ms-notification-content'?: { description: string; schema: SwaggerSchema };
} & { [method in SwaggerMethod]?: SwaggerOperation };

/** Keys in the order in which they are written. */
export interface ConnectorDefinition extends OpenAPIV2.Document {
  swagger: '2.0';
  info: Required<Pick<OpenAPIV2.InfoObject, 'title' | 'description' | 'version' | 'contact'>>;
  host: string;
  basePath: string;
  schemes: ['https'];
  consumes: ['application/json'];
  produces: ['application/json'];
  paths: Record<string, SwaggerPathItem>;
  definitions: Record<string, TypedSchema>;
  securityDefinitions: Record<string, OpenAPIV2.SecuritySchemeOauth2AccessCode>;
  security: Record<string, string[]>[];
  'x-ms-connector-metadata': readonly { readonly propertyName: string; readonly propertyValue: string }[];
  'x-ms-capabilities'?: {
    readonly testConnection: {
      readonly operationId: string;
      readonly parameters: Readonly<Record<string, Literal>>;
    };
  };
}
