/** Reads ARM templates: the workflows of Logic Apps in them, and their custom APIs. */
import { isArray, isObject, parseJsonValue, type Value, type ValueObject } from '../expressions/values.ts';
import type { ConnectionReference } from '../runner/workflow-definition.ts';
import { apiNameOfManagedApi } from './logic-apps.ts';
import {
  type ConnectorInPackage,
  type FlowInPackage,
  type ReadPackage,
  record,
  textOr,
} from './read-parts.ts';

/**
 * `[concat(parameters('namePrefix'), 'x')]` is called x; the managed API's name stands at the end of its id.
 */
const lastLiteral = (text: string): string => [...text.matchAll(/'([^']+)'/g)].at(-1)?.[1] ?? text;

const unescaped = (value: Value): Value => {
  if (typeof value === 'string') return value.startsWith('[[') ? value.slice(1) : value;
  if (isArray(value)) return value.map(unescaped);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unescaped(inner)]));
};

/** Defaults of the template as defaults of the workflow's parameters, so that it can be run as it is. */
const withDefaults = (definition: ValueObject, given: ValueObject, template: ValueObject): ValueObject => {
  const parameters = Object.fromEntries(
    Object.entries(record(definition.parameters)).map(([name, declared]): [string, Value] => {
      const value = record(given[name]).value;
      const source =
        typeof value === 'string' ? /^\[(json\()?parameters\('([^']+)'\)\)?\]$/.exec(value) : null;
      const standing =
        source === null ? value : record(record(template.parameters)[source[2] ?? '']).defaultValue;
      const read =
        source?.[1] !== undefined && typeof standing === 'string' ? parseJsonValue(standing) : standing;
      return [
        name,
        {
          ...record(declared),
          ...(read !== undefined && record(declared).defaultValue === undefined && { defaultValue: read }),
        },
      ];
    }),
  );
  return { ...definition, parameters };
};

export const readTemplate = (template: ValueObject, file: string): Omit<ReadPackage, 'kind' | 'files'> => {
  const resources = isArray(template.resources ?? null)
    ? (template.resources as readonly Value[]).map(record)
    : [];
  const flows = resources.flatMap((resource, index): readonly FlowInPackage[] => {
    if (resource.type !== 'Microsoft.Logic/workflows') return [];
    const { definition, parameters } = record(resource.properties);
    const given = record(parameters);
    const connections = new Map(
      Object.entries(record(record(given.$connections).value)).map(
        ([key, connection]): [string, ConnectionReference] => {
          const id = textOr(record(connection).id);
          const isCustom = id.includes('customApis');
          const managed = isCustom ? key : lastLiteral(id).replace(/^.*\/managedApis\//, '');
          return [key, { apiName: apiNameOfManagedApi(managed), ...(isCustom && { logicalName: key }) }];
        },
      ),
    );
    return [
      {
        place: `${file}: resources/${index} (${lastLiteral(textOr(resource.name, file))})`,
        name: textOr(record(resource.tags).displayName, lastLiteral(textOr(resource.name, file))),
        dialect: 'logic-apps',
        definition: withDefaults(record(unescaped(definition ?? null)), given, template),
        connections,
        document: resource,
      },
    ];
  });
  const connectors = resources.flatMap((resource, index): readonly ConnectorInPackage[] => {
    if (resource.type !== 'Microsoft.Web/customApis') return [];
    const { swagger = null, displayName } = record(resource.properties);
    const name = 'customerinsights';
    return [
      {
        place: `${file}: resources/${index}`,
        name,
        title: textOr(displayName, name),
        definition: unescaped(swagger),
      },
    ];
  });
  return { flows, connectors, unreadable: [] };
};
