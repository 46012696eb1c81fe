import { instanceKeys } from '../../config/instance-keys.ts';
import { ConnectorError } from '../runtime/errors.ts';
import type { Secrets, SecretValues } from './secret-reader.ts';

/**
 * The subscription keys of instances. Every instance has two, so that one can be regenerated while the other
 * is used.
 */
export interface SubscriptionKeys {
  /** Keys to try, the one accepted last first. */
  of(instanceId: string): Promise<readonly string[]>;
  /** The keys read again, after all of `of` were refused. */
  reread(instanceId: string): Promise<readonly string[]>;
  /** Remembers which key was accepted. */
  accepted(instanceId: string, key: string): void;
}

/**
 * @param secretName the secret of an instance, as config/instance-keys.ts describes it; the second key may be absent
 */
export const createSubscriptionKeys = (options: {
  readonly secrets: Secrets;
  readonly secretName: (instanceId: string) => string;
}): SubscriptionKeys => {
  const { secrets, secretName } = options;
  const preferred = new Map<string, string>();

  const ordered = (instanceId: string, values: SecretValues): readonly string[] => {
    const { primary, secondary } = instanceKeys(values, instanceId);
    const keys = [primary, secondary].filter((key): key is string => key !== undefined && key !== '');
    if (keys.length === 0)
      throw new ConnectorError(
        'SecretUnreadable',
        `The secret ${secretName(instanceId)} contains no subscription key of the instance. The command "insights-connector secrets put" stores the keys from Settings > Permissions > APIs of the instance.`,
      );
    const first = preferred.get(instanceId);
    return first !== undefined && keys.includes(first)
      ? [first, ...keys.filter((key) => key !== first)]
      : keys;
  };

  return {
    of: async (instanceId) => ordered(instanceId, await secrets.read(secretName(instanceId))),
    reread: async (instanceId) =>
      ordered(instanceId, await secrets.read(secretName(instanceId), { fresh: true })),
    accepted(instanceId, key) {
      preferred.set(instanceId, key);
    },
  };
};
