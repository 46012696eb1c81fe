import { startDynalite } from './dynalite.ts';
import { dynoxideBinary, startDynoxide } from './dynoxide.ts';
import type { EngineName } from './engine.ts';

/** An embedded engine, or the URL of any other that runs already (DynamoDB Local, for example). */
export type EngineChoice = EngineName | { readonly endpoint: string };

export interface LocalDynamoDb {
  /** `endpoint` for an engine that was running already. */
  readonly engine: EngineName | 'endpoint';
  /** For `AWS_ENDPOINT_URL_DYNAMODB`, without a slash at the end. */
  readonly url: string;
  /** Ends an embedded engine, and its data with it; does nothing to any other engine. */
  close(): Promise<void>;
}

export interface DynamoDbOptions {
  /** Default: the engine that the environment names, else dynoxide where it is installed, else dynalite. */
  readonly engine?: EngineChoice | undefined;
  /** A free port when absent. Has no meaning for an engine that runs already. */
  readonly port?: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const answerLimitMs = 5_000;

/** Rejects unless an engine answers. Any answer is sufficient, because engines answer a plain GET differently. */
export const engineAnswers = async (endpoint: string, withinMs: number): Promise<void> => {
  const answer = await fetch(endpoint, { signal: AbortSignal.timeout(withinMs) });
  await answer.arrayBuffer();
};

/**
 * The engines that `startDynamoDb` can start or reach here, the default first: for tests that run on each of
 * them.
 */
export const availableEngines = (environment: Environment = process.env): readonly EngineChoice[] => {
  const endpoint = environment.DYNAMODB_ENDPOINT;
  return [
    ...(endpoint === undefined || endpoint === '' ? [] : [{ endpoint }]),
    ...(dynoxideBinary() === undefined ? [] : ['dynoxide' as const]),
    'dynalite',
  ];
};

/**
 * Starts a DynamoDB engine and waits until it answers. An embedded engine keeps its data in memory, does not
 * outlive this process, and takes any credentials. Rejects with what went wrong and what to do about it.
 */
export const startDynamoDb = async (
  options: DynamoDbOptions = {},
  environment: Environment = process.env,
): Promise<LocalDynamoDb> => {
  const engine = options.engine ?? availableEngines(environment)[0] ?? 'dynalite';
  if (typeof engine !== 'string') return reach(engine.endpoint);
  if (engine === 'dynalite') return { engine, ...(await startDynalite(options.port)) };
  const binary = dynoxideBinary();
  if (binary === undefined)
    throw new Error(
      'The DynamoDB engine dynoxide is not installed: its package @dynoxide/linux-x64 exists for Linux on x64 only. Use the engine dynalite, or set DYNAMODB_ENDPOINT to an engine that runs.',
    );
  return { engine, ...(await startDynoxide(binary, options.port)) };
};

const reach = async (endpoint: string): Promise<LocalDynamoDb> => {
  const advice = 'Start the engine there, or leave DYNAMODB_ENDPOINT unset to use an embedded one.';
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
    throw new Error(`DYNAMODB_ENDPOINT is not an http URL: "${endpoint}". An example: http://127.0.0.1:8000`);
  try {
    await engineAnswers(endpoint, answerLimitMs);
  } catch (error) {
    throw new Error(`No DynamoDB engine answers at ${endpoint}. ${advice}`, { cause: error });
  }
  return { engine: 'endpoint', url: endpoint.replace(/\/+$/, ''), close: async () => undefined };
};
