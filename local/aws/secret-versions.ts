import { createHash } from 'node:crypto';
import type { Account } from './account.ts';
import { ServiceError } from './service-error.ts';

export type SecretValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Buffer };

export interface SecretVersion {
  readonly id: string;
  readonly value: SecretValue;
  readonly createdAtMs: number;
  /**
   * AWSCURRENT, AWSPREVIOUS, AWSPENDING or other labels. A version without any is deprecated, but can
   * be read by its id.
   */
  readonly stages: ReadonlySet<string>;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly versions: readonly SecretVersion[];
}

export const currentStage = 'AWSCURRENT';
export const previousStage = 'AWSPREVIOUS';

/**
 * Secrets with versions and staging labels.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
export class Secrets {
  readonly #account: Account;
  readonly #byName = new Map<string, Secret>();

  constructor(account: Account) {
    this.#account = account;
  }

  /**
   * The ARN of a secret of this name, whether it exists or not: Secrets Manager ends it in six characters,
   * here taken from the name's hash.
   */
  arnOf(name: string): string {
    const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
    return `arn:aws:secretsmanager:${this.#account.region}:${this.#account.id}:secret:${name}-${suffix}`;
  }

  /** Creates a secret that has no value yet, unless it exists. */
  create(name: string, nowMs: number): Secret {
    const existing = this.#byName.get(name);
    const secret = existing ?? { name, arn: this.arnOf(name), createdAtMs: nowMs, versions: [] };
    this.#byName.set(name, secret);
    return secret;
  }

  /** By name, ARN, or ARN without its last six characters. */
  find(id: string): Secret | undefined {
    return (
      this.#byName.get(id) ??
      [...this.#byName.values()].find(({ arn }) => arn === id || arn.replace(/-[0-9a-f]{6}$/, '') === id)
    );
  }

  /** Throws ResourceNotFoundException. */
  get(id: string): Secret {
    const secret = this.find(id);
    if (secret === undefined) throw notFound(`Secrets Manager can't find the specified secret: ${id}.`);
    return secret;
  }

  /**
   * Adds a version and moves the labels `stages` to it; when AWSCURRENT moves, the version that had it
   * becomes AWSPREVIOUS. The same version again changes nothing. Throws ResourceExistsException for another
   * value under the same version id.
   */
  put(
    id: string,
    version: {
      readonly id: string;
      readonly value: SecretValue;
      readonly stages: readonly string[];
      readonly nowMs: number;
    },
  ): SecretVersion {
    const secret = this.get(id);
    const existing = secret.versions.find((candidate) => candidate.id === version.id);
    if (existing !== undefined) {
      if (!sameValue(existing.value, version.value))
        throw new ServiceError(
          'ResourceExistsException',
          `A version ${version.id} of secret ${secret.name} exists with another value. A version cannot be changed: use a new ClientRequestToken.`,
        );
      return existing;
    }
    const moved = new Set(version.stages);
    const added: SecretVersion = {
      id: version.id,
      value: version.value,
      createdAtMs: version.nowMs,
      stages: moved,
    };
    const kept = secret.versions.map((other) => {
      const stages = new Set([...other.stages].filter((stage) => !moved.has(stage)));
      if (moved.has(currentStage)) {
        stages.delete(previousStage);
        if (other.stages.has(currentStage)) stages.add(previousStage);
      }
      return { ...other, stages };
    });
    this.#byName.set(secret.name, { ...secret, versions: [...kept, added] });
    return added;
  }

  /** Throws ResourceNotFoundException when no version has this id and this label. */
  version(
    secret: Secret,
    wanted: { readonly id?: string | undefined; readonly stage?: string | undefined },
  ): SecretVersion {
    const stage = wanted.stage ?? (wanted.id === undefined ? currentStage : undefined);
    const version = secret.versions.find(
      (candidate) =>
        (wanted.id === undefined || candidate.id === wanted.id) &&
        (stage === undefined || candidate.stages.has(stage)),
    );
    if (version === undefined) {
      const what = [
        wanted.id === undefined ? '' : ` for version id: ${wanted.id}`,
        stage === undefined ? '' : ` for staging label: ${stage}`,
      ].join('');
      throw notFound(`Secrets Manager can't find the specified secret value${what} (secret ${secret.name}).`);
    }
    return version;
  }
}

const notFound = (message: string): ServiceError => new ServiceError('ResourceNotFoundException', message);

const sameValue = (a: SecretValue, b: SecretValue): boolean =>
  a.kind === 'text' ? b.kind === 'text' && a.text === b.text : b.kind === 'bytes' && a.bytes.equals(b.bytes);
