/** What only the target environment knows, from a file that the user fills in. */
import { Ajv } from 'ajv';
import type { Api, Setting } from '../definitions/authoring.ts';

export interface EnvironmentIds {
  /** Internal id of the connector there: `shared_…`, from the address of its page in the portal. */
  readonly connectorInternalId?: string;
  /** Ids of connections, from the address of their pages. */
  readonly connections?: Readonly<Partial<Record<Api, string>>>;
  /** Values of settings, by key. */
  readonly values?: Readonly<Record<string, string | number>>;
}

/** The file of environment ids is none. */
export class EnvironmentIdsUnreadable extends Error {
  override readonly name = 'EnvironmentIdsUnreadable';
  readonly exitCode = 1;
}

const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    connectorInternalId: { type: 'string', pattern: '^shared_[a-z0-9-]+$' },
    connections: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        ['customerInsights', 'teams', 'outlook'].map((api) => [api, { type: 'string', minLength: 1 }]),
      ),
    },
    values: { type: 'object', additionalProperties: { type: ['string', 'number'], minLength: 1 } },
  },
};

const isEnvironmentIds = (value: unknown, ajv: Ajv): value is EnvironmentIds => ajv.validate(schema, value);

/**
 * @param settings whose values may be given
 * @throws EnvironmentIdsUnreadable naming everything that is wrong
 */
export const readEnvironmentIds = (
  value: unknown,
  file: string,
  settings: readonly Setting[],
): EnvironmentIds => {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  if (!isEnvironmentIds(value, ajv))
    throw new EnvironmentIdsUnreadable(
      `${file} contains no ids of an environment: ${ajv.errorsText(ajv.errors, { dataVar: 'it' })}. Its form: {"connectorInternalId": "shared_…", "connections": {"customerInsights": "…", "teams": "…", "outlook": "…"}, "values": {"InstanceId": "…"}}.`,
    );
  const byKey = new Map(settings.map((setting) => [setting.key, setting]));
  const problems = Object.entries(value.values ?? {}).flatMap(([key, given]) => {
    const setting = byKey.get(key);
    if (setting === undefined)
      return [`values.${key} is not a setting; there are ${[...byKey.keys()].join(', ')}.`];
    return typeof given === setting.type ? [] : [`values.${key} must be a ${setting.type}.`];
  });
  if (problems.length > 0) throw new EnvironmentIdsUnreadable(`${file}: ${problems.join(' ')}`);
  return value;
};

export const settingValue = (setting: Setting, ids: EnvironmentIds): string | number =>
  ids.values?.[setting.key] ?? setting.example;
