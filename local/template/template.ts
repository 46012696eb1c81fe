import { isJsonObject, type Json, type JsonObject } from '../../connector/emit/json.ts';

/** A CloudFormation template as the CDK app synthesises it: only the parts that the local run reads. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Json; readonly [other: string]: Json }>>;
  /**
   * Checks that CloudFormation makes before a deployment: the CDK's bootstrap version, and what the stack was
   * deployed for (the guard parameters, which nothing else reads). Not evaluated here.
   */
  readonly Rules?: Readonly<Record<string, Json>>;
  /** Such as Conditions and Mappings: the check refuses sections that are not named above. */
  readonly [section: string]: unknown;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: readonly string[];
  readonly Description?: string;
  readonly [constraint: string]: unknown;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Properties;
  readonly DependsOn?: string | readonly string[];
  readonly [attribute: string]: unknown;
}

export type { Json };
export type Properties = JsonObject;

/** The one key of an intrinsic function (`{"Ref": …}`, `{"Fn::Join": …}`), or undefined for plain values. */
export function intrinsicOf(value: Json): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const [key, ...others] = Object.keys(value);
  return key !== undefined && others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))
    ? key
    : undefined;
}
