/**
 * Callers that call again as soon as they get an answer, each on its own connection. The load generator only
 * writes prepared requests and finds the end of each answer, because on a machine with few cores it takes CPU
 * time from what it measures. It measures overhead in microseconds; autocannon counts whole milliseconds.
 */
import { connect, type Socket } from 'node:net';
import { becomePart } from './part.ts';

export interface LoadQuestion {
  readonly url: string;
  readonly path: string;
  /** Headers of each user; a connection takes users in turn, and no two connections have the same ones. */
  readonly users: readonly Readonly<Record<string, string>>[];
  readonly connections: number;
  /** All together. */
  readonly calls: number;
}

export interface LoadAnswer {
  /** Answered with 2xx. */
  readonly calls: number;
  /** Anything else. */
  readonly errors: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const headerEnd = Buffer.from('\r\n\r\n');

/** The status once the whole answer is there. */
const finished = (answer: Buffer): number | undefined => {
  const end = answer.indexOf(headerEnd);
  if (end < 0) return undefined;
  const head = answer.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return answer.length >= end + 4 + Number(length) ? status : undefined;
  const chunked = /\r\ntransfer-encoding: *chunked/i.test(head);
  return !chunked || answer.subarray(-5).toString('latin1') === '0\r\n\r\n' ? status : undefined;
};

const requestOf = ({ url, path }: LoadQuestion, headers: Readonly<Record<string, string>>): Buffer =>
  Buffer.from(
    [
      `GET ${path} HTTP/1.1`,
      `host: ${new URL(url).host}`,
      'accept: application/json',
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '\r\n',
    ].join('\r\n'),
  );

const load = async (question: LoadQuestion): Promise<LoadAnswer> => {
  const { url, connections, users } = question;
  const { hostname, port } = new URL(url);
  const requests = users.map((headers) => requestOf(question, headers));
  const latencies: number[] = [];
  let errors = 0;
  let asked = 0;
  const startedAt = performance.now();

  const caller = (index: number) =>
    new Promise<void>((resolve, reject) => {
      let turn = index;
      let chunks: Buffer[] = [];
      let sentAt = 0;
      const socket: Socket = connect(Number(port), hostname);
      socket.setNoDelay(true);
      const send = () => {
        if (asked >= question.calls) {
          socket.destroy();
          resolve();
          return;
        }
        asked += 1;
        const request = requests[turn % requests.length];
        turn += connections;
        chunks = [];
        sentAt = performance.now();
        if (request !== undefined) socket.write(request);
      };
      socket.on('connect', send);
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        const status = finished(chunks.length === 1 ? chunk : Buffer.concat(chunks));
        if (status === undefined) return;
        if (status >= 200 && status < 300) latencies.push(performance.now() - sentAt);
        else errors += 1;
        send();
      });
      socket.on('error', reject);
      socket.on('end', () => reject(new Error('The connection was closed by the other side.')));
    });

  await Promise.all(Array.from({ length: connections }, (_, index) => caller(index)));
  const seconds = (performance.now() - startedAt) / 1_000;
  const sorted = Float64Array.from(latencies).sort();
  const percentile = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { calls: latencies.length, errors, seconds, p50: percentile(0.5), p99: percentile(0.99) };
};

becomePart('', (question) => load(question as LoadQuestion));
