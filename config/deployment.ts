/**
 * The names that depend on the name of a deployment. Two deployments in one account and region share none of
 * them. A deployment without a name has the names from before deployments could have one.
 */
import type { Configuration } from './schema.ts';

export interface DeploymentNames {
  /** Name of the CloudFormation stack, which begins the names that CloudFormation makes. */
  readonly stack: string;
  /** Name of the HTTP API. */
  readonly api: string;
  /** Tags of the stack, which all resources in it get that can have tags. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The tags that a deployment sets itself. */
export const ownTags: ReadonlySet<string> = new Set(['application', 'deployment']);

export const deploymentNames = ({ deployment }: Pick<Configuration, 'deployment'>): DeploymentNames =>
  deployment === undefined
    ? { stack: 'InsightsConnector', api: 'insights-connector', tags: { application: 'insights-connector' } }
    : {
        stack: `InsightsConnector-${deployment.name}`,
        api: `insights-connector-${deployment.name}`,
        tags: { application: 'insights-connector', deployment: deployment.name },
      };

/**
 * Puts the name of the deployment and a slash in front of each secret's name that does not begin with them. A
 * second stage is often a copy of the first and must not get the secrets of the first. Without a deployment
 * name nothing changes; a second application changes nothing.
 */
export const withSecretsOfDeployment = (configuration: Configuration): Configuration => {
  const { deployment, applications, instances } = configuration;
  if (deployment === undefined) return configuration;
  const { secretName } = applications.api;
  const prefix = `${deployment.name}/`;
  const named = (secret: string) => (secret.startsWith(prefix) ? secret : `${prefix}${secret}`);
  return {
    ...configuration,
    applications: {
      ...applications,
      api: { ...applications.api, ...(secretName !== undefined && { secretName: named(secretName) }) },
    },
    instances: instances.map((instance) => ({ ...instance, secretName: named(instance.secretName) })),
  };
};
