import { checkValues } from './check-template.ts';
import type { FunctionModel } from './model.ts';
import { type PropertyReader, readerOf } from './property-reader.ts';
import type { Resolver } from './resolve.ts';
import type { Template } from './template.ts';

/** The template with everything that is needed to read it. */
export interface ModelSource {
  readonly template: Template;
  readonly resolver: Resolver;
  readonly region: string;
  readonly accountId: string;
  readonly physicalName: (logicalId: string) => string;
  readonly arnOf: (logicalId: string) => string;
}

/** Resources of one type, each with its resolved and checked properties. */
export const resourcesOf = (
  source: ModelSource,
  type: string,
): readonly { readonly logicalId: string; readonly properties: PropertyReader }[] =>
  Object.entries(source.template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([logicalId]) => {
      const properties = source.resolver.properties(logicalId);
      checkValues(logicalId, type, properties);
      return { logicalId, properties: readerOf({ logicalId, type }, properties) };
    });

/** The function that a property names by name or ARN. */
export const functionNamed = (
  functions: readonly FunctionModel[],
  properties: PropertyReader,
  property: string,
): FunctionModel => {
  const given = properties.text(property);
  const found = functions.find(({ name, arn }) => given === name || given === arn);
  if (found === undefined) throw properties.refuse(property, `${given} is not a function of this template`);
  return found;
};
