/** Cells of the tables of deliveries and of dead letters. */
import { useState } from 'preact/hooks';
import type { Answer } from '../api.ts';
import { home } from '../page-settings.ts';
import { triggerName } from '../texts/languages.ts';
import { Dialog, Said, useActions } from './action.tsx';
import { useShared } from './context.ts';

export type Delivery = Answer<'ConsoleListRecentDeliveries'>['value'][number];
export type Letter = Answer<'ConsoleListDeadLetters'>['value'][number];

/** The subscription of a delivery. */
export const Whose = ({ row }: { readonly row: Delivery | Letter }) => {
  const { texts } = useShared();
  const name = row.flowName ?? (row.trigger === null ? texts.none : triggerName(texts, row.trigger));
  return row.subscriptionId === null ? (
    name
  ) : (
    <a href={`${home}/subscriptions/${row.subscriptionId}`}>{name}</a>
  );
};

export const AnswerOf = ({ attempt }: { readonly attempt: Letter['lastAttempt'] | undefined }) => {
  const { texts } = useShared();
  if (!attempt) return <>{texts.none}</>;
  return (
    <>
      {attempt.status ?? '–'} {attempt.meaning}
    </>
  );
};

/** Asks for the payload of a delivery and shows it; nothing for one of another person. */
export const Payload = ({
  isOwn,
  load,
}: {
  readonly isOwn: boolean;
  readonly load: () => Promise<string>;
}) => {
  const { texts } = useShared();
  const words = texts.deliveries;
  const [payload, setPayload] = useState<string>();
  const actions = useActions();
  if (!isOwn) return <span class="quiet">{words.ownerOnly}</span>;
  return (
    <>
      <button
        type="button"
        onClick={() =>
          actions.act(async () => {
            setPayload(JSON.stringify(JSON.parse(await load()), null, 2));
            return undefined;
          })
        }
      >
        {words.show}
      </button>
      {actions.problem && <Said actions={actions} />}
      {payload !== undefined && (
        <Dialog title={words.payload} onClose={() => setPayload(undefined)}>
          <pre>
            <code>{payload}</code>
          </pre>
        </Dialog>
      )}
    </>
  );
};
