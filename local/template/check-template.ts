import { isDeepStrictEqual } from 'node:util';
import { isJsonObject } from '../../connector/emit/json.ts';
import { intrinsicOf, type Json, type Properties, type Template } from './template.ts';
import { TemplateError, type TemplateLocation } from './template-error.ts';
import {
  type PropertyRule,
  type PropertyRules,
  resourceAttributes,
  templateSections,
  vocabulary,
} from './vocabulary.ts';

/**
 * Refuses every section, resource type, resource attribute and property that the local run does not know.
 * Values that an intrinsic function yields are checked by {@link checkValues}, once they are known.
 * @throws TemplateError naming logical id, type and property.
 */
export const checkTemplate = (template: Template): void => {
  for (const section of Object.keys(template)) {
    if (!templateSections.includes(section))
      throw new TemplateError({}, `the section ${section} is not known to the local run`);
  }
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    const location = { logicalId, type: resource.Type };
    const rules = rulesOf(location, resource.Type);
    for (const attribute of Object.keys(resource)) {
      if (!resourceAttributes.includes(attribute))
        throw new TemplateError(
          location,
          `the resource attribute ${attribute} is not known to the local run`,
        );
    }
    for (const dependency of [resource.DependsOn ?? []].flat()) {
      if (!Object.hasOwn(template.Resources, dependency))
        throw new TemplateError(
          location,
          `DependsOn names ${dependency}, which the template does not contain`,
        );
    }
    checkProperties(location, rules, resource.Properties ?? {}, '');
  }
};

/** The same check for properties after intrinsic functions were resolved. */
export const checkValues = (logicalId: string, type: string, properties: Properties): void => {
  const location = { logicalId, type };
  checkProperties(location, rulesOf(location, type), properties, '');
};

/**
 * Properties present in the template that have no effect locally, each with the reason, in the template's
 * order.
 */
export const ignoredProperties = (
  template: Template,
): readonly {
  readonly logicalId: string;
  readonly type: string;
  readonly property: string;
  readonly reason: string;
}[] =>
  Object.entries(template.Resources).flatMap(([logicalId, { Type: type, Properties: properties }]) =>
    ignoredWithin(vocabulary[type] ?? {}, properties ?? {}, '').map((found) => ({
      logicalId,
      type,
      ...found,
    })),
  );

const rulesOf = (location: TemplateLocation, type: string): PropertyRules => {
  const rules = Object.hasOwn(vocabulary, type) ? vocabulary[type] : undefined;
  if (rules === undefined)
    throw new TemplateError(
      location,
      'the local run does not support this resource type; implement it in local/template, or remove it from the stack',
    );
  return rules;
};

const checkProperties = (
  location: TemplateLocation,
  rules: PropertyRules,
  properties: Properties,
  prefix: string,
): void => {
  for (const [name, value] of Object.entries(properties)) {
    const property = `${prefix}${name}`;
    const rule = ruleFor(rules, name);
    if (rule === undefined)
      throw new TemplateError(
        { ...location, property },
        'the local run does not honour this property; implement it in local/template, or list it as ignored with the reason',
      );
    checkValue({ ...location, property }, rule, value);
  }
};

const checkValue = (
  location: TemplateLocation & { readonly property: string },
  rule: PropertyRule,
  value: Json,
): void => {
  if (intrinsicOf(value) !== undefined) return;
  if (rule.kind === 'only' && !rule.values.some((allowed) => isDeepStrictEqual(allowed, value))) {
    const allowed = rule.values.map((one) => JSON.stringify(one)).join(' or ');
    throw new TemplateError(location, `is ${JSON.stringify(value)}; the local run only honours ${allowed}`);
  }
  if (rule.kind === 'within') {
    if (!isJsonObject(value))
      throw new TemplateError(location, `is ${JSON.stringify(value)}; an object is expected`);
    checkProperties(location, rule.properties, value, `${location.property}.`);
  }
  if (rule.kind === 'each') {
    if (!Array.isArray(value))
      throw new TemplateError(location, `is ${JSON.stringify(value)}; a list is expected`);
    for (const [index, item] of value.entries()) {
      if (!isJsonObject(item))
        throw new TemplateError(location, `contains ${JSON.stringify(item)}; an object is expected`);
      checkProperties(location, rule.properties, item, `${location.property}.${index}.`);
    }
  }
};

const ignoredWithin = (
  rules: PropertyRules,
  properties: Properties,
  prefix: string,
): readonly { readonly property: string; readonly reason: string }[] =>
  Object.entries(properties).flatMap(([name, value]) => {
    const rule = ruleFor(rules, name);
    if (rule?.kind === 'ignored') return [{ property: `${prefix}${name}`, reason: rule.reason }];
    if (rule?.kind === 'within' && isJsonObject(value))
      return ignoredWithin(rule.properties, value, `${prefix}${name}.`);
    if (rule?.kind === 'each' && Array.isArray(value))
      return value.flatMap((item, index) =>
        isJsonObject(item) ? ignoredWithin(rule.properties, item, `${prefix}${name}.${index}.`) : [],
      );
    return [];
  });

const ruleFor = (rules: PropertyRules, name: string): PropertyRule | undefined =>
  Object.hasOwn(rules, name) ? rules[name] : undefined;
