import type { Command } from './command.ts';

export const app: Command = {
  name: 'app',
  summary: 'The CDK app, for "app" in cdk.json: cdk synth and cdk deploy run it',
  options: [],
  run: async (_, { complain }) => {
    const { loadConfiguration, noConfiguration } = await import('../../config/load.ts');
    const { doubtful } = await import('../../config/plausible.ts');
    const { ConfigurationError } = await import('../../config/check.ts');
    const { judgeDeployedStack, moveContext } = await import('../../lib/deployed-stack.ts');
    const { bundleInClone } = await import('../../lib/function-code.ts');
    const loaded = loadConfiguration();
    if (loaded.isExample) complain(noConfiguration());
    else for (const warning of doubtful(loaded.configuration)) complain(`${loaded.source}: ${warning}`);
    // Loading the library takes longer than bundling or the request to AWS, so all three run at once.
    const [judgementOf, functionsDir, { createApp }] = await Promise.all([
      judgeDeployedStack(loaded, process.env),
      bundleInClone(loaded.configuration),
      import('../../lib/app.ts'),
    ]);
    const { app } = createApp({
      ...loaded,
      ...(functionsDir !== undefined && { functionsDir }),
      mode: 'deploy',
    });
    const { refusal, note } = judgementOf(app.node.tryGetContext(moveContext));
    if (refusal !== undefined) throw new ConfigurationError(loaded.source, [refusal]);
    if (note !== undefined) complain(note);
    app.synth();
    return 0;
  },
};
