import type { Configuration } from '../config/schema.ts';
import { cleanUp } from './clean-up.ts';
import type { LocalClock } from './clock.ts';
import { type ConnectedParts, type Outside, startConnectedParts } from './connected-parts.ts';
import type { RealInstance } from './real-instance.ts';
import { type Synthesised, synthesiseTemporarily } from './synthesised.ts';
import type { LogLine } from './template/functions.ts';

/** The system on this machine, connected to a real instance: neither simulator nor issuer. */
export interface ConnectedSystem extends ConnectedParts {
  readonly configuration: Configuration;
  readonly outside: Outside;
  /** Ends every server, worker and process. */
  close(): Promise<void>;
}

/** @throws what any of the parts throws; everything that was started is then ended */
export async function startConnectedSystem(options: {
  readonly clock: LocalClock;
  readonly real: RealInstance;
  readonly ports?: { readonly api: number; readonly flowHost: number };
  /** The template of this configuration; by default it is synthesised. */
  readonly synthesised?: Synthesised;
  /** The folder for it; a temporary folder by default. */
  readonly directory?: string;
  readonly log?: (line: LogLine) => void;
}): Promise<ConnectedSystem> {
  const { configuration, outside } = options.real;
  const ending = cleanUp();
  try {
    const synthesised =
      options.synthesised ?? (await synthesiseTemporarily(configuration, ending, options.directory));
    const parts = await startConnectedParts(
      {
        clock: options.clock,
        configuration,
        synthesised,
        outside,
        ports: options.ports ?? { api: 0, flowHost: 0 },
        log: options.log,
      },
      ending,
    );
    return { configuration, outside, ...parts, close: ending.run };
  } catch (error) {
    await ending.run();
    throw error;
  }
}
