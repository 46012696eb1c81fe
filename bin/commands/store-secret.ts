import type { Command } from './command.ts';

export const storeSecret: Command = {
  name: 'store-secret',
  arguments: '<kind> <command...>',
  summary: 'Check a secret from standard input, then run the command that stores it',
  passThrough: true,
  options: [],
  examples: [
    "store-secret api aws secretsmanager put-secret-value --secret-id insights-connector/api --secret-string 'file://{file}'",
  ],
  run: async (_, __, [kind, command = '', ...given]) => {
    const { text } = await import('node:stream/consumers');
    const { readKind, secretValue } = await import('../operator/secret-value.ts');
    const { storeSecret: store } = await import('../operator/store-secret.ts');
    return store(secretValue(readKind(kind), await text(process.stdin)), command, given);
  },
};
