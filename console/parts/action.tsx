/** What a person does on a page: what became of it, and what is asked before. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useShared } from './context.ts';
import { Problem } from './live.tsx';

export interface Actions {
  /** What the last action said. */
  readonly said: string;
  readonly problem: Error | undefined;
  /** Buttons say it with aria-disabled: a button that is disabled loses the focus. */
  readonly busy: boolean;
  /**
   * Does something; what it gives is said to the person, nothing when it gives nothing. Does nothing while the action
   * before is busy.
   */
  readonly act: (work: () => Promise<string | undefined>) => Promise<void>;
}

export const useActions = (): Actions => {
  const [said, say] = useState('');
  const [problem, setProblem] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  return {
    said,
    problem,
    busy,
    async act(work) {
      if (running.current) return;
      running.current = true;
      setProblem(undefined);
      say('');
      setBusy(true);
      try {
        say((await work()) ?? '');
      } catch (error) {
        setProblem(error instanceof Error ? error : new Error(String(error)));
      }
      running.current = false;
      setBusy(false);
    },
  };
};

/** What became of the last action. */
export const Said = ({ actions: { said, problem } }: { readonly actions: Actions }) => (
  <>
    <p role="status">{said}</p>
    {problem && <Problem error={problem} />}
  </>
);

export interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Of the button that does it; without one there is only the button that closes. */
  readonly confirm?: { readonly name: string; readonly run: () => void } | undefined;
  readonly onClose: () => void;
}

/** A modal dialog, as long as it is rendered. Escape closes it. */
export const Dialog = ({ title, children, confirm, onClose }: DialogProps) => {
  const { texts } = useShared();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-label={title} onClose={onClose}>
      <h2>{title}</h2>
      {children}
      <form method="dialog">
        {confirm && (
          <button type="submit" class="primary" onClick={confirm.run}>
            {confirm.name}
          </button>
        )}{' '}
        <button type="submit">{confirm ? texts.cancel : texts.close}</button>
      </form>
    </dialog>
  );
};
