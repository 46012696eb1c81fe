import { intrinsicOf, isRecord, type Json, type Properties, type Template } from './template.ts';
import { TemplateError, type TemplatePlace } from './template-error.ts';

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
  /** The value with every intrinsic function replaced. @throws TemplateError on one that is unknown or dangling. */
  resolve(value: Json, place: TemplatePlace): Json;
  properties(logicalId: string): Properties;
}

/** Understands Ref, Fn::GetAtt, Fn::Join, Fn::Sub and the pseudo parameters of one partition, region and account. */
export const createResolver = (options: ResolverOptions): Resolver => {
  const values = new Map<string, string>([
    ['AWS::Partition', 'aws'],
    ['AWS::Region', options.region],
    ['AWS::AccountId', options.accountId],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', 'local'],
    ...parameterValues(options),
  ]);

  const reference = (name: string, place: TemplatePlace): string => {
    const value = values.get(name);
    if (value !== undefined) return value;
    if (Object.hasOwn(options.template.Resources, name)) return options.namesOf(name).ref;
    throw new TemplateError(
      place,
      `Ref names ${name}, which is neither a parameter with a value nor a resource`,
    );
  };

  const attribute = (logicalId: string, name: string, place: TemplatePlace): string => {
    if (!Object.hasOwn(options.template.Resources, logicalId))
      throw new TemplateError(
        place,
        `Fn::GetAtt names the resource ${logicalId}, which the template does not hold`,
      );
    const value = options.namesOf(logicalId).attributes[name];
    if (value === undefined) {
      const type = options.template.Resources[logicalId]?.Type;
      throw new TemplateError(
        place,
        `Fn::GetAtt asks ${logicalId} (${type}) for ${name}, which the local run does not know`,
      );
    }
    return value;
  };

  const text = (value: Json, place: TemplatePlace): string => {
    const resolved = resolve(value, place);
    if (typeof resolved === 'string') return resolved;
    if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
    throw new TemplateError(place, `a text is expected, not ${JSON.stringify(resolved)}`);
  };

  const substitute = (argument: Json | undefined, place: TemplatePlace): string => {
    const [pattern, replacements] = Array.isArray(argument) ? argument : [argument];
    if (typeof pattern !== 'string')
      throw new TemplateError(place, 'Fn::Sub takes a text, or a text and a map');
    return pattern.replace(/\$\{(!?)([^}]*)\}/g, (_whole, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (isRecord(replacements)) {
        const given = replacements[name];
        if (given !== undefined) return text(given, place);
      }
      const dot = name.indexOf('.');
      return dot === -1 ? reference(name, place) : attribute(name.slice(0, dot), name.slice(dot + 1), place);
    });
  };

  const call = (name: string, argument: Json | undefined, place: TemplatePlace): Json => {
    switch (name) {
      case 'Ref':
        return reference(String(argument), place);
      case 'Fn::GetAtt': {
        const [logicalId, attributeName] = Array.isArray(argument)
          ? argument
          : String(argument).split(/\.(.*)/s);
        return attribute(String(logicalId), text(attributeName ?? '', place), place);
      }
      case 'Fn::Join': {
        const [separator, parts] = Array.isArray(argument) ? argument : [];
        if (typeof separator !== 'string' || !Array.isArray(parts))
          throw new TemplateError(place, 'Fn::Join takes a separator and a list');
        return parts.map((part: Json) => text(part, place)).join(separator);
      }
      case 'Fn::Sub':
        return substitute(argument, place);
      default:
        throw new TemplateError(place, `the local run does not know the function ${name}`);
    }
  };

  const resolve = (value: Json, place: TemplatePlace): Json => {
    const intrinsic = intrinsicOf(value);
    if (intrinsic !== undefined && isRecord(value)) return call(intrinsic, value[intrinsic], place);
    if (Array.isArray(value)) return value.map((item: Json) => resolve(item, place));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        resolve(item, {
          ...place,
          property: place.property === undefined ? key : `${place.property}.${key}`,
        }),
      ]),
    );
  };

  return {
    resolve,
    properties(logicalId) {
      const resource = options.template.Resources[logicalId];
      const resolved = resolve(resource?.Properties ?? {}, { logicalId, type: resource?.Type ?? 'unknown' });
      return isRecord(resolved) ? resolved : {};
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
