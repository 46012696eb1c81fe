import { dayMs } from '../runtime/time.ts';
import type { SecretValues } from './secret-reader.ts';

/** What `az ad app credential reset --years 1` makes, and what a secret without a record is taken for. */
const assumedLifeMs = 365 * dayMs;

/** When a stored client secret expires. */
export interface ClientSecretExpiry {
  /** Epoch ms. */
  readonly expiresAt: number;
  /** Days until then; negative when it has expired. */
  readonly daysLeft: number;
  /** False where nothing recorded the expiry: a year after it was stored is assumed. */
  readonly recorded: boolean;
}

/**
 * When a client secret expires. `secrets put` records it beside the secret, as `expiresAt` in the same JSON: ISO 8601,
 * UTC. So it can never be that of another version of the secret.
 * @param storedAt epoch ms of that version
 */
export const clientSecretExpiry = (
  { expiresAt: record }: SecretValues,
  storedAt: number,
  now: number,
): ClientSecretExpiry => {
  const recordedAt = record === undefined ? Number.NaN : Date.parse(record);
  const recorded = !Number.isNaN(recordedAt);
  const expiresAt = recorded ? recordedAt : storedAt + assumedLifeMs;
  return { expiresAt, daysLeft: (expiresAt - now) / dayMs, recorded };
};
