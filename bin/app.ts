/** The CDK app that `cdk synth` and `cdk deploy` run. */
import { ConfigurationError } from '../config/check.ts';
import { loadConfiguration } from '../config/load.ts';
import { bundleFunctions, defaultFunctionsDirectory } from '../lib/bundle.ts';

const synthesiseForDeployment = async () => {
  const loaded = loadConfiguration();
  // Loading the library takes longer than bundling; both at once.
  const [{ createApp }] = await Promise.all([
    import('../lib/app.ts'),
    bundleFunctions({ configuration: loaded.configuration, outDir: defaultFunctionsDirectory }),
  ]);
  createApp({ ...loaded, functionsDir: defaultFunctionsDirectory, mode: 'deploy' }).app.synth();
};

try {
  await synthesiseForDeployment();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // What is wrong is in the file, not in the program: no stack trace.
  console.error(error.message);
  process.exitCode = 1;
}
