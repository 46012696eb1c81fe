/**
 * Fetches a partition's file from its storage. Neither our token nor a subscription key is ever sent there.
 */
import { type Deadline, deadlineExceeded } from '../../runtime/deadline.ts';
import { ConnectorError } from '../../runtime/errors.ts';
import { causeCode, isConnectionReset } from '../../runtime/http-client.ts';
import type { PartitionPosition } from './handle.ts';

export interface PartitionFile {
  /** From the place's offset on. */
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly etag: string | undefined;
  readonly compressed: boolean;
}

const retrieveAgain = 'Retrieve the partitions again and start over.';

const changed = (): ConnectorError<'PartitionChanged'> =>
  new ConnectorError(
    'PartitionChanged',
    `The partition has changed since its reading began. ${retrieveAgain}`,
  );

const refused = (status: number): ConnectorError => {
  if (status === 404 || status === 410 || status === 412) return changed();
  if (status === 400 || status === 401 || status === 403)
    return new ConnectorError(
      'PartitionHandleInvalid',
      `The storage that contains the partition no longer gives access to it. ${retrieveAgain}`,
    );
  if (status === 429 || status === 503)
    return new ConnectorError(
      'UpstreamUnavailable',
      'The storage that contains the partition is not available at the moment. Try again later.',
      { retryAfterSeconds: 5 },
    );
  return new ConnectorError(
    'UpstreamFailed',
    `The storage that contains the partition answered with status ${status}. Try again later.`,
  );
};

/** The first byte of a 206, from `Content-Range: bytes 100-199/200`. */
const firstByte = (response: Response): number =>
  Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);

async function* without(bytes: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of bytes) {
    if (left >= chunk.byteLength) left -= chunk.byteLength;
    else {
      yield left > 0 ? chunk.subarray(left) : chunk;
      left = 0;
    }
  }
}

/** Reports a connection that ends in the middle of the file as one of our errors. */
async function* withReadErrors(
  body: AsyncIterable<Uint8Array>,
  deadline: Deadline,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw unreachable(error, deadline);
  }
}

const unreachable = (error: unknown, deadline: Deadline): ConnectorError => {
  if (deadline.signal.aborted) return deadlineExceeded();
  return new ConnectorError(
    'UpstreamUnreachable',
    `The storage that contains the partition could not be read (${causeCode(error) ?? 'no connection'}). Try again later.`,
    // The error's own message may name the address, which is a credential.
    { cause: new Error(causeCode(error) ?? 'fetch failed') },
  );
};

/**
 * The file from the place's offset on. A range is asked for only behind the beginning; a server that does not
 * know ranges gives the whole file, whose beginning is then let go.
 * @throws ConnectorError PartitionChanged, PartitionHandleInvalid, DeadlineExceeded, or one whose code begins
 * with Upstream
 */
export const openPartitionFile = async (
  position: PartitionPosition,
  deadline: Deadline,
  fetch: typeof globalThis.fetch,
): Promise<PartitionFile> => {
  const ranged = position.offset > 0 && !position.compressed;
  const request = () =>
    fetch(position.uri, {
      headers: { ...position.headers, ...(ranged && { Range: `bytes=${position.offset}-` }) },
      redirect: 'manual',
      signal: deadline.signal,
    });
  const response = await request()
    .catch((error: unknown) => {
      if (!isConnectionReset(error) || deadline.signal.aborted) throw error;
      return request();
    })
    .catch((error: unknown) => {
      throw unreachable(error, deadline);
    });

  const etag = response.headers.get('etag') ?? undefined;
  const encoding = response.headers.get('content-encoding');
  const compressed = encoding !== null && encoding.toLowerCase() !== 'identity';
  const wrongPart = response.status === 206 && (firstByte(response) !== position.offset || compressed);
  const other = position.etag !== undefined && etag !== undefined && etag !== position.etag;
  if ((response.status !== 200 && response.status !== 206) || wrongPart || other) {
    await response.body?.cancel();
    throw other || wrongPart || response.status === 416 ? changed() : refused(response.status);
  }
  const body = withReadErrors(
    (response.body ?? new Blob([]).stream()) as AsyncIterable<Uint8Array>,
    deadline,
  );
  const bytes = response.status === 206 ? body : without(body, position.offset);
  return { bytes, etag, compressed };
};
