/** What a server can do to a client short of answering well. Each gets the socket after the request's head. */
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export type Behave = (socket: Socket) => void;

/** What the compressed answer becomes: more than any client here reads. */
const bombBytes = 32 * 1024 * 1024;
const bomb = gzipSync(`["${' '.repeat(bombBytes)}"]`);

const head = (status: string, ...headers: readonly string[]): string =>
  `HTTP/1.1 ${[status, ...headers].join('\r\n')}\r\n\r\n`;

const json = 'Content-Type: application/json';

/** Writes again and again until the socket is closed by the other side. */
const keepWriting = (socket: Socket, text: string, everyMs: number): void => {
  const writing = setInterval(() => socket.write(text), everyMs);
  socket.on('close', () => clearInterval(writing));
};

const flood = (socket: Socket, block: string): void => {
  const write = () => {
    while (!socket.destroyed && socket.write(block));
    socket.once('drain', write);
  };
  write();
};

export const behaviours = {
  '101, connection kept': (socket) => {
    socket.write(head('101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket'));
  },
  '101, connection closed': (socket) => {
    socket.end(head('101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket'));
  },
  'no answer, connection kept': () => undefined,
  'half-open: its side is closed, ours is not': (socket) => socket.end(),
  'the connection is reset': (socket) => socket.resetAndDestroy(),
  'informational answers for ever': (socket) => keepWriting(socket, head('103 Early Hints', 'Link: </a>'), 5),
  'a head byte by byte': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nX-A: ');
    keepWriting(socket, 'a', 5);
  },
  'a head without end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    flood(socket, `X-A: ${'a'.repeat(1000)}\r\n`);
  },
  'a body byte by byte': (socket) => {
    socket.write(head('200 OK', json, 'Transfer-Encoding: chunked'));
    keepWriting(socket, '1\r\n \r\n', 5);
  },
  'a body without end': (socket) => {
    socket.write(head('200 OK', json, 'Transfer-Encoding: chunked'));
    flood(socket, `4000\r\n${' '.repeat(0x4000)}\r\n`);
  },
  'reset in mid-body': (socket) => {
    socket.write(`${head('200 OK', json, 'Content-Length: 100')}{"value":`, () =>
      setImmediate(() => socket.resetAndDestroy()),
    );
  },
  'an error, reset in mid-body': (socket) => {
    socket.write(`${head('503 Busy', json, 'Content-Length: 100')}{"error":`, () =>
      setImmediate(() => socket.resetAndDestroy()),
    );
  },
  'closed in mid-body': (socket) => {
    socket.end(`${head('200 OK', json, 'Content-Length: 100')}{"value":`);
  },
  'no final chunk, connection closed': (socket) => {
    socket.end(`${head('200 OK', json, 'Transfer-Encoding: chunked')}2\r\n[]\r\n`);
  },
  'no final chunk, connection kept': (socket) => {
    socket.write(`${head('200 OK', json, 'Transfer-Encoding: chunked')}2\r\n[]\r\n`);
  },
  'a length that is too long': (socket) => {
    socket.write(`${head('200 OK', json, 'Content-Length: 100')}[]`);
  },
  'a length that is too short': (socket) => {
    socket.write(`${head('200 OK', json, 'Content-Length: 1')}[]`);
  },
  'two different lengths': (socket) => {
    socket.write(`${head('200 OK', json, 'Content-Length: 1', 'Content-Length: 2')}[]`);
  },
  'a chunk of a size that is not a number': (socket) => {
    socket.write(`${head('200 OK', json, 'Transfer-Encoding: chunked')}zz\r\n[]\r\n`);
  },
  'a compressed bomb': (socket) => {
    socket.write(head('200 OK', json, 'Content-Encoding: gzip', `Content-Length: ${bomb.length}`));
    socket.write(bomb);
  },
  'a broken compression': (socket) => {
    socket.write(`${head('200 OK', json, 'Content-Encoding: gzip', 'Content-Length: 2')}[]`);
  },
  'no content': (socket) => {
    socket.write(head('204 No Content'));
  },
  'a redirect to itself': (socket) => {
    socket.write(head('307 Temporary Redirect', 'Location: /', 'Content-Length: 0'));
  },
  'another protocol': (socket) => {
    socket.end('220 mail.example.com ESMTP ready\r\n');
  },
} as const satisfies Readonly<Record<string, Behave>>;

export type Behaviour = keyof typeof behaviours;
