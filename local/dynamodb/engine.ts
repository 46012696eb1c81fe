/** The embedded engines, best first. */
export const engineNames = ['dynoxide', 'dynalite'] as const;

export type EngineName = (typeof engineNames)[number];

/** An engine that runs. */
export interface RunningEngine {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Ends the engine and its data. */
  close(): Promise<void>;
}
