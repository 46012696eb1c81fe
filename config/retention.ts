/**
 * How long a message is kept, days. A dead letter keeps its age, so its queue keeps it longer: operators have time to
 * act.
 */
export const messageRetentionDays = { queue: 4, deadLetters: 14 } as const;

/** Point-in-time recovery of the state table, days: what DynamoDB keeps unless it is told otherwise. */
export const recoveryDays = 35;
