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

/** Name by logical id, of what another name would replace by an empty one. */
const held = ({ tables, queues, keys }: DeploymentModel): ReadonlyMap<string, string> =>
  new Map([
    ...[...tables, ...queues].map(({ logicalId, name }) => [logicalId, name] as const),
    ...keys.map(({ logicalId, keyId }) => [logicalId, keyId] as const),
  ]);

/**
 * Creates what only the second model declares, and gives queues of both the attributes of the second. What only the first
 * one declares stays.
 * @throws TemplateError when something would be replaced; nothing has changed then
 */
export const updateResources = async (
  from: DeploymentModel,
  to: DeploymentModel,
  engines: Engines,
): Promise<void> => {
  const before = held(from);
  for (const [logicalId, name] of held(to)) {
    const former = before.get(logicalId) ?? name;
    if (former !== name)
      throw new TemplateError({ logicalId }, `is ${former} and would be replaced by ${name}`);
  }
  const isNew = ({ logicalId }: { readonly logicalId: string }) => !before.has(logicalId);
  const added = {
    ...to,
    queues: to.queues.filter(isNew),
    tables: to.tables.filter(isNew),
    keys: to.keys.filter(isNew),
    // A secret that the account has keeps its value, as when a stack takes it over.
    secrets: to.secrets.filter(({ name }) => !engines.secretsAndKeys.hasSecret(name)),
  };
  await createResources(added, engines, {});
  for (const { name, attributes } of to.queues) engines.sqs.replaceAttributes(name, attributes);
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
