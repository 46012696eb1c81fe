/** Microsoft Teams as a local channel. The parameters are those that exported flows give the operations. */
import { isObject, type ValueObject } from '../../expressions/values.ts';
import type { OperationDescription, OperationParameter } from './hosted-connector.ts';
import { flattened, type Inbox, inbox } from './inbox.ts';

const posters = ['Flow bot', 'User', 'Power Virtual Agents'] as const;
const locations = ['Channel', 'Chat with Flow bot', 'Group chat'] as const;

/** A channel takes a team and a channel, a person an address list. */
const recipientCheck =
  (prefix: string) =>
  (given: ValueObject): readonly string[] => {
    const whole = given[`${prefix}/recipient`];
    const has = (name: string) =>
      given[`${prefix}/recipient/${name}`] !== undefined ||
      (whole !== undefined && isObject(whole) && whole[name] !== undefined);
    if (given[prefix] !== undefined) return [];
    switch (given.location) {
      case 'Channel':
        return ['groupId', 'channelId']
          .filter((name) => !has(name))
          .map((name) => `A message to a channel needs '${prefix}/recipient/${name}'.`);
      case 'Chat with Flow bot':
        return whole === undefined && !has('to')
          ? [`A message to a person needs '${prefix}/recipient', a list of addresses.`]
          : [];
      case 'Group chat':
        return whole === undefined && !has('id')
          ? [`A message to a group chat needs '${prefix}/recipient'.`]
          : [];
      default:
        return [];
    }
  };

const posting = (
  operationId: string,
  body: string,
  own: readonly OperationParameter[],
): OperationDescription => ({
  operationId,
  isTrigger: false,
  parameters: [
    { name: 'poster', required: true, type: 'string', values: posters },
    { name: 'location', required: true, type: 'string', values: locations },
    { name: `${body}/recipient`, required: false },
    { name: `${body}/recipient/groupId`, required: false, type: 'string' },
    { name: `${body}/recipient/channelId`, required: false, type: 'string' },
    { name: `${body}/recipient/to`, required: false, type: 'string' },
    { name: `${body}/recipient/id`, required: false, type: 'string' },
    ...own,
  ],
  check: recipientCheck(body),
});

const messageBody: OperationParameter = { name: 'body/messageBody', required: true, type: 'string' };

const operations: readonly OperationDescription[] = [
  posting('PostMessageToConversation', 'body', [
    messageBody,
    { name: 'body/isAlert', required: false, type: 'boolean' },
  ]),
  posting('PostCardToConversation', 'body', [messageBody]),
  posting('ReplyWithMessageToConversation', 'body', [
    { name: 'body/parentMessageId', required: true, type: 'string' },
    messageBody,
  ]),
  posting('PostCardAndWaitForResponse', 'body/body', [
    { name: 'body/body/messageBody', required: true, type: 'string' },
    { name: 'body/body/updateMessage', required: false, type: 'string' },
  ]),
];

const paths: readonly (readonly [RegExp, string])[] = [
  [/^\/beta\/teams\/conversation\/message\/poster\/([^/]+)\/location\/([^/]+)$/, 'PostMessageToConversation'],
  [
    /^\/v1\.0\/teams\/conversation\/adaptivecard\/poster\/([^/]+)\/location\/([^/]+)$/,
    'PostCardToConversation',
  ],
  [
    /^\/v1\.0\/teams\/conversation\/replyWithMessage\/poster\/([^/]+)\/location\/([^/]+)$/,
    'ReplyWithMessageToConversation',
  ],
];

export const teamsApi = 'shared_teams';

export const teamsInbox = (): Inbox =>
  inbox({
    title: 'Microsoft Teams',
    apiName: teamsApi,
    operations,
    byPath: ({ method, path, body }) => {
      if (method.toLowerCase() !== 'post') return undefined;
      for (const [pattern, operationId] of paths) {
        const match = pattern.exec(path);
        if (match === null) continue;
        const operation = operations.find((known) => known.operationId === operationId);
        const [, poster = '', location = ''] = match;
        return {
          by: 'operation',
          operationId,
          parameters: {
            poster: decodeURIComponent(poster),
            location: decodeURIComponent(location),
            ...flattened(body, 'body', operation),
          },
        };
      }
      return undefined;
    },
    accepted: (_operationId, count) => ({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: { id: `message-${count}`, messageId: `message-${count}` },
    }),
  });
