import { consolePrefix, readOfConsole } from './console-operation.ts';
import { operation } from './operation.ts';
import { instanceProperties } from './operations/list-instances.ts';
import { choice, dateTime, integer, list, nullable, record, text } from './schema.ts';

export const consoleListInstanceStates = operation({
  ...readOfConsole,
  operationId: 'ConsoleListInstanceStates',
  path: `${consolePrefix}/instances`,
  summary: 'List the state of instances',
  description:
    'Returns for each instance when it is polled and what prevents it. A person sees the instances of their own triggers.',
  response: {
    status: 200,
    description: 'The instances',
    schema: record(
      {
        value: list(
          record(
            {
              ...instanceProperties,
              lookedAt: nullable(
                dateTime({
                  summary: 'Looked At',
                  description: 'Last look at everything; UTC, null before the first.',
                }),
              ),
              dueAt: nullable(
                dateTime({
                  summary: 'Due At',
                  description: 'When the next look is due; UTC, null where none is planned.',
                }),
              ),
              lagSeconds: integer({
                summary: 'Lag Seconds',
                description: 'By how much the next look is late, seconds; 0 when it is not.',
              }),
              failures: integer({
                summary: 'Failures',
                description: 'Looks in a row that Customer Insights did not answer.',
              }),
              pausedAt: nullable(
                dateTime({
                  summary: 'Paused At',
                  description:
                    'Since when an operator keeps it from being polled; UTC, null when it is polled.',
                }),
              ),
              pausedUntil: nullable(
                dateTime({
                  summary: 'Paused Until',
                  description: 'Until when Customer Insights wants no calls; UTC, null when it takes them.',
                }),
              ),
              runningJobs: integer({
                summary: 'Running Jobs',
                description: 'Jobs that had not ended at the last look.',
              }),
              notes: list(
                record(
                  {
                    at: dateTime({ summary: 'At', description: 'When it was; UTC.' }),
                    kind: choice(
                      { gap: 'Gap', 'source failed': 'Stopped to answer', 'source back': 'Answers again' },
                      { summary: 'Kind', description: 'What happened.' },
                    ),
                    from: nullable(
                      dateTime({ summary: 'From', description: 'Of a gap, its beginning; UTC.' }),
                    ),
                    reason: nullable(text({ summary: 'Reason', description: 'Why, where it is known.' })),
                  },
                  { definition: 'InstanceNote' },
                ),
                {
                  summary: 'Notes',
                  description: 'Gaps and failures of the last 30 days, newest first; at most 10.',
                },
              ),
            },
            { definition: 'InstanceState' },
          ),
          {
            summary: 'Instances',
            description: 'The instances, by name; of more than 200 those that fail or wait most.',
          },
        ),
        others: integer({ summary: 'Others', description: 'How many are not in the list.' }),
      },
      { definition: 'InstanceStates' },
    ),
  },
});

export const consoleListLimits = operation({
  ...readOfConsole,
  operationId: 'ConsoleListLimits',
  path: `${consolePrefix}/limits`,
  summary: 'List the limits of the person',
  description:
    'Tells how many calls the person has made of those that a window allows, for each of the budgets.',
  response: {
    status: 200,
    description: 'The budgets',
    schema: record(
      {
        value: list(
          record(
            {
              counted: choice(
                {
                  calls: 'Calls of a connection of the connector',
                  registrations: 'Registrations of triggers',
                  console: 'Calls of the console',
                },
                { summary: 'Counted', description: 'What the budget counts.' },
              ),
              limit: integer({ summary: 'Limit', description: 'How many any window allows.' }),
              windowSeconds: integer({
                summary: 'Window Seconds',
                description: 'Length of the window, seconds.',
              }),
              used: integer({ summary: 'Used', description: 'How many are in the window that ends now.' }),
              refusedUntil: nullable(
                dateTime({
                  summary: 'Refused Until',
                  description:
                    'When the next one is admitted again; UTC, null when one would be admitted now.',
                }),
              ),
            },
            { definition: 'Budget' },
          ),
          { summary: 'Budgets', description: 'One for each thing that is counted.' },
        ),
      },
      { definition: 'Budgets' },
    ),
  },
});
