/** The command line. */
import { runProcess } from './commands/run.ts';

// On Node.js 20 the SDK would print at each start which version it will require next year.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.exitCode = await runProcess();
