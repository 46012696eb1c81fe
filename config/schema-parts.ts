/** Parts of the configuration's schema that several keys share. */
import { Type } from 'typebox';

export const guid = (description: string) =>
  Type.String({
    pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
    description: `${description} A GUID, for example 01234567-89ab-cdef-0123-456789abcdef.`,
  });

/**
 * Characters of a secret's name, the deployment's name in front of it included. Secrets Manager takes 512.
 */
export const longestSecretName = 400;

export const secretName = (description: string) =>
  Type.String({
    pattern: `^[A-Za-z0-9/_+=.@-]{1,${longestSecretName}}$`,
    description: `${description} Letters, digits and /_+=.@- , at most ${longestSecretName}. A named deployment (deployment.name) puts its name and a slash in front.`,
  });

/** An ARN of one service's resource, in any partition of AWS. */
export const arn = (service: string, resource: string, description: string) =>
  Type.String({ pattern: `^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d{12}:${resource}$`, description });

export const url = (description: string) =>
  Type.String({ pattern: '^https?://[^\\s]+[^/\\s]$', description });

/** `*.` in front matches one or more labels. */
export const hostPattern = Type.String({
  pattern: '^(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$',
  description: 'A host name in lower case, or *. and a domain for all hosts below it.',
});

export const closed = { additionalProperties: false } as const;

export const oneOf = <const Values extends readonly string[]>(
  values: Values,
  fallback: Values[number] | undefined,
  description: string,
) =>
  Type.Unsafe<Values[number]>({
    type: 'string',
    enum: [...values],
    ...(fallback !== undefined && { default: fallback }),
    description: `${description} One of ${values.join(', ')}.`,
  });

export const byDefault = (value: string | undefined) => (value === undefined ? {} : { default: value });

export const admittedInWindow = (callsDescription: string, description: string) =>
  Type.Object(
    {
      calls: Type.Integer({ minimum: 1, maximum: 100, default: 100, description: callsDescription }),
      windowSeconds: Type.Integer({
        minimum: 1,
        maximum: 3600,
        default: 60,
        description: 'Length of the window in seconds; 1 to 3600.',
      }),
    },
    { ...closed, default: {}, description },
  );
