import { isJsonObject } from '../../connector/emit/json.ts';
import { intrinsicOf, type Json, type Properties, type Template } from './template.ts';
import { TemplateError, type TemplateLocation } from './template-error.ts';

/** What an existing resource answers to Ref and Fn::GetAtt. */
export interface ResourceNames {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ResolverOptions {
  readonly template: Template;
  /** Values of template parameters; those left out take their defaults. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly region: string;
  readonly accountId: string;
  readonly namesOf: (logicalId: string) => ResourceNames;
}

export interface Resolver {
  /**
   * The value with every intrinsic function replaced.
   * @throws TemplateError on one that is unknown or dangling.
   */
  resolve(value: Json, location: TemplateLocation): Json;
  properties(logicalId: string): Properties;
}

/**
 * Understands Ref, Fn::GetAtt, Fn::Join, Fn::Sub and the pseudo parameters of one partition, region and
 * account.
 */
export const createResolver = (options: ResolverOptions): Resolver => {
  const values = new Map<string, string>([
    ['AWS::Partition', 'aws'],
    ['AWS::Region', options.region],
    ['AWS::AccountId', options.accountId],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', 'local'],
    ...parameterValues(options),
  ]);

  const reference = (name: string, location: TemplateLocation): string => {
    const value = values.get(name);
    if (value !== undefined) return value;
    if (Object.hasOwn(options.template.Resources, name)) return options.namesOf(name).ref;
    throw new TemplateError(
      location,
      `Ref names ${name}, which is neither a parameter with a value nor a resource`,
    );
  };

  const attribute = (logicalId: string, name: string, location: TemplateLocation): string => {
    if (!Object.hasOwn(options.template.Resources, logicalId))
      throw new TemplateError(
        location,
        `Fn::GetAtt names the resource ${logicalId}, which the template does not contain`,
      );
    const value = options.namesOf(logicalId).attributes[name];
    if (value === undefined) {
      const type = options.template.Resources[logicalId]?.Type;
      throw new TemplateError(
        location,
        `Fn::GetAtt asks ${logicalId} (${type}) for ${name}, which the local run does not know`,
      );
    }
    return value;
  };

  const text = (value: Json, location: TemplateLocation): string => {
    const resolved = resolve(value, location);
    if (typeof resolved === 'string') return resolved;
    if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
    throw new TemplateError(location, `a text is expected, not ${JSON.stringify(resolved)}`);
  };

  const substitute = (argument: Json | undefined, location: TemplateLocation): string => {
    const [pattern, replacements] = Array.isArray(argument) ? argument : [argument];
    if (typeof pattern !== 'string')
      throw new TemplateError(location, 'Fn::Sub takes a text, or a text and a map');
    return pattern.replace(/\$\{(!?)([^}]*)\}/g, (_whole, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (isJsonObject(replacements)) {
        const given = replacements[name];
        if (given !== undefined) return text(given, location);
      }
      const dot = name.indexOf('.');
      return dot === -1
        ? reference(name, location)
        : attribute(name.slice(0, dot), name.slice(dot + 1), location);
    });
  };

  const call = (name: string, argument: Json | undefined, location: TemplateLocation): Json => {
    switch (name) {
      case 'Ref':
        return reference(String(argument), location);
      case 'Fn::GetAtt': {
        const [logicalId, attributeName] = Array.isArray(argument)
          ? argument
          : String(argument).split(/\.(.*)/s);
        return attribute(String(logicalId), text(attributeName ?? '', location), location);
      }
      case 'Fn::Join': {
        const [separator, parts] = Array.isArray(argument) ? argument : [];
        if (typeof separator !== 'string' || !Array.isArray(parts))
          throw new TemplateError(location, 'Fn::Join takes a separator and a list');
        return parts.map((part: Json) => text(part, location)).join(separator);
      }
      case 'Fn::Sub':
        return substitute(argument, location);
      default:
        throw new TemplateError(location, `the local run does not support the function ${name}`);
    }
  };

  const resolve = (value: Json, location: TemplateLocation): Json => {
    const intrinsic = intrinsicOf(value);
    if (intrinsic !== undefined && isJsonObject(value)) return call(intrinsic, value[intrinsic], location);
    if (Array.isArray(value)) return value.map((item: Json) => resolve(item, location));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        resolve(item, {
          ...location,
          property: location.property === undefined ? key : `${location.property}.${key}`,
        }),
      ]),
    );
  };

  return {
    resolve,
    properties(logicalId) {
      const resource = options.template.Resources[logicalId];
      const resolved = resolve(resource?.Properties ?? {}, { logicalId, type: resource?.Type ?? 'unknown' });
      return isJsonObject(resolved) ? resolved : {};
    },
  };
};

/** Parameters of the CDK's bootstrap check read the account's parameter store; only Rules use them. */
const isReadFromAccount = (type: string): boolean => type.startsWith('AWS::SSM::');

const parameterValues = ({
  template,
  parameters,
}: ResolverOptions): readonly (readonly [string, string])[] => {
  const declared = template.Parameters ?? {};
  for (const name of Object.keys(parameters)) {
    if (!Object.hasOwn(declared, name)) {
      const known = Object.keys(declared).join(', ') || 'none';
      throw new TemplateError({}, `the parameter ${name} was given, but the template declares ${known}`);
    }
  }
  return Object.entries(declared)
    .filter(([, { Type }]) => !isReadFromAccount(Type))
    .map(([name, declaration]) => {
      const value = parameters[name] ?? declaration.Default;
      if (value === undefined)
        throw new TemplateError({}, `the parameter ${name} has no default: give it a value`);
      const given = String(value);
      if (
        declaration.AllowedPattern !== undefined &&
        !new RegExp(`^(?:${declaration.AllowedPattern})$`).test(given)
      )
        throw new TemplateError(
          {},
          `the parameter ${name} is "${given}", which does not match ${declaration.AllowedPattern}`,
        );
      if (declaration.AllowedValues !== undefined && !declaration.AllowedValues.includes(given))
        throw new TemplateError(
          {},
          `the parameter ${name} is "${given}"; allowed: ${declaration.AllowedValues.join(', ')}`,
        );
      return [name, given] as const;
    });
};
