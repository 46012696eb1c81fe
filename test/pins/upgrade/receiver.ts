/** Where flows of the story are called back: each answers as it is told, and accepts otherwise. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly retryAfterSeconds?: number;
  /** `error.code` of the body. */
  readonly errorCode?: string;
}

export interface ReceivedCallback {
  readonly flow: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Receiver {
  /** `127.0.0.1:<port>`. */
  readonly authority: string;
  readonly callbacks: readonly ReceivedCallback[];
  /** The address that a flow registers. */
  callbackUrl(flow: string): string;
  /** One answer for each of the next callbacks; then it accepts again. */
  answerWith(flow: string, answers: readonly Answer[]): void;
  /**
   * Lets the next callback of the flow wait for its answer.
   * @returns when it has come: a function that cuts the connection without an answer
   */
  holdNext(flow: string): Promise<() => void>;
  close(): Promise<void>;
}

const accepted: Answer = { status: 202 };

export const startReceiver = async (): Promise<Receiver> => {
  const callbacks: ReceivedCallback[] = [];
  const answers = new Map<string, Answer[]>();
  const holding = new Map<string, (cut: () => void) => void>();

  const reply = (response: ServerResponse, { status, retryAfterSeconds, errorCode }: Answer) => {
    response.writeHead(status, {
      'Content-Type': 'application/json',
      ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
    });
    response.end(
      errorCode === undefined ? '' : JSON.stringify({ error: { code: errorCode, message: 'No.' } }),
    );
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const flow = decodeURIComponent(/^\/workflows\/([^/]+)\//.exec(request.url ?? '')?.[1] ?? '');
      const hold = holding.get(flow);
      if (hold) {
        holding.delete(flow);
        hold(() => response.destroy());
        return;
      }
      const answer = answers.get(flow)?.shift() ?? accepted;
      callbacks.push({
        flow,
        status: answer.status,
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        ),
        payload: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>,
      });
      reply(response, answer);
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    authority,
    callbacks,
    callbackUrl: (flow) =>
      `http://${authority}/workflows/${encodeURIComponent(flow)}/triggers/pinned/paths/invoke?api-version=2016-06-01&sig=signature-of-${encodeURIComponent(flow)}`,
    answerWith: (flow, list) => void answers.set(flow, [...list]),
    holdNext: (flow) => new Promise((resolve) => holding.set(flow, resolve)),
    close: () =>
      new Promise((closed, failed) => {
        server.close((error) => (error ? failed(error) : closed()));
        server.closeAllConnections();
      }),
  };
};
