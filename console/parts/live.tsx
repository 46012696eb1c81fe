import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api.ts';
import { useShared } from './context.ts';

/** Pages ask this often while they are visible, ms. */
export const pollEveryMs = 5_000;

export interface Live<Value> {
  readonly value: Value | undefined;
  readonly error: Error | undefined;
  /** Epoch ms of the last answer. */
  readonly at: number | undefined;
  /** Asks at once. */
  readonly reload: () => void;
}

/**
 * Loads a value, and again every few seconds while the page is visible. An error keeps the last value.
 * @param load what is loaded; answers that have not changed are the same object, and then nothing is rendered
 * @param key begins anew when it changes
 */
export const useLive = <Value,>(load: () => Promise<Value>, key: string): Live<Value> => {
  const [state, setState] = useState<Omit<Live<Value>, 'reload'>>({
    value: undefined,
    error: undefined,
    at: undefined,
  });
  const newest = useRef(load);
  newest.current = load;
  const again = useRef<() => void>(() => undefined);

  useEffect(() => {
    let timer: number | undefined;
    let stopped = false;
    let asking = false;
    setState({ value: undefined, error: undefined, at: undefined });
    const ask = async () => {
      window.clearTimeout(timer);
      if (stopped || asking) return;
      asking = true;
      let waitMs = pollEveryMs;
      try {
        const value = await newest.current();
        if (!stopped) setState({ value, error: undefined, at: Date.now() });
      } catch (caught) {
        const error = caught instanceof Error ? caught : new Error(String(caught));
        if (error instanceof ApiError) waitMs = Math.max(waitMs, (error.retryAfterSeconds ?? 0) * 1000);
        if (!stopped) setState((before) => ({ ...before, error }));
      }
      asking = false;
      if (!stopped && document.visibilityState === 'visible') timer = window.setTimeout(ask, waitMs);
    };
    const seen = () => {
      if (document.visibilityState === 'visible') void ask();
    };
    again.current = () => void ask();
    document.addEventListener('visibilitychange', seen);
    void ask();
    return () => {
      stopped = true;
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [key]);

  return { ...state, reload: () => again.current() };
};

export const Problem = ({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) => {
  const { texts } = useShared();
  return (
    <div class="problem" role="alert">
      <strong>{texts.failed}</strong>
      <p>{error instanceof ApiError ? error.message : texts.unreachable}</p>
      {onRetry && (
        <button type="button" onClick={onRetry}>
          {texts.tryAgain}
        </button>
      )}
    </div>
  );
};

/** The value once it is there; before it a sign of loading, and beside it what went wrong since. */
export const Loaded = <Value,>({
  live,
  children,
}: {
  readonly live: Live<Value>;
  readonly children: (value: Value) => ComponentChildren;
}) => {
  const { texts, formats } = useShared();
  return (
    <>
      {live.error && <Problem error={live.error} onRetry={live.reload} />}
      {live.value === undefined && !live.error && <p class="quiet">{texts.loading}</p>}
      {live.value !== undefined && children(live.value)}
      {live.at !== undefined && <p class="quiet stamp">{texts.updatedAt(formats.clock(live.at))}</p>}
    </>
  );
};
