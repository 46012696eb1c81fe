import { operatorRole } from '../../config/console.ts';
import type { CallContext } from './implementations.ts';

/** Whether the caller sees and changes what others own. */
export const isOperator = ({ caller }: Pick<CallContext, 'caller'>): boolean =>
  caller.roles?.includes(operatorRole) ?? false;

/** Who acts, as the audit names them. */
export const actorOf = (context: Pick<CallContext, 'caller'>): string =>
  isOperator(context) ? `operator ${context.caller.objectId}` : 'owner';
