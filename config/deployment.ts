/**
 * What the name of a deployment decides. Two deployments in one account and region share nothing that is
 * named here; one without a name is called as it was before deployments could have one.
 */
import type { Configuration } from './schema.ts';

export interface DeploymentNames {
  /** Name of the CloudFormation stack, which begins the names that CloudFormation makes. */
  readonly stack: string;
  /** Name of the HTTP API. */
  readonly api: string;
  /** Of the stack, and by it of everything in it that can have tags. */
  readonly tags: Readonly<Record<string, string>>;
}

export const deploymentNames = ({ deployment }: Pick<Configuration, 'deployment'>): DeploymentNames =>
  deployment === undefined
    ? { stack: 'InsightsConnector', api: 'insights-connector', tags: { application: 'insights-connector' } }
    : {
        stack: `InsightsConnector-${deployment.name}`,
        api: `insights-connector-${deployment.name}`,
        tags: { application: 'insights-connector', deployment: deployment.name },
      };

/**
 * The configuration with the name of its deployment and a slash in front of every secret's name that does not
 * begin with them: a second stage is often a copy of the first, and must not be given the first one's
 * secrets. Without a deployment name nothing changes; to apply it twice is to apply it once.
 */
export const withSecretsOfDeployment = (configuration: Configuration): Configuration => {
  const { deployment, applications, instances } = configuration;
  if (deployment === undefined) return configuration;
  const prefix = `${deployment.name}/`;
  const named = (secret: string) => (secret.startsWith(prefix) ? secret : `${prefix}${secret}`);
  return {
    ...configuration,
    applications: {
      ...applications,
      api: { ...applications.api, secret: named(applications.api.secret) },
    },
    instances: instances.map((instance) => ({ ...instance, secret: named(instance.secret) })),
  };
};
