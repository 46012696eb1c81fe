import { consoleOperations } from './console.ts';
import { operations } from './index.ts';

/**
 * Everything that the API serves: the operations of the connector, and those of the console, which makers never see. A
 * module of its own, because bundles take the route keys from index.ts and not the operations.
 */
export const servedOperations = [...operations, ...consoleOperations] as const;
