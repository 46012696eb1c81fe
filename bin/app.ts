/** The CDK app that `cdk synth` and `cdk deploy` run. */
import { ConfigurationError } from '../config/check.ts';
import { loadConfiguration } from '../config/load.ts';
import { bundleFunctions, defaultFunctionsDirectory } from '../lib/bundle.ts';
import { judgeDeployedStack, moveContext } from '../lib/deployed-stack.ts';

const synthesiseForDeployment = async () => {
  const loaded = loadConfiguration();
  // Loading the library takes longer than bundling and than asking AWS; all at once.
  const [judgementOf, { createApp }] = await Promise.all([
    judgeDeployedStack(loaded, process.env),
    import('../lib/app.ts'),
    bundleFunctions({ configuration: loaded.configuration, outDir: defaultFunctionsDirectory }),
  ]);
  const { app } = createApp({ ...loaded, functionsDir: defaultFunctionsDirectory, mode: 'deploy' });
  const { refusal, note } = judgementOf(app.node.tryGetContext(moveContext));
  if (refusal !== undefined) throw new ConfigurationError(loaded.source, [refusal]);
  if (note !== undefined) console.error(note);
  app.synth();
};

try {
  await synthesiseForDeployment();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // What is wrong is in the file, not in the program: no stack trace.
  console.error(error.message);
  process.exitCode = 1;
}
