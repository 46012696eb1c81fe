/** What `cdk deploy --outputs-file` says about a deployment: the values that the connector's files need. */
import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../../config/check.ts';
import type { Configuration } from '../../config/schema.ts';
import { isJsonObject } from './json.ts';

/** Names of the stack outputs; the CDK app declares outputs by these names. */
export const outputNames = {
  host: 'ConnectorHost',
  tenantId: 'TenantId',
  connectorClientId: 'ConnectorClientId',
  apiClientId: 'ApiClientId',
} as const;

export type DeploymentOutputs = Readonly<Record<keyof typeof outputNames, string>>;

const guid = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const allowed: Readonly<Record<keyof DeploymentOutputs, { readonly form: RegExp; readonly text: string }>> = {
  host: { form: /^[^{}/ :\\]+(:\d+)?$/, text: 'a host without scheme or path' },
  tenantId: { form: guid, text: 'a GUID' },
  connectorClientId: { form: guid, text: 'a GUID' },
  apiClientId: { form: guid, text: 'a GUID' },
};

const howToGetThem = 'Deploy with `npx cdk deploy --outputs-file cdk-outputs.json` and give that file.';

/**
 * Finds the stack of this project in the outputs of a deployment (stack → output → value).
 * @param source what the values came from, for messages: a file name
 * @throws ConfigurationError naming every missing or wrong output and how to get it
 */
export const parseOutputs = (values: unknown, source: string): DeploymentOutputs => {
  const stacks = isJsonObject(values)
    ? Object.values(values)
        .filter(isJsonObject)
        .filter((stack) => outputNames.host in stack)
    : [];
  const [stack, ...others] = stacks;
  if (stack === undefined)
    throw outputsError(source, [`no stack in the file has the output ${outputNames.host}. ${howToGetThem}`]);
  if (others.length > 0)
    throw outputsError(source, [
      `${stacks.length} stacks in the file have the output ${outputNames.host}. Give a file of one deployment.`,
    ]);
  const problems = Object.entries(allowed).flatMap(([key, { form, text }]) => {
    const name = outputNames[key as keyof DeploymentOutputs];
    const value = stack[name];
    if (value === undefined) return [`the output ${name} is missing. ${howToGetThem}`];
    if (typeof value !== 'string' || !form.test(value))
      return [`the output ${name} is ${JSON.stringify(value)}, which is not ${text}. ${howToGetThem}`];
    return [];
  });
  if (problems.length > 0) throw outputsError(source, problems);
  const value = (key: keyof DeploymentOutputs) => String(stack[outputNames[key]]);
  return {
    host: value('host'),
    tenantId: value('tenantId'),
    connectorClientId: value('connectorClientId'),
    apiClientId: value('apiClientId'),
  };
};

/** An outputs file that is of no use, with where it comes from. */
export const outputsError = (file: string, problems: readonly string[]): ConfigurationError =>
  new ConfigurationError(file, problems, 'docs/operating.md says where this file comes from.');

/** The outputs of all stacks in a file. @throws ConfigurationError when it is absent, or no JSON */
export const readOutputsFile = (file: string): unknown => {
  try {
    // Windows PowerShell begins a file that it redirects with a byte order mark.
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw outputsError(file, [
      isMissing
        ? `it does not exist. ${howToGetThem}`
        : `it cannot be read as JSON: ${reason}. ${howToGetThem}`,
    ]);
  }
};

/** @throws ConfigurationError when the file is absent, is not JSON, or lacks an output */
export const readOutputs = (file: string): DeploymentOutputs => parseOutputs(readOutputsFile(file), file);

/** The deployed values take precedence over the configured ones, because the deployed API answers. */
export const withOutputs = (
  configuration: Configuration,
  outputs: DeploymentOutputs | undefined,
): Configuration =>
  outputs === undefined
    ? configuration
    : {
        ...configuration,
        tenantId: outputs.tenantId,
        applications: {
          connector: { ...configuration.applications.connector, clientId: outputs.connectorClientId },
          api: { ...configuration.applications.api, clientId: outputs.apiClientId },
        },
        connector: { ...configuration.connector, host: outputs.host },
      };
