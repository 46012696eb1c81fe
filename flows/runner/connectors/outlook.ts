/** Office 365 Outlook as a local mailbox of what was sent. */
import type { ValueObject } from '../../expressions/values.ts';
import type { OperationDescription, OperationParameter } from './hosted-connector.ts';
import { flattened, type Inbox, inbox } from './inbox.ts';

const field = (
  name: string,
  required: boolean,
  type: OperationParameter['type'] = 'string',
): OperationParameter => ({
  name: `emailMessage/${name}`,
  required,
  type,
});

const message: readonly OperationParameter[] = [
  field('To', true),
  field('Subject', true),
  field('Body', true),
  field('From', false),
  field('Cc', false),
  field('Bcc', false),
  field('ReplyTo', false),
  field('Sensitivity', false),
  { ...field('Importance', false), values: ['Low', 'Normal', 'High'] },
  field('Attachments', false, 'array'),
];

const address = /^[^\s@;,<>]+@[^\s@;,<>]+$/;

/** Addresses are separated by semicolons. What an expression gives is checked when it is known. */
const addressCheck = (given: ValueObject): readonly string[] =>
  ['To', 'Cc', 'Bcc'].flatMap((name) => {
    const value = given[`emailMessage/${name}`];
    if (typeof value !== 'string' || value.includes('@{') || value.startsWith('@')) return [];
    return value
      .split(';')
      .map((one) => one.trim())
      .filter((one) => one !== '' && !address.test(one))
      .map((one) => `'${one}' in emailMessage/${name} is not an e-mail address.`);
  });

const operations: readonly OperationDescription[] = [
  { operationId: 'SendEmailV2', isTrigger: false, parameters: message, check: addressCheck },
  {
    operationId: 'SharedMailboxSendEmailV2',
    isTrigger: false,
    parameters: [field('MailboxAddress', true), ...message],
    check: addressCheck,
  },
];

const paths: Readonly<Record<string, string>> = {
  '/v2/Mail': 'SendEmailV2',
  '/v2/SharedMailbox/Mail': 'SharedMailboxSendEmailV2',
};

export const outlookApi = 'shared_office365';

export const outlookInbox = (): Inbox =>
  inbox({
    title: 'Office 365 Outlook',
    apiName: outlookApi,
    operations,
    byPath: ({ method, path, body }) => {
      const operationId = method.toLowerCase() === 'post' ? paths[path] : undefined;
      if (operationId === undefined) return undefined;
      const operation = operations.find((known) => known.operationId === operationId);
      return { by: 'operation', operationId, parameters: flattened(body, 'emailMessage', operation) };
    },
    accepted: () => ({ statusCode: 200, headers: {}, body: null }),
  });
