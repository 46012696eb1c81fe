import type { Engines } from './engines.ts';
import type { DeploymentModel, QueueModel } from './model.ts';
import { TemplateError } from './template-error.ts';

/**
 * Creates what the model declares in the embedded services.
 * @param secrets values by name, of secrets of the template and of others that the account has
 * @param keyMaterial by logical id; random for those left out
 */
export const createResources = async (
  model: DeploymentModel,
  engines: Engines,
  secrets: Readonly<Record<string, string>>,
  keyMaterial: Readonly<Record<string, Uint8Array>> = {},
): Promise<void> => {
  for (const { name, value } of model.secrets) {
    if (value === undefined) engines.secretsAndKeys.createSecret(name);
    else engines.secretsAndKeys.putSecret(name, value);
  }
  for (const [name, value] of Object.entries(secrets)) engines.secretsAndKeys.putSecret(name, value);
  for (const { logicalId, keyId, aliases } of model.keys)
    engines.secretsAndKeys.createKey({ keyId, aliases, material: keyMaterial[logicalId] });
  createQueues(model.queues, engines);
  await Promise.all(model.tables.map((table) => engines.createTable(table)));
};

/** A queue comes after the dead-letter queue that it names. */
const createQueues = (queues: readonly QueueModel[], engines: Engines): void => {
  const names = new Set(queues.map(({ arn }) => arn));
  const created = new Set<string>();
  for (let left = queues; left.length > 0; ) {
    const ready = left.filter(
      ({ deadLetterArn }) =>
        deadLetterArn === undefined || !names.has(deadLetterArn) || created.has(deadLetterArn),
    );
    const [next] = ready.length > 0 ? ready : left;
    if (next === undefined) return;
    try {
      engines.sqs.createQueue(next.name, next.attributes);
    } catch (error) {
      const location = { logicalId: next.logicalId, type: 'AWS::SQS::Queue' };
      throw new TemplateError(location, error instanceof Error ? error.message : String(error));
    }
    created.add(next.arn);
    left = left.filter((queue) => queue !== next);
  }
};
