/** Steps that undo what was started. */
export interface CleanUp {
  add(step: () => Promise<unknown>): void;
  /**
   * Undoes all steps in reverse order, when a later step fails and at the end.
   * @throws the first failure, after all were tried
   */
  run(): Promise<void>;
}

export const cleanUp = (): CleanUp => {
  const steps: (() => Promise<unknown>)[] = [];
  return {
    add: (step) => {
      steps.push(step);
    },
    run: async () => {
      const results = await Promise.allSettled(steps.reverse().map((step) => step()));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
};
