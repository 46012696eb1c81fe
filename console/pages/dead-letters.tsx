/** Dead letters, and sending them again. */
import { useState } from 'preact/hooks';
import type { Answer } from '../api.ts';
import { Dialog, Said, useActions } from '../parts/action.tsx';
import { useShared } from '../parts/context.ts';
import { AnswerOf, type Letter, Payload, Whose } from '../parts/delivery.tsx';
import { Loaded, useLive } from '../parts/live.tsx';
import { Pager, usePages } from '../parts/pages.tsx';
import { type Column, Table } from '../parts/table.tsx';

type Redriven = Answer<'ConsoleRedrive'>;

/** What is to be sent again: some letters, or all. */
interface Plan {
  readonly letterIds: readonly string[] | undefined;
  readonly counts: Redriven;
}

export const DeadLetters = () => {
  const { api, texts, formats } = useShared();
  const words = texts.deliveries;
  const pages = usePages();
  const { after } = pages;
  const found = useLive(
    () => api.call('ConsoleListDeadLetters', { query: { ...(after !== undefined && { after }) } }),
    `dead letters ${after ?? ''}`,
  );
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [plan, setPlan] = useState<Plan>();
  const actions = useActions();

  /** All calls of one redrive, together: the server does a part in each. */
  const redrive = async (
    letterIds: Plan['letterIds'],
    dryRun: boolean,
    until?: string,
  ): Promise<Redriven> => {
    let sum: Redriven | undefined;
    let sentBefore = until;
    let next: string | null = null;
    do {
      const part: Redriven = await api.call('ConsoleRedrive', {
        body: {
          dryRun,
          ...(letterIds && { letterIds: [...letterIds] }),
          ...(sentBefore !== undefined && { sentBefore }),
          ...(next !== null && { after: next }),
        },
      });
      const reasons = new Map((sum?.reasons ?? []).map(({ reason, count }) => [reason, count]));
      for (const { reason, count } of part.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
      sum = {
        ...part,
        sent: part.sent + (sum?.sent ?? 0),
        alreadyDelivered: part.alreadyDelivered + (sum?.alreadyDelivered ?? 0),
        kept: part.kept + (sum?.kept ?? 0),
        reasons: [...reasons].map(([reason, count]) => ({ reason, count })),
      };
      sentBefore = part.sentBefore;
      next = part.next;
    } while (next !== null);
    return sum;
  };
  const say = ({ sent, alreadyDelivered, kept }: Redriven, words: typeof texts.deliveries.willBe) =>
    words(formats.number(sent), formats.number(alreadyDelivered), formats.number(kept));
  const ask = (letterIds: Plan['letterIds']) =>
    actions.act(async () => {
      setPlan({ letterIds, counts: await redrive(letterIds, true) });
      return undefined;
    });
  const columns: readonly Column<Letter>[] = [
    {
      name: words.givenUp,
      cell: ({ letterId, sentAt }) => (
        <label>
          <input
            type="checkbox"
            checked={chosen.has(letterId)}
            onChange={({ currentTarget }) => {
              const next = new Set(chosen);
              if (currentTarget.checked) next.add(letterId);
              else next.delete(letterId);
              choose(next);
            }}
          />{' '}
          {formats.time(sentAt)}
        </label>
      ),
    },
    { name: words.flow, cell: (row) => <Whose row={row} /> },
    {
      name: words.event,
      cell: ({ occurredAt }) => (occurredAt === null ? texts.none : formats.time(occurredAt)),
    },
    { name: words.answer, cell: ({ lastAttempt }) => <AnswerOf attempt={lastAttempt} /> },
    {
      name: words.sentAgain,
      cell: ({ decision, reason }) => (
        <>
          <span class={`state ${decision === 'keep' ? 'bad' : 'good'}`}>{words.decisions[decision]}</span>{' '}
          {reason}
        </>
      ),
    },
    {
      name: words.payload,
      cell: ({ isOwn, letterId }) => (
        <Payload
          isOwn={isOwn}
          load={async () => (await api.call('ConsoleGetDeadLetterPayload', { path: { letterId } })).payload}
        />
      ),
    },
  ];
  return (
    <section aria-labelledby="dead">
      <h2 id="dead">{words.deadLetters}</h2>
      <p>{words.deadLettersText}</p>
      <Loaded live={found}>
        {({ value, next }) => {
          const shown = value.filter(({ letterId }) => chosen.has(letterId)).map(({ letterId }) => letterId);
          return value.length === 0 ? (
            <p>{words.noDeadLetters}</p>
          ) : (
            <>
              <Table
                caption={words.deadLetters}
                columns={columns}
                rows={value}
                keyOf={(row) => row.letterId}
              />
              <p>
                <button
                  type="button"
                  disabled={shown.length === 0}
                  aria-disabled={actions.busy}
                  onClick={() => ask(shown)}
                >
                  {words.sendChosen(formats.number(shown.length))}
                </button>{' '}
                <button type="button" aria-disabled={actions.busy} onClick={() => ask(undefined)}>
                  {words.sendAll}
                </button>
              </p>
              <Pager pages={pages} next={next} />
            </>
          );
        }}
      </Loaded>
      <Said actions={actions} />
      {plan && (
        <Dialog
          title={words.sendAgain}
          onClose={() => setPlan(undefined)}
          confirm={
            plan.counts.sent + plan.counts.alreadyDelivered === 0
              ? undefined
              : {
                  name: words.sendAgain,
                  run: () =>
                    void actions.act(async () => {
                      const done = await redrive(plan.letterIds, false, plan.counts.sentBefore);
                      choose(new Set());
                      found.reload();
                      return say(done, words.was);
                    }),
                }
          }
        >
          <p>{say(plan.counts, words.willBe)}</p>
          {plan.counts.reasons.length > 0 && (
            <ul>
              {plan.counts.reasons.map(({ reason, count }) => (
                <li key={reason}>{words.keptBecause(formats.number(count), reason)}</li>
              ))}
            </ul>
          )}
        </Dialog>
      )}
    </section>
  );
};
