import type { Seams } from './simulated-deployment.ts';

export interface PlantedFault {
  readonly name: string;
  /** The rule that must be found violated. */
  readonly rule: string;
  readonly seams: Seams;
}
